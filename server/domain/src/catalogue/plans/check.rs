//! What a plan draft must satisfy. All faults are told at once.

use chrono::{DateTime, NaiveDate, Utc};
use entity::component;
use entity::plan::Model;
use model::{Money, PlanDraft, PriceChanges, PriceDraft};

use crate::catalogue::CatalogueError;
use crate::catalogue::prices::PlanVersions;
use crate::check::Check;

/// Most plans of one offering.
const MOST: usize = 30;
/// The longest notice, in days.
const LONGEST_NOTICE: u16 = 366;

/// What a plan draft is checked against.
pub(super) struct Surroundings<'a> {
    pub(super) plans: &'a [Model],
    pub(super) components: &'a [component::Model],
    /// The plan that is changed.
    pub(super) old: Option<(&'a Model, &'a PlanVersions)>,
    pub(super) used: bool,
    pub(super) now: DateTime<Utc>,
    /// In the seller's zone.
    pub(super) today: NaiveDate,
}

/// The draft with its texts trimmed.
pub(super) fn checked(draft: PlanDraft, around: &Surroundings<'_>) -> Result<PlanDraft, CatalogueError> {
    let mut check = Check::default();
    let draft = PlanDraft {
        name: check.required("name", &draft.name, 100),
        description: check.lines("description", &draft.description, 500),
        ..draft
    };
    let id = around.old.map(|(old, _)| old.id);
    let taken = around
        .plans
        .iter()
        .any(|other| other.name == draft.name && Some(other.id) != id);
    check.ensure(
        !taken,
        "name",
        "taken",
        "Another plan of this offering has this name.",
    );
    let room = id.is_some() || around.plans.len() < MOST;
    check.ensure(room, "name", "too_many", "An offering has at most 30 plans.");
    check.ensure(
        !draft.setup_fee.is_negative(),
        "setup_fee",
        "out_of_range",
        "The setup fee cannot be below zero.",
    );
    if let Err(fault) = Money::from_fixed(draft.setup_fee, draft.currency).payable() {
        let message = format!("The setup fee is billed as it stands, and {fault}.");
        check.fault("setup_fee", "too_many_decimals", message);
    }
    let too_long = matches!(draft.price_changes, PriceChanges::WithNotice { days } if days > LONGEST_NOTICE);
    check.ensure(
        !too_long,
        "price_changes",
        "out_of_range",
        "Give at most 366 days of notice.",
    );
    let components: Vec<_> = around.components.iter().map(component::Model::terms).collect();
    check.ensure(
        draft.price_changes.comes_with(&components),
        "price_changes",
        "nothing_renewed",
        "Nothing of this offering is paid up front, so nothing is renewed and a raise would never come. Give a notice instead.",
    );
    check.day("valid_from", draft.valid_from);
    check.ensure(
        draft.valid_from.is_none_or(|day| day >= around.today),
        "valid_from",
        "in_the_past",
        "Prices and terms begin today at the earliest, in the provider's time zone: what is over was sold as it was.",
    );
    check_prices(&mut check, &draft, around);
    check_change(&mut check, &draft, around)?;
    check.done()?;
    Ok(draft)
}

/// What of a plan in use may change, and how.
fn check_change(
    check: &mut Check,
    draft: &PlanDraft,
    around: &Surroundings<'_>,
) -> Result<(), CatalogueError> {
    let Some((old, versions)) = around.old.filter(|_| around.used) else {
        return Ok(());
    };
    if old.currency != draft.currency {
        return Err(CatalogueError::InUse {
            what: "The currency of a plan",
            done: "changed",
            because: "orders or resources use it",
        });
    }
    let other_period = versions.terms_at(around.now)?.terms.billing_period != draft.billing_period;
    let all_prices = versions.prices.values().flatten();
    let some_to_come = all_prices
        .into_iter()
        .any(|version| version.starts_at > around.now);
    check.ensure(
        !(other_period && some_to_come),
        "billing_period",
        "prices_to_come",
        "Prices to come are published for the present period. Withdraw them first.",
    );
    Ok(())
}

fn check_prices(check: &mut Check, draft: &PlanDraft, around: &Surroundings<'_>) {
    let mut seen = Vec::new();
    for price in &draft.prices {
        check_price(check, price, draft, around.components);
        let path = format!("prices.{}", short(&price.component));
        check.ensure(
            !seen.contains(&&price.component),
            &path,
            "twice",
            "This component has two prices.",
        );
        seen.push(&price.component);
    }
}

fn check_price(check: &mut Check, price: &PriceDraft, plan: &PlanDraft, components: &[component::Model]) {
    let path = format!("prices.{}", short(&price.component));
    let component = components
        .iter()
        .find(|component| component.code == price.component);
    check.ensure(
        component.is_some(),
        &path,
        "unknown",
        "This offering has no such component.",
    );
    let fault = match component {
        Some(component) => {
            let terms = component.terms();
            let sound = price
                .scheme
                .validate_for(&terms, takes_overage(component, components));
            sound.and_then(|()| {
                price
                    .scheme
                    .check_payable(&terms, plan.billing_period, plan.currency)
            })
        }
        None => price.scheme.validate(),
    };
    if let Err(fault) = fault {
        check.fault(path, "bad_price", format!("Check the price: {fault}."));
    }
}

/// What goes beyond a prepaid limit is charged as use of this component.
pub(in crate::catalogue) fn takes_overage(
    component: &component::Model,
    components: &[component::Model],
) -> bool {
    components
        .iter()
        .any(|other| other.overage_component.as_ref() == Some(&component.code))
}

fn short(code: &str) -> String {
    code.chars()
        .filter(|letter| !letter.is_control())
        .take(50)
        .collect()
}
