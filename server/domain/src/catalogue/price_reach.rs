//! Prices reach as far as use can: who allows more use, or charges overage as use of a component, needs prices that reach.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::component::Model;
use entity::{plan, plan_price};
use model::{
    BillingPeriod, ComponentId, ComponentTerms, Currency, PlanId, PriceScheme, PriceVersion, published,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::CatalogueError;
use super::plans::takes_overage;
use crate::check::Check;

/// Refuses new terms of a component under which use that is allowed would have no price in some plan. What the terms had
/// before may stay.
pub(super) async fn refuse_unpriced(
    conn: &impl ConnectionTrait,
    old: Option<&Model>,
    terms: &ComponentTerms,
    all: &[Model],
) -> Result<(), CatalogueError> {
    let mut check = Check::default();
    let decides = |terms: &ComponentTerms| (terms.charge, terms.max, terms.limit_period);
    if let Some(old) = old.filter(|old| decides(&old.terms()) != decides(terms)) {
        for latest in latest(conn, old.id).await? {
            if let Err(fault) = latest.scheme.validate_for(terms, takes_overage(old, all)) {
                let message = format!("Change its prices first: {fault}.");
                check.fault("terms.max", "bad_price", message);
            } else if let Err(fault) = latest.scheme.check_payable(terms, latest.every, latest.currency) {
                let message = format!("Change its prices first: {fault}.");
                check.fault("terms.charge", "bad_price", message);
            }
        }
    }
    let named_before = old.and_then(|old| old.overage_component.as_ref());
    let overage = terms.overage_component.as_ref();
    let target = overage.filter(|code| named_before != Some(*code));
    if let Some(target) = target.and_then(|code| all.iter().find(|other| other.code == *code)) {
        for latest in latest(conn, target.id).await? {
            if let Err(fault) = latest.scheme.validate_for(&target.terms(), true) {
                let message = format!("Change the prices of {} first: {fault}.", target.name);
                check.fault("terms.overage_component", "bad_price", message);
            }
        }
    }
    Ok(check.done()?)
}

/// The newest price of a component in a plan.
struct Latest {
    scheme: PriceScheme,
    every: BillingPeriod,
    currency: Currency,
}

/// The newest price of a component in each plan, as it is corrected.
async fn latest(conn: &impl ConnectionTrait, component: ComponentId) -> Result<Vec<Latest>, DbErr> {
    let rows = plan_price::Entity::find()
        .find_also_related(plan::Entity)
        .filter(plan_price::Column::ComponentId.eq(component))
        .order_by_asc(plan_price::Column::StartsAt)
        .order_by_asc(plan_price::Column::Version)
        .all(conn)
        .await?;
    let mut of_plans: BTreeMap<(PlanId, Currency), Vec<PriceVersion>> = BTreeMap::new();
    for (row, plan) in rows {
        let plan = plan.ok_or_else(|| DbErr::RecordNotFound(format!("the plan of price {}", row.id)))?;
        let of_plan = of_plans.entry((plan.id, plan.currency)).or_default();
        of_plan.push(row.as_version()?);
    }
    let newest = |((_, currency), versions): (&(PlanId, Currency), &Vec<PriceVersion>)| {
        let version = published(versions, DateTime::<Utc>::MAX_UTC)?;
        Some(Latest {
            scheme: version.price.scheme.clone(),
            every: version.every,
            currency: *currency,
        })
    };
    Ok(of_plans.iter().filter_map(newest).collect())
}
