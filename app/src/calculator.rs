//! The price of what is chosen in an order form. The browser computes it with the same function as the server, from the
//! prices that came with the page; what is charged is computed again when the order is placed.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use model::{
    BillingPeriod, ChargeMode, ClockOffset, Component, Currency, DateRange, DaysAround, DurationRules,
    ExpectedUse, FieldFault, Fixed, LaterTerm, Occasion, OfferingDetail, OrderableProject, Plan,
    PreviousPlan, PricedComponent, Problem, Proration, Quote, QuoteRequest, RequestedDays, SwitchablePlan,
    TaxRate, ToCome,
};
use serde::{Deserialize, Serialize};

/// Everything that prices in a form depend on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceList {
    /// The plans that can be chosen.
    pub plans: Vec<PlanTerms>,
    /// The projects that can be chosen; the first counts where none is.
    pub buyers: Vec<BuyerTerms>,
    /// What terms can be chosen.
    pub rules: DurationRules,
}

/// A plan as far as prices go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanTerms {
    id: String,
    currency: Currency,
    every: BillingPeriod,
    proration: Proration,
    mode: ChargeMode,
    setup_fee: Fixed,
    components: Vec<PricedComponent>,
    /// What is published and will reach what is ordered.
    to_come: Vec<ToCome>,
    /// What is changed, where the form is for a resource that is there.
    change: Option<ChangeTerms>,
}

/// What a change starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct ChangeTerms {
    occasion: Occasion,
    /// The limits that stay, where none are chosen.
    limits: BTreeMap<String, Fixed>,
    /// What is billed already.
    billed: BTreeMap<String, Fixed>,
    /// The plan that is left.
    previous: Option<PreviousPlan>,
    expected: BTreeMap<String, Fixed>,
    /// The day after the last.
    end: Option<NaiveDate>,
    /// The term that runs, which is paid up front.
    paid_term: Option<DateRange>,
    /// Terms that are ordered already and begin later.
    later_terms: Vec<LaterTerm>,
}

/// Who pays, as far as prices go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BuyerTerms {
    project: String,
    today: NaiveDate,
    time: NaiveTime,
    clock: Vec<ClockOffset>,
    /// The project's last day, with which all in it ends.
    last_day: Option<NaiveDate>,
    /// None where it is not known who will buy: then prices are said without tax.
    tax: Option<TaxRate>,
}

/// What is chosen in the form, as typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Choices {
    /// Id of the project.
    pub project: String,
    /// Id of the plan.
    pub plan: String,
    /// Limits by component code.
    pub limits: BTreeMap<String, String>,
    /// What is expected to be used a month, by component code.
    pub expected: BTreeMap<String, String>,
    /// First day.
    pub start_date: String,
    /// Last day.
    pub end_date: String,
    /// Term in months.
    pub term_months: String,
}

impl PriceList {
    /// For people who are about to order.
    pub fn for_buyers(offering: &OfferingDetail, places: &[OrderableProject]) -> Self {
        let buyers = places.iter().map(|place| BuyerTerms {
            project: place.project_id.to_string(),
            today: place.today,
            time: place.time,
            clock: place.clock.clone(),
            last_day: place.last_day,
            tax: Some(place.tax.clone()),
        });
        Self {
            plans: plans(offering),
            buyers: buyers.collect(),
            rules: offering.duration,
        }
    }

    /// For people who look around.
    pub fn for_visitors(offering: &OfferingDetail, today: NaiveDate) -> Self {
        Self {
            plans: plans(offering),
            buyers: vec![BuyerTerms {
                project: String::new(),
                today,
                time: NaiveTime::MIN,
                clock: Vec::new(),
                last_day: None,
                tax: None,
            }],
            rules: offering.duration,
        }
    }

    /// For a change of limits, or for another term by these rules.
    pub fn for_change(terms: QuoteRequest, rules: DurationRules) -> Self {
        Self {
            buyers: vec![BuyerTerms::of(&terms)],
            plans: vec![PlanTerms::of_change(String::new(), terms)],
            rules,
        }
    }

    /// The same for a resource in a project that ends on this day: nothing lasts longer.
    #[must_use]
    pub fn within(mut self, last_day: Option<NaiveDate>) -> Self {
        for buyer in &mut self.buyers {
            buyer.last_day = last_day;
        }
        self
    }

    /// For a switch to one of these plans.
    pub fn for_switch(plans: Vec<SwitchablePlan>) -> Self {
        Self {
            buyers: plans
                .first()
                .map(|plan| BuyerTerms::of(&plan.terms))
                .into_iter()
                .collect(),
            plans: plans
                .into_iter()
                .map(|plan| PlanTerms::of_change(plan.id.to_string(), plan.terms))
                .collect(),
            rules: DurationRules::default(),
        }
    }

    /// Whether the amounts include tax.
    pub fn knows_tax(&self) -> bool {
        self.buyers.iter().any(|buyer| buyer.tax.is_some())
    }

