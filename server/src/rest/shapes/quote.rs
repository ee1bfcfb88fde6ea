//! What an order will cost.

use chrono::NaiveDate;
use model::{Money, Month, Totals, UsageNote};
use serde::Serialize;
use utoipa::ToSchema;

use super::line::Line;

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
    /// What is agreed to, net: the largest of a full month with the use that is expected, the first invoice, and everything
    /// that is billed once.
    pub(crate) commitment: Money,
    /// What a buyer should know about these figures.
    pub(crate) notes: Vec<String>,
}

impl From<model::Quote> for Quote {
    fn from(whole: model::Quote) -> Self {
        let commitment = whole.committed();
        Self {
            billed_from: whole.billed_from,
            one_time: whole.one_time.into(),
            first_invoice: whole.first_invoice.into(),
            first_invoice_month: whole.first_invoice_month,
            full_month: whole.full_month.into(),
            added_month: whole.added_month.map(QuotePart::from),
            usage: whole.usage,
            expected: whole.expected.map(QuotePart::from),
            commitment,
            notes: whole.notes,
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
