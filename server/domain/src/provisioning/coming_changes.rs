//! Which prices and terms a resource will have that it does not have yet.

use chrono::{DateTime, Utc};
use entity::component;
use model::pricing::Version;
use model::{
    Binding, ChargeType, Currency, PriceVersion, ResourceChange, TermsVersion, Timeline, corrected, place_of,
    price_timeline, terms_timeline,
};

use crate::catalogue::{PlanVersions, lasting_terms};

/// What comes to a resource with this binding after `now`, the next first; what only a renewal brings last.
/// What a resource that runs never pays is left out, and so are terms that stay as they are.
pub(super) fn coming_changes(
    versions: &PlanVersions,
    components: &[component::Model],
    binding: &Binding,
    now: DateTime<Utc>,
) -> Vec<ResourceChange> {
    let currency: Currency = versions.currency;
    let terms = terms_timeline(&versions.terms, binding);
    let named = |component: Option<String>, name: &str, step: Step| ResourceChange {
        component,
        name: name.to_owned(),
        now: step.now,
        then: step.then,
        from: step.from,
        first_day: None,
    };
    let mut changes: Vec<ResourceChange> = steps(&terms, &versions.terms, now, other_terms)
        .into_iter()
        .map(|step| named(None, "Terms", step))
        .collect();
    let lasting = components.iter().filter(|one| one.charge != ChargeType::OneTime);
    for component in lasting {
        let Some(prices) = versions.prices.get(&component.id) else {
            continue;
        };
        let timeline = price_timeline(prices, binding, &terms);
        let words = |version: &PriceVersion| version.price.scheme.describe(&component.unit, currency);
        let differs = |held: Option<&PriceVersion>, next: &PriceVersion| {
            let same =
                held.is_some_and(|held| held.every == next.every && held.price.scheme == next.price.scheme);
            (!same).then(|| (held.map(words).unwrap_or_default(), words(next)))
        };
        let steps = steps(&timeline, prices, now, differs).into_iter();
        changes.extend(steps.map(|step| named(Some(component.code.clone()), &component.name, step)));
    }
    changes.sort_by_key(|change| (change.from.is_none(), change.from));
    changes
}

/// The parts of the terms in which the two differ, for what runs.
fn other_terms(held: Option<&TermsVersion>, next: &TermsVersion) -> Option<(String, String)> {
    let after = lasting_terms(&next.terms);
    let Some(held) = held else {
        return Some((String::new(), after.join(", ")));
    };
    let before = lasting_terms(&held.terms);
    let differing = before
        .into_iter()
        .zip(after)
        .filter(|(before, after)| before != after);
    let (before, after): (Vec<String>, Vec<String>) = differing.unzip();
    (!after.is_empty()).then(|| (before.join("; "), after.join("; ")))
}

/// From when on, what it was and what it will be.
struct Step {
    from: Option<DateTime<Utc>>,
    now: String,
    then: String,
}

/// The steps of a timeline after `now`; `differs` tells what it was and what it will be, where that is not the same.
fn steps<V: Version + PartialEq>(
    timeline: &Timeline<'_, V>,
    versions: &[V],
    now: DateTime<Utc>,
    differs: impl Fn(Option<&V>, &V) -> Option<(String, String)>,
) -> Vec<Step> {
    let mut held = timeline.at(now);
    let mut steps = Vec::new();
    let step =
        |from, held: Option<&V>, next: &V| differs(held, next).map(|(now, then)| Step { from, now, then });
    for (from, version) in timeline.after(now) {
        steps.extend(step(Some(from), held, version));
        held = Some(version);
    }
    // What is sold and never reaches the resource by itself.
    let last = versions.iter().rfind(|version| !version.is_correction());
    if let Some(last) = last.filter(|last| !timeline.has(last)) {
        let is_newer = held.is_none_or(|held| place_of(versions, held) < place_of(versions, last));
        if is_newer {
            steps.extend(step(None, held, corrected(versions, last, now)));
        }
    }
    steps
}
