//! What may be used in all, on a backend that counts use over the life of a resource: in each period, and in each term, what is
//! held for it.

use chrono::NaiveDate;
use domain::jobs::NewJob;
use domain::usage::DayReport;
use model::{Fixed, LimitPeriod, LimitsDraft, RenewDraft, ResourceId};
use plugins::{PluginError, Verb};
use testkit::{Buyer, NewOffering, Offering, Project, Provider, Sold, both_engines};

use super::jobs;
use crate::portal::Portal;

/// A running resource and those around it.
struct Allocation<'p> {
    portal: &'p Portal,
    provider: Provider,
    buyer: Buyer,
    resource: ResourceId,
}

/// CPU-hours, which the backend counts over the life.
fn hours() -> Sold {
    Sold::reserved("cpu_hours", "CPU-hour").at("0.1")
}

fn up_front(period: LimitPeriod) -> Sold {
    hours().with(|terms| {
        terms.prepaid = true;
        terms.limit_period = period;
    })
}

async fn shop(portal: &Portal, zone: &str, sold: Vec<Sold>) -> (Provider, Buyer, Project, Offering) {
    let world = &portal.world;
    let (provider, buyer) = (world.provider().await, world.buyer().await);
    let offering = sold
        .into_iter()
        .fold(world.offering(&provider), NewOffering::selling)
        .await;
    world.was_always_in_zone(buyer.id, zone).await;
    let project = world.project(&buyer).await;
    (provider, buyer, project, offering)
}

impl<'p> Allocation<'p> {
    /// A hundred hours, from 10 February on, for a buyer in this zone.
    async fn of(portal: &'p Portal, zone: &str, sold: Vec<Sold>) -> Self {
        let (provider, buyer, project, offering) = shop(portal, zone, sold).await;
        let order = portal.world.order(&buyer.owner, &project, &offering);
        Self::made(portal, (provider, buyer), order.limits([("cpu_hours", "100")])).await
    }

    /// The same for months that are paid up front.
    async fn up_front(portal: &'p Portal, period: LimitPeriod, months: u32) -> Self {
        let (provider, buyer, project, offering) = shop(portal, "UTC", vec![up_front(period)]).await;
        let order = portal.world.order(&buyer.owner, &project, &offering);
        let order = order.limits([("cpu_hours", "100")]).for_months(months);
        Self::made(portal, (provider, buyer), order).await
    }

    async fn made(
        portal: &'p Portal,
        (provider, buyer): (Provider, Buyer),
        order: testkit::NewOrder<'_>,
    ) -> Self {
        let order = order.await;
        portal.work().await;
        let ordering = portal.operations.domain().ordering();
        let order = ordering.order(&buyer.owner, order).await.unwrap();
        Self {
            portal,
            provider,
            buyer,
            resource: order.summary.resource_id.unwrap(),
        }
    }

    /// What the backend lets be used of a component in all.
    fn allowed(&self, component: &str) -> String {
        let objects = self.portal.fake.objects();
        let object = objects
            .values()
            .find(|object| object.resource == Some(self.resource))
            .unwrap();
        object.limits[component].normalize().to_string()
    }

    async fn used(&self, day: &str, component: &str, quantity: &str) {
        let report = DayReport {
            resource_id: self.resource,
            component: component.into(),
            day: day.parse::<NaiveDate>().unwrap(),
            quantity: quantity.into(),
            username: String::new(),
        };
        let usage = self.portal.operations.domain().usage();
        let receipt = usage
            .record_days(&self.provider.manager, vec![report])
            .await
            .unwrap();
        assert!(receipt.refused.is_empty(), "{:?}", receipt.refused);
    }

    /// The clock comes to `at`, the timer rings, and workers do what there is.
    async fn at(&self, at: &str) {
        self.portal.world.clock().set(at);
        let queue = self.portal.operations.jobs();
        queue
            .enqueue(NewJob::now(&worker::ReconcileLimits {}).unwrap())
            .await
            .unwrap();
        self.portal.work().await;
        self.portal.work().await;
    }

    fn calls(&self) -> usize {
        self.portal.fake.calls().len()
    }

    async fn renew(&self, months: u32) {
        let ordering = self.portal.operations.domain().ordering();
        let draft = RenewDraft {
            resource_id: self.resource,
            months,
        };
        ordering
            .place_renew(&self.buyer.owner, draft, None)
            .await
            .unwrap();
        self.portal.work().await;
    }

    async fn change_to(&self, hours: u32) {
        let ordering = self.portal.operations.domain().ordering();
        let draft = LimitsDraft {
            resource_id: self.resource,
            limits: [("cpu_hours".to_owned(), Fixed::from(hours))].into(),
        };
        ordering
            .place_change_limits(&self.buyer.owner, draft, None)
            .await
            .unwrap();
        self.portal.work().await;
    }
}

