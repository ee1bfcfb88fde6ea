//! Pages to draw on. Points, measured from the top left corner; a text stands on its baseline.

use std::collections::{BTreeMap, BTreeSet};

use printpdf::{
    Color, DictItem, FontId, Line, LinePoint, Op, PaintMode, PdfFontHandle, Point, Polygon, PolygonRing, Pt,
    Rgb, TextItem, TextRenderingMode, WindingOrder,
};

use crate::font::Face;
use crate::script::Shaped;
use crate::text::{drawable, wrapped};
use crate::typeset::{Stretch, Typesetter};

pub(crate) const WIDTH: f32 = 595.28;
pub(crate) const HEIGHT: f32 = 841.89;

/// A colour of the portal's light theme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ink(u8, u8, u8);

pub(crate) const ACCENT: Ink = Ink(0x0b, 0x53, 0x82);
pub(crate) const TEXT: Ink = Ink(0x1e, 0x1c, 0x19);
pub(crate) const MUTED: Ink = Ink(0x59, 0x54, 0x4c);
pub(crate) const SUBTLE: Ink = Ink(0x6f, 0x69, 0x5f);
pub(crate) const HAIRLINE: Ink = Ink(0xe0, 0xdb, 0xd3);
pub(crate) const SUNKEN: Ink = Ink(0xf6, 0xf4, 0xf1);
pub(crate) const ACCENT_SOFT: Ink = Ink(0xee, 0xf4, 0xf9);

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) face: Face,
    pub(crate) size: f32,
    pub(crate) ink: Ink,
}

impl Style {
    pub(crate) const fn regular(size: f32, ink: Ink) -> Self {
        Self {
            face: Face::Regular,
            size,
            ink,
        }
    }

    pub(crate) const fn strong(size: f32, ink: Ink) -> Self {
        Self {
            face: Face::SemiBold,
            size,
            ink,
        }
    }
}

/// A rectangle by its top left corner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// The pages drawn so far. What is drawn goes to the current one.
pub(crate) struct Canvas<'a> {
    typesetter: &'a Typesetter,
    pages: Vec<Vec<Op>>,
    current: usize,
    used: BTreeMap<Face, BTreeSet<char>>,
}

impl<'a> Canvas<'a> {
    pub(crate) fn new(typesetter: &'a Typesetter) -> Self {
        Self {
            typesetter,
            pages: vec![Vec::new()],
            current: 0,
            used: BTreeMap::new(),
        }
    }

    /// A new last page, which becomes the current one.
    pub(crate) fn add_page(&mut self) {
        self.pages.push(Vec::new());
        self.current = self.pages.len() - 1;
    }

    /// Goes back to a page, from 0.
    pub(crate) fn turn_to(&mut self, page: usize) {
        self.current = page.min(self.pages.len() - 1);
    }

    pub(crate) fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// The drawn pages and the characters they use of each face.
    pub(crate) fn into_parts(self) -> (Vec<Vec<Op>>, BTreeMap<Face, BTreeSet<char>>) {
        (self.pages, self.used)
    }

    /// One line of text, from `x` to the right.
    pub(crate) fn text(&mut self, x: f32, y: f32, style: Style, text: &str) {
        let text = drawable(self.typesetter, text);
        if text.trim().is_empty() {
            return;
        }
        let mut x = x;
        for stretch in self.typesetter.stretches(style.face, &text) {
            let width = self.typesetter.width_of(style.face, style.size, &stretch);
            match stretch {
                Stretch::Plain(text) => self.plain(x, y, style, text),
                Stretch::Shaped(shaped, words) => self.shaped((x, y), style, shaped, &words),
            }
            x += width;
        }
    }