    /// The codes of components whose limits are chosen.
    pub fn limit_codes(&self) -> impl Iterator<Item = &str> {
        let plan = self.plans.first().filter(|plan| plan.kept_limits().is_none());
        let components = plan.into_iter().flat_map(|plan| plan.components.iter());
        components
            .filter(|one| one.terms.charge == model::ChargeType::Limit)
            .map(|one| one.terms.code.as_str())
    }

    /// The codes of components whose expected use is asked for.
    pub fn expected_codes(&self) -> impl Iterator<Item = &str> {
        let plan = self.plans.first();
        let components = plan.into_iter().flat_map(|plan| plan.components.iter());
        components
            .filter(|one| one.terms.expected_use != ExpectedUse::Off)
            .map(|one| one.terms.code.as_str())
    }

    /// The price of what is chosen, or what is wrong with it, by field of the form.
    pub fn quote(&self, choices: &Choices) -> Result<Quote, Vec<FieldFault>> {
        let plan = self.plans.iter().find(|plan| plan.id == choices.plan);
        let Some(plan) = plan else {
            return Err(vec![FieldFault::at("plan", "required", "Choose a plan.")]);
        };
        let chosen = self.buyers.iter().find(|buyer| buyer.project == choices.project);
        let Some(buyer) = chosen.or(self.buyers.first()) else {
            return Err(vec![FieldFault::at("project", "required", "Choose a project.")]);
        };
        let (limits, mut faults) = read_limits(&choices.limits);
        let (expected, unread) = read_expected(&choices.expected);
        faults.extend(unread);
        let mut day = |field: &str, text: &str| {
            let read = read_date(field, text);
            read.unwrap_or_else(|fault| {
                faults.push(fault);
                None
            })
        };
        let (start, end) = (
            day("start_date", &choices.start_date),
            day("end_date", &choices.end_date),
        );
        let months = read_months(&choices.term_months).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        // What the chosen plan does not ask for is hidden, and was typed for another one.
        let asked = RequestedDays {
            start_date: start,
            end_date: end.filter(|_| !plan.has_term()),
            term_months: months.filter(|_| plan.has_term()),
        };
        let ((start, end), refused) = asked.checked(DaysAround {
            today: buyer.today,
            project_end: buyer.last_day,
            is_prepaid: plan.has_term(),
            rules: &self.rules,
        });
        faults = with_new(faults, refused);
        // Without a last day of its own it ends with its project.
        let end = [end, buyer.last_day].into_iter().flatten().min();
        let quote = model::quote(&request(plan, buyer, (limits, expected), (start, end)));
        match quote {
            Ok(quote) if faults.is_empty() => Ok(quote),
            Ok(_) => Err(faults),
            Err(error) => Err(with_new(faults, in_form(Problem::from(error)))),
        }
    }
}

impl BuyerTerms {
    /// Of who has the resource that is changed.
    fn of(terms: &QuoteRequest) -> Self {
        Self {
            project: String::new(),
            today: terms.start,
            time: terms.time,
            clock: terms.clock.clone(),
            // The terms say it already.
            last_day: None,
            tax: Some(terms.tax.clone()),
        }
    }
}

impl PlanTerms {
    fn of_change(id: String, terms: QuoteRequest) -> Self {
        Self {
            id,
            currency: terms.currency,
            every: terms.every,
            proration: terms.proration,
            mode: terms.mode,
            setup_fee: terms.setup_fee,
            components: terms.components,
            to_come: terms.to_come,
            change: Some(ChangeTerms {
                occasion: terms.occasion,
                limits: terms.limits,
                billed: terms.previous_limits,
                previous: terms.previous,
                expected: terms.expected,
                end: terms.end,
                paid_term: terms.paid_term,
                later_terms: terms.later_terms,
            }),
        }
    }

    /// The limits that stay: a renewal and a switch of plan keep them.
    fn kept_limits(&self) -> Option<&BTreeMap<String, Fixed>> {
        let change = self.change.as_ref()?;
        matches!(change.occasion, Occasion::Renew | Occasion::SwitchPlan).then_some(&change.limits)
    }

    /// Another term for what is there.
    fn renews(&self) -> bool {
        self.change
            .as_ref()
            .is_some_and(|change| change.occasion == Occasion::Renew)
    }

    /// How long it is had is chosen in months.
    fn has_term(&self) -> bool {
        let is_prepaid = self.components.iter().any(|component| component.terms.prepaid);
        is_prepaid && (self.change.is_none() || self.renews())
    }
}

fn plans(offering: &OfferingDetail) -> Vec<PlanTerms> {
    offering
        .plans
        .iter()
        .filter(|plan| !plan.archived)
        .map(|plan| terms(plan, &offering.components))
        .collect()
}

fn terms(plan: &Plan, components: &[Component]) -> PlanTerms {
    let priced = components.iter().filter_map(|component| {
        let price = plan
            .prices
            .iter()
            .find(|price| price.component == component.terms.code);
        PricedComponent::of(component.terms.clone(), price.map(|price| price.price.clone()))
    });
    PlanTerms {
        id: plan.id.to_string(),
        currency: plan.currency,
        every: plan.billing_period,
        proration: plan.proration,
        mode: plan.charge_mode,
        setup_fee: plan.setup_fee,
        components: priced.collect(),
        to_come: plan.to_come.clone(),
        change: None,
    }
}

