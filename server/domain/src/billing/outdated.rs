//! Which open invoices may have changed since they were last brought up to date. Computing all of them every few minutes
//! would cost more than everything else that an idle portal does.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    invoice, organization, organization_version, plan_price, plan_terms, resource, resource_interval,
    usage_event,
};
use model::{InvoiceState, Month, OrganizationId};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef, RelationTrait,
    Select,
};

use super::pairs::pairs_with;
use super::{BillingError, Pair};
use crate::core::Core;
use crate::zone::Zone;

/// An ended resource is looked at for this long, so that its last days are brought up to date.
const RECENTLY_ENDED: TimeDelta = TimeDelta::days(62);
/// What happened before this has been looked at, because every invoice is computed anew each day.
const MEMORY: TimeDelta = TimeDelta::days(3);

/// A pair and one of its months.
pub(super) type Outdated = (Pair, Month);

/// The last thing that happened, by whom it concerns.
#[derive(Default)]
struct Happened {
    pairs: HashMap<Pair, DateTime<Utc>>,
    /// What is known of a buyer or a seller: its numbers, its country, whether they are verified.
    organizations: HashMap<OrganizationId, DateTime<Utc>>,
}

impl Happened {
    /// Whether anything happened to the pair since `at`.
    fn since(&self, pair: &Pair, at: &DateTime<Utc>) -> bool {
        let parties = [pair.buyer, pair.provider];
        let of_parties = parties.iter().filter_map(|party| self.organizations.get(party));
        self.pairs
            .get(pair)
            .into_iter()
            .chain(of_parties)
            .any(|event| event >= at)
    }
}

/// The months to compute anew: where a day has begun since, where usage was reported, plan or limits changed, a price or
/// terms of the plan were published, began or were corrected, where buyer or seller changed or was verified, and where
/// there is no invoice yet. That is the month that runs in the buyer's zone, and the one before while it is open.
pub(super) async fn outdated_months(core: &Core) -> Result<Vec<Outdated>, BillingError> {
    let now = core.now();
    let alive = Condition::any()
        .add(resource::Column::TerminatedAt.is_null())
        .add(resource::Column::TerminatedAt.gte(now - RECENTLY_ENDED));
    let pairs = pairs_with(core.read(), alive).await?;
    let zones = zones(core, &pairs).await?;
    let computed = computed(core).await?;
    let happened = happened(core, now - MEMORY, now).await?;
    let mut outdated_pairs = Vec::new();
    for pair in pairs {
        let Some(zone) = zones.get(&pair.buyer) else {
            continue;
        };
        let today = zone.day(now);
        let (running, start) = (Month::containing(today), zone.start_of(today));
        let outdated = |at: &DateTime<Utc>| *at < start || happened.since(&pair, at);
        let earliest = Month::containing(chrono::NaiveDate::MIN);
        let open = computed.range((pair, earliest)..(pair, running));
        outdated_pairs.extend(open.filter(|(_, at)| outdated(at)).map(|(key, _)| *key));
        if computed.get(&(pair, running)).is_none_or(outdated) {
            outdated_pairs.push((pair, running));
        }
    }
    Ok(outdated_pairs)
}

async fn zones(core: &Core, pairs: &BTreeSet<Pair>) -> Result<HashMap<OrganizationId, Zone>, BillingError> {
    let ids: BTreeSet<OrganizationId> = pairs.iter().map(|pair| pair.buyer).collect();
    let mut zones = HashMap::new();
    for chunk in ids.into_iter().collect::<Vec<_>>().chunks(500) {
        let buyers = organization::Entity::find()
            .filter(organization::Column::Id.is_in(chunk.iter().copied()))
            .all(core.read())
            .await?;
        for buyer in buyers {
            zones.insert(buyer.id, Zone::of(&buyer)?);
        }
    }
    Ok(zones)
}

