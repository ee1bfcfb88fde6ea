//! Documents in the buyer's favour, and the account on which they stand.

use model::DocumentKind;
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, fixed};

const IN_MARCH: (&str, &str) = ("2025-03-10T00:00:00Z", "2025-03-11T00:00:00Z");
const IN_MAY: (&str, &str) = ("2025-05-10T00:00:00Z", "2025-05-11T00:00:00Z");

/// March was issued for 1,000 hours at 0.40 and corrected to none afterwards: 488.00 with tax come back in April.
pub(crate) async fn credited(world: &World) -> (Deal<'_>, model::ResourceId) {
    let deal = Deal::selling(
        world,
        "2025-03-01T08:00:00Z",
        vec![Sold::used("cpu", "CPU-hour").at("0.4")],
    )
    .await;
    let resource = deal.runs("2025-03-05T09:00:00Z", &[]).await;
    world.clock().set("2025-03-20T00:00:00Z");
    deal.used(resource, "march", IN_MARCH, "1000").await;
    deal.closes("2025-04-01T00:00:00Z", "2025-03").await;
    world.clock().set("2025-04-20T00:00:00Z");
    deal.used(resource, "march", IN_MARCH, "0").await;
    deal.closes("2025-05-01T00:00:00Z", "2025-04").await;
    (deal, resource)
}

both_engines! {
    async fn a_document_in_the_buyers_favour_is_a_credit_note_without_a_due_date(world: World) {
        let (deal, _) = credited(&world).await;
        let note = deal.invoice("2025-04").await.unwrap();
        assert_eq!((note.kind, note.total, note.due_on, note.amount_due), (DocumentKind::CreditNote, fixed("-488"), None, fixed("0")));
        assert_eq!(note.number.as_deref(), Some("TARTU-2025-00002"), "of the same series");
        let accounts = world.domain().billing().accounts(&deal.buyer.owner, None).await.unwrap();
        assert_eq!((accounts.len(), accounts[0].balance, accounts[0].entries.len()), (1, fixed("488"), 1));
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn the_next_invoices_use_what_stands_on_the_account(world: World) {
        let (deal, resource) = credited(&world).await;
        world.clock().set("2025-05-20T00:00:00Z");
        deal.used(resource, "may", IN_MAY, "500").await;
        deal.closes("2025-06-01T00:00:00Z", "2025-05").await;
        let may = deal.invoice("2025-05").await.unwrap();
        assert_eq!((may.kind, may.total, may.covered, may.amount_due), (DocumentKind::Invoice, fixed("244"), fixed("244"), fixed("0")));
        assert_eq!(may.due_on, None, "nothing is left to be paid");
        world.clock().set("2025-06-20T00:00:00Z");
        deal.used(resource, "june", ("2025-06-10T00:00:00Z", "2025-06-11T00:00:00Z"), "1000").await;
        deal.closes("2025-07-01T00:00:00Z", "2025-06").await;
        let june = deal.invoice("2025-06").await.unwrap();
        assert_eq!((june.total, june.covered, june.amount_due), (fixed("488"), fixed("244"), fixed("244")));
        assert!(june.due_on.is_some());
        let accounts = world.domain().billing().accounts(&deal.provider.manager, Some(deal.buyer.id)).await.unwrap();
        let entries: Vec<_> = accounts[0].entries.iter().map(|entry| (entry.amount.to_string(), entry.balance.to_string())).collect();
        let expected = [("-244", "0"), ("-244", "244"), ("488", "488")];
        assert_eq!(entries, expected.map(|(amount, balance)| (amount.to_owned(), balance.to_owned())));
        assert_eq!(accounts[0].balance, fixed("0"));
    }

    async fn what_is_open_says_what_the_account_would_leave_to_pay(world: World) {
        let (deal, resource) = credited(&world).await;
        world.clock().set("2025-05-20T00:00:00Z");
        deal.used(resource, "may", IN_MAY, "500").await;
        world.clock().set("2025-06-20T00:00:00Z");
        deal.used(resource, "june", ("2025-06-10T00:00:00Z", "2025-06-11T00:00:00Z"), "1000").await;
        for month in ["2025-05", "2025-06"] {
            deal.open_total("2025-06-20T00:00:00Z", month).await;
        }
        let (may, june) = (deal.invoice("2025-05").await.unwrap(), deal.invoice("2025-06").await.unwrap());
        assert_eq!((may.number.as_deref(), june.number.as_deref()), (None, None), "both are open");
        assert_eq!((may.total, may.covered, may.amount_due), (fixed("244"), fixed("244"), fixed("0")));
        // May is issued first, and uses its part.
        assert_eq!((june.total, june.covered, june.amount_due), (fixed("488"), fixed("244"), fixed("244")));
    }

    async fn an_account_is_seen_by_those_who_see_its_invoices(world: World) {
        let (deal, _) = credited(&world).await;
        let billing = world.domain().billing();
        for actor in [&deal.buyer.owner, &world.accountant(&deal.buyer).await, &deal.provider.manager, &world.staff().await] {
            assert_eq!(billing.accounts(actor, None).await.unwrap().len(), 1);
        }
        for actor in [&world.member(&deal.project).await, &world.stranger().await, &world.buyer().await.owner] {
            assert_eq!(billing.accounts(actor, None).await.unwrap(), []);
        }
    }
}
