//! Another end of a role that somebody holds. The role is held throughout: taking it away and giving it again would take
//! the person off the backends between the two.

use chrono::{DateTime, Utc};
use entity::role_grant::{Column, Entity};
use model::{EventKind, GrantId, Member};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::grant::{held_for_change, refuse_last_permanent};
use super::{Access, AccessError, Actor};
use crate::audit::{self, Event};
use crate::check::Check;
use crate::crypto::sha256_hex;

impl Access {
    /// The same service for a change of a role that was seen in this state ([`Access::member_at_state`]): it is refused as
    /// changed meanwhile once the role is in another one.
    #[must_use]
    pub fn at_state(mut self, state: &str) -> Self {
        self.expected = Some(state.to_owned());
        self
    }

    /// As [`Access::member`], with the state that a change of the role can name: the same text for the same end.
    pub async fn member_at_state(&self, actor: &Actor, id: GrantId) -> Result<(Member, String), AccessError> {
        let member = self.member(actor, id).await?;
        let state = mark(member.expires_at);
        Ok((member, state))
    }

    /// Sets until when a role is held, or that it is held without end, to those who could give it. Nothing is done where
    /// that is so already. Refused: a role that is over, was taken away or is not seen (`NotFound`), who may not manage
    /// people there (`Forbidden`), a role above one's own (`MoreThanOwn`), another state than the one that was seen
    /// (`ChangedMeanwhile`), an end in the past (`AlreadyOver`), one that leaves nobody who holds the role for good, as
    /// [`Access::revoke`] refuses it (`LastOwner`, `LastStaff`), a reason or a day that cannot be kept (`Invalid`).
    pub async fn change_role_end(
        &self,
        actor: &Actor,
        id: GrantId,
        expires_at: Option<DateTime<Utc>>,
        reason: &str,
    ) -> Result<(), AccessError> {
        let now = self.core.now();
        let tx = self.core.write_tx().await?;
        let (held, scope, target) = held_for_change(&tx, actor, id, now).await?;
        if self
            .expected
            .as_ref()
            .is_some_and(|seen| *seen != mark(held.expires_at))
        {
            return Err(AccessError::ChangedMeanwhile);
        }
        let why = checked(expires_at, reason, now)?;
        if expires_at == held.expires_at {
            return Ok(());
        }
        if expires_at.is_some() {
            refuse_last_permanent(&tx, &held, scope, now).await?;
        }
        let as_seen = match held.expires_at {
            Some(end) => Column::ExpiresAt.eq(end),
            None => Column::ExpiresAt.is_null(),
        };
        let changed = Entity::update_many()
            .col_expr(Column::ExpiresAt, Expr::value(expires_at))
            .filter(Column::Id.eq(id))
            .filter(Column::RevokedAt.is_null())
            .filter(as_seen)
            .exec(&*tx)
            .await?;
        if changed.rows_affected == 0 {
            return Err(AccessError::ChangedMeanwhile);
        }
        let event = Event::new(actor, EventKind::RoleEndChanged, id.0)
            .on(target)
            .before(json!({ "user_id": held.user_id, "role": held.role, "scope": scope, "expires_at": held.expires_at }))
            .after(json!({ "expires_at": expires_at }))
            .reason(why);
        audit::record_in(&self.core, &tx, event).await?;
        Ok(tx.commit().await?)
    }
}

/// The reason as it is kept, where it and the end can be.
fn checked(
    expires_at: Option<DateTime<Utc>>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<String, AccessError> {
    if expires_at.is_some_and(|end| end <= now) {
        return Err(AccessError::AlreadyOver);
    }
    let mut check = Check::default();
    let why = check.reason("reason", reason, false);
    check.day("expires_at", expires_at.map(|end| end.date_naive()));
    check.done().map_err(AccessError::Invalid)?;
    Ok(why)
}

fn mark(expires_at: Option<DateTime<Utc>>) -> String {
    sha256_hex(json!(expires_at).to_string().as_bytes())
}
