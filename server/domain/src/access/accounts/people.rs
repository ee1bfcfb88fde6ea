//! People: creating, looking up, changing their own details.

use entity::deputy;
use entity::user::{ActiveModel, Column, Entity, Model};
use model::{EventKind, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter,
};
use serde_json::json;

use super::{AccountOperations, Accounts, AccountsError, password};
use crate::access::{AccessError, Actor};
use crate::audit::{self, Event};
use crate::check::Check;
use crate::core::{Core, advisory_lock};
use crate::text;
use crate::zone::days_between;

/// A person to be created.
#[derive(Clone)]
pub struct NewUser {
    /// E-mail, unique whatever its case.
    pub email: String,
    /// Full name, 1 to 100 characters.
    pub name: String,
    /// User name on backends, unique: a lower-case letter, then up to 31 lower-case letters, digits, `_` or `-`.
    pub username: String,
    /// Password.
    pub password: String,
}

impl Accounts {
    /// The stored hash of the password: a session that was made under another one is over. Who is unknown or deactivated
    /// is `NotFound`.
    pub async fn password_hash_of(&self, id: UserId) -> Result<String, AccountsError> {
        Ok(person(&self.core, id).await?.password_hash.unwrap_or_default())
    }

    /// Changes the actor's own name and time zone (IANA name). Refused with a token (`BrowserOnly`), and a name that
    /// cannot be kept or a zone that does not exist (`Invalid`).
    pub async fn set_profile(&self, actor: &Actor, name: &str, time_zone: &str) -> Result<(), AccountsError> {
        if actor.token_scopes.is_some() {
            return Err(AccountsError::BrowserOnly);
        }
        let mut faults = Check::default();
        let name = faults.required("name", name, 100);
        let zone = time_zone.parse::<chrono_tz::Tz>().ok();
        faults.ensure(
            zone.is_some(),
            "time_zone",
            "unknown_time_zone",
            "Choose a time zone such as Europe/Tallinn.",
        );
        faults.done().map_err(AccountsError::Invalid)?;
        let tx = self.core.write_tx().await?;
        let person = person(&self.core, actor.user_id).await?;
        let search_text = text::search_text([name.as_str(), &person.email, &person.username]);
        Entity::update_many()
            .col_expr(Column::Name, Expr::value(&name))
            .col_expr(Column::SearchText, Expr::value(search_text))
            .col_expr(Column::TimeZone, Expr::value(time_zone))
            .filter(Column::Id.eq(actor.user_id))
            .exec(&*tx)
            .await?;
        if let Some(zone) = zone.filter(|zone| *zone != actor.time_zone) {
            keep_days_of_absence(&tx, actor.user_id, zone).await?;
        }
        let event = Event::new(actor, EventKind::UserProfileChanged, actor.user_id.0)
            .before(json!({ "name": actor.name, "time_zone": actor.time_zone.name() }))
            .after(json!({ "name": name, "time_zone": time_zone }));
        audit::record_in(&self.core, &tx, event).await?;
        Ok(tx.commit().await?)
    }
}

/// Who is away is so on the days that they said, also by other clocks.
async fn keep_days_of_absence(
    tx: &DatabaseTransaction,
    id: UserId,
    zone: chrono_tz::Tz,
) -> Result<(), AccountsError> {
    let Some(row) = deputy::Entity::find_by_id(id).one(tx).await? else {
        return Ok(());
    };
    let (starts_at, ends_at) = days_between(zone, row.first_day, row.last_day);
    let mut row = row.into_active_model();
    row.starts_at = Set(starts_at);
    row.ends_at = Set(ends_at);
    row.update(tx).await?;
    Ok(())
}

impl AccountOperations {
    /// Creates a person; for the command line and demo content, so it asks for no actor. Refused as
    /// [`Accounts::register`] refuses its fields (`Invalid`).
    pub async fn create_user(&self, new: NewUser) -> Result<UserId, AccountsError> {
        create(&self.core, &Actor::system(), new).await
    }

    /// Whether anybody has an account, active or not.
    pub async fn has_people(&self) -> Result<bool, AccountsError> {
        // The row under which the system places orders is nobody.
        let people = Entity::find().filter(Column::Id.ne(Actor::system().user_id));
        Ok(people.one(self.core.read()).await?.is_some())
    }

    /// The person with this address; for the command line.
    pub async fn find_by_email(&self, email: &str) -> Result<Option<UserId>, AccountsError> {
        Ok(Entity::find_by_email(email)
            .one(self.core.read())
            .await?
            .map(|person| person.id))
    }
}

/// Creates a person; the log tells who did it.
pub(super) async fn create(core: &Core, by: &Actor, new: NewUser) -> Result<UserId, AccountsError> {
    let mut faults = Check::default();
    let email = faults.email("email", &new.email);
    let name = faults.required("name", &new.name, 100);
    faults.ensure(!email.is_empty(), "email", "required", "Please fill this in.");
    faults.ensure(
        is_username(&new.username),
        "username",
        "bad_username",
        "Use a lower-case letter, then up to 31 lower-case letters, digits, _ or -.",
    );
    let own = [email.as_str(), &name, &new.username];
    password::check(core, &mut faults, "password", &new.password, &own).await?;
    faults.done().map_err(AccountsError::Invalid)?;
    let hash = password::hash(core, new.password).await?;
    let id = core.new_id(UserId);
    let row = ActiveModel {
        id: Set(id),
        email: Set(email.clone()),
        search_text: Set(text::search_text([name.as_str(), &email, &new.username])),
        name: Set(name.clone()),
        username: Set(new.username.clone()),
        password_hash: Set(Some(hash)),
        time_zone: Set("UTC".into()),
        is_active: Set(true),
        created_at: Set(core.now()),
        last_login_at: Set(None),
    };
    let tx = core.write_tx().await?;
    advisory_lock(&tx, "users").await?;
    refuse_taken(&tx, &email, &new.username).await?;
    row.insert(&*tx).await?;
    let event = Event::new(by, EventKind::UserCreated, id.0)
        .after(json!({ "email": email, "name": name, "username": new.username }));
    audit::record_in(core, &tx, event).await?;
    tx.commit().await?;
    Ok(id)
}

/// The person, as long as they are active.
pub(super) async fn person(core: &Core, id: UserId) -> Result<Model, AccountsError> {
    let found = Entity::find_by_id(id).one(core.read()).await?;
    Ok(found
        .filter(|person| person.is_active)
        .ok_or(AccessError::NotFound)?)
}

/// Names the field that is taken.
async fn refuse_taken(tx: &DatabaseTransaction, email: &str, username: &str) -> Result<(), AccountsError> {
    let same = Condition::any()
        .add(Column::Email.eq(email))
        .add(Column::Username.eq(username));
    let mut faults = Check::default();
    for other in Entity::find().filter(same).all(tx).await? {
        faults.ensure(
            other.email != email,
            "email",
            "taken",
            "There is already somebody with this address.",
        );
        faults.ensure(
            other.username != username,
            "username",
            "taken",
            "This user name is taken. Choose another.",
        );
    }
    faults.done().map_err(AccountsError::Invalid)
}

fn is_username(text: &str) -> bool {
    let tail = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    text.len() <= 32 && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_are_checked() {
        assert!(is_username("ada-l_2"));
        for bad in ["", "Ada", "2ada", "ada lovelace", &"a".repeat(33)] {
            assert!(!is_username(bad), "{bad}");
        }
    }
}
