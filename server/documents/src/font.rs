//! The two faces of the documents: measuring text, and embedding only the glyphs that a document uses.

mod subset;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use printpdf::ParsedFont;

use crate::DocumentError;

/// Stands for a character that the fonts do not have, so that the reader sees that something is missing.
pub(crate) const REPLACEMENT: char = '□';

static REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");
static SEMI_BOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");

/// A weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Face {
    Regular,
    SemiBold,
}

impl Face {
    #[cfg(test)]
    const ALL: [Self; 2] = [Self::Regular, Self::SemiBold];

    /// The name under which the PDF knows it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Regular => "Inter-Regular",
            Self::SemiBold => "Inter-SemiBold",
        }
    }
}

/// Both faces, parsed.
pub(crate) struct Fonts {
    regular: ParsedFont,
    semi_bold: ParsedFont,
}

/// Parsing takes a millisecond, so it is done once for the process.
pub(crate) fn fonts() -> Result<&'static Fonts, DocumentError> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    let parse = |bytes| ParsedFont::from_bytes(bytes, 0, &mut Vec::new());
    FONTS
        .get_or_init(|| {
            Some(Fonts {
                regular: parse(REGULAR)?,
                semi_bold: parse(SEMI_BOLD)?,
            })
        })
        .as_ref()
        .ok_or(DocumentError::Font("Inter"))
}

impl Fonts {
    fn parsed(&self, face: Face) -> &ParsedFont {
        match face {
            Face::Regular => &self.regular,
            Face::SemiBold => &self.semi_bold,
        }
    }

    /// Both faces have the same characters; a test holds that.
    pub(crate) fn knows(&self, character: char) -> bool {
        self.regular
            .lookup_glyph_index(u32::from(character))
            .is_some_and(|glyph| glyph != 0)
    }

    /// Width in points.
    pub(crate) fn width(&self, face: Face, size: f32, text: &str) -> f32 {
        let font = self.parsed(face);
        let advance = |c: char| {
            font.lookup_glyph_index(u32::from(c))
                .and_then(|glyph| font.get_glyph_width(glyph))
        };
        let units: f32 = text.chars().filter_map(advance).map(f32::from).sum();
        units * size / f32::from(font.units_per_em)
    }

    /// The face with the outlines of `characters` only.
    pub(crate) fn embeddable(
        &self,
        face: Face,
        characters: &BTreeSet<char>,
    ) -> Result<ParsedFont, DocumentError> {
        let font = self.parsed(face);
        let glyphs = characters
            .iter()
            .filter_map(|c| font.lookup_glyph_index(u32::from(*c)))
            .collect();
        let bytes = subset::keep(&font.original_bytes, &glyphs).ok_or(DocumentError::Font(face.name()))?;
        Ok(ParsedFont {
            original_bytes: bytes,
            font_name: Some(face.name().to_owned()),
            ..font.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_faces_have_the_same_characters() {
        let fonts = fonts().unwrap();
        let characters = |face| {
            fonts
                .parsed(face)
                .codepoint_to_glyph
                .keys()
                .copied()
                .collect::<Vec<_>>()
        };
        assert_eq!(characters(Face::Regular), characters(Face::SemiBold));
        assert!(
            "õäöüšžßÕÄÖÜŠŽ€№łřńąžćčđŐűŢșİığÆØåþÐĶŅŽéñçЖЙйЩщЫыэюяЄєІіЇїҐґΑΩαω−×–—“”„’…·→"
                .chars()
                .all(|c| fonts.knows(c))
        );
        assert!(fonts.knows(REPLACEMENT));
    }

    #[test]
    fn figures_are_of_one_width() {
        let fonts = fonts().unwrap();
        for face in Face::ALL {
            let widths = ('0'..='9').map(|digit| fonts.width(face, 1000.0, &digit.to_string()));
            assert!(
                widths
                    .clone()
                    .all(|width| (width - fonts.width(face, 1000.0, "0")).abs() < 0.01)
            );
        }
    }

    #[test]
    fn every_glyph_of_the_committed_fonts_can_be_kept() {
        let fonts = fonts().unwrap();
        for face in Face::ALL {
            let all = fonts
                .parsed(face)
                .codepoint_to_glyph
                .keys()
                .filter_map(|code| char::from_u32(*code))
                .collect();
            let whole = fonts.embeddable(face, &all).unwrap();
            let few = fonts.embeddable(face, &"Invoice".chars().collect()).unwrap();
            assert!(few.original_bytes.len() < whole.original_bytes.len() / 5);
            let again = ParsedFont::from_bytes(&few.original_bytes, 0, &mut Vec::new()).unwrap();
            assert_eq!(again.glyph_widths, fonts.parsed(face).glyph_widths);
        }
    }
}
