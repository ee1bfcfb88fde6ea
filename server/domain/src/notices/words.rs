//! The words of notices, made when they are shown: what happened, to what, where, and how it stands now.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::notice::Model;
use entity::{audit_event, offering, order, organization, project, resource_action};
use model::{
    ActionId, ActionState, AuditEntry, AuditId, EventKind, Notice, NoticeKind, OfferingId, OrderId,
    OrderState, OrganizationId, ProjectId, ResourceId, Scope,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::audience::{action_told, is_by_hand, state_told, waits_as_told};
use crate::actor::Actor;
use crate::audit;
use crate::ordering::waiting_among;

/// The rows with the words of their events, for the person whose they are. As many queries, however many rows there are.
pub(super) async fn told(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<Model>,
) -> Result<Vec<Notice>, DbErr> {
    let events = audit_event::Entity::find()
        .filter(audit_event::Column::Id.is_in(rows.iter().map(|row| row.event_id)))
        .all(conn)
        .await?;
    let places = Places::of(conn, &events).await?;
    let orders = Orders::of(conn, actor, &events).await?;
    let actions = actions(conn, &events).await?;
    let about: HashMap<AuditId, About> = events
        .iter()
        .map(|event| (event.id, About::of(actor, event)))
        .collect();
    let mut entries = entries(conn, actor, events).await?;
    // An event outlives everything that is told of it.
    let notice = |row: Model| {
        let (about, entry) = (about.get(&row.event_id)?, entries.remove(&row.event_id)?);
        Some(shown(row, entry, about, (&places, &orders, &actions)))
    };
    Ok(rows.into_iter().filter_map(notice).collect())
}

async fn entries(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    events: Vec<audit_event::Model>,
) -> Result<HashMap<AuditId, AuditEntry>, DbErr> {
    // Of a place that the person has no role on any more they are told no name that it has now.
    let (near, far): (Vec<_>, Vec<_>) = events.into_iter().partition(|event| is_near(actor, event));
    let is_of_role = |event: &audit_event::Model| event.subject_kind == EventKind::RoleGranted.subject();
    let (roles, others): (Vec<_>, Vec<_>) = near.into_iter().partition(is_of_role);
    let mut entries = audit::entries_in(conn, others).await?;
    entries.extend(audit::entries_for_holder(conn, roles).await?);
    entries.extend(audit::entries_without_names(far));
    Ok(entries.into_iter().map(|entry| (entry.id, entry)).collect())
}

/// How the actions that events are about stand now, and what they are called.
type Actions = HashMap<ActionId, (ActionState, String)>;

async fn actions(conn: &impl ConnectionTrait, events: &[audit_event::Model]) -> Result<Actions, DbErr> {
    use resource_action::Column as C;
    let about: Vec<ActionId> = events.iter().filter_map(action_told).collect();
    if about.is_empty() {
        return Ok(Actions::new());
    }
    let rows: Vec<(ActionId, ActionState, String)> = resource_action::Entity::find()
        .select_only()
        .columns([C::Id, C::State, C::Title])
        .filter(C::Id.is_in(about))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, state, title)| (id, (state, title)))
        .collect())
}

fn shown(
    row: Model,
    entry: AuditEntry,
    about: &About,
    (places, orders, actions): (&Places, &Orders, &Actions),
) -> Notice {
    let action = about.action.and_then(|id| actions.get(&id));
    let kind = EventKind::parse(&entry.verb);
    let order = orders.by_id.get(&OrderId(about.subject));
    let waits = row.kind == NoticeKind::ToDo
        && (order.is_some_and(|order| {
            order.waits && waits_as_told(about.state.as_deref(), order.state, order.by_hand)
        }) || action.is_some_and(|(state, _)| *state == ActionState::Waiting));
    let text = match (row.kind, order) {
        (NoticeKind::ToDo, None) if action.is_some() => of_action(action, waits),
        (NoticeKind::ToDo, Some(order)) => of_task(kind, order, waits),
        (NoticeKind::Orders, Some(order)) => of_step(entry.text, kind, order),
        (NoticeKind::Roles, _) if kind == Some(EventKind::AccountDeputyNamed) => {
            format!("You decide on orders for {}{}", entry.by, about.until)
        }
        (NoticeKind::Roles, _) if kind == Some(EventKind::AccountDeputyEnded) => {
            format!("You no longer decide on orders for {}", entry.by)
        }
        (NoticeKind::Roles, _) => format!("{}{}", entry.text, about.until),
        _ => entry.text,
    };
    Notice {
        id: row.id,
        kind: row.kind,
        event_id: row.event_id,
        text,
        event: entry.verb,
        at: row.at,
        by: entry.by,
        note: entry.reason,
        subject: entry.subject,
        subject_name: entry.subject_name,
        organization_id: about.organization,
        project_id: about.project,
        provider_id: about.provider,
        place: if about.is_near {
            places.name(about)
        } else {
            String::new()
        },
        offering_name: order.map_or_else(String::new, |order| orders.offering(order)),
        resource_id: order.and_then(|order| order.resource),
        action_id: about.action,
        waits,
        read_at: row.read_at,
    }
}

/// What an order asks of somebody, or asked and how it stands now.
fn of_task(kind: Option<EventKind>, order: &Order, waits: bool) -> String {
    let by_hand = kind == Some(EventKind::OrderHandedOver);
    match (by_hand, waits) {
        (false, true) => "Waits for your decision".to_owned(),
        (true, true) => "Waits for you to carry it out".to_owned(),
        (false, false) => format!("Waited for your decision; now: {}", order.state_in_words()),
        (true, false) => format!("Waited for you to carry it out; now: {}", order.state_in_words()),
    }
}

