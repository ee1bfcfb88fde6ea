//! Signing in with a password, and typing it again.

use chrono::{DateTime, TimeDelta, Utc};
use entity::user;
use model::{EventKind, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::people::person;
use super::security_events::{Origin, from_where, note_failure, note_try_within_wait, record_in};
use super::throttle::{self, Bucket};
use super::{AccountOperations, Accounts, AccountsError, password};
use crate::access::Actor;
use crate::core::Core;
use crate::crypto::{Place, SealedIn};

/// Longer input cannot be right; hashing it would only cost time.
const LONGEST_INPUT: usize = 1_100;
/// For so long a browser is known after somebody signed in with it.
const KNOWN_FOR: TimeDelta = TimeDelta::days(365);

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The person.
    pub user: UserId,
    /// By this the browser is known from now on: later tries of this person with it are counted apart from everybody
    /// else's, so that nobody can lock the person out. It opens nothing by itself.
    pub device: String,
}

impl Accounts {
    /// The person with this address and password. Refused alike (`Rejected`), after the same time: unknown people, inactive
    /// people and wrong passwords. `Throttled` after too many wrong tries from where this one comes, `Busy` where more
    /// passwords wait than this process takes.
    pub async fn authenticate(
        &self,
        email: &str,
        password: &str,
        from: &Origin,
    ) -> Result<SignedIn, AccountsError> {
        if email.len() > LONGEST_INPUT || password.len() > LONGEST_INPUT || email.contains('\0') {
            return Err(AccountsError::Rejected);
        }
        let email = email.trim().to_lowercase();
        let person = user::Entity::find_by_email(&email).one(self.core.read()).await?;
        let person = person.filter(|person| person.is_active);
        let device = person
            .as_ref()
            .and_then(|person| self.device(person.id, &from.device));
        let (place, buckets) = match device {
            Some(device) => (Place::Known, vec![Bucket::device(device)]),
            None => (Place::Stranger, Bucket::of_stranger(&email, &from.address)),
        };
        // Counted only when a place is had, so that a flood costs no writing.
        let waiting = password::line_up(&self.core, place)?;
        let by = Actor::unknown();
        let waits_until = count(&self.core, &buckets, person.as_ref(), &by, from).await?;
        let stored = person.as_ref().and_then(|person| person.password_hash.clone());
        let fits = password::fits(waiting, password.to_owned(), stored).await?;
        let Some(person) = person.as_ref().filter(|_| fits) else {
            note_failure(&self.core, person.as_ref(), from, waits_until).await?;
            return Err(AccountsError::Rejected);
        };
        throttle::forgive(&self.core, &buckets).await?;
        self.note_sign_in(person, from, device.is_some()).await?;
        Ok(SignedIn {
            user: person.id,
            device: self.new_device(person.id, device)?,
        })
    }

    /// Looks at the actor's password once more. Refused with a token (`BrowserOnly`), where it is wrong (`Invalid`), after
    /// too many wrong ones of this person (`Throttled`), and as [`Accounts::authenticate`] where this process is `Busy`.
    pub async fn confirm_password(&self, actor: &Actor, typed: &str) -> Result<(), AccountsError> {
        if actor.token_scopes.is_some() {
            return Err(AccountsError::BrowserOnly);
        }
        let person = person(&self.core, actor.user_id).await?;
        let mut faults = crate::check::Check::default();
        let fits = own_fits(self, &person, typed).await?;
        faults.ensure(fits, "password", "wrong", "This is not your password.");
        faults.done().map_err(AccountsError::Invalid)
    }

