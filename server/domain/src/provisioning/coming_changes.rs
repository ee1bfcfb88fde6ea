//! Which prices and terms a resource will have that it does not have yet.

use chrono::{DateTime, Utc};
use entity::component;
use model::pricing::{Next, differing};
use model::{Binding, ChargeType, PriceVersion, ResourceChange, TermsVersion};
use uuid::Uuid;

use crate::catalogue::{PlanVersions, lasting_terms};

/// A version that comes to a resource, and what it changes.
pub(super) struct Coming<'v> {
    pub(super) version: Uuid,
    pub(super) saved_at: DateTime<Utc>,
    /// Of a price: its component, what is held until then, and what comes.
    pub(super) price: Option<Price<'v>>,
    pub(super) change: ResourceChange,
}

pub(super) type Price<'v> = (&'v component::Model, Option<&'v PriceVersion>, &'v PriceVersion);

/// What comes to a resource with this binding after `now`, the next first; what only a renewal brings last.
/// What a resource that runs never pays is left out, and so are terms that stay as they are.
pub(super) fn coming<'v>(
    versions: &'v PlanVersions,
    components: &'v [component::Model],
    binding: &Binding,
    now: DateTime<Utc>,
) -> Vec<Coming<'v>> {
    let named = |component: Option<&str>, name: &str, from, (now, then): (String, String)| ResourceChange {
        component: component.map(str::to_owned),
        name: name.to_owned(),
        now,
        then,
        from,
        first_day: None,
    };
    let coming = versions.coming(components, binding, now);
    let terms = coming.terms.into_iter().filter_map(|next| {
        let words = other_terms(&next)?;
        Some(Coming {
            version: next.version.id.0,
            saved_at: next.version.saved_at,
            price: None,
            change: named(None, "Terms", next.from, words),
        })
    });
    let lasting = coming.prices.into_iter();
    let lasting = lasting.filter(|(component, _)| component.charge != ChargeType::OneTime);
    let prices = lasting.filter_map(|(component, next)| {
        let words = |version: &PriceVersion| {
            let scheme = &version.price.scheme;
            scheme.describe(&component.unit, versions.currency)
        };
        let is_same = |held: &PriceVersion| {
            held.every == next.version.every && held.price.scheme == next.version.price.scheme
        };
        let words = (next.held.map(words).unwrap_or_default(), words(next.version));
        let differs = !next.held.is_some_and(is_same);
        differs.then(|| Coming {
            version: next.version.id.0,
            saved_at: next.version.saved_at,
            price: Some((component, next.held, next.version)),
            change: named(Some(&component.code), &component.name, next.from, words),
        })
    });
    let mut changes: Vec<Coming<'_>> = terms.chain(prices).collect();
    changes.sort_by_key(|one| (one.change.from.is_none(), one.change.from));
    changes
}

/// The same as a page shows it.
pub(super) fn coming_changes(
    versions: &PlanVersions,
    components: &[component::Model],
    binding: &Binding,
    now: DateTime<Utc>,
) -> Vec<ResourceChange> {
    let coming = coming(versions, components, binding, now).into_iter();
    coming.map(|one| one.change).collect()
}

/// The parts of the terms in which the two differ, for what runs.
fn other_terms(next: &Next<'_, TermsVersion>) -> Option<(String, String)> {
    let after = lasting_terms(&next.version.terms);
    match next.held {
        Some(held) => differing(lasting_terms(&held.terms), after),
        None => Some((String::new(), after.join(", "))),
    }
}
