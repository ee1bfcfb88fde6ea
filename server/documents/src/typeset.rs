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
