//! Everything that the charges between one buyer and one provider depend on, read in a fixed number of queries.

mod rows;

pub(super) use rows::first_looked_at;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::json::Limits;
use entity::{component, organization, resource};
use model::{Binding, DateRange, Fixed, Month, OfferingId, Party, PlanId, PriceId, ResourceId, TaxRate};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::tax::Taxes;
use super::{BillingError, Pair, closed};
use crate::access::AccessError;
use crate::catalogue::PlanVersions;
use crate::structure::End;
use crate::structure::{self, Versions};
use crate::zone::Zone;

/// What an offering sells: components in their order, and plans.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tariff {
    pub(crate) components: Vec<component::Model>,
    pub(crate) plans: BTreeMap<PlanId, PlanVersions>,
}

/// A stretch of a resource's life under one plan and one set of limits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Span {
    pub(crate) plan: PlanId,
    pub(crate) limits: Limits,
    /// The versions of prices and terms that its order has bound.
    pub(crate) binding: Binding,
    pub(crate) from: DateTime<Utc>,
    pub(crate) until: Option<DateTime<Utc>>,
}

/// A term that is paid up front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PaidTerm {
    pub(crate) days: DateRange,
    /// Component code to the price version that was quoted.
    pub(crate) prices: BTreeMap<String, String>,
}

/// A resource with its history and use.
#[derive(Debug, Clone)]
pub(crate) struct BilledResource {
    pub(crate) terms: Vec<PaidTerm>,
    pub(crate) row: resource::Model,
    pub(crate) project_name: String,
    pub(crate) spans: Vec<Span>,
    pub(crate) usage: BTreeMap<String, BTreeMap<NaiveDate, Fixed>>,
}

/// What issued invoices billed of a resource: by component, price version and month of use.
pub(crate) type BilledUse = HashMap<(String, String, Month), Fixed>;

/// The same of all resources.
pub(crate) type Billed = HashMap<ResourceId, BilledUse>;

/// The whole of it.
pub(crate) struct BillingInputs {
    pub(crate) buyer: organization::Model,
    pub(crate) provider: organization::Model,
    pub(crate) taxes: Taxes,
    pub(crate) zone: Zone,
    pub(crate) month: Month,
    pub(crate) resources: Vec<BilledResource>,
    pub(crate) tariffs: BTreeMap<OfferingId, Tariff>,
    pub(crate) billed: Billed,
    /// Months whose use is left to documents of their own, or as late use to the first that is open.
    pub(crate) open: BTreeSet<Month>,
}

impl BillingInputs {
    /// All resources of the pair that can have a charge in `month` or late use before it. The zone is the buyer's.
    pub(crate) async fn load(
        db: &impl ConnectionTrait,
        pair: Pair,
        month: Month,
    ) -> Result<Self, BillingError> {
        // A day's slack covers every time zone.
        let earliest = first_looked_at(month).and_time(NaiveTime::MIN).and_utc();
        let since = earliest - TimeDelta::days(1);
        let of_pair = Condition::all()
            .add(resource::Column::OrganizationId.eq(pair.buyer))
            .add(resource::Column::ProviderId.eq(pair.provider))
            .add(resource::Column::ActivatedAt.is_not_null())
            .add(
                Condition::any()
                    .add(resource::Column::TerminatedAt.is_null())
                    .add(resource::Column::TerminatedAt.gte(since)),
            );
        Self::load_where(db, pair, month, of_pair).await
    }

    /// Sees the month alone, as if no document had billed anything yet.
    pub(super) fn as_if_nothing_was_billed(&mut self) {
        self.billed.clear();
        let first = Month::containing(first_looked_at(self.month));
        let months = std::iter::successors(Some(first), |month| Some(month.next()));
        self.open = months.take_while(|month| *month < self.month).collect();
    }

    /// Sees the prices as they were before this one was saved.
    pub(super) fn without_price(&mut self, id: PriceId) {
        let plans = self
            .tariffs
            .values_mut()
            .flat_map(|tariff| tariff.plans.values_mut());
        for versions in plans.flat_map(|plan| plan.prices.values_mut()) {
            versions.retain(|version| version.id != id);
        }
    }

    /// The published price version in whose place this one stands; itself where it is none of a plan, or was published.
    pub(crate) fn published_as(&self, version: &str) -> String {
        let plans = self.tariffs.values().flat_map(|tariff| tariff.plans.values());
        let mut versions = plans.flat_map(|plan| plan.prices.values()).flatten();
        let found = versions.find(|one| one.price.version == version);
        found
            .and_then(|found| found.corrects)
            .map_or_else(|| version.to_owned(), |published| published.to_string())
    }

    /// The tax of the month's document.
    pub(crate) fn tax(&self) -> TaxRate {
        self.taxes.of(self.month)
    }

