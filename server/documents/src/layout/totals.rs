//! Net, tax by rate, and the total, with the note that the law wants where the buyer owes the tax.

use model::Fixed;

use super::{Flow, Issued, LEFT, RIGHT};
use crate::canvas::{HAIRLINE, MUTED, Style, TEXT};

const PLAIN: Style = Style::regular(9.0, MUTED);
const FIGURE: Style = Style::regular(9.0, TEXT);
const TOTAL: Style = Style::strong(11.0, TEXT);
const NOTE: Style = Style::regular(8.5, MUTED);
const START: f32 = LEFT + 275.0;
const AMOUNT: f32 = RIGHT - 7.0;
const REVERSE_CHARGE: &str = "Reverse charge: VAT is to be accounted for by the recipient (Article 196 of Council Directive 2006/112/EC).";

pub(super) fn draw(issued: &Issued<'_>, flow: &mut Flow<'_, '_>) {
    let rows = rows(issued);
    let height = rows.iter().fold(126.0, |height, _| height + 16.0);
    if !flow.has_room(height) {
        flow.next_page();
    }
    flow.y += 6.0;
    for (label, amount) in &rows {
        flow.y += 16.0;
        flow.canvas.text(START, flow.y, PLAIN, label);
        if !amount.is_empty() {
            flow.canvas.text_right(AMOUNT, flow.y, FIGURE, amount);
        }
    }
    flow.y += 9.0;
    flow.canvas.rule(START, RIGHT, flow.y, 0.8, HAIRLINE);
    flow.y += 18.0;
    flow.canvas.text(START, flow.y, TOTAL, "Total");
    flow.canvas
        .text_right(AMOUNT, flow.y, TOTAL, &issued.money(issued.document.total));
    account(issued, flow);
    flow.y += 6.0;
    if issued.document.reverse_charge {
        let note = flow.canvas.wrap(NOTE, REVERSE_CHARGE, RIGHT - START);
        flow.y += 4.0;
        flow.lines(START, NOTE, 11.5, &note);
    }
}

/// What the buyer's account pays of it, and what is left.
fn account(issued: &Issued<'_>, flow: &mut Flow<'_, '_>) {
    let document = issued.document;
    if document.covered.is_zero() {
        return;
    }
    flow.y += 16.0;
    flow.canvas.text(START, flow.y, PLAIN, "From your account");
    let used = Fixed::ZERO.checked_sub(document.covered).unwrap_or_default();
    flow.canvas
        .text_right(AMOUNT, flow.y, FIGURE, &issued.amount(used));
    flow.y += 18.0;
    flow.canvas.text(START, flow.y, TOTAL, "Amount due");
    flow.canvas
        .text_right(AMOUNT, flow.y, TOTAL, &issued.money(document.amount_due));
}

fn rows(issued: &Issued<'_>) -> Vec<(String, String)> {
    let document = issued.document;
    let mut rows = vec![("Net".to_owned(), issued.amount(document.net))];
    for tax in &document.taxes {
        let label = format!("{} on {}", tax.rate.label(), tax.base.grouped());
        let amount = if tax.is_charged() {
            tax.tax.grouped()
        } else {
            String::new()
        };
        rows.push((label, amount));
    }
    rows
}
