//! What an order will cost: the model's quote over the price versions in force on the server.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use entity::json::Limits;
use entity::{component, plan};
use model::{
    BillingPeriod, CreateDraft, Fixed, Month, Occasion, OfferingId, PlanId, PreviousPlan, Price, PriceScheme,
    PricedComponent, Quote, QuoteError, QuoteRequest, TaxRate,
};
use sea_orm::ConnectionTrait;

use super::check::{Asked, check_duration, check_plan, end};
use super::trade::{Buyer, Sale, allow, load_plan};
use super::{Ordering, OrderingError};
use crate::access::Actor;
use crate::billing::domestic_tax;
use crate::catalogue;
use crate::check::Check;

impl Ordering {
    /// What this draft would cost now. Of the draft, the plan, the limits and the end date are checked; its name, answers
    /// and terms are not. Without an actor, or where the actor does not see the project, the tax is the seller's
    /// domestic one.
    pub async fn quote(&self, actor: Option<&Actor>, draft: &CreateDraft) -> Result<Quote, OrderingError> {
        let db = self.core.read();
        let buyer = match actor {
            Some(actor) => visible_buyer(db, actor, draft).await?,
            None => None,
        };
        let sale = Sale::load(db, draft.offering_id).await?;
        sale.check_visible(db, actor, buyer.as_ref().map(|buyer| buyer.organization.id))
            .await?;
        let now = buyer.as_ref().map_or_else(
            || sale.local_now(&self.core),
            |buyer| Ok(buyer.local_now(&self.core)),
        )?;
        let today = now.date();
        let mut check = Check::default();
        let plan = check_plan(&mut check, load_plan(db, draft.plan_id).await?, &sale.offering);
        let components = load_components(db, draft.offering_id, plan.as_ref(), today).await?;
        let (start, last_day) = check_duration(
            &mut check,
            Asked {
                start_date: draft.start_date,
                end_date: draft.end_date,
                term_months: draft.term_months,
            },
            today,
            buyer.as_ref().map(|buyer| &buyer.project),
            &components,
            &sale.offering.duration_rules()?,
        );
        let cost = Cost {
            occasion: Occasion::Create,
            plan: plan.as_ref(),
            components,
            limits: draft.limits.clone(),
            limits_before: Limits::new(),
            previous: None,
            expected: draft.expected_use.clone(),
            start: starting(start, now),
            last_day,
            paid_until: None,
            tax: match &buyer {
                Some(buyer) => buyer.tax_from(&sale, start),
                None => domestic_tax(&sale.versions, Month::containing(start)),
            },
        };
        let quote = cost.quote(&mut check)?;
        end(check)?;
        quote.ok_or(OrderingError::NotFound { what: "plan" })
    }
}

/// When an order of which `start` is the first day begins: now, or at the midnight of a later day.
pub(super) fn starting(start: NaiveDate, now: NaiveDateTime) -> NaiveDateTime {
    if start == now.date() {
        now
    } else {
        start.and_time(NaiveTime::MIN)
    }
}

