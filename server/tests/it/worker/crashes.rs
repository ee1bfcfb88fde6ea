use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use domain::jobs::{JobsError, Limits};
use model::{JobState, OrderState, Schema};
use plugins::{
    Capabilities, ComponentPreset, ConnectionReport, Outcome, Plugin, PluginError, PluginInfo,
    PluginRegistry, Progress, ResourceRequest, Settings, Verb, fake::FakePlugin,
};
use testkit::{World, both_engines};
use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;
use worker::Worker;

use super::{job, placed};
use crate::portal::{Portal, options};

const LEASE: Duration = Duration::from_secs(30);

/// Goes to work on the real fake and never comes back the first time: the moment at which a process is killed.
struct Sticky {
    fake: Arc<FakePlugin>,
    entered: Notify,
    calls: AtomicU32,
    after: bool,
}

#[async_trait::async_trait]
impl Plugin for Sticky {
    fn describe(&self) -> PluginInfo {
        PluginInfo {
            kind: "sticky",
            title: "Sticky",
            description: "Never comes back.",
            icon: "x",
        }
    }

    fn capabilities(&self) -> &Capabilities {
        self.fake.capabilities()
    }

    fn settings_schema(&self) -> Schema {
        Schema::default()
    }

    fn component_presets(&self) -> Vec<ComponentPreset> {
        Vec::new()
    }

    async fn test_connection(&self, settings: &Settings) -> Result<ConnectionReport, PluginError> {
        self.fake.test_connection(settings).await
    }

    async fn provision(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        let first = self.calls.fetch_add(1, Ordering::SeqCst) == 0;
        if first && !self.after {
            self.entered.notify_one();
            std::future::pending::<()>().await;
        }
        let outcome = self.fake.provision(request, progress).await;
        if first {
            self.entered.notify_one();
            std::future::pending::<()>().await;
        }
        outcome
    }

    async fn change_limits(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        self.fake.change_limits(request, progress).await
    }

    async fn terminate(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        self.fake.terminate(request, progress).await
    }
}

/// A worker is dropped in the middle of the backend's work, as a kill would; another one carries the order out once.
async fn killed(world: World, after: bool) {
    let fake = Arc::new(FakePlugin::new());
    let sticky = Arc::new(Sticky {
        fake: fake.clone(),
        entered: Notify::new(),
        calls: AtomicU32::new(0),
        after,
    });
    let portal = Portal::over(world, vec![sticky.clone()]).await;
    let world = &portal.world;
    let (provider, buyer) = (world.provider().await, world.buyer().await);
    let offering = world
        .offering(&provider)
        .provisioned_by("sticky", Schema::default(), serde_json::json!({}))
        .await;
    let project = world.project(&buyer).await;
    let order = world.order(&buyer.owner, &project, &offering).await;

    let mut process = JoinSet::new();
    let victim = portal.worker("victim");
    process.spawn(async move { victim.run_due().await });
    sticky.entered.notified().await;
    process.shutdown().await;
    assert_eq!(
        job(&portal, "provision_order").await.0,
        JobState::Leased,
        "the lease outlives its worker"
    );
    assert_eq!(world.order_state(order).await, OrderState::Executing);
    assert_eq!(
        portal.worker("heir").run_due().await.unwrap(),
        0,
        "nobody takes a lease that holds"
    );
    world.clock().advance(TimeDelta::seconds(31));
    assert!(portal.worker("heir").run_due().await.unwrap() >= 1);

    let (state, tries, _) = job(&portal, "provision_order").await;
    assert_eq!((state, tries), (JobState::Done, 2));
    assert_eq!(world.order_state(order).await, OrderState::Done);
    assert_eq!(
        fake.objects().len(),
        1,
        "one thing on the backend, whoever made it"
    );
    assert_eq!(portal.operations.verify().run().await.unwrap(), []);
}

both_engines! {
    async fn a_worker_that_dies_before_the_backend_acted_is_succeeded(world: World) {
        killed(world, false).await;
    }

    async fn a_worker_that_dies_after_the_backend_acted_is_succeeded(world: World) {
        killed(world, true).await;
    }

    async fn who_lost_the_lease_cannot_end_the_job(portal: Portal) {
        placed(&portal).await;
        let jobs = portal.operations.jobs();
        let kinds = ["provision_order"];
        let limits = Limits { per_backend: 4 };
        let slow = jobs.lease("slow", &kinds, LEASE, limits).await.unwrap().unwrap();
        portal.world.clock().advance(TimeDelta::seconds(31));
        let quick = jobs.lease("quick", &kinds, LEASE, limits).await.unwrap().unwrap();
        assert_eq!((quick.id, quick.attempt), (slow.id, 2));
        for lost in [
            jobs.done(slow.id, "slow").await,
            jobs.heartbeat(slow.id, "slow", LEASE).await,
            jobs.dead(&slow, "slow", "x").await,
        ] {
            assert!(matches!(lost, Err(JobsError::LeaseLost)), "{lost:?}");
        }
        jobs.release(quick.id, "quick").await.unwrap();
        portal.work().await;
        assert_eq!(job(&portal, "provision_order").await.0, JobState::Done);
    }

    async fn a_job_that_kills_every_worker_is_given_up(portal: Portal) {
        let placed = placed(&portal).await;
        let jobs = portal.operations.jobs();
        let limits = Limits { per_backend: 4 };
        let mut tries = 0;
        while let Some(job) = jobs.lease("victim", &["provision_order"], LEASE, limits).await.unwrap() {
            tries = job.attempt;
            portal.world.clock().advance(TimeDelta::seconds(31));
            if job.attempt == job.max_attempts {
                break;
            }
        }
        portal.work().await;
        let (state, _, error) = job(&portal, "provision_order").await;
        assert_eq!(state, JobState::Dead, "after {tries} tries nobody came back from");
        assert!(!error.is_empty());
        assert!(portal.fake.calls().is_empty(), "it is not tried once more");
        assert_eq!(portal.world.order_state(placed.order).await, OrderState::Erred);
    }

    async fn two_workers_do_each_job_once(portal: Portal) {
        let world = &portal.world;
        let placed = placed(&portal).await;
        for _ in 0..11 {
            world.order(&placed.buyer.owner, &placed.project, &placed.offering).await;
        }
        world.clock().advance(TimeDelta::seconds(1));
        let stop = CancellationToken::new();
        let mut running = JoinSet::new();
        for name in ["one", "two"] {
            let worker = Worker::new(world.second_process(), Arc::new(one(&portal)), name.into(), options());
            let stop = stop.clone();
            running.spawn(worker.run(stop));
        }
        for _ in 0..200 {
            if world.pending_jobs().await.iter().all(|job| job.kind != "provision_order") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        stop.cancel();
        while running.join_next().await.is_some() {}
        let calls: Vec<_> = portal.fake.calls().into_iter().map(|call| call.verb).collect();
        let made = calls.iter().filter(|verb| **verb == Verb::Provision).count();
        assert_eq!(made, 12, "{calls:?}");
        // What is made learns its members afterwards, as far as the workers came before they stopped.
        assert!(calls.iter().all(|verb| matches!(verb, Verb::Provision | Verb::SyncMembers)), "{calls:?}");
        assert_eq!(portal.fake.objects().len(), 12);
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }
}

fn one(portal: &Portal) -> PluginRegistry {
    let fake: Arc<dyn Plugin> = portal.fake.clone();
    PluginRegistry::of([fake])
}
