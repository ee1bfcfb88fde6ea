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
    for (id, (country, vat)) in [(deal.provider.id, seller), (deal.customer.id, buyer)] {
        let (country, vat) = (country.to_owned(), vat.to_owned());
        deal.set_organization(id, |row| {
            row.country = Set(country);
            row.vat_number = Set(vat);
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
        live_in(&deal, ("EE", "EE102030405"), ("DE", "DE811569869")).await;
        deal.closes("2025-07-01T00:00:00Z", "2025-06").await;
        let document = deal.invoice("2025-06").await.unwrap();
        assert!(document.reverse_charge);
        assert_eq!((document.net, document.tax, document.total), (fixed("1004"), fixed("0"), fixed("1004")));
        assert_eq!(document.taxes[0].rate.label(), "VAT (reverse charge)");
        assert_eq!((document.seller.vat_number.as_str(), document.buyer.vat_number.as_str()), ("EE102030405", "DE811569869"));
    }

    async fn without_both_numbers_or_outside_the_union_the_sellers_tax_is_charged(world: World) {
        let deal = full_month(&world, "100").await;
        for buyer in [("DE", ""), ("EE", "EE99"), ("CH", "CHE-1"), ("", "DE811569869")] {
            live_in(&deal, ("EE", "EE102030405"), buyer).await;
            world.clock().set("2025-06-30T23:00:00Z");
            world.domain().billing().accrue_open().await.unwrap();
            let document = deal.invoice("2025-06").await.unwrap();
            assert!(!document.reverse_charge, "{buyer:?}");
            assert_eq!(document.total, fixed("122"), "{buyer:?}");
        }
    }
}
