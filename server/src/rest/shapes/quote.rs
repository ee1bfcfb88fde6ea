//! What an order will cost.

use chrono::{DateTime, NaiveDate, Utc};
use model::{Currency, Money, Month, Totals, UsageNote};
use serde::Serialize;
use utoipa::ToSchema;

use super::{line::Line, plan::PriceScheme, said};

/// What the order will cost. Of a change, what it adds: what stays as it was is not in the one-time part, nor on the first
/// invoice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Quote {
    /// The first day that is charged.
    pub(crate) billed_from: NaiveDate,
    /// Fees, limits over the whole life and prepaid terms: billed once.
    pub(crate) one_time: QuotePart,
    /// The first invoice that will be issued for it, without what is billed by use; empty where nothing else is charged.
    /// Of a change, what it adds to the first invoice that it changes.
    pub(crate) first_invoice: QuotePart,
    /// The month of that invoice.
    pub(crate) first_invoice_month: Option<Month>,
    /// A full calendar month; of what is billed by the quarter or year, its monthly part.
    pub(crate) full_month: QuotePart,
    /// Of a change, what it adds to a full month; null for a new resource, and where the currency changes.
    pub(crate) added_month: Option<QuotePart>,
    /// What comes on top by use.
    pub(crate) usage: Vec<UsageNote>,
    /// An estimate: what the use that the buyer expects costs a month. null where none is expected.
    pub(crate) expected: Option<QuotePart>,
    /// Prices and terms that are published and will reach what is ordered after its first day, the next first.
    pub(crate) prices_to_come: Vec<PriceToCome>,
    /// The largest full month with the use that is expected, at prices to come that reach it before it ends, or within
    /// fourteen months where no end is known; null where none is larger than at the prices of the first day.
    pub(crate) dearest_month: Option<QuotePart>,
    /// What is agreed to, net: the largest of a full month with the use that is expected, now and at prices to come, the first
    /// invoice, and everything that is billed once.
    pub(crate) commitment: Money,
    /// What a buyer should know about these figures.
    pub(crate) notes: Vec<String>,
}

impl From<model::Quote> for Quote {
    fn from(whole: model::Quote) -> Self {
        let (commitment, currency) = (whole.committed(), whole.currency);
        let to_come = whole.prices_to_come.into_iter();
        Self {
            billed_from: whole.billed_from,
            one_time: whole.one_time.into(),
            first_invoice: whole.first_invoice.into(),
            first_invoice_month: whole.first_invoice_month,
            full_month: whole.full_month.into(),
            added_month: whole.added_month.map(QuotePart::from),
            usage: whole.usage,
            expected: whole.expected.map(QuotePart::from),
            prices_to_come: to_come.map(|one| PriceToCome::of(one, currency)).collect(),
            dearest_month: whole.dearest_month.map(QuotePart::from),
            commitment,
            notes: whole.notes,
        }
    }
}

/// A price, or terms that change how it is charged, that is published and will reach what is ordered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PriceToCome {
    /// Component code of a price; null for the plan's terms.
    pub(crate) component: Option<String>,
    /// Name of the component, or "Terms".
    pub(crate) name: String,
    /// What it is until then; null where it costs nothing yet.
    pub(crate) now: Option<String>,
    /// What it will be: "€77.00 per seat".
    pub(crate) then: String,
    /// Scheme and figures of a price; null for the plan's terms.
    pub(crate) price: Option<PriceScheme>,
    /// Whether some quantity costs more than until then.
    pub(crate) is_higher: bool,
    /// From when on; null: only with an order that binds anew, such as a renewal.
    pub(crate) from: Option<DateTime<Utc>>,
    /// The first day that is charged so, in the billing time zone.
    pub(crate) first_day: Option<NaiveDate>,
}

impl PriceToCome {
    fn of(whole: model::PriceToCome, currency: Currency) -> Self {
        Self {
            component: whole.component,
            name: whole.name,
            now: said(whole.now),
            then: whole.then,
            price: whole.price.map(|scheme| PriceScheme::of(scheme, currency)),
            is_higher: whole.is_higher,
            from: whole.from,
            first_day: whole.first_day,
        }
    }
}

/// Lines that are billed together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuotePart {
    /// The lines.
    pub(crate) lines: Vec<Line>,
    /// Their sums with tax.
    pub(crate) totals: Totals,
}

impl From<model::QuotePart> for QuotePart {
    fn from(whole: model::QuotePart) -> Self {
        Self {
            lines: whole.lines.into_iter().map(Line::from).collect(),
            totals: whole.totals,
        }
    }
}
