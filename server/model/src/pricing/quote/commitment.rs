//! What an order commits its buyer to, and the most that any order may come to.

use super::{Quote, QuoteError, QuotePart};
use crate::fixed::Fixed;
use crate::money::Money;
use crate::pricing::PricingError;

/// The most that one order may come to on a document, or for a year, in major units. Documents hold sums up to 9·10⁹, so dozens of
/// the largest orders fit on one.
pub const LARGEST: u32 = 100_000_000;

/// What an order commits to, as people read it wherever approvals go by it. Without tax.
pub const COMMITMENT: &str =
    "a full month with the expected use, the first invoice, or all that is charged once, whichever is most";

/// The largest of a full month with the use that is expected, the first invoice, and everything that is billed once.
pub(super) fn of(quote: &Quote) -> Result<Money, QuoteError> {
    let mut month = quote.full_month.totals.net;
    if let Some(expected) = &quote.expected {
        month = month
            .checked_add(expected.totals.net)
            .map_err(PricingError::from)?;
    }
    let candidates = [quote.first_invoice.totals.net, quote.one_time.totals.net];
    let larger = |most: Money, other: Money| if other.amount > most.amount { other } else { most };
    Ok(candidates.into_iter().fold(month, larger).rounded())
}

/// Refuses what documents could not hold.
pub(super) fn check_size(quote: &Quote) -> Result<(), QuoteError> {
    let months = Fixed::from(12_u32).to_decimal();
    let largest = Fixed::from(LARGEST).to_decimal();
    let parts = [&quote.one_time, &quote.first_invoice];
    let fits = |part: &QuotePart| part.totals.total.amount.abs() <= largest;
    let a_year = |part: &QuotePart| {
        let year = part.totals.total.checked_mul(months);
        year.is_ok_and(|year| year.amount.abs() <= largest)
    };
    let month_fits = a_year(&quote.full_month) && quote.expected.as_ref().is_none_or(a_year);
    if parts.into_iter().all(fits) && month_fits {
        Ok(())
    } else {
        Err(QuoteError::TooLarge(quote.currency))
    }
}
