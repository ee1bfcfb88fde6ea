//! Who is told of what: a table of every kind of event and everybody around it, read like code.

use std::collections::BTreeMap;
use std::fmt::Write;

use domain::Actor;
use entity::{audit_event, notice, order, resource_action, role_grant, user};
use model::{
    ActionAudience, ActionId, ActionState, AuditId, EventKind, GrantId, OrderId, PageRequest, ResourceId,
    Role, Scope, UserId,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde_json::{Value as Json, json};
use testkit::{World, both_engines};
use uuid::Uuid;

use super::{Place, handed_over, ordered, place, tell};

/// What events are about.
struct Things {
    at: Place,
    waiting: OrderId,
    by_hand: OrderId,
    at_provider: OrderId,
    resource: ResourceId,
    /// Actions that the member asked for, each by the state in which it is.
    actions: BTreeMap<ActionState, ActionId>,
    grant: GrantId,
}

async fn things(world: &World) -> Things {
    let at = place(world, false, false).await;
    let ordering = world.domain().ordering();
    let resource = {
        let order = ordered(world, &at).await;
        ordering.approve(&at.buyer.owner, order, "").await.unwrap();
        world.run_jobs().await;
        let row = order::Entity::find_by_id(order)
            .one(world.db())
            .await
            .unwrap()
            .unwrap();
        row.resource_id.unwrap()
    };
    let waiting = ordered(world, &at).await;
    let by_hand = {
        let offering = world.offering(&at.provider).provisioned_by_hand().await;
        let order = world.order(&at.member, &at.project, &offering).await;
        ordering.approve(&at.buyer.owner, order, "").await.unwrap();
        handed_over(world, order).await;
        order
    };
    let at_provider = {
        let offering = world.offering(&at.provider).approved_by_provider().await;
        let order = world.order(&at.member, &at.project, &offering).await;
        ordering.approve(&at.buyer.owner, order, "").await.unwrap();
        order
    };
    let grant = role_grant::Entity::find()
        .filter(role_grant::Column::UserId.eq(at.member.user_id))
        .one(world.db())
        .await;
    let grant = grant.unwrap().unwrap().id;
    let actions = actions(world, &at, resource).await;
    Things {
        at,
        waiting,
        by_hand,
        at_provider,
        resource,
        actions,
        grant,
    }
}

/// One action by hand in each state that an event tells of.
async fn actions(world: &World, at: &Place, resource_id: ResourceId) -> BTreeMap<ActionState, ActionId> {
    let mut all = BTreeMap::new();
    let states = [
        ActionState::Waiting,
        ActionState::Done,
        ActionState::Failed,
        ActionState::Withdrawn,
    ];
    for (number, state) in (1..).zip(states) {
        let id = ActionId(Uuid::from_u128(number));
        let row = resource_action::Model {
            id,
            resource_id,
            organization_id: at.buyer.id,
            project_id: at.project.id,
            provider_id: at.provider.id,
            offering_id: at.offering.id,
            key: "restart".into(),
            title: "Restart".into(),
            audience: ActionAudience::Users,
            by_hand: true,
            beside_others: true,
            state,
            form: json!({ "fields": [] }),
            input: json!({}),
            secrets: None,
            asked_by: Some(at.member.user_id),
            asked_at: domain::Clock::now(world.clock()),
            ended_at: state.is_terminal().then(|| domain::Clock::now(world.clock())),
            progress: json!({ "done": 0, "total": null, "message": "" }),
            message: String::new(),
            output: json!([]),
        };
        let row = row.into_active_model().reset_all();
        row.insert(world.db()).await.unwrap();
        all.insert(state, id);
    }
    all
}

impl Things {
    /// What an event of this kind is about, where that lives, and what it keeps.
    async fn of(&self, world: &World, kind: EventKind) -> (Uuid, [Option<Uuid>; 3], Json) {
        let (buyer, project, seller) = (self.at.buyer.id.0, self.at.project.id.0, self.at.provider.id.0);
        let all = [Some(buyer), Some(project), Some(seller)];
        let of_seller = [None, None, Some(seller)];
        match (kind, kind.subject()) {
            (EventKind::OrderHandedOver, _) => (self.by_hand.0, all, json!(null)),
            (_, "order") => {
                let id = if kind == EventKind::OrderApproved {
                    self.at_provider
                } else {
                    self.waiting
                };
                let row = order::Entity::find_by_id(id)
                    .one(world.db())
                    .await
                    .unwrap()
                    .unwrap();
                (id.0, all, json!({ "state": row.state }))
            }
            (
                EventKind::ResourceActionRequested
                | EventKind::ResourceActionDone
                | EventKind::ResourceActionFailed
                | EventKind::ResourceActionWithdrawn,
                _,
            ) => {
                let state = match kind {
                    EventKind::ResourceActionRequested => ActionState::Waiting,
                    EventKind::ResourceActionDone => ActionState::Done,
                    EventKind::ResourceActionFailed => ActionState::Failed,
                    _ => ActionState::Withdrawn,
                };
                (
                    self.resource.0,
                    all,
                    json!({ "action": self.actions[&state], "title": "Restart" }),
                )
            }
            (_, "resource") => (self.resource.0, all, json!({ "last_day": "2026-12-31" })),
            (_, "project") => (project, [Some(buyer), Some(project), None], json!(null)),
            (_, "offering") => (self.at.offering.id.0, of_seller, json!(null)),
            (EventKind::OrganizationBackendAssigned | EventKind::OrganizationBackendWithdrawn, _) => {
                (seller, of_seller, json!(null))
            }
            (_, "organization") => (buyer, [Some(buyer), None, None], json!(null)),
            (_, "invoice") => (
                Uuid::from_u128(9),
                [Some(buyer), None, Some(seller)],
                json!({ "kind": "invoice" }),
            ),
            (_, "webhook") => (Uuid::from_u128(9), [Some(buyer), None, None], json!(null)),
            (_, "role_grant") => (self.grant.0, [Some(buyer), Some(project), None], json!(null)),
            (_, "user" | "account") => (self.at.member.user_id.0, [None; 3], json!(null)),
            _ => (Uuid::from_u128(9), [None; 3], json!(null)),
        }
    }
}

/// Everybody around, by what they are; the last two are asked of nothing.
async fn people(world: &World, things: &Things) -> BTreeMap<UserId, (&'static str, Actor)> {
    let at = &things.at;
    let (organization, project) = (Scope::Organization(at.buyer.id), Scope::Project(at.project.id));
    let seller = Scope::Organization(at.provider.id);
    let gone = world.person(Role::OrganizationOwner, organization).await;
    let past = world.person(Role::ProjectManager, project).await;
    let db = world.db();
    let mut row = user::Entity::find_by_id(gone.user_id)
        .one(db)
        .await
        .unwrap()
        .unwrap()
        .into_active_model();
    row.is_active = Set(false);
    row.update(db).await.unwrap();
    let held = role_grant::Entity::find().filter(role_grant::Column::UserId.eq(past.user_id));
    let mut row = held.one(db).await.unwrap().unwrap().into_active_model();
    row.expires_at = Set(Some(domain::Clock::now(world.clock())));
    row.update(db).await.unwrap();
    let all = [
        ("owner", at.buyer.owner.clone()),
        (
            "org manager",
            world.person(Role::OrganizationManager, organization).await,
        ),
        ("accountant", world.accountant(&at.buyer).await),
        ("project admin", world.person(Role::ProjectAdmin, project).await),
        ("project manager", world.project_manager(&at.project).await),
        ("requester", at.member.clone()),
        ("other member", world.member(&at.project).await),
        ("reader", world.person(Role::ProjectReader, project).await),
        (
            "seller's owner",
            world.person(Role::OrganizationOwner, seller).await,
        ),
        ("seller", at.provider.manager.clone()),
        (
            "offering manager",
            world
                .person(Role::OfferingManager, Scope::Offering(at.offering.id))
                .await,
        ),
        ("staff", world.staff().await),
        ("support", world.person(Role::Support, Scope::System).await),
        ("deactivated", gone),
        ("role is over", world.actor(past.user_id).await),
    ];
    all.into_iter()
        .map(|(name, actor)| (actor.user_id, (name, actor)))
        .collect()
}

async fn happens(world: &World, id: AuditId, kind: EventKind, things: &Things) {
    let (subject_id, [organization, project, provider], after) = things.of(world, kind).await;
    let last: i64 = audit_event::Entity::find()
        .select_only()
        .column(audit_event::Column::Sequence)
        .order_by_desc(audit_event::Column::Sequence)
        .into_tuple()
        .one(world.db())
        .await
        .unwrap()
        .unwrap();
    let event = audit_event::Model {
        id,
        sequence: last + 1,
        at: domain::Clock::now(world.clock()),
        actor_id: None,
        actor_name: "Stoa".into(),
        organization_id: organization.map(model::OrganizationId),
        project_id: project.map(model::ProjectId),
        provider_id: provider.map(model::OrganizationId),
        subject_kind: kind.subject().into(),
        subject_id,
        verb: kind.as_str().into(),
        before: Json::Null,
        after,
        reason: String::new(),
        trace_id: String::new(),
    };
    event
        .into_active_model()
        .reset_all()
        .insert(world.db())
        .await
        .unwrap();
}

both_engines! {
    async fn who_is_told_of_what(world: World) {
        let things = things(&world).await;
        let people = people(&world, &things).await;
        tell(&world).await;
        let (mut table, mut nobody) = (String::new(), Vec::new());
        for (number, kind) in (1_000_u128..).zip(EventKind::ALL) {
            let id = AuditId(Uuid::from_u128(number));
            happens(&world, id, *kind, &things).await;
            tell(&world).await;
            let rows = notice::Entity::find().filter(notice::Column::EventId.eq(id)).all(world.db()).await.unwrap();
            let mut told: Vec<String> = Vec::new();
            for row in &rows {
                let (name, actor) = &people[&row.user_id];
                told.push(format!("{name} ({})", row.kind));
                let shown = world.domain().notices().list(actor, false, &PageRequest::first(1)).await.unwrap().items;
                assert_eq!(shown.first().map(|one| one.event_id), Some(id), "{name} sees what they are told: {kind}");
                assert!(!shown[0].text.is_empty() && shown[0].waits == (row.kind == model::NoticeKind::ToDo), "{shown:?}");
            }
            told.sort();
            match told.as_slice() {
                [] => nobody.push(kind.as_str()),
                told => writeln!(table, "{kind}: {}", told.join(", ")).unwrap(),
            }
        }
        writeln!(table, "nobody: {}", nobody.join(", ")).unwrap();
        insta::assert_snapshot!("who_is_told_of_what", table);
    }
}
