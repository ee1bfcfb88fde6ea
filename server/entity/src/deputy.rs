//! Who decides on orders for a person who is away; at most one for each.

use model::UserId;
use sea_orm::Select;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deputies")]
pub struct Model {
    /// Who is away.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// Who decides for them.
    pub deputy_id: UserId,
    pub first_day: Date,
    pub last_day: Date,
    /// The beginning of the first day where the person is.
    pub starts_at: DateTimeUtc,
    /// The end of the last day there.
    pub ends_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::UserId",
        to = "super::user::Column::Id"
    )]
    User,
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::DeputyId",
        to = "super::user::Column::Id"
    )]
    Deputy,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Those who are away at `now` and have named somebody.
    pub fn find_in_force(now: DateTimeUtc) -> Select<Self> {
        Self::find()
            .filter(Column::StartsAt.lte(now))
            .filter(Column::EndsAt.gt(now))
    }
}
