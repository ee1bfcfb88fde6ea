//! Plans that nobody could order: whatever amounts are chosen, it costs more than any order may, or cannot be computed.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::{component, offering, plan};
use model::pricing::LARGEST;
use model::{
    ChargeType, DurationRules, ExpectedUse, Fixed, Money, Occasion, PricedComponent, QuoteError,
    QuoteRequest, TaxRate, last_day_of_term,
};
use sea_orm::DbErr;

use super::prices::PlanVersions;

/// What is wrong with the prices of the plans that are sold and that nobody could order once all of their versions have
/// begun, and what to change; none where each can be. The smallest order counts, and no tax.
pub(super) fn never_ordered(
    row: &offering::Model,
    components: &[component::Model],
    plans: &[(&plan::Model, &PlanVersions)],
) -> Result<Option<String>, DbErr> {
    let rules = row.duration_rules()?;
    let mut told = Vec::new();
    for (plan, versions) in plans {
        if let Some(why) = refused(plan, versions, components, &rules)? {
            told.push(format!(
                "Nobody could order the plan {}: {why}. Change its prices, its setup fee, or the least amounts and terms that can be chosen.",
                plan.name
            ));
        }
    }
    Ok((!told.is_empty()).then(|| told.join(" ")))
}

/// Why even the smallest order is refused.
fn refused(
    plan: &plan::Model,
    versions: &PlanVersions,
    components: &[component::Model],
    rules: &DurationRules,
) -> Result<Option<String>, DbErr> {
    let mut why = None;
    for end in ends(components, rules) {
        match model::quote(&smallest(plan, versions, components, end)?) {
            Err(QuoteError::TooLarge(currency)) => {
                let most = Money::new(LARGEST.into(), currency);
                why = Some(format!(
                    "even the smallest order costs more than {most} at once or in a year"
                ));
            }
            Err(QuoteError::Pricing(fault)) => {
                why = Some(format!(
                    "the price of the smallest order cannot be computed, because {fault}"
                ));
            }
            // Whatever else is wrong is not the price.
            Ok(_) | Err(QuoteError::Limits(_) | QuoteError::MissingTerm | QuoteError::EndBeforeStart) => {
                return Ok(None);
            }
        }
    }
    Ok(why)
}

/// The day after the last one: of the shortest term where something is paid up front, else none or the next day.
fn ends(components: &[component::Model], rules: &DurationRules) -> Vec<Option<NaiveDate>> {
    if components.iter().any(|component| component.prepaid) {
        let last = last_day_of_term(first_day(), rules.least());
        vec![last.and_then(|last| last.succ_opt())]
    } else {
        vec![None, first_day().succ_opt()]
    }
}

/// The last day of a month before a short one: neither the first invoice nor the month after it costs less on another day.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, 31).unwrap_or_default()
}

/// The cheapest order at the versions that come last.
fn smallest(
    plan: &plan::Model,
    versions: &PlanVersions,
    components: &[component::Model],
    end: Option<NaiveDate>,
) -> Result<QuoteRequest, DbErr> {
    let at = DateTime::<Utc>::MAX_UTC;
    let terms = versions.terms_at(at)?.terms;
    let priced = components.iter().filter_map(|row| {
        let price = versions.price_at(row.id, at).map(|version| version.price.clone());
        PricedComponent::of(row.terms(), price)
    });
    let components: Vec<PricedComponent> = priced.collect();
    let limited = components
        .iter()
        .filter(|one| one.terms.charge == ChargeType::Limit);
    let limits = limited.filter_map(|one| Some((one.terms.code.clone(), one.cheapest(plan.currency)?)));
    let limits: BTreeMap<String, Fixed> = limits.collect();
    let asked = components
        .iter()
        .filter(|one| one.terms.charge == ChargeType::Usage && one.terms.expected_use != ExpectedUse::Off);
    let expected = asked.map(|one| (one.terms.code.clone(), Fixed::ZERO)).collect();
    Ok(QuoteRequest {
        occasion: Occasion::Create,
        currency: plan.currency,
        every: terms.billing_period,
        proration: terms.proration,
        mode: terms.charge_mode,
        setup_fee: terms.setup_fee,
        components,
        limits,
        previous_limits: BTreeMap::new(),
        previous: None,
        expected,
        start: first_day(),
        time: NaiveTime::MIN,
        clock: Vec::new(),
        end,
        paid_term: None,
        later_terms: Vec::new(),
        to_come: Vec::new(),
        tax: TaxRate::none(),
    })
}
