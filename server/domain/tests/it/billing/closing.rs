//! Closing a month: once, whatever happens.

use std::time::Duration;

use domain::billing::{BillingError, InvoiceFilter};
use domain::{Actor, DomainError};
use model::{InvoiceState, Kind, PageRequest};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, fixed, parsed, set_price};

async fn numbers(world: &World) -> Vec<String> {
    let filter = InvoiceFilter {
        state: Some(InvoiceState::Issued),
        ..Default::default()
    };
    let page = world
        .domain()
        .billing()
        .invoices(&Actor::system(), &filter, PageRequest::first(100))
        .await
        .unwrap();
    let mut numbers: Vec<String> = page.items.into_iter().filter_map(|row| row.number).collect();
    numbers.sort();
    numbers
}

/// Five buyers of one provider, each with a resource.
async fn five_buyers(world: &World) -> Deal<'_> {
    let deal = Deal::selling(
        world,
        "2025-06-01T08:00:00Z",
        vec![Sold::every_period("base").at("30")],
    )
    .await;
    for _ in 0..5 {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        world
            .order(&buyer.owner, &project, &deal.offering)
            .fulfilled()
            .await;
    }
    deal
}

const FIVE: [&str; 5] = [
    "TARTU-2025-00001",
    "TARTU-2025-00002",
    "TARTU-2025-00003",
    "TARTU-2025-00004",
    "TARTU-2025-00005",
];

