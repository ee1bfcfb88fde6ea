//! What every page bears: seller, number and "Page 2 of 3"; and on the pages after the first, whose invoice it is.

use super::{Issued, LEFT, RIGHT};
use crate::canvas::{ACCENT, Area, Canvas, HAIRLINE, HEIGHT, MUTED, SUBTLE, Style, TEXT, WIDTH};
use crate::mark;

const SMALL: Style = Style::regular(7.5, SUBTLE);
const SELLER: Style = Style::strong(8.5, TEXT);
const NUMBER: Style = Style::regular(8.5, MUTED);

pub(super) fn draw(issued: &Issued<'_>, canvas: &mut Canvas<'_>) {
    let count = canvas.page_count();
    for page in 0..count {
        canvas.turn_to(page);
        if page > 0 {
            running_head(issued, canvas);
        }
        let y = HEIGHT - 34.0;
        canvas.rule(LEFT, RIGHT, y - 15.0, 0.6, HAIRLINE);
        let seller = canvas.wrap(SMALL, &seller(issued), 400.0);
        canvas.text(LEFT, y, SMALL, seller.first().map_or("", String::as_str));
        canvas.text_right(RIGHT, y, SMALL, &format!("Page {} of {count}", page + 1));
    }
}

fn running_head(issued: &Issued<'_>, canvas: &mut Canvas<'_>) {
    canvas.fill(
        Area {
            x: 0.0,
            y: 0.0,
            width: WIDTH,
            height: 5.0,
        },
        ACCENT,
    );
    mark::draw(canvas, LEFT - 1.0, 37.0, 15.0);
    let name = canvas.wrap(SELLER, &issued.document.seller.name, 260.0);
    canvas.text(LEFT + 20.0, 48.0, SELLER, name.first().map_or("", String::as_str));
    canvas.text_right(
        RIGHT,
        48.0,
        NUMBER,
        &format!("{} {}", issued.document.kind.label(), issued.number),
    );
}

fn seller(issued: &Issued<'_>) -> String {
    let seller = &issued.document.seller;
    let parts = [
        ("", &seller.name),
        ("Registration number ", &seller.registration_number),
        ("VAT number ", &seller.vat_number),
    ];
    let known = parts.into_iter().filter(|(_, value)| !value.is_empty());
    known
        .map(|(label, value)| format!("{label}{value}"))
        .collect::<Vec<_>>()
        .join("  ·  ")
}
