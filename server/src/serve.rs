//! `stoa serve` and `stoa work`: start, run, and stop so that nothing is lost.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use domain::Operations;
use metrics_exporter_prometheus::PrometheusHandle;
use rand::distr::{Alphanumeric, SampleString};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use worker::{Worker, WorkerOptions};

use crate::{
    cli::ServeArgs,
    config::Config,
    connections::serve_connections,
    http::{assets, health},
    one_process::OneProcess,
    open_files,
    router::Edge,
    state, telemetry,
};

/// How long running requests may take to end once the process is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves the portal until the process is told to stop.
pub(crate) async fn serve(config: Config, args: ServeArgs) -> anyhow::Result<()> {
    let metrics = Arc::new(telemetry::start_metrics()?);
    let _alone = OneProcess::begin(&config.storage)?;
    let operations = state::open(&config, args.migrate).await?;
    let demo = operations.is_demo().await?;
    refuse_public_demo(&config, demo)?;
    refuse_plain_http(&config)?;
    let (tasks, stop) = (TaskTracker::new(), stop_signal()?);
    serve_metrics(&config, &operations, Arc::clone(&metrics), &tasks, &stop).await?;
    let registry = Arc::new(state::registry(&config.slurm));
    let build = assets::build_id().context("this build has no assets: run `cargo xtask build`")?;
    let edge = Edge {
        operations: operations.clone(),
        plugins: registry.facts().into(),
        http: config.http.clone(),
        metrics,
        build,
        tasks: tasks.clone(),
        demo,
        stop: stop.clone(),
    };
    if config.http.is_tls() && config.http.proxy_hops == 0 {
        tracing::warn!(
            "people come over TLS, so through a proxy, but `proxy_hops` is 0: for rates and throttling all of them count as one address"
        );
    }
    open_files::raise_limit(config.http.connections.at_once);
    if config.work.in_server && !args.no_work {
        let worker = Worker::new(operations, registry, worker_name(), worker_options(&config)?);
        let stop = stop.clone();
        tasks.spawn(async move { worker.run(stop).await });
    }
    let listener = TcpListener::bind(config.http.listen)
        .await
        .with_context(|| format!("{} cannot be listened on", config.http.listen))?;
    tracing::info!(http.address = %listener.local_addr()?, http.public_url = config.http.public_url, "serving");
    let serving = serve_connections(listener, edge.router(), config.http.connections, stop.clone());
    tokio::select! {
        () = serving => {}
        () = overdue(&stop) => tracing::warn!("some requests did not end in time and were cut off"),
    }
    stop.cancel();
    tasks.close();
    tasks.wait().await;
    tracing::info!("stopped");
    Ok(())
}

/// A demonstration has people whose password everybody knows, staff among them. Beyond this machine it is served only to who
/// says it twice: by the address, and by the setting.
fn refuse_public_demo(config: &Config, demo: bool) -> anyhow::Result<()> {
    let listen = config.http.listen;
    anyhow::ensure!(
        !demo || listen.ip().is_loopback() || config.http.public_demo,
        "this database holds the demonstration, whose passwords everybody knows, and {listen} can be reached from other \
         machines; set STOA_PUBLIC_DEMO=true as well if that is meant"
    );
    Ok(())
}

/// Without TLS anybody on the way reads passwords and takes over sessions. Beyond this machine that is served only to who says
/// it twice: by the address, and by the setting.
fn refuse_plain_http(config: &Config) -> anyhow::Result<()> {
    let http = &config.http;
    anyhow::ensure!(
        http.is_tls() || http.listen.ip().is_loopback() || http.allow_plain_http,
        "{} can be reached from other machines, and {} is without TLS, so anybody on the way could read passwords; put a proxy \
         in front that speaks TLS and set STOA_PUBLIC_URL to its https address, or set STOA_ALLOW_PLAIN_HTTP=true as well if \
         that is meant",
        http.listen,
        http.public_url
    );
    Ok(())
}

/// Serves `/metrics` on a listener of its own, where one is configured.
async fn serve_metrics(
    config: &Config,
    operations: &Operations,
    metrics: Arc<PrometheusHandle>,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let Some(address) = config.http.metrics_listen else {
        return Ok(());
    };
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} cannot be listened on for metrics"))?;
    let router = health::metrics_routes(operations.clone(), metrics);
    tasks.spawn(serve_connections(
        listener,
        router,
        config.http.connections,
        stop.clone(),
    ));
    Ok(())
}

/// Works jobs until the process is told to stop.
pub(crate) async fn work(config: Config) -> anyhow::Result<()> {
    let _alone = OneProcess::begin(&config.storage)?;
    let operations = state::open(&config, false).await?;
    let registry = Arc::new(state::registry(&config.slurm));
    let stop = stop_signal()?;
    Worker::new(operations, registry, worker_name(), worker_options(&config)?)
        .run(stop)
        .await;
    Ok(())
}

/// Tells this process's leases from those of all others, past and present.
fn worker_name() -> String {
    let salt = Alphanumeric.sample_string(&mut rand::rng(), 8);
    format!("{}-{salt}", std::process::id())
}

fn worker_options(whole: &Config) -> anyhow::Result<WorkerOptions> {
    let config = &whole.work;
    Ok(WorkerOptions {
        concurrency: config.concurrency,
        per_backend: config.per_backend,
        lease: config.lease,
        usage_every: config.usage_every,
        fonts: whole.storage.fonts(),
        outgoing: whole.outgoing.client()?,
    })
}

async fn overdue(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(GRACE).await;
}

/// Ends when the process is told to stop, by a person or by its supervisor.
fn stop_signal() -> anyhow::Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let stop = CancellationToken::new();
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let told = stop.clone();
    TaskTracker::new().spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("told to stop");
        told.cancel();
    });
    Ok(stop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_tls_it_leaves_the_machine_only_when_told_twice() {
        let refuse = |settings: &[(&str, &str)]| refuse_plain_http(&Config::of(settings).unwrap());
        let open = ("listen", "0.0.0.0:8080");
        let refused = refuse(&[open]).unwrap_err().to_string();
        assert!(
            refused.contains("STOA_ALLOW_PLAIN_HTTP") && refused.contains("http://0.0.0.0:8080"),
            "{refused}"
        );
        refuse(&[open, ("public_url", "http://portal.example.org")]).unwrap_err();
        refuse(&[open, ("public_url", "https://portal.example.org")]).unwrap();
        refuse(&[open, ("allow_plain_http", "true")]).unwrap();
        refuse(&[("listen", "[::1]:8080")]).unwrap();
        refuse(&[]).unwrap();
    }

    #[test]
    fn a_demonstration_leaves_the_machine_only_when_told_twice() {
        let config = |settings: &[(&str, &str)]| Config::of(settings).unwrap();
        let open = ("listen", "0.0.0.0:8080");
        let refused = refuse_public_demo(&config(&[open]), true)
            .unwrap_err()
            .to_string();
        assert!(refused.contains("STOA_PUBLIC_DEMO"), "{refused}");
        refuse_public_demo(&config(&[open]), false).unwrap();
        refuse_public_demo(&config(&[open, ("public_demo", "true")]), true).unwrap();
        refuse_public_demo(&config(&[("listen", "[::1]:8080")]), true).unwrap();
    }
}
