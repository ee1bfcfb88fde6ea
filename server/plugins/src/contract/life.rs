//! A resource's life: each verb once, each verb again, each power or its refusal.

use std::collections::BTreeSet;

use super::{Breaches, Fixture};
use crate::{
    Outcome, Plugin, PluginError, Power, ResourceRequest, Silent, UsageEvent, UsageReport, UsageRequest, Verb,
};

/// Where a verb came to rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rest {
    Ready(String),
    /// A person goes on.
    Waiting,
    Gone,
}

pub(super) async fn check(plugin: &dyn Plugin, fixture: &Fixture, breaches: &mut Breaches) {
    let mut life = Life {
        plugin,
        fixture,
        breaches,
        request: fixture.request.clone(),
    };
    let first = life.rest(Verb::Provision).await;
    let Some(first) = first else { return };
    life.breaches
        .unless(first != Rest::Gone, "provision answered that nothing is there");
    let again = life.rest(Verb::Provision).await;
    life.same(&first, again, "provision");
    if let Rest::Ready(id) = &first {
        life.breaches.unless(!id.is_empty(), "the backend id is empty");
        life.request.backend_id = Some(id.clone());
    }
    life.powers(&first).await;
    life.usage().await;
    life.deeds(&first).await;
    life.end(&first).await;
}

pub(super) struct Life<'a> {
    pub(super) plugin: &'a dyn Plugin,
    pub(super) fixture: &'a Fixture,
    pub(super) breaches: &'a mut Breaches,
    pub(super) request: ResourceRequest,
}

