//! Orders that were placed for a later day: each starts on it, in the buyer's zone. What is not a price is looked at
//! again then; if it does not allow the start any more, the order says why, and nothing was charged.
//!
//! What is looked at is the same for every order that is approved, starts or is tried again: [`check_start`].

use chrono::NaiveDate;
use entity::order::{Column, Entity};
use entity::{order, plan, resource_term};
use model::{Awaits, OrderId, OrderKind, OrderState, OrderVerb, last_day_of_term};
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::Actor;
use crate::core::Core;
use crate::ordering::carry_out::begin::begin_in;
use crate::ordering::locks::lock_order_and_sale;
use crate::ordering::moves::{Moved, store_move};
use crate::ordering::parties::{Buyer, Sale, load_plan};
use crate::ordering::{OrderOperations, OrderingError};
use crate::provisioning::lifetime::next_term;

/// Orders looked up at once; each is then started in its own transaction.
const BATCH: u64 = 100;

impl OrderOperations {
    /// Starts every scheduled order whose day has come. Answers how many left the schedule, started or refused. An error
    /// holds up only its own order; the first one is answered at the end.
    pub async fn start_due(&self) -> Result<u64, OrderingError> {
        let mut moved = 0;
        let mut first_error = None;
        let mut last = None;
        loop {
            let due = self.scheduled(last).await?;
            let Some(end) = due.last() else {
                return first_error.map_or(Ok(moved), Err);
            };
            last = Some(*end);
            for id in due {
                match self.start(id).await {
                    Ok(started) => moved += u64::from(started),
                    Err(error) => first_error = first_error.or(Some(error)),
                }
            }
        }
    }

    /// Scheduled orders whose day has come somewhere on earth.
    async fn scheduled(&self, after: Option<OrderId>) -> Result<Vec<OrderId>, OrderingError> {
        let today = self.core.now().date_naive();
        let mut query = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::State.eq(OrderState::PendingStart))
            .filter(Column::StartDate.lte(today.succ_opt().unwrap_or(today)))
            .order_by_asc(Column::Id)
            .limit(BATCH);
        if let Some(after) = after {
            query = query.filter(Column::Id.gt(after));
        }
        Ok(query.into_tuple().all(self.core.read()).await?)
    }

    /// False where its day has not come for its buyer, or somebody withdrew it meanwhile.
    async fn start(&self, id: OrderId) -> Result<bool, OrderingError> {
        let core = &self.core;
        let tx = core.write_tx().await?;
        let order = lock_order_and_sale(&tx, id).await?;
        let buyer = Buyer::load(&*tx, order.project_id).await?;
        if order.state != OrderState::PendingStart || waits_for_its_day(&order, buyer.today(core)) {
            return Ok(false);
        }
        let actor = Actor::system();
        match check_start(core, &tx, &order, &buyer).await {
            Ok(()) => {
                let to = order.state.after(OrderVerb::Begin, Awaits::default())?;
                let moved = Moved {
                    verb: "order.started",
                    to,
                    reason: "",
                    error: "",
                };
                let order = store_move(core, &tx, &actor, order, moved).await?;
                begin_in(core, &tx, &actor, order).await?;
            }
            Err(OrderingError::NotOrderable(reason)) => {
                let to = order.state.after(OrderVerb::Reject, Awaits::default())?;
                let moved = Moved {
                    verb: "order.start_refused",
                    to,
                    reason: &reason,
                    error: &reason,
                };
                store_move(core, &tx, &actor, order, moved).await?;
            }
            Err(error) => return Err(error),
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// Its first day lies ahead.
pub(in crate::ordering) fn waits_for_its_day(order: &order::Model, today: NaiveDate) -> bool {
    order.start_date.is_some_and(|start| start > today)
}

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
/// with `NotOrderable`, which says what does not allow it any more. Ending and lowering is always possible.
pub(in crate::ordering) async fn check_start(
    core: &Core,
    tx: &DatabaseTransaction,
    order: &order::Model,
    buyer: &Buyer,
) -> Result<(), OrderingError> {
    check_project(order, buyer, buyer.today(core))?;
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
            check_plan_sold(tx, order).await
        }
        OrderKind::ChangeLimits if raises(order)? => sale.check_active(),
        OrderKind::Renew => {
            sale.check_renewable()?;
            check_within_project(core, tx, order, buyer).await
        }
        OrderKind::ChangeLimits | OrderKind::Terminate => Ok(()),
    }
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

/// The last day of what the order asks for if it is begun `today`: a term begins only then, or after the one before it,
/// and a last day was chosen when it was placed.
async fn last_day(
    tx: &DatabaseTransaction,
    order: &order::Model,
    today: NaiveDate,
) -> Result<Option<NaiveDate>, DbErr> {
    let Some(months) = order.term_months.and_then(|months| u32::try_from(months).ok()) else {
        return Ok(order.end_date);
    };
    let first = match order.resource_id.filter(|_| order.kind == OrderKind::Renew) {
        Some(id) => next_term(&resource_term::Entity::find_of_resource(id).all(tx).await?, today),
        None => today,
    };
    Ok(last_day_of_term(first, months))
}
