//! The contract itself.

use async_trait::async_trait;
use model::{Action, Condition, ConditionFacts, attributes::Schema, is_set};

use crate::{
    ActionOutcome, ActionRequest, Capabilities, ComponentPreset, ConnectionReport, Inventory, Outcome, Parts,
    PluginError, PluginInfo, Power, Progress, ResourceRequest, Settings, UsageReports, UsageRequest, Verb,
};

/// A kind of backend. One instance serves every offering of its kind; what differs between offerings comes with each
/// call, in [`Settings`].
///
/// # Invariants every implementation keeps
/// - A verb brings the backend to the state the request describes, whatever state it finds. The same request twice, in
///   full or cut off at any instant, has the effect of one.
/// - A verb does not block for long: what takes the backend more than seconds answers [`Outcome::Pending`].
/// - A power that is not in [`Plugin::capabilities`] answers [`PluginError::Unsupported`]; nothing panics.
#[async_trait]
pub trait Plugin: Send + Sync {
    /// The word under which offerings name this plugin, for example `slurm`. Never changes once shipped.
    fn kind(&self) -> &'static str {
        self.describe().kind
    }

    /// How the plugin presents itself to a provider who chooses one.
    fn describe(&self) -> PluginInfo;

    /// What resources of this plugin can do.
    fn capabilities(&self) -> &Capabilities;

    /// Whether there is something to reach. Where not, a test of the connection has nothing to find out.
    fn has_backend(&self) -> bool {
        true
    }

    /// How many calls one backend bears at once, whatever they do, over all processes. Whoever calls must keep to it. `None`: it
    /// has no limit of its own, and whoever runs the portal sets one.
    fn concurrency(&self) -> Option<u32> {
        None
    }

    /// Which backend these settings lead to; what [`Plugin::concurrency`] counts.
    fn backend(&self, _settings: &Settings) -> String {
        self.kind().to_owned()
    }

    /// The settings a provider fills in for an offering. Values that must not be shown again are of the kind `Secret`.
    fn settings_schema(&self) -> Schema;

    /// Which of the settings name what those who run the portal must assign to a provider first, as the form in which they do:
    /// fields under the keys of settings, in the order in which settings are compared with them; a text allows exactly that
    /// value, a list any of its entries (`model::first_unassigned`). None of them secret. Empty, as by default: a provider
    /// may name anything, which suits backends that a provider brings along.
    fn assigned(&self) -> Schema {
        Schema::default()
    }

    /// Components whose codes this plugin understands; a provider starts an offering from them.
    fn component_presets(&self) -> Vec<ComponentPreset>;

    /// Looks whether the backend can be reached with these settings. It asks only, and makes no request that could change
    /// something.
    async fn test_connection(&self, settings: &Settings) -> Result<ConnectionReport, PluginError>;

    /// Makes the resource exist with the limits and members of the request.
    async fn provision(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError>;

    /// Makes the limits those of the request.
    async fn change_limits(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError>;

    /// The resource goes on in another plan or for another term, with the limits of the request. By default a backend is told
    /// where it counts one of them over the resource's life: with a new term, more may be used. For others plans differ in price
    /// and terms in time, which is not theirs to know, and the answer is `Ready` at once.
    async fn change_terms(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        let counted = self.counted_over_life();
        if counted.iter().any(|code| request.limits.contains_key(*code)) {
            return self.change_limits(request, progress).await;
        }
        Ok(Outcome::Ready {
            backend_id: request.backend_id.clone().unwrap_or_default(),
            details: Vec::new(),
        })
    }

    /// Codes of the components whose use the backend counts over the resource's life.
    fn counted_over_life(&self) -> Vec<&'static str> {
        let presets = self.component_presets().into_iter();
        presets
            .filter(|preset| preset.counts_over_life)
            .map(|preset| preset.code)
            .collect()
    }

    /// Ends the resource. Answers [`Outcome::Gone`] when nothing is left of it, also when nothing was there.
    async fn terminate(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError>;

    /// Gives access to exactly the members of the request.
    async fn sync_members(&self, _request: &ResourceRequest) -> Result<Outcome, PluginError> {
        Err(PluginError::unsupported(Power::Members))
    }

    /// Asks how far a verb that answered [`Outcome::Pending`] has come. By default the verb is simply run again, which is
    /// right for every plugin whose steps look before they create.
    async fn poll(
        &self,
        verb: Verb,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        match verb {
            Verb::Provision => self.provision(request, progress).await,
            Verb::ChangeLimits => self.change_limits(request, progress).await,
            Verb::ChangeTerms => self.change_terms(request, progress).await,
            Verb::Terminate => self.terminate(request, progress).await,
            Verb::SyncMembers => self.sync_members(request).await,
        }
    }

    /// Reads what these resources used, each in its window, in the units of [`Plugin::component_presets`]: one answer for each,
    /// under its id. All are on one [`Plugin::backend`], and it is asked as seldom as it can be. Fails as a whole where the
    /// backend could not be asked; what is wrong with one resource fails that one.
    async fn collect_usage(&self, _requests: &[UsageRequest]) -> Result<UsageReports, PluginError> {
        Err(PluginError::unsupported(Power::Usage))
    }

    /// What can be done with resources beside their verbs: declared once, drawn by pages and the API. None of them changes limits,
    /// plan or price. By default nothing.
    fn actions(&self) -> Vec<Action> {
        Vec::new()
    }

    /// The conditions that a resource can be in on the backend while it is in use; the first is the one in which it is made. By
    /// default none is known.
    fn conditions(&self) -> Vec<ConditionFacts> {
        Vec::new()
    }

    /// The setting without which the resources of an offering have no parts to list. By default all have, of a plugin with that
    /// power.
    fn parts_offered_when(&self) -> Option<Condition> {
        None
    }

    /// Whether resources with these settings have parts to list.
    fn lists_parts(&self, settings: &Settings) -> bool {
        let settings = serde_json::Value::Object(settings.values().clone());
        self.capabilities().can(Power::Parts) && is_set(self.parts_offered_when().as_ref(), &settings)
    }

    /// Whether providers define actions of their own, which their people do by hand.
    fn takes_own_actions(&self) -> bool {
        false
    }

    /// Does one of [`Plugin::actions`]. As every verb it may be cut off at any instant and asked for again under the same id: it
    /// looks before it acts. Refused (`Refused`) is what is not possible as things are on the backend now, such as a choice that
    /// is gone; and a key that is none of its actions.
    async fn act(
        &self,
        request: &ActionRequest,
        _progress: &dyn Progress,
    ) -> Result<ActionOutcome, PluginError> {
        Err(PluginError::unknown_action(&request.key))
    }

    /// Lists the parts of a resource as they are now, at most [`model::MOST_INVENTORY_ROWS`] of each sort, and the condition that
    /// it is in. Nothing in it is a secret. `condition` is what the portal believes it to be in, for backends that cannot tell.
    async fn parts(&self, _request: &ResourceRequest, _condition: &str) -> Result<Parts, PluginError> {
        Err(PluginError::unsupported(Power::Parts))
    }

    /// Lists what the marketplace has on the backend, for the reconciler.
    async fn inspect(&self, _settings: &Settings) -> Result<Inventory, PluginError> {
        Err(PluginError::unsupported(Power::Inspect))
    }
}
