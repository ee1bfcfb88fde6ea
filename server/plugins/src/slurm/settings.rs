//! What a provider fills in for a SLURM offering, and its strict reading: these texts become parts of arguments in which
//! commas and equals signs have a meaning.

use model::attributes::{Field, FieldKind, Schema};

use crate::{PluginError, Settings};

/// The key of the cluster's name.
pub(super) const CLUSTER: &str = "cluster";
const PARENT: &str = "parent_account";
const PREFIX: &str = "account_prefix";
const QOS: &str = "default_qos";
const PARTITION: &str = "partition";
const GPU: &str = "gpu_tres";

/// The settings of an offering, checked.
#[derive(Debug, Clone)]
pub(super) struct ClusterSettings {
    pub(super) cluster: String,
    pub(super) parent: String,
    pub(super) prefix: String,
    pub(super) qos: Option<String>,
    pub(super) partition: Option<String>,
    /// The trackable resource that counts graphics processors, `gres/gpu` as a rule.
    pub(super) gpu: String,
}

/// The form for [`ClusterSettings`].
pub(super) fn schema() -> Schema {
    let line = |max| FieldKind::String {
        min_length: None,
        max_length: Some(max),
    };
    Schema {
        fields: vec![
            Field::new(CLUSTER, "Cluster", line(40))
                .required()
                .help("The cluster's name as `sacctmgr show cluster` lists it."),
            Field::new(PARENT, "Parent account", line(40))
                .default_value("root")
                .help("The account under which each organization gets its own. It must exist."),
            Field::new(PREFIX, "Account prefix", line(16))
                .default_value("stoa")
                .help("Every account the portal makes starts with it. Small letters, digits and hyphens."),
            Field::new(QOS, "Default QOS", line(40))
                .help("The quality of service of jobs that name none. Leave it empty for the cluster's own default."),
            Field::new(PARTITION, "Partition", line(40))
                .help("Members may submit to this partition only. Leave it empty for all partitions."),
            Field::new(GPU, "How GPUs are counted", line(60)).default_value("gres/gpu").help(
                "The name of the trackable resource, for example gres/gpu or gres/gpu:a100. The cluster must track it \
                 (AccountingStorageTRES).",
            ),
        ],
    }
}

impl ClusterSettings {
    /// Reads stored settings; what cannot be used is for the provider to put right.
    pub(super) fn read(settings: &Settings) -> Result<Self, PluginError> {
        let cluster = settings.text(CLUSTER).ok_or_else(|| {
            PluginError::needs_operator("Fill in the cluster's name in the offering's settings.")
        })?;
        Ok(Self {
            cluster: checked(CLUSTER, cluster, is_name)?.to_lowercase(),
            parent: checked(PARENT, settings.text(PARENT).unwrap_or("root"), is_name)?.to_lowercase(),
            prefix: checked(PREFIX, settings.text(PREFIX).unwrap_or("stoa"), is_prefix)?,
            qos: optional(QOS, settings.text(QOS))?.map(|qos| qos.to_lowercase()),
            partition: optional(PARTITION, settings.text(PARTITION))?,
            gpu: checked(GPU, settings.text(GPU).unwrap_or("gres/gpu"), is_gres)?,
        })
    }
}

fn optional(key: &str, text: Option<&str>) -> Result<Option<String>, PluginError> {
    text.map(|text| checked(key, text, is_name)).transpose()
}

fn checked(key: &str, text: &str, is_valid: fn(&str) -> bool) -> Result<String, PluginError> {
    if is_valid(text) {
        return Ok(text.to_owned());
    }
    let label = schema()
        .fields
        .into_iter()
        .find(|field| field.key == key)
        .map_or(key.to_owned(), |field| field.label);
    Err(PluginError::needs_operator(format!(
        "\"{}\" cannot be used as \"{label}\" in the offering's settings: use letters, digits, dots, hyphens and underscores.",
        super::failure::shorten(text)
    )))
}

fn is_name(text: &str) -> bool {
    let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.len() <= 40 && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(rest)
}

/// No underscore: it is what separates the parts of account names.
fn is_prefix(text: &str) -> bool {
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.len() <= 16 && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(rest)
}

fn is_gres(text: &str) -> bool {
    let Some(name) = text.strip_prefix("gres/") else {
        return false;
    };
    let mut parts = name.splitn(2, ':');
    text.len() <= 60 && parts.next().is_some_and(is_name) && parts.next().is_none_or(is_name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn read(values: serde_json::Value) -> Result<ClusterSettings, PluginError> {
        ClusterSettings::read(&Settings::new(values, BTreeMap::new()))
    }

    #[test]
    fn what_is_left_empty_takes_its_default() {
        let settings = read(json!({ "cluster": "lab", "default_qos": " " })).unwrap();
        assert_eq!(
            (settings.parent.as_str(), settings.prefix.as_str()),
            ("root", "stoa")
        );
        assert_eq!(
            (settings.gpu.as_str(), settings.qos, settings.partition),
            ("gres/gpu", None, None)
        );
    }

    #[test]
    fn nothing_that_means_something_to_the_command_line_gets_through() {
        for cluster in [
            "",
            "lab,other",
            "lab account=root",
            "-lab",
            "lab\n2",
            "a=b",
            "лаб",
            &"x".repeat(41),
        ] {
            let read = read(json!({ "cluster": cluster }));
            assert!(
                matches!(read, Err(PluginError::NeedsOperator { .. })),
                "{cluster:?} was taken: {read:?}"
            );
        }
        for (key, text) in [
            ("gpu_tres", "gpu"),
            ("gpu_tres", "gres/gpu=1,cpu"),
            ("account_prefix", "Sto_a"),
        ] {
            assert!(
                read(json!({ "cluster": "lab", key: text })).is_err(),
                "{key}={text} was taken"
            );
        }
    }

    #[test]
    fn the_form_is_sound() {
        assert!(schema().validate().is_ok());
    }
}
