//! The resource that an order is placed for, and what every such order has in common.

use entity::json::Limits;
use entity::{order, resource, resource_interval, resource_term};
use model::{
    Binding, LaterTerm, Occasion, OrderKind, Permission, PlanId, PricedComponent, Quote, ResourceId,
    ResourceVerb,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use super::answers::Answers;
use super::submit::NewOrder;
use crate::access::Actor;
use crate::billing::terms_ahead;
use crate::core::Core;
use crate::ordering::OrderingError;
use crate::ordering::allow::allow;
use crate::ordering::locks::hold_sale;
use crate::ordering::parties::{Buyer, Parties, Sale, load_plan};
use crate::ordering::price::cost::Cost;
use crate::ordering::price::offer::Offer;
use crate::provisioning;
use crate::provisioning::renewals::bound_at;
use crate::structure::End;

/// A resource that an order is placed for, with the parties it came from.
#[derive(Clone)]
pub(in crate::ordering) struct OrderedResource {
    pub(in crate::ordering) resource: resource::Model,
    pub(in crate::ordering) held: Limits,
    /// What the buyer expects to use a month.
    pub(in crate::ordering) expected: Limits,
    /// What is billed already: for limits that are paid up front, the most that was held in the term.
    pub(in crate::ordering) billed: Limits,
    /// Terms that are paid up front, the first one first.
    pub(in crate::ordering) terms: Vec<resource_term::Model>,
    pub(in crate::ordering) parties: Parties,
}

impl OrderedResource {
    /// The resource is locked until the transaction ends: before the open order is looked for, so that two orders
    /// cannot both find none. So is what it is bought from.
    pub(in crate::ordering) async fn load(
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

    /// For looking at what an order would cost. Refused where the resource has ended.
    pub(super) async fn look_at(
        db: &impl ConnectionTrait,
        actor: &Actor,
        id: ResourceId,
    ) -> Result<Self, OrderingError> {
        let found = resource::Entity::find_by_id(id).one(db).await?;
        let ordered = Self::with(db, actor, found).await?;
        if ordered.resource.state.is_terminal() {
            return Err(OrderingError::NotOrderable(format!(
                "{} has ended, so nothing of it can be changed or renewed. Order it anew.",
                ordered.resource.name
            )));
        }
        Ok(ordered)
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
        let parties = Parties {
            buyer: Buyer::load(db, resource.project_id).await?,
            sale: Sale::load(db, resource.offering_id).await?,
            plan: load_plan(db, resource.plan_id).await?.ok_or_else(missing)?,
        };
        let terms = resource_term::Entity::find_of_resource(resource.id)
            .all(db)
            .await?;
        let held = resource.limits_held()?;
        Ok(Self {
            billed: held.clone(),
            held,
            terms,
            expected: resource.use_expected()?,
            resource,
            parties,
        })
    }

    /// What a change within its plan is priced by: the versions that it has now.
    pub(in crate::ordering) async fn offer(
        &self,
        core: &Core,
        db: &impl ConnectionTrait,
    ) -> Result<Offer, OrderingError> {
        let now = core.now();
        let present = resource_interval::Entity::find_present(self.resource.id)
            .one(db)
            .await?;
        let bound = match &present {
            Some(present) => bound_at(db, present, &self.terms, (&self.parties.buyer.zone, now)).await?,
            None => Binding::default(),
        };
        Offer::under(db, self.resource.offering_id, &self.parties.plan, bound, now).await
    }

    /// Takes into account what was paid up front in the running term and given back since.
    pub(super) async fn with_paid(
        mut self,
        core: &Core,
        db: &impl ConnectionTrait,
        components: &[PricedComponent],
    ) -> Result<Self, OrderingError> {
        let Some(from) = self.term(core).map(|term| term.term_from) else {
            return Ok(self);
        };
        let zone = self.parties.buyer.zone.clone();
        let is_of_term = |row: &resource_interval::Model| row.ends_at.is_none_or(|at| zone.day(at) >= from);
        let rows = resource_interval::Entity::find()
            .filter(resource_interval::Column::ResourceId.eq(self.resource.id))
            .all(db)
            .await?;
        for interval in rows.iter().filter(|row| is_of_term(row)) {
            let limits = interval.limits_held()?;
            for prepaid in components.iter().filter(|one| one.terms.prepaid) {
                let component = &prepaid.terms.code;
                if let Some(limit) = limits.get(component) {
                    let most = self.billed.entry(component.clone()).or_default();
                    *most = (*most).max(*limit);
                }
            }
        }
        Ok(self)
    }

    /// The terms that follow the one that runs, with what they cost as things are, and after a switch to the plan that
    /// `switched` has bound.
    pub(super) async fn later_terms(
        &self,
        core: &Core,
        db: &impl ConnectionTrait,
        switched: Option<(PlanId, &Binding)>,
    ) -> Result<Vec<LaterTerm>, OrderingError> {
        let Some(running) = self.term(core).map(|term| term.term_from) else {
            return Ok(Vec::new());
        };
        // Not asked of the many resources that have no other term.
        if self.terms.iter().all(|term| term.term_from <= running) {
            return Ok(Vec::new());
        }
        let before = terms_ahead(db, &self.resource, running, None).await?;
        let after = match switched {
            Some(_) => terms_ahead(db, &self.resource, running, switched).await?,
            None => before.clone(),
        };
        let later = before.into_iter().zip(after).map(|(before, after)| LaterTerm {
            days: before.days,
            limits: self.held.clone(),
            prices_before: before.prices,
            prices: after.prices,
        });
        Ok(later.collect())
    }

    /// The term that runs, or the last one.
    fn term(&self, core: &Core) -> Option<&resource_term::Model> {
        let today = self.parties.buyer.today(core);
        let runs = |term: &&resource_term::Model| (term.term_from..term.term_until).contains(&today);
        self.terms.iter().find(runs).or_else(|| self.terms.last())
    }

    /// The last day of what is paid up front; none where nothing is.
    pub(super) fn paid_until(&self, core: &Core) -> Option<chrono::NaiveDate> {
        self.term(core).and_then(|term| term.term_until.pred_opt())
    }

    /// Its last day is not over. Past it there is nothing to order but more time.
    pub(super) fn check_lasts(&self, core: &Core) -> Result<(), OrderingError> {
        let buyer = &self.parties.buyer;
        buyer.check_lasts(&self.resource, !self.terms.is_empty(), buyer.today(core))
    }

    /// What is asked for is paid up front, but there is no term to pay it for.
    pub(super) fn no_term(&self) -> OrderingError {
        OrderingError::NotOrderable(format!(
            "This is paid up front for a term, and {} has none. Renew it first.",
            self.resource.name
        ))
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
            self.parties.sale.check_active()?;
            self.parties.buyer.check_open(self.parties.buyer.today(core))?;
        }
        Ok(())
    }

    pub(in crate::ordering) fn cost(
        &self,
        core: &Core,
        occasion: Occasion,
        offer: &Offer,
        limits: Limits,
    ) -> Cost<'_> {
        let Parties { buyer, sale, plan } = &self.parties;
        let today = buyer.today(core);
        Cost {
            occasion,
            plan: Some(plan),
            terms: offer.terms,
            components: offer.components.clone(),
            limits,
            limits_before: self.billed.clone(),
            previous: None,
            expected: self.expected.clone(),
            start: buyer.local_now(core),
            zone: &buyer.zone,
            last_day: End::of(self.resource.end_date, buyer.project.end_date).map(|end| end.last_day),
            paid_term: self.term(core).map(resource_term::Model::range),
            later_terms: Vec::new(),
            to_come: offer.to_come.clone(),
            tax: buyer.tax_from(sale, today),
        }
    }

    pub(super) fn new_order(
        &self,
        kind: OrderKind,
        limits: Limits,
        quote: Option<(Quote, Binding)>,
        reason: String,
    ) -> NewOrder {
        NewOrder {
            kind,
            resource_id: Some(self.resource.id),
            resource_name: self.resource.name.clone(),
            limits,
            limits_before: self.held.clone(),
            expected_use: self.expected.clone(),
            answers: Answers::without_secrets(self.resource.attributes.clone()),
            request_form: None,
            start: None,
            last_day: self.resource.end_date,
            term_months: None,
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
