//! Everything that the charges between one buyer and one provider depend on, read in a fixed number of queries.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Months, NaiveDate, Utc};
use entity::json::Limits;
use entity::{
    component, invoice, invoice_item, organization, plan, plan_price, project, resource, resource_interval,
    usage_day,
};
use model::{
    BillingPeriod, ComponentId, Currency, Fixed, InvoiceState, Month, OfferingId, OrganizationId, PlanId,
    Price, ProjectId, Proration, ResourceId,
};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};

use super::BillingError;
use crate::access::AccessError;
use crate::usage::zone::Zone;

/// How far back late usage is looked for, in months.
const LOOK_BACK: u32 = 12;

/// A buyer and a provider: what invoices are between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair {
    pub(crate) buyer: OrganizationId,
    pub(crate) provider: OrganizationId,
}

/// A price version.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) valid_from: NaiveDate,
    pub(crate) price: Price,
}

/// A plan with its prices by component, oldest version first.
#[derive(Debug, Clone)]
pub(crate) struct PlanTerms {
    pub(crate) currency: Currency,
    pub(crate) every: BillingPeriod,
    pub(crate) proration: Proration,
    pub(crate) setup_fee: Fixed,
    pub(crate) prices: BTreeMap<ComponentId, Vec<Version>>,
}

/// What an offering sells: components in their order, and plans.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tariff {
    pub(crate) components: Vec<component::Model>,
    pub(crate) plans: BTreeMap<PlanId, PlanTerms>,
}

/// A stretch of a resource's life under one plan and one set of limits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Span {
    pub(crate) plan: PlanId,
    pub(crate) limits: Limits,
    pub(crate) from: DateTime<Utc>,
    pub(crate) until: Option<DateTime<Utc>>,
}

/// A resource with its history and use.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) resource: resource::Model,
    pub(crate) project_name: String,
    pub(crate) spans: Vec<Span>,
    pub(crate) usage: BTreeMap<String, BTreeMap<NaiveDate, Fixed>>,
}

/// What issued invoices billed by use: by resource, component, price version and month of use.
pub(crate) type Billed = HashMap<(ResourceId, String, String, Month), Fixed>;

/// The whole of it.
pub(crate) struct Book {
    pub(crate) buyer: organization::Model,
    pub(crate) provider: organization::Model,
    pub(crate) zone: Zone,
    pub(crate) month: Month,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) tariffs: BTreeMap<OfferingId, Tariff>,
    pub(crate) billed: Billed,
    /// Months whose invoice is open: their late use is still theirs.
    pub(crate) open: BTreeSet<Month>,
}

impl Version {
    /// The version in force on `day`; the first one before any has started.
    pub(crate) fn on(versions: &[Self], day: NaiveDate) -> Option<&Self> {
        versions
            .iter()
            .rev()
            .find(|version| version.valid_from <= day)
            .or_else(|| versions.first())
    }
}

impl Book {
    /// All resources of the pair that can have a charge in `month` or late use before it. The zone is the buyer's.
    pub(crate) async fn load(
        db: &impl ConnectionTrait,
        pair: Pair,
        month: Month,
    ) -> Result<Self, BillingError> {
        let earliest = first_looked_at(month);
        let since = earliest.and_time(chrono::NaiveTime::MIN).and_utc() - chrono::TimeDelta::days(1);
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

    /// The book of one resource.
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
        let rows = resource::Entity::find()
            .filter(wanted.clone())
            .order_by_asc(resource::Column::Id)
            .all(db)
            .await?;
        let ids = Query::select()
            .column(resource::Column::Id)
            .from(resource::Entity)
            .cond_where(wanted)
            .take();
        let projects = project_names(db, pair.buyer).await?;
        let mut spans = spans(db, ids.clone()).await?;
        let mut usage = usage(db, ids, month).await?;
        let offerings: BTreeSet<OfferingId> = rows.iter().map(|row| row.offering_id).collect();
        let subject = |resource: resource::Model| Subject {
            project_name: projects.get(&resource.project_id).cloned().unwrap_or_default(),
            spans: spans.remove(&resource.id).unwrap_or_default(),
            usage: usage.remove(&resource.id).unwrap_or_default(),
            resource,
        };
        Ok(Self {
            zone: Zone::of(&buyer)?,
            provider: party(pair.provider)?,
            buyer,
            month,
            subjects: rows.into_iter().map(subject).collect(),
            tariffs: tariffs(db, offerings).await?,
            billed: billed(db, pair, month).await?,
            open: open_months(db, pair).await?,
        })
    }
}

/// The first day whose use is compared with what was billed.
fn first_looked_at(month: Month) -> NaiveDate {
    month
        .first_day()
        .checked_sub_months(Months::new(LOOK_BACK))
        .unwrap_or_else(|| month.first_day())
}

