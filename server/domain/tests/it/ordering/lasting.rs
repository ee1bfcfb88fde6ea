//! The last day is kept: by whom, when, told how, and what it costs. The clock is in UTC, the buyer where the test says.

use domain::Clock;
use entity::{audit_event, end_notice, order, resource, resource_interval};
use model::{
    DurationRules, EndingKind, Extension, OfferingState, OrderKind, OrderState, ProjectChange, RenewDraft,
    ResourceId, ResourceState,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set};
use testkit::{Sold, World, both_engines};

use super::scene::{Scene, faults, words};
use crate::billing::deal::Deal;

/// Fixed fee of 31 a month: a euro for each day of March.
async fn monthly(world: &World) -> Deal<'_> {
    Deal::selling(
        world,
        "2025-03-01T08:00:00Z",
        vec![Sold::every_period("base").at("31")],
    )
    .await
}

/// Cores at 1 a month, paid up front.
pub(super) async fn prepaid(world: &World) -> Deal<'_> {
    let sold = Sold::reserved("cores", "core")
        .at("1")
        .with(|terms| terms.prepaid = true);
    Deal::selling(world, "2025-01-01T08:00:00Z", vec![sold]).await
}

async fn ending(deal: &Deal<'_>, at: &str, last_day: &str) -> ResourceId {
    deal.world.clock().set(at);
    let order = deal.world.order(&deal.buyer.owner, &deal.project, &deal.offering);
    order.ending(last_day).fulfilled().await
}

pub(super) async fn for_months(deal: &Deal<'_>, at: &str, months: u32) -> ResourceId {
    deal.world.clock().set(at);
    let order = deal.world.order(&deal.buyer.owner, &deal.project, &deal.offering);
    order
        .limits([("cores", "4")])
        .for_months(months)
        .fulfilled()
        .await
}

pub(super) async fn renew(deal: &Deal<'_>, at: &str, resource_id: ResourceId, months: u32) {
    deal.world.clock().set(at);
    let draft = RenewDraft { resource_id, months };
    deal.world
        .domain()
        .ordering()
        .place_renew(&deal.buyer.owner, draft, None)
        .await
        .unwrap();
    deal.world.run_jobs().await;
}

pub(super) async fn kept_for(deal: &Deal<'_>, days: u32) {
    let catalogue = deal.world.domain().catalogue();
    let manager = &deal.provider.manager;
    let detail = catalogue
        .offering(Some(manager), &deal.offering.slug)
        .await
        .unwrap();
    let rules = DurationRules {
        grace_days: days,
        ..DurationRules::default()
    };
    catalogue
        .set_duration(manager, deal.offering.id, rules, detail.revision)
        .await
        .unwrap();
}

/// What the timer does, at this time.
pub(super) async fn night(deal: &Deal<'_>, at: &str) -> u64 {
    deal.world.clock().set(at);
    let ended = deal.world.operations().ordering().end_due().await.unwrap();
    deal.world.run_jobs().await;
    ended
}

pub(super) async fn row(world: &World, id: ResourceId) -> resource::Model {
    resource::Entity::find_by_id(id)
        .one(world.db())
        .await
        .unwrap()
        .unwrap()
}

async fn stretches(world: &World, id: ResourceId) -> Vec<(String, Option<String>)> {
    let rows = resource_interval::Entity::find()
        .filter(resource_interval::Column::ResourceId.eq(id))
        .order_by_asc(resource_interval::Column::StartsAt)
        .all(world.db())
        .await
        .unwrap();
    let text = |at: chrono::DateTime<chrono::Utc>| at.format("%m-%dT%H:%M").to_string();
    rows.into_iter()
        .map(|row| (text(row.starts_at), row.ends_at.map(text)))
        .collect()
}

async fn told(world: &World, verb: &str) -> u64 {
    audit_event::Entity::find()
        .filter(audit_event::Column::Verb.eq(verb))
        .count(world.db())
        .await
        .unwrap()
}

