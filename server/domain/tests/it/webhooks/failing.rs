//! Nobody listens, or the server does not take it.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use domain::jobs::{Job, Limits, kinds::TellWebhook};
use model::{DeliveryOutcome, EventKind, PageRequest, Scope, Webhook, WebhookState};
use testkit::{Buyer, World, both_engines};

use super::{answered, made, rename, silence, tell, tell_all};

async fn seen(world: &World, buyer: &Buyer, webhook: &Webhook) -> Webhook {
    world
        .domain()
        .webhooks()
        .webhook(&buyer.owner, webhook.id)
        .await
        .unwrap()
}

/// The next try is allowed now.
async fn when_it_is_tried_again(world: &World, buyer: &Buyer, webhook: &Webhook) -> TimeDelta {
    let now = domain::Clock::now(world.clock());
    let next = seen(world, buyer, webhook).await.next_try_at.unwrap_or(now);
    world
        .clock()
        .set(&(next + TimeDelta::seconds(1)).with_timezone(&Utc).to_rfc3339());
    next - now
}

both_engines! {
    async fn an_event_that_the_server_never_takes_is_given_up_and_the_next_one_told(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let webhook = made(&world, &buyer.owner, Scope::Project(project.id), &[EventKind::ProjectChanged]).await;
        rename(&world, &buyer, &project, "Refused").await;
        rename(&world, &buyer, &project, "Taken").await;
        let mut waits = Vec::new();
        for attempt in 1..=4 {
            let (message, outcome) = tell(&world, webhook.id, &answered(400)).await.unwrap();
            assert_eq!(message["data"]["after"]["name"], "Refused");
            let expected = if attempt < 4 { DeliveryOutcome::Failed } else { DeliveryOutcome::GivenUp };
            assert_eq!(outcome, expected, "try {attempt}");
            if outcome == DeliveryOutcome::Failed {
                assert!(tell(&world, webhook.id, &answered(200)).await.is_none(), "not before its time");
                waits.push(when_it_is_tried_again(&world, &buyer, &webhook).await.num_seconds());
            }
        }
        assert_eq!(waits, [5, 20, 80]);
        let (message, _) = tell(&world, webhook.id, &answered(200)).await.unwrap();
        assert_eq!(message["data"]["after"]["name"], "Taken");
        let after = seen(&world, &buyer, &webhook).await;
        assert_eq!((after.state, after.failing_since, after.last_error.as_str()), (WebhookState::Enabled, None, ""));
    }

    async fn an_answer_that_is_final_counts_for_three_of_the_others(world: World) {
        let buyer = world.buyer().await;
        let webhook = made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        // A receiver that is being deployed: nothing is given up for one answer from nowhere.
        let replies = [503, 503, 503, 503, 503, 404, 503, 503, 503].map(answered);
        for (number, reply) in replies.iter().enumerate() {
            let (_, outcome) = tell(&world, webhook.id, reply).await.unwrap();
            assert_eq!(outcome, DeliveryOutcome::Failed, "answer {number}");
            when_it_is_tried_again(&world, &buyer, &webhook).await;
        }
        let (_, outcome) = tell(&world, webhook.id, &answered(503)).await.unwrap();
        assert_eq!(outcome, DeliveryOutcome::GivenUp, "five, three and four");
    }

    async fn silence_is_no_answer_and_counts_for_none(world: World) {
        let buyer = world.buyer().await;
        let webhook = made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        for reply in [silence(), silence(), silence(), silence(), answered(404), silence(), answered(404), answered(404)] {
            let (_, outcome) = tell(&world, webhook.id, &reply).await.unwrap();
            assert_eq!(outcome, DeliveryOutcome::Failed, "{reply:?}");
            when_it_is_tried_again(&world, &buyer, &webhook).await;
        }
        let (_, outcome) = tell(&world, webhook.id, &answered(404)).await.unwrap();
        assert_eq!(outcome, DeliveryOutcome::GivenUp, "the fourth answer");
        // Nothing happens for a week; then it fails once, which is no week of failures.
        world.clock().advance(TimeDelta::days(7));
        world.project(&buyer).await;
        tell(&world, webhook.id, &silence()).await.unwrap();
        assert_eq!(seen(&world, &buyer, &webhook).await.state, WebhookState::Enabled);
    }

    async fn what_an_address_of_before_answers_stops_nothing_at_the_new_one(world: World) {
        let buyer = world.buyer().await;
        let (domain, webhooks) = (world.domain().webhooks(), world.operations().webhooks());
        let webhook = made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        let before = webhooks.next_message(webhook.id).await.unwrap().unwrap();
        let draft = super::told_at("https://new.example.org/", &[]);
        domain.change(&buyer.owner, webhook.id, draft, webhook.revision).await.unwrap();
        webhooks.keep_reply(&before, &answered(410)).await.unwrap();
        assert_eq!(seen(&world, &buyer, &webhook).await.state, WebhookState::Enabled);
        let again = webhooks.next_message(webhook.id).await.unwrap().unwrap();
        assert_eq!((again.url.as_str(), &again.body), ("https://new.example.org/", &before.body));
    }

    async fn a_server_that_is_away_for_days_stops_the_webhook_which_goes_on_where_it_was(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let webhook = made(&world, &buyer.owner, Scope::Project(project.id), &[EventKind::ProjectChanged]).await;
        rename(&world, &buyer, &project, "Waits").await;
        let mut tries = 0;
        while seen(&world, &buyer, &webhook).await.state == WebhookState::Enabled {
            let (_, outcome) = tell(&world, webhook.id, &silence()).await.unwrap();
            assert_eq!(outcome, DeliveryOutcome::Failed, "what nobody answered is not given up");
            when_it_is_tried_again(&world, &buyer, &webhook).await;
            tries += 1;
            assert!(tries < 100);
        }
        assert!(tries > 20, "every six hours for five days: {tries}");
        let stopped = seen(&world, &buyer, &webhook).await;
        assert_eq!(stopped.state, WebhookState::Stopped);
        assert!(stopped.last_error.contains("took too long"), "{stopped:?}");
        assert!(tell(&world, webhook.id, &answered(200)).await.is_none());
        assert_eq!(world.operations().webhooks().tell_due().await.unwrap(), 0);
        let log = world.domain().audit().list(&buyer.owner, Scope::Project(project.id), &PageRequest::default()).await.unwrap();
        assert_eq!(log.items[0].text, "Webhook stopped after failures", "{:?}", log.items[0]);
        rename(&world, &buyer, &project, "Meanwhile").await;
        let resumed = world.domain().webhooks().set_enabled(&buyer.owner, webhook.id, true).await.unwrap();
        assert_eq!((resumed.state, resumed.failing_since), (WebhookState::Enabled, None));
        assert_eq!(tell_all(&world, webhook.id).await, ["project.changed", "project.changed"]);
    }

    async fn a_server_that_is_gone_for_good_stops_the_webhook_at_once(world: World) {
        let buyer = world.buyer().await;
        let webhook = made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        tell(&world, webhook.id, &answered(410)).await.unwrap();
        assert_eq!(seen(&world, &buyer, &webhook).await.state, WebhookState::Stopped);
    }

    async fn a_paused_webhook_is_told_later_of_what_happened_meanwhile(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let webhook = made(&world, &buyer.owner, Scope::Project(project.id), &[EventKind::ProjectChanged]).await;
        let webhooks = world.domain().webhooks();
        webhooks.set_enabled(&buyer.owner, webhook.id, false).await.unwrap();
        rename(&world, &buyer, &project, "Unheard").await;
        assert!(tell(&world, webhook.id, &answered(200)).await.is_none());
        webhooks.set_enabled(&buyer.owner, webhook.id, true).await.unwrap();
        assert_eq!(tell_all(&world, webhook.id).await, ["project.changed"]);
    }

    async fn a_reply_to_a_webhook_that_was_removed_or_moved_back_meanwhile_changes_nothing_of_that(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let (domain, webhooks) = (world.domain().webhooks(), world.operations().webhooks());
        let webhook = made(&world, &buyer.owner, Scope::Project(project.id), &[EventKind::ProjectChanged]).await;
        rename(&world, &buyer, &project, "One").await;
        rename(&world, &buyer, &project, "Two").await;
        let first = webhooks.next_message(webhook.id).await.unwrap().unwrap();
        webhooks.keep_reply(&first, &answered(200)).await.unwrap();
        let second = webhooks.next_message(webhook.id).await.unwrap().unwrap();
        let told = domain.deliveries(&buyer.owner, webhook.id, &PageRequest::default()).await.unwrap().items;
        domain.redeliver_since(&buyer.owner, webhook.id, told[0].event_id).await.unwrap();
        webhooks.keep_reply(&second, &answered(200)).await.unwrap();
        assert_eq!(tell_all(&world, webhook.id).await.len(), 2, "both are told again, though the second was under way");
        rename(&world, &buyer, &project, "Three").await;
        let third = webhooks.next_message(webhook.id).await.unwrap().unwrap();
        domain.remove(&buyer.owner, webhook.id).await.unwrap();
        assert_eq!(webhooks.keep_reply(&third, &answered(200)).await.unwrap(), DeliveryOutcome::GivenUp);
    }

    async fn however_many_wait_four_are_told_at_once_and_the_others_have_their_turn(world: World) {
        let buyer = world.buyer().await;
        for _ in 0..6 {
            made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        }
        world.leaves_jobs();
        assert_eq!(world.operations().webhooks().tell_due().await.unwrap(), 6);
        let jobs = world.operations().jobs();
        let lease = async || {
            let limits = Limits { per_backend: 100 };
            jobs.lease("w", &[TellWebhook::NAME], Duration::from_mins(1), limits).await.unwrap()
        };
        let mut taken = Vec::new();
        while let Some(job) = lease().await {
            taken.push(job);
        }
        assert_eq!(taken.len(), 4, "slow receivers leave workers for everything else");
        jobs.done(taken[0].id, "w").await.unwrap();
        assert!(lease().await.is_some() && lease().await.is_none());
    }
}