both_engines! {
    async fn closing_twice_gives_the_same_documents(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::every_period("base").at("30")]).await;
        deal.runs("2025-06-01T09:00:00Z", &[]).await;
        let first = deal.closes("2025-07-01T00:00:00Z", "2025-06").await;
        assert_eq!((first.issued.len(), first.already), (1, 0));
        let document = deal.invoice("2025-06").await.unwrap();
        assert_eq!(document.number.as_deref(), Some("TARTU-2025-00001"));
        assert_eq!(document.issued_on.unwrap().to_string(), "2025-07-01");
        assert_eq!(document.due_on.unwrap().to_string(), "2025-07-15");
        let second = deal.closes("2025-07-05T00:00:00Z", "2025-06").await;
        assert_eq!((second.issued.len(), second.already), (0, 1));
        assert_eq!(deal.invoice("2025-06").await.unwrap(), document);
        let jobs = world.pending_jobs().await;
        assert_eq!(jobs.iter().filter(|job| job.kind == "render_invoice").count(), 1, "one PDF is asked for");
    }

    async fn two_processes_that_close_at_once_issue_each_invoice_once(world: World) {
        five_buyers(&world).await;
        world.clock().set("2025-07-01T00:00:00Z");
        let other = world.second_process();
        let (ours, theirs) = (world.domain().billing(), other.domain().billing());
        let system = Actor::system();
        let (one, two) = tokio::join!(ours.close(&system, parsed("2025-06")), theirs.close(&system, parsed("2025-06")));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!(one.issued.len() + two.issued.len(), 5);
        assert_eq!(one.already + two.already, 5);
        assert_eq!(numbers(&world).await, FIVE);
    }

    async fn a_close_that_breaks_off_leaves_no_gap_and_can_be_repeated(world: World) {
        five_buyers(&world).await;
        world.clock().set("2025-07-01T00:00:00Z");
        let billing = world.domain().billing();
        // Without its table the job cannot be stored, which is after the number was taken.
        world.db().execute_unprepared("ALTER TABLE jobs RENAME TO jobs_away").await.unwrap();
        billing.close(&Actor::system(), parsed("2025-06")).await.unwrap_err();
        assert_eq!(numbers(&world).await, Vec::<String>::new(), "nothing half-done is left");
        world.db().execute_unprepared("ALTER TABLE jobs_away RENAME TO jobs").await.unwrap();
        assert_eq!(billing.close(&Actor::system(), parsed("2025-06")).await.unwrap().issued.len(), 5);
        assert_eq!(numbers(&world).await, FIVE);
    }

    async fn whatever_closes_are_cut_off_and_wherever_the_next_one_does_the_rest_and_says_so(world: World) {
        five_buyers(&world).await;
        world.clock().set("2025-09-01T00:00:00Z");
        let (system, month) = (Actor::system(), parsed("2025-08"));
        let other = world.second_process();
        let (ours, theirs) = (world.domain().billing(), other.domain().billing());
        let mut cut = 0;
        for millis in [1, 2, 4, 8, 16, 32, 64] {
            let both = async { tokio::join!(ours.close(&system, month), theirs.close(&system, month)) };
            let cut_off = tokio::time::timeout(Duration::from_millis(millis), both).await;
            match cut_off {
                Ok((one, two)) => assert!(one.unwrap().failed.is_empty() && two.unwrap().failed.is_empty()),
                Err(_) => cut += 1,
            }
        }
        assert!(cut > 0, "fifteen documents take longer than a millisecond");
        let before = numbers(&world).await.len();
        let last = ours.close(&system, month).await.unwrap();
        assert!(last.failed.is_empty(), "{:?}", last.failed);
        let all: Vec<String> = (1..=15).map(|number| format!("TARTU-2025-{number:05}")).collect();
        assert_eq!(numbers(&world).await, all, "three months of five buyers");
        let mut said: Vec<String> = last.issued.iter().filter_map(|one| one.number.clone()).collect();
        said.sort();
        assert!(all.ends_with(&said), "the last one says what it issued, and nothing else: {said:?}");
        assert_eq!(said.len(), last.issued.len());
        // A commit that was sent before the cut may end after it, one document of each of the two, which nobody says then.
        let unsaid = all.len().checked_sub(before + said.len());
        assert!(unsaid.is_some_and(|late| late <= 2), "{before} were there, and it says {said:?}");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn a_month_that_goes_on_for_a_buyer_cannot_be_closed(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::every_period("base").at("30")]).await;
        world.was_always_in_zone(deal.buyer.id, "America/New_York").await;
        deal.runs("2025-06-10T09:00:00Z", &[]).await;
        let billing = world.domain().billing();
        for too_early in ["2025-06-20T00:00:00Z", "2025-07-01T03:59:59Z"] {
            world.clock().set(too_early);
            let error = billing.close(&Actor::system(), parsed("2025-06")).await.unwrap_err();
            assert!(matches!(error, BillingError::MonthNotOver { .. }), "{error}");
            assert_eq!(DomainError::from(error).kind(), Kind::Conflict);
        }
        assert_eq!(deal.closes("2025-07-01T04:00:00Z", "2025-06").await.issued.len(), 1);
    }

    async fn a_month_without_lines_or_without_amounts_issues_nothing(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::every_period("base").at("0")]).await;
        assert_eq!(deal.closes("2025-07-01T00:00:00Z", "2025-06").await.issued.len(), 0);
        deal.runs("2025-07-01T09:00:00Z", &[]).await;
        world.operations().billing().accrue_open().await.unwrap();
        assert_eq!(deal.closes("2025-08-01T00:00:00Z", "2025-07").await.issued.len(), 0);
        assert_eq!(entity::invoice::Entity::find().all(world.db()).await.unwrap(), []);
    }

    async fn what_was_issued_does_not_change_with_its_parties(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::every_period("base").at("30")]).await;
        deal.runs("2025-06-01T09:00:00Z", &[]).await;
        deal.closes("2025-07-01T00:00:00Z", "2025-06").await;
        let document = deal.invoice("2025-06").await.unwrap();
        let staff = world.staff().await;
        let structure = world.domain().structure();
        let mut buyer = structure.organization(&staff, deal.buyer.id).await.unwrap();
        buyer.legal_name = "Õhtu & Söhne".into();
        structure.edit_organization(&staff, buyer).await.unwrap();
        let mut seller = structure.organization(&staff, deal.provider.id).await.unwrap();
        seller.tax_percent = model::Fixed::ONE;
        structure.edit_organization(&staff, seller).await.unwrap();
        world.clock().set("2025-07-02T00:00:00Z");
        world.operations().billing().accrue_open().await.unwrap();
        assert_eq!(deal.invoice("2025-06").await.unwrap(), document);
        let july = deal.invoice("2025-07").await.unwrap();
        assert_eq!((july.state, july.number, july.buyer.name.as_str()), (InvoiceState::Open, None, "Õhtu & Söhne"));
    }

    async fn only_those_who_may_manage_invoices_close_months(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::every_period("base").at("30")]).await;
        world.clock().set("2025-08-01T00:00:00Z");
        for actor in [&deal.buyer.owner, &deal.provider.manager, &world.stranger().await] {
            world.domain().billing().close(actor, parsed("2025-06")).await.unwrap_err();
        }
        world.domain().billing().close(&world.staff().await, parsed("2025-06")).await.unwrap();
    }

    async fn a_charge_that_cannot_be_computed_holds_up_its_own_buyer_only(world: World) {
        let deal = five_buyers(&world).await;
        let narrow = world.offering(&deal.provider).selling(Sold::used("cpu", "CPU-hour").at("1")).await;
        // Such a price is refused today; one that was saved before may still be there.
        let tiers = serde_json::json!([{ "up_to": "10", "price": "1" }]);
        let ends = serde_json::json!({ "scheme": "tiered", "tiers": tiers });
        entity::plan_price::Entity::update_many()
            .col_expr(entity::plan_price::Column::Scheme, sea_orm::sea_query::Expr::value(ends))
            .filter(entity::plan_price::Column::PlanId.eq(narrow.plan))
            .exec(world.db())
            .await
            .unwrap();
        let resource = world.order(&deal.buyer.owner, &deal.project, &narrow).named("narrow").fulfilled().await;
        world.clock().set("2025-06-20T00:00:00Z");
        deal.used(resource, "a", ("2025-06-10T00:00:00Z", "2025-06-11T00:00:00Z"), "11").await;
        world.clock().set("2025-07-01T00:00:00Z");
        let billing = world.domain().billing();
        let report = billing.close(&Actor::system(), parsed("2025-06")).await.unwrap();
        let issued: Vec<_> = report.issued.iter().filter_map(|one| one.number.as_deref()).collect();
        assert_eq!(issued.len(), 5, "each that was issued is named: {issued:?}");
        let [failed] = &report.failed[..] else { panic!("{:?}", report.failed) };
        assert_eq!((failed.organization_id, failed.month), (deal.buyer.id, parsed("2025-06")));
        assert_eq!((failed.reasons.len(), failed.reasons[0].resource_id), (1, Some(resource)));
        assert!(failed.reasons[0].message.contains("“narrow”"), "{}", failed.reasons[0].message);
        let staff = world.staff().await;
        assert_eq!(billing.faults(&staff, None).await.unwrap(), report.failed, "it stays on the page until it is corrected");
        billing.faults(&deal.buyer.owner, None).await.unwrap_err();
        assert_eq!(numbers(&world).await, FIVE, "the others have theirs");
        deal.used(resource, "a", ("2025-06-10T00:00:00Z", "2025-06-11T00:00:00Z"), "10").await;
        assert_eq!(billing.faults(&staff, None).await.unwrap(), []);
        let report = billing.close(&Actor::system(), parsed("2025-06")).await.unwrap();
        assert_eq!((report.issued.len(), report.already), (1, 5));
    }

    async fn open_invoices_are_computed_when_something_happened_and_once_a_day(world: World) {
        let sold = vec![Sold::every_period("base").at("30"), Sold::used("cpu", "CPU-hour").at("1")];
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", sold).await;
        let resource = deal.runs("2025-06-01T09:00:00Z", &[]).await;
        let billing = world.operations().billing();
        let mut computed = Vec::new();
        for at in ["2025-06-05T09:00:00Z", "2025-06-05T10:00:00Z", "2025-06-06T00:10:00Z", "2025-06-06T09:00:00Z"] {
            world.clock().set(at);
            computed.push(billing.accrue_open().await.unwrap());
        }
        assert_eq!(computed, [1, 0, 1, 0]);
        deal.used(resource, "a", ("2025-06-05T00:00:00Z", "2025-06-06T00:00:00Z"), "2").await;
        world.clock().set("2025-06-06T09:05:00Z");
        assert_eq!(billing.accrue_open().await.unwrap(), 1);
        assert_eq!(deal.invoice("2025-06").await.unwrap().net, fixed("8"), "six days and two hours of use");
        world.clock().set("2025-07-01T00:10:00Z");
        assert_eq!(billing.accrue_open().await.unwrap(), 2, "both months are open");
    }

    async fn a_lower_price_a_plan_that_begins_and_a_verification_are_on_open_invoices_at_once(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::every_period("base").at("30")]).await;
        deal.runs("2025-06-01T09:00:00Z", &[]).await;
        let (billing, staff, structure) = (world.operations().billing(), world.staff().await, world.domain().structure());
        let mut seller = structure.organization(&staff, deal.provider.id).await.unwrap();
        (seller.country, seller.vat_number) = ("EE".into(), "EE100931558".into());
        structure.edit_organization(&staff, seller).await.unwrap();
        structure.verify_organization(&staff, deal.provider.id, "EE", "EE100931558").await.unwrap();
        let computed = async |at: &str| {
            world.clock().set(at);
            billing.accrue_open().await.unwrap()
        };
        assert_eq!((computed("2025-06-05T09:00:00Z").await, computed("2025-06-05T09:30:00Z").await), (1, 0));
        deal.publishes("2025-06-05T10:00:00Z", |plan| set_price(plan, "base", "15")).await;
        assert_eq!((computed("2025-06-05T10:05:00Z").await, computed("2025-06-05T10:10:00Z").await), (1, 0));
        assert_eq!(deal.invoice("2025-06").await.unwrap().net, fixed("4.5"), "four days at 1.00 and one at 0.50");
        deal.publishes("2025-06-05T10:15:00Z", |plan| {
            plan.valid_from = "2025-06-08".parse().ok();
            set_price(plan, "base", "12");
        })
        .await;
        assert_eq!(computed("2025-06-05T10:20:00Z").await, 1, "published");
        assert_eq!((computed("2025-06-08T09:00:00Z").await, computed("2025-06-08T09:10:00Z").await), (1, 0));
        let mut detail = structure.organization(&deal.buyer.owner, deal.buyer.id).await.unwrap();
        detail.country = "CH".into();
        structure.edit_organization(&deal.buyer.owner, detail).await.unwrap();
        assert_eq!(computed("2025-06-08T09:20:00Z").await, 1, "the buyer changed");
        structure.verify_organization(&staff, deal.buyer.id, "CH", "").await.unwrap();
        assert_eq!((computed("2025-06-08T09:30:00Z").await, computed("2025-06-08T09:40:00Z").await), (1, 0));
        let document = deal.invoice("2025-06").await.unwrap();
        assert_eq!((document.tax, document.taxes[0].rate.label().as_str()), (fixed("0"), "Outside the seller's tax area"));
    }

    async fn sums_that_no_document_can_hold_are_named_with_their_buyer_and_hold_up_nobody_else(world: World) {
        let deal = five_buyers(&world).await;
        let dear = world.offering(&deal.provider).selling(Sold::once("dear").at("80000000")).await;
        // One order is bounded, many together are not.
        for number in 0..120 {
            world.order(&deal.buyer.owner, &deal.project, &dear).named(&format!("dear {number}")).fulfilled().await;
        }
        world.clock().set("2025-07-01T00:00:00Z");
        let report = world.domain().billing().close(&Actor::system(), parsed("2025-06")).await.unwrap();
        assert_eq!(report.issued.len(), 5);
        assert_eq!(report.failed.len(), 1);
        let reason = &report.failed[0].reasons[0];
        assert_eq!((report.failed[0].organization_name.as_str(), reason.code.as_str()), (deal.buyer.name.as_str(), "amount_too_large"));
        assert_eq!(reason.price.as_ref().map(|price| (price.offering_id, price.component.as_str())), Some((dear.id, "dear")));
    }

    async fn a_sum_that_is_too_large_is_listed_with_its_largest_line_until_it_is_corrected(world: World) {
        let sold = vec![Sold::every_period("base").at("30"), Sold::used("cpu", "CPU-hour").at("100")];
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", sold).await;
        let resource = deal.runs("2025-06-01T09:00:00Z", &[]).await;
        world.clock().set("2025-06-20T00:00:00Z");
        let window = ("2025-06-10T00:00:00Z", "2025-06-11T00:00:00Z");
        // Without the tax of 22 % it could still be stored.
        assert_eq!(deal.used(resource, "a", window, "90000000").await.recorded, 1);
        world.clock().set("2025-07-01T00:00:00Z");
        let billing = world.domain().billing();
        let report = billing.close(&Actor::system(), parsed("2025-06")).await.unwrap();
        let [failed] = &report.failed[..] else { panic!("{:?}", report.failed) };
        let [reason] = &failed.reasons[..] else { panic!("{:?}", failed.reasons) };
        assert_eq!((reason.resource_id, reason.code.as_str()), (Some(resource), "amount_too_large"));
        assert!(reason.message.contains("9,000,000,000.00"), "{}", reason.message);
        let price = reason.price.as_ref().unwrap();
        assert_eq!((price.offering_id, price.plan_id, price.component.as_str()), (deal.offering.id, deal.offering.plan, "cpu"));
        let staff = world.staff().await;
        assert_eq!(billing.faults(&staff, None).await.unwrap(), report.failed);
        assert_eq!(billing.faults(&deal.provider.manager, Some(deal.provider.id)).await.unwrap(), report.failed);
        deal.used(resource, "a", window, "9").await;
        assert_eq!(billing.faults(&staff, None).await.unwrap(), []);
        deal.closes("2025-07-01T00:10:00Z", "2025-06").await;
        assert_eq!(deal.invoice("2025-06").await.unwrap().net, fixed("930"));
    }

    async fn what_a_provider_uses_of_its_own_is_internal_cost(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::every_period("base").at("30")]).await;
        let own = testkit::Buyer {
            id: deal.provider.id,
            name: "Tartu".into(),
            owner: world.person(model::Role::OrganizationOwner, model::Scope::Organization(deal.provider.id)).await,
        };
        let project = world.project(&own).await;
        world.clock().set("2025-06-01T09:00:00Z");
        world.order(&own.owner, &project, &deal.offering).fulfilled().await;
        deal.runs("2025-06-01T09:00:00Z", &[]).await;
        let report = deal.closes("2025-07-01T00:00:00Z", "2025-06").await;
        let internal = report.issued.iter().find(|one| one.kind == model::DocumentKind::Internal).unwrap();
        assert_eq!((internal.number.as_deref(), internal.total), (None, fixed("30")), "without tax");
        let billing = world.domain().billing();
        let document = billing.invoice(&own.owner, internal.id).await.unwrap();
        assert_eq!((document.tax, document.due_on, document.amount_due), (fixed("0"), None, fixed("0")));
        assert_eq!(deal.invoice("2025-06").await.unwrap().number.as_deref(), Some("TARTU-2025-00001"), "no number is lost");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn what_was_gone_before_a_month_is_closed_with_it(world: World) {
        let sold = vec![Sold::every_period("base").at("31")];
        let deal = Deal::selling(&world, "2025-01-01T08:00:00Z", sold).await;
        let resource = deal.runs("2025-01-05T09:00:00Z", &[]).await;
        deal.ends("2025-01-20T09:00:00Z", resource).await;
        // Nobody has closed January, and no worker has drawn an invoice up.
        let report = deal.closes("2025-04-02T00:00:00Z", "2025-03").await;
        let issued: Vec<_> = report.issued.iter().map(|one| one.month.to_string()).collect();
        assert_eq!(issued, ["2025-01"]);
        assert_eq!(deal.invoice("2025-01").await.unwrap().net, fixed("16"), "16 of 31 days");
    }
}
