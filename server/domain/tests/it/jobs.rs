//! The queue: leasing, ending, giving up.

use std::collections::HashSet;
use std::time::Duration;

use chrono::TimeDelta;
use domain::Clock;
use domain::jobs::{JobFilter, JobPayload, JobsError, Limits};
use entity::job;
use model::{JobId, JobState, Kind, OrderId, PageRequest};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use testkit::{World, both_engines};
use uuid::Uuid;

const MINUTE: Duration = Duration::from_mins(1);
const SECOND: Duration = Duration::from_secs(1);
const ALL: [&str; 9] = JobPayload::KINDS;

fn limits(per_backend: u32) -> Limits {
    Limits { per_backend }
}

/// Queued jobs with consecutive ids, due one second after another, the first of them now.
async fn queue(world: &World, count: u128, backend_key: &str) {
    let now = world.clock().now();
    let rows = (0..count).map(|number| {
        let payload = JobPayload::ProvisionOrder {
            order_id: OrderId(Uuid::from_u128(number)),
        };
        let row = job::Model {
            id: JobId(Uuid::from_u128(number)),
            kind: payload.kind().into(),
            payload: serde_json::to_value(&payload).unwrap(),
            subject: payload.subject(),
            state: JobState::Queued,
            run_at: now - TimeDelta::seconds(1000) + TimeDelta::seconds(i64::try_from(number).unwrap()),
            attempts: 0,
            max_attempts: 3,
            leased_by: None,
            leased_until: None,
            last_error: String::new(),
            dedup_key: None,
            backend_key: backend_key.into(),
            backend_limit: None,
            trace_id: "trace".into(),
            created_at: now,
            finished_at: None,
        };
        row.into_active_model().reset_all()
    });
    job::Entity::insert_many(rows)
        .exec_without_returning(world.db())
        .await
        .unwrap();
    world.leaves_jobs();
}

async fn row(world: &World, id: JobId) -> job::Model {
    job::Entity::find_by_id(id)
        .one(world.db())
        .await
        .unwrap()
        .unwrap()
}

