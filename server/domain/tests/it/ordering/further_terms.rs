//! A change of a resource with several ordered terms is quoted for each that it reaches, and billed as it was quoted.

use entity::{invoice_item, order};
use model::{Fixed, OrderKind, PlanId, PriceChanges, Quote, RenewDraft, ResourceId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use testkit::{Sold, World, both_engines};

use super::lasting::renew;
use crate::billing::deal::{Deal, draft_of, fixed, parsed, set_price, without_notice};

/// Three cores at 10 a month from 15 January, paid up front for three months.
async fn three_cores(world: &World) -> (Deal<'_>, ResourceId) {
    three_cores_from(world, "2025-01-15T09:00:00Z").await
}

async fn three_cores_from<'a>(world: &'a World, day: &str) -> (Deal<'a>, ResourceId) {
    let cores = Sold::reserved("cores", "core")
        .at("10")
        .with(|terms| terms.prepaid = true);
    let at_renewal = |plan: &mut model::PlanDraft| plan.price_changes = PriceChanges::AtRenewal;
    let deal = Deal::in_plan(world, "2024-01-01T08:00:00Z", vec![cores], at_renewal).await;
    world.clock().set(day);
    let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
    let resource = order.limits([("cores", "3")]).for_months(3).fulfilled().await;
    (deal, resource)
}

async fn quotes(world: &World) -> Vec<Quote> {
    let rows = order::Entity::find()
        .filter(order::Column::Kind.ne(OrderKind::Terminate))
        .order_by_asc(order::Column::Id)
        .all(world.db())
        .await
        .unwrap();
    rows.iter().map(|row| row.quoted().unwrap().unwrap()).collect()
}

fn net(quotes: &[Quote]) -> Fixed {
    let nets = quotes
        .iter()
        .map(|quote| quote.one_time.totals.net.to_fixed().unwrap());
    nets.fold(Fixed::ZERO, |sum, net| sum.checked_add(net).unwrap())
}

/// What is billed of the months, closed on the day after, in all what the orders were quoted.
async fn billed_as_quoted(deal: &Deal<'_>, months: &[(&str, &str)]) {
    let mut billed = Fixed::ZERO;
    for (month, expected) in months {
        let end = parsed(month).next().first_day();
        deal.closes(&format!("{end}T00:00:00Z"), month).await;
        let net = deal
            .invoice(month)
            .await
            .map_or(Fixed::ZERO, |invoice| invoice.net);
        assert_eq!(net, fixed(expected), "{month}");
        billed = billed.checked_add(net).unwrap();
    }
    assert_eq!(billed, net(&quotes(deal.world).await));
    assert_eq!(deal.world.operations().verify().run().await.unwrap(), []);
}

fn lines(quote: &Quote) -> Vec<String> {
    let lines = quote.one_time.lines.iter();
    lines
        .map(|line| format!("{} = {}", line.derivation.sentence(), line.amount))
        .collect()
}

async fn larger_plan(deal: &Deal<'_>, price: &str) -> PlanId {
    deal.add_plan(without_notice, &[("cores", price)]).await
}

