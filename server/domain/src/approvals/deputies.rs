//! Who decides on orders for somebody who is away.

use chrono::{Days, NaiveDate};
use entity::{deputy, offering, project, role_grant, user};
use model::{
    Deputies, Deputy, DeputyDraft, EventKind, NamedPerson, OrganizationId, Scope, StandsInFor, TokenScope,
    UserId,
};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect,
};
use serde_json::json;
use std::collections::BTreeSet;

use super::{ApprovalError, Approvals};
use crate::access::{AccessError, Actor};
use crate::actor::{check_scope, held_by};
use crate::audit::{self, Event};
use crate::check::Check;
use crate::core::advisory_lock;
use crate::zone::days_between;

/// For how long somebody can be away.
const LONGEST_ABSENCE: Days = Days::new(366);

impl Approvals {
    /// Who decides for the actor, and for whom the actor decides. Refused with a token that may not read.
    pub async fn deputies(&self, actor: &Actor) -> Result<Deputies, ApprovalError> {
        check_scope(actor, TokenScope::Read)?;
        self.deputies_of(actor).await
    }

    async fn deputies_of(&self, actor: &Actor) -> Result<Deputies, ApprovalError> {
        let (conn, now) = (self.core.read(), self.core.now());
        let own = deputy::Entity::find_by_id(actor.user_id)
            .filter(deputy::Column::EndsAt.gt(now))
            .find_also_related(user::Entity)
            .one(conn)
            .await?;
        let own = match own {
            Some((row, _)) => {
                let person = user::Entity::find_by_id(row.deputy_id).one(conn).await?;
                let person = person.filter(|person| person.is_active);
                person.map(|person| Deputy {
                    deputy: NamedPerson {
                        user_id: person.id,
                        name: person.name,
                        email: person.email,
                    },
                    first_day: row.first_day,
                    last_day: row.last_day,
                    is_now: row.starts_at <= now,
                })
            }
            None => None,
        };
        // What a token is for says what it may do, and not what may be read by it.
        let held = held_by(&self.core, actor.user_id).await?;
        let stands_in_for = held.stands_in_for.into_iter().map(|absent| StandsInFor {
            name: absent.name,
            last_day: absent.last_day,
        });
        Ok(Deputies {
            own,
            stands_in_for: stands_in_for.collect(),
        })
    }

    /// Names a colleague who decides on orders for the actor from the beginning of the first day to the end of the last one, as
    /// the actor's clocks have it; instead of whom the actor had named before. Answers as [`Approvals::deputies`] does. Refused with a token that may not approve, for
    /// nobody who has a role in an organization in which the actor has one, for oneself, days that are over, out of order or
    /// begin more than 366 days ahead, and for longer than 366 days (`Invalid`).
    pub async fn name_deputy(&self, actor: &Actor, draft: DeputyDraft) -> Result<Deputies, ApprovalError> {
        check_scope(actor, TokenScope::Approve)?;
        let tx = self.core.write_tx().await?;
        advisory_lock(&tx, &format!("deputy of {}", actor.user_id)).await?;
        let mut check = Check::default();
        let email = check.email("email", &draft.email);
        check.ensure(!email.is_empty(), "email", "required", "Please fill this in.");
        let (starts_at, ends_at) = self.absence(&mut check, actor, draft.first_day, draft.last_day);
        check.done().map_err(ApprovalError::Invalid)?;
        let mut check = Check::default();
        let deputy = self.colleague(&*tx, actor, &email).await?;
        check.ensure(
            deputy.is_some(),
            "email",
            "nobody_there",
            "None of your colleagues has this address. Name somebody with a role in one of your organizations.",
        );
        check.done().map_err(ApprovalError::Invalid)?;
        let deputy_id = deputy.ok_or(AccessError::NotFound)?;
        if let Some(before) = deputy::Entity::find_by_id(actor.user_id).one(&*tx).await?
            && before.deputy_id != deputy_id
            && before.ends_at > self.core.now()
        {
            self.note_end(&tx, actor, &before).await?;
        }
        let row = deputy::Model {
            user_id: actor.user_id,
            deputy_id,
            first_day: draft.first_day,
            last_day: draft.last_day,
            starts_at,
            ends_at,
        };
        let replaced = OnConflict::column(deputy::Column::UserId)
            .update_columns([
                deputy::Column::DeputyId,
                deputy::Column::FirstDay,
                deputy::Column::LastDay,
                deputy::Column::StartsAt,
                deputy::Column::EndsAt,
            ])
            .to_owned();
        deputy::Entity::insert(ActiveModelTrait::reset_all(row.into_active_model()))
            .on_conflict(replaced)
            .exec_without_returning(&*tx)
            .await?;
        let event = Event::new(actor, EventKind::AccountDeputyNamed, actor.user_id.0)
            .after(json!({ "deputy": deputy_id, "first_day": draft.first_day, "last_day": draft.last_day }));
        audit::record_in(&self.core, &tx, event).await?;
        tx.commit().await?;
        self.deputies_of(actor).await
    }

