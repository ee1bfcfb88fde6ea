//! The plugins a process has, by kind.

use std::{collections::BTreeMap, sync::Arc};

use model::{PluginFacts, PresetFacts};

use crate::{ComponentPreset, Plugin, PluginInfo, Power};

/// The plugins a process has. Cheap to clone.
#[derive(Clone, Default)]
pub struct PluginRegistry {
    plugins: Arc<BTreeMap<&'static str, Arc<dyn Plugin>>>,
}

impl PluginRegistry {
    /// These plugins; of two with one kind the later counts.
    pub fn of(plugins: impl IntoIterator<Item = Arc<dyn Plugin>>) -> Self {
        let plugins = plugins
            .into_iter()
            .map(|plugin| (plugin.kind(), plugin))
            .collect();
        Self {
            plugins: Arc::new(plugins),
        }
    }

    /// The plugin of this kind, if the process has it.
    pub fn find(&self, kind: &str) -> Option<&Arc<dyn Plugin>> {
        self.plugins.get(kind)
    }

    /// Every plugin, sorted by kind.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Plugin>> {
        self.plugins.values()
    }
}

impl PluginRegistry {
    /// What pages and the API show of every plugin, sorted by kind.
    pub fn facts(&self) -> Vec<PluginFacts> {
        self.iter().map(|plugin| facts(plugin.as_ref())).collect()
    }
}

/// What pages and the API show of a plugin.
fn facts(plugin: &dyn Plugin) -> PluginFacts {
    let PluginInfo {
        kind,
        title,
        description,
        ..
    } = plugin.describe();
    PluginFacts {
        kind: kind.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        settings: plugin.settings_schema(),
        assigned: plugin.assigned(),
        components: plugin.component_presets().iter().map(preset).collect(),
        by_hand: !plugin.has_backend(),
        actions: plugin.actions(),
        conditions: plugin.conditions(),
        lists_parts: plugin.capabilities().can(Power::Parts),
        parts_offered_when: plugin.parts_offered_when(),
        takes_own_actions: plugin.takes_own_actions(),
    }
}

fn preset(preset: &ComponentPreset) -> PresetFacts {
    PresetFacts {
        code: preset.code.to_owned(),
        name: preset.name.to_owned(),
        unit: preset.unit.to_owned(),
        description: preset.description.to_owned(),
        charges: preset.charges.to_vec(),
        metered: preset.metered,
        enforced: preset.enforced,
    }
}

impl std::fmt::Debug for PluginRegistry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.plugins.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fake::FakePlugin, instant::InstantPlugin, manual::ManualPlugin};

    #[test]
    fn plugins_are_found_by_kind_and_listed_in_order() {
        let plugins: [Arc<dyn Plugin>; 3] = [
            Arc::new(ManualPlugin::new()),
            Arc::new(FakePlugin::new()),
            Arc::new(InstantPlugin::new()),
        ];
        let registry = PluginRegistry::of(plugins);
        let kinds: Vec<String> = registry.facts().into_iter().map(|facts| facts.kind).collect();
        assert_eq!(kinds, ["fake", "instant", "manual"]);
        assert!(
            registry
                .find("manual")
                .is_some_and(|plugin| !plugin.has_backend())
        );
        assert!(registry.find("openstack").is_none());
    }
}
