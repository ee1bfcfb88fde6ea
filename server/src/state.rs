//! Builds what the process runs on: database, services, plugins. The composition root below the router and the worker.

use std::sync::Arc;

use anyhow::Context;
use axum::extract::FromRef;
use domain::{Cipher, Clock, Domain, Operations, SystemClock};
use leptos::config::LeptosOptions;
use migrations::{Migrator, MigratorTrait};
use model::PluginFacts;
use plugins::{
    Plugin, PluginRegistry,
    instant::InstantPlugin,
    manual::ManualPlugin,
    slurm::{SlurmHost, SlurmPlugin},
};
use sea_orm::DatabaseConnection;

use crate::{
    config::{Config, SlurmConfig},
    files::Streams,
    http::rates::{LogLines, Rates},
    private_files,
};

/// What handlers take from the router.
#[derive(Clone, FromRef)]
pub(crate) struct AppState {
    pub(crate) domain: Domain,
    pub(crate) leptos: LeptosOptions,
    pub(crate) plugins: Arc<[PluginFacts]>,
    pub(crate) public_url: Arc<str>,
    pub(crate) shows: app::ssr::Shows,
    pub(crate) streams: Streams,
    /// How often an address may ask the API without a token.
    pub(crate) anonymous: Rates,
    /// Tells the log of tokens that are refused.
    #[from_ref(skip)]
    pub(crate) refused_tokens: LogLines,
    /// Tells the log of what the API was sent and does not describe.
    #[from_ref(skip)]
    pub(crate) undescribed: LogLines,
}

/// Connects; where that fails, the error says to which file or host.
pub(crate) async fn database(config: &Config, connections: u32) -> anyhow::Result<DatabaseConnection> {
    private_files::close(config)?;
    let url = &config.storage.database_url;
    domain::connect::connect(url.reveal(), connections)
        .await
        .with_context(|| format!("{} cannot be reached", url.place()))
}

/// Connects with the time-outs that changing the schema needs.
pub(crate) async fn database_to_migrate(config: &Config) -> anyhow::Result<DatabaseConnection> {
    private_files::close(config)?;
    let url = &config.storage.database_url;
    domain::connect::connect_to_migrate(url.reveal())
        .await
        .with_context(|| format!("{} cannot be reached", url.place()))
}

/// Connects and builds the services; the schema must be up to date, or `migrate` is set.
pub(crate) async fn open(config: &Config, migrate: bool) -> anyhow::Result<Operations> {
    let file = config.storage.sqlite_file();
    if let Some(file) = file.filter(|file| !migrate && !file.exists()) {
        anyhow::bail!(
            "there is no database at {} yet: run `stoa migrate`",
            file.display()
        );
    }
    let db = database(config, config.storage.max_connections).await?;
    let place = || config.storage.database_url.place();
    if migrate {
        let database = database_to_migrate(config).await?;
        Migrator::up(&database, None)
            .await
            .with_context(|| format!("the schema of {} cannot be brought up to date", place()))?;
        database.close().await?;
    } else {
        let pending = Migrator::get_pending_migrations_read_only(&db)
            .await
            .with_context(|| format!("the schema of {} cannot be read", place()))?;
        anyhow::ensure!(
            pending.is_empty(),
            "the schema of {} is {} step(s) behind: run `stoa migrate`",
            place(),
            pending.len()
        );
    }
    let operations = services(config, db, Arc::new(SystemClock))?;
    operations.check_secret_key().await.with_context(|| {
        format!(
            "the secret key ({}) cannot be used: start with the key that the secrets of this database are sealed with; while \
             keys are changed, STOA_PREVIOUS_SECRET_KEY takes the one before",
            config.secret_key.describe()
        )
    })?;
    Ok(operations)
}

/// The services under another clock, for content of the past.
pub(crate) async fn open_at(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Operations> {
    let db = database(config, config.storage.max_connections).await?;
    services(config, db, clock)
}

fn services(config: &Config, db: DatabaseConnection, clock: Arc<dyn Clock>) -> anyhow::Result<Operations> {
    let key = config.secret_key.reveal().with_context(|| {
        format!(
            "the secret key {} cannot be read or made",
            config.secret_key.describe()
        )
    })?;
    let cipher = Cipher::new(&key);
    let cipher = match &config.previous_secret_key.0 {
        Some(previous) => cipher.after(previous),
        None => cipher,
    };
    Ok(Operations::new(db, clock, cipher).judging_addresses(config.outgoing.rule()?))
}

/// Every plugin that this build has.
pub(crate) fn registry(config: &SlurmConfig) -> PluginRegistry {
    let host = SlurmHost {
        bin_dir: config.bin_dir.clone(),
        conf: config.conf.clone(),
        timeout: config.timeout,
    };
    let all: [Arc<dyn Plugin>; 3] = [
        Arc::new(SlurmPlugin::new(host)),
        Arc::new(InstantPlugin::new()),
        Arc::new(ManualPlugin::new()),
    ];
    PluginRegistry::of(all)
}
