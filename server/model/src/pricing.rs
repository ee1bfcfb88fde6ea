//! What things cost. Pure sums, the same in the browser and on the server, so that the price shown before an order is
//! the price charged after it.
//!
//! Invariants: products and sums are exact (integers of 10^-18 over whole days or hours); a line is rounded once, half
//! away from zero, to the minor unit; tax is rounded once per rate; a document's totals are sums of what is printed.
//! Overflow is an error, never a panic or a wrapped number.
//!
//! Reading order: `component` (what is sold), `scheme` (what a quantity costs), `version` (which price and terms a
//! resource has), `share` (which part of a period), `line` (one printed line), `totals` (tax), `quote` (everything for
//! a buyer).

mod cheapest;
mod component;
mod derivation;
mod error;
mod exact;
pub mod line;
pub mod quote;
pub mod schedule;
mod scheme;
mod share;
pub mod totals;
mod version;

pub use component::{ChargeType, ComponentTerms, ExpectedUse, LimitFault, TermsFault};
pub use derivation::{Derivation, Formula, Segment, counted, unit_word};
pub use error::PricingError;
pub use exact::Exact;
pub use line::{Charged, Line, PaidUnits, PrepaidIncrease, PricedQuantity, Recurring};
pub use quote::{
    COMMITMENT, ClockOffset, Coming, LARGEST, LaterTerm, Occasion, PreviousPlan, PriceToCome,
    PricedComponent, Quote, QuoteError, QuotePart, QuoteRequest, ToCome, UsageNote, quote,
};
pub use scheme::{Charge, ChargeStep, Price, PriceScheme, SchemeFault, Tier};
pub use share::{Portion, Share, ShareUnit, SharedTime, Stretch, counted_in, shares};
pub use totals::{TaxRate, TaxTotal, Totals, document_totals};
pub use version::{
    Binding, Next, Piece, PlanTerms, PriceChanges, PriceVersion, TermsVersion, Timeline, Version, corrected,
    differing, place_of, price_timeline, published, terms_timeline,
};

#[cfg(test)]
mod tests;
