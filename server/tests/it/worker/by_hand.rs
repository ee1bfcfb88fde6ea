//! What a person of the provider carries out, renewals and switches of plan as well: nothing is sold that nobody was asked for.

use domain::ordering::Fulfilment;
use model::{
    BillingPeriod, ChargeMode, Currency, Fixed, OrderId, OrderState, PageRequest, PlanDraft, PlanId,
    PriceChanges, PriceDraft, PriceScheme, Proration, RenewDraft, ResourceDetail, ResourceId, ResourceState,
};
use testkit::{Buyer, Offering, Provider, Sold, both_engines};

use crate::portal::Portal;

/// Four cores by hand, from 10 February on for a month that is paid up front.
struct Racked<'p> {
    portal: &'p Portal,
    provider: Provider,
    buyer: Buyer,
    offering: Offering,
    resource: ResourceId,
}

impl<'p> Racked<'p> {
    async fn of(portal: &'p Portal) -> Self {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let cores = Sold::reserved("cores", "core").at("1");
        let offering = world
            .offering(&provider)
            .selling(cores.with(|terms| terms.prepaid = true))
            .provisioned_by_hand()
            .await;
        let project = world.project(&buyer).await;
        let order = world.order(&buyer.owner, &project, &offering);
        let order = order.limits([("cores", "4")]).for_months(1).await;
        portal.work().await;
        let done = Fulfilment {
            backend_id: "rack 7".into(),
            ..Fulfilment::default()
        };
        let ordering = portal.operations.domain().ordering();
        ordering.fulfil(&provider.manager, order, done).await.unwrap();
        let order = ordering.order(&buyer.owner, order).await.unwrap();
        Self {
            portal,
            provider,
            buyer,
            offering,
            resource: order.summary.resource_id.unwrap(),
        }
    }

    async fn renewal(&self) -> OrderId {
        let ordering = self.portal.operations.domain().ordering();
        let draft = RenewDraft {
            resource_id: self.resource,
            months: 1,
        };
        let order = ordering
            .place_renew(&self.buyer.owner, draft, None)
            .await
            .unwrap();
        self.portal.work().await;
        order
    }

    async fn switch(&self) -> (OrderId, PlanId) {
        let plan = self.other_plan().await;
        let ordering = self.portal.operations.domain().ordering();
        let order = ordering
            .place_switch_plan(&self.buyer.owner, self.resource, plan, None)
            .await
            .unwrap();
        self.portal.work().await;
        (order, plan)
    }

    async fn other_plan(&self) -> PlanId {
        let price = PriceDraft {
            component: "cores".into(),
            scheme: PriceScheme::PerUnit {
                price: "0.5".parse().unwrap(),
            },
        };
        let draft = PlanDraft {
            name: "Other".into(),
            description: String::new(),
            currency: Currency::Eur,
            billing_period: BillingPeriod::Month,
            proration: Proration::Day,
            charge_mode: ChargeMode::Arrears,
            setup_fee: Fixed::ZERO,
            price_changes: PriceChanges::default(),
            prices: vec![price],
            valid_from: None,
        };
        let catalogue = self.portal.operations.domain().catalogue();
        catalogue
            .save_plan(&self.provider.manager, self.offering.id, None, draft)
            .await
            .unwrap()
    }

    async fn read(&self) -> ResourceDetail {
        let provisioning = self.portal.operations.domain().provisioning();
        provisioning
            .resource(&self.buyer.owner, self.resource)
            .await
            .unwrap()
    }

    /// The first and last days of its terms.
    async fn terms(&self) -> Vec<(String, String)> {
        let terms = self.read().await.lifetime.terms;
        let days = |term: &model::Term| (term.first_day.to_string(), term.last_day.to_string());
        terms.iter().map(days).collect()
    }

    /// The order waits for the provider, who finds it in the queue, and nothing has changed yet.
    async fn waits(&self, order: OrderId) {
        let ordering = self.portal.operations.domain().ordering();
        let queue = ordering
            .queue(&self.provider.manager, PageRequest::default())
            .await
            .unwrap();
        assert_eq!(queue.items.iter().map(|row| row.id).collect::<Vec<_>>(), [order]);
        assert_eq!(self.portal.world.order_state(order).await, OrderState::Executing);
        assert_eq!(self.terms().await, [term("2026-02-10", "2026-03-09")]);
        assert_eq!(self.portal.operations.verify().run().await.unwrap(), []);
    }

    async fn fulfil(&self, order: OrderId) {
        let ordering = self.portal.operations.domain().ordering();
        let manager = &self.provider.manager;
        ordering
            .fulfil(manager, order, Fulfilment::default())
            .await
            .unwrap();
        assert_eq!(self.portal.world.order_state(order).await, OrderState::Done);
    }

