//! The history of a resource's plan and limits, as stretches of time that never overlap.

use chrono::{DateTime, Utc};
use entity::{json, order, resource, resource_interval};
use model::{IntervalId, PlanId};
use sea_orm::prelude::Json;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};

use crate::core::Core;

/// Plan, limits and prices of a stretch.
pub(super) struct Terms {
    pub(super) plan_id: PlanId,
    pub(super) limits: Json,
    /// The versions of prices and terms that the order has bound.
    pub(super) binding: Option<Json>,
}

impl Terms {
    /// As the order asks for, from `at` on.
    pub(super) fn of(order: &order::Model, at: DateTime<Utc>) -> Result<Self, DbErr> {
        // Of a change within a plan, the plan has begun before.
        let begun = order.bound()?.begun(at);
        let binding = json::write("resource_intervals.binding", &begun)?;
        Ok(Self {
            plan_id: order.plan_id,
            limits: order.limits.clone(),
            binding: order.binding.as_ref().map(|_| binding),
        })
    }
}

impl Terms {
    /// As the resource had them last, and when that ended: what goes on keeps what its order has bound.
    pub(super) async fn as_before(
        tx: &impl ConnectionTrait,
        resource: &resource::Model,
    ) -> Result<(Self, Option<DateTime<Utc>>), DbErr> {
        let last = resource_interval::Entity::find()
            .filter(resource_interval::Column::ResourceId.eq(resource.id))
            .order_by_desc(resource_interval::Column::StartsAt)
            .one(tx)
            .await?;
        let (binding, ended) = last.map(|last| (last.binding, last.ends_at)).unwrap_or_default();
        let terms = Self {
            plan_id: resource.plan_id,
            limits: resource.limits.clone(),
            binding,
        };
        Ok((terms, ended))
    }
}

/// Begins a new stretch at `at` and ends the present one, if any, at the same instant.
pub(super) async fn begin_stretch(
    core: &Core,
    tx: &impl ConnectionTrait,
    resource: &resource::Model,
    terms: Terms,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let present = resource_interval::Entity::find_present(resource.id)
        .one(tx)
        .await?;
    let starts_at = present.as_ref().map_or(at, |present| at.max(present.starts_at));
    if let Some(present) = present {
        if present.starts_at == starts_at {
            // Two changes at one instant: the earlier was never in force, and an empty stretch would be noise.
            let mut row = present.into_active_model();
            row.plan_id = Set(terms.plan_id);
            row.limits = Set(terms.limits);
            row.binding = Set(terms.binding);
            row.update(tx).await?;
            return Ok(());
        }
        end(tx, present, starts_at).await?;
    }
    let row = resource_interval::ActiveModel {
        id: Set(core.new_id(IntervalId)),
        resource_id: Set(resource.id),
        plan_id: Set(terms.plan_id),
        limits: Set(terms.limits),
        binding: Set(terms.binding),
        starts_at: Set(starts_at),
        ends_at: Set(None),
    };
    resource_interval::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Ends the present stretch at `at`, if there is one: a creation that failed never began any. Not before it began, however
/// the clock was set meanwhile: answers when it ended.
pub(super) async fn end_stretch(
    tx: &impl ConnectionTrait,
    resource: &resource::Model,
    at: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    match resource_interval::Entity::find_present(resource.id)
        .one(tx)
        .await?
    {
        Some(present) => {
            let at = at.max(present.starts_at);
            end(tx, present, at).await?;
            Ok(Some(at))
        }
        None => Ok(None),
    }
}

async fn end(
    tx: &impl ConnectionTrait,
    present: resource_interval::Model,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let mut row = present.into_active_model();
    row.ends_at = Set(Some(at));
    row.update(tx).await?;
    Ok(())
}
