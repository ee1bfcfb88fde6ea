//! Placing orders for a resource that is there: other limits, another plan, its end.

use entity::json::Limits;
use entity::{order, resource};
use model::{
    ChargeType, LimitsDraft, Occasion, OrderId, OrderKind, Permission, PlanId, PricedComponent, Quote,
    ResourceId, ResourceVerb,
};
use sea_orm::{DatabaseTransaction, EntityTrait, QuerySelect};

use super::answers::Answers;
use super::check::{self, check_end, check_plan, end};
use super::place::Once;
use super::quote::{Cost, load_components, settled_limits};
use super::store::{Wanted, submit_in};
use super::trade::{Buyer, Sale, Trade, allow, load_plan};
use super::{Ordering, OrderingError};
use crate::access::Actor;
use crate::billing::tax_between;
use crate::check::Check;
use crate::core::Core;
use crate::provisioning;

impl Ordering {
    /// Orders other limits. What is not named stays. A change that raises nothing is possible whatever the state of
    /// the offering: nobody is kept at a cost.
    pub async fn place_change_limits(
        &self,
        actor: &Actor,
        draft: LimitsDraft,
        idem: Option<&str>,
    ) -> Result<OrderId, OrderingError> {
        let tx = self.core.write_tx().await?;
        let once = Once::claim(&self.core, &tx, actor, idem, &(OrderKind::ChangeLimits, &draft)).await?;
        let id = match once.placed() {
            Some(id) => id,
            None => {
                once.keep(&tx, actor, change_limits_in(&self.core, &tx, actor, draft).await?)
                    .await?
            }
        };
        tx.commit().await?;
        Ok(id)
    }

    /// Orders another plan of the same offering. Limits stay.
    pub async fn place_switch_plan(
        &self,
        actor: &Actor,
        resource: ResourceId,
        plan: PlanId,
        idem: Option<&str>,
    ) -> Result<OrderId, OrderingError> {
        let tx = self.core.write_tx().await?;
        let once = Once::claim(
            &self.core,
            &tx,
            actor,
            idem,
            &(OrderKind::SwitchPlan, resource, plan),
        )
        .await?;
        let id = match once.placed() {
            Some(id) => id,
            None => {
                once.keep(
                    &tx,
                    actor,
                    switch_plan_in(&self.core, &tx, actor, (resource, plan)).await?,
                )
                .await?
            }
        };
        tx.commit().await?;
        Ok(id)
    }

    /// Orders the end of a resource. Possible whatever the state of offering, project and organization.
    pub async fn place_terminate(
        &self,
        actor: &Actor,
        resource: ResourceId,
        reason: &str,
        idem: Option<&str>,
    ) -> Result<OrderId, OrderingError> {
        let reason = check::comment("reason", reason, false)?;
        let tx = self.core.write_tx().await?;
        let once = Once::claim(
            &self.core,
            &tx,
            actor,
            idem,
            &(OrderKind::Terminate, resource, &reason),
        )
        .await?;
        let id = match once.placed() {
            Some(id) => id,
            None => {
                once.keep(
                    &tx,
                    actor,
                    terminate_in(&self.core, &tx, actor, (resource, reason)).await?,
                )
                .await?
            }
        };
        tx.commit().await?;
        Ok(id)
    }
}

/// A resource that an order is placed for: locked, with the trade it came from.
struct Subject {
    resource: resource::Model,
    held: Limits,
    trade: Trade,
}

impl Subject {
    async fn load(tx: &DatabaseTransaction, actor: &Actor, id: ResourceId) -> Result<Self, OrderingError> {
        let missing = || OrderingError::NotFound { what: "resource" };
        // Locked before the open order is looked for, so that two orders cannot both find none.
        let resource = resource::Entity::find_by_id(id)
            .lock_exclusive()
            .one(tx)
            .await?
            .ok_or_else(missing)?;
        allow(
            actor,
            Permission::PlaceOrder,
            &provisioning::facts::target_of(&resource),
            "resource",
        )?;
        let trade = Trade {
            buyer: Buyer::load(tx, resource.project_id).await?,
            sale: Sale::load(tx, resource.offering_id).await?,
            plan: load_plan(tx, resource.plan_id).await?.ok_or_else(missing)?,
        };
        Ok(Self {
            held: resource.limits_held()?,
            resource,
            trade,
        })
    }

    /// A change is possible now. `needs_sale`: the offering and the buyer must be open for orders.
    async fn check_change(
        &self,
        core: &Core,
        tx: &DatabaseTransaction,
        needs_sale: bool,
    ) -> Result<(), OrderingError> {
        check_no_open_order(tx, &self.resource).await?;
        if !provisioning::can_be_changed(&self.resource) {
            self.resource.state.after(ResourceVerb::BeginUpdate)?;
            return Err(OrderingError::NotOrderable(
                "The creation of this resource failed, so there is nothing to change. Terminate it and order again.".into(),
            ));
        }
        if needs_sale {
            self.trade.sale.check_active()?;
            self.trade.buyer.check_open(self.trade.buyer.today(core))?;
        }
        Ok(())
    }

