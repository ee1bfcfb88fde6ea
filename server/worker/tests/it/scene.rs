//! A resource on a backend in memory, the people around it, and a worker.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::{Actor, actions::Wish, catalogue::SentValues};
use model::{ActionId, ActionState, JobState, PluginFacts, ResourceAction, ResourceActions, ResourceId};
use plugins::{Plugin, PluginRegistry, fake::FakePlugin};
use serde_json::Value as Json;
use testkit::{Offering, Project, World};
use worker::{Worker, WorkerOptions};

pub(crate) struct Scene<'w> {
    pub(crate) world: &'w World,
    pub(crate) fake: Arc<FakePlugin>,
    registry: Arc<PluginRegistry>,
    pub(crate) offering: Offering,
    pub(crate) project: Project,
    pub(crate) owner: Actor,
    pub(crate) member: Actor,
    pub(crate) resource: ResourceId,
    pub(crate) plugins: Vec<PluginFacts>,
}

impl<'w> Scene<'w> {
    pub(crate) async fn of(world: &'w World) -> Self {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let member = world.member(&project).await;
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        world.leaves_jobs();
        let fake = Arc::new(FakePlugin::new());
        let known: [Arc<dyn Plugin>; 1] = [fake.clone()];
        let registry = Arc::new(PluginRegistry::of(known));
        Self {
            world,
            fake,
            plugins: registry.facts(),
            registry,
            offering,
            project,
            owner: buyer.owner,
            member,
            resource,
        }
    }

    /// A worker of its own name, with so many jobs at once on one backend.
    pub(crate) fn worker(&self, per_backend: u32) -> Worker {
        let options = WorkerOptions {
            concurrency: 2,
            per_backend,
            lease: Duration::from_secs(30),
            usage_every: Duration::from_hours(1),
            fonts: documents::ScriptFonts::default(),
            outgoing: outgoing::Client::new(outgoing::Settings::default()).unwrap(),
        };
        Worker::new(
            self.world.second_process(),
            self.registry.clone(),
            "test".into(),
            options,
        )
    }

    /// Runs every job that is due after some time.
    pub(crate) async fn work_after(&self, time: TimeDelta) -> u32 {
        self.world.clock().advance(time);
        self.worker(4).run_due().await.unwrap()
    }

    /// Runs every job that is due.
    pub(crate) async fn work(&self) -> u32 {
        self.work_after(TimeDelta::seconds(1)).await
    }

    /// A member asks for an action.
    pub(crate) async fn ask(&self, key: &str, input: Json) -> ActionId {
        let wish = Wish {
            key: key.into(),
            input: SentValues::Json(input),
        };
        let actions = self.world.domain().actions();
        let asked = actions.ask(&self.member, self.resource, wish, (&self.plugins, None));
        asked.await.unwrap()
    }

    pub(crate) async fn shown(&self, id: ActionId) -> ResourceAction {
        let actions = self.world.domain().actions();
        actions.one(&self.member, id).await.unwrap()
    }

    /// State and words.
    pub(crate) async fn end_of(&self, id: ActionId) -> (ActionState, String) {
        let shown = self.shown(id).await;
        (shown.state, shown.message)
    }

    pub(crate) async fn offered(&self) -> ResourceActions {
        let actions = self.world.domain().actions();
        let offered = actions.of_resource(&self.member, self.resource, &self.plugins);
        offered.await.unwrap()
    }

    /// Kinds of the jobs that are not over.
    pub(crate) async fn waiting(&self) -> Vec<(String, JobState)> {
        let jobs = self.world.pending_jobs().await;
        jobs.into_iter().map(|job| (job.kind, job.state)).collect()
    }
}