impl Life<'_> {
    /// Runs a verb and polls until it rests.
    async fn rest(&mut self, verb: Verb) -> Option<Rest> {
        let (pause, most) = self.fixture.poll;
        let mut answer = first(self.plugin, verb, &self.request).await;
        for _ in 0..most {
            match answer {
                Ok(Outcome::Ready { backend_id, .. }) => return Some(Rest::Ready(backend_id)),
                Ok(Outcome::Gone) => return Some(Rest::Gone),
                Ok(Outcome::Pending { poll_after: None, .. }) => return Some(Rest::Waiting),
                Ok(Outcome::Pending { .. }) | Err(PluginError::Retry { .. }) => {
                    tokio::time::sleep(pause).await;
                    answer = self.plugin.poll(verb, &self.request, &Silent).await;
                }
                Err(error) => {
                    self.breaches.add(format!("{verb:?} failed: {error}"));
                    return None;
                }
            }
        }
        self.breaches
            .add(format!("{verb:?} came to no end; at last it answered {answer:?}"));
        None
    }

    fn same(&mut self, first: &Rest, again: Option<Rest>, what: &str) {
        match (first, again) {
            (Rest::Ready(_), Some(Rest::Ready(id))) if *first != Rest::Ready(id.clone()) => {
                self.breaches.add(format!(
                    "{what} the second time answered another backend id, {id}"
                ));
            }
            (first, Some(again)) if *first != again => {
                self.breaches
                    .add(format!("{what} answered {first:?}, the second time {again:?}"));
            }
            _ => {}
        }
    }

    async fn powers(&mut self, rest: &Rest) {
        self.request.limits.clone_from(&self.fixture.other_limits);
        self.twice(Verb::ChangeLimits, rest).await;
        self.twice(Verb::ChangeTerms, rest).await;
        self.request.members.clone_from(&self.fixture.other_members);
        if self.plugin.capabilities().can(Power::Members) {
            self.twice(Verb::SyncMembers, rest).await;
        } else {
            self.refused_members().await;
        }
        self.look(Some(rest)).await;
    }

    /// The verb twice, with the same rest.
    async fn twice(&mut self, verb: Verb, rest: &Rest) {
        for _ in 0..2 {
            let again = self.rest(verb).await;
            self.same(rest, again, &format!("{verb:?}"));
        }
    }

    async fn refused_members(&mut self) {
        let answer = self.plugin.sync_members(&self.request).await;
        let refused = answer
            == Err(PluginError::Unsupported {
                power: Power::Members,
            });
        self.breaches.unless(
            refused,
            format!("sync_members without the power answered {answer:?}"),
        );
    }

    /// Compares the backend's list with the request.
    async fn look(&mut self, living: Option<&Rest>) {
        let answer = self.plugin.inspect(&self.request.settings).await;
        if !self.plugin.capabilities().can(Power::Inspect) {
            let refused = answer
                == Err(PluginError::Unsupported {
                    power: Power::Inspect,
                });
            return self
                .breaches
                .unless(refused, "inspect without the power did not refuse");
        }
        let inventory = match answer {
            Ok(inventory) => inventory,
            Err(error) => return self.breaches.add(format!("inspect failed: {error}")),
        };
        let Some(id) = self.request.backend_id.as_ref() else {
            return;
        };
        match (inventory.objects.get(id), living) {
            (Some(object), Some(_)) => {
                let fits = object.limits == self.request.limits;
                self.breaches.unless(
                    fits,
                    format!("inspect shows {object:?}, wanted {:?}", self.request.limits),
                );
                let wanted: BTreeSet<&String> = self.request.members.iter().collect();
                let members = object.members.iter().collect::<BTreeSet<_>>() == wanted;
                let synced = self.plugin.capabilities().can(Power::Members);
                self.breaches.unless(
                    members || !synced,
                    format!("inspect shows the members {:?}", object.members),
                );
                let ours = object.resource == Some(self.request.resource);
                self.breaches
                    .unless(ours, "inspect does not know whose object it is");
            }
            (None, Some(_)) => self.breaches.add("inspect does not show the resource"),
            (Some(_), None) => self.breaches.add("inspect shows the resource after its end"),
            (None, None) => {}
        }
    }

    async fn usage(&mut self) {
        let Fixture { window, now, .. } = *self.fixture;
        let request = UsageRequest {
            resource: self.request.clone(),
            window,
            now,
        };
        let answer = self.collect(&request).await;
        if !self.plugin.capabilities().can(Power::Usage) {
            let refused = answer == Err(PluginError::Unsupported { power: Power::Usage });
            return self
                .breaches
                .unless(refused, "collect_usage without the power did not refuse");
        }
        match (answer, self.collect(&request).await) {
            (Ok(report), Ok(again)) => self.check_usage(&report, &again),
            (first, again) => self
                .breaches
                .add(format!("collect_usage answered {first:?}, then {again:?}")),
        }
    }

    /// What the resource used.
    async fn collect(&mut self, request: &UsageRequest) -> Result<UsageReport, PluginError> {
        let id = request.resource.resource;
        let mut reports = self.plugin.collect_usage(std::slice::from_ref(request)).await?;
        self.breaches.unless(
            reports.keys().eq([&id]),
            "collect_usage did not answer for the resource that it was asked for",
        );
        reports.remove(&id).unwrap_or_else(|| Ok(UsageReport::default()))
    }

    fn check_usage(&mut self, report: &UsageReport, again: &UsageReport) {
        let keys = |report: &UsageReport| {
            report
                .events
                .iter()
                .map(|event| event.key.clone())
                .collect::<BTreeSet<_>>()
        };
        self.breaches.unless(
            keys(report).len() == report.events.len(),
            "two usage events have the same key",
        );
        self.breaches.unless(
            keys(report).is_subset(&keys(again)),
            "usage collected again has other keys",
        );
        let presets = self.plugin.component_presets();
        for UsageEvent {
            key,
            component,
            window_start,
            window_end,
            quantity,
            ..
        } in &report.events
        {
            let metered = presets
                .iter()
                .any(|preset| preset.metered && preset.code == component);
            self.breaches.unless(
                metered,
                format!("{key} is of {component}, which the plugin does not measure"),
            );
            let fine = !quantity.is_sign_negative() && quantity.scale() <= 9;
            self.breaches
                .unless(fine, format!("{key} has the quantity {quantity}"));
            self.breaches
                .unless(window_start < window_end, format!("{key} has an empty window"));
        }
    }

    async fn end(&mut self, first: &Rest) {
        let ended = self.rest(Verb::Terminate).await;
        let expected = if *first == Rest::Waiting {
            Rest::Waiting
        } else {
            Rest::Gone
        };
        let fits = ended.as_ref() == Some(&expected);
        self.breaches.unless(
            fits,
            format!("terminate answered {ended:?} instead of {expected:?}"),
        );
        let again = self.rest(Verb::Terminate).await;
        self.same(&expected, again, "terminate");
        self.look(None).await;
    }
}

async fn first(plugin: &dyn Plugin, verb: Verb, request: &ResourceRequest) -> Result<Outcome, PluginError> {
    match verb {
        Verb::Provision => plugin.provision(request, &Silent).await,
        Verb::ChangeLimits => plugin.change_limits(request, &Silent).await,
        Verb::ChangeTerms => plugin.change_terms(request, &Silent).await,
        Verb::Terminate => plugin.terminate(request, &Silent).await,
        Verb::SyncMembers => plugin.sync_members(request).await,
    }
}
