//! How a line's amount came about: stored with the line, and read out as a sentence wherever the line is shown.

use serde::{Deserialize, Serialize};

use super::{ChargeStep, Exact, PricingError, Share, ShareUnit};
use crate::fixed::Fixed;
use crate::money::{Currency, Money};
use crate::period::Window;
use crate::text_enum;

text_enum! {
    /// The rule by which a line was computed.
    Formula {
        /// Quantity × share of the period × price.
        Recurring = "recurring", "by the share of the period";
        /// Measured quantity × price.
        Usage = "usage", "by use";
        /// A fee, once.
        Once = "once", "once";
        /// A limit over the whole life: what is beyond the quantity billed before.
        TotalLimit = "total_limit", "difference to what was billed";
        /// Paid up front for whole months.
        Prepaid = "prepaid", "paid up front";
    }
}

/// One addend of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Segment {
    /// The quantity, never below zero.
    pub quantity: Fixed,
    /// What that quantity costs for one whole period.
    pub steps: Vec<ChargeStep>,
    /// How much of the period is charged.
    pub share: Share,
    /// The addend is taken off.
    #[serde(default)]
    pub negative: bool,
    /// The time it is for.
    #[serde(default)]
    pub window: Option<Window>,
}

/// The structured calculation of a line. Enough to compute the line again: [`Derivation::exact`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Derivation {
    /// The rule.
    pub formula: Formula,
    /// One unit, in the singular.
    pub unit: String,
    /// Currency of the prices.
    pub currency: Currency,
    /// Id of the price version.
    pub price_version: String,
    /// The addends.
    pub segments: Vec<Segment>,
    /// A credit is at most what was billed before; given where that bound cut the amount.
    #[serde(default)]
    pub cut_to: Option<Money>,
    /// What other lines give back of the same difference, at other taxes: it is no part of this line.
    #[serde(default)]
    pub elsewhere: Option<Money>,
    /// What a limit that is paid up front comes to in all; given where the line is for a raise of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised_to: Option<Fixed>,
}

impl Segment {
    /// Its exact amount, with sign.
    pub fn exact(&self) -> Result<Exact, PricingError> {
        let whole = self
            .steps
            .iter()
            .try_fold(Exact::ZERO, |sum, step| sum.checked_add(step.amount()))?;
        let amount = whole.share(self.share.n, self.share.of)?;
        if self.negative {
            Exact::ZERO.checked_sub(amount)
        } else {
            Ok(amount)
        }
    }

    /// Quantity × share with sign, exact.
    fn weighted_quantity(&self) -> Result<Exact, PricingError> {
        let amount = Exact::of(self.quantity).share(self.share.n, self.share.of)?;
        if self.negative {
            Exact::ZERO.checked_sub(amount)
        } else {
            Ok(amount)
        }
    }

    fn sentence(&self, unit: &str, currency: Currency) -> String {
        let money = |price: Fixed| Money::from_fixed(price, currency).to_string();
        let share = share_text(self.share)
            .map(|text| format!(" × {text}"))
            .unwrap_or_default();
        match self.steps.as_slice() {
            [ChargeStep::Units { quantity, price }] => {
                format!("{}{share} × {}", counted(*quantity, unit), money(*price))
            }
            [ChargeStep::Flat { quantity, price }] => {
                format!("{} for {}{share}", money(*price), counted(*quantity, unit))
            }
            [ChargeStep::Packages { count, size, price }] => {
                format!(
                    "{} of {}{share} × {}",
                    counted(*count, "package"),
                    counted(*size, unit),
                    money(*price)
                )
            }
            steps => {
                let part = |step: &ChargeStep| step_text(*step, unit, &money);
                let sum = steps.iter().map(part).collect::<Vec<_>>().join(" + ");
                if share.is_empty() {
                    sum
                } else {
                    format!("({sum}){share}")
                }
            }
        }
    }
}

impl Derivation {
    /// The exact amount, before the one rounding.
    pub fn exact(&self) -> Result<Exact, PricingError> {
        if let Some(amount) = self.cut_to {
            return Ok(Exact::of(amount.to_fixed()?));
        }
        let add = |sum: Exact, segment: &Segment| sum.checked_add(segment.exact()?);
        let sum = self.segments.iter().try_fold(Exact::ZERO, add)?;
        match self.elsewhere {
            Some(part) => sum.checked_sub(Exact::of(part.to_fixed()?)),
            None => Ok(sum),
        }
    }

    /// Quantity × share over all addends, with sign, to nine decimals: the quantity of the line.
    pub fn weighted_quantity(&self) -> Result<Fixed, PricingError> {
        let add = |sum: Exact, segment: &Segment| sum.checked_add(segment.weighted_quantity()?);
        self.segments.iter().try_fold(Exact::ZERO, add)?.to_fixed()
    }

    /// Whether a line may say that each unit costs `price`: then every addend is of units at it.
    pub fn charges_each(&self, price: Fixed) -> bool {
        let mut steps = self.segments.iter().flat_map(|segment| &segment.steps);
        steps.all(|step| matches!(step, ChargeStep::Units { price: each, .. } if *each == price))
    }

