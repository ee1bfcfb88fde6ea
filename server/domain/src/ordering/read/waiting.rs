//! Why an order waits, for whom and since when, in words.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{role_grant, user};
use model::{OrderState, Permission, Role, Scope, sentence};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, JoinType, PaginatorTrait, QueryFilter, QuerySelect,
    RelationTrait,
};

use super::summary::Row;
use crate::provisioning::wording::time_for;

/// Whether the order waits for a decision of its buyer that nobody there can take: whoever could has no role any more, or
/// cannot sign in.
pub(super) async fn is_stuck(
    db: &impl ConnectionTrait,
    row: &Row,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    if row.state != OrderState::PendingBuyer {
        return Ok(false);
    }
    let organization = Scope::Organization(row.organization_id);
    let mut may = held(organization, Permission::ApproveOrder);
    if row.is_within_limit() {
        for scope in [organization, Scope::Project(row.project_id)] {
            may = may.add(held(scope, Permission::ApproveOrderWithinLimit));
        }
    }
    let deciders = role_grant::Entity::find_in_force(now)
        .join(JoinType::InnerJoin, role_grant::Relation::User.def())
        .filter(user::Column::IsActive.eq(true))
        .filter(may)
        .count(db)
        .await?;
    Ok(deciders == 0)
}

/// Roles on this scope that include the permission.
fn held(scope: Scope, permission: Permission) -> Condition {
    let roles = Role::ALL.iter().copied().filter(|role| role.allows(permission));
    let (kind, id) = role_grant::scope_columns(scope);
    let there = Condition::all()
        .add(role_grant::Column::ScopeKind.eq(kind))
        .add(role_grant::Column::ScopeId.eq(id))
        .add(role_grant::Column::Role.is_in(roles));
    Condition::any().add(there)
}

/// The words for an order that [`is_stuck`].
pub(super) fn stuck(row: &Row, zone: Tz) -> String {
    let since = row
        .waiting_since
        .map(|at| format!(" since {}", time_for(zone, at)))
        .unwrap_or_default();
    format!(
        "Waiting for approval{since}, but nobody in {} can give it now. Ask the staff of the portal to name an owner.",
        row.organization_name
    )
}

/// The words for a viewer in time zone `zone`; empty for an order that waits for nobody. `message` is what the backend
/// says it waits for.
pub(super) fn waiting_for(row: &Row, start: Option<NaiveDate>, message: &str, zone: Tz) -> String {
    let since = |at: Option<DateTime<Utc>>| {
        at.map(|at| format!(" since {}", time_for(zone, at)))
            .unwrap_or_default()
    };
    match row.state {
        OrderState::PendingBuyer => {
            let own = if row.is_within_limit() {
                format!(
                    ", or an administrator or manager of the project {},",
                    row.project_name
                )
            } else {
                String::new()
            };
            format!(
                "Waiting for an owner of {}{own}{}.",
                row.organization_name,
                since(row.waiting_since)
            )
        }
        OrderState::PendingProvider => {
            format!(
                "Waiting for the provider, {},{}.",
                row.provider_name,
                since(row.waiting_since)
            )
        }
        OrderState::PendingStart => match start {
            Some(day) => format!("Waiting for its start on {}.", day.format("%-d %B %Y")),
            None => "Waiting for its start.".to_owned(),
        },
        OrderState::Executing if row.needs_manual_work() => {
            let message = if message.is_empty() {
                String::new()
            } else {
                format!(" {}", sentence(&message))
            };
            format!(
                "Waiting for somebody of {}{}.{message}",
                row.provider_name,
                since(row.waiting_since)
            )
        }
        _ => String::new(),
    }
}
