//! The head of the first page: whose invoice this is, its number, dates and month.

use model::DocumentKind;

use super::{Flow, Issued, LABEL, LEFT, RIGHT, day};
use crate::canvas::{ACCENT, Area, HAIRLINE, Style, TEXT, WIDTH};
use crate::mark;

const TITLE: Style = Style::strong(24.0, TEXT);
const SELLER: Style = Style::strong(12.5, TEXT);
const FACT: Style = Style::regular(9.5, TEXT);
const MARK: f32 = 28.0;

pub(super) fn draw(issued: &Issued<'_>, flow: &mut Flow<'_, '_>) {
    flow.canvas.fill(
        Area {
            x: 0.0,
            y: 0.0,
            width: WIDTH,
            height: 5.0,
        },
        ACCENT,
    );
    mark::draw(flow.canvas, LEFT - 2.0, 40.0, MARK);
    let name = flow.canvas.wrap(SELLER, &issued.document.seller.name, 270.0);
    // One line stands beside the middle of the mark; more lines grow downwards from its top.
    flow.y = if name.len() > 1 { 37.0 } else { 44.0 };
    flow.lines(LEFT + MARK + 8.0, SELLER, 15.0, &name);
    flow.canvas
        .text_right(RIGHT, 63.0, TITLE, issued.document.kind.label());
    flow.y = flow.y.max(63.0) + 23.0;
    facts(issued, flow);
}

fn facts(issued: &Issued<'_>, flow: &mut Flow<'_, '_>) {
    let document = issued.document;
    let number = match document.kind {
        DocumentKind::CreditNote => "Credit note number",
        DocumentKind::Invoice | DocumentKind::Internal => "Invoice number",
    };
    let mut facts = vec![
        (number, issued.number.to_owned()),
        ("Issued", document.issued_on.map(day).unwrap_or_default()),
    ];
    facts.extend(document.due_on.map(|due| ("Due", day(due))));
    facts.push(("For services in", document.month.title()));
    let starts = [LEFT, LEFT + 160.0, LEFT + 275.0, LEFT + 390.0];
    flow.canvas.rule(LEFT, RIGHT, flow.y, 0.6, HAIRLINE);
    let mut lowest = flow.y;
    for ((label, value), x) in facts.iter().zip(starts) {
        flow.canvas.text(x, flow.y + 17.0, LABEL, label);
        let width = if *label == number { 150.0 } else { 108.0 };
        for (line, y) in flow
            .canvas
            .wrap(FACT, value, width)
            .iter()
            .zip([31.0_f32, 43.0, 55.0, 67.0])
        {
            flow.canvas.text(x, flow.y + y, FACT, line);
            lowest = lowest.max(flow.y + y);
        }
    }
    flow.y = lowest + 13.0;
    flow.canvas.rule(LEFT, RIGHT, flow.y, 0.6, HAIRLINE);
}
