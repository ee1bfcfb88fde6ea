//! The routes: pages and forms of the portal, the API, files, events, health; and the layers around them.

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use chrono::TimeDelta;
use domain::Operations;
use leptos::config::{Env, LeptosOptions};
use leptos_axum::{LeptosRoutes, generate_route_list};
use metrics_exporter_prometheus::PrometheusHandle;
use model::PluginFacts;
use std::{net::SocketAddr, sync::Arc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
};

use crate::{
    config::HttpConfig,
    files,
    http::{
        address, assets, bodies, client_address, headers, health, origin, page_tasks, rates, refusals,
        run_to_end, sign_ins, statuses, trace,
    },
    rest,
    state::AppState,
    watching::Watching,
};

/// Lines of the log about one address in a minute, of each kind.
const LINES: u32 = 60;

/// What the process answers with over HTTP.
pub struct Edge {
    /// The services.
    pub operations: Operations,
    /// The plugins that offerings can use.
    pub plugins: Arc<[PluginFacts]>,
    /// How the portal is reached.
    pub http: HttpConfig,
    /// What `/metrics` renders.
    pub metrics: Arc<PrometheusHandle>,
    /// Names the folder of this build's assets.
    pub build: String,
    /// Holds requests that change something until they are done.
    pub tasks: TaskTracker,
    /// Whether the content is a demonstration, which every page says.
    pub demo: bool,
    /// Ends live pages, which would go on.
    pub stop: CancellationToken,
}

impl Edge {
    /// Pages, forms, API, files and health, with all layers.
    pub fn router(self) -> Router {
        let lifetime = TimeDelta::hours(self.http.session_lifetime_hours.into());
        let watching = Watching::begin(self.operations.clone(), lifetime, &self.tasks, self.stop);
        let state = AppState {
            domain: self.operations.domain().clone(),
            leptos: leptos_options(&self.build, self.http.listen),
            plugins: self.plugins,
            public_url: self.http.public_url.as_str().into(),
            shows: app::ssr::Shows {
                demo: self.demo,
                design: self.http.design_page,
            },
            anonymous: rates::Rates::per_minute(
                self.http.anonymous_reads_per_minute,
                "too much was asked of the API without a token",
            ),
            refused_tokens: rates::LogLines::per_minute(LINES, "a token was refused"),
            undescribed: rates::LogLines::per_minute(LINES, "what is not described was sent to the API"),
            streams: files::Streams::new(watching, lifetime),
        };
        let health = health::routes(self.operations, self.metrics, self.http.metrics_token.as_deref());
        router(state, health, &self.http, self.tasks)
    }
}

fn leptos_options(build: &str, listen: SocketAddr) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name("portal")
        .site_root("site")
        .site_pkg_dir(format!("pkg/{build}"))
        .site_addr(listen)
        .env(Env::PROD)
        .build()
}

fn router(state: AppState, health: Router, config: &HttpConfig, tasks: TaskTracker) -> Router {
    let hops = client_address::ProxyHops(config.proxy_hops);
    let rates = rates::Rates::per_minute(config.posts_per_minute, "too much was sent");
    let visitors = rates::Rates::per_minute(
        config.anonymous_page_reads_per_minute,
        "too many pages were read without being signed in",
    );
    let stylesheet: Arc<str> = format!("/{}/portal.css", state.leptos.site_pkg_dir).into();
    let origin = origin::PublicOrigin(config.public_url.clone());
    let session = auth::SessionOptions {
        secure: config.is_tls(),
        hours: config.session_hours,
        lifetime_hours: config.session_lifetime_hours,
    };
    let portal = portal(&state)
        .merge(files::routes())
        .layer(from_fn(statuses::of_refusals))
        .layer(from_fn(app::ssr::read_form))
        .layer(from_fn_with_state(visitors, rates::limit_visitors))
        .layer(auth::session_layer(&state.domain, session))
        .layer(from_fn(app::ssr::queue_large_forms))
        .layer(from_fn(app::ssr::refuse_other_bodies))
        .layer(from_fn_with_state(sign_ins::SignIns::default(), sign_ins::limit))
        .layer(from_fn_with_state(origin, origin::refuse_foreign_posts));
    let packed = DefaultPredicate::new().and(NotForContentType::new("text/event-stream"));
    Router::new()
        .merge(portal)
        .merge(rest::router(&state))
        .layer(CompressionLayer::new().compress_when(packed))
        .merge(files_of_the_portal())
        .with_state(state)
        .merge(health)
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(tasks, run_to_end::run_to_end))
        .layer(from_fn_with_state(config.body_within, bodies::read_whole))
        .layer(from_fn_with_state(rates, rates::limit))
        .layer(from_fn_with_state(hops, client_address::note))
        .layer(from_fn(address::refuse_unreadable))
        .layer(from_fn_with_state(stylesheet, refusals::dress))
        .layer(from_fn_with_state(headers::Tls(config.is_tls()), headers::harden))
        .layer(from_fn_with_state(hops, trace::follow))
}

/// The pages, and the server functions that they call and post to.
fn portal(state: &AppState) -> Router<AppState> {
    page_tasks::follow_requests();
    let routes = generate_route_list(app::App);
    let context = {
        let portal = app::ssr::Portal {
            domain: state.domain.clone(),
            plugins: state.plugins.clone(),
            public_url: state.public_url.clone(),
            openapi: Arc::new(rest::description()),
            formatter: Arc::default(),
            shows: state.shows,
        };
        move || leptos::context::provide_context(portal.clone())
    };
    let shell = {
        let options = state.leptos.clone();
        move || app::shell(options.clone())
    };
    Router::new()
        .leptos_routes_with_context(state, routes, context.clone(), shell.clone())
        .fallback(leptos_axum::file_and_error_handler_with_context::<AppState, _>(
            context,
            app::shell,
        ))
}

fn files_of_the_portal() -> Router<AppState> {
    let mut files = Router::new().route("/pkg/{*path}", get(assets::package));
    for name in assets::public_files() {
        files = files.route(&format!("/{name}"), get(assets::public));
    }
    files
}
