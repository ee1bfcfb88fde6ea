//! Reading the log.

use entity::audit_event::{Column, Entity, Model};
use entity::{offering, project};
use model::{AuditEntry, EventKind, Page, PageRequest, Permission, Scope, TimelineEntry};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::names::Names;
use super::role_told::RoleTold;
use super::{Audit, AuditError, names, words};
use crate::actor::{AccessError, Actor, Target, authorize};
use crate::page;

impl Audit {
    /// Entries of a scope, newest first: of a provider, what happened to what it offers and sells, without the roles on the
    /// organization for who may not see that one's log. Refused: who may not see that scope's log, and a cursor of another
    /// list.
    pub async fn list(
        &self,
        actor: &Actor,
        scope: Scope,
        request: &PageRequest,
    ) -> Result<Page<AuditEntry>, AuditError> {
        let target = self.target_of(scope).await?;
        authorize(actor, Permission::ViewAudit, &target)?;
        let within = match scope {
            Scope::Provider(id) if actor.may(Permission::ViewAudit, &Target::organization(id)) => {
                Condition::all().add(Column::ProviderId.eq(id))
            }
            _ => of_scope(scope),
        };
        let select = Entity::find().filter(within);
        let rows = page::newest_first(select, Column::Id, request)?;
        let rows = rows.all(self.core.read()).await?;
        let page = page::cut(rows, request, |row| vec![row.id.to_string()]);
        Ok(Page {
            items: entries_in(self.core.read(), page.items).await?,
            next: page.next,
        })
    }

    /// Whose log it is: of an organization as one that buys.
    async fn target_of(&self, scope: Scope) -> Result<Target, AuditError> {
        Ok(match scope {
            Scope::System => Target::system(),
            Scope::Organization(id) => Target::organization(id),
            Scope::Provider(id) => Target::provider(id),
            Scope::Project(id) => {
                let found = project::Entity::find_by_id(id).one(self.core.read()).await?;
                let project = found.ok_or(AccessError::NotFound)?;
                Target::project(project.organization_id, id)
            }
            Scope::Offering(id) => {
                let found = offering::Entity::find_by_id(id).one(self.core.read()).await?;
                let offering = found.ok_or(AccessError::NotFound)?;
                Target::offering(offering.provider_id, id)
            }
        })
    }

    /// What happened to one thing, oldest first. Who may not see it finds nothing ([`AccessError::NotFound`]).
    pub async fn timeline(
        &self,
        actor: &Actor,
        subject_kind: &str,
        subject_id: Uuid,
        target: &Target,
    ) -> Result<Vec<TimelineEntry>, AuditError> {
        let sight = [
            Permission::ViewAudit,
            Permission::ViewProject,
            Permission::ViewOffering,
        ];
        if !sight.iter().any(|permission| actor.may(*permission, target)) {
            return Err(AccessError::NotFound.into());
        }
        Ok(timeline_in(self.core.read(), subject_kind, subject_id).await?)
    }
}

/// Daily reports of use, and actions, would drown what happened to a resource: they stand by themselves, and in the whole log.
const TOLD_ELSEWHERE: [EventKind; 5] = [
    EventKind::ResourceUsageReported,
    EventKind::ResourceActionRequested,
    EventKind::ResourceActionDone,
    EventKind::ResourceActionFailed,
    EventKind::ResourceActionWithdrawn,
];

/// What happened to one thing, oldest first, but for what is told elsewhere. The caller has checked that the actor may see it.
pub(crate) async fn timeline_in<C: ConnectionTrait>(
    conn: &C,
    subject_kind: &str,
    subject_id: Uuid,
) -> Result<Vec<TimelineEntry>, DbErr> {
    let rows = Entity::find_about(subject_kind, subject_id)
        .filter(Column::Verb.is_not_in(TOLD_ELSEWHERE.map(EventKind::as_str)))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(timeline_entry).collect())
}

/// An event as a timeline shows it.
pub(crate) fn timeline_entry(row: Model) -> TimelineEntry {
    TimelineEntry {
        at: row.at,
        by: row.actor_name,
        text: EventKind::label_of(&row.verb),
        verb: row.verb,
        note: row.reason,
    }
}

/// The events as lists show them, in the same order, with the names that things have now. As many queries, however many events.
pub(crate) async fn entries_in(
    conn: &impl ConnectionTrait,
    rows: Vec<Model>,
) -> Result<Vec<AuditEntry>, DbErr> {
    let names = names::of_subjects(conn, &rows).await?;
    Ok(entries(rows, &names))
}

/// The same for whose roles they tell of.
pub(crate) async fn entries_for_holder(
    conn: &impl ConnectionTrait,
    rows: Vec<Model>,
) -> Result<Vec<AuditEntry>, DbErr> {
    let names = names::of_subjects(conn, &rows).await?.for_holder();
    Ok(entries(rows, &names))
}

/// The same for somebody who may not see what the things are called now.
pub(crate) fn entries_without_names(rows: Vec<Model>) -> Vec<AuditEntry> {
    entries(rows, &Names::default().for_holder())
}

/// What the role is on of which an event tells; none of others.
pub(crate) fn scope_of_role(row: &Model) -> Option<Scope> {
    RoleTold::of(row)?.scope
}

fn entries(rows: Vec<Model>, names: &Names) -> Vec<AuditEntry> {
    rows.into_iter().map(|row| entry(row, names)).collect()
}

fn entry(row: Model, names: &Names) -> AuditEntry {
    AuditEntry {
        text: words::of(&row, names),
        subject_name: names.subject(&row).unwrap_or_default().to_owned(),
        id: row.id,
        at: row.at,
        by: row.actor_name,
        verb: row.verb,
        subject: format!("{} {}", row.subject_kind, row.subject_id),
        before: row.before,
        after: row.after,
        reason: row.reason,
        trace_id: row.trace_id,
    }
}

/// What happened in a scope, as whoever has a role there and nowhere above may see it.
pub(crate) fn of_scope(scope: Scope) -> Condition {
    let all = Condition::all();
    match scope {
        Scope::System => all,
        Scope::Organization(id) => all.add(Column::OrganizationId.eq(id)),
        Scope::Project(id) => all.add(Column::ProjectId.eq(id)),
        Scope::Provider(id) => {
            // A role on the organization reaches its selling side too, but tells of its people as a buyer.
            let elsewhere = Column::SubjectKind.ne(EventKind::RoleGranted.subject());
            all.add(Column::ProviderId.eq(id))
                .add(elsewhere.or(Column::OrganizationId.is_null()))
        }
        Scope::Offering(id) => all
            .add(Column::SubjectKind.eq("offering"))
            .add(Column::SubjectId.eq(id.0)),
    }
}
