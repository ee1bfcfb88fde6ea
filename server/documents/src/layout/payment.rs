//! How to pay: to whom, on which account, under which reference, until when.

use super::{Flow, Issued, LABEL, LEFT, RIGHT, day};
use crate::canvas::{ACCENT_SOFT, MUTED, Style, TEXT};

const TITLE: Style = Style::strong(9.0, TEXT);
const VALUE: Style = Style::regular(8.5, TEXT);
const NOTE: Style = Style::regular(8.5, MUTED);
const HEIGHT: f32 = 72.0;
const ABOVE: f32 = 26.0;
const NOTE_HEIGHT: f32 = 22.0;
const COLUMNS: [(f32, f32); 4] = [
    (LEFT + 14.0, 116.0),
    (LEFT + 138.0, 138.0),
    (LEFT + 284.0, 118.0),
    (LEFT + 410.0, 80.0),
];

pub(super) fn draw(issued: &Issued<'_>, flow: &mut Flow<'_, '_>) {
    let document = issued.document;
    if !document.amount_due.is_positive() {
        note(flow, &nothing_to_pay(issued));
        return;
    }
    let facts = [
        ("Beneficiary", document.seller.name.clone()),
        ("Account", document.seller.bank_account.clone()),
        ("Reference", issued.number.to_owned()),
        ("Due", document.due_on.map(day).unwrap_or_default()),
    ];
    let wrapped: Vec<Vec<String>> = facts
        .iter()
        .zip(COLUMNS)
        .map(|((_, value), (_, width))| flow.canvas.wrap(VALUE, value, width))
        .collect();
    let most = wrapped.iter().map(Vec::len).max().unwrap_or(1);
    let height = (1..most).fold(HEIGHT, |height, _| height + 12.0);
    if !flow.has_room(ABOVE + height + NOTE_HEIGHT) {
        flow.next_page();
    }
    flow.y += ABOVE;
    flow.band(height, ACCENT_SOFT);
    let title = format!(
        "Please pay {} by bank transfer",
        issued.money(document.amount_due)
    );
    flow.canvas.text(LEFT + 14.0, flow.y + 21.0, TITLE, &title);
    let top = flow.y + 41.0;
    for (((label, _), lines), (x, _)) in facts.iter().zip(&wrapped).zip(COLUMNS) {
        if lines.iter().all(String::is_empty) {
            continue;
        }
        flow.canvas.text(x, top, LABEL, label);
        flow.y = top + 1.0;
        flow.lines(x, VALUE, 12.0, lines);
    }
    flow.y = top - 41.0 + height;
    if !document.seller.email.is_empty() {
        note(
            flow,
            &format!(
                "Questions about this invoice? Write to {} and name {}.",
                document.seller.email, issued.number
            ),
        );
    }
}

fn note(flow: &mut Flow<'_, '_>, text: &str) {
    let lines = flow.canvas.wrap(NOTE, text, RIGHT - LEFT);
    flow.y += 8.0;
    if !flow.has_room(12.0) {
        flow.next_page();
    }
    flow.lines(LEFT, NOTE, 12.0, &lines);
}

fn nothing_to_pay(issued: &Issued<'_>) -> String {
    match issued
        .document
        .total
        .checked_neg()
        .ok()
        .filter(|owed| owed.is_positive())
    {
        Some(owed) => format!(
            "{} stand on your account with {} now; your next invoices use them. Nothing is to be paid.",
            issued.money(owed),
            issued.document.seller.name
        ),
        None if !issued.document.covered.is_zero() => {
            "Your account has paid this invoice. Nothing is left to be paid.".to_owned()
        }
        None => "Nothing is to be paid for this invoice.".to_owned(),
    }
}
