//! One offering whole, in at most seven queries; in one once it is known.

use chrono::{DateTime, NaiveDate, Utc};
use entity::offering::{Column, Entity, Model};
use entity::{category, component, organization};
use model::{Component, OfferingDetail, OfferingId, Permission, Plan};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use serde_json::Value as Json;

use super::readiness::{self, Parts};
use super::{Catalogue, CatalogueError, may_see, price_from, prices::plan_shown, summary};
use crate::access::{AccessError, Actor, Target};
use crate::zone::Zone;

impl Catalogue {
    /// The offering with this slug or id, to those who see it.
    pub async fn offering(
        &self,
        actor: Option<&Actor>,
        slug_or_id: &str,
    ) -> Result<OfferingDetail, CatalogueError> {
        let conn = self.core.read();
        let found = Entity::find()
            .filter(named(slug_or_id)?)
            .find_also_related(organization::Entity)
            .find_also(Entity, category::Entity)
            .one(conn)
            .await?;
        let (row, provider, category) = found.ok_or(AccessError::NotFound)?;
        if !may_see(conn, actor, &row).await? {
            return Err(AccessError::NotFound.into());
        }
        let target = Target::offering(row.provider_id, row.id);
        let may = |permission| actor.is_some_and(|actor| actor.may(permission, &target));
        let inside = may(Permission::ViewOffering);
        let parts = self.cache.parts(&self.core, row.id, row.revision).await?;
        let can_edit = may(Permission::EditOffering);
        let around = Around { provider, category };
        let viewer = Viewer {
            inside,
            can_edit,
            now: self.core.now(),
        };
        Ok(detail(row, &around, &parts, &viewer)?)
    }

    /// The day that runs where an offering is sold: what it costs those who have not said who buys is reckoned from it.
    /// Refused where there is no such offering or it is not shown to the actor, and where its seller's time zone does not
    /// exist.
    pub async fn today_where_sold(
        &self,
        actor: Option<&Actor>,
        id: OfferingId,
    ) -> Result<NaiveDate, CatalogueError> {
        let conn = self.core.read();
        let found = Entity::find_by_id(id)
            .find_also_related(organization::Entity)
            .one(conn)
            .await?;
        let (row, seller) = found.ok_or(AccessError::NotFound)?;
        if !may_see(conn, actor, &row).await? {
            return Err(AccessError::NotFound.into());
        }
        let seller = seller.ok_or(AccessError::NotFound)?;
        Ok(Zone::of(&seller)?.day(self.core.now()))
    }
}

/// The offering with this slug or id. Refused where there can be none (`NotFound`).
pub(super) fn named(slug_or_id: &str) -> Result<Expr, AccessError> {
    match slug_or_id.parse::<OfferingId>() {
        Ok(id) => Ok(Column::Id.eq(id)),
        Err(_) if slug_or_id.contains('\0') => Err(AccessError::NotFound),
        Err(_) => Ok(Column::Slug.eq(slug_or_id)),
    }
}

/// What an offering stands in.
struct Around {
    provider: Option<organization::Model>,
    category: Option<category::Model>,
}

/// Who looks, and when.
struct Viewer {
    inside: bool,
    can_edit: bool,
    now: DateTime<Utc>,
}

fn detail(row: Model, around: &Around, parts: &Parts, viewer: &Viewer) -> Result<OfferingDetail, DbErr> {
    let Viewer {
        inside,
        can_edit,
        now,
    } = *viewer;
    let category = around.category.as_ref();
    let schema = category
        .map(category::Model::schema)
        .transpose()?
        .unwrap_or_default();
    let price = price_from::of(parts, now);
    let duration = row.duration_rules()?;
    let zone = around.provider.as_ref().and_then(|seller| Zone::of(seller).ok());
    Ok(OfferingDetail {
        summary: summary::of(&row, around.provider.as_ref(), category, price),
        provider_description: around
            .provider
            .as_ref()
            .map(|seller| seller.provider_description.clone())
            .unwrap_or_default(),
        readiness: if inside {
            readiness::assess(&row, category, parts)?
        } else {
            Vec::new()
        },
        attribute_schema: schema,
        request_form: row.form()?,
        actions: if inside { row.own_actions()? } else { Vec::new() },
        components: parts.components.iter().map(component_of).collect(),
        plans: plans(parts, inside, (zone.as_ref(), now))?,
        audience: if inside {
            parts.audience.clone()
        } else {
            Vec::new()
        },
        settings: if inside { row.settings } else { Json::Null },
        settings_tested_at: row.settings_tested_at.filter(|_| inside),
        description: row.description,
        terms_of_service: row.terms_of_service,
        terms_version: row.terms_version,
        state_reason: row.state_reason,
        visibility: row.visibility,
        attributes: row.attributes,
        provider_approval: row.provider_approval,
        duration,
        plugin: row.plugin,
        can_edit,
        revision: row.revision,
    })
}

fn component_of(row: &component::Model) -> Component {
    Component {
        id: row.id,
        terms: row.terms(),
        description: row.description.clone(),
        article_code: row.article_code.clone(),
    }
}

fn plans(parts: &Parts, with_archived: bool, at: (Option<&Zone>, DateTime<Utc>)) -> Result<Vec<Plan>, DbErr> {
    let shown = parts.plans.iter().filter(|plan| with_archived || !plan.archived);
    let with_versions = shown.filter_map(|plan| Some((plan, parts.versions.get(&plan.id)?)));
    with_versions
        .map(|(plan, versions)| plan_shown(plan, versions, &parts.components, at))
        .collect()
}
