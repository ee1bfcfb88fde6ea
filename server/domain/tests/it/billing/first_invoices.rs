//! The quote's first invoice is the first that is issued, to the cent and in its month: every period, charged in advance
//! and in arrears, by the day, by the hour and whole, from several days on.

use std::collections::BTreeMap;

use domain::Actor;
use domain::billing::InvoiceFilter;
use model::{
    BillingPeriod, ChargeMode, CreateDraft, Fixed, Month, OrderId, PageRequest, PlanDraft, PriceDraft,
    PriceScheme, Proration, ResourceId,
};
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, fixed, parsed};

const STARTS: [&str; 3] = [
    "2025-01-01T00:00:00Z",
    "2025-02-14T09:30:00Z",
    "2025-03-31T23:10:00Z",
];

/// What a quote promised of which resource.
struct Promise {
    what: String,
    resource: ResourceId,
    month: Option<Month>,
    net: Fixed,
    lines: Vec<Fixed>,
}

fn plan_of(every: BillingPeriod, mode: ChargeMode, proration: Proration) -> PlanDraft {
    let price = |component: &str, price: &str| PriceDraft {
        component: component.into(),
        scheme: PriceScheme::per_unit(fixed(price)),
    };
    PlanDraft {
        name: format!("{every} {mode} {proration}"),
        description: String::new(),
        currency: model::Currency::Eur,
        billing_period: every,
        proration,
        charge_mode: mode,
        setup_fee: Fixed::ZERO,
        price_changes: model::PriceChanges::default(),
        prices: vec![
            price("base", "31.37"),
            price("ram", "1.11"),
            price("disk", "7.77"),
            price("seats", "0.77"),
        ],
        valid_from: None,
    }
}

/// Whether a plan is ordered at a start. What counts days is on the first or the last day of a month, so that each period
/// and each mode meets both; by the month on all. The others are in the middle of a month.
fn is_tried(index: usize, name: &str, at: &str) -> bool {
    if !name.ends_with(" day") {
        return at == STARTS[1];
    }
    let is_first = (index / Proration::ALL.len()).is_multiple_of(2);
    name.starts_with("month ") || at == STARTS[if is_first { 0 } else { 2 }]
}

/// Orders in the plans of `deal` that are ordered at one time, all for one buyer.
async fn order_all(
    world: &World,
    deal: &Deal<'_>,
    (first, plans): (usize, &[(String, model::PlanId)]),
    at: &str,
) -> Vec<Promise> {
    world.clock().set(at);
    let tried = |(index, (name, _)): &(usize, &(String, model::PlanId))| is_tried(first + index, name, at);
    let buyer = world.buyer().await;
    let project = world.project(&buyer).await;
    let ordering = world.domain().ordering();
    let mut quoted = Vec::new();
    for (index, (name, plan)) in plans.iter().enumerate().filter(tried) {
        let with_seats = index % 3 == 0;
        let limits = [
            ("ram", "3"),
            ("disk", "2"),
            ("seats", if with_seats { "5" } else { "0" }),
        ];
        let order = world.order(&buyer.owner, &project, &deal.offering).limits(limits);
        let draft = CreateDraft {
            plan_id: *plan,
            ..order.into_draft()
        };
        let shown = ordering.quote(Some(&buyer.owner), &draft).await.unwrap();
        let id: OrderId = ordering.place_create(&buyer.owner, draft, None).await.unwrap();
        quoted.push((format!("{name} at {at}"), id, shown));
    }
    world.run_jobs().await;
    let mut promises = Vec::new();
    for (what, id, shown) in quoted {
        let order = ordering.order(&buyer.owner, id).await.unwrap();
        let quote = order.quote.unwrap();
        assert_eq!(shown, quote, "what was shown is what was ordered");
        let amount = |money: model::Money| money.to_fixed().unwrap();
        let first = &quote.first_invoice;
        let mut lines: Vec<Fixed> = first.lines.iter().map(|line| amount(line.amount)).collect();
        lines.sort_unstable();
        promises.push(Promise {
            what,
            resource: order.summary.resource_id.unwrap(),
            month: quote.first_invoice_month,
            net: amount(first.totals.net),
            lines,
        });
    }
    promises
}

