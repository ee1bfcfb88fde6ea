//! Everybody who has an account, for those who operate the installation.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::role_grant;
use entity::user::{Column, Entity, Model};
use model::{NamedList, Page, PageRequest, Permission, PersonSummary, Role, UserId};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::people::create;
use super::{Accounts, AccountsError, NewUser};
use crate::access::{AccessError, Actor, Target, authorize};
use crate::{audit, page};

impl Accounts {
    /// People whose name, address or user name holds `search`, by name unless `list` says otherwise, each with the roles
    /// in force. Changed are also those who signed in, and whose roles came, went or ran out. Two queries; for staff and
    /// support. Refused for others (`Access`), and a cursor of another list (`Cursor`).
    pub async fn people(
        &self,
        actor: &Actor,
        search: &str,
        list: &NamedList,
        request: &PageRequest,
    ) -> Result<Page<PersonSummary>, AccountsError> {
        authorize(actor, Permission::ViewAudit, &Target::system())?;
        // The row under which the system places orders is nobody.
        let mut select = Entity::find().filter(Column::Id.ne(Actor::system().user_id));
        if let Some(text) = page::needle(search) {
            select = select.filter(page::contains(Column::SearchText, &text));
        }
        if let Some(instant) = list.updated_since {
            select = select.filter(changed_since(instant, self.core.now()));
        }
        let rows = page::by_name_or_age(select, Column::Name, Column::Id, request, list.sort)?
            .all(self.core.read())
            .await?;
        let page = page::cut(rows, request, |row| page::key(list.sort, &row.name, row.id));
        let mut roles = self.roles_of(page.items.iter().map(|row| row.id)).await?;
        Ok(page.map(|row| summary(row, &mut roles)))
    }

    /// One person with the roles in force; for staff and support. Refused for others, and an unknown person, as
    /// `NotFound`.
    pub async fn person_of(&self, actor: &Actor, id: UserId) -> Result<PersonSummary, AccountsError> {
        authorize(actor, Permission::ViewAudit, &Target::system())?;
        let row = Entity::find_by_id(id)
            .one(self.core.read())
            .await?
            .ok_or(AccessError::NotFound)?;
        let mut roles = self.roles_of([id]).await?;
        Ok(summary(row, &mut roles))
    }

    /// Creates a person with a first password, which staff hands over and the person changes. For staff; refused for
    /// others (`Access`), with all that is at fault at its fields (`Invalid`): an address or user name that is taken, a
    /// password that is easy to guess.
    pub async fn register(&self, actor: &Actor, new: NewUser) -> Result<UserId, AccountsError> {
        authorize(actor, Permission::ManageTeam, &Target::system())?;
        create(&self.core, actor, new).await
    }

    /// The roles in force of each of these people, each once.
    async fn roles_of(
        &self,
        people: impl IntoIterator<Item = UserId>,
    ) -> Result<HashMap<UserId, Vec<Role>>, AccountsError> {
        let held: Vec<(UserId, Role)> = role_grant::Entity::find_in_force(self.core.now())
            .select_only()
            .distinct()
            .columns([role_grant::Column::UserId, role_grant::Column::Role])
            .filter(role_grant::Column::UserId.is_in(people))
            .into_tuple()
            .all(self.core.read())
            .await?;
        let mut roles: HashMap<UserId, Vec<Role>> = HashMap::new();
        for (person, role) in held {
            roles.entry(person).or_default().push(role);
        }
        for roles in roles.values_mut() {
            roles.sort_unstable();
        }
        Ok(roles)
    }
}

/// What [`summary`] shows became another at `instant` or later.
fn changed_since(instant: DateTime<Utc>, now: DateTime<Utc>) -> Condition {
    use role_grant::Column as Grant;
    let ran_out = Condition::all()
        .add(Grant::ExpiresAt.gte(instant))
        .add(Grant::ExpiresAt.lte(now));
    let other_roles = Condition::any()
        .add(Grant::CreatedAt.gte(instant))
        .add(Grant::RevokedAt.gte(instant))
        .add(ran_out);
    let of_grants = Query::select()
        .column(Grant::UserId)
        .from(role_grant::Entity)
        .cond_where(other_roles)
        .to_owned();
    Condition::any()
        .add(audit::changed_since("user", Column::Id, instant))
        .add(Column::LastLoginAt.gte(instant))
        .add(Column::Id.in_subquery(of_grants))
}

fn summary(row: Model, roles: &mut HashMap<UserId, Vec<Role>>) -> PersonSummary {
    PersonSummary {
        roles: roles.remove(&row.id).unwrap_or_default(),
        id: row.id,
        name: row.name,
        email: row.email,
        username: row.username,
        is_active: row.is_active,
        created_at: row.created_at,
        last_login_at: row.last_login_at,
    }
}
