//! Tax and sums of a document.

use sea_orm::Set;
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, fixed};

async fn full_month<'w>(world: &'w World, price: &str) -> Deal<'w> {
    let deal = Deal::selling(
        world,
        "2025-06-01T08:00:00Z",
        vec![Sold::every_period("base").at(price)],
    )
    .await;
    deal.runs("2025-06-01T09:00:00Z", &[]).await;
    deal
}

async fn live_in(deal: &Deal<'_>, seller: (&str, &str), buyer: (&str, &str)) {
    for (id, (country, vat)) in [(deal.provider.id, seller), (deal.buyer.id, buyer)] {
        let (country, vat) = (country.to_owned(), vat.to_owned());
        deal.world
            .was_always(id, |facts| {
                facts.country = Set(country);
                facts.vat_number = Set(vat);
                facts.verified_at = Set(Some(chrono::DateTime::UNIX_EPOCH));
            })
            .await;
    }
}

both_engines! {
    async fn tax_is_rounded_once_on_the_document(world: World) {
        let deal = full_month(&world, "1004").await;
        deal.closes("2025-07-01T00:00:00Z", "2025-06").await;
        let document = deal.invoice("2025-06").await.unwrap();
        assert_eq!((document.net, document.tax, document.total), (fixed("1004"), fixed("220.88"), fixed("1224.88")));
        assert_eq!(document.taxes[0].rate.label(), "VAT 22 %");
    }

    async fn businesses_of_two_countries_of_the_union_account_for_the_tax_themselves(world: World) {
        let deal = full_month(&world, "1004").await;
        live_in(&deal, ("EE", "EE100931558"), ("DE", "DE811569869")).await;
        deal.closes("2025-07-01T00:00:00Z", "2025-06").await;
        let document = deal.invoice("2025-06").await.unwrap();
        assert!(document.reverse_charge);
        assert_eq!((document.net, document.tax, document.total), (fixed("1004"), fixed("0"), fixed("1004")));
        assert_eq!(document.taxes[0].rate.label(), "VAT (reverse charge)");
        assert_eq!((document.seller.vat_number.as_str(), document.buyer.vat_number.as_str()), ("EE100931558", "DE811569869"));
        // The facts were edited by hand, which is told; the document has nothing wrong with it.
        let found = world.operations().verify().run().await.unwrap();
        let of_documents: Vec<_> = found.iter().filter(|finding| finding.subject.starts_with("invoice")).collect();
        assert!(of_documents.is_empty(), "{of_documents:?}");
    }

    async fn without_both_numbers_or_at_home_the_sellers_tax_is_charged(world: World) {
        let deal = full_month(&world, "100").await;
        for buyer in [("DE", ""), ("EE", "EE99"), ("", "DE811569869")] {
            live_in(&deal, ("EE", "EE100931558"), buyer).await;
            world.clock().set("2025-06-30T23:00:00Z");
            world.operations().billing().accrue_open().await.unwrap();
            let document = deal.invoice("2025-06").await.unwrap();
            assert!(!document.reverse_charge, "{buyer:?}");
            assert_eq!(document.total, fixed("122"), "{buyer:?}");
        }
    }

    async fn outside_the_sellers_tax_area_no_tax_is_charged_once_staff_has_verified_it(world: World) {
        let deal = full_month(&world, "100").await;
        live_in(&deal, ("EE", "EE100931558"), ("", "")).await;
        let structure = world.domain().structure();
        let staff = world.staff().await;
        let mut detail = structure.organization(&deal.buyer.owner, deal.buyer.id).await.unwrap();
        detail.country = "CH".into();
        structure.edit_organization(&deal.buyer.owner, detail).await.unwrap();
        assert_eq!(deal.open_total("2025-06-30T08:00:00Z", "2025-06").await, fixed("122"), "an owner's word is not enough");
        structure.verify_organization(&staff, deal.buyer.id, "CH", "").await.unwrap();
        assert_eq!(deal.open_total("2025-06-30T09:00:00Z", "2025-06").await, fixed("100"));
        let document = deal.invoice("2025-06").await.unwrap();
        assert_eq!(document.taxes[0].rate.label(), "Outside the seller's tax area");
    }

    async fn a_seller_lies_where_staff_has_found_it_last_whatever_it_says_of_itself(world: World) {
        let deal = full_month(&world, "100").await;
        live_in(&deal, ("EE", "EE100931558"), ("EE", "")).await;
        let structure = world.domain().structure();
        let (staff, seller) = (world.staff().await, deal.provider.id);
        let says = async |country: &str| {
            let mut detail = structure.organization(&staff, seller).await.unwrap();
            (detail.country, detail.vat_number) = (country.into(), String::new());
            structure.edit_organization(&staff, detail).await.unwrap();
        };
        assert_eq!(deal.open_total("2025-06-30T08:00:00Z", "2025-06").await, fixed("122"));
        says("US").await;
        assert_eq!(deal.open_total("2025-06-30T08:01:00Z", "2025-06").await, fixed("122"), "its word is not enough");
        structure.verify_organization(&staff, seller, "US", "").await.unwrap();
        assert_eq!(deal.open_total("2025-06-30T08:02:00Z", "2025-06").await, fixed("100"), "it has moved");
        deal.closes("2025-07-01T00:00:00Z", "2025-06").await;
        world.clock().set("2025-07-02T08:00:00Z");
        says("EE").await;
        assert_eq!(deal.open_total("2025-07-31T08:00:00Z", "2025-07").await, fixed("100"), "nor does its word put it on");
    }

    async fn a_seller_that_was_never_verified_charges_its_tax_to_buyers_anywhere(world: World) {
        let deal = full_month(&world, "100").await;
        for (country, number) in [("US", ""), ("EE", "EE100931558")] {
            live_in(&deal, (country, number), ("CH", "")).await;
            world.was_always(deal.provider.id, |facts| facts.verified_at = Set(None)).await;
            assert_eq!(deal.open_total("2025-06-30T23:00:00Z", "2025-06").await, fixed("122"), "{country}");
        }
        live_in(&deal, ("EE", "EE100931558"), ("CH", "")).await;
        assert_eq!(deal.open_total("2025-06-30T23:01:00Z", "2025-06").await, fixed("100"), "and is checked here");
    }

    async fn a_vat_number_counts_once_it_is_verified_and_no_more_when_it_changes(world: World) {
        let deal = full_month(&world, "100").await;
        live_in(&deal, ("EE", "EE100931558"), ("DE", "")).await;
        let structure = world.domain().structure();
        let (staff, owner, id) = (world.staff().await, &deal.buyer.owner, deal.buyer.id);
        let detail = structure.organization(owner, id).await.unwrap();
        let with = |number: &str| model::OrganizationDetail { vat_number: number.into(), ..detail.clone() };
        for wrong in ["123", "DE811569868", "FR40303265045"] {
            let refused = structure.edit_organization(owner, with(wrong)).await.unwrap_err();
            assert_eq!(refused.problem().fields[0].path, "vat_number", "{wrong}");
        }
        structure.edit_organization(owner, with("DE 811 569 869")).await.unwrap();
        assert_eq!(deal.open_total("2025-06-30T08:00:00Z", "2025-06").await, fixed("122"), "nobody has looked at it");
        structure.verify_organization(owner, id, "DE", "DE811569869").await.unwrap_err();
        let other = structure.verify_organization(&staff, id, "DE", "DE136695976").await.unwrap_err();
        assert_eq!(other.problem().code, "organization_changed");
        structure.verify_organization(&staff, id, "DE", "DE811569869").await.unwrap();
        assert_eq!(deal.open_total("2025-06-30T08:01:00Z", "2025-06").await, fixed("100"));
        let versions = structure.organization_versions(owner, id).await.unwrap();
        assert_eq!(versions[0].verified_by.as_deref(), Some(staff.name.as_str()), "who verified it is kept");
        structure.edit_organization(owner, with("DE136695976")).await.unwrap();
        assert_eq!(structure.organization(owner, id).await.unwrap().verified_at, None);
        assert_eq!(deal.open_total("2025-06-30T08:02:00Z", "2025-06").await, fixed("122"));
    }

    async fn units_of_a_total_limit_are_given_back_at_the_tax_at_which_they_were_billed(world: World) {
        let total = Sold::reserved("hours", "hour").at("10").with(|terms| terms.limit_period = model::LimitPeriod::Total);
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![total]).await;
        let resource = deal.runs("2025-06-01T09:00:00Z", &[("hours", "10")]).await;
        deal.closes("2025-07-01T00:00:00Z", "2025-06").await;
        deal.taxed("2025-07-02T00:00:00Z", "24").await;
        deal.changes("2025-07-03T09:00:00Z", resource, &[("hours", "12")]).await;
        deal.changes("2025-07-05T09:00:00Z", resource, &[("hours", "7")]).await;
        let july = deal.bill("2025-08-01T00:00:00Z", "2025-07").await;
        assert_eq!(july, ["hour: 20.00", "hour: -20.00", "hour, VAT 22 % as billed then: -30.00"]);
        let document = deal.invoice("2025-07").await.unwrap();
        assert_eq!((document.tax, document.total), (fixed("-6.60"), fixed("-36.60")));
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn tax_and_parties_are_those_of_the_months_last_day_however_late_it_is_closed(world: World) {
        let deal = full_month(&world, "100").await;
        let structure = world.domain().structure();
        let staff = world.staff().await;
        world.clock().set("2025-07-02T08:00:00Z");
        let mut seller = structure.organization(&staff, deal.provider.id).await.unwrap();
        seller.tax_percent = fixed("24");
        seller.legal_name = "Tartu AS".into();
        structure.edit_organization(&staff, seller).await.unwrap();
        let mut buyer = structure.organization(&deal.buyer.owner, deal.buyer.id).await.unwrap();
        buyer.address = "Elsewhere 1".into();
        structure.edit_organization(&deal.buyer.owner, buyer).await.unwrap();
        deal.closes("2025-08-05T00:00:00Z", "2025-06").await;
        let june = deal.invoice("2025-06").await.unwrap();
        assert_eq!((june.total, june.seller.name.as_str(), june.buyer.address.as_str()), (fixed("122"), "Tartu", ""));
        deal.closes("2025-08-05T00:00:00Z", "2025-07").await;
        let july = deal.invoice("2025-07").await.unwrap();
        assert_eq!((july.total, july.seller.name.as_str(), july.buyer.address.as_str()), (fixed("124"), "Tartu AS", "Elsewhere 1"));
    }
}