both_engines! {
    async fn eight_workers_share_the_queue_without_taking_a_job_twice(world: World) {
        queue(&world, 120, "").await;
        let mut workers = tokio::task::JoinSet::new();
        for number in 0..8 {
            let jobs = world.second_process().jobs();
            workers.spawn(async move {
                let name = format!("worker {number}");
                let mut taken = Vec::new();
                while let Some(job) = jobs.lease(&name, &ALL, MINUTE, limits(100)).await.unwrap() {
                    taken.push(job.id);
                    jobs.done(job.id, &name).await.unwrap();
                }
                taken
            });
        }
        let taken: Vec<JobId> = workers.join_all().await.into_iter().flatten().collect();
        assert_eq!(taken.len(), 120);
        assert_eq!(taken.iter().collect::<HashSet<_>>().len(), 120);
    }

    async fn workers_at_once_keep_the_limit_of_a_backend(world: World) {
        queue(&world, 20, "slurm").await;
        let mut workers = tokio::task::JoinSet::new();
        for number in 0..8 {
            let jobs = world.second_process().jobs();
            workers.spawn(async move {
                jobs.lease(&format!("worker {number}"), &ALL, MINUTE, limits(3)).await.unwrap().is_some()
            });
        }
        let leased = workers.join_all().await.into_iter().filter(|leased| *leased).count();
        assert_eq!(leased, 3);
    }

    async fn the_job_that_has_waited_longest_comes_first_and_none_before_its_time(world: World) {
        queue(&world, 2, "").await;
        let jobs = world.domain().jobs();
        let first = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!(first.payload, JobPayload::ProvisionOrder { order_id: OrderId(Uuid::from_u128(0)) });
        assert_eq!((first.attempt, first.trace_id.as_str()), (1, "trace"));
        jobs.retry(first.id, "w", MINUTE, "not yet").await.unwrap();
        let second = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        jobs.done(second.id, "w").await.unwrap();
        assert_eq!(jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap(), None, "the first is not due");
        world.clock().advance(TimeDelta::seconds(60));
        let again = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!((again.id, again.attempt, again.last_error.as_str()), (first.id, 2, "not yet"));
    }

    async fn only_kinds_that_a_worker_asks_for_are_taken(world: World) {
        queue(&world, 1, "").await;
        let jobs = world.domain().jobs();
        assert_eq!(jobs.lease("w", &["sweep"], MINUTE, limits(4)).await.unwrap(), None);
        assert!(jobs.lease("w", &["provision_order"], MINUTE, limits(4)).await.unwrap().is_some());
    }

    async fn a_worker_that_lost_its_lease_cannot_end_the_job(world: World) {
        queue(&world, 1, "").await;
        let jobs = world.domain().jobs();
        let held = jobs.lease("slow", &ALL, SECOND, limits(4)).await.unwrap().unwrap();
        assert_eq!(jobs.lease("fast", &ALL, MINUTE, limits(4)).await.unwrap(), None, "the lease holds");
        world.clock().advance(TimeDelta::seconds(2));
        let taken = jobs.lease("fast", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!((taken.id, taken.attempt), (held.id, 2), "taking it over counts as a try");
        assert!(matches!(jobs.done(held.id, "slow").await, Err(JobsError::LeaseLost)));
        assert!(matches!(jobs.retry(held.id, "slow", SECOND, "x").await, Err(JobsError::LeaseLost)));
        assert!(matches!(jobs.heartbeat(held.id, "slow", MINUTE).await, Err(JobsError::LeaseLost)));
        jobs.done(held.id, "fast").await.unwrap();
        assert!(matches!(jobs.done(held.id, "fast").await, Err(JobsError::LeaseLost)), "not twice either");
    }

    async fn a_lapsed_job_of_a_full_backend_frees_its_own_place(world: World) {
        queue(&world, 2, "slurm").await;
        let jobs = world.domain().jobs();
        let held = jobs.lease("gone", &ALL, SECOND, limits(1)).await.unwrap().unwrap();
        assert_eq!(jobs.lease("w", &ALL, MINUTE, limits(1)).await.unwrap(), None, "the backend is busy");
        world.clock().advance(TimeDelta::seconds(2));
        assert_eq!(jobs.lease("w", &ALL, MINUTE, limits(1)).await.unwrap().unwrap().id, held.id);
        assert_eq!(jobs.lease("w", &ALL, MINUTE, limits(1)).await.unwrap(), None);
    }

    async fn a_backend_that_bears_one_change_at_a_time_gets_one(world: World) {
        queue(&world, 3, "offering").await;
        let jobs = world.domain().jobs();
        let first = jobs.lease("a", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        let second = jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert!(jobs.take_turn(&first, "a", "slurm/lab", 1).await.unwrap());
        assert!(!jobs.take_turn(&second, "b", "slurm/lab", 1).await.unwrap());
        let back = row(&world, second.id).await;
        assert_eq!((back.state, back.attempts, back.leased_by), (JobState::Queued, 0, None));
        let third = jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert!(jobs.take_turn(&third, "b", "slurm/other", 1).await.unwrap(), "another backend is free");
        assert_eq!(jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap(), None, "it knows what it waits for");
        jobs.done(first.id, "a").await.unwrap();
        let again = jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!((again.id, again.attempt, again.backend_key.as_str()), (second.id, 1, "slurm/lab"));
        assert!(jobs.take_turn(&again, "b", "slurm/lab", 1).await.unwrap());
    }

    async fn a_turn_ends_with_the_lease(world: World) {
        queue(&world, 2, "offering").await;
        let jobs = world.domain().jobs();
        let first = jobs.lease("gone", &ALL, SECOND, limits(4)).await.unwrap().unwrap();
        assert!(jobs.take_turn(&first, "gone", "slurm/lab", 1).await.unwrap());
        let second = jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        world.clock().advance(TimeDelta::seconds(2));
        assert!(jobs.take_turn(&second, "b", "slurm/lab", 1).await.unwrap());
        assert!(matches!(jobs.take_turn(&first, "late", "slurm/new", 1).await, Err(JobsError::LeaseLost)));
        assert_eq!(jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap(), None, "the lapsed one waits as well");
    }

    async fn a_heartbeat_keeps_the_lease(world: World) {
        queue(&world, 1, "").await;
        let jobs = world.domain().jobs();
        let held = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        world.clock().advance(TimeDelta::seconds(50));
        jobs.heartbeat(held.id, "w", MINUTE).await.unwrap();
        world.clock().advance(TimeDelta::seconds(50));
        assert_eq!(jobs.lease("other", &ALL, MINUTE, limits(4)).await.unwrap(), None);
        jobs.done(held.id, "w").await.unwrap();
    }

    async fn waiting_and_handing_back_are_not_tries(world: World) {
        queue(&world, 1, "").await;
        let jobs = world.domain().jobs();
        let held = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        jobs.postpone(held.id, "w", SECOND).await.unwrap();
        assert_eq!(jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap(), None);
        world.clock().advance(TimeDelta::seconds(1));
        let held = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        jobs.release(held.id, "w").await.unwrap();
        let held = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!((held.attempt, held.is_last_try(), held.is_exhausted()), (1, false, false));
    }

    async fn a_job_whose_workers_all_vanished_is_handed_out_to_be_given_up(world: World) {
        queue(&world, 1, "").await;
        let jobs = world.domain().jobs();
        for attempt in 1..=3 {
            let held = jobs.lease("gone", &ALL, SECOND, limits(4)).await.unwrap().unwrap();
            assert_eq!((held.attempt, held.is_exhausted()), (attempt, false));
            world.clock().advance(TimeDelta::seconds(2));
        }
        assert!(jobs.lease("w", &ALL, SECOND, limits(4)).await.unwrap().unwrap().is_exhausted());
    }

    async fn a_dead_letter_keeps_its_error_until_staff_tries_again(world: World) {
        queue(&world, 1, "").await;
        let jobs = world.domain().jobs();
        let held = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        jobs.dead(held.id, "w", "the backend says no").await.unwrap();
        assert_eq!(jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap(), None);
        let staff = world.staff().await;
        let filter = JobFilter { states: vec![JobState::Dead], ..JobFilter::default() };
        let page = jobs.list(&staff, &filter, &PageRequest::default()).await.unwrap();
        assert_eq!(page.items[0].last_error, "the backend says no");
        let owner = world.customer().await.owner;
        assert_eq!(jobs.try_again(&owner, held.id).await.unwrap_err().kind(), Kind::NotFound);
        jobs.try_again(&staff, held.id).await.unwrap();
        assert!(matches!(jobs.try_again(&staff, held.id).await, Err(JobsError::NotDead)));
        let again = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!((again.id, again.attempt), (held.id, 1));
    }

    async fn work_that_waits_already_is_not_queued_again(world: World) {
        let jobs = world.domain().jobs();
        let first = jobs.schedule(JobPayload::Sweep {}, "sweep").await.unwrap();
        assert!(first.is_some());
        assert_eq!(jobs.schedule(JobPayload::Sweep {}, "sweep").await.unwrap(), None);
        let held = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!(jobs.schedule(JobPayload::Sweep {}, "sweep").await.unwrap(), None, "still running");
        jobs.dead(held.id, "w", "broken").await.unwrap();
        assert!(jobs.schedule(JobPayload::Sweep {}, "sweep").await.unwrap().is_some());
        let staff = world.staff().await;
        let refused = jobs.try_again(&staff, held.id).await.unwrap_err();
        assert!(matches!(refused, JobsError::AlreadyWaiting), "{refused:?}");
        world.leaves_jobs();
    }

    async fn a_job_that_cannot_be_read_becomes_a_dead_letter(world: World) {
        queue(&world, 1, "").await;
        let id = JobId(Uuid::from_u128(0));
        let mut broken = row(&world, id).await.into_active_model();
        broken.payload = sea_orm::ActiveValue::Set(serde_json::json!({"kind": "provision_order"}));
        job::Entity::update(broken).exec(world.db()).await.unwrap();
        assert_eq!(world.domain().jobs().lease("w", &ALL, MINUTE, limits(4)).await.unwrap(), None);
        let dead = row(&world, id).await;
        assert_eq!(dead.state, JobState::Dead);
        assert!(dead.last_error.contains("order_id"), "{}", dead.last_error);
    }

    async fn committed_jobs_wake_the_workers_of_this_process(world: World) {
        let jobs = world.domain().jobs();
        let sleeper = jobs.clone();
        let work = async { jobs.schedule(JobPayload::Sweep {}, "sweep").await.unwrap() };
        let both = async { tokio::join!(sleeper.committed(), work) };
        tokio::time::timeout(Duration::from_secs(5), both).await.expect("it wakes");
        world.leaves_jobs();
    }

    async fn jobs_of_another_process_wake_the_workers_on_postgres(world: World) {
        let is_postgres = world.db().get_database_backend() == sea_orm::DbBackend::Postgres;
        let jobs = world.domain().jobs();
        // The first wait only begins to listen.
        if is_postgres {
            tokio::time::timeout(Duration::from_secs(5), jobs.committed()).await.expect("it listens");
        }
        let other = world.second_process().jobs();
        let work = async { other.schedule(JobPayload::Sweep {}, "sweep").await.unwrap() };
        let patience = if is_postgres { Duration::from_secs(5) } else { Duration::from_millis(200) };
        let both = async { tokio::join!(jobs.committed(), work) };
        assert_eq!(tokio::time::timeout(patience, both).await.is_ok(), is_postgres);
        world.leaves_jobs();
    }
}