    /// Takes back whom the actor has named; nothing where nobody is. Refused with a token that may not approve.
    pub async fn take_back_deputy(&self, actor: &Actor) -> Result<(), ApprovalError> {
        check_scope(actor, TokenScope::Approve)?;
        let tx = self.core.write_tx().await?;
        let row = deputy::Entity::find_by_id(actor.user_id).one(&*tx).await?;
        let Some(row) = row.filter(|row| row.ends_at > self.core.now()) else {
            return Ok(());
        };
        deputy::Entity::delete_by_id(actor.user_id).exec(&*tx).await?;
        self.note_end(&tx, actor, &row).await?;
        Ok(tx.commit().await?)
    }

    /// Tells whom the actor had named that they decide for them no more.
    async fn note_end(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        row: &deputy::Model,
    ) -> Result<(), DbErr> {
        let event = Event::new(actor, EventKind::AccountDeputyEnded, actor.user_id.0)
            .before(json!({ "deputy": row.deputy_id, "last_day": row.last_day }));
        audit::record_in(&self.core, tx, event).await?;
        Ok(())
    }

    /// The instants between which the actor is away.
    fn absence(
        &self,
        check: &mut Check,
        actor: &Actor,
        first: NaiveDate,
        last: NaiveDate,
    ) -> (chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>) {
        let now = self.core.now();
        check.day("first_day", Some(first));
        check.day("last_day", Some(last));
        let (starts_at, ends_at) = days_between(actor.time_zone, first, last);
        check.ensure(ends_at > now, "last_day", "over", "This day is over.");
        check.ensure(
            first <= last,
            "last_day",
            "out_of_order",
            "The last day comes before the first.",
        );
        let today = now.with_timezone(&actor.time_zone).date_naive();
        check.ensure(
            today
                .checked_add_days(LONGEST_ABSENCE)
                .is_some_and(|latest| first <= latest),
            "first_day",
            "out_of_range",
            "Name somebody for a time that begins within 366 days.",
        );
        let longest = first.checked_add_days(LONGEST_ABSENCE);
        check.ensure(
            longest.is_none_or(|longest| last < longest),
            "last_day",
            "out_of_range",
            "Name somebody for at most 366 days.",
        );
        (starts_at, ends_at)
    }

    /// The active person with an address who has a role in an organization in which the actor has one, or like the actor on the
    /// installation.
    async fn colleague(
        &self,
        conn: &impl ConnectionTrait,
        actor: &Actor,
        email: &str,
    ) -> Result<Option<UserId>, DbErr> {
        let person = user::Entity::find()
            .filter(user::Column::Email.eq(email))
            .filter(user::Column::IsActive.eq(true))
            .one(conn)
            .await?;
        let Some(person) = person.filter(|person| person.id != actor.user_id) else {
            return Ok(None);
        };
        let rows = role_grant::Entity::find_of_user(person.id, self.core.now())
            .all(conn)
            .await?;
        let theirs = rows
            .iter()
            .map(role_grant::Model::scope)
            .collect::<Result<Vec<_>, _>>()?;
        let own = actor.grants.iter().map(|grant| grant.scope).collect();
        let (own, theirs) = (
            organizations(conn, own).await?,
            organizations(conn, theirs).await?,
        );
        Ok((!own.is_disjoint(&theirs)).then_some(person.id))
    }
}

/// The organizations in which scopes lie; none for the installation, which has no organization.
async fn organizations(
    conn: &impl ConnectionTrait,
    scopes: Vec<Scope>,
) -> Result<BTreeSet<Option<OrganizationId>>, DbErr> {
    let mut found = BTreeSet::new();
    let (mut projects, mut offerings) = (Vec::new(), Vec::new());
    for scope in scopes {
        match scope {
            Scope::System => {
                found.insert(None);
            }
            Scope::Organization(id) | Scope::Provider(id) => {
                found.insert(Some(id));
            }
            Scope::Project(id) => projects.push(id),
            Scope::Offering(id) => offerings.push(id),
        }
    }
    let of_projects: Vec<OrganizationId> = project::Entity::find()
        .filter(project::Column::Id.is_in(projects))
        .select_only()
        .column(project::Column::OrganizationId)
        .into_tuple()
        .all(conn)
        .await?;
    let of_offerings: Vec<OrganizationId> = offering::Entity::find()
        .filter(offering::Column::Id.is_in(offerings))
        .select_only()
        .column(offering::Column::ProviderId)
        .into_tuple()
        .all(conn)
        .await?;
    found.extend(of_projects.into_iter().chain(of_offerings).map(Some));
    Ok(found)
}
