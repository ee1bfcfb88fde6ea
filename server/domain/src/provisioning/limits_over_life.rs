//! What backends are told that count use over the whole life of a resource, and not anew in each period.
//!
//! What is sold by the month, the year or the term can be used in each of them. Such a backend must therefore let use come to
//! what was used before the running period began, and the limit of that period. This is worked out from what was measured, and
//! changes when a period begins, at a renewal, with the limits, and when use is told late: a pass compares it with what was
//! told last, and makes jobs where they differ. Limits over the whole life are told as they are.

mod held;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entity::json::Limits;
use entity::{component, offering, order, organization, project, resource, resource_limit, usage_day};
use model::{ChargeType, Fixed, OfferingId, OrderKind, ResourceId, ResourceState};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Json;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait, Select,
};
use serde::{Deserialize, Serialize};

use self::held::{Found, Held, Situation, held, situations};
use super::told::tell_again;
use super::use_of_limits::period_start;
use super::{ProvisioningError, ResourceOperations};
use crate::core::Core;
use crate::jobs::kinds::SetLimits;

/// Resources looked at in one go.
const BATCH: u64 = 500;

/// The limits of a resource whose components its backend counts over the resource's life, by component code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitsOverLife {
    /// The limits, each for its period.
    pub limits: Limits,
    /// What was used before the running period began, where something was.
    pub used_before: Limits,
}

/// Use of a resource before a day.
#[derive(FromQueryResult)]
struct Sum {
    resource_id: ResourceId,
    component: String,
    quantity: i64,
}

impl ResourceOperations {
    /// What the resource's backend is to be told now of the components with these codes, which it counts over the resource's
    /// life. `None` where there is nothing to tell: the resource is gone, or an order is being carried out, which tells it.
    pub async fn limits_over_life(
        &self,
        id: ResourceId,
        codes: &[&str],
    ) -> Result<Option<LimitsOverLife>, ProvisioningError> {
        let db = self.core.read();
        let found = living()
            .filter(resource::Column::Id.eq(id))
            .into_model::<Found>()
            .one(db)
            .await?;
        let Some(found) = found else { return Ok(None) };
        let situation = situations(db, vec![found], self.core.now()).await?.pop();
        match situation {
            Some(situation) => Ok(Some(of_one(&self.core, db, situation?, codes).await?)),
            None => Ok(None),
        }
    }

    /// Notes that the backend of this resource was told so.
    pub async fn mark_limits(&self, id: ResourceId, told: &LimitsOverLife) -> Result<(), ProvisioningError> {
        use resource_limit::Column as C;
        let row = resource_limit::ActiveModel {
            resource_id: Set(id),
            told: Set(entity::json::write("resource_limits.told", told)?),
        };
        let known = OnConflict::column(C::ResourceId)
            .update_column(C::Told)
            .to_owned();
        let _permit = self.core.write_permit().await;
        resource_limit::Entity::insert(row)
            .on_conflict(known)
            .exec_without_returning(self.core.read())
            .await?;
        Ok(())
    }

    /// Makes a job for each resource, on a backend of this kind of plugin, which counts the components with these codes over the
    /// resource's life and was last told something else than is true now; answers how many. Where that was given up within the
    /// last hour, somebody is asked first.
    pub async fn set_diverged_limits(&self, plugin: &str, codes: &[&str]) -> Result<u64, ProvisioningError> {
        let (mut made, mut last) = (0, None);
        loop {
            let rows = self.limited_after(plugin, last).await?;
            let Some(end) = rows.last() else { return Ok(made) };
            last = Some(end.resource.id);
            made += self.set_diverged_among(rows, codes).await?;
        }
    }

    async fn set_diverged_among(&self, rows: Vec<Found>, codes: &[&str]) -> Result<u64, ProvisioningError> {
        let db = self.core.read();
        let told: BTreeMap<ResourceId, Option<Json>> = rows
            .iter()
            .map(|row| (row.resource.id, row.told.clone()))
            .collect();
        let mut sound = Vec::with_capacity(rows.len());
        for situation in situations(db, rows, self.core.now()).await? {
            match situation {
                Ok(situation) => sound.push(situation),
                // One buyer's faulty zone must not keep the others from what they hold.
                Err(fault) => tracing::warn!(error = %fault, "the limits of a resource cannot be worked out"),
            }
        }
        let held = held(db, sound, self.core.now()).await?;
        let wanted = over_life(db, &held, codes).await?;
        let is_diverged = |one: &&Held| {
            let told = told.get(&one.resource).cloned().flatten();
            // What cannot be read any more is told again.
            let told: Option<LimitsOverLife> = told.and_then(|told| serde_json::from_value(told).ok());
            wanted
                .get(&one.resource)
                .is_some_and(|wanted| !wanted.limits.is_empty() && told.as_ref() != Some(wanted))
        };
        let set = |one: &Held| {
            (
                one.offering,
                SetLimits {
                    resource_id: one.resource,
                },
            )
        };
        tell_again(&self.core, held.iter().filter(is_diverged).map(set).collect()).await
    }

    async fn limited_after(
        &self,
        plugin: &str,
        after: Option<ResourceId>,
    ) -> Result<Vec<Found>, ProvisioningError> {
        let mut rows = living()
            .join(JoinType::InnerJoin, resource::Relation::Offering.def())
            .filter(offering::Column::Plugin.eq(plugin))
            .order_by_asc(resource::Column::Id)
            .limit(BATCH);
        if let Some(after) = after {
            rows = rows.filter(resource::Column::Id.gt(after));
        }
        Ok(rows.into_model().all(self.core.read()).await?)
    }
}

