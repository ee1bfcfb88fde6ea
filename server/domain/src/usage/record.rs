//! Recording: from the lines of a batch to events, days and a receipt.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::SubsecRound;
use entity::usage_event::UsageSource;
use entity::{component, organization, resource};
use model::{
    EventKind, OfferingId, OrganizationId, Permission, ResourceId, SentUsage, UsageOutcome, UsageReceipt,
    UsageRefusal, UsageReport,
};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value as Json, json};

use super::batch::{Batch, Good, event_row};
use super::fault::Fault;
use super::life::{Life, Stretches};
use super::seal::LoggedUse;
use super::validate::{Cap, correctable_since, validate};
use super::{Usage, UsageError, UsageOperations};
use crate::access::{Actor, authorize, check_scope};
use crate::audit::{self, Event};
use crate::core::Core;
use crate::provisioning::facts::target_of;
use crate::zone::Zone;

/// The most lines of one request.
const MOST: usize = 1_000;

/// A line that could be read, or why it is none.
pub(super) type Read = Result<UsageReport, UsageRefusal>;

impl Usage {
    /// Records what a provider or a program measured, in the components' priced units. Lines that cannot be kept are
    /// named in the receipt with the reason; the others are recorded together.
    ///
    /// A resource that the actor may not report on is refused like one that does not exist. Refused as a whole are
    /// every batch, an empty one too, with a token that lacks the scope `provide` (`Access`), a batch of more than a thousand
    /// lines ([`UsageError::TooMany`]) and one with a resource whose buyer's time zone does not exist
    /// ([`UsageError::Zone`]).
    pub async fn record(&self, actor: &Actor, lines: Vec<UsageReport>) -> Result<UsageReceipt, UsageError> {
        self.record_read(actor, lines.into_iter().map(Ok).collect()).await
    }

    /// Records lines as a program sent them, as [`Usage::record`] does: one that cannot be read, or is none, is refused, too.
    pub async fn record_sent(&self, actor: &Actor, lines: &[Json]) -> Result<UsageReceipt, UsageError> {
        let read = lines.iter().enumerate();
        let read = read.map(|(index, line)| SentUsage::read_line(line, index));
        self.record_read(actor, read.collect()).await
    }

    pub(super) async fn record_read(
        &self,
        actor: &Actor,
        lines: Vec<Read>,
    ) -> Result<UsageReceipt, UsageError> {
        check_scope(actor, Permission::ReportUsage.token_scope())?;
        if lines.len() > MOST {
            return Err(UsageError::TooMany { most: MOST });
        }
        let source = match (&actor.token_scopes, actor.is_system()) {
            (_, true) => UsageSource::Collector,
            (Some(_), _) => UsageSource::Api,
            (None, _) => UsageSource::Provider,
        };
        let tx = self.core.write_tx().await?;
        let reporter = Reporter { actor, source };
        let receipt = record_in(&self.core, &tx, reporter, lines).await?;
        tx.commit().await?;
        Ok(receipt)
    }
}

impl UsageOperations {
    /// Records what the worker read from a backend about one resource, in the backend's unit. The same reading twice
    /// counts once. A resource that is unknown is told in the receipt; refused as a whole is one whose buyer's zone does
    /// not exist ([`UsageError::Zone`]).
    pub async fn record_collected(
        &self,
        id: ResourceId,
        lines: Vec<UsageReport>,
    ) -> Result<UsageReceipt, UsageError> {
        let actor = Actor::system();
        let mut whole = UsageReceipt::default();
        for chunk in lines.chunks(MOST) {
            let tx = self.core.write_tx().await?;
            let own = chunk.iter().cloned().map(|line| UsageReport {
                resource_id: id,
                ..line
            });
            let reporter = Reporter {
                actor: &actor,
                source: UsageSource::Collector,
            };
            let receipt = record_in(&self.core, &tx, reporter, own.map(Ok).collect()).await?;
            tx.commit().await?;
            whole.append(receipt);
        }
        Ok(whole)
    }
}

/// Who reports, and on which way.
#[derive(Clone, Copy)]
struct Reporter<'a> {
    actor: &'a Actor,
    source: UsageSource,
}

/// What a batch is validated against.
struct Metered {
    resources: HashMap<ResourceId, resource::Model>,
    zones: HashMap<OrganizationId, Zone>,
    components: HashMap<(OfferingId, String), component::Model>,
    /// None where a backend's own readings are recorded.
    stretches: Option<Stretches>,
}

async fn record_in(
    core: &Core,
    tx: &DatabaseTransaction,
    reporter: Reporter<'_>,
    lines: Vec<Read>,
) -> Result<UsageReceipt, UsageError> {
    let ids = lines.iter().flatten().map(|line| line.resource_id).collect();
    let metered = Metered::load(tx, reporter, ids).await?;
    let now = core.now();
    let mut outcomes = vec![UsageOutcome::Refused; lines.len()];
    let mut refused = Vec::new();
    let mut good = Vec::new();
    for (index, line) in lines.into_iter().enumerate() {
        match line.map(normal) {
            Err(refusal) => refused.push(refusal),
            Ok(line) => match metered.validated(core, reporter, index, line.clone()) {
                Ok(line) => good.push(line),
                Err(fault) => refused.push(fault.refusal(index, &line.key)),
            },
        }
    }
    let mut batch = Batch::load(tx, &good).await?;
    let mut told: BTreeMap<ResourceId, u32> = BTreeMap::new();
    for line in &good {
        match batch.take(line, event_row(core, &line.line, reporter.source, now))? {
            Ok(outcome) => {
                if let Some(place) = outcomes.get_mut(line.index) {
                    *place = outcome;
                }
                *told.entry(line.line.resource_id).or_default() += 1;
            }
            Err(fault) => refused.push(fault.refusal(line.index, &line.line.key)),
        }
    }
    let kept = batch.kept().into_iter();
    let kept: BTreeMap<ResourceId, LoggedUse> = kept
        .map(|(id, events)| (id, LoggedUse::of(now, &events)))
        .collect();
    batch.write(tx).await?;
    if reporter.source != UsageSource::Collector {
        // The collector's own readings would drown the log; a person's or a program's report is an act.
        metered.note(core, tx, reporter.actor, (&told, &kept)).await?;
    }
    refused.sort_by_key(|refusal| refusal.index);
    let mut receipt = UsageReceipt {
        refused,
        ..UsageReceipt::default()
    };
    for outcome in outcomes {
        receipt.note(outcome);
    }
    Ok(receipt)
}