both_engines! {
    async fn in_each_month_of_the_buyer_the_whole_amount_can_be_used(portal: Portal) {
        let cores = Sold::reserved("cores", "core").at("1");
        let held = Allocation::of(&portal, "Asia/Tokyo", vec![hours(), cores]).await;
        held.at("2026-02-20T09:00:00Z").await;
        held.used("2026-02-11", "cpu_hours", "40").await;
        held.used("2026-02-11", "cores", "40").await;
        let calls = held.calls();
        held.at("2026-02-28T14:55:00Z").await;
        assert_eq!((held.allowed("cpu_hours").as_str(), held.calls()), ("100", calls), "it is February in Tokyo still");
        held.at("2026-02-28T15:00:01Z").await;
        assert_eq!(held.allowed("cpu_hours"), "140");
        assert_eq!(held.allowed("cores"), "1", "the backend does not count these");
        let calls = held.calls();
        held.at("2026-03-02T09:00:00Z").await;
        assert_eq!(held.calls(), calls, "what the backend knows is not told again");

        // Accounting tells late of February, and of March: only the former comes on top.
        held.used("2026-02-28", "cpu_hours", "5").await;
        held.used("2026-03-01", "cpu_hours", "70").await;
        held.at("2026-03-02T10:00:00Z").await;
        assert_eq!(held.allowed("cpu_hours"), "145");
        // It was less, after all.
        held.used("2026-02-28", "cpu_hours", "2").await;
        held.at("2026-03-02T11:00:00Z").await;
        assert_eq!(held.allowed("cpu_hours"), "142");
        held.at("2026-04-01T09:00:00Z").await;
        assert_eq!(held.allowed("cpu_hours"), "212");
        assert!(jobs(&portal, "set_limits").await.is_empty(), "what went well leaves no rows");
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn an_order_for_other_limits_tells_them_with_what_was_used_before(portal: Portal) {
        let held = Allocation::of(&portal, "UTC", vec![hours()]).await;
        held.at("2026-03-05T09:00:00Z").await;
        held.used("2026-02-11", "cpu_hours", "60").await;
        held.used("2026-03-01", "cpu_hours", "10").await;
        held.change_to(50).await;
        assert_eq!(held.allowed("cpu_hours"), "110");
        let calls = held.calls();
        held.at("2026-03-05T10:00:00Z").await;
        assert_eq!(held.calls(), calls, "the order has told it");
    }

    async fn a_limit_over_the_whole_life_stays_what_it_is(portal: Portal) {
        let total = hours().with(|terms| terms.limit_period = LimitPeriod::Total);
        let held = Allocation::of(&portal, "UTC", vec![total]).await;
        held.at("2026-02-20T09:00:00Z").await;
        held.used("2026-02-11", "cpu_hours", "30").await;
        let calls = held.calls();
        held.at("2026-03-05T09:00:00Z").await;
        assert_eq!((held.allowed("cpu_hours").as_str(), held.calls()), ("100", calls));
    }

    async fn what_was_renewed_can_be_used_from_the_first_day_of_the_new_term(portal: Portal) {
        let held = Allocation::up_front(&portal, LimitPeriod::Total, 1).await;
        portal.world.clock().set("2026-02-20T09:00:00Z");
        held.used("2026-02-12", "cpu_hours", "100").await;
        held.renew(1).await;
        held.at("2026-03-09T09:00:00Z").await;
        assert_eq!(held.allowed("cpu_hours"), "100", "the new term has not begun");
        held.at("2026-03-10T09:00:00Z").await;
        assert_eq!(held.allowed("cpu_hours"), "200");
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn months_of_a_term_are_counted_from_its_first_day(portal: Portal) {
        let held = Allocation::up_front(&portal, LimitPeriod::Month, 2).await;
        portal.world.clock().set("2026-02-20T09:00:00Z");
        held.used("2026-02-12", "cpu_hours", "100").await;
        held.at("2026-03-01T09:00:00Z").await;
        assert_eq!(held.allowed("cpu_hours"), "100");
        held.at("2026-03-10T09:00:00Z").await;
        assert_eq!(held.allowed("cpu_hours"), "200");
    }

    async fn a_renewal_of_what_is_over_tells_the_new_amount_at_once(portal: Portal) {
        let held = Allocation::up_front(&portal, LimitPeriod::Total, 1).await;
        portal.world.clock().set("2026-02-20T09:00:00Z");
        held.used("2026-02-12", "cpu_hours", "100").await;
        held.at("2026-04-20T09:00:00Z").await;
        assert_eq!(held.allowed("cpu_hours"), "100", "after the last day nothing begins anew");
        held.renew(1).await;
        assert_eq!(held.allowed("cpu_hours"), "200");
        let calls = held.calls();
        held.at("2026-04-20T10:00:00Z").await;
        assert_eq!(held.calls(), calls, "the renewal has told it");
    }

    async fn a_backend_that_refuses_a_renewal_leaves_the_term_as_it_was(portal: Portal) {
        let held = Allocation::up_front(&portal, LimitPeriod::Total, 1).await;
        portal.world.clock().set("2026-02-20T09:00:00Z");
        let refusal = PluginError::Refused { reason: "the account is locked".into() };
        portal.fake.answer_next(Verb::ChangeLimits, Err(refusal));
        held.renew(1).await;
        let provisioning = portal.operations.domain().provisioning();
        let read = provisioning.resource(&held.buyer.owner, held.resource).await.unwrap();
        assert_eq!(read.lifetime.terms.len(), 1);
        assert!(read.error.contains("the account is locked"), "{}", read.error);
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn what_could_not_be_told_is_told_after_an_hour(portal: Portal) {
        let held = Allocation::of(&portal, "UTC", vec![hours()]).await;
        portal.world.clock().set("2026-02-20T09:00:00Z");
        held.used("2026-02-11", "cpu_hours", "40").await;
        let need = PluginError::NeedsOperator { reason: "the account is gone".into() };
        portal.fake.answer_next(Verb::ChangeLimits, Err(need));
        held.at("2026-03-01T09:00:00Z").await;
        held.at("2026-03-01T09:30:00Z").await;
        assert_eq!(held.allowed("cpu_hours"), "100", "somebody is asked first");
        held.at("2026-03-01T10:31:00Z").await;
        assert_eq!(held.allowed("cpu_hours"), "140");
    }
}
