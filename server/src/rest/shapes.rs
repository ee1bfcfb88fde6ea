//! What programs read and send where that is not what the services keep: money is an amount with its currency wherever it
//! stands (the services keep the currency once, beside the amounts), and what does not apply is `null`. Made by moving the
//! parts of the read models, so that long answers cost no copy.

pub(super) mod account;
pub(super) mod invoice;
pub(super) mod line;
pub(super) mod offering;
pub(super) mod order;
pub(super) mod plan;
pub(super) mod plan_history;
pub(super) mod project;
pub(super) mod quote;

use model::{Currency, FieldFault, Fixed, Money};

/// A text that may be absent.
fn said(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// The figure of an amount that must be in `currency`; zero where it is at fault, which is noted with its place.
fn figure(path: &str, sent: Money, currency: Currency, faults: &mut Vec<FieldFault>) -> Fixed {
    if sent.currency != currency {
        let message = format!("Give it in {currency}: this is an amount in {}.", sent.currency);
        faults.push(FieldFault::at(
            format!("{path}.currency"),
            "other_currency",
            message,
        ));
    }
    sent.to_fixed().unwrap_or_else(|fault| {
        faults.push(FieldFault::at(
            format!("{path}.amount"),
            "out_of_range",
            fault.to_string(),
        ));
        Fixed::ZERO
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_of_another_currency_is_named_with_its_place() {
        let mut faults = Vec::new();
        let sent: Money = serde_json::from_str(r#"{"amount":"7.50","currency":"USD"}"#).unwrap();
        assert_eq!(
            figure("fee", sent, Currency::Usd, &mut faults),
            "7.5".parse().unwrap()
        );
        assert_eq!(faults, []);
        figure("fee", sent, Currency::Eur, &mut faults);
        assert_eq!(faults[0].path, "fee.currency");
        let large: Money = serde_json::from_str(r#"{"amount":"99999999999","currency":"EUR"}"#).unwrap();
        figure("fee", large, Currency::Eur, &mut faults);
        assert_eq!(faults[1].path, "fee.amount");
    }
}
