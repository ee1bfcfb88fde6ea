//! What is owed, reckoned once more: written from the rules of the design alone, day by day and hour by hour with plain
//! decimals, so that it shares no fault with the services. Slow and simple on purpose. It knows nothing of the database:
//! whoever lives a life tells it the facts as they come to be, in [`Facts`].
//!
//! Read `calendar` (which instants a day has), `versions` (which price counts when), `pieces` (what that makes of a
//! life), `recurring`, `once`, `prepaid`, `used`, then [`Facts::close`].

mod calendar;
mod once;
mod pieces;
mod prepaid;
mod prices;
mod recurring;
mod used;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use model::{BillingPeriod, ChargeType, Currency, LimitPeriod, Month, PriceScheme, Proration};
use rust_decimal::{Decimal, RoundingStrategy};

pub use calendar::Calendar;

/// An instant.
pub type At = DateTime<Utc>;

/// What a component is charged for.
#[derive(Debug, Clone)]
pub struct ComponentFacts {
    pub code: String,
    pub charge: ChargeType,
    /// The period of a limit; `None`: the plan's own.
    pub period: Option<LimitPeriod>,
    /// A limit that is paid up front, term by term.
    pub prepaid: bool,
    /// What bills the use beyond a limit that is paid up front.
    pub overage: Option<String>,
}

/// A price that somebody saved.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceFacts {
    pub component: String,
    /// From here on it is the plan's price.
    pub from: At,
    /// When it was saved: what has notice counts it from here.
    pub saved: At,
    /// The plan's period for which it is.
    pub every: BillingPeriod,
    pub scheme: PriceScheme,
    /// It was taken back before it began.
    pub withdrawn: bool,
}

/// Terms that somebody saved.
#[derive(Debug, Clone, PartialEq)]
pub struct TermsFacts {
    pub from: At,
    pub saved: At,
    /// The plan's period.
    pub every: BillingPeriod,
    pub proration: Proration,
    pub in_advance: bool,
    pub setup: Decimal,
    /// Days that a dearer price, or other terms, must have been known before they reach who has the plan; `None`: they
    /// do at a renewal only.
    pub notice_days: Option<i64>,
    pub withdrawn: bool,
}

/// A plan, with its versions in the order in which they were saved.
#[derive(Debug, Clone)]
pub struct PlanFacts {
    pub currency: Currency,
    pub terms: Vec<TermsFacts>,
    pub prices: Vec<PriceFacts>,
}

/// What an order promised: the versions that were in force when it was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    pub ordered: At,
    /// When it was carried out. What was published between the two reaches nobody before `until`.
    pub begun: At,
    pub until: At,
}

/// What a resource had for some time.
#[derive(Debug, Clone)]
pub struct Span {
    pub plan: usize,
    /// Of the order that led to the plan: what changes within it keeps that.
    pub promise: Promise,
    pub limits: BTreeMap<String, Decimal>,
    pub from: At,
    pub until: Option<At>,
}

/// A term that is paid up front.
#[derive(Debug, Clone)]
pub struct TermFacts {
    /// Of the order that added it.
    pub promise: Promise,
    /// The plan that it was ordered in.
    pub plan: usize,
    pub first: NaiveDate,
    /// The day after the last.
    pub end: NaiveDate,
    /// Limits when it was ordered.
    pub limits: BTreeMap<String, Decimal>,
}

/// Use that was reported.
#[derive(Debug, Clone)]
pub struct UsageFacts {
    pub key: String,
    pub component: String,
    pub days: Vec<(NaiveDate, Decimal)>,
}

/// A resource's life.
#[derive(Debug, Clone, Default)]
pub struct ResourceFacts {
    pub spans: Vec<Span>,
    pub terms: Vec<TermFacts>,
    /// The last day of its last span, while that is open.
    pub last_day: Option<NaiveDate>,
    /// The events that count.
    pub usage: Vec<UsageFacts>,
}

/// Everything that decides what one buyer owes one seller for one offering.
#[derive(Debug, Clone)]
pub struct Facts {
    pub calendar: Calendar,
    pub components: Vec<ComponentFacts>,
    pub plans: Vec<PlanFacts>,
    pub resources: Vec<ResourceFacts>,
    closed: BTreeSet<Month>,
    billed: BTreeMap<UseKey, Decimal>,
}

/// What use is billed by: resource, component, plan, version and the month in which it was.
type UseKey = (usize, String, usize, usize, Month);

/// A line that must stand on a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    pub resource: usize,
    pub component: String,
    pub currency: Currency,
    /// Rounded to the minor unit.
    pub amount: Decimal,
    /// How it came about, for whoever looks for a fault.
    pub why: String,
}

impl Facts {
    pub fn new(calendar: Calendar) -> Self {
        Self {
            calendar,
            components: Vec::new(),
            plans: Vec::new(),
            resources: Vec::new(),
            closed: BTreeSet::new(),
            billed: BTreeMap::new(),
        }
    }

    /// The lines of a month that is closed now. From here on late use of it stands on later documents.
    pub fn close(&mut self, month: Month) -> Vec<Owed> {
        if self.closed.contains(&month) {
            return Vec::new();
        }
        let mut owed = Vec::new();
        for resource in 0..self.resources.len() {
            owed.extend(self.once(resource, month));
            owed.extend(self.prepaid(resource, month));
            owed.extend(self.recurring(resource, month));
        }
        let (used, billed) = self.used(month);
        owed.extend(used);
        self.billed.extend(billed);
        self.closed.insert(month);
        owed.retain(|line| !line.amount.is_zero());
        owed
    }

    /// Whether the month was closed.
    pub fn is_closed(&self, month: Month) -> bool {
        self.closed.contains(&month)
    }
}

/// Rounded once, half away from zero, to the minor unit.
fn rounded(amount: Decimal, currency: Currency) -> Decimal {
    // Thirds have no end: what is half a cent may miss it in the last of 28 digits.
    let exact = amount.round_dp(15);
    exact.round_dp_with_strategy(currency.minor_unit(), RoundingStrategy::MidpointAwayFromZero)
}