/// What the first document says of each resource for which it has something to pay: its month, sum and lines.
async fn first_issued(world: &World) -> BTreeMap<ResourceId, (Month, Fixed, Vec<Fixed>)> {
    let billing = world.domain().billing();
    let (system, all) = (Actor::system(), InvoiceFilter::default());
    let page = billing.invoices(&system, &all, PageRequest::first(PageRequest::MOST));
    let mut rows = page.await.unwrap().items;
    rows.retain(|row| row.state.is_issued());
    rows.sort_by_key(|row| row.month);
    let mut first = BTreeMap::new();
    for row in rows {
        let document = billing.invoice(&Actor::system(), row.id).await.unwrap();
        let mut of_resource: BTreeMap<ResourceId, Vec<Fixed>> = BTreeMap::new();
        for line in &document.lines {
            of_resource
                .entry(line.resource_id.unwrap())
                .or_default()
                .push(line.amount);
        }
        for (resource, mut lines) in of_resource {
            if lines.iter().all(|amount| amount.is_zero()) {
                continue;
            }
            lines.sort_unstable();
            let sum = lines
                .iter()
                .fold(Fixed::ZERO, |sum, one| sum.checked_add(*one).unwrap());
            first.entry(resource).or_insert((document.month, sum, lines));
        }
    }
    first
}

both_engines! {
    async fn the_quote_tells_the_first_invoice_that_is_issued(world: World) {
        let sold = || {
            let total = Sold::reserved("seats", "seat").with(|terms| terms.limit_period = model::LimitPeriod::Total);
            let own = Sold::reserved("ram", "GiB").with(|terms| terms.limit_period = model::LimitPeriod::Plan);
            let quarter = Sold::reserved("disk", "TB").with(|terms| terms.limit_period = model::LimitPeriod::Quarter);
            vec![Sold::every_period("base"), own, quarter, total]
        };
        let mut deals = Vec::new();
        for mode in [ChargeMode::Advance, ChargeMode::Arrears] {
            let deal = Deal::selling(&world, "2024-12-01T08:00:00Z", sold()).await;
            let mut plans = Vec::new();
            for every in BillingPeriod::ALL {
                for proration in Proration::ALL {
                    let draft = plan_of(*every, mode, *proration);
                    let name = draft.name.clone();
                    let id = deal.add_plan(|plan| *plan = draft, &[]).await;
                    plans.push((name, id));
                }
            }
            deals.push((deal, plans));
        }
        let mut promises = Vec::new();
        for at in STARTS {
            for (number, (deal, plans)) in deals.iter().enumerate() {
                // One period later for the second mode.
                let first = number * Proration::ALL.len();
                promises.extend(order_all(&world, deal, (first, plans), at).await);
            }
        }
        for month in 1..=12 {
            let month = parsed(&format!("2025-{month:02}"));
            deals[0].0.closes(&format!("{}-02T00:00:00Z", month.next()), &month.to_string()).await;
        }
        let mut wrong = Vec::new();
        let first = first_issued(&world).await;
        for promise in promises {
            let issued = first.get(&promise.resource).cloned();
            let told = promise.month.map(|month| (month, promise.net, promise.lines));
            if issued != told {
                wrong.push(format!("{}: quoted {told:?}, issued {issued:?}", promise.what));
            }
        }
        assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    }
    async fn where_clocks_change_before_the_month_ends_a_quote_counts_the_hours_that_are_billed(world: World) {
        let by_hours = |plan: &mut PlanDraft| plan.proration = Proration::Hour;
        let deal = Deal::in_plan(&world, "2025-10-01T08:00:00Z", vec![Sold::every_period("base").at("745")], by_hours).await;
        world.was_always_in_zone(deal.buyer.id, "Europe/Tallinn").await;
        let quoted = async |at: &str| {
            world.clock().set(at);
            let draft = world.order(&deal.buyer.owner, &deal.project, &deal.offering).into_draft();
            let quote = world.domain().ordering().quote(Some(&deal.buyer.owner), &draft).await.unwrap();
            quote.first_invoice.totals.net.plain()
        };
        // The last Sunday of October has 25 hours there.
        assert_eq!(quoted("2025-10-24T10:00:00Z").await, "180.00", "seven days and a half");
        deal.runs("2025-10-24T10:00:00Z", &[]).await;
        assert_eq!(deal.bill("2025-11-01T00:00:00Z", "2025-10").await, ["period: 180.00"]);
        // And the last one of March 23: 155 of 743.
        assert_eq!(quoted("2026-03-25T10:00:00Z").await, "155.42");
        let second = deal.runs("2026-03-25T10:00:00Z", &[]).await;
        let running = world.domain().billing();
        world.clock().set("2026-03-31T20:59:00Z");
        let cost = running.running_cost(&deal.buyer.owner, second).await.unwrap();
        assert_eq!(cost.net.plain(), "155.42");
    }
}
