//! The rows of the inputs, each table read once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Months, NaiveDate};
use entity::{component, invoice, invoice_item, project, resource_interval, resource_term, usage_day};
use model::{
    CORRECTION_MONTHS, Fixed, InvoiceState, Month, OfferingId, OrganizationId, ProjectId, ResourceId,
};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};

use super::{Billed, PaidTerm, Span, Tariff};
use crate::billing::{BillingError, Pair};
use crate::catalogue;
use crate::provisioning::renewals::{Renewal, renewals};
use crate::zone::Zone;

/// The first day whose use is compared with what was billed: whatever can still be reported in `month`.
pub(in crate::billing) fn first_looked_at(month: Month) -> NaiveDate {
    month
        .first_day()
        .checked_sub_months(Months::new(CORRECTION_MONTHS))
        .unwrap_or_else(|| month.first_day())
}

pub(super) async fn projects(
    db: &impl ConnectionTrait,
    buyer: OrganizationId,
) -> Result<HashMap<ProjectId, project::Model>, DbErr> {
    let rows = project::Entity::find_in_organization(buyer).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Terms that are paid up front, the first one first, and what renewals have bound.
pub(super) async fn terms(
    db: &impl ConnectionTrait,
    ids: SelectStatement,
) -> Result<
    (
        HashMap<ResourceId, Vec<PaidTerm>>,
        BTreeMap<ResourceId, Vec<Renewal>>,
    ),
    DbErr,
> {
    let rows = resource_term::Entity::find()
        .filter(resource_term::Column::ResourceId.in_subquery(ids))
        .order_by_asc(resource_term::Column::TermFrom)
        .all(db)
        .await?;
    let renewals = renewals(db, &rows).await?;
    let mut terms: HashMap<ResourceId, Vec<PaidTerm>> = HashMap::new();
    for row in rows {
        let term = PaidTerm {
            days: row.range(),
            prices: row.price_versions()?,
        };
        terms.entry(row.resource_id).or_default().push(term);
    }
    Ok((terms, renewals))
}

/// The stretches cut where a renewal binds anew: with the first day of its term.
pub(super) fn renewed(mut spans: Vec<Span>, renewals: &[Renewal], zone: &Zone) -> Vec<Span> {
    for renewal in renewals {
        let start = zone.start_of(renewal.first_day);
        let mut cut = Vec::with_capacity(spans.len().saturating_add(1));
        for span in spans {
            let lasts = span.until.is_none_or(|until| until > start);
            match renewal.instead_of(span.plan, &span.binding).filter(|_| lasts) {
                Some(binding) => {
                    let after = Span {
                        binding: binding.clone(),
                        from: span.from.max(start),
                        ..span.clone()
                    };
                    if span.from < start {
                        cut.push(Span {
                            until: Some(start),
                            ..span
                        });
                    }
                    cut.push(after);
                }
                None => cut.push(span),
            }
        }
        spans = cut;
    }
    spans
}

pub(super) async fn spans(
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
                binding: row.bound()?,
                from: row.starts_at,
                until: row.ends_at,
            };
            spans.entry(row.resource_id).or_default().push(span);
        }
    }
    Ok(spans)
}

pub(super) type UsageOfResource = BTreeMap<String, BTreeMap<NaiveDate, Fixed>>;

pub(super) async fn usage(
    db: &impl ConnectionTrait,
    ids: SelectStatement,
    month: Month,
) -> Result<HashMap<ResourceId, UsageOfResource>, DbErr> {
    let rows = usage_day::Entity::find()
        .filter(usage_day::Column::ResourceId.in_subquery(ids))
        .filter(
            Condition::any()
                .add(usage_day::Column::Day.gte(first_looked_at(month)))
                // What is paid up front is counted over its whole term.
                .add(usage_day::Column::ResourceId.in_subquery(paid_up_front())),
        )
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

fn paid_up_front() -> SelectStatement {
    Query::select()
        .column(resource_term::Column::ResourceId)
        .from(resource_term::Entity)
        .take()
}

pub(super) async fn tariffs(
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
    for (offering, plan, versions) in catalogue::versions_of_offerings(db, offerings).await? {
        tariffs.entry(offering).or_default().plans.insert(plan, versions);
    }
    Ok(tariffs)
}

pub(super) async fn billed(
    db: &impl ConnectionTrait,
    ids: SelectStatement,
    pair: Pair,
    month: Month,
) -> Result<Billed, BillingError> {
    let items = invoice_item::Entity::find()
        .join(JoinType::InnerJoin, invoice_item::Relation::Invoice.def())
        .filter(invoice_item::Column::ResourceId.in_subquery(ids))
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
            item.component,
            item.price_version,
            Month::containing(item.from_day),
        );
        let sum = billed.entry(resource).or_default().entry(key).or_default();
        *sum = sum
            .checked_add(item.quantity)
            .map_err(|fault| BillingError::TooLarge(fault.into()))?;
    }
    Ok(billed)
}
