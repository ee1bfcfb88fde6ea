//! A meter event. A correction supersedes the event that it replaces; nothing is deleted.

use model::{Fixed, ResourceId, UsageEventId};
use sea_orm::Select;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UsageEventId,
    pub resource_id: ResourceId,
    /// Code of the component.
    pub component: String,
    pub window_start: DateTimeUtc,
    pub window_end: DateTimeUtc,
    /// In the component's priced unit.
    pub quantity: Fixed,
    /// Names the event at its source; unique among the resource's events that count.
    pub key: String,
    pub username: Option<String>,
    pub source: UsageSource,
    pub replaces: Option<UsageEventId>,
    /// A later event replaced this one: it no longer counts.
    pub superseded: bool,
    pub recorded_at: DateTimeUtc,
    /// The days of the buyer's zone on which it counts, with its part on each: they stay, wherever the buyer moves.
    pub days: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::resource::Entity",
        from = "Column::ResourceId",
        to = "super::resource::Column::Id"
    )]
    Resource,
}

impl Related<super::resource::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resource.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

/// Who reported it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum UsageSource {
    /// The worker read it from the backend.
    #[sea_orm(string_value = "collector")]
    Collector,
    /// The provider entered it.
    #[sea_orm(string_value = "provider")]
    Provider,
    /// It came over the API.
    #[sea_orm(string_value = "api")]
    Api,
}

impl Model {
    /// The days on which it counts, with its part on each.
    pub fn parts(&self) -> Result<Vec<(Date, Fixed)>, DbErr> {
        super::json::read("usage_events.days", &self.days)
    }
}

impl Entity {
    /// Events of one resource that count.
    pub fn find_counted(resource_id: ResourceId) -> Select<Self> {
        Self::find()
            .filter(Column::ResourceId.eq(resource_id))
            .filter(Column::Superseded.eq(false))
    }
}
