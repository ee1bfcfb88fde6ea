//! Changing the describing part of an offering.

use std::collections::HashSet;

use entity::{category, offering_audience, organization};
use model::{EventKind, FieldFault, OfferingDraft, OfferingId, OrganizationId, Schema, Values};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter,
};
use serde_json::{Value as Json, json};

use super::change::{Change, Note};
use super::{Catalogue, CatalogueError, facets, terms};
use crate::access::Actor;
use crate::check::{Check, has_nul};
use crate::text::OfferingText;

/// Most organizations that one offering may name.
const LARGEST_AUDIENCE: usize = 500;

impl Catalogue {
    /// Changes description, category, attributes and visibility. Answers the new revision.
    ///
    /// A draft may be incomplete: required attributes may be missing, but what is there must be right.
    pub async fn revise(
        &self,
        actor: &Actor,
        id: OfferingId,
        draft: OfferingDraft,
        revision: i32,
    ) -> Result<i32, CatalogueError> {
        let change = Change::begin(&self.core, actor, id, Some(revision)).await?;
        let checked = Checked::of(&*change.tx, draft).await?;
        let seller = organization::Entity::find_by_id(change.row.provider_id)
            .one(&*change.tx)
            .await?;
        let schema = checked.schema()?;
        let mut row = change.unchanged();
        let draft = checked.draft;
        let text = OfferingText {
            name: &draft.name,
            summary: &draft.summary,
            seller: seller.as_ref().map_or("", |seller| &seller.name),
            category: checked.category.as_ref().map_or("", |category| &category.name),
            description: &draft.description,
        };
        row.search_text = Set(text.searched());
        row.category_id = Set(checked.category.as_ref().map(|category| category.id));
        row.attributes = Set(checked.attributes.to_json());
        row.provider_approval = Set(draft.provider_approval);
        row.visibility = Set(draft.visibility.unwrap_or(change.row.visibility));
        let mut new_terms = None;
        if draft.terms_of_service != change.row.terms_of_service {
            let version = change.row.terms_version.saturating_add(1);
            row.terms_version = Set(version);
            let written = (self.core.now(), actor.stored_id());
            terms::keep_in(&*change.tx, id, (version, &draft.terms_of_service), written).await?;
            new_terms = Some(terms::logged(version, &draft.terms_of_service));
        }
        facets::store_in(&change.tx, id, &schema, &checked.attributes).await?;
        store_audience(&change.tx, id, &draft.audience).await?;
        let note = note(&change, &draft, new_terms);
        row.name = Set(draft.name);
        row.summary = Set(draft.summary);
        row.description = Set(draft.description);
        row.terms_of_service = Set(draft.terms_of_service);
        change.end(row, note).await
    }
}

/// A draft whose every field was looked at.
struct Checked {
    draft: OfferingDraft,
    category: Option<category::Model>,
    attributes: Values,
}

impl Checked {
    async fn of<C: ConnectionTrait>(conn: &C, draft: OfferingDraft) -> Result<Self, CatalogueError> {
        let mut check = Check::default();
        let draft = OfferingDraft {
            name: check.required("name", &draft.name, 150),
            summary: check.line("summary", &draft.summary, 200),
            description: check.lines("description", &draft.description, 20_000),
            terms_of_service: check.lines("terms_of_service", &draft.terms_of_service, 50_000),
            ..draft
        };
        let category = category_of(conn, &draft.category, &mut check).await?;
        let schema = category
            .as_ref()
            .map(category::Model::schema)
            .transpose()?
            .unwrap_or_default();
        let attributes = attributes(&schema, &draft.attributes, &mut check);
        check_audience(conn, &draft.audience, &mut check).await?;
        check.done().map_err(CatalogueError::Invalid)?;
        Ok(Self {
            draft,
            category,
            attributes,
        })
    }

    fn schema(&self) -> Result<Schema, DbErr> {
        Ok(self
            .category
            .as_ref()
            .map(category::Model::schema)
            .transpose()?
            .unwrap_or_default())
    }
}

async fn category_of<C: ConnectionTrait>(
    conn: &C,
    slug: &str,
    check: &mut Check,
) -> Result<Option<category::Model>, DbErr> {
    if slug.is_empty() {
        return Ok(None);
    }
    let found = if slug.contains('\0') {
        None
    } else {
        category::Entity::find()
            .filter(category::Column::Slug.eq(slug))
            .one(conn)
            .await?
    };
    check.ensure(
        found.is_some(),
        "category",
        "unknown",
        "There is no such category. Choose one from the list.",
    );
    Ok(found)
}

/// The attributes under the category's schema, with nothing required yet.
fn attributes(schema: &Schema, given: &Json, check: &mut Check) -> Values {
    let mut lenient = schema.clone();
    for field in &mut lenient.fields {
        field.required = false;
    }
    let given = if given.is_null() { &json!({}) } else { given };
    check.ensure(
        !has_nul(given),
        "attributes",
        "bad_character",
        "Remove control characters.",
    );
    lenient.parse_json(given).unwrap_or_else(|faults| {
        check.extend(model::attributes::under("attributes", faults));
        Values::default()
    })
}

async fn check_audience<C: ConnectionTrait>(
    conn: &C,
    audience: &[OrganizationId],
    check: &mut Check,
) -> Result<(), DbErr> {
    let named: HashSet<OrganizationId> = audience.iter().copied().collect();
    if named.len() > LARGEST_AUDIENCE {
        check.fault("audience", "too_many", "Name at most 500 organizations.");
    } else if !named.is_empty() {
        let known = organization::Entity::find()
            .filter(organization::Column::Id.is_in(named.iter().copied()))
            .count(conn)
            .await?;
        let all = usize::try_from(known).is_ok_and(|known| known == named.len());
        check.ensure(
            all,
            "audience",
            "unknown",
            "One of these organizations does not exist.",
        );
    }
    Ok(())
}

async fn store_audience(
    tx: &DatabaseTransaction,
    offering_id: OfferingId,
    audience: &[OrganizationId],
) -> Result<(), DbErr> {
    use offering_audience::{Column, Entity, Model};
    Entity::delete_many()
        .filter(Column::OfferingId.eq(offering_id))
        .exec(tx)
        .await?;
    let named: HashSet<OrganizationId> = audience.iter().copied().collect();
    let rows: Vec<_> = named
        .into_iter()
        .map(|organization_id| {
            Model {
                offering_id,
                organization_id,
            }
            .into_active_model()
        })
        .collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Long texts are named as changed, not copied into the log.
fn note(change: &Change<'_>, draft: &OfferingDraft, new_terms: Option<Json>) -> Note {
    let row = &change.row;
    Note::new(
        EventKind::OfferingRevised,
        json!({ "name": row.name, "summary": row.summary, "visibility": row.visibility, "attributes": row.attributes,
                "provider_approval": row.provider_approval }),
        json!({ "name": draft.name, "summary": draft.summary, "visibility": draft.visibility,
                "attributes": draft.attributes, "provider_approval": draft.provider_approval,
                "category": draft.category, "audience": draft.audience,
                "description_changed": row.description != draft.description,
                "terms_changed": new_terms.is_some(), "terms": new_terms }),
    )
}

impl From<Vec<FieldFault>> for CatalogueError {
    fn from(faults: Vec<FieldFault>) -> Self {
        Self::Invalid(faults)
    }
}