    fn cost(
        &self,
        core: &Core,
        occasion: Occasion,
        components: Vec<PricedComponent>,
        limits: Limits,
    ) -> Cost<'_> {
        let Trade { buyer, sale, plan } = &self.trade;
        Cost {
            occasion,
            plan: Some(plan),
            components,
            limits,
            limits_before: self.held.clone(),
            start: buyer.today(core),
            last_day: self.resource.end_date,
            tax: tax_between(&sale.provider, &buyer.organization),
        }
    }

    fn wanted(&self, kind: OrderKind, limits: Limits, quote: Option<Quote>, reason: String) -> Wanted {
        Wanted {
            kind,
            resource_id: Some(self.resource.id),
            resource_name: self.resource.name.clone(),
            limits,
            limits_before: self.held.clone(),
            answers: Answers {
                open: self.resource.attributes.clone(),
                sealed: None,
            },
            last_day: self.resource.end_date,
            quote,
            accepted_terms: None,
            reason,
        }
    }
}

async fn check_no_open_order(
    tx: &DatabaseTransaction,
    resource: &resource::Model,
) -> Result<(), OrderingError> {
    let Some(id) = provisioning::find_open_order(tx, resource).await? else {
        return Ok(());
    };
    let first = order::Entity::find_by_id(id)
        .one(tx)
        .await?
        .ok_or_else(OrderingError::no_order)?;
    Err(OrderingError::OpenOrder {
        order: id,
        kind: first.kind,
        state: first.state,
    })
}

async fn change_limits_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    draft: LimitsDraft,
) -> Result<OrderId, OrderingError> {
    let subject = Subject::load(tx, actor, draft.resource_id).await?;
    let today = subject.trade.buyer.today(core);
    let components =
        load_components(tx, subject.resource.offering_id, Some(&subject.trade.plan), today).await?;
    let limits = settled_limits(&components, &draft.limits, &subject.held);
    let held = |code: &String| subject.held.get(code).copied().unwrap_or_default();
    let raises = limits.iter().any(|(code, limit)| *limit > held(code));
    subject.check_change(core, tx, raises).await?;
    let mut check = Check::default();
    if !components
        .iter()
        .any(|component| component.terms.charge == ChargeType::Limit)
    {
        return Err(OrderingError::NotOrderable(
            "This offering has no limits to change.".into(),
        ));
    }
    // Limits that were not named, so that unknown codes in the draft are told and held ones are kept.
    let mut asked = limits.clone();
    asked.extend(draft.limits);
    let is_same = asked
        .iter()
        .all(|(code, limit)| subject.held.get(code) == Some(limit));
    if is_same {
        check.fault("limits", "unchanged", "Change at least one limit.");
    }
    let quote = subject
        .cost(core, Occasion::ChangeLimits, components, asked)
        .quote(&mut check)?;
    end(check)?;
    let wanted = subject.wanted(OrderKind::ChangeLimits, limits, quote, String::new());
    submit_in(core, tx, actor, &subject.trade, wanted).await
}

async fn switch_plan_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    (resource, plan): (ResourceId, PlanId),
) -> Result<OrderId, OrderingError> {
    let mut subject = Subject::load(tx, actor, resource).await?;
    subject.check_change(core, tx, true).await?;
    let mut check = Check::default();
    if plan == subject.resource.plan_id {
        check.fault(
            "plan_id",
            "unchanged",
            "The resource is in this plan already. Choose another one.",
        );
    }
    let plan = check_plan(
        &mut check,
        load_plan(tx, plan).await?,
        &subject.trade.sale.offering,
    );
    end(check)?;
    subject.trade.plan = plan.ok_or(OrderingError::NotFound { what: "plan" })?;
    let today = subject.trade.buyer.today(core);
    let components =
        load_components(tx, subject.resource.offering_id, Some(&subject.trade.plan), today).await?;
    let limits = settled_limits(&components, &Limits::new(), &subject.held);
    let mut check = Check::default();
    check_end(&mut check, subject.resource.end_date, today, None, &components);
    let quote = subject
        .cost(core, Occasion::SwitchPlan, components, limits.clone())
        .quote(&mut check)?;
    end(check)?;
    let wanted = subject.wanted(OrderKind::SwitchPlan, limits, quote, String::new());
    submit_in(core, tx, actor, &subject.trade, wanted).await
}

async fn terminate_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    (resource, reason): (ResourceId, String),
) -> Result<OrderId, OrderingError> {
    let subject = Subject::load(tx, actor, resource).await?;
    check_no_open_order(tx, &subject.resource).await?;
    subject.resource.state.after(ResourceVerb::BeginTermination)?;
    let limits = subject.held.clone();
    let wanted = subject.wanted(OrderKind::Terminate, limits, None, reason);
    submit_in(core, tx, actor, &subject.trade, wanted).await
}
