//! Documents in the buyer's favour, and the account on which they stand.

use std::sync::atomic::Ordering;

use entity::{account_entry, invoice};
use model::{AccountEntryId, DocumentKind, InvoiceId, Month, PageRequest};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, fixed};
use crate::queries::counted;

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
        let accounts = world.domain().billing().accounts(&deal.buyer.owner, None, PageRequest::default()).await.unwrap().items;
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
        let accounts = world.domain().billing().accounts(&deal.provider.manager, Some(deal.buyer.id), PageRequest::default()).await.unwrap().items;
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
            assert_eq!(billing.accounts(actor, None, PageRequest::default()).await.unwrap().items.len(), 1);
        }
        for actor in [&world.member(&deal.project).await, &world.stranger().await, &world.buyer().await.owner] {
            assert_eq!(billing.accounts(actor, None, PageRequest::default()).await.unwrap().items, []);
        }
    }
    async fn accounts_come_page_by_page_with_their_newest_entries(world: World) {
        let (deal, _) = credited(&world).await;
        // Below the first entry 205 more, each of a document of its own: five are not shown.
        let document = deal.invoice("2025-04").await.unwrap();
        let first = account_entry::Entity::find().one(world.db()).await.unwrap().unwrap();
        let model = invoice::Entity::find_by_id(document.id).one(world.db()).await.unwrap().unwrap();
        let other = world.buyer().await;
        for number in 2..=206_i32 {
            let id = InvoiceId(uuid::Uuid::from_u128(u128::try_from(number).unwrap()));
            let month: Month = format!("{:04}-01", 1500 + number).parse().unwrap();
            let copy = invoice::Model { id, month, number: Some(format!("COPY-{number}")), ..model.clone() };
            invoice::Entity::insert(copy.into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
            let entry = account_entry::Model {
                id: AccountEntryId(id.0),
                // The last one is the first of another buyer's account.
                organization_id: if number == 206 { other.id } else { first.organization_id },
                position: if number == 206 { 1 } else { number },
                invoice_id: id,
                amount: fixed("1"),
                balance: if number == 206 { fixed("1") } else { fixed(&(487 + number).to_string()) },
                ..first.clone()
            };
            account_entry::Entity::insert(entry.into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
        }
        let (operations, count) = counted(&world);
        operations.domain().billing().accounts(&deal.provider.manager, None, PageRequest::default()).await.unwrap();
        assert_eq!(count.load(Ordering::Relaxed), 3, "of two accounts with 206 entries");
        let billing = world.domain().billing();
        let page = billing.accounts(&deal.provider.manager, None, PageRequest::first(1)).await.unwrap();
        let account = &page.items[0];
        assert_eq!((page.items.len(), account.organization_id, account.balance), (1, deal.buyer.id, fixed("692")));
        let (newest, oldest) = (&account.entries[0], &account.entries[199]);
        assert_eq!((account.entries.len(), newest.balance, oldest.balance), (200, fixed("692"), fixed("493")));
        let request = PageRequest { cursor: page.next, limit: 1 };
        let rest = billing.accounts(&deal.provider.manager, None, request).await.unwrap();
        let account = &rest.items[0];
        assert_eq!((rest.items.len(), account.organization_id, account.entries.len(), rest.next), (1, other.id, 1, None));
        let none = billing.accounts(&other.owner, Some(deal.buyer.id), PageRequest::default()).await.unwrap();
        assert_eq!(none.items, []);
    }
}
