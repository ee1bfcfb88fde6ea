//! Whether an order can still be begun: looked at for every order that is approved, starts on its day or is tried again,
//! since what it was placed under may be over by then.

use chrono::NaiveDate;
use entity::{component, order, plan, resource, resource_term};
use model::pricing::Version;
use model::{OrderKind, PriceVersion, corrected, last_day_of_term};
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait};

use super::OrderingError;
use super::parties::{Buyer, Sale, load_plan};
use crate::catalogue::versions_of_plan;
use crate::core::Core;
use crate::provisioning::lifetime::{last_day_after, next_term};

/// The order still makes sense, now that nobody else must agree to it: its project is open, its last day ahead. Ending
/// and lowering is always possible.
fn check_project(order: &order::Model, buyer: &Buyer, today: NaiveDate) -> Result<(), OrderingError> {
    let needs_project = match order.kind {
        OrderKind::Create | OrderKind::Renew | OrderKind::SwitchPlan => true,
        OrderKind::ChangeLimits => raises(order)?,
        OrderKind::Terminate => false,
    };
    if needs_project {
        buyer.check_open(today)?;
    }
    // A term begins with the resource; a last day was chosen before.
    let over = order
        .end_date
        .filter(|end| order.term_months.is_none() && *end < today);
    match over.filter(|_| order.kind == OrderKind::Create) {
        Some(end) => Err(OrderingError::NotOrderable(format!(
            "The last day that was asked for, {}, is over. Order it again with a later one.",
            end.format("%-d %B %Y")
        ))),
        None => Ok(()),
    }
}

/// What is not a price and may have changed since the order was placed; as it is asked for where one is placed. Refused
/// with `NotOrderable`, which says what does not allow it any more. Ending is always possible, and lowering until the last day
/// of the resource is over: in the days of grace nothing that was ordered before is begun, because none of it would be billed.
pub(in crate::ordering) async fn check_start(
    core: &Core,
    tx: &DatabaseTransaction,
    order: &order::Model,
    buyer: &Buyer,
) -> Result<(), OrderingError> {
    check_project(order, buyer, buyer.today(core))?;
    check_price_stands(tx, order).await?;
    let sale = Sale::load(tx, order.offering_id).await?;
    match order.kind {
        OrderKind::Create => {
            sale.check_active()?;
            check_shown(tx, &sale, buyer).await?;
            check_plan_sold(tx, order).await?;
            check_within_project(core, tx, order, buyer).await
        }
        OrderKind::SwitchPlan => {
            sale.check_active()?;
            check_resource_lasts(core, tx, order, buyer).await?;
            check_plan_sold(tx, order).await
        }
        OrderKind::ChangeLimits => {
            if raises(order)? {
                sale.check_active()?;
            }
            check_resource_lasts(core, tx, order, buyer).await
        }
        OrderKind::Renew => {
            sale.check_renewable()?;
            check_within_project(core, tx, order, buyer).await
        }
        OrderKind::Terminate => Ok(()),
    }
}

/// The quote binds: no price that it used was corrected to a higher one since. Whoever agreed to it would pay more than was
/// shown, so it is ordered again. Ending costs nothing.
async fn check_price_stands(tx: &DatabaseTransaction, order: &order::Model) -> Result<(), OrderingError> {
    let bound = order.bound()?;
    if order.kind == OrderKind::Terminate || bound.prices.is_empty() {
        return Ok(());
    }
    let Some(plan) = load_plan(tx, order.plan_id).await? else {
        return Ok(());
    };
    let versions = versions_of_plan(tx, &plan).await?;
    for (component, prices) in &versions.prices {
        let quoted: Vec<PriceVersion> = prices
            .iter()
            .filter(|one| one.saved_at <= order.created_at)
            .cloned()
            .collect();
        let newer = prices.iter().filter(|one| one.saved_at > order.created_at);
        for correction in newer.filter(|one| one.is_correction()) {
            let Some(published) = quoted.iter().find(|one| correction.corrects(one)) else {
                continue;
            };
            let is_bound = prices
                .iter()
                .any(|one| bound.prices.contains(&one.id) && (one == published || one.corrects(published)));
            let before = corrected(&quoted, published, order.created_at);
            let then = correction.price.scheme.costs_no_more_than(&before.price.scheme);
            if is_bound && !then {
                let name = component::Entity::find_by_id(*component).one(tx).await?;
                let name = name.map(|row| row.name).unwrap_or_default();
                return refused(format!(
                    "The price of {name} was corrected after this was ordered, and it would cost more than was quoted. Order it again, at the price of today."
                ));
            }
        }
    }
    Ok(())
}

