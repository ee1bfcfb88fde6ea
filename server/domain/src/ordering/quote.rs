//! What an order will cost: the model's quote over the price versions in force on the server.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use entity::json::Limits;
use entity::plan;
use model::{
    BillingPeriod, CreateDraft, Fixed, Month, Occasion, PlanTerms, PreviousPlan, PricedComponent, Quote,
    QuoteError, QuoteRequest, TaxRate,
};
use sea_orm::ConnectionTrait;

use super::check::{Asked, check_duration, check_plan, end};
use super::offer::Offer;
use super::parties::{Buyer, Sale, allow, load_plan};
use super::{Ordering, OrderingError};
use crate::access::Actor;
use crate::billing::domestic_tax;
use crate::check::Check;
use crate::provisioning::lifetime::End;

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
        let offer = Offer::now(db, draft.offering_id, plan.as_ref(), self.core.now()).await?;
        let (start, last_day) = check_duration(
            &mut check,
            Asked {
                start_date: draft.start_date,
                end_date: draft.end_date,
                term_months: draft.term_months,
            },
            today,
            buyer.as_ref().map(|buyer| &buyer.project),
            &offer.components,
            &sale.offering.duration_rules()?,
        );
        let cost = Cost {
            occasion: Occasion::Create,
            plan: plan.as_ref(),
            terms: offer.terms,
            components: offer.components,
            limits: draft.limits.clone(),
            limits_before: Limits::new(),
            previous: None,
            expected: draft.expected_use.clone(),
            start: starting(start, now),
            last_day: End::of(last_day, buyer.as_ref().and_then(|buyer| buyer.project.end_date))
                .map(|end| end.last_day),
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
    pub(super) terms: Option<PlanTerms>,
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
        let (plan, terms) = (self.plan, self.terms);
        QuoteRequest {
            occasion: self.occasion,
            currency: plan.map_or(Currency::Eur, |plan| plan.currency),
            every: terms.map_or(BillingPeriod::Month, |terms| terms.billing_period),
            proration: terms.map_or(Proration::Day, |terms| terms.proration),
            mode: terms.map_or(ChargeMode::Arrears, |terms| terms.charge_mode),
            setup_fee: terms.map_or(Fixed::ZERO, |terms| terms.setup_fee),
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

/// The limits that hold after the order: what was chosen, what is held, or the default of a component that is ordered
/// anew (`held` is none). A component that came later stays without a limit until one is chosen.
pub(super) fn settled_limits(
    components: &[PricedComponent],
    chosen: &Limits,
    held: Option<&Limits>,
) -> Limits {
    let limited = components
        .iter()
        .filter(|component| component.terms.charge == model::ChargeType::Limit);
    let settle = |component: &PricedComponent| {
        let code = &component.terms.code;
        let kept = match held {
            Some(held) => held.get(code).copied(),
            None => component.terms.default,
        };
        Some((code.clone(), chosen.get(code).copied().or(kept)?))
    };
    limited.filter_map(settle).collect()
}
