//! The queue: leasing, ending, giving up.

use std::collections::HashSet;
use std::time::Duration;

use chrono::TimeDelta;
use domain::Clock;
use domain::jobs::kinds::{ProvisionOrder, SyncMembers};
use domain::jobs::{Job, JobFilter, JobsError, Limits, NewJob, Scheduled};
use entity::job;
use model::{JobId, JobState, Kind, OrderId, PageRequest, ResourceId};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use testkit::{World, both_engines};
use uuid::Uuid;

const MINUTE: Duration = Duration::from_mins(1);
const SECOND: Duration = Duration::from_secs(1);
const ALL: [&str; 3] = [ProvisionOrder::NAME, SyncMembers::NAME, Tidy::NAME];

fn limits(per_backend: u32) -> Limits {
    Limits { per_backend }
}

/// A kind that only these tests have.
#[derive(Debug, Serialize, Deserialize)]
struct Tidy {}

impl Job for Tidy {
    const NAME: &'static str = "tidy";
    const HOUSEKEEPING: bool = true;
}

fn tidy() -> NewJob {
    NewJob::now(&Tidy {}).unwrap()
}

fn sync(number: u128) -> NewJob {
    NewJob::now(&SyncMembers {
        resource_id: ResourceId(Uuid::from_u128(number)),
    })
    .unwrap()
}

