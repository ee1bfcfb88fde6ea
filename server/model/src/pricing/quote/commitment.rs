//! What an order commits its buyer to, and the most that any order may come to.

use super::{Quote, QuoteError, QuotePart};
use crate::fixed::Fixed;
use crate::money::Money;
use crate::pricing::PricingError;

/// The most that one order may come to on a document, or for a year, in major units. Documents hold sums up to 9·10⁹, so dozens of
/// the largest orders fit on one.
pub const LARGEST: u32 = 100_000_000;

/// What an order commits to, as people read it wherever approvals go by it. Without tax.
pub const COMMITMENT: &str = "a full month with the expected use (at published prices to come, too), the first invoice, or all that is charged once, whichever is most";

/// The largest of a full month with the use that is expected, now and at prices to come, the first invoice, and everything
/// that is billed once.
pub(super) fn of(quote: &Quote) -> Result<Money, QuoteError> {
    let candidates = [quote.first_invoice.totals.net, quote.one_time.totals.net].into_iter();
    let dearest = quote.dearest_month.as_ref().map(|part| part.totals.net);
    let larger = |most: Money, other: Money| if other.amount > most.amount { other } else { most };
    Ok(candidates.chain(dearest).fold(month(quote)?, larger).rounded())
}

/// A full month with the use that is expected.
pub(super) fn month(quote: &Quote) -> Result<Money, QuoteError> {
    let month = quote.full_month.totals.net;
    let Some(expected) = &quote.expected else {
        return Ok(month);
    };
    let both = month.checked_add(expected.totals.net);
    Ok(both.map_err(PricingError::from)?)
}

/// Refuses what documents could not hold.
pub(super) fn check_size(quote: &Quote) -> Result<(), QuoteError> {
    let year = Fixed::from(12_u32).to_decimal();
    let largest = Fixed::from(LARGEST).to_decimal();
    let parts = [&quote.one_time, &quote.first_invoice];
    let fits = |part: &QuotePart| part.totals.total.amount.abs() <= largest;
    let a_year = |part: &QuotePart| {
        let months = part.totals.total.checked_mul(year);
        months.is_ok_and(|sum| sum.amount.abs() <= largest)
    };
    let months = [&quote.expected, &quote.dearest_month];
    let month_fits = a_year(&quote.full_month) && months.into_iter().flatten().all(a_year);
    if parts.into_iter().all(fits) && month_fits {
        Ok(())
    } else {
        Err(QuoteError::TooLarge(quote.currency))
    }
}
