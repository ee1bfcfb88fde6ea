//! Builds what the process runs on: database, services, plugins. The composition root below the router and the worker.

use std::sync::Arc;

use anyhow::Context;
use axum::extract::FromRef;
use domain::{Domain, clock::SystemClock, crypto::Cipher};
use leptos::config::LeptosOptions;
use metrics_exporter_prometheus::PrometheusHandle;
use migrations::{Migrator, MigratorTrait};
use model::{PluginFacts, PresetFacts};
use plugins::{
    Plugin, PluginRegistry, Power,
    instant::InstantPlugin,
    manual::ManualPlugin,
    slurm::{SlurmHost, SlurmPlugin},
};

use crate::config::{Config, SlurmConfig};

/// What handlers take from the router.
#[derive(Clone, FromRef)]
pub(crate) struct AppState {
    pub(crate) domain: Domain,
    pub(crate) leptos: LeptosOptions,
    pub(crate) metrics: Arc<PrometheusHandle>,
    pub(crate) plugins: Arc<[PluginFacts]>,
    pub(crate) public_url: Arc<str>,
}

/// Connects and builds the services; the schema must be up to date, or `migrate` is set.
pub(crate) async fn open(config: &Config, migrate: bool) -> anyhow::Result<Domain> {
    std::fs::create_dir_all(&config.storage.data_dir)
        .with_context(|| format!("the data folder {} cannot be made", config.storage.data_dir.display()))?;
    let db = domain::connect::connect(config.storage.database_url.reveal(), config.storage.max_connections)
        .await
        .context("the database cannot be reached")?;
    if migrate {
        Migrator::up(&db, None).await.context("the schema cannot be brought up to date")?;
    } else {
        let pending = Migrator::get_pending_migrations(&db).await.context("the schema cannot be read")?;
        anyhow::ensure!(pending.is_empty(), "the schema is {} step(s) behind: run `stoa migrate`", pending.len());
    }
    let key = config.secret_key.reveal().context("the secret key cannot be read or made")?;
    Ok(Domain::new(db, Arc::new(SystemClock), Cipher::new(&key)))
}

/// Every plugin that this build has.
pub(crate) fn registry(config: &SlurmConfig) -> PluginRegistry {
    let host = SlurmHost { bin_dir: config.bin_dir.clone(), conf: config.conf.clone(), timeout: config.timeout };
    let all: [Arc<dyn Plugin>; 3] =
        [Arc::new(SlurmPlugin::new(host)), Arc::new(InstantPlugin), Arc::new(ManualPlugin)];
    PluginRegistry::of(all)
}

/// The plugins as the portal shows them.
pub(crate) fn plugin_facts(registry: &PluginRegistry) -> Arc<[PluginFacts]> {
    registry.iter().map(|plugin| facts(plugin.as_ref())).collect()
}

fn facts(plugin: &dyn Plugin) -> PluginFacts {
    let info = plugin.describe();
    let components = plugin.component_presets().into_iter().map(|preset| PresetFacts {
        code: preset.code.to_owned(),
        name: preset.name.to_owned(),
        unit: preset.unit.to_owned(),
        description: preset.description.to_owned(),
        charges: preset.charges.to_vec(),
    });
    let settings = plugin.settings_schema();
    PluginFacts {
        kind: info.kind.to_owned(),
        title: info.title.to_owned(),
        description: info.description.to_owned(),
        by_hand: settings.fields.is_empty(),
        settings,
        components: components.collect(),
        changes_limits: plugin.capabilities().can(Power::ChangeLimits),
    }
}