    /// Seller and buyer as the month's document shows them.
    pub(crate) fn parties(&self) -> (Party, Party) {
        let party = |organization: &organization::Model, versions: &Option<Versions>| {
            let version = versions.as_ref().and_then(|versions| versions.on(self.month));
            version
                .map(|version| structure::party(organization, version))
                .unwrap_or_default()
        };
        (
            party(&self.provider, &self.taxes.seller),
            party(&self.buyer, &self.taxes.buyer),
        )
    }

    /// The inputs of one resource.
    pub(crate) async fn of_resource(
        db: &impl ConnectionTrait,
        resource: &resource::Model,
        month: Month,
    ) -> Result<Self, BillingError> {
        let pair = Pair {
            buyer: resource.organization_id,
            provider: resource.provider_id,
        };
        Self::load_where(
            db,
            pair,
            month,
            Condition::all().add(resource::Column::Id.eq(resource.id)),
        )
        .await
    }

    async fn load_where(
        db: &impl ConnectionTrait,
        pair: Pair,
        month: Month,
        wanted: Condition,
    ) -> Result<Self, BillingError> {
        let parties =
            organization::Entity::find().filter(organization::Column::Id.is_in([pair.buyer, pair.provider]));
        let parties = parties.all(db).await?;
        let party = |id| {
            parties
                .iter()
                .find(|row| row.id == id)
                .cloned()
                .ok_or(AccessError::NotFound)
        };
        let buyer = party(pair.buyer)?;
        let resources = resource::Entity::find()
            .filter(wanted.clone())
            .order_by_asc(resource::Column::Id)
            .all(db)
            .await?;
        let ids = Query::select()
            .column(resource::Column::Id)
            .from(resource::Entity)
            .cond_where(wanted)
            .take();
        let projects = rows::projects(db, pair.buyer).await?;
        let (mut terms, renewals) = rows::terms(db, ids.clone()).await?;
        let mut spans = rows::spans(db, ids.clone()).await?;
        let mut usage = rows::usage(db, ids.clone(), month).await?;
        let zone = Zone::of(&buyer)?;
        let offerings: BTreeSet<OfferingId> = resources.iter().map(|row| row.offering_id).collect();
        let billed = |row: resource::Model| BilledResource {
            project_name: projects
                .get(&row.project_id)
                .map(|project| project.name.clone())
                .unwrap_or_default(),
            terms: terms.remove(&row.id).unwrap_or_default(),
            spans: rows::renewed(
                until_end(
                    spans.remove(&row.id).unwrap_or_default(),
                    End::of(
                        row.end_date,
                        projects.get(&row.project_id).and_then(|project| project.end_date),
                    ),
                    &zone,
                ),
                renewals.get(&row.id).map_or(&[], Vec::as_slice),
                &zone,
            ),
            usage: usage.remove(&row.id).unwrap_or_default(),
            row,
        };
        let versions = Versions::of_all(db, BTreeSet::from([pair.buyer, pair.provider])).await?;
        Ok(Self {
            taxes: Taxes {
                seller: versions.get(&pair.provider).cloned(),
                buyer: versions.get(&pair.buyer).cloned(),
            },
            provider: party(pair.provider)?,
            buyer,
            month,
            resources: resources.into_iter().map(billed).collect(),
            tariffs: rows::tariffs(db, offerings).await?,
            billed: rows::billed(db, ids, pair, month).await?,
            open: left_to_others(db, pair, &zone, month).await?,
            zone,
        })
    }
}

/// The months before `month` that it does not correct: all, unless it is the first that is open; then those after the
/// last that is closed.
async fn left_to_others(
    db: &impl ConnectionTrait,
    pair: Pair,
    zone: &Zone,
    month: Month,
) -> Result<BTreeSet<Month>, BillingError> {
    let closed = closed::through(db, pair).await?;
    let first = closed::first_open(db, pair, zone, closed).await?;
    let corrects = first.is_none_or(|first| month <= first);
    let earliest = Month::containing(first_looked_at(month)).prev();
    let from = closed.filter(|_| corrects).map_or(earliest, Month::next);
    let months = std::iter::successors(Some(from), |month| Some(month.next()));
    Ok(months.take_while(|one| *one < month).collect())
}

/// Nothing is billed after the last day, however long it takes until the resource is ended.
fn until_end(mut spans: Vec<Span>, end: Option<End>, zone: &Zone) -> Vec<Span> {
    let end = end.map(|end| end.until(zone));
    if let (Some(last), Some(end)) = (spans.last_mut().filter(|last| last.until.is_none()), end) {
        last.until = Some(end);
        if last.from >= end {
            spans.pop();
        }
    }
    spans
}
