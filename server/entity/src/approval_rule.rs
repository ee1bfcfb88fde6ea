//! A rule that says who must agree to orders of a scope.

use model::{ApprovalRuleId, Scope, Side};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

use crate::role_grant::{ScopeKind, scope_columns, scope_from};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_rules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApprovalRuleId,
    pub scope_kind: ScopeKind,
    /// Absent exactly when the scope is the system.
    pub scope_id: Option<Uuid>,
    /// From 1, without gaps, among the rules of the scope.
    pub position: i32,
    pub side: Side,
    pub name: String,
    /// A `RuleConditions`.
    pub conditions: Json,
    /// A `RuleEffect`.
    pub effect: Json,
    pub is_active: bool,
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whose orders it is about.
    pub fn scope(&self) -> Result<Scope, DbErr> {
        scope_from(self.scope_kind, self.scope_id)
            .ok_or_else(|| DbErr::Type(format!("approval rule {} has no scope id", self.id)))
    }
}

impl Entity {
    /// Rules of exactly this scope, in the order in which they are read.
    pub fn find_of(scope: Scope) -> Select<Self> {
        let (kind, id) = scope_columns(scope);
        let of_kind = Self::find()
            .filter(Column::ScopeKind.eq(kind))
            .order_by_asc(Column::Position);
        match id {
            Some(id) => of_kind.filter(Column::ScopeId.eq(id)),
            None => of_kind,
        }
    }
}