async fn check_resource_lasts(
    core: &Core,
    tx: &DatabaseTransaction,
    order: &order::Model,
    buyer: &Buyer,
) -> Result<(), OrderingError> {
    let missing = || OrderingError::NotFound { what: "resource" };
    let id = order.resource_id.ok_or_else(missing)?;
    let resource = resource::Entity::find_by_id(id)
        .one(tx)
        .await?
        .ok_or_else(missing)?;
    let term = resource_term::Entity::find_of_resource(id).one(tx).await?;
    buyer.check_lasts(&resource, term.is_some(), buyer.today(core))
}

/// Asks for more of something than there was.
fn raises(order: &order::Model) -> Result<bool, OrderingError> {
    let held = order.limits_held()?;
    let asked = order.limits_asked()?;
    let before = |code: &String| held.get(code).copied().unwrap_or_default();
    Ok(asked.iter().any(|(code, limit)| *limit > before(code)))
}

fn refused(reason: String) -> Result<(), OrderingError> {
    Err(OrderingError::NotOrderable(reason))
}

async fn check_shown(tx: &DatabaseTransaction, sale: &Sale, buyer: &Buyer) -> Result<(), OrderingError> {
    if sale
        .check_visible(tx, None, Some(buyer.organization.id))
        .await
        .is_err()
    {
        return refused(format!(
            "{} is no longer offered to {}.",
            sale.offering.name, buyer.organization.name
        ));
    }
    Ok(())
}

async fn check_plan_sold(tx: &DatabaseTransaction, order: &order::Model) -> Result<(), OrderingError> {
    match load_plan(tx, order.plan_id).await? {
        Some(plan::Model { archived: false, .. }) => Ok(()),
        Some(plan) => refused(format!("The plan {} is no longer sold.", plan.name)),
        None => refused("Its plan is no longer there.".into()),
    }
}

async fn check_within_project(
    core: &Core,
    tx: &DatabaseTransaction,
    order: &order::Model,
    buyer: &Buyer,
) -> Result<(), OrderingError> {
    let last = buyer.project.end_date;
    if let (Some(start), Some(last)) = (order.start_date, last.filter(|_| order.start_date > last)) {
        return refused(format!(
            "It would begin on {}, but the project {} ends on {} now.",
            start.format("%-d %B %Y"),
            buyer.project.name,
            last.format("%-d %B %Y")
        ));
    }
    let own = last_day(tx, order, buyer.today(core)).await?;
    if let (Some(end), Some(last)) = (own, last.filter(|_| own > last)) {
        return refused(format!(
            "It would last until {}, but the project {} ends on {} now.",
            end.format("%-d %B %Y"),
            buyer.project.name,
            last.format("%-d %B %Y")
        ));
    }
    Ok(())
}

/// The last day of what the order asks for if it is begun `today`, or on the later day for which it was placed: a term
/// begins only then, or after the one before it, and a last day was chosen when it was placed.
async fn last_day(
    tx: &DatabaseTransaction,
    order: &order::Model,
    today: NaiveDate,
) -> Result<Option<NaiveDate>, DbErr> {
    let Some(months) = order.term_months.and_then(|months| u32::try_from(months).ok()) else {
        return Ok(order.end_date);
    };
    if let Some(id) = order.resource_id.filter(|_| order.kind == OrderKind::Renew) {
        let terms = resource_term::Entity::find_of_resource(id).all(tx).await?;
        return Ok(last_day_after(&terms, next_term(&terms, today), months));
    }
    let first = order.start_date.map_or(today, |start| start.max(today));
    Ok(last_day_of_term(first, months))
}