/// Queued jobs with consecutive ids, due one second after another, the first of them now.
async fn queue(world: &World, count: u128, backend_key: &str) {
    let now = world.clock().now();
    let rows = (0..count).map(|number| {
        let payload = ProvisionOrder {
            order_id: OrderId(Uuid::from_u128(number)),
            resource_id: ResourceId(Uuid::from_u128(number)),
        };
        let row = job::Model {
            id: JobId(Uuid::from_u128(number)),
            kind: ProvisionOrder::NAME.into(),
            payload: serde_json::to_value(payload).unwrap(),
            subject: payload.subject(),
            state: JobState::Queued,
            run_at: now - TimeDelta::seconds(1000) + TimeDelta::seconds(i64::try_from(number).unwrap()),
            attempts: 0,
            max_attempts: 3,
            leased_by: None,
            leased_until: None,
            last_error: String::new(),
            unique_key: None,
            serial_key: None,
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

/// The clock of a machine that is not quite right.
struct AnotherMachine(TimeDelta);

impl Clock for AnotherMachine {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        domain::SystemClock.now() + self.0
    }

    fn is_of_machine(&self) -> bool {
        true
    }
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
        let jobs = world.operations().jobs();
        let first = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!(first.read::<ProvisionOrder>().unwrap().order_id, OrderId(Uuid::from_u128(0)));
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
        let jobs = world.operations().jobs();
        assert_eq!(jobs.lease("w", &["tidy"], MINUTE, limits(4)).await.unwrap(), None);
        assert!(jobs.lease("w", &["provision_order"], MINUTE, limits(4)).await.unwrap().is_some());
    }

    async fn a_worker_that_lost_its_lease_cannot_end_the_job(world: World) {
        queue(&world, 1, "").await;
        let jobs = world.operations().jobs();
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
        let jobs = world.operations().jobs();
        let held = jobs.lease("gone", &ALL, SECOND, limits(1)).await.unwrap().unwrap();
        assert_eq!(jobs.lease("w", &ALL, MINUTE, limits(1)).await.unwrap(), None, "the backend is busy");
        world.clock().advance(TimeDelta::seconds(2));
        assert_eq!(jobs.lease("w", &ALL, MINUTE, limits(1)).await.unwrap().unwrap().id, held.id);
        assert_eq!(jobs.lease("w", &ALL, MINUTE, limits(1)).await.unwrap(), None);
    }

    async fn a_backend_that_bears_one_change_at_a_time_gets_one(world: World) {
        queue(&world, 3, "offering").await;
        let jobs = world.operations().jobs();
        let first = jobs.lease("a", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        let second = jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert!(jobs.take_backend_slot(&first, "a", "slurm/lab", 1).await.unwrap());
        assert!(!jobs.take_backend_slot(&second, "b", "slurm/lab", 1).await.unwrap());
        let back = row(&world, second.id).await;
        assert_eq!((back.state, back.attempts, back.leased_by), (JobState::Queued, 0, None));
        let third = jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert!(jobs.take_backend_slot(&third, "b", "slurm/other", 1).await.unwrap(), "another backend is free");
        assert_eq!(jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap(), None, "it knows what it waits for");
        jobs.done(first.id, "a").await.unwrap();
        let again = jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!((again.id, again.attempt, again.backend_key.as_str()), (second.id, 1, "slurm/lab"));
        assert!(jobs.take_backend_slot(&again, "b", "slurm/lab", 1).await.unwrap());
    }

    async fn a_turn_ends_with_the_lease(world: World) {
        queue(&world, 2, "offering").await;
        let jobs = world.operations().jobs();
        let first = jobs.lease("gone", &ALL, SECOND, limits(4)).await.unwrap().unwrap();
        assert!(jobs.take_backend_slot(&first, "gone", "slurm/lab", 1).await.unwrap());
        let second = jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        world.clock().advance(TimeDelta::seconds(2));
        assert!(jobs.take_backend_slot(&second, "b", "slurm/lab", 1).await.unwrap());
        assert!(matches!(jobs.take_backend_slot(&first, "late", "slurm/new", 1).await, Err(JobsError::LeaseLost)));
        assert_eq!(jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap(), None, "the lapsed one waits as well");
    }

    async fn a_heartbeat_keeps_the_lease(world: World) {
        queue(&world, 1, "").await;
        let jobs = world.operations().jobs();
        let held = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        world.clock().advance(TimeDelta::seconds(50));
        jobs.heartbeat(held.id, "w", MINUTE).await.unwrap();
        world.clock().advance(TimeDelta::seconds(50));
        assert_eq!(jobs.lease("other", &ALL, MINUTE, limits(4)).await.unwrap(), None);
        jobs.done(held.id, "w").await.unwrap();
    }

    async fn waiting_and_handing_back_are_not_tries(world: World) {
        queue(&world, 1, "").await;
        let jobs = world.operations().jobs();
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
        let jobs = world.operations().jobs();
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
        let held = world.operations().jobs().lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        world.operations().jobs().dead(&held, "w", "the backend says no").await.unwrap();
        assert_eq!(world.operations().jobs().lease("w", &ALL, MINUTE, limits(4)).await.unwrap(), None);
        let staff = world.staff().await;
        let filter = JobFilter { states: vec![JobState::Dead], ..JobFilter::default() };
        let page = jobs.list(&staff, &filter, &PageRequest::default()).await.unwrap();
        assert_eq!(page.items[0].last_error, "the backend says no");
        let owner = world.buyer().await.owner;
        assert_eq!(jobs.try_again(&owner, held.id).await.unwrap_err().kind(), Kind::NotFound);
        jobs.try_again(&staff, held.id).await.unwrap();
        assert!(matches!(jobs.try_again(&staff, held.id).await, Err(JobsError::NotDead)));
        let again = world.operations().jobs().lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!((again.id, again.attempt), (held.id, 1));
    }

    async fn work_that_waits_is_not_queued_again_but_work_that_runs_is(world: World) {
        let jobs = world.operations().jobs();
        assert!(jobs.enqueue(sync(1)).await.unwrap().is_some());
        assert_eq!(jobs.enqueue(sync(1)).await.unwrap(), None);
        let running = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        let second = jobs.enqueue(sync(1)).await.unwrap();
        assert!(second.is_some(), "a change that comes while its job runs makes one more");
        assert_eq!(jobs.enqueue(sync(1)).await.unwrap(), None, "but only one");
        assert_eq!(jobs.lease("v", &ALL, MINUTE, limits(4)).await.unwrap(), None, "which waits for the first");
        jobs.done(running.id, "w").await.unwrap();
        let next = jobs.lease("v", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!(Some(next.id), second);
        jobs.done(next.id, "v").await.unwrap();
    }

    async fn jobs_of_one_serial_key_run_one_after_another_whatever_they_are(world: World) {
        let jobs = world.operations().jobs();
        let resource_id = ResourceId(Uuid::from_u128(1));
        let order = ProvisionOrder { order_id: OrderId(Uuid::from_u128(7)), resource_id };
        jobs.enqueue(NewJob::now(&order).unwrap()).await.unwrap();
        jobs.enqueue(sync(1)).await.unwrap();
        jobs.enqueue(sync(2)).await.unwrap();
        let first = jobs.lease("a", &ALL, SECOND, limits(4)).await.unwrap().unwrap();
        assert_eq!(first.kind, "provision_order");
        let other = jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!(other.read::<SyncMembers>().unwrap().resource_id.0.as_u128(), 2, "another resource");
        assert_eq!(jobs.lease("c", &ALL, MINUTE, limits(4)).await.unwrap(), None);
        world.clock().advance(TimeDelta::seconds(2));
        let taken_over = jobs.lease("c", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        assert_eq!(taken_over.id, first.id, "whose worker vanished goes first");
        jobs.done(first.id, "c").await.unwrap();
        assert_eq!(jobs.lease("c", &ALL, MINUTE, limits(4)).await.unwrap().unwrap().kind, "sync_members");
        world.leaves_jobs();
    }

    async fn a_job_that_comes_back_gives_way_to_the_one_that_came_meanwhile(world: World) {
        let jobs = world.operations().jobs();
        for ending in ["retry", "postpone", "release", "turn"] {
            jobs.enqueue(sync(1)).await.unwrap();
            let blocker = jobs.enqueue(sync(2)).await.unwrap().unwrap();
            let running = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
            let other = jobs.lease("b", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
            assert_eq!(other.id, blocker);
            assert!(jobs.take_backend_slot(&other, "b", "slurm/lab", 1).await.unwrap());
            let newer = jobs.enqueue(sync(1)).await.unwrap().unwrap();
            match ending {
                "retry" => jobs.retry(running.id, "w", MINUTE, "no").await.unwrap(),
                "postpone" => jobs.postpone(running.id, "w", MINUTE).await.unwrap(),
                "release" => jobs.release(running.id, "w").await.unwrap(),
                _ => assert!(!jobs.take_backend_slot(&running, "w", "slurm/lab", 1).await.unwrap()),
            }
            jobs.done(other.id, "b").await.unwrap();
            let next = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
            assert_eq!((next.id, next.attempt), (newer, 1), "{ending}");
            jobs.done(newer, "w").await.unwrap();
            assert!(matches!(jobs.done(running.id, "w").await, Err(JobsError::LeaseLost)), "{ending}");
        }
        assert!(world.pending_jobs().await.is_empty());
    }

    async fn a_change_makes_its_waiting_job_due_but_a_timer_does_not(world: World) {
        let jobs = world.operations().jobs();
        let id = jobs.enqueue(sync(1)).await.unwrap().unwrap();
        let held = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        jobs.retry(held.id, "w", MINUTE * 10, "away").await.unwrap();
        assert_eq!(jobs.enqueue(sync(1).keeping_schedule()).await.unwrap(), None);
        assert_eq!(jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap(), None, "it waits out its time");
        assert_eq!(jobs.enqueue(sync(1)).await.unwrap(), None);
        assert_eq!(jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap().id, id);
        world.leaves_jobs();
    }

    async fn a_dead_letter_is_tried_again_only_where_the_same_does_not_wait(world: World) {
        let jobs = world.domain().jobs();
        world.operations().jobs().enqueue(sync(1)).await.unwrap();
        let held = world.operations().jobs().lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        world.operations().jobs().dead(&held, "w", "broken").await.unwrap();
        assert!(world.operations().jobs().enqueue(sync(1)).await.unwrap().is_some());
        let staff = world.staff().await;
        let refused = jobs.try_again(&staff, held.id).await.unwrap_err();
        assert!(matches!(refused, JobsError::AlreadyWaiting), "{refused:?}");
        world.leaves_jobs();
    }

    async fn housekeeping_leaves_one_letter_when_it_fails_and_nothing_when_it_goes_well(world: World) {
        let jobs = world.operations().jobs();
        let mut letters = Vec::new();
        for _ in 0..3 {
            jobs.enqueue(tidy()).await.unwrap();
            let held = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
            jobs.dead(&held, "w", "no room").await.unwrap();
            letters.push(held.id);
        }
        let left = job::Entity::find().all(world.db()).await.unwrap();
        assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), letters[2..]);
        jobs.enqueue(tidy()).await.unwrap();
        let held = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        jobs.done_without_trace(&held, "w").await.unwrap();
        assert_eq!(job::Entity::find().all(world.db()).await.unwrap(), []);
        assert!(matches!(jobs.done_without_trace(&held, "w").await, Err(JobsError::LeaseLost)));
    }

    async fn many_processes_schedule_once(world: World) {
        let plan = vec![Scheduled { every: MINUTE, job: tidy() }];
        let jobs = world.operations().jobs();
        for round in 0..30 {
            let mut processes = tokio::task::JoinSet::new();
            for _ in 0..8 {
                let (jobs, plan) = (world.second_process().jobs(), plan.clone());
                processes.spawn(async move { jobs.run_schedules(&plan).await.unwrap() });
            }
            let made: u32 = processes.join_all().await.into_iter().sum();
            assert_eq!(made, 1, "round {round}");
            let held = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
            jobs.done_without_trace(&held, "w").await.unwrap();
            assert_eq!(jobs.run_schedules(&plan).await.unwrap(), 0, "not due");
            world.clock().advance(TimeDelta::seconds(60));
        }
    }

    async fn a_schedule_that_is_made_tighter_is_followed_at_once(world: World) {
        let jobs = world.operations().jobs();
        let every = |every| vec![Scheduled { every, job: tidy() }];
        assert_eq!(jobs.run_schedules(&every(MINUTE * 60)).await.unwrap(), 1);
        let held = jobs.lease("w", &ALL, MINUTE, limits(4)).await.unwrap().unwrap();
        jobs.done_without_trace(&held, "w").await.unwrap();
        world.clock().advance(TimeDelta::seconds(61));
        assert_eq!(jobs.run_schedules(&every(MINUTE)).await.unwrap(), 0, "the new time is noted");
        assert_eq!(jobs.run_schedules(&every(MINUTE)).await.unwrap(), 1);
        world.leaves_jobs();
    }

    async fn processes_whose_clocks_differ_agree_on_leases(world: World) {
        if world.db().get_database_backend() != sea_orm::DbBackend::Postgres {
            // SQLite is for one machine, whose clock is everybody's.
            return;
        }
        let process = |ahead: TimeDelta| {
            let cipher = domain::Cipher::new("the secret of a test");
            domain::Operations::new(world.db().clone(), std::sync::Arc::new(AnotherMachine(ahead)), cipher).jobs()
        };
        let (slow, quick) = (process(TimeDelta::hours(-1)), process(TimeDelta::hours(1)));
        quick.enqueue(sync(1)).await.unwrap();
        let held = slow.lease("slow", &ALL, MINUTE, limits(4)).await.unwrap().expect("it is due for everybody");
        assert_eq!(quick.lease("quick", &ALL, MINUTE, limits(4)).await.unwrap(), None, "the lease holds for everybody");
        quick.heartbeat(held.id, "slow", MINUTE).await.unwrap();
        slow.retry(held.id, "slow", Duration::ZERO, "once more").await.unwrap();
        let again = quick.lease("quick", &ALL, MINUTE, limits(4)).await.unwrap().expect("and due again");
        quick.done(again.id, "quick").await.unwrap();
    }

    async fn staff_sees_first_what_needs_a_person(world: World) {
        queue(&world, 6, "").await;
        let jobs = world.domain().jobs();
        let id = |number: u128| JobId(Uuid::from_u128(number));
        // 0 is given up, 1 is done, 2 has lost its worker, 3 is overdue, 4 and 5 are for later.
        let first = world.operations().jobs().lease("w", &ALL, MINUTE, limits(9)).await.unwrap().unwrap();
        world.operations().jobs().dead(&first, "w", "no").await.unwrap();
        let second = world.operations().jobs().lease("w", &ALL, MINUTE, limits(9)).await.unwrap().unwrap();
        world.operations().jobs().done(second.id, "w").await.unwrap();
        assert_eq!(world.operations().jobs().lease("gone", &ALL, SECOND, limits(9)).await.unwrap().unwrap().id, id(2));
        for later in [4, 5] {
            let mut row = row(&world, id(later)).await.into_active_model();
            row.run_at = sea_orm::ActiveValue::Set(world.clock().now() + TimeDelta::hours(1));
            row.update(world.db()).await.unwrap();
        }
        world.clock().advance(TimeDelta::minutes(11));
        let staff = world.staff().await;
        let mut seen = Vec::new();
        let mut request = PageRequest { limit: 2, ..PageRequest::default() };
        loop {
            let page = jobs.list(&staff, &JobFilter::default(), &request).await.unwrap();
            seen.extend(page.items.iter().map(|job| (job.id.0.as_u128(), job.is_stuck)));
            let Some(next) = page.next else { break };
            request.cursor = Some(next);
        }
        assert_eq!(seen, [(3, true), (2, true), (0, false), (5, false), (4, false), (1, false)]);
        world.leaves_jobs();
    }

    async fn committed_jobs_wake_the_workers_of_this_process(world: World) {
        let jobs = world.operations().jobs();
        let sleeper = jobs.clone();
        let work = async { world.operations().jobs().enqueue(tidy()).await.unwrap() };
        let both = async { tokio::join!(sleeper.committed(), work) };
        tokio::time::timeout(Duration::from_secs(5), both).await.expect("it wakes");
        world.leaves_jobs();
    }

    async fn jobs_of_another_process_wake_the_workers_on_postgres(world: World) {
        let is_postgres = world.db().get_database_backend() == sea_orm::DbBackend::Postgres;
        let jobs = world.operations().jobs();
        // The first wait only begins to listen.
        if is_postgres {
            tokio::time::timeout(Duration::from_secs(5), jobs.committed()).await.expect("it listens");
        }
        let other = world.second_process().jobs();
        let work = async { other.enqueue(tidy()).await.unwrap() };
        let limit = if is_postgres { Duration::from_secs(5) } else { Duration::from_millis(200) };
        let both = async { tokio::join!(jobs.committed(), work) };
        assert_eq!(tokio::time::timeout(limit, both).await.is_ok(), is_postgres);
        world.leaves_jobs();
    }
}
