//! What a provider fills in for a SLURM offering, and its strict reading: these texts become parts of arguments in which
//! commas and equals signs have a meaning.

use model::attributes::{Field, FieldKind, Schema, Spelling};

use crate::{PluginError, Settings};

/// The key of the cluster's name.
pub(super) const CLUSTER: &str = "cluster";
const PARENT: &str = "parent_account";
const PREFIX: &str = "account_prefix";
const QOS: &str = "default_qos";
const PARTITION: &str = "partition";
const GPU: &str = "gpu_tres";

/// What counts where nothing is filled in.
const ROOT: &str = "root";
const USUAL_PREFIX: &str = "stoa";
const USUAL_GPU: &str = "gres/gpu";

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
    Schema {
        fields: vec![
            Field::new(CLUSTER, "Cluster", line(40))
                .required()
                .spelled(Spelling::Name)
                .help("The cluster's name as “sacctmgr show cluster” lists it."),
            Field::new(PARENT, "Parent account", line(40))
                .default_value(ROOT)
                .spelled(Spelling::Name)
                .help("The account under which each organization gets its own. It must exist."),
            Field::new(PREFIX, "Account prefix", line(16))
                .default_value(USUAL_PREFIX)
                .spelled(Spelling::Prefix)
                .help("Every account the portal makes starts with it. Small letters, digits and hyphens."),
            Field::new(QOS, "Default QOS", line(40))
                .spelled(Spelling::Name)
                .help("The quality of service of jobs that name none. Leave it empty for the cluster's own default."),
            Field::new(PARTITION, "Partition", line(40))
                .spelled(Spelling::Name)
                .help("Members may submit to this partition only. Leave it empty for all partitions."),
            Field::new(GPU, "How GPUs are counted", line(60))
                .default_value(USUAL_GPU)
                .spelled(Spelling::Gres)
                .help(
                    "The name of the trackable resource, for example gres/gpu or gres/gpu:a100. The cluster must track it \
                     (AccountingStorageTRES).",
                ),
        ],
    }
}

/// What those who run the portal assign. Partitions belong to their cluster, and a name of an account's own begins with its prefix:
/// neither reaches beyond what is assigned.
pub(super) fn assigned() -> Schema {
    let qos = FieldKind::List {
        min_items: None,
        max_items: None,
        max_length: Some(40),
    };
    Schema::new(vec![
        Field::new(CLUSTER, "Cluster", line(40))
            .required()
            .spelled(Spelling::Name)
            .help("The cluster's name as “sacctmgr show cluster” lists it."),
        Field::new(PARENT, "Parent account", line(40))
            .required()
            .spelled(Spelling::Name)
            .help("The account under which the provider's offerings may make accounts; root for the whole cluster."),
        Field::new(QOS, "QOS", qos)
            .spelled(Spelling::Name)
            .help("Qualities of service that offerings may give. Leave it empty for the cluster's own default only."),
    ])
}

fn line(max: u32) -> FieldKind {
    FieldKind::String {
        min_length: None,
        max_length: Some(max),
    }
}

impl ClusterSettings {
    /// Reads stored settings; what cannot be used is for the provider to put right.
    pub(super) fn read(settings: &Settings) -> Result<Self, PluginError> {
        let schema = schema();
        let read = |key: &str| checked(&schema, settings, key);
        let cluster = read(CLUSTER)?.ok_or_else(|| {
            PluginError::needs_operator("Fill in the cluster's name in the offering's settings.")
        })?;
        Ok(Self {
            cluster: cluster.to_lowercase(),
            parent: read(PARENT)?.unwrap_or_else(|| ROOT.to_owned()).to_lowercase(),
            prefix: read(PREFIX)?.unwrap_or_else(|| USUAL_PREFIX.to_owned()),
            qos: read(QOS)?.map(|qos| qos.to_lowercase()),
            partition: read(PARTITION)?,
            gpu: read(GPU)?.unwrap_or_else(|| USUAL_GPU.to_owned()),
        })
    }
}

/// Settings may be older than a rule of the form, and these texts become parts of arguments.
fn checked(schema: &Schema, settings: &Settings, key: &str) -> Result<Option<String>, PluginError> {
    let (Some(text), Some(field)) = (settings.text(key), schema.field(key)) else {
        return Ok(None);
    };
    match field.check_text(text) {
        Ok(()) => Ok(Some(text.to_owned())),
        Err(fault) => Err(PluginError::needs_operator(format!(
            "\"{}\" cannot be used as \"{}\" in the offering's settings. {}",
            super::failure::shorten(text),
            field.label,
            fault.message
        ))),
    }
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
    fn what_cannot_be_used_is_refused_when_it_is_filled_in() {
        let refused = |values: serde_json::Value| -> Vec<String> {
            let faults = schema().parse_json(&values).err().unwrap_or_default();
            faults
                .into_iter()
                .map(|fault| format!("{} {}", fault.path, fault.code))
                .collect()
        };
        let wrong = json!({ "cluster": "-lab", "parent_account": "a,b", "account_prefix": "Sto_a", "default_qos": "--all",
            "partition": "x=y", "gpu_tres": "gpu" });
        let all = [
            "cluster",
            "parent_account",
            "account_prefix",
            "default_qos",
            "partition",
            "gpu_tres",
        ];
        assert_eq!(refused(wrong), all.map(|key| format!("{key} spelling")));
        let long = json!({ "cluster": "x".repeat(41), "account_prefix": "s".repeat(17) });
        assert_eq!(refused(long), ["cluster too_long", "account_prefix too_long"]);
        assert_eq!(refused(json!({ "cluster": "lab" })), [""; 0]);
    }

    #[test]
    fn what_is_assigned_is_spelt_by_the_same_rules() {
        let wrong = json!({ "cluster": "-lab", "parent_account": "root", "default_qos": ["normal", "-x"] });
        let faults = assigned().parse_json(&wrong).unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["cluster", "default_qos"]);
    }
}
