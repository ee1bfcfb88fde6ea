//! Which prices and terms a resource will have that it does not have yet.

use chrono::{DateTime, Utc};
use entity::component;
use model::pricing::Version;
use model::{
    Binding, Currency, ResourceChange, Timeline, corrected, place_of, price_timeline, terms_timeline,
};

use crate::catalogue::{PlanVersions, terms_text};

/// What comes to a resource with this binding after `now`, the next first; what only a renewal brings last.
pub(super) fn coming_changes(
    versions: &PlanVersions,
    components: &[component::Model],
    binding: &Binding,
    now: DateTime<Utc>,
) -> Vec<ResourceChange> {
    let currency: Currency = versions.currency;
    let terms = terms_timeline(&versions.terms, binding);
    let words = |version: &model::TermsVersion| terms_text(&version.terms, currency);
    let named = |component: Option<String>, name: &str, (from, now, then)| ResourceChange {
        component,
        name: name.to_owned(),
        now,
        then,
        from,
    };
    let mut changes: Vec<ResourceChange> = steps(&terms, &versions.terms, now, words)
        .into_iter()
        .map(|step| named(None, "Terms", step))
        .collect();
    for component in components {
        let Some(prices) = versions.prices.get(&component.id) else {
            continue;
        };
        let timeline = price_timeline(prices, binding, &terms);
        let words = |version: &model::PriceVersion| version.price.scheme.describe(&component.unit, currency);
        let steps = steps(&timeline, prices, now, words).into_iter();
        changes.extend(steps.map(|step| named(Some(component.code.clone()), &component.name, step)));
    }
    changes.sort_by_key(|change| (change.from.is_none(), change.from));
    changes
}

type Step = (Option<DateTime<Utc>>, String, String);

/// From when on, what it was and what it will be.
fn steps<V: Version + PartialEq>(
    timeline: &Timeline<'_, V>,
    versions: &[V],
    now: DateTime<Utc>,
    words: impl Fn(&V) -> String,
) -> Vec<Step> {
    let mut held = timeline.at(now);
    let mut steps = Vec::new();
    for (from, version) in timeline.after(now) {
        steps.push((Some(from), held.map(&words).unwrap_or_default(), words(version)));
        held = Some(version);
    }
    // What is sold and never reaches the resource by itself.
    let last = versions.iter().rfind(|version| !version.is_correction());
    if let Some(last) = last.filter(|last| !timeline.has(last)) {
        let is_newer = held.is_none_or(|held| place_of(versions, held) < place_of(versions, last));
        if is_newer {
            let last = corrected(versions, last, now);
            steps.push((None, held.map(&words).unwrap_or_default(), words(last)));
        }
    }
    steps
}
