//! The nouns and rules of the marketplace: ids, money, states and their moves, prices, forms, read models.
//! Owns every rule that both the browser and the server apply; knows no database, clock, network or web framework.
//! Compiles to WebAssembly. Feature `orm` adds SeaORM value derives, `openapi` adds schemas; both for the server only.
//! Start with `order` (states), `pricing` (what things cost) and `attributes` (forms).
#![warn(missing_docs)]

mod text_enum;

pub mod action;
pub mod approval;
pub mod assigned;
pub mod attributes;
pub mod backend;
pub mod catalogue;
pub mod duration;
mod empty_as_null;
pub mod event;
pub mod fixed;
pub mod ids;
pub mod invoice;
pub mod money;
pub mod notice;
pub mod offering;
pub mod operations;
pub mod order;
pub mod ordering;
pub mod page;
pub mod period;
pub mod plan_history;
mod price_mark;
pub mod pricing;
pub mod problem;
pub mod provisioning;
pub mod requested_days;
pub mod resource;
pub mod role;
pub mod structure;
mod text_lengths;
pub mod usage;
pub mod vat;
#[cfg(test)]
mod vocabulary;
pub mod webhook;

pub use action::*;
pub use approval::*;
pub use assigned::*;
pub use attributes::{Condition, DisplayRow, Field, FieldChoice, FieldKind, Schema, Spelling, Value, Values};
pub use backend::*;
pub use catalogue::*;
pub use duration::*;
pub use event::EventKind;
pub use fixed::{Fixed, FixedError};
pub use ids::*;
pub use invoice::*;
pub use money::{Currency, Money, MoneyError, group_thousands};
pub use notice::*;
pub use offering::*;
pub use operations::*;
pub use order::*;
pub use ordering::*;
pub use page::{NamedList, NamedSort, Page, PageRequest, SortOrder};
pub use period::{
    BillingPeriod, DateRange, LimitPeriod, Month, MonthError, Proration, Window, is_known_year, months_left,
    months_started,
};
pub use plan_history::*;
pub use price_mark::price_mark_of_switch;
pub use pricing::{
    Binding, COMMITMENT, ChargeType, Charged, ClockOffset, Coming, ComponentTerms, Derivation, ExpectedUse,
    LaterTerm, Line, Occasion, PlanTerms, PreviousPlan, Price, PriceChanges, PriceScheme, PriceToCome,
    PriceVersion, PricedComponent, PricedQuantity, PricingError, Quote, QuoteError, QuotePart, QuoteRequest,
    Recurring, Segment, Share, SharedTime, Stretch, TaxRate, TaxTotal, TermsVersion, Tier, Timeline, ToCome,
    Totals, UsageNote, corrected, document_totals, place_of, price_timeline, published, quote,
    terms_timeline,
};
pub use problem::{FieldFault, Kind, Problem, sentence};
pub use provisioning::*;
pub use requested_days::*;
pub use resource::*;
pub use role::*;
pub use structure::*;
pub use text_lengths::REASON_LENGTH;
pub use usage::*;
pub use webhook::*;