    async fn refuse(&self, order: OrderId) {
        let ordering = self.portal.operations.domain().ordering();
        let manager = &self.provider.manager;
        ordering
            .cannot_fulfil(manager, order, "The rack is sold.")
            .await
            .unwrap();
        assert_eq!(self.portal.world.order_state(order).await, OrderState::Erred);
    }
}

fn term(first: &str, last: &str) -> (String, String) {
    (first.to_owned(), last.to_owned())
}

both_engines! {
    async fn a_renewal_waits_for_the_provider_and_its_term_follows_the_running_one(portal: Portal) {
        let racked = Racked::of(&portal).await;
        portal.world.clock().set("2026-03-01T09:00:00Z");
        let order = racked.renewal().await;
        racked.waits(order).await;
        let told = portal.operations.domain().ordering().order(&racked.buyer.owner, order).await.unwrap();
        assert!(told.waiting_for.starts_with("Waiting for somebody of "), "{}", told.waiting_for);
        portal.world.clock().set("2026-03-04T09:00:00Z");
        racked.fulfil(order).await;
        assert_eq!(racked.terms().await, [term("2026-02-10", "2026-03-09"), term("2026-03-10", "2026-04-09")]);
        assert_eq!(racked.read().await.backend_id, "rack 7");
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn a_renewal_that_is_done_after_the_last_day_begins_on_the_day_on_which_it_is_done(portal: Portal) {
        let racked = Racked::of(&portal).await;
        portal.world.clock().set("2026-03-09T09:00:00Z");
        let order = racked.renewal().await;
        portal.world.clock().set("2026-03-14T09:00:00Z");
        portal.operations.jobs().enqueue(domain::jobs::NewJob::now(&worker::ApplyDueDates {}).unwrap()).await.unwrap();
        portal.work().await;
        racked.waits(order).await;
        racked.fulfil(order).await;
        assert_eq!(racked.terms().await, [term("2026-02-10", "2026-03-09"), term("2026-03-14", "2026-04-13")]);
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn a_renewal_that_is_refused_leaves_the_term_and_says_why(portal: Portal) {
        let racked = Racked::of(&portal).await;
        portal.world.clock().set("2026-03-01T09:00:00Z");
        let order = racked.renewal().await;
        racked.waits(order).await;
        racked.refuse(order).await;
        let read = racked.read().await;
        assert_eq!((read.summary.state, read.error.as_str()), (ResourceState::Ok, "The rack is sold."));
        assert_eq!(racked.terms().await, [term("2026-02-10", "2026-03-09")]);
        assert_eq!(read.lifetime.last_day.unwrap().to_string(), "2026-03-09");
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn a_switch_of_plan_waits_and_counts_from_when_it_is_carried_out(portal: Portal) {
        let racked = Racked::of(&portal).await;
        portal.world.clock().set("2026-02-15T09:00:00Z");
        let (order, plan) = racked.switch().await;
        racked.waits(order).await;
        assert_eq!(racked.read().await.plan_id, racked.offering.plan);
        portal.world.clock().set("2026-02-18T09:00:00Z");
        racked.fulfil(order).await;
        let read = racked.read().await;
        assert_eq!((read.plan_id, read.history.len()), (plan, 2));
        let begun = read.history.iter().find(|stretch| stretch.plan_id == plan).unwrap();
        assert_eq!(begun.starts_at.to_rfc3339(), "2026-02-18T09:00:00+00:00");
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn a_switch_of_plan_that_is_refused_leaves_the_plan(portal: Portal) {
        let racked = Racked::of(&portal).await;
        portal.world.clock().set("2026-02-15T09:00:00Z");
        let (order, _) = racked.switch().await;
        racked.waits(order).await;
        racked.refuse(order).await;
        let read = racked.read().await;
        assert_eq!((read.summary.state, read.plan_id), (ResourceState::Ok, racked.offering.plan));
        assert_eq!((read.error.as_str(), read.history.len()), ("The rack is sold.", 1));
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn the_providers_page_asks_for_the_renewal(portal: Portal) {
        let racked = Racked::of(&portal).await;
        portal.world.clock().set("2026-03-01T09:00:00Z");
        let order = racked.renewal().await;
        let path = format!("/provider/{}/orders/{order}", racked.provider.id);
        let page = portal.browser(&racked.provider.manager).await.get(&path).await;
        assert!(page.text.contains("Renew it on your side, then say so here."), "{}", page.text);
    }
}
