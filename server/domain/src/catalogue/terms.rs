//! The terms of service of an offering, version by version: an order accepts one, and what it said can be read as long as
//! the order can.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::offering_terms::Column;
use entity::{offering, offering_terms, order, user};
use model::{OfferingId, Permission, TermsOfService, TermsOfServiceVersion, UserId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult,
    IntoActiveModel, JoinType, QueryFilter, QuerySelect, RelationTrait, Select,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::offering::named;
use super::{Catalogue, CatalogueError, may_see};
use crate::access::{AccessError, Actor, Columns, Target, Visible};
use crate::crypto::sha256_hex;
use crate::page::MOST_AT_ONCE;

/// A version that was kept, without its text.
#[derive(FromQueryResult)]
struct Kept {
    version: i32,
    created_at: DateTime<Utc>,
    author: Option<String>,
}

/// A version with its text.
#[derive(FromQueryResult)]
struct Whole {
    #[sea_orm(nested)]
    kept: Kept,
    text: String,
}

impl Catalogue {
    /// The versions of the terms of the offering with this slug or id that the actor may read, the newest 200 first: those who
    /// prepare the offering all that are kept, others the one that orders accept now, if there is one, and those that orders
    /// accepted which they see. Refused where neither offering nor such an order is theirs to see (`NotFound`).
    pub async fn terms_versions(
        &self,
        actor: Option<&Actor>,
        slug_or_id: &str,
    ) -> Result<Vec<TermsOfServiceVersion>, CatalogueError> {
        let conn = self.core.read();
        let row = find(conn, slug_or_id).await?;
        let readable = Readable::by(conn, actor, &row).await?;
        let kept = select(row.id).into_model::<Kept>().all(conn).await?;
        let mut kept: BTreeMap<i32, Kept> = kept.into_iter().map(|kept| (kept.version, kept)).collect();
        let versions = match &readable {
            Readable::All => kept.keys().copied().collect(),
            Readable::These(versions) => versions.clone(),
        };
        let shown = versions.into_iter().rev().take(MOST_AT_ONCE);
        let shown = shown.map(|version| readable.shown(&row, version, kept.remove(&version)));
        Ok(shown.collect())
    }

    /// One of these versions with its text; without where it was replaced before texts were kept. Refused as
    /// [`Catalogue::terms_versions`], and for a version that the actor may not read (`NotFound`).
    pub async fn terms_of_service(
        &self,
        actor: Option<&Actor>,
        slug_or_id: &str,
        version: i32,
    ) -> Result<TermsOfService, CatalogueError> {
        let conn = self.core.read();
        let row = find(conn, slug_or_id).await?;
        let readable = Readable::by(conn, actor, &row).await?;
        let may_read = match &readable {
            Readable::All => (1..=row.terms_version).contains(&version),
            Readable::These(versions) => versions.contains(&version),
        };
        if !may_read {
            return Err(AccessError::NotFound.into());
        }
        let whole = select(row.id)
            .column(Column::Text)
            .filter(Column::Version.eq(version))
            .into_model::<Whole>()
            .one(conn)
            .await?;
        let (kept, text) = whole.map(|whole| (whole.kept, whole.text)).unzip();
        Ok(TermsOfService {
            version: readable.shown(&row, version, kept),
            offering_id: row.id,
            offering_slug: row.slug,
            offering_name: row.name,
            text,
        })
    }
}

/// Keeps a version; none is ever written a second time.
pub(super) async fn keep_in(
    conn: &impl ConnectionTrait,
    offering_id: OfferingId,
    (version, text): (i32, &str),
    (created_at, created_by): (DateTime<Utc>, Option<UserId>),
) -> Result<(), DbErr> {
    let row = offering_terms::Model {
        offering_id,
        version,
        text: text.to_owned(),
        created_at,
        created_by,
    };
    offering_terms::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// What the log keeps of a version: nobody can change that, so an edited text shows.
pub(super) fn logged(version: i32, text: &str) -> Json {
    json!(LoggedText {
        version,
        sha256: sha256_hex(text.as_bytes()),
    })
}

/// A version of terms of service, as the log tells it under `terms`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LoggedText {
    pub(crate) version: i32,
    /// Fingerprint of the text.
    pub(crate) sha256: String,
}

async fn find(conn: &impl ConnectionTrait, slug_or_id: &str) -> Result<offering::Model, CatalogueError> {
    let found = offering::Entity::find()
        .filter(named(slug_or_id)?)
        .one(conn)
        .await?;
    Ok(found.ok_or(AccessError::NotFound)?)
}

/// The versions with the names of who wrote them, without the texts, which are long. Offerings once began with an empty
/// version 1, which nobody wrote: it is none.
fn select(offering: OfferingId) -> Select<offering_terms::Entity> {
    offering_terms::Entity::find_of_offering(offering)
        .select_only()
        .columns([Column::Version, Column::CreatedAt])
        .column_as(user::Column::Name, "author")
        .filter(
            Condition::any()
                .add(Column::Version.gt(1))
                .add(Column::Text.ne("")),
        )
        .join(JoinType::LeftJoin, offering_terms::Relation::Author.def())
}

/// Which versions somebody may read.
#[derive(Debug, PartialEq, Eq)]
enum Readable {
    All,
    These(BTreeSet<i32>),
}

impl Readable {
    async fn by(
        conn: &impl ConnectionTrait,
        actor: Option<&Actor>,
        row: &offering::Model,
    ) -> Result<Self, CatalogueError> {
        let target = Target::offering(row.provider_id, row.id);
        if actor.is_some_and(|actor| actor.may(Permission::ViewOffering, &target)) {
            return Ok(Self::All);
        }
        let mut versions = match actor {
            Some(actor) => accepted(conn, actor, row.id).await?,
            None => BTreeSet::new(),
        };
        if may_see(conn, actor, row).await? {
            let present = Some(row.terms_version).filter(|_| !row.terms_of_service.trim().is_empty());
            versions.extend(present);
        } else if versions.is_empty() {
            return Err(AccessError::NotFound.into());
        }
        Ok(Self::These(versions))
    }

    /// A version as it is shown: who wrote it is told only to those who prepare the offering.
    fn shown(&self, row: &offering::Model, version: i32, kept: Option<Kept>) -> TermsOfServiceVersion {
        let (created_at, author) = kept.map(|kept| (kept.created_at, kept.author)).unzip();
        TermsOfServiceVersion {
            version,
            created_at,
            created_by: author.flatten().filter(|_| *self == Self::All),
            is_present: version == row.terms_version,
        }
    }
}

/// What the orders accepted that the actor sees as a buyer.
async fn accepted(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    offering: OfferingId,
) -> Result<BTreeSet<i32>, DbErr> {
    let orders = Visible::of(actor, Permission::ViewProject);
    if orders.is_nothing() {
        return Ok(BTreeSet::new());
    }
    let accepted: Vec<i32> = order::Entity::find()
        .select_only()
        .column(order::Column::AcceptedTerms)
        .distinct()
        .filter(order::Column::OfferingId.eq(offering))
        .filter(order::Column::AcceptedTerms.is_not_null())
        .filter(orders.filter(Columns {
            organization: Some(order::Column::OrganizationId),
            project: Some(order::Column::ProjectId),
            ..Columns::default()
        }))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(accepted.into_iter().collect())
}