    /// Letters of a script that is drawn as curves, with the words beside them for searching and copying.
    fn shaped(&mut self, (x, y): (f32, f32), style: Style, shaped: Shaped, words: &str) {
        let scale = style.size / 1000.0;
        let ring = |ring: Vec<((f32, f32), bool)>| PolygonRing {
            points: ring
                .into_iter()
                .map(|((right, up), bezier)| LinePoint {
                    p: point(x + right * scale, y - up * scale),
                    bezier,
                })
                .collect(),
        };
        let polygon = Polygon {
            rings: shaped.rings.into_iter().map(ring).collect(),
            mode: PaintMode::Fill,
            winding_order: WindingOrder::NonZero,
        };
        let mut utf_16 = vec![0xfe, 0xff];
        utf_16.extend(words.encode_utf16().flat_map(u16::to_be_bytes));
        let actual = DictItem::String {
            data: utf_16,
            literal: false,
        };
        self.draw([
            Op::SetFillColor {
                col: colour(style.ink),
            },
            Op::DrawPolygon { polygon },
            Op::BeginMarkedContentWithProperties {
                tag: "Span".into(),
                properties: DictItem::Dict {
                    map: BTreeMap::from([("ActualText".to_owned(), actual)]),
                },
            },
            Op::SetTextRenderingMode {
                mode: TextRenderingMode::Invisible,
            },
        ]);
        self.plain(x, y, style, " ".into());
        self.draw([
            Op::SetTextRenderingMode {
                mode: TextRenderingMode::Fill,
            },
            Op::EndMarkedContentWithProperties,
        ]);
    }

    /// Letters of the documents' own faces.
    fn plain(&mut self, x: f32, y: f32, style: Style, text: String) {
        self.used.entry(style.face).or_default().extend(text.chars());
        let font = PdfFontHandle::External(FontId(style.face.name().to_owned()));
        self.draw([
            Op::StartTextSection,
            Op::SetFillColor {
                col: colour(style.ink),
            },
            Op::SetFont {
                font,
                size: Pt(style.size),
            },
            Op::SetTextCursor { pos: point(x, y) },
            Op::ShowText {
                items: vec![TextItem::Text(text)],
            },
            Op::EndTextSection,
        ]);
    }

    /// One line of text that ends at `right`.
    pub(crate) fn text_right(&mut self, right: f32, y: f32, style: Style, text: &str) {
        let width = self.width(style, text);
        self.text(right - width, y, style, text);
    }

    pub(crate) fn width(&self, style: Style, text: &str) -> f32 {
        let text = drawable(self.typesetter, text);
        self.typesetter.width(style.face, style.size, &text)
    }

    /// `text` in lines of at most `width`. Line breaks of its own are kept.
    pub(crate) fn wrap(&self, style: Style, text: &str, width: f32) -> Vec<String> {
        let paragraph = |line: &str| {
            wrapped(
                self.typesetter,
                style.face,
                style.size,
                &drawable(self.typesetter, line),
                width,
            )
        };
        text.lines().flat_map(paragraph).collect()
    }

    pub(crate) fn fill(&mut self, area: Area, ink: Ink) {
        let (right, bottom) = (area.x + area.width, area.y + area.height);
        self.polygon(
            &[
                (area.x, area.y),
                (right, area.y),
                (right, bottom),
                (area.x, bottom),
            ],
            ink,
        );
    }

    pub(crate) fn polygon(&mut self, corners: &[(f32, f32)], ink: Ink) {
        let points = corners
            .iter()
            .map(|(x, y)| LinePoint {
                p: point(*x, *y),
                bezier: false,
            })
            .collect();
        let polygon = Polygon {
            rings: vec![PolygonRing { points }],
            mode: PaintMode::Fill,
            winding_order: WindingOrder::NonZero,
        };
        self.draw([Op::SetFillColor { col: colour(ink) }, Op::DrawPolygon { polygon }]);
    }

    /// A horizontal line.
    pub(crate) fn rule(&mut self, from: f32, to: f32, y: f32, thickness: f32, ink: Ink) {
        let end = |x| LinePoint {
            p: point(x, y),
            bezier: false,
        };
        self.draw([
            Op::SetOutlineColor { col: colour(ink) },
            Op::SetOutlineThickness { pt: Pt(thickness) },
            Op::DrawLine {
                line: Line {
                    points: vec![end(from), end(to)],
                    is_closed: false,
                },
            },
        ]);
    }

    fn draw(&mut self, ops: impl IntoIterator<Item = Op>) {
        if let Some(page) = self.pages.get_mut(self.current) {
            page.extend(ops);
        }
    }
}

/// PDF counts from the bottom. Hundredths of a point are finer than any printer, and keep the file small.
fn point(x: f32, y: f32) -> Point {
    let hundredths = |value: f32| Pt((value * 100.0).round() / 100.0);
    Point {
        x: hundredths(x),
        y: hundredths(HEIGHT - y),
    }
}

fn colour(ink: Ink) -> Color {
    let part = |value: u8| (f32::from(value) / 255.0 * 1000.0).round() / 1000.0;
    Color::Rgb(Rgb::new(part(ink.0), part(ink.1), part(ink.2), None))
}
