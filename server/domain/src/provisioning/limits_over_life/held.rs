//! Which periods of a resource's limits run, now or once an order is carried out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use entity::json::Limits;
use entity::organization::StoredZones;
use entity::{order, plan_terms, resource, resource_interval, resource_term};
use model::{
    BillingPeriod, Binding, DateRange, OfferingId, OrderKind, PlanId, ResourceId, TermsVersion,
    last_day_in_project, terms_timeline,
};
use sea_orm::prelude::Json;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};

use crate::provisioning::ProvisioningError;
use crate::provisioning::lifetime::{last_day_asked, next_term};
use crate::provisioning::renewals::{Renewal, bound_among, renewals};
use crate::structure::End;
use crate::zone::Zone;

/// A resource with what decides about its days, and what its backend was told.
#[derive(FromQueryResult)]
pub(super) struct Found {
    #[sea_orm(nested)]
    pub(super) resource: resource::Model,
    project_end: Option<NaiveDate>,
    organization_name: String,
    organization_zones: StoredZones,
    pub(super) told: Option<Json>,
}

/// A resource with its plan, its terms and its last day.
pub(super) struct Situation {
    resource: resource::Model,
    zone: Zone,
    project_end: Option<NaiveDate>,
    limits: Limits,
    plan: PlanId,
    bound: Binding,
    /// Terms that are paid up front, the first one first.
    paid: Vec<resource_term::Model>,
    /// A term that an order adds.
    added: Option<DateRange>,
    last_day: Option<NaiveDate>,
}

/// A resource, with what says which periods of its limits run.
pub(super) struct Held {
    pub(super) resource: ResourceId,
    pub(super) offering: OfferingId,
    pub(super) limits: Limits,
    /// How often its plan charges.
    pub(super) every: BillingPeriod,
    /// Terms that are paid up front, the first one first.
    pub(super) terms: Vec<DateRange>,
    /// The buyer's day; the last one, once that is over: nothing begins anew after it.
    pub(super) day: NaiveDate,
}

/// The situations of these resources now. Three queries, however many there are.
pub(super) async fn situations(
    db: &impl ConnectionTrait,
    found: Vec<Found>,
    now: DateTime<Utc>,
) -> Result<Vec<Result<Situation, ProvisioningError>>, DbErr> {
    let ids: Vec<ResourceId> = found.iter().map(|one| one.resource.id).collect();
    let terms = resource_term::Entity::find()
        .filter(resource_term::Column::ResourceId.is_in(ids.iter().copied()))
        .order_by_asc(resource_term::Column::TermFrom)
        .all(db)
        .await?;
    let renewals = renewals(db, &terms).await?;
    let mut paid: BTreeMap<ResourceId, Vec<resource_term::Model>> = BTreeMap::new();
    for term in terms {
        paid.entry(term.resource_id).or_default().push(term);
    }
    let mut latest = latest_stretches(db, &ids).await?;
    let situation = |one: Found| {
        let id = one.resource.id;
        let own = renewals.get(&id).map_or(&[][..], Vec::as_slice);
        Situation::of(
            one,
            paid.remove(&id).unwrap_or_default(),
            (latest.remove(&id), own),
            now,
        )
    };
    Ok(found.into_iter().map(situation).collect())
}

/// The last stretch of each resource: the present one, or that with which it ended.
async fn latest_stretches(
    db: &impl ConnectionTrait,
    ids: &[ResourceId],
) -> Result<BTreeMap<ResourceId, resource_interval::Model>, DbErr> {
    let rows = resource_interval::Entity::find()
        .filter(resource_interval::Column::ResourceId.is_in(ids.iter().copied()))
        .order_by_asc(resource_interval::Column::StartsAt)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.resource_id, row)).collect())
}

impl Situation {
    fn of(
        found: Found,
        paid: Vec<resource_term::Model>,
        (latest, renewals): (Option<resource_interval::Model>, &[Renewal]),
        now: DateTime<Utc>,
    ) -> Result<Self, ProvisioningError> {
        let zone = Zone::stored(&found.organization_zones, &found.organization_name)?;
        let bound = match &latest {
            Some(latest) => bound_among(latest, renewals, (&zone, now))?,
            None => Binding::default(),
        };
        let resource = found.resource;
        let end = End::of(resource.end_date, found.project_end);
        Ok(Self {
            limits: resource.limits_held()?,
            plan: resource.plan_id,
            last_day: end.map(|end| end.last_day),
            project_end: found.project_end,
            added: None,
            resource,
            zone,
            bound,
            paid,
        })
    }

    /// As it is once `order` is carried out at `now`.
    pub(super) fn when_ordered(
        mut self,
        order: &order::Model,
        now: DateTime<Utc>,
    ) -> Result<Self, ProvisioningError> {
        let today = self.zone.day(now);
        self.limits = order.limits_asked()?;
        let mut binds = matches!(order.kind, OrderKind::ChangeLimits | OrderKind::SwitchPlan);
        if order.kind == OrderKind::Renew {
            let from = next_term(&self.paid, today);
            let last = last_day_asked(order, (&self.paid, from))?
                .map(|last| last_day_in_project(from, last, self.project_end));
            self.added = last.and_then(|last| DateRange::new(from, last.succ_opt()?));
            let end = End::of(last.or(self.resource.end_date), self.project_end);
            self.last_day = end.map(|end| end.last_day);
            // What a renewal binds counts from the first day of its term on.
            binds = from <= today;
        }
        if binds {
            self.plan = order.plan_id;
            self.bound = order.bound()?.begun(now);
        }
        Ok(self)
    }
}

/// Which periods run in these situations. One query, however many there are.
pub(super) async fn held(
    db: &impl ConnectionTrait,
    situations: Vec<Situation>,
    now: DateTime<Utc>,
) -> Result<Vec<Held>, DbErr> {
    let plans: BTreeSet<PlanId> = situations.iter().map(|one| one.plan).collect();
    let mut versions: BTreeMap<PlanId, Vec<TermsVersion>> = BTreeMap::new();
    for row in plan_terms::Entity::find_of_plans(plans).all(db).await? {
        versions.entry(row.plan_id).or_default().push(row.as_version());
    }
    let held = |one: Situation| {
        let versions = versions.get(&one.plan).map_or(&[][..], Vec::as_slice);
        let today = one.zone.day(now);
        let terms = one.paid.iter().map(resource_term::Model::range);
        Held {
            resource: one.resource.id,
            offering: one.resource.offering_id,
            every: charged_every(versions, &one.bound, now),
            terms: terms.chain(one.added).collect(),
            day: one.last_day.map_or(today, |last| last.min(today)),
            limits: one.limits,
        }
    };
    Ok(situations.into_iter().map(held).collect())
}

/// How often a plan charges who is bound so.
fn charged_every(versions: &[TermsVersion], bound: &Binding, now: DateTime<Utc>) -> BillingPeriod {
    let held = terms_timeline(versions, bound).at(now);
    // A plan has terms from the moment in which it is made.
    held.or(versions.first())
        .map_or(BillingPeriod::Month, |version| version.terms.billing_period)
}
