//! A person who can sign in. Staff and support are role grants on the system, not columns.

use model::UserId;
use sea_orm::Select;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    /// Lower-cased; unique.
    pub email: String,
    pub name: String,
    /// POSIX login name on backends; unique.
    pub username: String,
    /// Folded name, address and user name, for searching.
    pub search_text: String,
    /// Argon2 in PHC form; absent for accounts that cannot sign in with a password.
    pub password_hash: Option<String>,
    /// IANA name, such as `Europe/Tallinn`.
    pub time_zone: String,
    pub is_active: bool,
    pub created_at: DateTimeUtc,
    pub last_login_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::api_token::Entity")]
    ApiTokens,
    #[sea_orm(has_many = "super::role_grant::Entity")]
    RoleGrants,
    #[sea_orm(has_many = "super::session::Entity")]
    Sessions,
}

impl Related<super::api_token::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ApiTokens.def()
    }
}

impl Related<super::role_grant::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RoleGrants.def()
    }
}

impl Related<super::session::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Sessions.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The user with this address, however it was typed.
    pub fn find_by_email(email: &str) -> Select<Self> {
        Self::find().filter(Column::Email.eq(email.trim().to_lowercase()))
    }
}