/// Finer than a microsecond PostgreSQL would not keep, and the same event sent twice would look different.
fn normal(line: UsageReport) -> UsageReport {
    let username = line.username.filter(|name| !name.is_empty());
    UsageReport {
        window_start: line.window_start.trunc_subsecs(6),
        window_end: line.window_end.trunc_subsecs(6),
        username,
        ..line
    }
}

impl Metered {
    /// Loads and locks the resources of `lines` that the actor may report on, always in the order of their ids, so that
    /// two batches cannot wait for each other.
    async fn load(
        tx: &DatabaseTransaction,
        reporter: Reporter<'_>,
        ids: BTreeSet<ResourceId>,
    ) -> Result<Self, UsageError> {
        let locked = resource::Entity::find()
            .filter(resource::Column::Id.is_in(ids))
            .order_by_asc(resource::Column::Id)
            .lock(LockType::NoKeyUpdate)
            .all(tx)
            .await?;
        let allowed = |row: &resource::Model| {
            authorize(reporter.actor, Permission::ReportUsage, &target_of(row)).is_ok()
        };
        let resources: HashMap<_, _> = locked
            .into_iter()
            .filter(allowed)
            .map(|row| (row.id, row))
            .collect();
        let buyers: BTreeSet<OrganizationId> = resources.values().map(|row| row.organization_id).collect();
        let offerings: BTreeSet<OfferingId> = resources.values().map(|row| row.offering_id).collect();
        let buyers = organization::Entity::find()
            .filter(organization::Column::Id.is_in(buyers))
            .all(tx)
            .await?;
        let components = component::Entity::find()
            .filter(component::Column::OfferingId.is_in(offerings))
            .all(tx)
            .await?;
        let stretches = match reporter.source {
            UsageSource::Collector => None,
            _ => Some(Stretches::load(tx, resources.values()).await?),
        };
        Ok(Self {
            stretches,
            resources,
            zones: buyers
                .iter()
                .map(|buyer| Ok((buyer.id, Zone::of(buyer)?)))
                .collect::<Result<_, UsageError>>()?,
            components: components
                .into_iter()
                .map(|row| ((row.offering_id, row.code.clone()), row))
                .collect(),
        })
    }

    fn zone(&self, id: ResourceId) -> Option<&Zone> {
        self.zones.get(&self.resources.get(&id)?.organization_id)
    }

    /// The line in the priced unit, or why it cannot be kept.
    fn validated(
        &self,
        core: &Core,
        reporter: Reporter<'_>,
        index: usize,
        line: UsageReport,
    ) -> Result<Good, Fault> {
        let known = self
            .resources
            .get(&line.resource_id)
            .zip(self.zone(line.resource_id));
        let Some((resource, zone)) = known else {
            return Err(Fault::unknown_resource());
        };
        let component = self
            .components
            .get(&(resource.offering_id, line.component.clone()));
        let line = match component.filter(|_| reporter.source == UsageSource::Collector) {
            Some(component) => UsageReport {
                quantity: priced(component, &line)?,
                ..line
            },
            None => line,
        };
        let lived = match &self.stretches {
            Some(stretches) => Life::billed(zone, resource, stretches),
            None => Life::measured(zone, resource),
        };
        let now = core.now();
        let component = validate(&line, component, lived.as_ref(), (zone, now))?;
        Ok(Good {
            index,
            zone: zone.clone(),
            cap: Cap::of(component),
            since: correctable_since(zone, now),
            line,
        })
    }

    async fn note(
        &self,
        core: &Core,
        tx: &DatabaseTransaction,
        actor: &Actor,
        (told, kept): (&BTreeMap<ResourceId, u32>, &BTreeMap<ResourceId, LoggedUse>),
    ) -> Result<(), UsageError> {
        for (id, lines) in told {
            let Some(resource) = self.resources.get(id) else {
                continue;
            };
            let event = Event::new(actor, EventKind::ResourceUsageReported, id.0)
                .on(target_of(resource))
                .after(json!({ "lines": lines, "kept": kept.get(id) }));
            audit::record_in(core, tx, event).await?;
        }
        Ok(())
    }
}

fn priced(component: &component::Model, line: &UsageReport) -> Result<model::Fixed, Fault> {
    let unusable = |_: model::PricingError| {
        Fault::new(
            "over_cap",
            "The quantity cannot be expressed in the unit that is priced; it is too large.",
        )
    };
    component.terms().to_priced(line.quantity).map_err(unusable)
}