fn request(
    plan: &PlanTerms,
    buyer: &BuyerTerms,
    (limits, expected): (BTreeMap<String, Fixed>, BTreeMap<String, Fixed>),
    (start, end): (NaiveDate, Option<NaiveDate>),
) -> QuoteRequest {
    QuoteRequest {
        occasion: plan
            .change
            .as_ref()
            .map_or(Occasion::Create, |change| change.occasion),
        currency: plan.currency,
        every: plan.every,
        proration: plan.proration,
        mode: plan.mode,
        setup_fee: plan.setup_fee,
        components: plan.components.clone(),
        limits: plan.kept_limits().cloned().unwrap_or(limits),
        previous_limits: plan
            .change
            .as_ref()
            .map(|change| change.billed.clone())
            .unwrap_or_default(),
        previous: plan.change.as_ref().and_then(|change| change.previous.clone()),
        expected: match &plan.change {
            Some(change) => change.expected.clone(),
            None => expected,
        },
        start,
        // A day that lies ahead begins at midnight.
        time: if start == buyer.today {
            buyer.time
        } else {
            NaiveTime::MIN
        },
        clock: buyer.clock.clone(),
        end: end
            .and_then(|last| last.succ_opt())
            .or_else(|| plan.change.as_ref().filter(|_| !plan.renews())?.end),
        paid_term: plan
            .change
            .as_ref()
            .filter(|_| !plan.renews())
            .and_then(|change| change.paid_term),
        later_terms: plan
            .change
            .as_ref()
            .map(|change| change.later_terms.clone())
            .unwrap_or_default(),
        to_come: plan.to_come.clone(),
        tax: buyer.tax.clone().unwrap_or_else(TaxRate::none),
    }
}

/// The faults with those of further fields: one is enough for a field.
fn with_new(mut faults: Vec<FieldFault>, more: Vec<FieldFault>) -> Vec<FieldFault> {
    for fault in more {
        if faults.iter().all(|known| known.path != fault.path) {
            faults.push(fault);
        }
    }
    faults
}

/// Faults by the names that the form's fields have.
fn in_form(problem: Problem) -> Vec<FieldFault> {
    if problem.fields.is_empty() {
        return vec![FieldFault::at("plan", problem.code, problem.detail)];
    }
    let renamed = |fault: FieldFault| {
        if fault.path == "end" {
            FieldFault {
                path: "end_date".into(),
                ..fault
            }
        } else {
            fault
        }
    };
    problem.fields.into_iter().map(renamed).collect()
}

/// The limits as numbers, and a fault for each that is none.
pub fn read_limits(typed: &BTreeMap<String, String>) -> (BTreeMap<String, Fixed>, Vec<FieldFault>) {
    let (mut limits, mut faults) = (BTreeMap::new(), Vec::new());
    for (code, text) in typed {
        match text.trim().parse::<Fixed>() {
            Ok(limit) => drop(limits.insert(code.clone(), limit)),
            Err(_) => faults.push(not_a_number("limits", code, text)),
        }
    }
    (limits, faults)
}

/// What is expected as numbers; what was left empty is not said. A fault for each text that is no number.
pub fn read_expected(typed: &BTreeMap<String, String>) -> (BTreeMap<String, Fixed>, Vec<FieldFault>) {
    let (mut expected, mut faults) = (BTreeMap::new(), Vec::new());
    for (code, text) in typed.iter().filter(|(_, text)| !text.trim().is_empty()) {
        match text.trim().parse::<Fixed>() {
            Ok(quantity) => drop(expected.insert(code.clone(), quantity)),
            Err(_) => faults.push(not_a_number("expected_use", code, text)),
        }
    }
    (expected, faults)
}

fn not_a_number(field: &str, code: &str, text: &str) -> FieldFault {
    let path = format!("{field}.{}", code.chars().take(50).collect::<String>());
    if text.trim().is_empty() {
        FieldFault::at(path, "required", "Enter how much you want.")
    } else {
        FieldFault::at(
            path,
            "not_a_number",
            "Enter a number, for example 8 or 12.5, with a point as the decimal sign.",
        )
    }
}

/// A day as a date field sends it; none where it was left empty.
pub fn read_date(field: &str, text: &str) -> Result<Option<NaiveDate>, FieldFault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let fault = || {
        FieldFault::at(
            field,
            "not_a_date",
            "Enter a date as year-month-day, for example 2027-03-31.",
        )
    };
    text.trim().parse().map(Some).map_err(|_no_date| fault())
}

/// A term in months; none where it was left empty.
pub fn read_months(text: &str) -> Result<Option<u32>, FieldFault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let fault = |_no_number| FieldFault::at("term_months", "not_a_number", "Enter a whole number of months.");
    text.trim().parse().map(Some).map_err(fault)
}

#[cfg(test)]
mod tests;