/// What an action asks of somebody, or asked and how it stands now.
fn of_action(action: Option<&(ActionState, String)>, waits: bool) -> String {
    match action {
        Some((_, title)) if waits => format!("Waits for you to do it: {title}"),
        Some((state, title)) => format!(
            "Waited for you to do it: {title}; now: {}",
            state.label().to_lowercase()
        ),
        None => String::new(),
    }
}

/// How far an order came, and where that is not the end of it, what it waits for now.
fn of_step(text: String, kind: Option<EventKind>, order: &Order) -> String {
    let goes_on = matches!(
        kind,
        Some(EventKind::OrderApproved | EventKind::OrderAccepted | EventKind::OrderStarted)
    );
    if goes_on {
        format!("{text}; now: {}", order.state_in_words())
    } else {
        text
    }
}

/// Whether the actor has a role on one of the places in which an event happened, or it is of the installation.
fn is_near(actor: &Actor, event: &audit_event::Model) -> bool {
    let places = [
        event.organization_id.map(Scope::Organization),
        event.project_id.map(Scope::Project),
        event.provider_id.map(Scope::Organization),
        event.provider_id.map(Scope::Provider),
    ];
    if places.iter().all(Option::is_none) {
        return true;
    }
    // Of everything but roles whoever sees the notice holds one that reaches it.
    let told = audit::scope_of_role(event);
    let is_of_role = event.subject_kind == EventKind::RoleGranted.subject();
    !is_of_role
        || actor
            .grants
            .iter()
            .map(|grant| Some(grant.scope))
            .any(|scope| scope == Some(Scope::System) || scope == told || places.contains(&scope))
}

/// What an event says of where it happened, as far as the reader may know it.
struct About {
    is_near: bool,
    subject: Uuid,
    organization: Option<OrganizationId>,
    project: Option<ProjectId>,
    provider: Option<OrganizationId>,
    /// Of an order: the state that it tells of.
    state: Option<String>,
    action: Option<ActionId>,
    /// Of a role: how long it lasts, `, until 31 December 2026`; of somebody who is away: from when until when.
    until: String,
}

impl About {
    fn of(actor: &Actor, event: &audit_event::Model) -> Self {
        Self {
            is_near: is_near(actor, event),
            subject: event.subject_id,
            organization: event.organization_id,
            project: event.project_id,
            provider: event.provider_id,
            action: action_told(event),
            state: state_told(event).map(str::to_owned),
            until: until(actor, event),
        }
    }
}

/// The last day of a role where its holder lives; a role ends with the first instant after it. Of somebody who is away, the
/// first and the last day where they live.
fn until(actor: &Actor, event: &audit_event::Model) -> String {
    if event.verb == EventKind::AccountDeputyNamed {
        let day = |key: &str| event.after.get(key)?.as_str()?.parse::<NaiveDate>().ok();
        let days = day("first_day").zip(day("last_day"));
        return days
            .map(|(first, last)| format!(", {} to {}", first.format("%-d %B %Y"), last.format("%-d %B %Y")))
            .unwrap_or_default();
    }
    let Some(end) = event.after.get("expires_at") else {
        return String::new();
    };
    match end.as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok()) {
        Some(end) => {
            let last = (end - TimeDelta::seconds(1)).with_timezone(&actor.time_zone);
            format!(", until {}", last.format("%-d %B %Y"))
        }
        None => ", for good".to_owned(),
    }
}

/// An order as it stands now.
struct Order {
    /// It waits for the reader now.
    waits: bool,
    state: OrderState,
    by_hand: bool,
    offering: OfferingId,
    resource: Option<ResourceId>,
}

impl Order {
    fn state_in_words(&self) -> String {
        if self.by_hand {
            return "waits for the provider to carry it out".to_owned();
        }
        self.state.label().to_lowercase()
    }
}

/// The orders that events are about, and what their offerings are called.
struct Orders {
    by_id: HashMap<OrderId, Order>,
    offerings: HashMap<OfferingId, String>,
}

impl Orders {
    async fn of(
        conn: &impl ConnectionTrait,
        actor: &Actor,
        events: &[audit_event::Model],
    ) -> Result<Self, DbErr> {
        let about = events
            .iter()
            .filter(|event| event.subject_kind == EventKind::OrderPlaced.subject());
        let rows = order::Entity::find()
            .filter(order::Column::Id.is_in(about.map(|event| event.subject_id)))
            .all(conn)
            .await?;
        let offerings: Vec<(OfferingId, String)> = offering::Entity::find()
            .select_only()
            .columns([offering::Column::Id, offering::Column::Name])
            .filter(offering::Column::Id.is_in(rows.iter().map(|row| row.offering_id)))
            .into_tuple()
            .all(conn)
            .await?;
        let waiting = waiting_among(conn, actor, rows.iter().map(|row| row.id).collect()).await?;
        let order = |row: order::Model| Order {
            waits: waiting.contains(&row.id),
            state: row.state,
            by_hand: is_by_hand(&row),
            offering: row.offering_id,
            resource: row.resource_id,
        };
        Ok(Self {
            by_id: rows.into_iter().map(|row| (row.id, order(row))).collect(),
            offerings: offerings.into_iter().collect(),
        })
    }

    fn offering(&self, order: &Order) -> String {
        self.offerings.get(&order.offering).cloned().unwrap_or_default()
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

    /// `Ice models, Aurora Institute`: the project, and who buys; where nobody does, who sells.
    fn name(&self, about: &About) -> String {
        let project = about.project.and_then(|id| self.projects.get(&id));
        let organization = about.organization.or(about.provider);
        let organization = organization.and_then(|id| self.organizations.get(&id));
        let names: Vec<&str> = project
            .into_iter()
            .chain(organization)
            .map(String::as_str)
            .collect();
        names.join(", ")
    }
}
