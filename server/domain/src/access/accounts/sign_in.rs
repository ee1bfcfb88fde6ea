//! Signing in with a password.

use entity::user;
use model::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value as Json;

use super::people::person;
use super::throttle::{self, Bucket};
use super::{AccountOperations, Accounts, AccountsError, password};
use crate::access::Actor;
use crate::audit::{self, Event};
use crate::check::Check;
use crate::core::Core;

/// Longer input cannot be right; hashing it would only cost time.
const LONGEST_INPUT: usize = 1_100;

impl Accounts {
    /// The person with this address and password. `address` is the network address the try comes from; empty where
    /// there is none. Same answer and time for unknown people, inactive people and wrong passwords.
    pub async fn authenticate(
        &self,
        email: &str,
        password: &str,
        address: &str,
    ) -> Result<UserId, AccountsError> {
        if email.len() > LONGEST_INPUT || password.len() > LONGEST_INPUT || email.contains('\0') {
            return Err(AccountsError::Rejected);
        }
        let email = email.trim().to_lowercase();
        let account = Bucket::account(&email);
        let from = (!address.is_empty()).then(|| Bucket::address(address));
        let buckets: Vec<Bucket> = [Some(account.clone()), from.clone()]
            .into_iter()
            .flatten()
            .collect();
        throttle::count(&self.core, &buckets).await?;
        let person = user::Entity::find_by_email(&email).one(self.core.read()).await?;
        let person = person.filter(|person| person.is_active);
        let stored = person.as_ref().and_then(|person| person.password_hash.clone());
        let fits = password::fits(password.to_owned(), stored).await?;
        let Some(person) = person.filter(|_| fits) else {
            return Err(AccountsError::Rejected);
        };
        throttle::forgive(&self.core, &account, from.as_ref()).await?;
        self.note_sign_in(person.id).await?;
        Ok(person.id)
    }

    async fn note_sign_in(&self, id: UserId) -> Result<(), AccountsError> {
        let _permit = self.core.write_permit().await;
        user::Entity::update_many()
            .col_expr(user::Column::LastLoginAt, Expr::value(Some(self.core.now())))
            .filter(user::Column::Id.eq(id))
            .exec(self.core.read())
            .await?;
        Ok(())
    }

    /// Gives the actor another password. The session hash changes with it, which ends all other sessions.
    pub async fn change_password(&self, actor: &Actor, old: &str, new: &str) -> Result<(), AccountsError> {
        if actor.token_scopes.is_some() {
            return Err(AccountsError::BrowserOnly);
        }
        let person = person(&self.core, actor.user_id).await?;
        let mut faults = Check::default();
        password::check(
            &mut faults,
            "new_password",
            new,
            &[&person.email, &person.username],
        );
        let bucket = Bucket::account(&person.email);
        throttle::count(&self.core, std::slice::from_ref(&bucket)).await?;
        let old_fits = old.len() <= LONGEST_INPUT
            && password::fits(old.to_owned(), person.password_hash.clone()).await?;
        faults.ensure(
            old_fits,
            "old_password",
            "wrong",
            "This is not your present password.",
        );
        if old_fits {
            throttle::forgive(&self.core, &bucket, None).await?;
        }
        faults.done().map_err(AccountsError::Invalid)?;
        store_password(&self.core, actor, &person, new).await
    }
}

impl AccountOperations {
    /// Sets a forgotten password; for the command line only.
    pub async fn set_password(&self, id: UserId, new: &str) -> Result<(), AccountsError> {
        let person = person(&self.core, id).await?;
        let mut faults = Check::default();
        password::check(&mut faults, "password", new, &[&person.email, &person.username]);
        faults.done().map_err(AccountsError::Invalid)?;
        store_password(&self.core, &Actor::system(), &person, new).await
    }

    /// Removes throttling records that no longer matter; how many.
    pub async fn sweep_throttles(&self) -> Result<u64, AccountsError> {
        throttle::sweep(&self.core).await
    }
}

async fn store_password(
    core: &Core,
    actor: &Actor,
    person: &user::Model,
    new: &str,
) -> Result<(), AccountsError> {
    let hash = password::hash(new.to_owned()).await?;
    let tx = core.write_tx().await?;
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(Some(hash)))
        .filter(user::Column::Id.eq(person.id))
        .exec(&*tx)
        .await?;
    let event = Event::new(actor, "user", person.id.0, "user.password_changed").after(Json::Null);
    audit::record_in(core, &tx, event).await?;
    Ok(tx.commit().await?)
}
