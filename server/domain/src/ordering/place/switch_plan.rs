//! Another plan for a resource: the order, and what it comes to for those who ask before they order. Limits stay.

use entity::json::Limits;
use entity::plan;
use model::{
    LaterTerm, Occasion, OrderId, OrderKind, PlanId, PreviousPlan, PricedComponent, Quote, ResourceId,
    SwitchablePlan,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, QueryFilter};

use super::idempotent::IdempotentPlacing;
use super::ordered_resource::OrderedResource;
use super::submit::submit_in;
use crate::access::Actor;
use crate::check::Check;
use crate::core::Core;
use crate::ordering::check::{check_plan, end};
use crate::ordering::parties::load_plan;
use crate::ordering::price::cost::{Cost, settled_limits};
use crate::ordering::price::offer::Offer;
use crate::ordering::{Ordering, OrderingError};

/// A plan that is switched to, with what the switch is priced by.
struct PlanSwitch {
    offer: Offer,
    limits: Limits,
    previous: Option<PreviousPlan>,
    later_terms: Vec<LaterTerm>,
}

impl PlanSwitch {
    /// Answers the resource in its new plan, with what of it is paid.
    async fn of(
        core: &Core,
        db: &impl ConnectionTrait,
        (mut ordered, previous): (OrderedResource, Option<PreviousPlan>),
        plan: plan::Model,
    ) -> Result<(OrderedResource, Self), OrderingError> {
        ordered.parties.plan = plan;
        let plan = Some(&ordered.parties.plan);
        let offer = Offer::now(db, ordered.resource.offering_id, plan, core.now()).await?;
        let ordered = ordered.with_paid(core, db, &offer.components).await?;
        let switched = Some((ordered.parties.plan.id, &offer.binding));
        if let Some(previous) = &previous {
            refuse_dearer_term(core, &ordered, previous, &offer)?;
        }
        let later_terms = ordered.later_terms(core, db, switched).await?;
        let switch = Self {
            limits: settled_limits(&offer.components, &Limits::new(), Some(&ordered.held)),
            offer,
            previous,
            later_terms,
        };
        Ok((ordered, switch))
    }

    fn cost<'a>(&self, core: &Core, ordered: &'a OrderedResource) -> Cost<'a> {
        Cost {
            previous: self.previous.clone(),
            later_terms: self.later_terms.clone(),
            ..ordered.cost(core, Occasion::SwitchPlan, &self.offer, self.limits.clone())
        }
    }

    fn quote(&self, core: &Core, ordered: &OrderedResource) -> Result<Quote, OrderingError> {
        let mut check = Check::default();
        let quote = self.cost(core, ordered).quote(&mut check)?;
        end(check)?;
        quote.ok_or_else(|| ordered.no_term())
    }
}

/// What is paid up front was paid at the prices of its plan. For the rest of the term a dearer plan would be had for nothing, so
/// it is refused; one that costs no more is possible, and nothing is given back.
fn refuse_dearer_term(
    core: &Core,
    ordered: &OrderedResource,
    previous: &PreviousPlan,
    offer: &Offer,
) -> Result<(), OrderingError> {
    let paid = |one: &&PricedComponent| {
        let held = ordered.billed.get(&one.terms.code).copied().unwrap_or_default();
        one.terms.prepaid && !held.is_zero()
    };
    let Some(until) = ordered.paid_until(core) else {
        return Ok(());
    };
    for component in offer.components.iter().filter(paid) {
        let is_same = |one: &&PricedComponent| one.terms.code == component.terms.code;
        let before = previous.components.iter().find(is_same);
        let no_more = before.is_some_and(|before| {
            let same = previous.currency == ordered.parties.plan.currency;
            same && component.price.scheme.costs_no_more_than(&before.price.scheme)
        });
        if !no_more {
            return Err(OrderingError::NotOrderable(format!(
                "{} is paid up front until {} at the price of the present plan, and {} is dearer. Order {} in that plan as something new, or change to a plan that costs no more.",
                component.terms.name,
                until.format("%-d %B %Y"),
                ordered.parties.plan.name,
                ordered.parties.sale.offering.name
            )));
        }
    }
    Ok(())
}

/// The plan that a switch leaves, as it is priced now.
async fn left(
    core: &Core,
    db: &impl ConnectionTrait,
    ordered: &OrderedResource,
) -> Result<Option<PreviousPlan>, OrderingError> {
    let held = ordered.offer(core, db).await?;
    Ok(held.previous(ordered.parties.plan.currency))
}

