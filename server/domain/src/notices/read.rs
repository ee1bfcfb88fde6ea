//! What a person reads of their notices.

use std::collections::HashMap;

use entity::notice::{Column, Entity, Model};
use entity::role_grant::{self, ScopeKind};
use entity::{audit_event, organization, project};
use model::{
    AuditEntry, AuditId, EventKind, Notice, NoticeId, NoticeKind, OrganizationId, Page, PageRequest,
    ProjectId, Scope, TokenScope,
};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{NoticeError, Notices};
use crate::actor::{AccessError, Actor, check_scope};
use crate::{audit, page};

/// Of unread notices no more are counted.
const MOST_COUNTED: u64 = 100;

impl Notices {
    /// The actor's notices of the last 90 days, the newest first; those that were not read where `unread` says so. Refused to a
    /// token without the scope `read`, and with a cursor of another list.
    pub async fn list(
        &self,
        actor: &Actor,
        unread: bool,
        request: &PageRequest,
    ) -> Result<Page<Notice>, NoticeError> {
        check_scope(actor, TokenScope::Read)?;
        let mut rows = Entity::find().filter(seen_by(actor));
        if unread {
            rows = rows.filter(Column::ReadAt.is_null());
        }
        let rows = page::newest_first(rows, Column::Id, request)?;
        let rows = rows.all(self.core.read()).await?;
        let page = page::cut(rows, request, |row| vec![row.id.to_string()]);
        Ok(Page {
            items: told(self.core.read(), page.items).await?,
            next: page.next,
        })
    }

    /// How many of them the actor has not read; 100 stands for 100 or more. Shown on every page: one query over an index. With a
    /// token that may not read them, none.
    pub async fn unread(&self, actor: &Actor) -> Result<u64, NoticeError> {
        if check_scope(actor, TokenScope::Read).is_err() {
            return Ok(0);
        }
        let ids: Vec<NoticeId> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(seen_by(actor))
            .filter(Column::ReadAt.is_null())
            .limit(MOST_COUNTED)
            .into_tuple()
            .all(self.core.read())
            .await?;
        Ok(u64::try_from(ids.len()).unwrap_or(MOST_COUNTED))
    }

    /// Notes that the actor has read a notice, if it was not noted before. Refused to a token without the scope `read`, and, as
    /// what does not exist, where it is none of the actor's (`NotFound`).
    pub async fn mark_read(&self, actor: &Actor, id: NoticeId) -> Result<Notice, NoticeError> {
        check_scope(actor, TokenScope::Read)?;
        let of_actor = Condition::all().add(seen_by(actor)).add(Column::Id.eq(id));
        self.note_read(of_actor.clone()).await?;
        let rows = Entity::find().filter(of_actor).all(self.core.read()).await?;
        let notice = told(self.core.read(), rows).await?.pop();
        Ok(notice.ok_or(AccessError::NotFound)?)
    }

    /// Notes that the actor has read this notice and all before it: what came later than what a page showed stays unread. How
    /// many were unread. Refused to a token without the scope `read`.
    pub async fn mark_all_read(&self, actor: &Actor, until: NoticeId) -> Result<u64, NoticeError> {
        check_scope(actor, TokenScope::Read)?;
        let all = Condition::all().add(seen_by(actor)).add(Column::Id.lte(until));
        self.note_read(all).await
    }

    async fn note_read(&self, which: Condition) -> Result<u64, NoticeError> {
        let _permit = self.core.write_permit().await;
        let done = Entity::update_many()
            .col_expr(Column::ReadAt, Expr::value(self.core.now()))
            .filter(which)
            .filter(Column::ReadAt.is_null())
            .exec(self.core.read())
            .await?;
        Ok(done.rows_affected)
    }
}

/// The notices of a person that they may still see.
fn seen_by(actor: &Actor) -> Condition {
    let personal = NoticeKind::ALL
        .iter()
        .filter(|kind| kind.permissions().is_empty());
    let mut seen = Condition::any().add(Column::Kind.is_in(personal.copied()));
    for kind in NoticeKind::ALL {
        let scopes = actor.grants.iter().filter(|grant| {
            let allowed = kind.permissions().iter();
            allowed
                .into_iter()
                .any(|permission| grant.role.allows(*permission))
        });
        let there = of_scopes(scopes.map(|grant| grant.scope));
        if !there.is_empty() {
            seen = seen.add(Condition::all().add(Column::Kind.eq(*kind)).add(there));
        }
    }
    Condition::all().add(Column::UserId.eq(actor.user_id)).add(seen)
}

