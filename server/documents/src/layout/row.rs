//! One line of the invoice: what, how much, at which price, the amount, and below in small how it came about.

use chrono::{Datelike, NaiveDate};
use model::pricing::counted;
use model::{Fixed, InvoiceLine};

use super::{Flow, Issued, LEFT, RIGHT};
use crate::canvas::{Canvas, HAIRLINE, SUBTLE, Style, TEXT};

/// Right edges of the columns.
pub(super) const QUANTITY: f32 = LEFT + 328.0;
pub(super) const UNIT_PRICE: f32 = LEFT + 404.0;
const AMOUNT: f32 = RIGHT - 7.0;
const START: f32 = LEFT + 7.0;

const WHAT: Style = Style::regular(9.0, TEXT);
const FIGURE: Style = Style::regular(9.0, TEXT);
const SMALL: Style = Style::regular(7.5, SUBTLE);
const LEADING: f32 = 12.5;
const SMALL_LEADING: f32 = 10.0;
/// Space above the first line and below the last.
const ABOVE: f32 = 2.0;
const BELOW: f32 = 7.5;

/// A line of the invoice, broken into lines of text.
pub(super) struct Row {
    what: Vec<String>,
    quantity: Vec<String>,
    unit_price: String,
    amount: String,
    small: Vec<String>,
}

impl Row {
    pub(super) fn of(issued: &Issued<'_>, canvas: &Canvas<'_>, line: &InvoiceLine) -> Self {
        let quantity = counted(line.quantity, &line.unit);
        let small = format!(
            "{}  ·  {}",
            period(line.from, line.until),
            line.derivation.sentence()
        );
        Self {
            what: canvas.wrap(WHAT, &line.printed(), 212.0),
            quantity: canvas.wrap(FIGURE, &quantity, 104.0),
            unit_price: line
                .unit_price
                .map(|price: Fixed| issued.amount(price))
                .unwrap_or_default(),
            amount: issued.amount(line.amount),
            small: canvas.wrap(SMALL, &small, 318.0),
        }
    }

    fn figure_lines(&self) -> f32 {
        (0..self.what.len().max(self.quantity.len())).fold(0.0, |height, _| height + LEADING)
    }

    pub(super) fn height(&self) -> f32 {
        self.small
            .iter()
            .fold(ABOVE + self.figure_lines() + BELOW, |height, _| {
                height + SMALL_LEADING
            })
    }

    /// Draws it at the pen. Only the small print can go on to a next page, which `break_page` starts.
    pub(super) fn draw(&self, flow: &mut Flow<'_, '_>, mut break_page: impl FnMut(&mut Flow<'_, '_>)) {
        flow.y += ABOVE;
        let top = flow.y;
        let first = top + LEADING;
        flow.canvas
            .text_right(UNIT_PRICE, first, FIGURE, &self.unit_price);
        flow.canvas.text_right(AMOUNT, first, FIGURE, &self.amount);
        let mut y = top;
        for text in &self.quantity {
            y += LEADING;
            flow.canvas.text_right(QUANTITY, y, FIGURE, text);
        }
        flow.lines(START, WHAT, LEADING, &self.what);
        flow.y = top + self.figure_lines();
        for text in &self.small {
            if !flow.has_room(SMALL_LEADING) {
                break_page(flow);
            }
            flow.lines(START, SMALL, SMALL_LEADING, std::slice::from_ref(text));
        }
        flow.y += BELOW;
        flow.canvas.rule(LEFT, RIGHT, flow.y, 0.4, HAIRLINE);
    }
}

/// The days that a line covers, as short as they can be said: `1–30 November 2026`.
fn period(from: NaiveDate, until: NaiveDate) -> String {
    let last = until.pred_opt().filter(|last| *last >= from).unwrap_or(from);
    let full = |date: NaiveDate| date.format("%-d %b %Y").to_string();
    if from == last {
        return full(from);
    }
    let start = match (from.year() == last.year(), from.month() == last.month()) {
        (true, true) => from.format("%-d").to_string(),
        (true, false) => from.format("%-d %b").to_string(),
        (false, _) => full(from),
    };
    let dash = if from.year() == last.year() && from.month() == last.month() {
        "–"
    } else {
        " – "
    };
    format!("{start}{dash}{}", full(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_are_said_without_repeating() {
        assert_eq!(period(day("2026-11-01"), day("2026-12-01")), "1–30 Nov 2026");
        assert_eq!(period(day("2026-11-05"), day("2026-11-06")), "5 Nov 2026");
        assert_eq!(
            period(day("2026-10-01"), day("2027-01-01")),
            "1 Oct – 31 Dec 2026"
        );
        assert_eq!(
            period(day("2026-12-15"), day("2027-01-15")),
            "15 Dec 2026 – 14 Jan 2027"
        );
        assert_eq!(period(day("2026-12-15"), day("2026-12-15")), "15 Dec 2026");
    }
}