    /// Notes that the actor has ended the session in the browser that `from` tells of. Refused with a token (`BrowserOnly`).
    pub async fn note_sign_out(&self, actor: &Actor, from: &Origin) -> Result<(), AccountsError> {
        if actor.token_scopes.is_some() {
            return Err(AccountsError::BrowserOnly);
        }
        tracing::info!(client.address = from.address, user.id = %actor.user_id, "signed out");
        let tx = self.core.write_tx().await?;
        let details = (Json::Null, from_where(from));
        record_in(
            &self.core,
            &tx,
            actor,
            actor.user_id,
            EventKind::AccountSignedOut,
            details,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    async fn note_sign_in(
        &self,
        person: &user::Model,
        from: &Origin,
        known: bool,
    ) -> Result<(), AccountsError> {
        tracing::info!(client.address = from.address, user.id = %person.id, known, "signed in");
        let tx = self.core.write_tx().await?;
        user::Entity::update_many()
            .col_expr(user::Column::LastLoginAt, Expr::value(Some(self.core.now())))
            .filter(user::Column::Id.eq(person.id))
            .exec(&*tx)
            .await?;
        let by = Actor::named(person);
        let details = (json!({ "known_browser": known }), from_where(from));
        record_in(
            &self.core,
            &tx,
            &by,
            person.id,
            EventKind::AccountSignedIn,
            details,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// The name of a browser in which this person has signed in within the last year.
    fn device(&self, person: UserId, sealed: &str) -> Option<Uuid> {
        let plain = self.core.cipher().open_text(sealed, device_of(person)).ok()?;
        let text = String::from_utf8(plain).ok()?;
        let mut parts = text.split(' ');
        let (name, until) = (parts.next()?, parts.next()?);
        let lasts = until.parse::<i64>().ok()? > self.core.now().timestamp();
        if lasts { name.parse().ok() } else { None }
    }

    /// What makes the browser known for another year, under the name that it has.
    fn new_device(&self, person: UserId, name: Option<Uuid>) -> Result<String, AccountsError> {
        let name = name.unwrap_or_else(|| Uuid::from_bytes(rand::random()));
        let until = (self.core.now() + KNOWN_FOR).timestamp();
        let plain = format!("{name} {until}");
        let sealed = self.core.cipher().seal_text(plain.as_bytes(), device_of(person));
        sealed.map_err(|fault| AccountsError::Hash(fault.to_string()))
    }
}

/// The place of what makes a browser known, which is a cookie and no row: it is bound to the person.
fn device_of(person: UserId) -> SealedIn {
    SealedIn::at("cookies", "device", person.0)
}

/// Whether what a signed-in person typed is the person's password; wrong ones are counted for the person alone.
pub(super) async fn own_fits(
    accounts: &Accounts,
    person: &user::Model,
    typed: &str,
) -> Result<bool, AccountsError> {
    let core = &accounts.core;
    let buckets = [Bucket::person(person.id)];
    let waiting = password::line_up(core, Place::Known)?;
    let by = Actor::named(person);
    count(core, &buckets, Some(person), &by, &Origin::default()).await?;
    let stored = person.password_hash.clone();
    let fits = typed.len() <= LONGEST_INPUT && password::fits(waiting, typed.to_owned(), stored).await?;
    if fits {
        throttle::forgive(core, &buckets).await?;
    }
    let verb = if fits {
        EventKind::AccountPasswordConfirmed
    } else {
        EventKind::AccountPasswordWrong
    };
    let tx = core.write_tx().await?;
    let details = (Json::Null, String::new());
    record_in(core, &tx, &by, person.id, verb, details).await?;
    tx.commit().await?;
    Ok(fits)
}

/// As [`throttle::count`], and what is refused there is noted.
async fn count(
    core: &Core,
    buckets: &[Bucket],
    person: Option<&user::Model>,
    by: &Actor,
    from: &Origin,
) -> Result<Option<DateTime<Utc>>, AccountsError> {
    let counted = throttle::count(core, buckets).await;
    if let Err(AccountsError::Throttled { .. }) = counted {
        note_try_within_wait(core, person, by, from).await?;
    }
    counted
}

impl AccountOperations {
    /// Removes throttling records that no longer matter; how many.
    pub async fn sweep_throttles(&self) -> Result<u64, AccountsError> {
        throttle::sweep(&self.core).await
    }
}
