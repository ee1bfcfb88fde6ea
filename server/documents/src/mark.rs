//! The portal's mark, three columns under a roof, as outlines.

use crate::canvas::{ACCENT, Area, Canvas};

/// Side of the square that the mark was designed in.
const GRID: f32 = 24.0;
/// Steps, columns and beam: x, y, width, height.
const BARS: [(f32, f32, f32, f32); 6] = [
    (2.5, 8.9, 19.0, 1.7),
    (4.4, 11.9, 2.9, 6.9),
    (10.55, 11.9, 2.9, 6.9),
    (16.7, 11.9, 2.9, 6.9),
    (3.2, 19.9, 17.6, 1.0),
    (2.0, 21.6, 20.0, 1.4),
];
const ROOF: [(f32, f32); 3] = [(12.0, 1.4), (22.4, 7.7), (1.6, 7.7)];

/// Draws it with the top left corner at (x, y).
pub(crate) fn draw(canvas: &mut Canvas<'_>, x: f32, y: f32, side: f32) {
    let unit = side / GRID;
    canvas.polygon(&ROOF.map(|(left, top)| (x + left * unit, y + top * unit)), ACCENT);
    for (left, top, width, height) in BARS {
        let area = Area {
            x: x + left * unit,
            y: y + top * unit,
            width: width * unit,
            height: height * unit,
        };
        canvas.fill(area, ACCENT);
    }
}
