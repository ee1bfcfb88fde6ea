//! A line of text as it is drawn: in visual order, each stretch in the face that has its letters.

use unicode_bidi::{BidiInfo, Level};

use crate::font::{Face, Fonts};
use crate::script::{ScriptFonts, Scripts, Shaped, stem_of};

/// What measures and places text of one document.
pub(crate) struct Typesetter {
    pub(crate) fonts: &'static Fonts,
    scripts: Scripts,
}

/// A stretch of a line, from left to right.
pub(crate) enum Stretch {
    /// Letters of the documents' own faces, in visual order.
    Plain(String),
    /// Letters of another script, shaped; with the words in the order in which they are read.
    Shaped(Shaped, String),
}

/// A stretch in the order of reading: the font that has it (none: our own) and its letters.
type Part = (Option<&'static str>, String);

impl Typesetter {
    pub(crate) fn of(
        fonts: &'static Fonts,
        script_fonts: &ScriptFonts,
        document: &model::InvoiceDocument,
    ) -> Self {
        Self {
            fonts,
            scripts: Scripts::of(script_fonts, document),
        }
    }

    /// Whether the letter can be drawn in any face.
    pub(crate) fn knows(&self, letter: char) -> bool {
        self.fonts.knows(letter) || self.scripts.knows(letter)
    }

    /// Width in points of a line of drawable text.
    pub(crate) fn width(&self, face: Face, size: f32, text: &str) -> f32 {
        if self.is_plain(text) {
            return self.fonts.width(face, size, text);
        }
        let stretches = self.stretches(face, text);
        stretches
            .iter()
            .map(|stretch| self.width_of(face, size, stretch))
            .sum()
    }

    pub(crate) fn width_of(&self, face: Face, size: f32, stretch: &Stretch) -> f32 {
        match stretch {
            Stretch::Plain(text) => self.fonts.width(face, size, text),
            Stretch::Shaped(shaped, _) => shaped.width * size / 1000.0,
        }
    }

    fn is_plain(&self, text: &str) -> bool {
        text.chars().all(|letter| self.fonts.knows(letter))
    }

    /// The line from left to right. The first strong letter says in which direction it is read.
    pub(crate) fn stretches(&self, face: Face, text: &str) -> Vec<Stretch> {
        if self.is_plain(text) {
            return vec![Stretch::Plain(text.to_owned())];
        }
        let bidi = BidiInfo::new(text, None);
        let mut stretches = Vec::new();
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let to_left = levels.get(run.start).is_some_and(Level::is_rtl);
                let mut parts = self.parts(text.get(run).unwrap_or_default());
                if to_left {
                    parts.reverse();
                }
                stretches.extend(parts.into_iter().map(|part| self.stretch(face, part, to_left)));
            }
        }
        stretches
    }

    fn parts(&self, text: &str) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for letter in text.chars() {
            let font = match (is_joiner(letter), parts.last()) {
                (true, Some((font, _))) => *font,
                _ if self.fonts.knows(letter) => None,
                _ => Some(stem_of(letter)),
            };
            match parts.last_mut().filter(|(last, _)| *last == font) {
                Some((_, part)) => part.push(letter),
                None => parts.push((font, letter.to_string())),
            }
        }
        parts
    }

    fn stretch(&self, face: Face, (font, text): Part, to_left: bool) -> Stretch {
        let shaped = font.and_then(|font| self.scripts.shape(face, font, &text, to_left));
        match shaped {
            Some(shaped) => Stretch::Shaped(shaped, text),
            None => {
                let own = text.chars().filter(|letter| !is_joiner(*letter));
                Stretch::Plain(if to_left {
                    own.rev().map(mirrored).collect()
                } else {
                    own.collect()
                })
            }
        }
    }
}

/// Says whether letters are joined; has no shape of its own.
pub(crate) fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}')
}

/// Brackets look the other way in text that is read to the left.
fn mirrored(letter: char) -> char {
    match letter {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::fonts;
    use crate::script::Ring;

    /// With the Noto fonts of the system, which the set-up of the tests installs.
    fn typesetter() -> Typesetter {
        let document = crate::tests::document();
        Typesetter::of(
            fonts().unwrap(),
            &ScriptFonts::of_system("/nowhere".into()),
            &document,
        )
    }

    /// What stands on the line from left to right; what is shaped in the order in which it is read.
    fn visual(text: &str) -> Vec<String> {
        let stretches = typesetter().stretches(Face::Regular, text);
        let words = |stretch| match stretch {
            Stretch::Plain(text) | Stretch::Shaped(_, text) => text,
        };
        stretches.into_iter().map(words).collect()
    }

    /// The shaped letters of one script.
    fn shaped(text: &str) -> Shaped {
        let stretches = typesetter().stretches(Face::Regular, text);
        match <[Stretch; 1]>::try_from(stretches) {
            Ok([Stretch::Shaped(shaped, _)]) => shaped,
            _ => panic!("{text} is one stretch of a font of the system"),
        }
    }

    fn moved(rings: Vec<Ring>, right: f32) -> Vec<Ring> {
        let point = |((x, y), handle): ((f32, f32), bool)| ((x + right, y), handle);
        let ring = |ring: Ring| ring.into_iter().map(point).collect();
        rings.into_iter().map(ring).collect()
    }

    #[test]
    fn a_line_stands_in_the_order_in_which_it_is_seen() {
        assert_eq!(visual("בדיקה 2026 (בע)"), ["(", "בע", ") ", "2026", " ", "בדיקה"]);
        assert_eq!(visual("Label בדיקה Ltd"), ["Label ", "בדיקה", " Ltd"]);
        assert_eq!(visual("株式会社 Label"), ["株式会社", " Label"]);
    }

    #[test]
    fn letters_that_are_read_to_the_left_stand_from_right_to_left() {
        // Shin, then vav: vav is on the left.
        let (shin, vav) = (shaped("ש"), shaped("ו"));
        let (word, width) = (shaped("שו"), shin.width + vav.width);
        assert_eq!(word.rings, [vav.rings, moved(shin.rings, vav.width)].concat());
        assert!((word.width - width).abs() < 0.01);
    }

    #[test]
    fn letters_that_join_are_drawn_joined() {
        // Three times beh. A sign between them that has no shape keeps them apart.
        let (apart, one) = (shaped("ب\u{200c}ب\u{200c}ب"), shaped("ب"));
        assert_eq!(apart.rings.len(), 3 * one.rings.len());
        assert!(
            (apart.width - 3.0 * one.width).abs() < 0.01,
            "each as if it stood alone"
        );
        let joined = shaped("ببب");
        assert!(
            joined.width < 0.9 * apart.width,
            "{} and {}",
            joined.width,
            apart.width
        );
        // The last letter of the word is on the left and has the form of an end.
        assert_eq!(apart.rings.first(), one.rings.first());
        assert_ne!(joined.rings.first(), one.rings.first());
        // Devanagari: ka, virama and ssa become one letter.
        assert!(shaped("क्ष").width < shaped("क").width + shaped("ष").width);
    }
}
