use std::time::Duration;

use chrono::TimeDelta;
use entity::offering;
use model::{JobState, OfferingState, OrderState};
use plugins::{Outcome, PluginError, Verb};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::json;
use testkit::both_engines;

use super::{job, jobs, placed};
use crate::portal::Portal;

fn away() -> PluginError {
    PluginError::Retry {
        after: Duration::from_secs(5),
        reason: "the controller does not answer".into(),
    }
}

both_engines! {
    async fn a_backend_that_is_away_is_tried_again_until_it_is_back(portal: Portal) {
        let placed = placed(&portal).await;
        portal.fake.answer_next(Verb::Provision, Err(away()));
        portal.fake.answer_next(Verb::Provision, Err(away()));
        portal.work().await;
        let (state, tries, error) = job(&portal, "provision_order").await;
        assert_eq!((state, tries), (JobState::Queued, 1));
        assert!(error.contains("the controller does not answer"), "{error}");
        let order = portal.operations.domain().ordering().order(&placed.buyer.owner, placed.order).await.unwrap();
        assert!(order.progress.message.contains("not reachable"), "{}", order.progress.message);
        assert_eq!(portal.work().await, 0, "it waits before it is tried again");
        portal.world.clock().advance(TimeDelta::seconds(10));
        portal.work().await;
        portal.world.clock().advance(TimeDelta::seconds(30));
        portal.work().await;
        assert_eq!(job(&portal, "provision_order").await.0, JobState::Done);
        assert_eq!(portal.world.order_state(placed.order).await, OrderState::Done);
        assert_eq!(portal.fake.calls().len(), 3);
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn what_fails_too_often_is_a_dead_letter_that_staff_tries_again(portal: Portal) {
        let placed = placed(&portal).await;
        let most = jobs(&portal, "provision_order").await[0].max_attempts;
        for _ in 0..most {
            portal.fake.answer_next(Verb::Provision, Err(away()));
            portal.world.clock().advance(TimeDelta::minutes(30));
            portal.work().await;
        }
        let (state, tries, error) = job(&portal, "provision_order").await;
        assert_eq!((state, tries), (JobState::Dead, most));
        assert!(error.contains("the controller does not answer"), "{error}");
        assert_eq!(portal.world.order_state(placed.order).await, OrderState::Erred);
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);

        let owner = portal.api(&placed.buyer.owner).await;
        let staff = portal.api(&portal.world.staff().await).await;
        let dead = staff.get("/jobs?state=dead").await.ok();
        assert_eq!(dead["items"][0]["kind"], "provision_order");
        let path = format!("/jobs/{}/try-again", dead["items"][0]["id"].as_str().unwrap());
        let refused = owner.post(&path, json!({})).await;
        assert!([403, 404].contains(&refused.status), "{}", refused.text);
        portal.world.clock().advance(TimeDelta::minutes(1));
        staff.post(&path, json!({})).await.ok();
        portal.work().await;
        assert_eq!(job(&portal, "provision_order").await.0, JobState::Done);
        assert_eq!(portal.world.order_state(placed.order).await, OrderState::Done);
        assert_eq!(staff.post(&path, json!({})).await.status, 409, "it is no dead letter any more");
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }

    async fn a_backend_that_refuses_fails_the_order_at_once_and_says_why(portal: Portal) {
        let placed = placed(&portal).await;
        let refusal = PluginError::Refused { reason: "an account of that name exists".into() };
        portal.fake.answer_next(Verb::Provision, Err(refusal));
        portal.work().await;
        assert_eq!(job(&portal, "provision_order").await.0, JobState::Done);
        let owner = portal.api(&placed.buyer.owner).await;
        let path = format!("/orders/{}", placed.order);
        let order = owner.get(&path).await.ok();
        assert_eq!(order["summary"]["state"], "erred");
        assert!(order["error"].as_str().unwrap().contains("an account of that name exists"), "{order}");
        owner.post(&format!("{path}/retry"), json!({})).await.ok();
        portal.work().await;
        assert_eq!(portal.world.order_state(placed.order).await, OrderState::Done);
    }

    async fn what_needs_an_operator_waits_for_one(portal: Portal) {
        let placed = placed(&portal).await;
        let need = PluginError::NeedsOperator { reason: "the cluster is gone".into() };
        portal.fake.answer_next(Verb::Provision, Err(need));
        portal.work().await;
        let (state, tries, _) = job(&portal, "provision_order").await;
        assert_eq!((state, tries), (JobState::Dead, 1), "trying again by itself would not help");
        assert_eq!(portal.world.order_state(placed.order).await, OrderState::Erred);
    }

    async fn a_dead_letter_whose_order_cannot_begin_any_more_says_why(portal: Portal) {
        let placed = placed(&portal).await;
        portal.fake.answer_next(Verb::Provision, Err(PluginError::NeedsOperator { reason: "the cluster is gone".into() }));
        portal.work().await;
        let offer = async |state| {
            let row = offering::Entity::find_by_id(placed.offering.id).one(portal.world.db()).await;
            let mut row = row.unwrap().unwrap().into_active_model();
            row.state = Set(state);
            row.update(portal.world.db()).await.unwrap();
        };
        let staff = portal.api(&portal.world.staff().await).await;
        let dead = staff.get("/jobs?state=dead").await.ok();
        let path = format!("/jobs/{}/try-again", dead["items"][0]["id"].as_str().unwrap());
        offer(OfferingState::Archived).await;
        staff.post(&path, json!({})).await.ok();
        portal.work().await;
        let (state, tries, error) = job(&portal, "provision_order").await;
        assert_eq!((state, tries), (JobState::Dead, 1), "{error}");
        assert!(error.ends_with("is no longer offered."), "{error}");
        assert_eq!(portal.world.order_state(placed.order).await, OrderState::Erred);
        offer(OfferingState::Active).await;
        staff.post(&path, json!({})).await.ok();
        portal.work().await;
        assert_eq!(portal.world.order_state(placed.order).await, OrderState::Done);
    }

    async fn a_backend_that_takes_its_time_is_looked_at_again(portal: Portal) {
        let placed = placed(&portal).await;
        let soon = Outcome::Pending { poll_after: Some(Duration::from_secs(20)), waiting_for: "the machine boots".into() };
        for _ in 0..30 {
            portal.fake.answer_next(Verb::Provision, Ok(soon.clone()));
        }
        for _ in 0..30 {
            portal.work().await;
            portal.world.clock().advance(TimeDelta::seconds(21));
        }
        let (state, tries, _) = job(&portal, "provision_order").await;
        assert_eq!(state, JobState::Queued);
        assert!(tries <= 1, "looking again is no try: {tries}");
        portal.work().await;
        assert_eq!(portal.world.order_state(placed.order).await, OrderState::Done);
    }

    async fn a_plugin_that_is_not_in_this_build_is_named(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).provisioned_by("teleport", model::Schema::default(), json!({})).await;
        let project = world.project(&buyer).await;
        let order = world.order(&buyer.owner, &project, &offering).await;
        portal.work().await;
        let (state, _, error) = job(&portal, "provision_order").await;
        assert_eq!(state, JobState::Dead);
        assert!(error.contains("teleport"), "{error}");
        assert_eq!(world.order_state(order).await, OrderState::Erred);
    }

    async fn a_job_that_cannot_be_read_becomes_a_dead_letter(portal: Portal) {
        placed(&portal).await;
        let mut broken = jobs(&portal, "provision_order").await.remove(0).into_active_model();
        broken.payload = Set(json!({}));
        broken.update(portal.world.db()).await.unwrap();
        portal.work().await;
        let (state, _, error) = job(&portal, "provision_order").await;
        assert_eq!(state, JobState::Dead);
        assert!(error.contains("order_id"), "{error}");
        portal.world.leaves_jobs();
    }
}
