//! Seller and buyer side by side, and what is to be paid.

mod country;

use model::Party;

use super::{Flow, Issued, LABEL, LEFT, day};
use crate::canvas::{MUTED, Style, TEXT};

const NAME: Style = Style::strong(9.5, TEXT);
const DETAIL: Style = Style::regular(8.5, MUTED);
const AMOUNT: Style = Style::strong(17.0, TEXT);
const DUE: Style = Style::regular(9.0, MUTED);
const SECOND: f32 = LEFT + 275.0;
const WIDTH: f32 = 218.0;

pub(super) fn draw(issued: &Issued<'_>, flow: &mut Flow<'_, '_>) {
    let top = flow.y + 20.0;
    let mut lowest = top;
    for (x, label, party) in [
        (LEFT, "From", &issued.document.seller),
        (SECOND, "Billed to", &issued.document.buyer),
    ] {
        flow.y = top;
        flow.canvas.text(x, flow.y, LABEL, label);
        flow.y += 1.5;
        let name = flow.canvas.wrap(NAME, &party.name, WIDTH);
        flow.lines(x, NAME, 13.0, &name);
        flow.y += 1.0;
        let details = flow.canvas.wrap(DETAIL, &details(party), WIDTH);
        flow.lines(x, DETAIL, 12.0, &details);
        lowest = lowest.max(flow.y);
    }
    flow.y = lowest + 38.0;
    flow.canvas.text(LEFT, flow.y, AMOUNT, &headline(issued));
    if let Some(due) = issued
        .document
        .due_on
        .filter(|_| issued.document.amount_due.is_positive())
    {
        let beside = LEFT + flow.canvas.width(AMOUNT, &headline(issued)) + 9.0;
        flow.canvas
            .text(beside, flow.y, DUE, &format!("due {}", day(due)));
    }
    flow.y += 20.0;
}

fn headline(issued: &Issued<'_>) -> String {
    let document = issued.document;
    issued.money(if document.total.is_positive() {
        document.amount_due
    } else {
        document.total
    })
}

/// What is known of a party, one fact a line. Printed only where it is there: an empty label would look like an error.
fn details(party: &Party) -> String {
    let mut lines: Vec<String> = party
        .address
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    let mut add = |label: &str, value: &str| {
        if !value.trim().is_empty() {
            lines.push(format!("{label}{}", value.trim()));
        }
    };
    add("", country::name(&party.country));
    add("Registration number ", &party.registration_number);
    add("VAT number ", &party.vat_number);
    add("", &party.email);
    lines.join("\n")
}
