//! What is published already and will reach what is ordered stands in the quote, and is part of what is agreed to.

use domain::Actor;
use model::{LimitsDraft, OrderState, PageRequest, PriceChanges, PriceToCome, Quote};
use testkit::{NewOrder, Sold, World, both_engines};

use crate::billing::deal::{Deal, fixed, set_price};

/// Seats at 10 a month.
async fn seats(world: &World) -> Deal<'_> {
    let sold = vec![Sold::reserved("seats", "seat").at("10")];
    Deal::selling(world, "2025-03-01T08:00:00Z", sold).await
}

/// On 5 March a price from the 20th on is published; then it is the 10th.
async fn publishes(deal: &Deal<'_>, component: &str, price: &str) {
    deal.publishes("2025-03-05T15:00:00Z", |plan| {
        set_price(plan, component, price);
        plan.valid_from = Some("2025-03-20".parse().unwrap());
    })
    .await;
    deal.world.clock().set("2025-03-10T09:00:00Z");
}

/// Two seats for somebody.
fn two_seats<'w>(deal: &Deal<'w>, by: &Actor) -> NewOrder<'w> {
    let order = deal.world.order(by, &deal.project, &deal.offering);
    order.limits([("seats", "2")])
}

async fn quoted(deal: &Deal<'_>, order: NewOrder<'_>) -> Quote {
    let ordering = deal.world.domain().ordering();
    let quote = ordering.quote(Some(&deal.buyer.owner), &order.into_draft()).await;
    quote.unwrap()
}

fn commitment(quote: &Quote) -> String {
    quote.commitment.unwrap().to_string()
}

fn says(quote: &Quote, words: &str) -> bool {
    quote.notes.iter().any(|note| note.contains(words))
}

fn only(quote: &Quote) -> &PriceToCome {
    assert_eq!(quote.prices_to_come.len(), 1, "{:?}", quote.prices_to_come);
    &quote.prices_to_come[0]
}