/// The plan, if the resource can be switched to it.
async fn other_plan(
    db: &impl ConnectionTrait,
    ordered: &OrderedResource,
    plan: PlanId,
) -> Result<plan::Model, OrderingError> {
    let mut check = Check::default();
    if plan == ordered.resource.plan_id {
        let message = "The resource is in this plan already. Choose another one.";
        check.fault("plan_id", "unchanged", message);
    }
    let plan = check_plan(
        &mut check,
        load_plan(db, plan).await?,
        &ordered.parties.sale.offering,
    );
    end(check)?;
    plan.ok_or(OrderingError::NotFound { what: "plan" })
}

impl Ordering {
    /// Orders another plan of the same offering. Limits stay. Answers the order. Refused where an order for the resource is
    /// open or its state allows no change, where the offering takes no orders or the project cannot order, after the last
    /// day, for a plan that it has already or that is not sold, and for one at which what is paid up front would have cost more.
    pub async fn place_switch_plan(
        &self,
        actor: &Actor,
        resource: ResourceId,
        plan: PlanId,
        idem: Option<&str>,
    ) -> Result<OrderId, OrderingError> {
        let tx = self.core.write_tx().await?;
        let asked = (OrderKind::SwitchPlan, resource, plan);
        let once = IdempotentPlacing::claim(&self.core, &tx, actor, idem, &asked).await?;
        let place = switch_plan_in(&self.core, &tx, actor, (resource, plan));
        let id = once.or_place(&tx, actor, place).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What a switch to the plan would cost if it were ordered now. Refused as the order where the plan is not another one
    /// that is sold, after the last day, and where the resource has ended; whether the order would be taken is not checked
    /// otherwise.
    pub async fn quote_switch_plan(
        &self,
        actor: &Actor,
        resource: ResourceId,
        plan: PlanId,
    ) -> Result<Quote, OrderingError> {
        let db = self.core.read();
        let ordered = OrderedResource::look_at(db, actor, resource).await?;
        ordered.check_lasts(&self.core)?;
        let plan = other_plan(db, &ordered, plan).await?;
        let previous = left(&self.core, db, &ordered).await?;
        let (ordered, switch) = PlanSwitch::of(&self.core, db, (ordered, previous), plan).await?;
        switch.quote(&self.core, &ordered)
    }

    /// The plans that the resource can be switched to, in the offering's order, each with everything that the cost of the
    /// switch depends on: a form prices from it what is chosen, with the function that the server uses. Refused after the
    /// last day, and where the resource has ended.
    pub async fn switchable_plans(
        &self,
        actor: &Actor,
        resource: ResourceId,
    ) -> Result<Vec<SwitchablePlan>, OrderingError> {
        let db = self.core.read();
        let ordered = OrderedResource::look_at(db, actor, resource).await?;
        ordered.check_lasts(&self.core)?;
        let plans = plan::Entity::find_of_offering(ordered.resource.offering_id)
            .filter(plan::Column::Archived.eq(false))
            .filter(plan::Column::Id.ne(ordered.resource.plan_id))
            .all(db)
            .await?;
        let previous = left(&self.core, db, &ordered).await?;
        let mut switchable = Vec::with_capacity(plans.len());
        for plan in plans {
            let (id, name, description) = (plan.id, plan.name.clone(), plan.description.clone());
            let (ordered, switch) =
                match PlanSwitch::of(&self.core, db, (ordered.clone(), previous.clone()), plan).await {
                    // One that lacks a price cannot be had.
                    Err(OrderingError::NotOrderable(_)) => continue,
                    answer => answer?,
                };
            switchable.push(SwitchablePlan {
                id,
                name,
                description,
                terms: switch.cost(&self.core, &ordered).request(),
            });
        }
        Ok(switchable)
    }
}

async fn switch_plan_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    (resource, plan): (ResourceId, PlanId),
) -> Result<OrderId, OrderingError> {
    let ordered = OrderedResource::load(tx, actor, resource).await?;
    ordered.check_change(core, tx, true).await?;
    ordered.check_lasts(core)?;
    let plan = other_plan(tx, &ordered, plan).await?;
    let previous = left(core, tx, &ordered).await?;
    let (ordered, switch) = PlanSwitch::of(core, tx, (ordered, previous), plan).await?;
    let quote = Some((switch.quote(core, &ordered)?, switch.offer.binding));
    let new_order = ordered.new_order(OrderKind::SwitchPlan, switch.limits, quote, String::new());
    submit_in(core, tx, actor, &ordered.parties, new_order).await
}