pub(super) async fn extend_project(
    deal: &Deal<'_>,
    end: Option<&str>,
) -> Result<(), domain::structure::StructureError> {
    let change = ProjectChange {
        name: deal.project.name.clone(),
        description: String::new(),
        start_date: None,
        end_date: end.map(|day| day.parse().unwrap()),
        approval_limit: None,
    };
    deal.world
        .domain()
        .structure()
        .edit_project(&deal.buyer.owner, deal.project.id, change)
        .await
}

pub(super) async fn no_findings(world: &World) {
    assert_eq!(world.operations().verify().run().await.unwrap(), []);
}

both_engines! {
    async fn the_system_ends_what_is_over_and_bills_its_last_day_and_none_after(world: World) {
        let deal = monthly(&world).await;
        let resource = ending(&deal, "2025-03-01T09:00:00Z", "2025-03-10").await;
        assert_eq!(night(&deal, "2025-03-10T23:59:00Z").await, 0, "the last day is included");
        // The portal was down for five days.
        world.clock().set("2025-03-15T12:00:00Z");
        let cost = world.domain().billing().running_cost(&deal.buyer.owner, resource).await.unwrap();
        assert_eq!(cost.net.plain(), "10.00", "even before anybody has ended it");
        assert_eq!(night(&deal, "2025-03-15T12:00:00Z").await, 1);
        assert_eq!(night(&deal, "2025-03-15T12:05:00Z").await, 0, "once");
        let ended = row(&world, resource).await;
        assert_eq!((ended.state, ended.terminated_at), (ResourceState::Terminated, Some("2025-03-15T12:00:00Z".parse().unwrap())));
        assert_eq!(stretches(&world, resource).await, [("03-01T09:00".to_owned(), Some("03-11T00:00".to_owned()))]);
        let orders = order::Entity::find().filter(order::Column::Kind.eq(OrderKind::Terminate)).all(world.db()).await.unwrap();
        assert_eq!((orders.len(), orders[0].state), (1, OrderState::Done));
        let detail = world.domain().ordering().order(&deal.buyer.owner, orders[0].id).await.unwrap();
        assert_eq!(detail.summary.requested_by, None, "nobody: the system did");
        assert_eq!(detail.timeline[0].note, "Its last day, 10 March 2025, is over.");
        let rules: Vec<&str> = detail.steps.iter().map(|one| one.rule.as_str()).collect();
        assert_eq!(rules, ["What is over is ended without asking anybody."; 2], "no rule for people is named");
        assert_eq!(told(&world, "resource.ended").await, 1);
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["period: 10.00"]);
        let people = world.domain().accounts().people(&domain::Actor::system(), "", &model::NamedList::default(), &model::PageRequest::default()).await.unwrap();
        assert!(people.items.iter().all(|person| person.name != "Stoa"), "the system is nobody");
        no_findings(&world).await;
    }

    async fn a_last_day_that_nobody_keeps_is_found(world: World) {
        let deal = monthly(&world).await;
        let resource = ending(&deal, "2025-03-01T09:00:00Z", "2025-03-10").await;
        world.clock().set("2025-03-11T01:00:00Z");
        no_findings(&world).await;
        world.clock().set("2025-03-11T03:00:00Z");
        let found = world.operations().verify().run().await.unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].invariant, found[0].subject.as_str()), (7, format!("resource {resource}").as_str()));
        assert_eq!(found[0].text, "its last day, 2025-03-10, is over, and nobody ends it");
    }

    async fn days_are_those_of_the_buyer(world: World) {
        let deal = monthly(&world).await;
        world.was_always_in_zone(deal.buyer.id, "Asia/Tokyo").await;
        let resource = ending(&deal, "2025-03-01T09:00:00Z", "2025-03-10").await;
        assert_eq!(night(&deal, "2025-03-10T14:59:00Z").await, 0);
        assert_eq!(night(&deal, "2025-03-10T15:01:00Z").await, 1, "it is the eleventh in Tokyo");
        assert_eq!(stretches(&world, resource).await[0].1.as_deref(), Some("03-10T15:00"));
    }

    async fn in_grace_it_is_kept_unbilled_and_goes_on_from_the_day_on_which_it_is_extended(world: World) {
        let deal = monthly(&world).await;
        kept_for(&deal, 3).await;
        let resource = ending(&deal, "2025-03-01T09:00:00Z", "2025-03-10").await;
        let gone = ending(&deal, "2025-03-01T09:00:00Z", "2025-03-10").await;
        assert_eq!(night(&deal, "2025-03-11T01:00:00Z").await, 0);
        assert_eq!(told(&world, "resource.ended").await, 2);
        world.clock().set("2025-03-13T10:00:00Z");
        let end = Some("2025-03-31".parse().unwrap());
        world.domain().ordering().change_end(&deal.buyer.owner, resource, end).await.unwrap();
        assert_eq!(night(&deal, "2025-03-13T23:00:00Z").await, 0, "three days of grace");
        assert_eq!(night(&deal, "2025-03-14T01:00:00Z").await, 1);
        assert_eq!(row(&world, gone).await.state, ResourceState::Terminated);
        assert_eq!(row(&world, resource).await.state, ResourceState::Ok);
        let stretches = stretches(&world, resource).await;
        assert_eq!(stretches, [("03-01T09:00".to_owned(), Some("03-11T00:00".to_owned())), ("03-13T10:00".to_owned(), None)]);
        let bill = deal.bill("2025-04-01T00:00:00Z", "2025-03").await;
        assert_eq!(bill, ["period: 29.00", "period: 10.00"], "10 days and 19 days; 10 days");
        no_findings(&world).await;
    }

    async fn what_is_over_is_kept_for_as_long_as_was_said_whatever_the_provider_gives_later(world: World) {
        let deal = monthly(&world).await;
        kept_for(&deal, 5).await;
        let said = ending(&deal, "2025-03-01T09:00:00Z", "2025-03-10").await;
        let extended = ending(&deal, "2025-03-01T09:00:00Z", "2025-03-10").await;
        assert_eq!(night(&deal, "2025-03-11T01:00:00Z").await, 0);
        kept_for(&deal, 0).await;
        let (provisioning, owner) = (world.domain().provisioning(), &deal.buyer.owner);
        let shown = provisioning.resource(owner, said).await.unwrap().lifetime.ended_after;
        assert_eq!(shown, Some("2025-03-15".parse().unwrap()));
        let near = world.domain().ordering().ending_soon(owner).await.unwrap();
        assert_eq!(near.iter().find(|one| one.resource_id == Some(said)).unwrap().ended_after, "2025-03-15".parse().unwrap());
        world.clock().set("2025-03-12T10:00:00Z");
        let end = Some("2025-03-20".parse().unwrap());
        world.domain().ordering().change_end(owner, extended, end).await.unwrap();
        assert_eq!(night(&deal, "2025-03-15T23:00:00Z").await, 0, "five days were said");
        no_findings(&world).await;
        assert_eq!(night(&deal, "2025-03-16T01:00:00Z").await, 1);
        assert_eq!(night(&deal, "2025-03-21T01:00:00Z").await, 1, "what ends later has what is given then: nothing");
        assert_eq!(row(&world, extended).await.state, ResourceState::Terminated);
    }

    async fn days_of_grace_are_had_once_however_often_something_is_ended_and_extended(world: World) {
        let deal = monthly(&world).await;
        kept_for(&deal, 5).await;
        let resource = ending(&deal, "2025-03-01T09:00:00Z", "2025-03-10").await;
        let (ordering, owner) = (world.domain().ordering(), &deal.buyer.owner);
        assert_eq!(night(&deal, "2025-03-11T01:00:00Z").await, 0);
        // On the last day of grace it is had for that day alone, which is billed.
        world.clock().set("2025-03-15T10:00:00Z");
        ordering.change_end(owner, resource, Some("2025-03-15".parse().unwrap())).await.unwrap();
        assert_eq!(row(&world, resource).await.grace_used, 4);
        assert_eq!(night(&deal, "2025-03-16T01:00:00Z").await, 0);
        let shown = world.domain().provisioning().resource(owner, resource).await.unwrap().lifetime.ended_after;
        assert_eq!(shown, Some("2025-03-16".parse().unwrap()), "one day is left");
        world.clock().set("2025-03-16T10:00:00Z");
        ordering.change_end(owner, resource, Some("2025-03-16".parse().unwrap())).await.unwrap();
        assert_eq!(night(&deal, "2025-03-17T01:00:00Z").await, 0, "not a whole day was had");
        assert_eq!(night(&deal, "2025-03-18T01:00:00Z").await, 1);
        assert_eq!(row(&world, resource).await.state, ResourceState::Terminated);
        no_findings(&world).await;
    }

    async fn a_project_that_is_extended_again_and_again_gives_no_more_grace(world: World) {
        let deal = monthly(&world).await;
        kept_for(&deal, 2).await;
        let resource = deal.runs("2025-03-01T09:00:00Z", &[]).await;
        extend_project(&deal, Some("2025-03-10")).await.unwrap();
        night(&deal, "2025-03-11T01:00:00Z").await;
        world.clock().set("2025-03-12T10:00:00Z");
        extend_project(&deal, Some("2025-03-12")).await.unwrap();
        night(&deal, "2025-03-12T11:00:00Z").await;
        assert_eq!(row(&world, resource).await.grace_used, 1);
        assert_eq!(night(&deal, "2025-03-13T01:00:00Z").await, 0);
        assert_eq!(night(&deal, "2025-03-14T01:00:00Z").await, 1, "one day of two was left");
    }

    async fn more_days_of_grace_reach_what_is_over_too(world: World) {
        let deal = monthly(&world).await;
        let resource = ending(&deal, "2025-03-01T09:00:00Z", "2025-03-10").await;
        kept_for(&deal, 2).await;
        assert_eq!(night(&deal, "2025-03-11T01:00:00Z").await, 0);
        kept_for(&deal, 6).await;
        assert_eq!(night(&deal, "2025-03-16T23:00:00Z").await, 0);
        assert_eq!(night(&deal, "2025-03-17T01:00:00Z").await, 1);
        assert_eq!(row(&world, resource).await.state, ResourceState::Terminated);
    }

    async fn a_project_that_is_over_ends_everything_in_it(world: World) {
        let deal = monthly(&world).await;
        kept_for(&deal, 2).await;
        let resource = deal.runs("2025-03-01T09:00:00Z", &[]).await;
        extend_project(&deal, Some("2025-03-10")).await.unwrap();
        let ordering = world.domain().ordering();
        let switch = world.domain().provisioning().resource(&deal.buyer.owner, resource).await.unwrap();
        assert_eq!(switch.lifetime.extension, Extension::ChangeProject);
        night(&deal, "2025-03-11T01:00:00Z").await;
        let order = ordering.place_create(&deal.buyer.owner, world.order(&deal.buyer.owner, &deal.project, &deal.offering).into_draft(), None).await;
        assert!(words(order).contains("has ended"));
        extend_project(&deal, Some("2025-03-20")).await.unwrap();
        night(&deal, "2025-03-11T10:00:00Z").await;
        assert_eq!(told(&world, "resource.resumed").await, 1, "extended within the grace, it goes on");
        assert_eq!(night(&deal, "2025-03-23T00:30:00Z").await, 1);
        let events = audit_event::Entity::find().filter(audit_event::Column::Verb.eq("order.placed"));
        let reason = events.order_by_desc(audit_event::Column::Sequence).one(world.db()).await.unwrap().unwrap().reason;
        assert_eq!(reason, "The last day of its project, 20 March 2025, is over.");
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["period: 20.00"]);
        let past = extend_project(&deal, Some("2025-03-30")).await.unwrap_err().problem();
        assert_eq!(past.fields[0].path, "end_date", "nothing ends backwards");
    }

    async fn what_is_approved_too_late_is_not_begun(world: World) {
        let deal = monthly(&world).await;
        let member = world.member(&deal.project).await;
        let ordering = world.domain().ordering();
        let of_day = world.order(&member, &deal.project, &deal.offering).ending("2025-03-10").await;
        let of_project = world.order(&member, &deal.project, &deal.offering).await;
        extend_project(&deal, Some("2025-03-20")).await.unwrap();
        world.clock().set("2025-03-11T12:00:00Z");
        let late = words(ordering.approve(&deal.buyer.owner, of_day, "").await);
        assert!(late.contains("10 March 2025, is over"), "{late}");
        world.clock().set("2025-03-21T12:00:00Z");
        assert!(words(ordering.approve(&deal.buyer.owner, of_project, "").await).contains("has ended"));
        assert_eq!(world.order_state(of_project).await, OrderState::PendingBuyer, "it can be approved once the project goes on");
    }

    async fn a_change_that_waited_past_the_last_day_is_not_begun_in_grace(world: World) {
        let deal = prepaid(&world).await;
        kept_for(&deal, 30).await;
        let resource_id = for_months(&deal, "2025-01-15T09:00:00Z", 1).await;
        world.clock().set("2025-02-13T12:00:00Z");
        let member = world.member(&deal.project).await;
        let ordering = world.domain().ordering();
        let more = model::LimitsDraft { resource_id, limits: [("cores".to_owned(), 1000.into())].into() };
        let change = ordering.place_change_limits(&member, more, None).await.unwrap();
        assert_eq!(night(&deal, "2025-02-20T00:30:00Z").await, 0, "kept in grace");
        let late = words(ordering.approve(&deal.buyer.owner, change, "").await);
        assert!(late.contains("was 14 February 2025. Renew it first."), "{late}");
        assert_eq!(world.order_state(change).await, OrderState::PendingBuyer);
        ordering.cancel(&member, change, "").await.unwrap();
        renew(&deal, "2025-02-20T12:00:00Z", resource_id, 1).await;
        let more = model::LimitsDraft { resource_id, limits: [("cores".to_owned(), 8.into())].into() };
        let change = ordering.place_change_limits(&member, more, None).await.unwrap();
        ordering.approve(&deal.buyer.owner, change, "").await.unwrap();
        world.run_jobs().await;
        assert_eq!(world.order_state(change).await, OrderState::Done, "in the new term it is");
    }

    async fn what_waits_when_the_end_comes_has_come_too_late(world: World) {
        let deal = prepaid(&world).await;
        let resource_id = for_months(&deal, "2025-01-15T09:00:00Z", 1).await;
        let member = world.member(&deal.project).await;
        let ordering = world.domain().ordering();
        let renewal = ordering.place_renew(&member, RenewDraft { resource_id, months: 3 }, None).await.unwrap();
        assert_eq!(world.order_state(renewal).await, OrderState::PendingBuyer);
        assert_eq!(night(&deal, "2025-02-15T00:30:00Z").await, 1);
        assert_eq!(world.order_state(renewal).await, OrderState::Canceled);
        let renewal = ordering.order(&member, renewal).await.unwrap();
        assert_eq!(renewal.error, "Its last day, 14 February 2025, is over.");
        assert_eq!(row(&world, resource_id).await.state, ResourceState::Terminated);
    }

    async fn each_notice_is_told_once_whatever_was_missed(world: World) {
        let deal = monthly(&world).await;
        let resource = ending(&deal, "2025-03-01T09:00:00Z", "2025-04-30").await;
        let ordering = world.domain().ordering();
        let mut new = Vec::new();
        // Nobody looked between the 30th day and the 5th.
        for at in ["2025-03-30T12:00:00Z", "2025-03-31T12:00:00Z", "2025-03-31T13:00:00Z", "2025-04-25T12:00:00Z",
            "2025-04-26T12:00:00Z", "2025-04-29T12:00:00Z", "2025-04-30T12:00:00Z"] {
            world.clock().set(at);
            new.push(world.operations().ordering().send_end_notices().await.unwrap());
        }
        assert_eq!(new, [0, 1, 0, 1, 0, 1, 0]);
        let rows = end_notice::Entity::find().order_by_desc(end_notice::Column::Days).all(world.db()).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.days).collect::<Vec<_>>(), [30, 7, 1]);
        assert_eq!(told(&world, "resource.ending_soon").await, 3);
        let soon = ordering.ending_soon(&deal.buyer.owner).await.unwrap();
        assert_eq!((soon.len(), soon[0].resource_id, soon[0].days_left), (1, Some(resource), 0));
        assert_eq!(soon[0].extension, Extension::ChangeEnd);
        assert!(ordering.ending_soon(&world.stranger().await).await.unwrap().is_empty());
        // Another end has notices of its own.
        ordering.change_end(&deal.buyer.owner, resource, Some("2025-05-20".parse().unwrap())).await.unwrap();
        assert_eq!(world.operations().ordering().send_end_notices().await.unwrap(), 1);
    }

    async fn more_time_is_advised_only_where_it_would_be_taken(world: World) {
        let deal = prepaid(&world).await;
        let resource_id = for_months(&deal, "2025-01-15T09:00:00Z", 1).await;
        let (owner, ordering) = (&deal.buyer.owner, world.domain().ordering());
        let advised = async |world: &World| {
            let lifetime = world.domain().provisioning().resource(owner, resource_id).await.unwrap().lifetime;
            let soon = world.domain().ordering().ending_soon(owner).await.unwrap();
            let soon = soon.iter().find(|one| one.resource_id == Some(resource_id)).unwrap();
            assert_eq!((soon.extension, soon.can_extend), (lifetime.extension, lifetime.can_extend), "start page and resource agree");
            (lifetime.extension, lifetime.can_extend)
        };
        assert_eq!(advised(&world).await, (Extension::Renew, true));
        // Not even the shortest term fits before the project's last day.
        extend_project(&deal, Some("2025-03-01")).await.unwrap();
        assert_eq!(advised(&world).await, (Extension::ChangeProject, true));
        let renewal = RenewDraft { resource_id, months: 1 };
        assert_eq!(faults(ordering.place_renew(owner, renewal.clone(), None).await), ["months: after_project"]);
        extend_project(&deal, None).await.unwrap();
        let member = world.member(&deal.project).await;
        ordering.place_renew(&member, renewal, None).await.unwrap();
        assert_eq!(advised(&world).await, (Extension::Renew, false), "an order is open");
    }

    async fn what_has_ended_is_not_quoted(world: World) {
        let deal = prepaid(&world).await;
        let resource_id = for_months(&deal, "2025-01-15T09:00:00Z", 1).await;
        deal.ends("2025-02-01T09:00:00Z", resource_id).await;
        let (owner, ordering) = (&deal.buyer.owner, world.domain().ordering());
        let said = words(ordering.quote_renew(owner, &RenewDraft { resource_id, months: 1 }).await);
        assert!(said.ends_with("has ended, so nothing of it can be changed or renewed. Order it anew."), "{said}");
        let plan = deal.add_plan(|_| {}, &[("cores", "2")]).await;
        assert_eq!(words(ordering.quote_switch_plan(owner, resource_id, plan).await), said);
    }

    async fn the_end_of_a_project_is_told_for_all_that_is_in_it(world: World) {
        let deal = monthly(&world).await;
        deal.runs("2025-03-01T09:00:00Z", &[]).await;
        extend_project(&deal, Some("2025-03-20")).await.unwrap();
        let ordering = world.domain().ordering();
        assert_eq!(world.operations().ordering().send_end_notices().await.unwrap(), 1);
        let soon = ordering.ending_soon(&deal.buyer.owner).await.unwrap();
        assert_eq!(soon.iter().map(|one| one.kind).collect::<Vec<_>>(), [EndingKind::Project]);
        world.clock().set("2025-03-21T12:00:00Z");
        assert_eq!(world.operations().ordering().send_end_notices().await.unwrap(), 1);
        assert_eq!(world.operations().ordering().send_end_notices().await.unwrap(), 0);
        assert_eq!((told(&world, "project.ending_soon").await, told(&world, "project.ended").await), (1, 1));
    }

    async fn another_last_day_is_chosen_by_whoever_may_order_and_written_down(world: World) {
        let deal = monthly(&world).await;
        let resource = ending(&deal, "2025-03-01T09:00:00Z", "2025-03-10").await;
        let ordering = world.domain().ordering();
        let (member, owner) = (world.member(&deal.project).await, deal.buyer.owner.clone());
        let day = |text: &str| Some(text.parse().unwrap());
        ordering.change_end(&member, resource, day("2025-04-10")).await.unwrap();
        assert_eq!(faults(ordering.change_end(&owner, resource, day("2025-02-28")).await), ["last_day: past"]);
        ordering.change_end(&owner, resource, None).await.unwrap();
        assert_eq!(told(&world, "resource.end_changed").await, 2);
        assert_eq!(night(&deal, "2025-05-01T00:00:00Z").await, 0);
        assert!(ordering.change_end(&world.stranger().await, resource, None).await.is_err());
        let renewal = ordering.place_renew(&owner, RenewDraft { resource_id: resource, months: 3 }, None).await;
        assert!(words(renewal).contains("nothing to renew"));
    }

    async fn an_order_for_a_later_day_starts_on_it(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let draft = world.order(&scene.member, &scene.project, &scene.offering).starting("2026-03-01").into_draft();
        let id = ordering.place_create(&scene.member, draft, None).await.unwrap();
        ordering.approve(&scene.owner, id, "").await.unwrap();
        let detail = ordering.order(&scene.owner, id).await.unwrap();
        assert_eq!((detail.summary.state, detail.waiting_for.as_str()), (OrderState::PendingStart, "Waiting for its start on 1 March 2026."));
        world.clock().set("2026-02-28T23:59:00Z");
        assert_eq!(world.operations().ordering().start_due().await.unwrap(), 0);
        world.clock().set("2026-03-01T00:01:00Z");
        assert_eq!(world.operations().ordering().start_due().await.unwrap(), 1);
        assert_eq!(world.operations().ordering().start_due().await.unwrap(), 0);
        scene.finish_jobs().await;
        let row = scene.row(id).await;
        assert_eq!(row.state, OrderState::Done);
        assert_eq!(scene.intervals(row.resource_id.unwrap()).await[0].starts_at, world.clock().now());
        no_findings(&world).await;
    }

    async fn a_start_that_is_refused_says_why_and_makes_nothing(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        for (day, code) in [("2026-02-09", "past"), ("2027-06-01", "too_far")] {
            let draft = world.order(&scene.owner, &scene.project, &scene.offering).starting(day).into_draft();
            assert_eq!(faults(ordering.place_create(&scene.owner, draft, None).await), [format!("start_date: {code}")]);
        }
        let draft = world.order(&scene.owner, &scene.project, &scene.offering).starting("2026-03-01").into_draft();
        let id = ordering.place_create(&scene.owner, draft, None).await.unwrap();
        assert_eq!(scene.state(id).await, OrderState::PendingStart);
        scene.set_offering(|row| row.state = Set(OfferingState::Archived)).await;
        world.clock().set("2026-03-01T08:00:00Z");
        let [_, resources, jobs, _] = scene.stored().await;
        assert_eq!(world.operations().ordering().start_due().await.unwrap(), 1);
        let row = scene.row(id).await;
        assert_eq!((row.state, row.resource_id), (OrderState::Rejected, None));
        assert!(row.error.contains("no longer offered"), "{}", row.error);
        let [_, resources_now, jobs_now, _] = scene.stored().await;
        assert_eq!((resources_now, jobs_now), (resources, jobs));
        no_findings(&world).await;
    }
}