/// Notices through a role on one of these.
fn of_scopes(scopes: impl Iterator<Item = Scope>) -> Condition {
    let mut ids: HashMap<ScopeKind, Vec<uuid::Uuid>> = HashMap::new();
    let mut any = Condition::any();
    for scope in scopes {
        match role_grant::scope_columns(scope) {
            (kind, Some(id)) => ids.entry(kind).or_default().push(id),
            (kind, None) => any = any.add(Column::ScopeKind.eq(kind)),
        }
    }
    ids.into_iter().fold(any, |any, (kind, ids)| {
        any.add(
            Condition::all()
                .add(Column::ScopeKind.eq(kind))
                .add(Column::ScopeId.is_in(ids)),
        )
    })
}

/// The rows with the words of their events. As many queries, however many rows there are.
async fn told(conn: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Notice>, DbErr> {
    let events = audit_event::Entity::find()
        .filter(audit_event::Column::Id.is_in(rows.iter().map(|row| row.event_id)))
        .all(conn)
        .await?;
    let places = Places::of(conn, &events).await?;
    let targets: HashMap<AuditId, Where> = events.iter().map(|event| (event.id, Where::of(event))).collect();
    let entries = audit::entries_in(conn, events).await?;
    let mut entries: HashMap<AuditId, AuditEntry> =
        entries.into_iter().map(|entry| (entry.id, entry)).collect();
    // An event outlives everything that is told of it.
    let notice = |row: Model| {
        let (at, entry) = (targets.get(&row.event_id)?, entries.remove(&row.event_id)?);
        Some(shown(row, entry, at, &places))
    };
    Ok(rows.into_iter().filter_map(notice).collect())
}

fn shown(row: Model, entry: AuditEntry, at: &Where, places: &Places) -> Notice {
    let waits = match (row.kind, EventKind::parse(&entry.verb)) {
        (NoticeKind::ToDo, Some(EventKind::OrderHandedOver)) => Some("Waits for you to carry it out"),
        (NoticeKind::ToDo, Some(EventKind::OrderApproved)) => Some("Waits for you to accept it"),
        (NoticeKind::ToDo, _) => Some("Waits for your decision"),
        _ => None,
    };
    Notice {
        id: row.id,
        kind: row.kind,
        event_id: row.event_id,
        text: waits.map_or(entry.text, str::to_owned),
        event: entry.verb,
        at: row.at,
        by: entry.by,
        note: entry.reason,
        subject: entry.subject,
        subject_name: entry.subject_name,
        organization_id: at.organization,
        project_id: at.project,
        provider_id: at.provider,
        place: places.name(at),
        read_at: row.read_at,
    }
}

/// Where an event happened.
struct Where {
    organization: Option<OrganizationId>,
    project: Option<ProjectId>,
    provider: Option<OrganizationId>,
}

impl Where {
    fn of(event: &audit_event::Model) -> Self {
        Self {
            organization: event.organization_id,
            project: event.project_id,
            provider: event.provider_id,
        }
    }
}

/// What places are called.
struct Places {
    organizations: HashMap<OrganizationId, String>,
    projects: HashMap<ProjectId, String>,
}

impl Places {
    async fn of(conn: &impl ConnectionTrait, events: &[audit_event::Model]) -> Result<Self, DbErr> {
        use organization::Column as O;
        use project::Column as P;
        let organizations = events
            .iter()
            .flat_map(|event| [event.organization_id, event.provider_id]);
        let organizations: Vec<(OrganizationId, String)> = organization::Entity::find()
            .select_only()
            .columns([O::Id, O::Name])
            .filter(O::Id.is_in(organizations.flatten()))
            .into_tuple()
            .all(conn)
            .await?;
        let projects = events.iter().filter_map(|event| event.project_id);
        let projects: Vec<(ProjectId, String)> = project::Entity::find()
            .select_only()
            .columns([P::Id, P::Name])
            .filter(P::Id.is_in(projects))
            .into_tuple()
            .all(conn)
            .await?;
        Ok(Self {
            organizations: organizations.into_iter().collect(),
            projects: projects.into_iter().collect(),
        })
    }

    /// The project; else who buys, else who sells.
    fn name(&self, at: &Where) -> String {
        let project = at.project.and_then(|id| self.projects.get(&id));
        let organization = || self.organizations.get(&at.organization.or(at.provider)?);
        project.or_else(organization).cloned().unwrap_or_default()
    }
}