/// When the open invoices of each pair and month were computed.
async fn computed(core: &Core) -> Result<BTreeMap<Outdated, DateTime<Utc>>, BillingError> {
    let rows = invoice::Entity::find()
        .select_only()
        .columns([
            invoice::Column::OrganizationId,
            invoice::Column::ProviderId,
            invoice::Column::Month,
            invoice::Column::UpdatedAt,
        ])
        .filter(invoice::Column::State.eq(InvoiceState::Open))
        .into_tuple::<(OrganizationId, OrganizationId, Month, DateTime<Utc>)>()
        .all(core.read())
        .await?;
    let mut computed: BTreeMap<Outdated, DateTime<Utc>> = BTreeMap::new();
    for (buyer, provider, month, at) in rows {
        let oldest = computed.entry((Pair { buyer, provider }, month)).or_insert(at);
        *oldest = at.min(*oldest);
    }
    Ok(computed)
}

/// The last thing that happened to each pair's resources, buyer and seller since `since`.
async fn happened(core: &Core, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Happened, BillingError> {
    use {
        plan_price::Column as P, plan_terms::Column as T, resource_interval::Column as I,
        usage_event::Column as E,
    };
    let mut happened = Happened {
        organizations: changed_organizations(core, since).await?,
        ..Happened::default()
    };
    let reported = usage_event::Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, usage_event::Relation::Resource.def())
        .filter(E::RecordedAt.gte(since))
        .column_as(E::RecordedAt.max(), "at");
    note(core, &mut happened, reported).await?;
    for told in [P::CreatedAt, P::StartsAt] {
        let priced =
            of_plans::<plan_price::Entity>(told, (since, now), plan_price::Relation::Intervals.def());
        note(core, &mut happened, priced).await?;
    }
    for told in [T::CreatedAt, T::StartsAt] {
        let termed =
            of_plans::<plan_terms::Entity>(told, (since, now), plan_terms::Relation::Intervals.def());
        note(core, &mut happened, termed).await?;
    }
    for change in [I::StartsAt, I::EndsAt] {
        let changed = resource_interval::Entity::find()
            .select_only()
            .join(JoinType::InnerJoin, resource_interval::Relation::Resource.def())
            .filter(change.gte(since))
            .column_as(change.max(), "at");
        note(core, &mut happened, changed).await?;
    }
    Ok(happened)
}

/// The last of these times within `within`, of versions of the plans that resources had.
fn of_plans<V: EntityTrait>(
    told: V::Column,
    within: (DateTime<Utc>, DateTime<Utc>),
    intervals: RelationDef,
) -> Select<V> {
    V::find()
        .select_only()
        .join(JoinType::InnerJoin, intervals)
        .join(JoinType::InnerJoin, resource_interval::Relation::Resource.def())
        .filter(told.between(within.0, within.1))
        .column_as(told.max(), "at")
}

/// Organizations that changed, or were verified, since `since`, and when.
async fn changed_organizations(
    core: &Core,
    since: DateTime<Utc>,
) -> Result<HashMap<OrganizationId, DateTime<Utc>>, BillingError> {
    use organization_version::Column as V;
    let changed = organization_version::Entity::find()
        .filter(
            Condition::any()
                .add(V::ChangedAt.gte(since))
                .add(V::VerifiedAt.gte(since)),
        )
        .all(core.read())
        .await?;
    let mut last: HashMap<OrganizationId, DateTime<Utc>> = HashMap::new();
    for version in changed {
        let at = version
            .verified_at
            .map_or(version.changed_at, |at| at.max(version.changed_at));
        let known = last.entry(version.organization_id).or_insert(at);
        *known = at.max(*known);
    }
    Ok(last)
}

async fn note<E: EntityTrait>(
    core: &Core,
    happened: &mut Happened,
    latest: Select<E>,
) -> Result<(), BillingError> {
    let rows = latest
        .columns([resource::Column::OrganizationId, resource::Column::ProviderId])
        .group_by(resource::Column::OrganizationId)
        .group_by(resource::Column::ProviderId)
        .into_tuple::<(DateTime<Utc>, OrganizationId, OrganizationId)>()
        .all(core.read())
        .await?;
    for (at, buyer, provider) in rows {
        let last = happened.pairs.entry(Pair { buyer, provider }).or_insert(at);
        *last = at.max(*last);
    }
    Ok(())
}