both_engines! {
    async fn a_raise_is_quoted_for_the_term_that_follows_and_billed_so(world: World) {
        let (deal, resource) = three_cores(&world).await;
        renew(&deal, "2025-02-01T09:00:00Z", resource, 6).await;
        deal.changes("2025-02-20T09:00:00Z", resource, &[("cores", "12")]).await;
        let quotes = quotes(&world).await;
        assert_eq!(lines(&quotes[2]), [
            "9 more cores, 12 in all, from 20 Feb 2025: 9 cores × 2 months × €10.00 = €180.00",
            "12 cores × 6 months × €10.00 − 3 cores × 6 months × €10.00 = €540.00",
        ]);
        assert_eq!(quotes[2].commitment.unwrap().to_string(), "€720.00");
        assert_eq!(quotes[2].first_invoice.totals.net.to_string(), "€180.00");
        assert!(quotes[2].notes[0].contains("15 April 2025 is ordered already: when it begins, €540.00 more"), "{:?}", quotes[2].notes);
        billed_as_quoted(&deal, &[("2025-01", "90"), ("2025-02", "180"), ("2025-03", "0"), ("2025-04", "720")]).await;
    }

    async fn a_raise_on_the_last_day_of_a_month_is_for_the_months_of_the_term_that_are_left(world: World) {
        let (deal, resource) = three_cores_from(&world, "2024-01-31T09:00:00Z").await;
        deal.changes("2024-02-28T09:00:00Z", resource, &[("cores", "5")]).await;
        deal.changes("2024-02-29T09:00:00Z", resource, &[("cores", "6")]).await;
        deal.changes("2024-03-31T09:00:00Z", resource, &[("cores", "7")]).await;
        let quotes = quotes(&world).await;
        let raises: Vec<_> = quotes[1..].iter().flat_map(lines).collect();
        assert_eq!(raises, [
            "2 more cores, 5 in all, from 28 Feb 2024: 2 cores × 3 months × €10.00 = €60.00",
            "1 more core, 6 in all, from 29 Feb 2024: 1 core × 2 months × €10.00 = €20.00",
            "1 more core, 7 in all, from 31 Mar 2024: 1 core × 1 month × €10.00 = €10.00",
        ]);
        billed_as_quoted(&deal, &[("2024-01", "90"), ("2024-02", "80"), ("2024-03", "10")]).await;
        let items = invoice_item::Entity::find().order_by_asc(invoice_item::Column::Id).all(world.db()).await.unwrap();
        let said: Vec<_> = items.iter().map(|item| item.derivation.0.sentence()).collect();
        for raise in ["2 more cores, 5 in all", "1 more core, 6 in all", "1 more core, 7 in all"] {
            assert!(said.iter().any(|sentence| sentence.starts_with(raise)), "{raise}: {said:?}");
        }
    }

    async fn a_raise_is_quoted_for_two_terms_that_follow_each_at_its_own_price(world: World) {
        let (deal, resource) = three_cores(&world).await;
        renew(&deal, "2025-02-01T09:00:00Z", resource, 1).await;
        deal.publishes("2025-02-02T09:00:00Z", |plan| set_price(plan, "cores", "20")).await;
        renew(&deal, "2025-02-03T09:00:00Z", resource, 2).await;
        deal.publishes("2025-02-04T09:00:00Z", |plan| set_price(plan, "cores", "50")).await;
        deal.changes("2025-02-20T09:00:00Z", resource, &[("cores", "4")]).await;
        let quotes = quotes(&world).await;
        assert_eq!(lines(&quotes[3]), [
            "1 more core, 4 in all, from 20 Feb 2025: 1 core × 2 months × €10.00 = €20.00",
            "4 cores × 1 month × €10.00 − 3 cores × 1 month × €10.00 = €10.00",
            "4 cores × 2 months × €20.00 − 3 cores × 2 months × €20.00 = €40.00",
        ]);
        assert_eq!(quotes[3].commitment.unwrap().to_string(), "€70.00");
        let months = [("2025-01", "90"), ("2025-02", "20"), ("2025-04", "40"), ("2025-05", "160")];
        billed_as_quoted(&deal, &months).await;
    }

    async fn a_lower_limit_is_quoted_with_what_the_next_term_costs_less(world: World) {
        let (deal, resource) = three_cores(&world).await;
        renew(&deal, "2025-02-01T09:00:00Z", resource, 6).await;
        deal.changes("2025-02-20T09:00:00Z", resource, &[("cores", "1")]).await;
        let quotes = quotes(&world).await;
        assert_eq!(quotes[2].one_time.totals.net.to_string(), "−€120.00");
        assert_eq!(quotes[2].first_invoice_month, Some(parsed("2025-04")));
        // Raised again: what was paid in the running term is not paid twice, what the next one lost is.
        deal.changes("2025-03-20T09:00:00Z", resource, &[("cores", "2")]).await;
        billed_as_quoted(&deal, &[("2025-01", "90"), ("2025-02", "0"), ("2025-03", "0"), ("2025-04", "120")]).await;
    }

    async fn a_switch_of_plan_binds_the_price_of_the_term_that_follows(world: World) {
        let (deal, resource) = three_cores(&world).await;
        renew(&deal, "2025-02-01T09:00:00Z", resource, 6).await;
        let large = larger_plan(&deal, "5").await;
        deal.switches("2025-02-20T09:00:00Z", resource, large).await;
        let quotes = quotes(&world).await;
        assert_eq!(lines(&quotes[2]), [
            "3 cores × 6 months × €5.00 = €90.00",
            "−(3 cores × 6 months × €10.00) = −€180.00",
        ]);
        // A dearer price reaches what runs before the term begins, but the term is ordered.
        world.clock().set("2025-03-01T09:00:00Z");
        let (catalogue, manager) = (world.domain().catalogue(), &deal.provider.manager);
        let seen = catalogue.offering(Some(manager), &deal.offering.slug).await.unwrap();
        let mut draft = draft_of(seen.plans.iter().find(|plan| plan.id == large).unwrap());
        set_price(&mut draft, "cores", "70");
        catalogue.save_plan(manager, deal.offering.id, Some(large), draft).await.unwrap();
        billed_as_quoted(&deal, &[("2025-01", "90"), ("2025-02", "0"), ("2025-04", "90")]).await;
    }

    async fn a_change_is_quoted_before_it_is_ordered_as_after(world: World) {
        let (deal, resource) = three_cores(&world).await;
        renew(&deal, "2025-02-01T09:00:00Z", resource, 6).await;
        world.clock().set("2025-02-20T09:00:00Z");
        let draft = model::LimitsDraft { resource_id: resource, limits: [("cores".to_owned(), fixed("12"))].into() };
        let ordering = world.domain().ordering();
        let asked = ordering.quote_change_limits(&deal.buyer.owner, draft).await.unwrap();
        let terms = ordering.limits_terms(&deal.buyer.owner, resource).await.unwrap();
        let typed = model::quote(&model::QuoteRequest { limits: [("cores".to_owned(), fixed("12"))].into(), ..terms }).unwrap();
        assert_eq!(typed, asked);
        deal.changes("2025-02-20T09:00:00Z", resource, &[("cores", "12")]).await;
        assert_eq!(quotes(&world).await.pop().unwrap(), asked);
        let renewal = RenewDraft { resource_id: resource, months: 1 };
        let again = ordering.quote_renew(&deal.buyer.owner, &renewal).await.unwrap();
        assert_eq!(again.one_time.totals.net.to_string(), "€120.00", "a renewal adds its own term alone");
    }
}
