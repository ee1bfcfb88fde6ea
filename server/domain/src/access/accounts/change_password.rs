//! Another password: it ends whatever the old one opened, but for API tokens, which a person ends by name.

use entity::{session, user};
use model::{EventKind, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value as Json;

use super::people::person;
use super::security_events::record_in;
use super::sign_in::own_fits;
use super::{AccountOperations, Accounts, AccountsError, password};
use crate::access::Actor;
use crate::check::Check;
use crate::core::Core;

impl Accounts {
    /// Gives the actor another password, and ends every browser session of the actor, the one in which it is done too: who
    /// asks opens another. Refused with a token (`BrowserOnly`), where the old password is wrong or the new one not good
    /// enough (`Invalid`, all faults at once), after too many wrong ones (`Throttled`) and as `Busy`.
    pub async fn change_password(&self, actor: &Actor, old: &str, new: &str) -> Result<(), AccountsError> {
        if actor.token_scopes.is_some() {
            return Err(AccountsError::BrowserOnly);
        }
        let person = person(&self.core, actor.user_id).await?;
        let mut faults = Check::default();
        let own = [person.email.as_str(), &person.name, &person.username];
        password::check(&self.core, &mut faults, "new_password", new, &own).await?;
        faults.ensure(
            own_fits(self, &person, old).await?,
            "old_password",
            "wrong",
            "This is not your present password.",
        );
        faults.ensure(
            old != new,
            "new_password",
            "same",
            "This is your present password. Choose another.",
        );
        faults.done().map_err(AccountsError::Invalid)?;
        store(&self.core, actor, &person, new).await
    }
}

impl AccountOperations {
    /// Sets a forgotten password and ends the person's browser sessions; for the command line only. Refused where it is not
    /// good enough (`Invalid`).
    pub async fn set_password(&self, id: UserId, new: &str) -> Result<(), AccountsError> {
        let person = person(&self.core, id).await?;
        let mut faults = Check::default();
        let own = [person.email.as_str(), &person.name, &person.username];
        password::check(&self.core, &mut faults, "password", new, &own).await?;
        faults.done().map_err(AccountsError::Invalid)?;
        store(&self.core, &Actor::system(), &person, new).await
    }
}

async fn store(core: &Core, actor: &Actor, person: &user::Model, new: &str) -> Result<(), AccountsError> {
    let hash = password::hash(core, new.to_owned()).await?;
    let tx = core.write_tx().await?;
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(Some(hash)))
        .filter(user::Column::Id.eq(person.id))
        .exec(&*tx)
        .await?;
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(person.id))
        .exec(&*tx)
        .await?;
    let details = (Json::Null, String::new());
    record_in(
        core,
        &tx,
        actor,
        person.id,
        EventKind::AccountPasswordChanged,
        details,
    )
    .await?;
    Ok(tx.commit().await?)
}
