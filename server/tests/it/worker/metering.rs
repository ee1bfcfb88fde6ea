use chrono::{DateTime, TimeDelta, Utc};
use domain::{Actor, Clock, jobs::NewJob};
use model::{JobState, ResourceId};
use plugins::{PluginError, UsageEvent, UsageFault, UsageReport};
use sea_orm::EntityTrait;
use testkit::{Sold, both_engines};

use super::jobs;
use crate::portal::Portal;

struct Metered {
    api: crate::api::Api,
    owner: Actor,
    resource: ResourceId,
}

async fn metered(portal: &Portal) -> Metered {
    let world = &portal.world;
    let (provider, buyer) = (world.provider().await, world.buyer().await);
    let offering = world
        .offering(&provider)
        .selling(Sold::used("hours", "hour").at("0.5"))
        .await;
    let project = world.project(&buyer).await;
    let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
    world.clock().advance(TimeDelta::hours(5));
    Metered {
        api: portal.api(&buyer.owner).await,
        owner: buyer.owner,
        resource,
    }
}

fn event(portal: &Portal, key: &str, component: &str, quantity: &str) -> UsageEvent {
    let start: DateTime<Utc> = portal.world.clock().now() - TimeDelta::hours(2);
    UsageEvent {
        key: key.into(),
        component: component.into(),
        window_start: start,
        window_end: start + TimeDelta::hours(1),
        quantity: quantity.parse().unwrap(),
        user: Some("anna".into()),
    }
}

async fn collect(portal: &Portal) {
    portal
        .operations
        .jobs()
        .enqueue(NewJob::now(&worker::ScheduleUsage {}).unwrap())
        .await
        .unwrap();
    portal.work().await;
}

async fn used(metered: &Metered) -> String {
    let usage = metered
        .api
        .get(&format!("/resources/{}/usage", metered.resource))
        .await
        .ok();
    usage[0]["total"].as_str().unwrap().to_owned()
}

/// What the API says is wrong with the accounting, after a look at the page, which must say the same.
async fn complaint(portal: &Portal, metered: &Metered) -> String {
    let path = format!("/resources/{}", metered.resource);
    let told = metered.api.get(&path).await.ok();
    let complaint = told["usage_error"].as_str().unwrap_or_default().to_owned();
    let page = portal.browser(&metered.owner).await.get(&path).await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.text.contains("Not all usage could be read"),
        !complaint.is_empty()
    );
    assert!(page.text.contains(&complaint), "{}", page.text);
    complaint
}

both_engines! {
    async fn good_lines_of_bad_accounting_are_kept(portal: Portal) {
        let metered = metered(&portal).await;
        let mut late = event(&portal, "before birth", "hours", "9");
        late.window_start -= TimeDelta::days(300);
        late.window_end -= TimeDelta::days(300);
        let report = UsageReport {
            events: vec![
                event(&portal, "good", "hours", "2.25"),
                event(&portal, "unknown", "llamas", "3"),
                event(&portal, "negative", "hours", "-4"),
                event(&portal, "endless", "hours", "79228162514264337593543950335"),
                event(&portal, &"k".repeat(10_000), "hours", "1"),
                late,
            ],
            faults: vec![UsageFault { line: 7, text: "]]|||".into(), reason: "eleven fields were expected".into() }],
        };
        portal.fake.set_usage(metered.resource, Ok(report));
        collect(&portal).await;
        assert_eq!(used(&metered).await, "2.25");
        assert!(jobs(&portal, "collect_usage").await.is_empty(), "garbage is not asked for again and again");
        let row = entity::resource::Entity::find_by_id(metered.resource).one(portal.world.db()).await.unwrap().unwrap();
        assert!(row.usage_until.is_some(), "the good part counts as collected");
        let told = complaint(&portal, &metered).await;
        assert!(told.contains("line 7: eleven fields were expected"), "{told}");
        collect(&portal).await;
        assert_eq!(used(&metered).await, "2.25", "collected twice is used once");
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn accounting_that_is_away_is_asked_again(portal: Portal) {
        let metered = metered(&portal).await;
        let away = PluginError::Retry { after: std::time::Duration::from_secs(1), reason: "slurmdbd is down".into() };
        portal.fake.set_accounting(Some(away));
        collect(&portal).await;
        assert_eq!(used(&metered).await, "0");
        assert!(complaint(&portal, &metered).await.contains("slurmdbd is down"));
        assert_eq!(jobs(&portal, "collect_usage").await[0].state, JobState::Queued);
        let report = UsageReport { events: vec![event(&portal, "a", "hours", "1.5")], faults: Vec::new() };
        portal.fake.set_usage(metered.resource, Ok(report));
        portal.fake.set_accounting(None);
        portal.world.clock().advance(TimeDelta::minutes(1));
        portal.work().await;
        assert_eq!(used(&metered).await, "1.5");
        assert_eq!(complaint(&portal, &metered).await, "", "all is well again");
    }

    async fn a_running_job_is_reported_with_more_each_time(portal: Portal) {
        let metered = metered(&portal).await;
        let first = event(&portal, "job 7", "hours", "0.5");
        for quantity in ["0.5", "1.25", "3"] {
            let grown = UsageEvent { quantity: quantity.parse().unwrap(), ..first.clone() };
            portal.fake.set_usage(metered.resource, Ok(UsageReport { events: vec![grown], faults: Vec::new() }));
            collect(&portal).await;
            assert_eq!(used(&metered).await, quantity);
        }
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn a_backend_is_read_once_for_all_its_resources_and_leaves_no_rows(portal: Portal) {
        let first = metered(&portal).await;
        let world = &portal.world;
        for _ in 0..4 {
            metered(&portal).await;
        }
        let report = UsageReport { events: vec![event(&portal, "a", "hours", "1.5")], faults: Vec::new() };
        portal.fake.set_usage(first.resource, Ok(report));
        let rows = async || entity::job::Entity::find().all(world.db()).await.unwrap().len();
        let before = rows().await;
        collect(&portal).await;
        assert_eq!(portal.fake.usage_reads(), [5], "five resources of five offerings in one reading");
        assert_eq!(used(&first).await, "1.5");
        assert_eq!(rows().await, before, "nothing is left of it");
        let read = entity::resource::Entity::find().all(world.db()).await.unwrap();
        assert!(read.iter().all(|row| row.usage_until.is_some()));
    }

    async fn one_resource_that_cannot_be_read_holds_up_no_other(portal: Portal) {
        let (bad, good) = (metered(&portal).await, metered(&portal).await);
        let refusal = PluginError::NeedsOperator { reason: "there is no such account".into() };
        portal.fake.set_usage(bad.resource, Err(refusal));
        let report = UsageReport { events: vec![event(&portal, "a", "hours", "2")], faults: Vec::new() };
        portal.fake.set_usage(good.resource, Ok(report));
        collect(&portal).await;
        assert!(complaint(&portal, &bad).await.contains("no such account"));
        assert_eq!(used(&good).await, "2");
    }
}