    /// The calculation for people: `10 CPU-hours × 12/31 days × €10.00`; of a raise, first what it is, since another raise
    /// within the same term can be computed alike.
    pub fn sentence(&self) -> String {
        match self.raise() {
            Some(raise) => format!("{raise}: {}", self.calculation()),
            None => self.calculation(),
        }
    }

    /// `2 more seats, 4 in all, from 28 Nov 2026`.
    fn raise(&self) -> Option<String> {
        let all = self.raised_to?;
        let add = |sum: Fixed, segment: &Segment| {
            if segment.negative {
                sum.checked_sub(segment.quantity)
            } else {
                sum.checked_add(segment.quantity)
            }
        };
        let more = self.segments.iter().try_fold(Fixed::ZERO, add).ok()?;
        let words = format!("{} {}", counted(more, ""), more_of(&self.unit, more));
        let mut starts = self.segments.iter().filter_map(|segment| segment.window);
        let from = starts.next().map_or_else(String::new, |window| {
            format!(", from {}", window.start.format("%-d %b %Y"))
        });
        Some(format!("{words}, {} in all{from}", counted(all, "")))
    }

    fn calculation(&self) -> String {
        let mut out = String::new();
        for segment in &self.segments {
            let text = segment.sentence(&self.unit, self.currency);
            match (out.is_empty(), segment.negative) {
                (true, false) => out.push_str(&text),
                (true, true) => out = format!("−({text})"),
                (false, false) => out = format!("{out} + {text}"),
                (false, true) => out = format!("{out} − {text}"),
            }
        }
        if let Some(amount) = self.cut_to {
            return format!("{out}, but no more than the {} billed before", amount.negated());
        }
        match self.elsewhere {
            Some(part) => format!("{out}, of which {part} on another line, as billed at another tax"),
            None => out,
        }
    }
}

fn step_text(step: ChargeStep, unit: &str, money: &dyn Fn(Fixed) -> String) -> String {
    match step {
        ChargeStep::Units { quantity, price } => format!("{} × {}", counted(quantity, unit), money(price)),
        ChargeStep::Flat { price, .. } => money(price),
        ChargeStep::Packages { count, price, .. } => {
            format!("{} × {}", counted(count, "package"), money(price))
        }
    }
}

/// `more seats`; `more` of what has no unit.
fn more_of(unit: &str, quantity: Fixed) -> String {
    format!("more {}", unit_word(unit, quantity))
        .trim_end()
        .to_owned()
}

/// `12/31 days`, `3 months`, `1/3 of a quarter`; nothing for a whole period.
fn share_text(share: Share) -> Option<String> {
    let of_period = match share.of {
        3 => "of a quarter",
        6 => "of a half-year",
        12 => "of a year",
        _ => "months",
    };
    match (share.unit, share.of) {
        (ShareUnit::Period, _) => None,
        (ShareUnit::Month, 1) => Some(counted(Fixed::from(share.n), "month")),
        (ShareUnit::Month, of) => Some(format!("{}/{of} {of_period}", share.n)),
        (ShareUnit::Day, 1) => Some(counted(Fixed::from(share.n), "day")),
        (ShareUnit::Hour, 1) => Some(counted(Fixed::from(share.n), "hour")),
        _ if share.is_whole() => None,
        (unit, of) => Some(format!("{}/{of} {}", share.n, unit.label())),
    }
}

/// A quantity with its unit: `1 core`, `2.5 CPU-hours`, `1,000 GiB`.
pub fn counted(quantity: Fixed, unit: &str) -> String {
    let digits = crate::money::group_thousands(&quantity.to_string());
    if unit.is_empty() {
        digits
    } else {
        format!("{digits} {}", unit_word(unit, quantity))
    }
}

/// What follows the symbol of an amount of data says what is done with it, as in `TB read`, and has no plural; times do.
fn is_amount_of_data_with_more(unit: &str, last: &str) -> bool {
    let first = unit.split(' ').next().unwrap_or(unit);
    let is_symbol = first.len() <= 3 && first.ends_with('B');
    let is_time = ["hour", "day", "week", "month", "year"].contains(&last);
    is_symbol && first.len() < unit.len() && !is_time
}

/// The unit in singular or plural. Symbols (GiB, TB, %) and words that already end in s stay as they are.
pub fn unit_word(unit: &str, quantity: Fixed) -> String {
    let last = unit.rsplit([' ', '-']).next().unwrap_or(unit);
    if is_amount_of_data_with_more(unit, last) {
        return unit.to_owned();
    }
    let is_word = last.len() >= 3 && last.chars().all(|c| c.is_ascii_lowercase());
    if quantity == Fixed::ONE || !is_word || last.ends_with('s') {
        return unit.to_owned();
    }
    let vowel_before_y = ["ay", "ey", "oy", "uy"].iter().any(|end| last.ends_with(end));
    match unit.strip_suffix('y') {
        Some(stem) if !vowel_before_y => format!("{stem}ies"),
        _ if ["ch", "sh", "x"].iter().any(|end| last.ends_with(end)) => format!("{unit}es"),
        _ => format!("{unit}s"),
    }
}
