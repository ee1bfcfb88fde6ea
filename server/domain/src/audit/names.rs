//! How the subjects of entries are called now, and what the words about roles name.

use std::collections::HashMap;

use entity::audit_event::Model;
use entity::{invoice, offering, order, organization, project, resource, user};
use model::{EventKind, Scope, UserId};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::role_told::RoleTold;

/// The names of what entries are about. What has no name, or is gone, has none here.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Of things and people, by id: ids of two kinds are never the same.
    by_id: HashMap<Uuid, String>,
    /// Of people, by address.
    by_email: HashMap<String, String>,
    /// Whose role it is goes without saying: it is the reader's.
    for_holder: bool,
}

impl Names {
    /// What is called so by its id.
    pub(super) fn of(&self, id: Uuid) -> Option<&str> {
        self.by_id.get(&id).map(String::as_str)
    }

    /// Whose role an entry tells of.
    pub(super) fn holder(&self, told: &RoleTold) -> Option<&str> {
        if self.for_holder {
            return None;
        }
        let by_id = told.user_id.and_then(|id| self.of(id.0));
        by_id.or_else(|| Some(self.by_email.get(told.user.as_deref()?)?.as_str()))
    }

    /// What an entry is about.
    pub(super) fn subject<'a>(&'a self, row: &'a Model) -> Option<&'a str> {
        let holder = || self.holder(&RoleTold::of(row)?);
        self.of(row.subject_id).or_else(holder).or_else(|| own_name(row))
    }

    /// For who holds the roles that are told of.
    pub(super) fn for_holder(self) -> Self {
        Self {
            for_holder: true,
            ..self
        }
    }

    async fn add_people(
        &mut self,
        conn: &impl ConnectionTrait,
        (ids, emails): (Vec<UserId>, Vec<String>),
    ) -> Result<(), DbErr> {
        let people: Vec<(UserId, String, String)> = user::Entity::find()
            .select_only()
            .column(user::Column::Id)
            .column(user::Column::Email)
            .column(user::Column::Name)
            .filter(user::Column::Id.is_in(ids).or(user::Column::Email.is_in(emails)))
            .into_tuple()
            .all(conn)
            .await?;
        for (id, email, name) in people {
            self.by_id.insert(id.0, name.clone());
            self.by_email.insert(email, name);
        }
        Ok(())
    }
}

/// What a rule of approval was called then: the entry itself says it, also of one that is gone.
fn own_name(row: &Model) -> Option<&str> {
    if row.subject_kind != EventKind::ApprovalRuleSaved.subject() {
        return None;
    }
    let mut told = [&row.after, &row.before].into_iter();
    told.find_map(|one| one.get("name")?.as_str())
}

/// The names of what these entries are about. As many queries, however many entries there are.
pub(super) async fn of_subjects(conn: &impl ConnectionTrait, rows: &[Model]) -> Result<Names, DbErr> {
    let roles: Vec<RoleTold> = rows.iter().filter_map(RoleTold::of).collect();
    let ids = |kinds: &[&str]| -> Vec<Uuid> {
        let about = rows
            .iter()
            .filter(|row| kinds.contains(&row.subject_kind.as_str()));
        let held_on = roles.iter().filter_map(|told| scoped(told.scope?));
        let held_on = held_on.filter(|(kind, _)| kinds.contains(kind)).map(|(_, id)| id);
        about.map(|row| row.subject_id).chain(held_on).collect()
    };
    let found = [
        named::<order::Entity>(
            conn,
            (order::Column::Id, order::Column::ResourceName),
            ids(&["order"]),
        )
        .await?,
        named::<resource::Entity>(
            conn,
            (resource::Column::Id, resource::Column::Name),
            ids(&["resource"]),
        )
        .await?,
        named::<offering::Entity>(
            conn,
            (offering::Column::Id, offering::Column::Name),
            ids(&["offering"]),
        )
        .await?,
        named::<organization::Entity>(
            conn,
            (organization::Column::Id, organization::Column::Name),
            ids(&["organization"]),
        )
        .await?,
        named::<project::Entity>(
            conn,
            (project::Column::Id, project::Column::Name),
            ids(&["project"]),
        )
        .await?,
        named::<invoice::Entity>(
            conn,
            (invoice::Column::Id, invoice::Column::Number),
            ids(&["invoice"]),
        )
        .await?,
    ];
    let found = found.into_iter().flatten();
    let mut names = Names {
        by_id: found.filter_map(|(id, name)| Some((id, name?))).collect(),
        ..Names::default()
    };
    let people = ids(&["account", "user"]).into_iter().map(UserId);
    let holders = roles.iter().filter_map(|told| told.user_id);
    let emails = roles.iter().filter_map(|told| told.user.clone()).collect();
    names
        .add_people(conn, (people.chain(holders).collect(), emails))
        .await?;
    Ok(names)
}

/// What a scope names, as the kind of a subject and its id; the installation has neither.
pub(super) fn scoped(scope: Scope) -> Option<(&'static str, Uuid)> {
    match scope {
        Scope::System => None,
        Scope::Organization(id) | Scope::Provider(id) => Some(("organization", id.0)),
        Scope::Project(id) => Some(("project", id.0)),
        Scope::Offering(id) => Some(("offering", id.0)),
    }
}

async fn named<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    (id, name): (E::Column, E::Column),
    ids: Vec<Uuid>,
) -> Result<Vec<(Uuid, Option<String>)>, DbErr> {
    E::find()
        .select_only()
        .column(id)
        .column(name)
        .filter(id.is_in(ids))
        .into_tuple()
        .all(conn)
        .await
}
