//! Versions of prices and terms, and which of them counts for whom (`seams.md` 1).
//!
//! A version begins at an instant and is never edited. Who orders gets the newest that has begun ([`published`]). What
//! an order has bound stays with the resource that it makes ([`Binding`]) until a later version reaches it: after the
//! plan's notice, at a renewal (which is an order that binds anew), or at once where it is lower ([`price_timeline`]).

mod timeline;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

pub use timeline::{Next, Piece, Timeline, corrected, place_of, price_timeline, published, terms_timeline};

use super::{ComponentTerms, Price};
use crate::fixed::Fixed;
use crate::ids::{PriceId, TermsId};
use crate::offering::ChargeMode;
use crate::period::{BillingPeriod, Proration};

/// When a later price or term reaches resources that run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum PriceChanges {
    /// This many days after it was published, if it has begun by then.
    WithNotice {
        /// Days between publishing and reaching.
        days: u16,
    },
    /// Only with an order that binds anew: a renewal, or a switch of plan. Only of offerings of which something is paid up
    /// front: nothing else is renewed.
    AtRenewal,
}

impl Default for PriceChanges {
    fn default() -> Self {
        Self::WithNotice { days: 30 }
    }
}

impl PriceChanges {
    /// As it is stored: days of notice, or none for "at renewal".
    pub fn notice_days(self) -> Option<u16> {
        match self {
            Self::WithNotice { days } => Some(days),
            Self::AtRenewal => None,
        }
    }

    /// From what is stored.
    pub fn of_notice_days(days: Option<u16>) -> Self {
        days.map_or(Self::AtRenewal, |days| Self::WithNotice { days })
    }

    /// Whether it ever comes in an offering of these components: only what is paid up front has terms that are renewed.
    pub fn comes_with<'a>(self, components: impl IntoIterator<Item = &'a ComponentTerms>) -> bool {
        self != Self::AtRenewal || components.into_iter().any(|terms| terms.prepaid)
    }

    /// For people: "30 days after they are published".
    pub fn describe(self) -> String {
        match self {
            Self::WithNotice { days: 0 } => "as soon as they begin".into(),
            Self::WithNotice { days } => {
                format!(
                    "{} after they are published",
                    super::counted(u32::from(days).into(), "day")
                )
            }
            Self::AtRenewal => "when the resource is renewed".into(),
        }
    }
}

/// The terms of a plan, beside its prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanTerms {
    /// How often the plan charges. Prices of resources that run keep the period for which they were published.
    pub billing_period: BillingPeriod,
    /// How parts of a period are charged.
    pub proration: Proration,
    /// When it is charged.
    pub charge_mode: ChargeMode,
    /// Charged once, when a resource is created.
    pub setup_fee: Fixed,
    /// When later prices and terms reach resources that run.
    pub price_changes: PriceChanges,
}

impl PlanTerms {
    /// What of the terms decides how resources that run are charged, each part in words.
    pub fn charging(&self) -> [String; 3] {
        [
            self.billing_period.label().to_owned(),
            self.charge_mode.label().to_owned(),
            format!("Part periods: {}", self.proration.label().to_lowercase()),
        ]
    }
}

/// The parts in which two lists of as many parts differ: what they were, and what they are then. None where they are alike.
pub fn differing<const N: usize>(before: [String; N], after: [String; N]) -> Option<(String, String)> {
    let parts = before.into_iter().zip(after);
    let (before, after): (Vec<String>, Vec<String>) = parts.filter(|(before, after)| before != after).unzip();
    (!after.is_empty()).then(|| (before.join("; "), after.join("; ")))
}

/// A version of the price of a component in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceVersion {
    /// The version.
    pub id: PriceId,
    /// When it was published.
    pub saved_at: DateTime<Utc>,
    /// Its first instant; never before it was published, unless it corrects another.
    pub starts_at: DateTime<Utc>,
    /// The period that a fixed amount is for.
    pub every: BillingPeriod,
    /// The published version in whose place this one stands from its first instant on; none for what was published.
    /// A correction is saved after its first instant. Of two corrections of one version the later saved one counts.
    pub corrects: Option<PriceId>,
    /// The price.
    pub price: Price,
}

