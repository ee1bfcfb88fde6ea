//! From shaped glyphs to closed curves.

use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder};
use rustybuzz::{Face, GlyphBuffer};

use super::Shaped;

/// A closed curve: points, and whether each is a handle of a cubic curve.
pub(crate) type Ring = Vec<((f32, f32), bool)>;

/// All glyphs of a buffer, from left to right.
pub(super) fn drawn(font: &Face<'_>, glyphs: &GlyphBuffer) -> Shaped {
    let mut pen = Pen {
        scale: 1000.0 / units(font.units_per_em()),
        at: (0.0, 0.0),
        last: (0.0, 0.0),
        rings: Vec::new(),
    };
    let (mut x, mut y) = (0.0, 0.0);
    for (info, position) in glyphs.glyph_infos().iter().zip(glyphs.glyph_positions()) {
        pen.at = (x + units(position.x_offset), y + units(position.y_offset));
        if let Ok(glyph) = u16::try_from(info.glyph_id) {
            font.outline_glyph(GlyphId(glyph), &mut pen);
        }
        x += units(position.x_advance);
        y += units(position.y_advance);
    }
    let width = x * pen.scale;
    pen.rings.retain(|ring| ring.len() > 2);
    Shaped {
        rings: pen.rings,
        width,
    }
}

/// Units of a font are at most 16384 to the em, and nobody's glyph is wider than two of these.
fn units(value: i32) -> f32 {
    f32::from(i16::try_from(value).unwrap_or_default())
}

struct Pen {
    scale: f32,
    at: (f32, f32),
    /// The last point in units of the font, from which curves go on.
    last: (f32, f32),
    rings: Vec<Ring>,
}

impl Pen {
    fn push(&mut self, (x, y): (f32, f32), handle: bool) {
        let point = ((x + self.at.0) * self.scale, (y + self.at.1) * self.scale);
        if let Some(ring) = self.rings.last_mut() {
            ring.push((point, handle));
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.rings.push(Vec::new());
        self.push((x, y), false);
        self.last = (x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push((x, y), false);
        self.last = (x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        // A quadratic curve as a cubic one: handles two thirds of the way to its own.
        let third = |end: f32, handle: f32| end + (handle - end) * 2.0 / 3.0;
        let (from_x, from_y) = self.last;
        self.curve_to(
            third(from_x, x1),
            third(from_y, y1),
            third(x, x1),
            third(y, y1),
            x,
            y,
        );
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.push((x1, y1), true);
        self.push((x2, y2), true);
        self.push((x, y), false);
        self.last = (x, y);
    }

    fn close(&mut self) {}
}
