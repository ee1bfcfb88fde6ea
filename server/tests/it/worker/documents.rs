use chrono::TimeDelta;
use model::{JobState, OrderState};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, TransactionTrait};
use testkit::{Engine, both_engines, run};

use super::{job, placed, resource_of};
use crate::portal::Portal;

/// An issued invoice whose PDF is not drawn yet; answers its path.
async fn issued(portal: &Portal) -> String {
    let placed = placed(portal).await;
    portal.work().await;
    assert_eq!(portal.world.order_state(placed.order).await, OrderState::Done);
    resource_of(portal, &placed).await;
    portal.world.clock().set("2026-03-02T09:00:00Z");
    let month = "2026-02".parse().unwrap();
    let closed = portal
        .operations
        .domain()
        .billing()
        .close(&domain::Actor::system(), month)
        .await
        .unwrap();
    assert_eq!(closed.issued.len(), 1);
    let owner = portal.api(&placed.buyer.owner).await;
    let list = owner.get("/invoices").await.ok();
    format!("/invoices/{}/pdf", list["items"][0]["id"].as_str().unwrap())
}

async fn number(portal: &Portal, question: &str) -> i64 {
    let db = portal.world.db();
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), question))
        .await
        .unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}

/// Two connections to the portal's database of which neither can make its file larger, and the file has no free page.
async fn without_room(portal: &Portal) -> DatabaseConnection {
    let db = portal.world.db();
    db.execute_unprepared("CREATE TABLE filler (bytes BLOB)")
        .await
        .unwrap();
    loop {
        let free = number(portal, "PRAGMA freelist_count").await;
        if free == 0 {
            break;
        }
        let fill = format!("INSERT INTO filler VALUES (zeroblob({free} * 4000))");
        db.execute_unprepared(&fill).await.unwrap();
    }
    let pages = number(portal, "PRAGMA page_count").await;
    let narrow = domain::connect::connect(portal.world.url(), 2).await.unwrap();
    // The limit is of a connection. The pool opens the second only when the first is taken, and has no third.
    let (first, second) = (narrow.begin().await.unwrap(), narrow.begin().await.unwrap());
    for connection in [first, second] {
        let limit = format!("PRAGMA max_page_count = {pages}");
        connection.execute_unprepared(&limit).await.unwrap();
        connection.commit().await.unwrap();
    }
    narrow
}

#[test]
fn a_full_database_costs_no_document() {
    run(Engine::Sqlite, async |portal: Portal| {
        let pdf = issued(&portal).await;
        let staff = portal.api(&portal.world.staff().await).await;
        let invoices_before = number(&portal, "SELECT COUNT(*) FROM invoices").await;
        let narrow = without_room(&portal).await;
        let clock = std::sync::Arc::new(portal.world.clock().clone());
        let operations =
            domain::Operations::new(narrow.clone(), clock, domain::Cipher::new("the secret of a test"));
        let worker = worker::Worker::new(
            operations,
            portal.registry.clone(),
            "narrow".into(),
            crate::portal::options(),
        );
        worker.run_due().await.unwrap();

        let (state, tries, error) = job(&portal, "render_invoice").await;
        assert_eq!((state, tries), (JobState::Queued, 1), "{error}");
        assert!(error.to_lowercase().contains("full"), "{error}");
        assert_eq!(
            number(&portal, "SELECT COUNT(*) FROM invoice_pdfs").await,
            0,
            "no half of a document"
        );
        assert_eq!(
            number(&portal, "SELECT COUNT(*) FROM invoices").await,
            invoices_before
        );
        staff.get(&pdf).await.refused(404, "pdf_not_ready");

        narrow.close().await.unwrap();
        portal.world.clock().advance(TimeDelta::minutes(20));
        portal.work().await;
        assert_eq!(job(&portal, "render_invoice").await.0, JobState::Done);
        assert!(staff.get(&pdf).await.bytes.starts_with(b"%PDF-"));
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    });
}

both_engines! {
    async fn a_document_drawn_twice_is_one_document(portal: Portal) {
        let pdf = issued(&portal).await;
        let staff = portal.api(&portal.world.staff().await).await;
        portal.work().await;
        let first = staff.get(&pdf).await.bytes;
        let id = pdf.split('/').nth(2).unwrap().parse().unwrap();
        let document = portal.operations.billing().document(id).await.unwrap();
        let again = documents::render(&document, &documents::ScriptFonts::default()).unwrap();
        assert!(first == again, "the same document is the same bytes");
        portal.operations.billing().store_pdf(id, again).await.unwrap();
        assert!(staff.get(&pdf).await.bytes == first);
    }
}
