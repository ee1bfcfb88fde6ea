//! Deactivating a person, and reactivating: who has left, or whose ways in are in other hands.

use entity::role_grant;
use entity::session;
use entity::user::{Column, Entity, Model};
use model::{EventKind, Permission, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use super::tokens::end_all_in;
use super::{Accounts, AccountsError};
use crate::access::grant::{refuse_last_permanent, sync_members_in};
use crate::access::{AccessError, Actor, Target, authorize};
use crate::audit::{self, Event};
use crate::check;
use crate::core::Core;

impl Accounts {
    /// Deactivates a person at once; for staff. Browser sessions and tokens end for good, backends are told to give no access. Roles
    /// stay and count again where the person is reactivated. Who is deactivated already stays so. Refused for oneself
    /// (`OwnAccount`) and where nobody else would hold a role for good, as `Access::revoke` refuses it (`LastStaff`,
    /// `LastOwner`); an unknown person is `NotFound`, a reason that cannot be kept `Invalid`.
    pub async fn deactivate(&self, actor: &Actor, id: UserId, reason: &str) -> Result<(), AccountsError> {
        authorize(actor, Permission::ManageTeam, &Target::system())?;
        let why = check::reason("reason", reason, false).map_err(AccountsError::Invalid)?;
        if id == actor.user_id {
            return Err(AccountsError::OwnAccount);
        }
        let tx = self.core.write_tx().await?;
        let person = locked(&tx, id).await?;
        if person.is_active {
            let held = role_grant::Entity::find_of_user(id, self.core.now())
                .all(&*tx)
                .await?;
            for grant in held.iter().filter(|grant| grant.expires_at.is_none()) {
                refuse_last_permanent(&tx, grant, grant.scope()?, self.core.now()).await?;
            }
            set_active(&tx, id, false).await?;
            self.after(&tx, actor, (&person, EventKind::UserDeactivated), why)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Reactivates a person with the password and the roles of before; for staff. What was open before stays ended. Who is
    /// active stays as they are. An unknown person is `NotFound`, a reason that cannot be kept `Invalid`.
    pub async fn reactivate(&self, actor: &Actor, id: UserId, reason: &str) -> Result<(), AccountsError> {
        authorize(actor, Permission::ManageTeam, &Target::system())?;
        let why = check::reason("reason", reason, false).map_err(AccountsError::Invalid)?;
        let tx = self.core.write_tx().await?;
        let person = locked(&tx, id).await?;
        if !person.is_active {
            set_active(&tx, id, true).await?;
            self.after(&tx, actor, (&person, EventKind::UserReactivated), why)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Ends what is open, writes down what was done and tells the backends. On the way back too: a sign-in that was under way while the
    /// person was deactivated has opened something.
    async fn after(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        (person, verb): (&Model, EventKind),
        why: String,
    ) -> Result<(), AccountsError> {
        end_ways_in(&self.core, tx, actor, person.id).await?;
        let event = Event::new(actor, verb, person.id.0)
            .before(json!({ "is_active": person.is_active }))
            .after(json!({ "is_active": !person.is_active }))
            .reason(why);
        audit::record_in(&self.core, tx, event).await?;
        for grant in role_grant::Entity::find_of_user(person.id, self.core.now())
            .all(tx)
            .await?
        {
            sync_members_in(&self.core, tx, grant.scope()?).await?;
        }
        Ok(())
    }
}

/// The person, whom nobody else deactivates or reactivates meanwhile.
async fn locked(tx: &DatabaseTransaction, id: UserId) -> Result<Model, AccountsError> {
    let found = Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    // The row under which the system placed orders is nobody.
    let person = found.filter(|person| person.id != Actor::system().user_id);
    Ok(person.ok_or(AccessError::NotFound)?)
}

async fn set_active(tx: &DatabaseTransaction, id: UserId, is_active: bool) -> Result<(), DbErr> {
    let update = Entity::update_many().col_expr(Column::IsActive, Expr::value(is_active));
    update.filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

async fn end_ways_in(core: &Core, tx: &DatabaseTransaction, actor: &Actor, id: UserId) -> Result<(), DbErr> {
    end_all_in(core, tx, actor, id).await?;
    let sessions = session::Entity::delete_many().filter(session::Column::UserId.eq(id));
    sessions.exec(tx).await?;
    Ok(())
}