async fn visible_buyer(
    db: &impl ConnectionTrait,
    actor: &Actor,
    draft: &CreateDraft,
) -> Result<Option<Buyer>, OrderingError> {
    match Buyer::load(db, draft.project_id).await {
        Ok(buyer) => Ok(Some(buyer).filter(|buyer| {
            allow(actor, model::Permission::ViewProject, &buyer.target(), "project").is_ok()
        })),
        Err(OrderingError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the cost of an order depends on.
pub(super) struct Cost<'a> {
    pub(super) occasion: Occasion,
    /// None where the draft names no plan that can be had: then only faults are looked for.
    pub(super) plan: Option<&'a plan::Model>,
    pub(super) components: Vec<PricedComponent>,
    pub(super) limits: Limits,
    pub(super) limits_before: Limits,
    /// The plan that is left.
    pub(super) previous: Option<PreviousPlan>,
    /// What the buyer expects to use a month.
    pub(super) expected: Limits,
    /// Now, where the buyer's invoices are counted.
    pub(super) start: NaiveDateTime,
    pub(super) last_day: Option<NaiveDate>,
    /// The day after the last that is paid up front, where that is not the last day.
    pub(super) paid_until: Option<NaiveDate>,
    pub(super) tax: TaxRate,
}

impl Cost<'_> {
    /// The quote, or none when something is at fault; faulty limits are added to `check`.
    pub(super) fn quote(self, check: &mut Check) -> Result<Option<Quote>, OrderingError> {
        let is_priced = self.plan.is_some();
        match model::quote(&self.request()) {
            Ok(quote) => Ok(Some(quote).filter(|_| is_priced)),
            Err(QuoteError::Limits(found)) => {
                check.extend(found);
                Ok(None)
            }
            // Both are faults of how long it is to be had, which `check_duration` has told.
            Err(QuoteError::MissingTerm | QuoteError::EndBeforeStart) => Ok(None),
            Err(QuoteError::Pricing(_)) if !is_priced => Ok(None),
            Err(error) => Err(OrderingError::Price(error)),
        }
    }

    pub(super) fn request(self) -> QuoteRequest {
        use model::{ChargeMode, Currency, Proration};
        let plan = self.plan;
        QuoteRequest {
            occasion: self.occasion,
            currency: plan.map_or(Currency::Eur, |plan| plan.currency),
            every: plan.map_or(BillingPeriod::Month, |plan| plan.billing_period),
            proration: plan.map_or(Proration::Day, |plan| plan.proration),
            mode: plan.map_or(ChargeMode::Arrears, |plan| plan.charge_mode),
            setup_fee: plan.map_or(Fixed::ZERO, |plan| plan.setup_fee),
            components: self.components,
            limits: self.limits,
            previous_limits: self.limits_before,
            previous: self.previous,
            expected: self.expected,
            start: self.start.date(),
            time: self.start.time(),
            end: self.last_day.and_then(|day| day.succ_opt()),
            paid_until: self.paid_until,
            tax: self.tax,
        }
    }
}

/// The limits that hold after the order: what was chosen, what was held before, or the component's default.
pub(super) fn settled_limits(components: &[PricedComponent], chosen: &Limits, before: &Limits) -> Limits {
    let limited = components
        .iter()
        .filter(|component| component.terms.charge == model::ChargeType::Limit);
    let settle = |component: &PricedComponent| {
        let code = &component.terms.code;
        let limit = chosen
            .get(code)
            .or_else(|| before.get(code))
            .copied()
            .or(component.terms.default)?;
        Some((code.clone(), limit))
    };
    limited.filter_map(settle).collect()
}

/// The components of an offering with the price version in force on `day`. Without a plan, prices are zero: then only
/// the limits are checked.
pub(super) async fn load_components(
    db: &impl ConnectionTrait,
    offering: OfferingId,
    plan: Option<&plan::Model>,
    day: NaiveDate,
) -> Result<Vec<PricedComponent>, OrderingError> {
    let rows = component::Entity::find_of_offering(offering).all(db).await?;
    let Some(plan) = plan else {
        let free = || Price {
            version: String::new(),
            scheme: PriceScheme::per_unit(Fixed::ZERO),
        };
        return Ok(rows.iter().map(|row| priced(row, free())).collect());
    };
    let mut prices = prices_in_force(db, plan.id, day).await?;
    let mut components = Vec::with_capacity(rows.len());
    let mut unpriced = BTreeSet::new();
    for row in &rows {
        match prices.remove(&row.id) {
            Some(price) => components.push(priced(row, price)),
            None => drop(unpriced.insert(row.name.as_str())),
        }
    }
    if unpriced.is_empty() {
        return Ok(components);
    }
    let names = unpriced.into_iter().collect::<Vec<_>>().join(", ");
    Err(OrderingError::NotOrderable(format!(
        "The plan {} has no price for {names} yet. Ask the provider.",
        plan.name
    )))
}

/// A plan that is left, with what it sells today.
pub(super) async fn load_previous(
    db: &impl ConnectionTrait,
    plan: &plan::Model,
    today: NaiveDate,
) -> Result<PreviousPlan, OrderingError> {
    let rows = component::Entity::find_of_offering(plan.offering_id)
        .all(db)
        .await?;
    let mut prices = prices_in_force(db, plan.id, today).await?;
    let sold = rows
        .iter()
        .filter_map(|row| Some(priced(row, prices.remove(&row.id)?)));
    Ok(PreviousPlan {
        currency: plan.currency,
        every: plan.billing_period,
        proration: plan.proration,
        mode: plan.charge_mode,
        components: sold.collect(),
    })
}

async fn prices_in_force(
    db: &impl ConnectionTrait,
    plan: PlanId,
    day: NaiveDate,
) -> Result<BTreeMap<model::ComponentId, Price>, OrderingError> {
    let rows = catalogue::in_force_on(db, [plan], day).await?;
    rows.into_iter()
        .map(|row| Ok((row.component_id, row.price()?)))
        .collect()
}

fn priced(row: &component::Model, price: Price) -> PricedComponent {
    PricedComponent {
        terms: row.terms(),
        price,
        amount: Fixed::ONE,
    }
}
