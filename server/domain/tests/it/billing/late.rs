//! Use that is reported or corrected after its month was issued.

use model::{PriceScheme, Tier};
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, amounts, fixed, sentences};

const IN_MARCH: (&str, &str) = ("2025-03-10T00:00:00Z", "2025-03-11T00:00:00Z");
const IN_APRIL: (&str, &str) = ("2025-04-10T00:00:00Z", "2025-04-11T00:00:00Z");

async fn metered(world: &World, sold: Sold) -> (Deal<'_>, model::ResourceId) {
    let deal = Deal::selling(world, "2025-03-01T08:00:00Z", vec![sold]).await;
    let resource = deal.runs("2025-03-05T09:00:00Z", &[]).await;
    world.clock().set("2025-03-20T00:00:00Z");
    deal.used(resource, "first", IN_MARCH, "100").await;
    deal.closes("2025-04-01T00:00:00Z", "2025-03").await;
    (deal, resource)
}

both_engines! {
    async fn late_use_becomes_a_line_on_the_next_invoice(world: World) {
        let (deal, resource) = metered(&world, Sold::used("cpu", "CPU-hour").at("0.05")).await;
        let march = deal.invoice("2025-03").await.unwrap();
        assert_eq!(amounts(&march), ["CPU-hour: 5.00"]);
        world.clock().set("2025-04-20T00:00:00Z");
        deal.used(resource, "late", ("2025-03-12T00:00:00Z", "2025-03-13T00:00:00Z"), "40").await;
        deal.used(resource, "april", IN_APRIL, "10").await;
        let april = deal.bill("2025-05-01T00:00:00Z", "2025-04").await;
        assert_eq!(april, ["CPU-hour: 0.50", "CPU-hour, change in use of March 2025: 2.00"]);
        assert_eq!(deal.invoice("2025-03").await.unwrap(), march, "what was issued stays");
        assert_eq!(deal.bill("2025-06-01T00:00:00Z", "2025-05").await, Vec::<String>::new(), "it is billed once");
    }

    async fn a_correction_downwards_gives_money_back(world: World) {
        let (deal, resource) = metered(&world, Sold::used("cpu", "CPU-hour").at("0.05")).await;
        world.clock().set("2025-04-20T00:00:00Z");
        let receipt = deal.used(resource, "first", IN_MARCH, "60").await;
        assert_eq!(receipt.corrected, 1);
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, ["CPU-hour, change in use of March 2025: -2.00"]);
        let april = deal.invoice("2025-04").await.unwrap();
        assert_eq!(april.total, fixed("-2.44"), "with its tax");
        assert_eq!(sentences(&april), ["−(40 CPU-hours × €0.05)"]);
    }

    async fn late_use_has_the_tax_of_its_month(world: World) {
        let (deal, resource) = metered(&world, Sold::used("cpu", "CPU-hour").at("0.05")).await;
        deal.taxed("2025-04-10T00:00:00Z", "24").await;
        world.clock().set("2025-04-20T00:00:00Z");
        deal.used(resource, "first", IN_MARCH, "60").await;
        deal.used(resource, "april", IN_APRIL, "20").await;
        let april = deal.bill("2025-05-01T00:00:00Z", "2025-04").await;
        assert_eq!(april, ["CPU-hour: 1.00", "CPU-hour, change in use of March 2025, VAT 22 % as billed then: -2.00"]);
        let april = deal.invoice("2025-04").await.unwrap();
        assert_eq!((april.net, april.tax, april.total), (fixed("-1"), fixed("-0.20"), fixed("-1.20")), "0.24 − 0.44");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn a_corrected_quantity_goes_through_the_price_table_as_a_whole(world: World) {
        let tier = |up_to: Option<&str>, price: &str| Tier { up_to: up_to.map(fixed), price: fixed(price) };
        let scheme = PriceScheme::Tiered { tiers: vec![tier(Some("90"), "1"), tier(None, "0.5")] };
        let (deal, resource) = metered(&world, Sold::used("cpu", "CPU-hour").priced(scheme)).await;
        assert_eq!(amounts(&deal.invoice("2025-03").await.unwrap()), ["CPU-hour: 95.00"]);
        world.clock().set("2025-04-20T00:00:00Z");
        deal.used(resource, "first", IN_MARCH, "80").await;
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, ["CPU-hour, change in use of March 2025: -15.00"]);
        deal.used(resource, "first", IN_MARCH, "0").await;
        assert_eq!(deal.bill("2025-06-01T00:00:00Z", "2025-05").await, ["CPU-hour, change in use of March 2025: -80.00"]);
    }

    async fn late_use_of_a_resource_that_has_ended_is_billed(world: World) {
        let (deal, resource) = metered(&world, Sold::used("cpu", "CPU-hour").at("0.05")).await;
        deal.ends("2025-04-02T09:00:00Z", resource).await;
        deal.closes("2025-05-01T00:00:00Z", "2025-04").await;
        world.clock().set("2025-05-20T00:00:00Z");
        deal.used(resource, "very late", IN_MARCH, "20").await;
        assert_eq!(deal.bill("2025-06-01T00:00:00Z", "2025-05").await, ["CPU-hour, change in use of March 2025: 1.00"]);
    }

    async fn a_month_left_open_is_closed_first_so_that_its_use_is_its_own(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::used("cpu", "CPU-hour").at("0.05")]).await;
        let resource = deal.runs("2025-03-05T09:00:00Z", &[]).await;
        world.clock().set("2025-04-20T00:00:00Z");
        deal.used(resource, "march", IN_MARCH, "100").await;
        deal.used(resource, "april", IN_APRIL, "20").await;
        let report = deal.closes("2025-05-01T00:00:00Z", "2025-04").await;
        let months: Vec<_> = report.issued.iter().map(|one| one.month.to_string()).collect();
        assert_eq!(months, ["2025-03", "2025-04"]);
        assert_eq!(amounts(&deal.invoice("2025-03").await.unwrap()), ["CPU-hour: 5.00"]);
        assert_eq!(amounts(&deal.invoice("2025-04").await.unwrap()), ["CPU-hour: 1.00"]);
    }

    async fn between_the_first_and_the_close_a_late_line_stands_on_one_open_invoice(world: World) {
        let (deal, resource) = metered(&world, Sold::used("cpu", "CPU-hour").at("0.05")).await;
        world.clock().set("2025-04-20T00:00:00Z");
        deal.used(resource, "april", IN_APRIL, "20").await;
        world.clock().set("2025-05-03T00:00:00Z");
        deal.used(resource, "may", ("2025-05-01T00:00:00Z", "2025-05-02T00:00:00Z"), "10").await;
        deal.used(resource, "late", IN_MARCH, "40").await;
        for _ in 0..2 {
            for month in ["2025-05", "2025-04"] {
                world.operations().billing().accrue(month.parse().unwrap(), deal.buyer.id, deal.provider.id).await.unwrap();
            }
        }
        let april = amounts(&deal.invoice("2025-04").await.unwrap());
        assert_eq!(april, ["CPU-hour: 1.00", "CPU-hour, change in use of March 2025: 2.00"]);
        assert_eq!(amounts(&deal.invoice("2025-05").await.unwrap()), ["CPU-hour: 0.50"]);
    }

    async fn late_use_of_a_resource_that_has_ended_is_billed_with_a_later_month_too(world: World) {
        let (deal, resource) = metered(&world, Sold::used("cpu", "CPU-hour").at("0.05")).await;
        deal.ends("2025-04-02T09:00:00Z", resource).await;
        deal.closes("2025-05-01T00:00:00Z", "2025-04").await;
        world.clock().set("2025-05-20T00:00:00Z");
        deal.used(resource, "very late", IN_MARCH, "20").await;
        // Nobody closes May, nor any month for more than a year: it stands on that of the report, from which March is seen.
        deal.closes("2026-10-02T00:00:00Z", "2026-09").await;
        assert_eq!(amounts(&deal.invoice("2025-05").await.unwrap()), ["CPU-hour, change in use of March 2025: 1.00"]);
    }
}
