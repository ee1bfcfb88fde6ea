//! Whom an event concerns: one line of [`concern`] for each kind of event that anybody is told of.

use std::collections::BTreeMap;

use entity::audit_event::Model;
use entity::{offering, order, project, resource, resource_action, role_grant};
use model::{
    ActionId, ActionState, EventKind, NoticeKind, OfferingId, OrderId, OrderState, Permission, ProjectId,
    ResourceId, ResourceState, UserId,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::actor::{Actor, Target, holders, holders_among};
use crate::core::Core;
use crate::ordering::people_asked;
use crate::provisioning::facts::{target_of, target_of_order};

use EventKind as E;

/// Why people are told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Concern {
    /// These people around an order.
    Order(&'static [ToldOfOrder]),
    /// Those who look after the project of a resource, and who ordered it.
    Resource(NoticeKind),
    /// Those who do it by hand, where it is done so.
    ActionToDo,
    /// Who asked for it: what failed or was withdrawn always, what was done only where it took people to do it. And who was to do
    /// it, where it was withdrawn.
    ActionEnd,
    /// Those who look after a project, and who ordered what ends with it.
    Project,
    /// Those who read the invoices of the buyer. The seller's people issue them by the hundred.
    Invoice,
    /// Those who prepare an offering.
    Offering,
    /// Those who prepare what a provider sells.
    Provider,
    /// Those who manage webhooks where it is.
    Webhook,
    /// Those who manage jobs.
    Job,
    /// Whose role it is.
    Holder,
    /// Who decides for somebody who is away.
    Deputy,
    /// Whose way in it is.
    Account,
}

/// Who is told of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ToldOfOrder {
    /// Those whom it waits for now, if it does.
    Asked,
    /// Whoever placed it.
    Requester,
    /// Those who look after what is sold.
    Provider,
}

/// Why anybody is told of events of a kind; none where nobody is.
fn concern(kind: E) -> Option<Concern> {
    Some(match kind {
        E::OrderPlaced | E::OrderHandedOver | E::OrderReminded | E::OrderReassigned => {
            Concern::Order(&[ToldOfOrder::Asked])
        }
        E::OrderApproved | E::OrderAccepted => Concern::Order(&[ToldOfOrder::Asked, ToldOfOrder::Requester]),
        E::OrderStarted
        | E::OrderCompleted
        | E::OrderRejected
        | E::OrderCanceled
        | E::OrderExpired
        | E::OrderStartRefused => Concern::Order(&[ToldOfOrder::Requester]),
        E::OrderFailed => Concern::Order(&[ToldOfOrder::Requester, ToldOfOrder::Provider]),
        E::ResourceEndingSoon | E::ResourceEnded | E::ResourceTermCut => Concern::Resource(NoticeKind::Ends),
        E::ResourcePriceAnnounced | E::ResourcePriceWithdrawn | E::ResourcePriceCorrected => {
            Concern::Resource(NoticeKind::Prices)
        }
        E::ResourceActionRequested => Concern::ActionToDo,
        E::ResourceActionDone | E::ResourceActionFailed | E::ResourceActionWithdrawn => Concern::ActionEnd,
        E::ProjectEndingSoon | E::ProjectEnded => Concern::Project,
        E::InvoiceIssued => Concern::Invoice,
        E::OfferingTestFailed => Concern::Offering,
        E::OrganizationBackendAssigned | E::OrganizationBackendWithdrawn => Concern::Provider,
        E::WebhookStopped => Concern::Webhook,
        E::JobGivenUp => Concern::Job,
        E::RoleGranted | E::RoleRevoked | E::RoleEndChanged => Concern::Holder,
        E::AccountDeputyNamed | E::AccountDeputyEnded => Concern::Deputy,
        E::AccountPasswordChanged
        | E::AccountTokenCreated
        | E::AccountTokenRevoked
        | E::AccountSignInSlowedDown
        | E::UserReactivated => Concern::Account,
        _ => return None,
    })
}

/// The kinds of events that anybody is told of.
pub(super) fn told_kinds() -> impl Iterator<Item = E> {
    E::ALL.iter().copied().filter(|kind| concern(*kind).is_some())
}

/// Somebody who is told of an event, why, and where the thing lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recipient {
    pub(super) user: UserId,
    pub(super) kind: NoticeKind,
    pub(super) target: Target,
}

/// Whether an order went on by it, so that what it waited for before is settled.
pub(super) fn is_step_of_order(event: &Model) -> bool {
    event.subject_kind == E::OrderPlaced.subject() && !is_told_again(event)
}

/// Whether whom an order waits for is told once more, or others are, without the order having gone on.
pub(super) fn is_told_again(event: &Model) -> bool {
    [E::OrderReminded, E::OrderReassigned]
        .into_iter()
        .any(|kind| event.verb == kind)
}

