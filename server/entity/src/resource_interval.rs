//! A stretch of time in which a resource had one plan and one set of limits: what billing reads.

use model::{Binding, IntervalId, PlanId, ResourceId};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, Select};

use crate::json::{self, Limits};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resource_intervals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IntervalId,
    pub resource_id: ResourceId,
    pub plan_id: PlanId,
    /// Component code to decimal; read it with [`Model::limits_held`].
    pub limits: Json,
    /// The `Binding` of the order that began it; read it with [`Model::bound`].
    pub binding: Option<Json>,
    pub starts_at: DateTimeUtc,
    /// Absent for the present stretch; a resource has at most one of these.
    pub ends_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::plan::Entity",
        from = "Column::PlanId",
        to = "super::plan::Column::Id"
    )]
    Plan,
    #[sea_orm(
        belongs_to = "super::resource::Entity",
        from = "Column::ResourceId",
        to = "super::resource::Column::Id"
    )]
    Resource,
}

impl Related<super::plan::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Plan.def()
    }
}

impl Related<super::resource::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resource.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// In which order stretches follow each other: what ended in the instant in which it began comes before what lasts.
    pub fn place(&self) -> (DateTimeUtc, bool, Option<DateTimeUtc>) {
        (self.starts_at, self.ends_at.is_none(), self.ends_at)
    }

    /// The limits in this stretch.
    pub fn limits_held(&self) -> Result<Limits, DbErr> {
        json::read("resource_intervals.limits", &self.limits)
    }

    /// The versions of prices and terms that its order has bound.
    pub fn bound(&self) -> Result<Binding, DbErr> {
        json::read_or_default("resource_intervals.binding", self.binding.as_ref())
    }
}

impl Entity {
    /// The present stretch of a resource.
    pub fn find_present(resource_id: ResourceId) -> Select<Self> {
        Self::find()
            .filter(Column::ResourceId.eq(resource_id))
            .filter(Column::EndsAt.is_null())
    }

    /// Stretches that touch the half-open window, in order.
    pub fn find_within(from: DateTimeUtc, until: DateTimeUtc) -> Select<Self> {
        Self::find()
            .filter(Column::StartsAt.lt(until))
            .filter(
                Condition::any()
                    .add(Column::EndsAt.is_null())
                    .add(Column::EndsAt.gt(from)),
            )
            .order_by_asc(Column::ResourceId)
            .order_by_asc(Column::StartsAt)
    }
}
