//! The quote's first invoice is the first that is issued, to the cent and in its month: every period, charged in advance
//! and in arrears, by the day, by the hour and whole, from several days on.

use domain::billing::InvoiceFilter;
use model::{
    BillingPeriod, ChargeMode, CreateDraft, Fixed, Month, OrderId, OrganizationId, PageRequest, PlanDraft,
    PriceDraft, PriceScheme, Proration,
};
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, fixed, parsed};

const STARTS: [&str; 3] = [
    "2025-01-01T00:00:00Z",
    "2025-02-14T09:30:00Z",
    "2025-03-31T23:10:00Z",
];

/// What a quote promised to whom.
struct Promise {
    what: String,
    buyer: OrganizationId,
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

/// Orders in every plan of `deal` at one time, each for a buyer of its own; on the first and last day of a month only in
/// those that count days.
async fn order_all(
    world: &World,
    deal: &Deal<'_>,
    plans: &[(String, model::PlanId)],
    at: &str,
) -> Vec<Promise> {
    world.clock().set(at);
    let mut promises = Vec::new();
    let everywhere = at.contains("09:30");
    let tried = |(_, (name, _)): &(usize, &(String, model::PlanId))| everywhere || name.ends_with(" day");
    for (index, (name, plan)) in plans.iter().enumerate().filter(tried) {
        let customer = world.customer().await;
        let project = world.project(&customer).await;
        let with_seats = index % 3 == 0;
        let limits = [
            ("ram", "3"),
            ("disk", "2"),
            ("seats", if with_seats { "5" } else { "0" }),
        ];
        let order = world
            .order(&customer.owner, &project, &deal.offering)
            .limits(limits);
        let draft = CreateDraft {
            plan_id: *plan,
            ..order.into_draft()
        };
        let ordering = world.domain().ordering();
        let shown = ordering.quote(Some(&customer.owner), &draft).await.unwrap();
        let id: OrderId = ordering.place_create(&customer.owner, draft, None).await.unwrap();
        let quote = ordering.order(&customer.owner, id).await.unwrap().quote.unwrap();
        assert_eq!(shown, quote, "what was shown is what was ordered");
        let amount = |money: model::Money| money.to_fixed().unwrap();
        let mut lines: Vec<Fixed> = quote
            .first_invoice
            .lines
            .iter()
            .map(|line| amount(line.amount))
            .collect();
        lines.sort_unstable();
        promises.push(Promise {
            what: format!("{name} at {at}"),
            buyer: customer.id,
            month: quote.first_invoice_month,
            net: amount(quote.first_invoice.totals.net),
            lines,
        });
    }
    world.run_jobs().await;
    promises
}

/// The first document that was issued to a buyer: its month, sum and lines.
async fn first_issued(
    world: &World,
    deal: &Deal<'_>,
    buyer: OrganizationId,
) -> Option<(Month, Fixed, Vec<Fixed>)> {
    let billing = world.domain().billing();
    let filter = InvoiceFilter {
        organization: Some(buyer),
        ..InvoiceFilter::default()
    };
    let manager = &deal.provider.manager;
    let page = billing
        .invoices(manager, &filter, PageRequest::first(PageRequest::MOST))
        .await
        .unwrap();
    let first = page
        .items
        .into_iter()
        .filter(|row| row.state.is_issued())
        .min_by_key(|row| row.month)?;
    let document = billing.invoice(manager, first.id).await.unwrap();
    let mut lines: Vec<Fixed> = document.lines.iter().map(|line| line.amount).collect();
    lines.sort_unstable();
    Some((document.month, document.net, lines))
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
            for (index, (deal, plans)) in deals.iter().enumerate() {
                let made = order_all(&world, deal, plans, at).await;
                promises.extend(made.into_iter().map(|promise| (index, promise)));
            }
        }
        for month in 1..=12 {
            let month = parsed(&format!("2025-{month:02}"));
            deals[0].0.closes(&format!("{}-02T00:00:00Z", month.next()), &month.to_string()).await;
        }
        let mut wrong = Vec::new();
        for (index, promise) in promises {
            let issued = first_issued(&world, &deals[index].0, promise.buyer).await;
            let told = promise.month.map(|month| (month, promise.net, promise.lines));
            if issued != told {
                wrong.push(format!("{}: quoted {told:?}, issued {issued:?}", promise.what));
            }
        }
        assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    }
}