/// Who is told of an event, each once: by the first reason that there is.
pub(super) async fn of(core: &Core, event: &Model) -> Result<Vec<Recipient>, DbErr> {
    let Some(concern) = E::parse(&event.verb).and_then(concern) else {
        return Ok(Vec::new());
    };
    let mut told = Told {
        core,
        conn: core.read(),
        found: BTreeMap::new(),
    };
    match concern {
        Concern::Order(who) => told.order(event, who).await?,
        Concern::Resource(kind) => told.resource(event, kind).await?,
        Concern::ActionToDo => told.action_to_do(event).await?,
        Concern::ActionEnd => told.action_end(event).await?,
        Concern::Project => told.project(event).await?,
        Concern::Invoice => {
            let buyer = event.organization_id.map(Target::organization);
            let may = [Permission::ViewInvoice];
            told.where_held(NoticeKind::Invoices, &may, buyer).await?;
        }
        Concern::Offering => told.offering(event).await?,
        Concern::Provider => {
            let seller = event.provider_id.map(Target::provider);
            let may = [Permission::EditOffering];
            told.where_held(NoticeKind::Providing, &may, seller).await?;
        }
        Concern::Webhook => {
            let may = [Permission::ManageWebhook];
            told.where_held(NoticeKind::Webhooks, &may, Some(place_of(event)))
                .await?;
        }
        Concern::Job => {
            let may = [Permission::ManageJob];
            told.where_held(NoticeKind::Jobs, &may, Some(Target::system()))
                .await?;
        }
        Concern::Holder => told.holder(event).await?,
        Concern::Deputy => told.add(NoticeKind::Roles, Target::system(), deputy_of(event)),
        Concern::Account => told.add(NoticeKind::Security, Target::system(), [UserId(event.subject_id)]),
    }
    Ok(told.but_for(event.actor_id))
}

/// Where an event happened, as far as the event says.
fn place_of(event: &Model) -> Target {
    Target {
        organization: event.organization_id,
        project: event.project_id,
        provider: event.provider_id,
        offering: None,
    }
}

/// Whom somebody named who will be away.
fn deputy_of(event: &Model) -> Option<UserId> {
    let named = event.after.get("deputy").or_else(|| event.before.get("deputy"));
    named?.as_str()?.parse().ok()
}

/// The action that an event of a resource tells of.
pub(super) fn action_told(event: &Model) -> Option<ActionId> {
    event.after.get("action")?.as_str()?.parse().ok()
}

/// The action that ended with an event, and its resource.
pub(super) fn action_ended(event: &Model) -> Option<(ActionId, Uuid)> {
    let ends = [
        E::ResourceActionDone,
        E::ResourceActionFailed,
        E::ResourceActionWithdrawn,
    ];
    let ended = ends.into_iter().any(|kind| event.verb == kind);
    action_told(event)
        .filter(|_| ended)
        .map(|action| (action, event.subject_id))
}

fn place_of_action(row: &resource_action::Model) -> Target {
    Target::project(row.organization_id, row.project_id).sold_by(row.provider_id, Some(row.offering_id))
}

/// The state of an order that an event tells of; none of one that handed it over to be carried out by hand.
pub(super) fn state_told(event: &Model) -> Option<&str> {
    event.after.get("state").and_then(Json::as_str)
}

/// Whether an order in `state` waits as it has since an event that told of `told`. Where it went on, what it waits for now is
/// told with a later event.
pub(super) fn waits_as_told(told: Option<&str>, state: OrderState, by_hand: bool) -> bool {
    match told {
        Some(told) => state.awaits_decision() && state.as_str() == told,
        None => by_hand,
    }
}

/// Whether people of the provider are to carry an order out.
pub(super) fn is_by_hand(order: &order::Model) -> bool {
    order.state == OrderState::Executing && order.waiting_since.is_some()
}

/// Those who are told of one event.
struct Told<'a, C> {
    core: &'a Core,
    conn: &'a C,
    found: BTreeMap<UserId, (NoticeKind, Target)>,
}

