use chrono::TimeDelta;
use domain::jobs::NewJob;
use model::{OrderState, ResourceState};
use serde_json::json;
use testkit::{Sold, both_engines};

use crate::portal::Portal;

async fn apply_due_dates(portal: &Portal) {
    portal
        .operations
        .jobs()
        .enqueue(NewJob::now(&worker::ApplyDueDates {}).unwrap())
        .await
        .unwrap();
    portal.work().await;
}

both_engines! {
    async fn the_worker_ends_what_is_over_on_its_backend(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).await;
        let project = world.project(&buyer).await;
        let order = world.order(&buyer.owner, &project, &offering).await;
        portal.work().await;
        let order = portal.operations.domain().ordering().order(&buyer.owner, order).await.unwrap();
        assert_eq!(order.summary.state, OrderState::Done);
        let resource = order.summary.resource_id.unwrap();
        let api = portal.api(&buyer.owner).await;
        let path = format!("/resources/{resource}");
        let last = json!({ "last_day": "2026-02-20" });
        let changed = api.put(&path, "/last-day", last).await.ok();
        assert_eq!(changed["lifetime"]["last_day"], "2026-02-20");
        assert_eq!(changed["lifetime"]["extension"], "change_end");
        // People see it coming, on the page and on the start page.
        let browser = portal.browser(&buyer.owner).await;
        for (page, text) in [(path.as_str(), "Ends in 10 days"), ("/", "in 10 days"), (path.as_str(), "/extend")] {
            let shown = browser.get(page).await;
            assert!(shown.text.contains(text), "{page}: {text}");
        }
        let soon = api.get("/endings").await.ok();
        assert_eq!((&soon[0]["resource_id"], &soon[0]["days_left"]), (&json!(resource), &json!(10)));
        world.clock().advance(TimeDelta::days(15));
        apply_due_dates(&portal).await;
        let ended = portal.operations.domain().provisioning().resource(&buyer.owner, resource).await.unwrap();
        assert_eq!(ended.summary.state, ResourceState::Terminated);
        let billed_until = ended.history[0].ends_at.unwrap();
        assert_eq!(billed_until.to_rfc3339(), "2026-02-21T00:00:00+00:00");
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn what_is_paid_up_front_is_renewed_by_program_and_by_hand(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let sold = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let offering = world.offering(&provider).selling(sold).await;
        let project = world.project(&buyer).await;
        let order = world.order(&buyer.owner, &project, &offering).limits([("cores", "4")]).for_months(1);
        let order = order.await;
        portal.work().await;
        let resource = portal.operations.domain().ordering().order(&buyer.owner, order).await.unwrap().summary.resource_id.unwrap();
        let api = portal.api(&buyer.owner).await;
        let path = format!("/resources/{resource}");
        let months = json!({ "months": 3 });
        let quote = api.post(&format!("{path}/renewal/quote"), months.clone()).await.ok();
        assert_eq!(quote["billed_from"], "2026-03-10");
        let placed = api.post(&format!("{path}/renewal"), months).await;
        assert_eq!(placed.status, 201, "{}", placed.text);
        portal.work().await;
        let read = api.get(&path).await.ok();
        assert_eq!(read["lifetime"]["last_day"], "2026-06-09");
        assert_eq!(read["lifetime"]["terms"].as_array().unwrap().len(), 2);
        let page = portal.browser(&buyer.owner).await.get(&format!("{path}/extend")).await;
        assert!(page.text.contains("It begins on 10 June 2026, or on the day"), "{}", page.text);
        assert!(page.text.contains("name=\"term_months\""));
    }
}
