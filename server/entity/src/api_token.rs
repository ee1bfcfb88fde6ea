//! A personal access token. Only the SHA-256 of the secret is kept.

use model::{TokenId, TokenScope, UserId};
use sea_orm::Select;
use sea_orm::entity::prelude::*;

use crate::json;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TokenId,
    pub user_id: UserId,
    pub name: String,
    /// The first characters of the secret, so that its owner can tell tokens apart.
    pub prefix: String,
    /// SHA-256 in hex; unique.
    pub secret_hash: String,
    /// `[TokenScope]`; read it with [`Model::token_scopes`].
    pub scopes: Json,
    pub created_at: DateTimeUtc,
    pub last_used_at: Option<DateTimeUtc>,
    pub expires_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
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

impl Model {
    /// What the token may be used for.
    pub fn token_scopes(&self) -> Result<Vec<TokenScope>, DbErr> {
        json::read("api_tokens.scopes", &self.scopes)
    }
}

impl Entity {
    /// The token with this hash, if it still works at `now`.
    pub fn find_usable(secret_hash: &str, now: DateTimeUtc) -> Select<Self> {
        Self::find()
            .filter(Column::SecretHash.eq(secret_hash))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::ExpiresAt.gt(now))
    }

    /// Every token of a user, revoked ones included.
    pub fn find_of_user(user_id: UserId) -> Select<Self> {
        Self::find().filter(Column::UserId.eq(user_id))
    }
}
