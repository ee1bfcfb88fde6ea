//! Amounts as people read them. Digits are grouped and never rounded here: what is passed is what is shown.

use super::optional_text::OptionalText;
use leptos::prelude::*;
use model::{Fixed, group_thousands, pricing::unit_word};
use rust_decimal::Decimal;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TaxNote {
    #[default]
    Unsaid,
    Excluded,
    Included,
    Exempt,
}

impl TaxNote {
    pub const fn label(self) -> Option<&'static str> {
        match self {
            Self::Unsaid => None,
            Self::Excluded => Some("without tax"),
            Self::Included => Some("with tax"),
            Self::Exempt => Some("no tax"),
        }
    }
}

/// `1234.5` EUR is `€1,234.50`; more decimals than the currency has are kept, as unit prices have them.
pub fn format_money(amount: Decimal, currency: &str) -> String {
    match currency.parse() {
        Ok(currency) => model::Money::new(amount, currency).to_string(),
        Err(_unknown) => format!("{currency}\u{a0}{}", format_quantity(amount)),
    }
}

/// The same of an amount that knows its currency.
pub fn money_text(money: model::Money) -> String {
    money.to_string()
}

/// `1234.50` is `1,234.5`: trailing zeros say nothing about a quantity.
pub fn format_quantity(amount: Decimal) -> String {
    let minus = if amount.is_sign_negative() && !amount.is_zero() {
        "\u{2212}"
    } else {
        ""
    };
    format!(
        "{minus}{}",
        group_thousands(&amount.abs().normalize().to_string())
    )
}

#[component]
pub fn Money(
    amount: Decimal,
    #[prop(into)] currency: String,
    #[prop(optional, into)] per: OptionalText,
    #[prop(optional)] tax: TaxNote,
    #[prop(optional)] strong: bool,
    /// Shows a plus before gains, for differences and ledgers.
    #[prop(optional)]
    signed: bool,
) -> impl IntoView {
    let plus = if signed && amount.is_sign_positive() && !amount.is_zero() {
        "+"
    } else {
        ""
    };
    let note: Vec<String> = [per.map(|per| format!("/ {per}")), tax.label().map(String::from)]
        .into_iter()
        .flatten()
        .collect();
    view! {
        <span class=if strong { "money strong" } else { "money" }>
            {plus}
            {format_money(amount, &currency)}
            {(!note.is_empty()).then(|| view! { <small>" " {note.join(", ")}</small> })}
        </span>
    }
    .into_any()
}

/// A price that stands large: where people decide.
#[component]
pub fn Price(
    amount: Decimal,
    #[prop(into)] currency: String,
    #[prop(optional, into)] per: OptionalText,
    #[prop(optional)] tax: TaxNote,
    /// The least it can cost.
    #[prop(optional)]
    from: bool,
    #[prop(optional, into)] note: OptionalText,
) -> impl IntoView {
    let parts: Vec<String> = [tax.label().map(String::from), note.0]
        .into_iter()
        .flatten()
        .collect();
    view! {
        <div class="price">
            <p class="price-line">
                {from.then(|| view! { <span class="price-per">"from"</span> })}
                <span class="price-amount">{format_money(amount, &currency)}</span>
                {per.map(|per| view! { <span class="price-per">"per " {per}</span> })}
            </p>
            {(!parts.is_empty()).then(|| view! { <p class="price-note">{parts.join(" · ")}</p> })}
        </div>
    }
    .into_any()
}

/// The same with four decimals that say something at most: what was measured has nine, and nobody reads them.
pub fn format_rounded(amount: Decimal) -> String {
    let rounded = if amount.abs() >= Decimal::ONE {
        amount.round_dp(DECIMALS)
    } else {
        amount.round_sf(DECIMALS).unwrap_or(amount)
    };
    format_quantity(rounded)
}

const DECIMALS: u32 = 4;

/// A rough quantity with its unit, in singular or plural.
pub fn format_with_unit(amount: Decimal, unit: &str) -> String {
    let quantity = Fixed::from_decimal_rounded(amount).unwrap_or_default();
    format!("{} {}", format_rounded(amount), unit_word(unit, quantity))
}

/// A rough quantity; pointing at it tells it exactly.
#[component]
pub fn Quantity(amount: Decimal, #[prop(into)] unit: String) -> impl IntoView {
    let (rough, exact) = (format_rounded(amount), format_quantity(amount));
    let title = (rough != exact).then(|| format!("{exact} {unit}"));
    view! {
        <span class="money" title=title>
            {rough}
            <small>" " {unit}</small>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_are_grouped_and_keep_their_cents() {
        assert_eq!(format_money(decimal("1224.8"), "EUR"), "€1,224.80");
        assert_eq!(format_money(decimal("1000000"), "USD"), "$1,000,000.00");
        assert_eq!(format_money(decimal("0"), "EUR"), "€0.00");
        assert_eq!(format_money(decimal("999.999"), "GBP"), "£999.999");
    }

    #[test]
    fn quantities_are_rounded_for_people_and_counted() {
        assert_eq!(format_rounded(decimal("0.033333333")), "0.03333");
        assert_eq!(format_rounded(decimal("1234.123456789")), "1,234.1235");
        assert_eq!(format_rounded(decimal("0")), "0");
        assert_eq!(
            format_with_unit(decimal("1544.4"), "CPU-hour"),
            "1,544.4 CPU-hours"
        );
        assert_eq!(format_with_unit(decimal("1"), "CPU-hour"), "1 CPU-hour");
    }

    #[test]
    fn unit_prices_are_not_rounded() {
        assert_eq!(format_money(decimal("0.000000125"), "EUR"), "€0.000000125");
    }

    #[test]
    fn currencies_without_a_sign_are_named_and_those_without_cents_have_none() {
        assert_eq!(format_money(decimal("12"), "CHF"), "CHF\u{a0}12.00");
        assert_eq!(format_money(decimal("1200"), "JPY"), "¥1,200");
    }

    #[test]
    fn negative_amounts_carry_a_real_minus_and_zero_carries_none() {
        assert_eq!(format_money(decimal("-3.5"), "EUR"), "\u{2212}€3.50");
        assert_eq!(format_money(decimal("-0.00"), "EUR"), "€0.00");
        assert_eq!(format_quantity(decimal("-1234.500")), "\u{2212}1,234.5");
    }
}