impl<C: ConnectionTrait> Told<'_, C> {
    fn add(&mut self, kind: NoticeKind, target: Target, people: impl IntoIterator<Item = UserId>) {
        for person in people {
            self.found.entry(person).or_insert((kind, target));
        }
    }

    /// Nobody is told of what they did, unless somebody else may have done it in their name, or it waits for them all the same:
    /// their token may order and not approve.
    fn but_for(self, actor: Option<UserId>) -> Vec<Recipient> {
        let all = self.found.into_iter();
        all.map(|(user, (kind, target))| Recipient { user, kind, target })
            .filter(|one| {
                let told_of_own = matches!(one.kind, NoticeKind::Security | NoticeKind::ToDo);
                told_of_own || Some(one.user) != actor
            })
            .collect()
    }

    async fn where_held(
        &mut self,
        kind: NoticeKind,
        permissions: &[Permission],
        target: Option<Target>,
    ) -> Result<(), DbErr> {
        if let Some(target) = target {
            let people = holders(self.conn, permissions, &target, self.core.now()).await?;
            self.add(kind, target, people);
        }
        Ok(())
    }

    /// These people, as far as they hold the permission there still; the system is none of them.
    async fn those(
        &mut self,
        kind: NoticeKind,
        people: impl IntoIterator<Item = UserId>,
        (permission, target): (Permission, Target),
    ) -> Result<(), DbErr> {
        let system = Actor::system().user_id;
        let people = people.into_iter().filter(|person| *person != system).collect();
        let found = holders_among(self.conn, people, &[permission], &target, self.core.now()).await?;
        self.add(kind, target, found);
        Ok(())
    }

    async fn order(&mut self, event: &Model, told: &[ToldOfOrder]) -> Result<(), DbErr> {
        let found = order::Entity::find_by_id(OrderId(event.subject_id));
        let Some(row) = found.one(self.conn).await? else {
            return Ok(());
        };
        let target = target_of_order(&row);
        for who in told {
            match who {
                ToldOfOrder::Asked if waits_as_told(state_told(event), row.state, is_by_hand(&row)) => {
                    let people = people_asked(self.conn, row.id, self.core.now()).await?;
                    self.add(NoticeKind::ToDo, target, people);
                }
                ToldOfOrder::Asked => {}
                ToldOfOrder::Requester => {
                    let sight = (Permission::ViewProject, target);
                    self.those(NoticeKind::Orders, row.requested_by, sight).await?;
                }
                ToldOfOrder::Provider => {
                    let may = [Permission::ManageResource];
                    self.where_held(NoticeKind::Providing, &may, Some(target)).await?;
                }
            }
        }
        Ok(())
    }

    /// Those who look after the project of a resource, and who ordered it.
    async fn resource(&mut self, event: &Model, kind: NoticeKind) -> Result<(), DbErr> {
        let found = resource::Entity::find_by_id(ResourceId(event.subject_id));
        let Some(row) = found.one(self.conn).await? else {
            return Ok(());
        };
        let target = target_of(&row);
        self.where_held(kind, &[Permission::EditProject], Some(target))
            .await?;
        let ordered = order::Entity::find_by_id(row.order_id).one(self.conn).await?;
        let by = ordered.and_then(|order| order.requested_by);
        self.those(kind, by, (Permission::PlaceOrder, target)).await
    }

    /// Those who do an action by hand, as long as it waits for them.
    async fn action_to_do(&mut self, event: &Model) -> Result<(), DbErr> {
        let Some(row) = self.action(event).await? else {
            return Ok(());
        };
        if row.by_hand && row.state == ActionState::Waiting {
            let target = Some(place_of_action(&row));
            self.where_held(NoticeKind::ToDo, &[Permission::ManageResource], target)
                .await?;
        }
        Ok(())
    }

    async fn action_end(&mut self, event: &Model) -> Result<(), DbErr> {
        let Some(row) = self.action(event).await? else {
            return Ok(());
        };
        let is_withdrawn = row.state == ActionState::Withdrawn;
        let target = place_of_action(&row);
        // Somebody may be at it already.
        if is_withdrawn && row.by_hand {
            self.where_held(NoticeKind::Providing, &[Permission::ManageResource], Some(target))
                .await?;
        }
        if row.by_hand || is_withdrawn || row.state == ActionState::Failed {
            for sight in [Permission::ViewProject, Permission::ManageResource] {
                self.those(NoticeKind::Orders, row.asked_by, (sight, target))
                    .await?;
            }
        }
        Ok(())
    }

    async fn action(&self, event: &Model) -> Result<Option<resource_action::Model>, DbErr> {
        let Some(id) = action_told(event) else {
            return Ok(None);
        };
        resource_action::Entity::find_by_id(id).one(self.conn).await
    }

    /// Those who look after a project, and who ordered what ends with it.
    async fn project(&mut self, event: &Model) -> Result<(), DbErr> {
        let found = project::Entity::find_by_id(ProjectId(event.subject_id));
        let Some(row) = found.one(self.conn).await? else {
            return Ok(());
        };
        let target = Target::project(row.organization_id, row.id);
        self.where_held(NoticeKind::Ends, &[Permission::EditProject], Some(target))
            .await?;
        let ordered: Vec<Option<UserId>> = resource::Entity::find()
            .select_only()
            .column(order::Column::RequestedBy)
            .join(JoinType::InnerJoin, resource::Relation::CreatedBy.def())
            .filter(resource::Column::ProjectId.eq(row.id))
            .filter(resource::Column::State.ne(ResourceState::Terminated))
            .distinct()
            .into_tuple()
            .all(self.conn)
            .await?;
        let ordered = ordered.into_iter().flatten();
        self.those(NoticeKind::Ends, ordered, (Permission::PlaceOrder, target))
            .await
    }

    async fn offering(&mut self, event: &Model) -> Result<(), DbErr> {
        let found = offering::Entity::find_by_id(OfferingId(event.subject_id));
        let target = found.one(self.conn).await?;
        let target = target.map(|row| Target::offering(row.provider_id, row.id));
        self.where_held(NoticeKind::Providing, &[Permission::EditOffering], target)
            .await
    }

    /// Whose role it is.
    async fn holder(&mut self, event: &Model) -> Result<(), DbErr> {
        let found = role_grant::Entity::find_by_id(model::GrantId(event.subject_id));
        let held = found.one(self.conn).await?;
        self.add(NoticeKind::Roles, Target::system(), held.map(|row| row.user_id));
        Ok(())
    }
}
