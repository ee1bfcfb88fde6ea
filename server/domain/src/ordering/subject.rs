//! The resource that an order is placed for, and what every such order has in common.

use entity::json::Limits;
use entity::{order, resource};
use model::{Occasion, OrderKind, Permission, PricedComponent, Quote, ResourceId, ResourceVerb};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QuerySelect};

use super::OrderingError;
use super::answers::Answers;
use super::locks::hold_sale;
use super::quote::Cost;
use super::store::Wanted;
use super::trade::{Buyer, Sale, Trade, allow, load_plan};
use crate::access::Actor;
use crate::core::Core;
use crate::provisioning;

/// A resource that an order is placed for, with the trade it came from.
pub(super) struct Subject {
    pub(super) resource: resource::Model,
    pub(super) held: Limits,
    /// What the buyer expects to use a month.
    pub(super) expected: Limits,
    pub(super) trade: Trade,
}

impl Subject {
    /// The resource is locked until the transaction ends: before the open order is looked for, so that two orders
    /// cannot both find none. So is what it is bought from.
    pub(super) async fn load(
        tx: &DatabaseTransaction,
        actor: &Actor,
        id: ResourceId,
    ) -> Result<Self, OrderingError> {
        if let Some(seen) = resource::Entity::find_by_id(id).one(tx).await? {
            hold_sale(tx, seen.project_id, seen.offering_id).await?;
        }
        let found = resource::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
        Self::with(tx, actor, found).await
    }

    /// For looking at what an order would cost.
    pub(super) async fn look_at(
        db: &impl ConnectionTrait,
        actor: &Actor,
        id: ResourceId,
    ) -> Result<Self, OrderingError> {
        let found = resource::Entity::find_by_id(id).one(db).await?;
        Self::with(db, actor, found).await
    }

    async fn with(
        db: &impl ConnectionTrait,
        actor: &Actor,
        found: Option<resource::Model>,
    ) -> Result<Self, OrderingError> {
        let missing = || OrderingError::NotFound { what: "resource" };
        let resource = found.ok_or_else(missing)?;
        allow(
            actor,
            Permission::PlaceOrder,
            &provisioning::facts::target_of(&resource),
            "resource",
        )?;
        let trade = Trade {
            buyer: Buyer::load(db, resource.project_id).await?,
            sale: Sale::load(db, resource.offering_id).await?,
            plan: load_plan(db, resource.plan_id).await?.ok_or_else(missing)?,
        };
        Ok(Self {
            held: resource.limits_held()?,
            expected: resource.use_expected()?,
            resource,
            trade,
        })
    }

    /// A change is possible now. `needs_sale`: the offering and the buyer must be open for orders.
    pub(super) async fn check_change(
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

    pub(super) fn cost(
        &self,
        core: &Core,
        occasion: Occasion,
        components: Vec<PricedComponent>,
        limits: Limits,
    ) -> Cost<'_> {
        let Trade { buyer, sale, plan } = &self.trade;
        let today = buyer.today(core);
        Cost {
            occasion,
            plan: Some(plan),
            components,
            limits,
            limits_before: self.held.clone(),
            previous: None,
            expected: self.expected.clone(),
            start: buyer.local_now(core),
            last_day: self.resource.end_date,
            tax: buyer.tax_from(sale, today),
        }
    }

    pub(super) fn wanted(
        &self,
        kind: OrderKind,
        limits: Limits,
        quote: Option<Quote>,
        reason: String,
    ) -> Wanted {
        Wanted {
            kind,
            resource_id: Some(self.resource.id),
            resource_name: self.resource.name.clone(),
            limits,
            limits_before: self.held.clone(),
            expected_use: self.expected.clone(),
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

pub(super) async fn check_no_open_order(
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