async fn project_names(
    db: &impl ConnectionTrait,
    buyer: OrganizationId,
) -> Result<HashMap<ProjectId, String>, DbErr> {
    let rows = project::Entity::find_in_organization(buyer).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

async fn spans(
    db: &impl ConnectionTrait,
    ids: SelectStatement,
) -> Result<HashMap<ResourceId, Vec<Span>>, DbErr> {
    let rows = resource_interval::Entity::find()
        .filter(resource_interval::Column::ResourceId.in_subquery(ids))
        .order_by_asc(resource_interval::Column::StartsAt)
        .all(db)
        .await?;
    let mut spans: HashMap<ResourceId, Vec<Span>> = HashMap::new();
    for row in rows {
        // An interval that ended when it began was never in force.
        if row.ends_at.is_none_or(|end| end > row.starts_at) {
            let span = Span {
                plan: row.plan_id,
                limits: row.limits_held()?,
                from: row.starts_at,
                until: row.ends_at,
            };
            spans.entry(row.resource_id).or_default().push(span);
        }
    }
    Ok(spans)
}

type UsageOfResource = BTreeMap<String, BTreeMap<NaiveDate, Fixed>>;

async fn usage(
    db: &impl ConnectionTrait,
    ids: SelectStatement,
    month: Month,
) -> Result<HashMap<ResourceId, UsageOfResource>, DbErr> {
    let rows = usage_day::Entity::find()
        .filter(usage_day::Column::ResourceId.in_subquery(ids))
        .filter(usage_day::Column::Day.gte(first_looked_at(month)))
        .filter(usage_day::Column::Day.lt(month.next().first_day()))
        .all(db)
        .await?;
    let mut usage: HashMap<ResourceId, UsageOfResource> = HashMap::new();
    for row in rows {
        usage
            .entry(row.resource_id)
            .or_default()
            .entry(row.component)
            .or_default()
            .insert(row.day, row.quantity);
    }
    Ok(usage)
}

async fn tariffs(
    db: &impl ConnectionTrait,
    offerings: BTreeSet<OfferingId>,
) -> Result<BTreeMap<OfferingId, Tariff>, DbErr> {
    let mut tariffs: BTreeMap<OfferingId, Tariff> = BTreeMap::new();
    let components = component::Entity::find()
        .filter(component::Column::OfferingId.is_in(offerings.iter().copied()))
        .order_by_asc(component::Column::Position)
        .order_by_asc(component::Column::Code);
    for row in components.all(db).await? {
        tariffs.entry(row.offering_id).or_default().components.push(row);
    }
    let plans = plan::Entity::find()
        .filter(plan::Column::OfferingId.is_in(offerings))
        .all(db)
        .await?;
    let mut prices: HashMap<PlanId, BTreeMap<ComponentId, Vec<Version>>> = HashMap::new();
    for row in plan_price::Entity::find_of_plans(plans.iter().map(|plan| plan.id))
        .all(db)
        .await?
    {
        let versions = prices
            .entry(row.plan_id)
            .or_default()
            .entry(row.component_id)
            .or_default();
        // Rows come by version: of two that start on one day, or out of order, the later version counts.
        versions.retain(|version| version.valid_from < row.valid_from);
        versions.push(Version {
            valid_from: row.valid_from,
            price: row.price()?,
        });
    }
    for plan in plans {
        let terms = PlanTerms {
            currency: plan.currency,
            every: plan.billing_period,
            proration: plan.proration,
            setup_fee: plan.setup_fee,
            prices: prices.remove(&plan.id).unwrap_or_default(),
        };
        tariffs
            .entry(plan.offering_id)
            .or_default()
            .plans
            .insert(plan.id, terms);
    }
    Ok(tariffs)
}

async fn billed(db: &impl ConnectionTrait, pair: Pair, month: Month) -> Result<Billed, BillingError> {
    let items = invoice_item::Entity::find()
        .join(JoinType::InnerJoin, invoice_item::Relation::Invoice.def())
        .filter(invoice::Column::OrganizationId.eq(pair.buyer))
        .filter(invoice::Column::ProviderId.eq(pair.provider))
        .filter(invoice::Column::State.ne(InvoiceState::Open))
        .filter(invoice_item::Column::FromDay.gte(first_looked_at(month)))
        .all(db)
        .await?;
    let mut billed = Billed::new();
    for item in items {
        let Some(resource) = item.resource_id else {
            continue;
        };
        let key = (
            resource,
            item.component,
            item.price_version,
            Month::containing(item.from_day),
        );
        let sum = billed.entry(key).or_default();
        *sum = sum
            .checked_add(item.quantity)
            .map_err(|fault| BillingError::TooLarge(fault.into()))?;
    }
    Ok(billed)
}

async fn open_months(db: &impl ConnectionTrait, pair: Pair) -> Result<BTreeSet<Month>, DbErr> {
    let months = invoice::Entity::find()
        .select_only()
        .column(invoice::Column::Month)
        .filter(invoice::Column::OrganizationId.eq(pair.buyer))
        .filter(invoice::Column::ProviderId.eq(pair.provider))
        .filter(invoice::Column::State.eq(InvoiceState::Open))
        .into_tuple::<Month>()
        .all(db)
        .await?;
    Ok(months.into_iter().collect())
}
