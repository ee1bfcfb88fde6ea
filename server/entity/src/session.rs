//! A browser session. Times are Unix seconds, as the session layer counts them.

use model::UserId;
use sea_orm::Select;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub user_id: Option<UserId>,
    /// The session layer's record; opaque here.
    pub data: Vec<u8>,
    pub expires_at: i64,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::UserId",
        to = "super::user::Column::Id"
    )]
    User,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The session, unless it has expired by `now` (Unix seconds).
    pub fn find_live(id: &str, now: i64) -> Select<Self> {
        Self::find_by_id(id.to_owned()).filter(Column::ExpiresAt.gt(now))
    }
}
