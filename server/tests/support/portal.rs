//! The whole portal in the test's own process: router, services, worker, on a free port, over a world's database.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use domain::{Actor, Cipher, Clock, Operations};
use metrics_exporter_prometheus::PrometheusBuilder;
use model::TokenScope;
use plugins::{Plugin, PluginRegistry, fake::FakePlugin, instant::InstantPlugin, manual::ManualPlugin};
use server::{ConnectionLimits, Edge, HttpConfig, serve_connections};
use testkit::{Engine, Fixture, World};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;
use worker::{Worker, WorkerOptions};

use crate::api::{Api, Browser};

/// Good enough for every person of a test.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// So wide that no test meets them by chance; those about them set their own.
const CONNECTIONS: ConnectionLimits = ConnectionLimits {
    at_once: 10_000,
    of_one_address: 10_000,
    silence: Duration::from_hours(1),
};

/// A served portal. Jobs that a test leaves are its own business.
pub(crate) struct Portal {
    // Declared first: serving ends before the database goes.
    _serving: JoinSet<()>,
    pub(crate) base: String,
    pub(crate) fake: Arc<FakePlugin>,
    pub(crate) registry: Arc<PluginRegistry>,
    /// The services behind the served portal; they count their statements.
    pub(crate) operations: Operations,
    statements: Arc<AtomicUsize>,
    pub(crate) world: World,
}

impl Fixture for Portal {
    async fn on(engine: Engine) -> Self {
        Self::over(World::on(engine).await, Vec::new()).await
    }
}

impl Portal {
    /// Serves the world, with further plugins beside those that need no backend.
    pub(crate) async fn over(world: World, further: Vec<Arc<dyn Plugin>>) -> Self {
        Self::configured(world, further, |_| {}).await
    }

    /// Serves the world with what `change` makes of the usual configuration: another name, through a proxy, narrow bounds.
    pub(crate) async fn configured(
        world: World,
        further: Vec<Arc<dyn Plugin>>,
        change: impl FnOnce(&mut HttpConfig),
    ) -> Self {
        world.leaves_jobs();
        let fake = Arc::new(FakePlugin::new());
        let usual: [Arc<dyn Plugin>; 3] = [
            fake.clone(),
            Arc::new(InstantPlugin::new()),
            Arc::new(ManualPlugin::new()),
        ];
        let registry = Arc::new(PluginRegistry::of(usual.into_iter().chain(further)));
        let (operations, statements) = counting(&world);
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .await
            .unwrap();
        let listen = listener.local_addr().unwrap();
        let base = format!("http://{listen}");
        let mut http = HttpConfig {
            listen,
            public_url: base.clone(),
            session_hours: 12,
            session_lifetime_hours: 168,
            proxy_hops: 0,
            public_demo: false,
            allow_plain_http: false,
            design_page: true,
            metrics_token: Some("the token of the metrics".into()),
            metrics_listen: None,
            connections: CONNECTIONS,
            body_within: Duration::from_hours(1),
            posts_per_minute: 0,
            anonymous_reads_per_minute: 0,
            anonymous_page_reads_per_minute: 0,
        };
        change(&mut http);
        let connections = http.connections;
        let edge = Edge {
            operations: operations.clone(),
            plugins: registry.facts().into(),
            http,
            metrics: Arc::new(PrometheusBuilder::new().build_recorder().handle()),
            build: "test".into(),
            tasks: tokio_util::task::TaskTracker::new(),
            demo: false,
            stop: CancellationToken::new(),
        };
        let serve = serve_connections(listener, edge.router(), connections, CancellationToken::new());
        let mut serving = JoinSet::new();
        serving.spawn(serve);
        Self {
            _serving: serving,
            base,
            fake,
            registry,
            operations,
            statements,
            world,
        }
    }

    /// The API as this person, with a token that may do everything the person may.
    pub(crate) async fn api(&self, actor: &Actor) -> Api {
        self.api_within(actor, TokenScope::ALL).await
    }

    /// The API as this person, with a token of these scopes.
    pub(crate) async fn api_within(&self, actor: &Actor, scopes: &[TokenScope]) -> Api {
        let until = self.world.clock().now() + TimeDelta::days(300);
        let made = self
            .world
            .operations()
            .accounts()
            .issue_token(actor, "test", scopes, until)
            .await;
        Api::new(&self.base, &made.unwrap().1)
    }

    /// A browser in which this person has signed in.
    pub(crate) async fn browser(&self, actor: &Actor) -> Browser {
        self.world
            .operations()
            .accounts()
            .set_password(actor.user_id, PASSWORD)
            .await
            .unwrap();
        let browser = Browser::new(&self.base);
        let answer = browser
            .post("/fn/sign_in", &[("email", &actor.email), ("password", PASSWORD)])
            .await;
        assert_eq!(answer.status, 302, "{}", answer.text);
        assert!(
            !answer.header("location").contains("sign-in"),
            "signed in: {answer:?}"
        );
        browser
    }

    /// A worker of its own name over the world's database, a second later, because a test's clock stands still.
    pub(crate) fn worker(&self, name: &str) -> Worker {
        self.world.clock().advance(TimeDelta::seconds(1));
        Worker::new(
            self.world.second_process(),
            self.registry.clone(),
            name.into(),
            options(),
        )
    }

    /// Runs every job that is due.
    pub(crate) async fn work(&self) -> u32 {
        let count = self.worker("test").run_due().await.unwrap();
        self.world.clock().advance(TimeDelta::seconds(1));
        count
    }

    /// How many statements the served portal makes during `work`.
    pub(crate) async fn statements<T>(&self, work: impl Future<Output = T>) -> (usize, T) {
        let before = self.statements.load(Ordering::SeqCst);
        let done = work.await;
        (self.statements.load(Ordering::SeqCst) - before, done)
    }
}

pub(crate) fn options() -> WorkerOptions {
    WorkerOptions {
        concurrency: 4,
        per_backend: 4,
        lease: Duration::from_secs(30),
        usage_every: Duration::from_hours(1),
        fonts: documents::ScriptFonts::default(),
        outgoing: asking(),
    }
}

/// What asks addresses that people gave: those of this machine, too, where receivers of tests listen.
fn asking() -> outgoing::Client {
    let settings = outgoing::Settings {
        allowed: outgoing::AllowedHosts::parse(["http://127.0.0.1"]).unwrap(),
        ..outgoing::Settings::default()
    };
    outgoing::Client::new(settings).unwrap()
}

fn counting(world: &World) -> (Operations, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let mut db = world.db().clone();
    let seen = Arc::clone(&count);
    db.set_metric_callback(move |_| {
        seen.fetch_add(1, Ordering::SeqCst);
    });
    (
        Operations::new(
            db,
            Arc::new(world.clock().clone()),
            Cipher::new("the secret of a test"),
        )
        .judging_addresses(Arc::new(testkit::OverTls)),
        count,
    )
}
