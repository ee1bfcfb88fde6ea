//! An organization. It buys through its projects; with `is_provider` it also sells.

use model::{Currency, OrganizationId, ZoneSince};
use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organizations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    /// Unique; the upper-cased slug of a provider opens its invoice numbers.
    pub slug: String,
    pub name: String,
    /// Folded name and slug, for searching.
    pub search_text: String,
    /// How it is reached; what identifies it on documents is kept as versions, see `organization_version`.
    pub email: String,
    pub bank_account: String,
    /// In which approval limits of its projects are.
    pub currency: Currency,
    /// The time zones in which months and days of its invoices are counted. On this row because everything that reads
    /// an organization needs its calendar.
    pub zones: StoredZones,
    pub is_provider: bool,
    pub provider_description: String,
    pub created_at: DateTimeUtc,
}

/// Time zones as a JSON column, oldest first; the first has no month, as it holds from the beginning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct StoredZones(pub Vec<ZoneSince>);

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::offering::Entity")]
    Offerings,
    #[sea_orm(has_many = "super::project::Entity")]
    Projects,
}

impl Related<super::offering::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Offerings.def()
    }
}

impl Related<super::project::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Projects.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