/// What the backend of an order's resource is to be told while the order is carried out.
pub(crate) async fn ordered_limits_over_life(
    core: &Core,
    db: &impl ConnectionTrait,
    order: &order::Model,
    codes: &[&str],
) -> Result<LimitsOverLife, ProvisioningError> {
    let id = order.resource_id.filter(|_| order.kind != OrderKind::Create);
    let Some(id) = id else {
        // Nothing of it was used yet.
        let mut limits = order.limits_asked()?;
        limits.retain(|code, _| codes.contains(&code.as_str()));
        return Ok(LimitsOverLife {
            limits,
            used_before: Limits::new(),
        });
    };
    let found = around(resource::Entity::find_by_id(id))
        .into_model::<Found>()
        .one(db)
        .await?;
    let found = found.ok_or(ProvisioningError::NotFound)?;
    let situation = situations(db, vec![found], core.now()).await?.pop();
    let situation = situation.ok_or(ProvisioningError::NotFound)??;
    of_one(core, db, situation.when_ordered(order, core.now())?, codes).await
}

async fn of_one(
    core: &Core,
    db: &impl ConnectionTrait,
    situation: Situation,
    codes: &[&str],
) -> Result<LimitsOverLife, ProvisioningError> {
    let held = held(db, vec![situation], core.now()).await?;
    let mut all = over_life(db, &held, codes).await?;
    Ok(all.pop_first().map(|(_, one)| one).unwrap_or_default())
}

/// Resources that their backend has and that no order is changing.
fn living() -> Select<resource::Entity> {
    use resource::Column as C;
    around(resource::Entity::find())
        .filter(C::State.eq(ResourceState::Ok))
        .filter(C::BackendId.ne(""))
}

/// With what a [`Found`] has beside the resource.
fn around(resources: Select<resource::Entity>) -> Select<resource::Entity> {
    resources
        .join(JoinType::InnerJoin, resource::Relation::Project.def())
        .join(JoinType::InnerJoin, resource::Relation::Organization.def())
        .join_rev(JoinType::LeftJoin, resource_limit::Relation::Resource.def())
        .column_as(project::Column::EndDate, "project_end")
        .column_as(organization::Column::Name, "organization_name")
        .column_as(organization::Column::Zones, "organization_zones")
        .column_as(resource_limit::Column::Told, "told")
}

/// The limits of these resources of components with these codes, and what was used before. One query for each day on which a
/// running period of one of them began.
async fn over_life(
    db: &impl ConnectionTrait,
    held: &[Held],
    codes: &[&str],
) -> Result<BTreeMap<ResourceId, LimitsOverLife>, DbErr> {
    let components = limited(db, held, codes).await?;
    let mut all = BTreeMap::new();
    let mut starts: BTreeMap<NaiveDate, BTreeSet<(ResourceId, String)>> = BTreeMap::new();
    for one in held {
        let mut over_life = LimitsOverLife::default();
        for row in components.get(&one.offering).into_iter().flatten() {
            let Some(limit) = one.limits.get(&row.code) else {
                continue;
            };
            over_life.limits.insert(row.code.clone(), *limit);
            let every = row.terms().every_in(one.every);
            if let Some(start) = period_start(row.prepaid, every, (&one.terms, one.day)) {
                let began = starts.entry(start).or_default();
                began.insert((one.resource, row.code.clone()));
            }
        }
        all.insert(one.resource, over_life);
    }
    for (start, began) in starts {
        for sum in sums_before(db, &began, start).await? {
            let known = began.contains(&(sum.resource_id, sum.component.clone()));
            let over_life = all.get_mut(&sum.resource_id).filter(|_| known);
            if let Some(over_life) = over_life.filter(|_| sum.quantity > 0) {
                let used = Fixed::from_nanos(sum.quantity);
                over_life.used_before.insert(sum.component, used);
            }
        }
    }
    Ok(all)
}

/// Components of the resources' offerings that have a limit and one of these codes.
async fn limited(
    db: &impl ConnectionTrait,
    held: &[Held],
    codes: &[&str],
) -> Result<BTreeMap<OfferingId, Vec<component::Model>>, DbErr> {
    use component::Column as C;
    let offerings: BTreeSet<OfferingId> = held.iter().map(|one| one.offering).collect();
    let rows = component::Entity::find()
        .filter(C::OfferingId.is_in(offerings))
        .filter(C::Code.is_in(codes.iter().copied()))
        .filter(C::Charge.eq(ChargeType::Limit))
        .all(db)
        .await?;
    let mut components: BTreeMap<OfferingId, Vec<component::Model>> = BTreeMap::new();
    for row in rows {
        components.entry(row.offering_id).or_default().push(row);
    }
    Ok(components)
}

async fn sums_before(
    db: &impl ConnectionTrait,
    began: &BTreeSet<(ResourceId, String)>,
    start: NaiveDate,
) -> Result<Vec<Sum>, DbErr> {
    use usage_day::Column as C;
    let resources: BTreeSet<ResourceId> = began.iter().map(|(resource, _)| *resource).collect();
    let codes: BTreeSet<&str> = began.iter().map(|(_, code)| code.as_str()).collect();
    // PostgreSQL sums bigints to numeric; the cast brings the fixed-point integer back.
    let sum = Expr::col(C::Quantity).sum().cast_as(Alias::new("bigint"));
    usage_day::Entity::find()
        .select_only()
        .columns([C::ResourceId, C::Component])
        .column_as(sum, "quantity")
        .filter(C::ResourceId.is_in(resources))
        .filter(C::Component.is_in(codes))
        .filter(C::Day.lt(start))
        .group_by(C::ResourceId)
        .group_by(C::Component)
        .into_model()
        .all(db)
        .await
}
