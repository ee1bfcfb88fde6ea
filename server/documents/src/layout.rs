//! What stands where: head and parties, the table of lines, totals and payment, and the foot of every page.

mod foot;
mod head;
mod parties;
mod payment;
mod row;
mod table;
mod totals;

use chrono::NaiveDate;
use model::{Fixed, InvoiceDocument, Money};

use crate::canvas::{Area, Canvas, HEIGHT, SUBTLE, Style, WIDTH};
use crate::typeset::Typesetter;

/// Left edge, right edge, and the lowest point of what is not the foot.
const LEFT: f32 = 50.0;
const RIGHT: f32 = WIDTH - 50.0;
const BOTTOM: f32 = HEIGHT - 60.0;
/// Where content starts on the pages after the first.
const TOP_AGAIN: f32 = 74.0;

const LABEL: Style = Style::regular(7.5, SUBTLE);

/// A document that has its number.
pub(crate) struct Issued<'a> {
    pub(crate) document: &'a InvoiceDocument,
    pub(crate) number: &'a str,
}

impl Issued<'_> {
    /// An amount without its currency: `1,234.50`.
    fn amount(&self, amount: Fixed) -> String {
        Money::from_fixed(amount, self.document.currency).grouped()
    }

    /// An amount with its currency: `€1,234.50`.
    fn money(&self, amount: Fixed) -> String {
        Money::from_fixed(amount, self.document.currency).to_string()
    }
}

/// `1 December 2026`.
fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// The pen: where the next thing goes.
struct Flow<'c, 'f> {
    canvas: &'c mut Canvas<'f>,
    y: f32,
}

impl Flow<'_, '_> {
    fn has_room(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    fn next_page(&mut self) {
        self.canvas.add_page();
        self.y = TOP_AGAIN;
    }

    /// Lines of text at `x`, one `leading` below the other, starting a line below the pen; moves the pen.
    fn lines(&mut self, x: f32, style: Style, leading: f32, lines: &[String]) {
        for line in lines {
            self.y += leading;
            self.canvas.text(x, self.y, style, line);
        }
    }

    fn band(&mut self, height: f32, ink: crate::canvas::Ink) {
        self.canvas.fill(
            Area {
                x: LEFT,
                y: self.y,
                width: RIGHT - LEFT,
                height,
            },
            ink,
        );
    }
}

pub(crate) fn draw<'f>(issued: &Issued<'_>, typesetter: &'f Typesetter) -> Canvas<'f> {
    let mut canvas = Canvas::new(typesetter);
    let mut flow = Flow {
        canvas: &mut canvas,
        y: 0.0,
    };
    head::draw(issued, &mut flow);
    parties::draw(issued, &mut flow);
    table::draw(issued, &mut flow);
    totals::draw(issued, &mut flow);
    payment::draw(issued, &mut flow);
    foot::draw(issued, &mut canvas);
    canvas
}