both_engines! {
    async fn a_raise_that_is_published_is_told_with_its_notice_and_committed_to(world: World) {
        let deal = seats(&world).await;
        publishes(&deal, "seats", "77").await;
        let quote = quoted(&deal, two_seats(&deal, &deal.buyer.owner)).await;
        let told = only(&quote);
        assert_eq!(told.component.as_deref(), Some("seats"));
        assert_eq!(told.from.unwrap().to_rfc3339(), "2025-04-04T15:00:00+00:00", "thirty days after it was published");
        assert_eq!((told.first_day.unwrap().to_string().as_str(), told.is_higher), ("2025-04-04", true));
        assert!(says(&quote, "€77.00 per seat from 4 April 2025 (now €10.00 per seat)"), "{:?}", quote.notes);
        assert_eq!(quote.full_month.totals.net.to_string(), "€20.00", "what is had is had at the present price");
        assert_eq!(commitment(&quote), "€154.00");

        let resource = two_seats(&deal, &deal.buyer.owner).fulfilled().await;
        let seen = world.domain().provisioning().resource(&deal.buyer.owner, resource).await.unwrap();
        let comes: Vec<_> = seen.changes.iter().map(|change| (change.from, change.then.as_str())).collect();
        assert_eq!(comes, [(told.from, told.then.as_str())], "the resource is told the same");
        let bill = deal.bill("2025-05-01T00:00:00Z", "2025-04").await;
        assert_eq!(bill, ["seat: 2.00", "seat: 138.60"], "three days at 10 and the rest at 77");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn what_was_told_stays_with_the_order(world: World) {
        let deal = seats(&world).await;
        publishes(&deal, "seats", "77").await;
        let member = world.member(&deal.project).await;
        let order = two_seats(&deal, &member).await;
        deal.publishes("2025-03-11T09:00:00Z", |plan| {
            set_price(plan, "seats", "99");
            plan.valid_from = Some("2025-03-25".parse().unwrap());
        }).await;
        let detail = world.domain().ordering().order(&member, order).await.unwrap();
        let quote = detail.quote.unwrap();
        assert_eq!((only(&quote).then.as_str(), commitment(&quote).as_str()), ("€77.00 per seat", "€154.00"));
        assert_eq!(detail.summary.commitment.to_string(), "€154.00");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn beyond_a_managers_limit_by_a_price_to_come_an_order_waits_for_an_owner(world: World) {
        let deal = seats(&world).await;
        let project = world.project(&deal.buyer).approving_up_to("100").await;
        let deal = Deal { project, ..deal };
        let manager = world.project_manager(&deal.project).await;
        let ordering = world.domain().ordering();
        world.clock().set("2025-03-04T09:00:00Z");
        let before = two_seats(&deal, &manager).await;
        assert_ne!(world.order_state(before).await, OrderState::PendingBuyer, "20 a month are within 100");
        publishes(&deal, "seats", "77").await;
        let order = two_seats(&deal, &manager).await;
        assert_eq!(world.order_state(order).await, OrderState::PendingBuyer);
        assert_eq!(ordering.queue(&manager, PageRequest::default()).await.unwrap().items, []);
        let queue = ordering.queue(&deal.buyer.owner, PageRequest::default()).await.unwrap().items;
        assert_eq!(queue.iter().map(|one| one.id).collect::<Vec<_>>(), [order]);
        assert_eq!(queue[0].higher_price_from, Some("2025-04-04".parse().unwrap()));
    }

    async fn a_lower_price_is_told_from_its_first_day_and_commits_to_nothing_more(world: World) {
        let deal = seats(&world).await;
        publishes(&deal, "seats", "5").await;
        let quote = quoted(&deal, two_seats(&deal, &deal.buyer.owner)).await;
        assert_eq!((only(&quote).first_day, only(&quote).is_higher), (Some("2025-03-20".parse().unwrap()), false));
        assert!(says(&quote, "€5.00 per seat from 20 March 2025 (now €10.00 per seat)"), "{:?}", quote.notes);
        assert_eq!((commitment(&quote).as_str(), &quote.dearest_month, quote.higher_price_from()), ("€20.00", &None, None));
    }

    async fn what_a_renewal_alone_brings_is_told_and_not_committed_to(world: World) {
        let cores = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let sold = vec![Sold::every_period("base").at("31"), cores];
        let at_renewal = |plan: &mut model::PlanDraft| plan.price_changes = PriceChanges::AtRenewal;
        let deal = Deal::in_plan(&world, "2025-03-01T08:00:00Z", sold, at_renewal).await;
        publishes(&deal, "base", "310").await;
        let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
        let quote = quoted(&deal, order.limits([("cores", "1")]).for_months(3)).await;
        assert_eq!((only(&quote).from, only(&quote).first_day), (None, None));
        assert!(says(&quote, "€310.00 per period when it is renewed (now €31.00 per period)"), "{:?}", quote.notes);
        assert_eq!(commitment(&quote), "€31.00");
    }

    async fn what_comes_after_a_term_comes_with_the_next(world: World) {
        let cores = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let sold = vec![Sold::every_period("base").at("31"), cores];
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", sold).await;
        publishes(&deal, "base", "310").await;
        let order = || world.order(&deal.buyer.owner, &deal.project, &deal.offering).limits([("cores", "1")]);
        deal.publishes("2025-03-11T09:00:00Z", |plan| {
            set_price(plan, "base", "410");
            plan.valid_from = Some("2025-06-01".parse().unwrap());
        }).await;
        // A month from 11 March ends on 10 April.
        let quote = quoted(&deal, order().for_months(1)).await;
        let told: Vec<_> = quote.prices_to_come.iter().map(|one| one.first_day.map(|day| day.to_string())).collect();
        assert_eq!(told, [Some("2025-04-04".to_owned()), None]);
        assert!(says(&quote, "€410.00 per period when it is renewed (now €310.00 per period)"), "{:?}", quote.notes);
        assert_eq!(commitment(&quote), "€310.00");
    }

    async fn what_is_paid_up_front_has_another_price_when_it_is_renewed(world: World) {
        let cores = Sold::reserved("cores", "core").at("10").with(|terms| terms.prepaid = true);
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![cores]).await;
        publishes(&deal, "cores", "77").await;
        let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
        let quote = quoted(&deal, order.limits([("cores", "1")]).for_months(3).starting("2025-05-01")).await;
        assert!(says(&quote, "€77.00 per core when it is renewed (now €10.00 per core)"), "{:?}", quote.notes);
        assert_eq!(commitment(&quote), "€30.00", "the term has the price that its order quoted");
    }

    async fn what_has_come_by_the_first_day_is_the_price_and_what_comes_after_the_last_is_not_told(world: World) {
        let deal = seats(&world).await;
        publishes(&deal, "seats", "77").await;
        let order = || two_seats(&deal, &deal.buyer.owner);
        let later = quoted(&deal, order().starting("2025-05-01")).await;
        assert_eq!(later.prices_to_come, []);
        assert_eq!(later.full_month.totals.net.to_string(), "€154.00");
        let short = quoted(&deal, order().ending("2025-04-03")).await;
        assert_eq!((short.prices_to_come.as_slice(), commitment(&short).as_str()), (&[][..], "€20.00"));
        let a_day_more = quoted(&deal, order().ending("2025-04-04")).await;
        assert_eq!(commitment(&a_day_more), "€154.00");
    }

    async fn other_limits_and_another_plan_are_quoted_with_what_comes(world: World) {
        let deal = seats(&world).await;
        let resource_id = deal.runs("2025-03-02T09:00:00Z", &[("seats", "2")]).await;
        let large = deal.add_plan(|_| {}, &[("seats", "9")]).await;
        publishes(&deal, "seats", "77").await;
        let ordering = world.domain().ordering();
        let limits = [("seats".to_owned(), fixed("3"))].into();
        let draft = LimitsDraft { resource_id, limits };
        let changed = ordering.quote_change_limits(&deal.buyer.owner, draft).await.unwrap();
        assert_eq!(only(&changed).first_day, Some("2025-04-04".parse().unwrap()));
        assert_eq!(commitment(&changed), "€231.00");
        let switched = ordering.quote_switch_plan(&deal.buyer.owner, resource_id, large).await.unwrap();
        assert_eq!(switched.prices_to_come, [], "nothing comes to the other plan");
        deal.switches("2025-03-10T10:00:00Z", resource_id, large).await;
        let back = ordering.quote_switch_plan(&deal.buyer.owner, resource_id, deal.offering.plan).await.unwrap();
        assert_eq!((only(&back).first_day, commitment(&back).as_str()), (Some("2025-04-04".parse().unwrap()), "€154.00"));
    }
}
