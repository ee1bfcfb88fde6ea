//! What is owed, reckoned once more: written from the rules of the design alone, day by day and hour by hour with plain
//! decimals, so that it shares no fault with the services. Slow and simple on purpose. It knows nothing of the database:
//! whoever lives a life tells it the facts as they come to be, in [`Facts`].
//!
//! Read `calendar` (which instants a day has), `recurring`, `once`, `used`, then [`Facts::close`].

mod calendar;
mod once;
mod prices;
mod recurring;
mod used;

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
}

/// A price that somebody saved.
#[derive(Debug, Clone)]
pub struct PriceFacts {
    pub component: String,
    /// From here on it is the plan's price.
    pub from: At,
    /// When it was saved: what has notice counts it from here.
    pub saved: At,
    pub scheme: PriceScheme,
}

/// A plan.
#[derive(Debug, Clone)]
pub struct PlanFacts {
    pub currency: Currency,
    pub period: BillingPeriod,
    pub proration: Proration,
    pub in_advance: bool,
    /// Setup fees, each from an instant on.
    pub setup: Vec<(At, Decimal)>,
    /// In the order in which they were saved.
    pub prices: Vec<PriceFacts>,
    /// Days that a dearer price must have been known before it reaches who has the plan.
    pub notice_days: i64,
}

/// What a resource had for some time.
#[derive(Debug, Clone)]
pub struct Span {
    pub plan: usize,
    /// When the order that led to it was placed: its quote binds.
    pub ordered: At,
    pub limits: BTreeMap<String, Decimal>,
    pub from: At,
    pub until: Option<At>,
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
    amount.round_dp_with_strategy(currency.minor_unit(), RoundingStrategy::MidpointAwayFromZero)
}
