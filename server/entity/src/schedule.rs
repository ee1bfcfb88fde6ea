//! When a job that is made again and again was made last, and when it is due next.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedules")]
pub struct Model {
    /// The kind of the job.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub every_seconds: i64,
    pub last_at: Option<DateTimeUtc>,
    pub next_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