/// A version of the terms of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermsVersion {
    /// The version.
    pub id: TermsId,
    /// When it was published.
    pub saved_at: DateTime<Utc>,
    /// Its first instant; never before it was published.
    pub starts_at: DateTime<Utc>,
    /// The terms.
    pub terms: PlanTerms,
}

/// What an order has bound: the versions that its quote used. Nothing, for what was ordered before orders bound
/// versions: then every version reaches it by its own dates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// When the order was placed.
    pub placed_at: Option<DateTime<Utc>>,
    /// When the resource began to have this plan; none while the order waits.
    pub begun_at: Option<DateTime<Utc>>,
    /// Until then nothing that was published while the order waited reaches it, whatever the plan's notice; a lower price
    /// does, at once. What is published once it has begun waits for the notice alone.
    pub valid_until: Option<DateTime<Utc>>,
    /// Version of the plan's terms.
    pub terms: Option<TermsId>,
    /// Versions of prices, one per component that had a price.
    pub prices: BTreeSet<PriceId>,
}

impl Binding {
    /// For how long a quote holds, for each side that is asked.
    pub const HOLDS: TimeDelta = TimeDelta::days(30);

    /// From `at` on, what was ordered is had. Where the quote has ended by then, because the work took long, it holds for as
    /// long again: nobody who agreed to a price has a dearer one on the first day. Nothing changes for what is had already.
    #[must_use]
    pub fn begun(self, at: DateTime<Utc>) -> Self {
        if self.begun_at.is_some() {
            return self;
        }
        let again = |until: DateTime<Utc>| {
            let next = at.checked_add_signed(Self::HOLDS).filter(|_| until <= at);
            next.unwrap_or(until)
        };
        Self {
            begun_at: Some(at),
            valid_until: self.valid_until.map(again),
            ..self
        }
    }

    /// Lets it hold until `at`, where it would end before.
    pub fn hold_until(&mut self, at: DateTime<Utc>) {
        self.valid_until = self.valid_until.map(|until| until.max(at));
    }
}

/// Anything that is kept as versions by first instant.
pub trait Version {
    /// When it was published.
    fn saved_at(&self) -> DateTime<Utc>;
    /// Its first instant.
    fn starts_at(&self) -> DateTime<Utc>;
    /// Whether the binding names this version.
    fn is_bound(&self, binding: &Binding) -> bool;
    /// Whether nobody pays more under it than under `held`, whatever the quantity, and somebody less.
    fn is_lower_than(&self, held: &Self) -> bool;
    /// Whether it stands in the place of another version.
    fn is_correction(&self) -> bool;
    /// Whether it stands in the place of `other`.
    fn corrects(&self, other: &Self) -> bool;
}

impl Version for PriceVersion {
    fn saved_at(&self) -> DateTime<Utc> {
        self.saved_at
    }

    fn starts_at(&self) -> DateTime<Utc> {
        self.starts_at
    }

    fn is_bound(&self, binding: &Binding) -> bool {
        binding.prices.contains(&self.id)
    }

    fn is_lower_than(&self, held: &Self) -> bool {
        self.every == held.every && self.price.scheme.is_lower_than(&held.price.scheme)
    }

    fn is_correction(&self) -> bool {
        self.corrects.is_some()
    }

    fn corrects(&self, other: &Self) -> bool {
        self.corrects == Some(other.id)
    }
}

impl Version for TermsVersion {
    fn saved_at(&self) -> DateTime<Utc> {
        self.saved_at
    }

    fn starts_at(&self) -> DateTime<Utc> {
        self.starts_at
    }

    fn is_bound(&self, binding: &Binding) -> bool {
        binding.terms == Some(self.id)
    }

    /// Terms are not cheaper or dearer by themselves.
    fn is_lower_than(&self, _held: &Self) -> bool {
        false
    }

    /// Terms are not corrected.
    fn is_correction(&self) -> bool {
        false
    }

    fn corrects(&self, _other: &Self) -> bool {
        false
    }
}
