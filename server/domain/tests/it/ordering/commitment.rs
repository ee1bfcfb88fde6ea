//! What is approved is the commitment: whatever the order will cost for certain, and what is expected to be used.

use domain::Actor;
use model::{ExpectedUse, LimitPeriod, OrderDetail, OrderState, PageRequest};
use testkit::{NewOrder, Offering, Project, Sold, World, both_engines};

use super::scene::{faults, words};

/// A project whose manager may approve up to 500, and an offering of `sold`.
struct Shop {
    offering: Offering,
    project: Project,
    manager: Actor,
}

impl Shop {
    async fn selling(world: &World, sold: Vec<Sold>) -> Self {
        world.leaves_jobs();
        let provider = world.provider().await;
        let offering = sold
            .into_iter()
            .fold(world.offering(&provider), testkit::NewOffering::selling)
            .await;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).approving_up_to("500").await;
        let manager = world.project_manager(&project).await;
        Self {
            offering,
            project,
            manager,
        }
    }

    fn order<'w>(&self, world: &'w World) -> NewOrder<'w> {
        world.order(&self.manager, &self.project, &self.offering)
    }

    async fn placed(&self, world: &World, order: NewOrder<'_>) -> OrderDetail {
        let id = order.await;
        world.domain().ordering().order(&self.manager, id).await.unwrap()
    }
}

fn waits(detail: &OrderDetail) -> bool {
    detail.summary.state == OrderState::PendingBuyer
}

fn commits(detail: &OrderDetail) -> String {
    detail.summary.commitment.to_string()
}

both_engines! {
    async fn ten_thousand_units_of_a_total_limit_are_not_nothing_a_month(world: World) {
        let total = Sold::reserved("seats", "seat").at("50").with(|terms| terms.limit_period = LimitPeriod::Total);
        let shop = Shop::selling(&world, vec![total]).await;
        let order = shop.placed(&world, shop.order(&world).limits([("seats", "10000")])).await;
        assert!(waits(&order));
        assert_eq!((order.summary.monthly_cost.plain(), commits(&order)), ("0.00".into(), "€500,000.00".into()));
        assert!(!order.summary.can_decide);
        assert!(!order.waiting_for.contains("manager"), "{}", order.waiting_for);
        let ordering = world.domain().ordering();
        let queue = ordering.queue(&shop.manager, PageRequest::default()).await.unwrap();
        assert!(queue.items.is_empty(), "nor does it wait for the manager");
        let refused = ordering.approve(&shop.manager, order.summary.id, "").await;
        assert!(words(refused).contains("commits to more than you may approve"));
        let ten = shop.placed(&world, shop.order(&world).limits([("seats", "10")])).await;
        assert_eq!(commits(&ten), "€500.00");
        assert!(ten.steps[0].rule.contains("this one commits to €500.00"), "{}", ten.steps[0].rule);
    }

    async fn fees_and_prepaid_terms_are_committed_to(world: World) {
        let shop = Shop::selling(&world, vec![Sold::once("activation").at("600")]).await;
        let order = shop.placed(&world, shop.order(&world)).await;
        assert!(waits(&order));
        assert_eq!(commits(&order), "€600.00");
        let prepaid = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let shop = Shop::selling(&world, vec![prepaid]).await;
        let order = shop.order(&world).limits([("cores", "100")]).for_months(12);
        let order = shop.placed(&world, order).await;
        assert!(waits(&order));
        assert_eq!(commits(&order), "€1,200.00");
    }

    async fn use_that_is_expected_counts_and_is_kept_beside_what_is_used(world: World) {
        let asked = Sold::used("storage", "GiB-hour").at("0.05").with(|terms| terms.expected_use = ExpectedUse::Required);
        let shop = Shop::selling(&world, vec![asked]).await;
        let ordering = world.domain().ordering();
        let silent = ordering.place_create(&shop.manager, shop.order(&world).into_draft(), None).await;
        assert_eq!(faults(silent), ["expected_use.storage: required"]);
        let much = shop.placed(&world, shop.order(&world).expecting([("storage", "20000")])).await;
        assert!(waits(&much));
        assert_eq!(commits(&much), "€1,000.00");
        let quote = much.quote.unwrap();
        assert_eq!(quote.expected.unwrap().totals.net.plain(), "1000.00");
        assert_eq!(quote.full_month.totals.net.plain(), "0.00", "none of it is sure");
        let little = shop.order(&world).expecting([("storage", "1000")]).fulfilled().await;
        let resource = world.domain().provisioning().resource(&shop.manager, little).await.unwrap();
        assert_eq!(resource.use_of_limits[0].expected, Some(model::Fixed::from(1000)));
    }

    async fn an_order_that_no_invoice_could_hold_is_refused(world: World) {
        let total = Sold::reserved("seats", "seat").at("1").with(|terms| terms.limit_period = LimitPeriod::Total);
        let shop = Shop::selling(&world, vec![total]).await;
        let draft = shop.order(&world).limits([("seats", "9000000000")]).into_draft();
        let refused = world.domain().ordering().place_create(&shop.manager, draft, None).await;
        assert!(words(refused).contains("which no invoice can hold"));
    }
}
