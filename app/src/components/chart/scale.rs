//! From figures to places on a plot of 1000 by 200 units. Decimals throughout: the figures may be money.

use rust_decimal::Decimal;

pub(super) const WIDTH: u32 = 1000;
pub(super) const HEIGHT: u32 = 200;

/// The vertical axis: from zero to a round number above the largest figure, in four steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    pub(super) top: Decimal,
}

impl Scale {
    pub(super) fn over(values: impl Iterator<Item = Decimal>) -> Self {
        Self {
            top: round_up(values.max().unwrap_or_default()),
        }
    }

    /// How many units above the ground a figure stands; figures below zero stand on it.
    pub(super) fn height(self, value: Decimal) -> Decimal {
        let units = Decimal::from(HEIGHT);
        let value = value.clamp(Decimal::ZERO, self.top);
        value
            .checked_div(self.top)
            .and_then(|share| share.checked_mul(units))
            .unwrap_or_default()
            .round_dp(1)
            .normalize()
    }

    /// Distance from the upper edge.
    pub(super) fn y(self, value: Decimal) -> Decimal {
        Decimal::from(HEIGHT) - self.height(value)
    }

    /// The figures beside the grid lines, from the top down.
    pub(super) fn ticks(self) -> Vec<Decimal> {
        (0..=4_u32)
            .rev()
            .map(|step| (self.top * Decimal::from(step) / Decimal::from(4)).normalize())
            .collect()
    }
}

/// The next of 1, 2, 4, 6, 8, 10 times a power of ten: quarters of these have few digits.
fn round_up(value: Decimal) -> Decimal {
    if value <= Decimal::ZERO {
        return Decimal::from(4);
    }
    let mut unit = Decimal::ONE;
    while unit < value && unit < Decimal::from(1_000_000_000_000_000_i64) {
        unit *= Decimal::TEN;
    }
    while unit >= value && unit.scale() < 12 {
        unit /= Decimal::TEN;
        unit = unit.normalize();
    }
    let steps = [1, 2, 4, 6, 8, 10]
        .into_iter()
        .map(|factor| unit * Decimal::from(factor));
    steps.into_iter().find(|top| *top >= value).unwrap_or(value)
}

/// Position and width of the `at`th of `count` slots.
pub(super) fn slot(at: usize, count: usize) -> (Decimal, Decimal) {
    let width = Decimal::from(WIDTH) / Decimal::from(count.max(1));
    (width * Decimal::from(at), width)
}

pub(super) fn short(value: Decimal) -> String {
    value.round_dp(1).normalize().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn the_axis_ends_at_a_round_number_above_the_largest_figure() {
        for (value, top) in [
            ("0", "4"),
            ("7", "8"),
            ("9.5", "10"),
            ("10", "10"),
            ("101", "200"),
            ("0.03", "0.04"),
            ("1234.56", "2000"),
            ("1", "1"),
        ] {
            assert_eq!(round_up(decimal(value)), decimal(top), "{value}");
        }
    }

    #[test]
    fn figures_stay_inside_the_plot() {
        let scale = Scale { top: decimal("10") };
        assert_eq!(scale.height(decimal("5")), decimal("100"));
        assert_eq!(scale.height(decimal("-3")), Decimal::ZERO);
        assert_eq!(scale.height(decimal("30")), decimal("200"));
        assert_eq!(scale.y(decimal("10")), Decimal::ZERO);
    }

    #[test]
    fn slots_cover_the_width_without_gaps() {
        let (last, width) = slot(3, 4);
        assert_eq!(last + width, Decimal::from(WIDTH));
    }
}
