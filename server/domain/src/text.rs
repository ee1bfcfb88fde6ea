//! Text that people write: how names are made sound, and how texts are made alike for searching.

use std::collections::HashSet;

use caseless::Caseless;
use icu_properties::props::{
    BinaryProperty, DefaultIgnorableCodePoint, Emoji, UnifiedIdeograph, VariationSelector,
};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Marks with a class below this belong to the letter (the voicing of kana, the nukta of Indic scripts); from here on
/// they are accents, points and tones, which people leave out when they search.
const FIRST_ACCENT: u8 = 10;

/// The text as lists compare it: case, accents and forms (full width, ligatures) make no difference. The same on both
/// database engines, whose own `lower` differ.
pub(crate) fn folded(text: &str) -> String {
    text.nfkd()
        .filter(|letter| canonical_combining_class(*letter) < FIRST_ACCENT)
        .default_case_fold()
        .nfkc()
        .collect()
}

/// What [`folded`] makes of several texts, one after another: a search finds what stands in any of them.
pub(crate) fn search_text<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(folded).collect();
    texts.join("\n")
}

/// The words of a text as they are stored and compared: folded, without punctuation.
pub(crate) fn words_of(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<String> = folded(text)
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// What the catalogue is searched by, of one offering.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OfferingText<'a> {
    pub(crate) name: &'a str,
    pub(crate) summary: &'a str,
    pub(crate) seller: &'a str,
    pub(crate) category: &'a str,
    pub(crate) description: &'a str,
}

impl OfferingText<'_> {
    /// The words of all its texts, each once, as the search compares them: ` word word word`.
    pub(crate) fn searched(self) -> String {
        let texts = [
            self.name,
            self.summary,
            self.seller,
            self.category,
            self.description,
        ];
        let mut seen = HashSet::new();
        let mut text = String::new();
        for word in texts.into_iter().flat_map(words_of) {
            if seen.insert(word.clone()) {
                text.push(' ');
                text.push_str(&word);
            }
        }
        text
    }
}

/// Trimmed and in the composed form, so that what looks the same is stored the same.
pub(crate) fn composed(text: &str) -> String {
    text.trim_matches(is_blank).nfc().collect()
}

/// Whether a character only turns, hides or spaces out text, so that a name would not read as it is stored. Allowed are the
/// two joiners between letters of the scripts that need them, and what chooses the form of an ideograph or emoji after it.
pub(crate) fn hides(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| letters.get(place)).copied();
    letters.iter().enumerate().any(|(place, letter)| {
        let (before, after) = (at(place.checked_sub(1)), at(place.checked_add(1)));
        match letter {
            '\u{200C}' | '\u{200D}' => !(before.is_some_and(joins) && after.is_some_and(joins)),
            letter if is_variation(*letter) => !before.is_some_and(|base| varies(base, after)),
            letter => is_invisible(*letter) || !letter.is_whitespace() && is_blank(*letter),
        }
    })
}

fn joins(letter: char) -> bool {
    !letter.is_ascii() && (!is_invisible(letter) || is_variation(letter))
}

/// Those of Mongolian, which turn its letters, are written by programs and not taken.
fn is_variation(letter: char) -> bool {
    VariationSelector::for_char(letter) && !matches!(letter, '\u{180B}'..='\u{180F}')
}

/// Whether a form can be chosen of this character: of ideographs, and of emoji; of a digit only as a keycap.
fn varies(base: char, after: Option<char>) -> bool {
    UnifiedIdeograph::for_char(base)
        || Emoji::for_char(base) && (!base.is_ascii() || after == Some('\u{20E3}'))
}

/// Whether anything of the text can be seen by everybody: something that is not blank, that is more than a mark on another
/// letter, and that is not of a font's own making (private use).
pub(crate) fn is_visible(text: &str) -> bool {
    text.chars().any(|letter| {
        let category = letter.general_category();
        let stands = letter.general_category_group() != GeneralCategoryGroup::Mark
            && category != GeneralCategory::PrivateUse;
        stands && !is_blank(letter) && !is_invisible(letter)
    })
}

/// What takes room and shows nothing: spaces, and fillers that Unicode calls letters and symbols.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '\u{2800}' | '\u{3164}' | '\u{115F}' | '\u{1160}' | '\u{FFA0}' | '\u{FFFC}'
        )
}

/// What Unicode has drawn as nothing (`Default_Ignorable_Code_Point`), controls, line and paragraph separators, and what is
/// no character yet.
fn is_invisible(letter: char) -> bool {
    let category = letter.general_category();
    let separates = matches!(
        category,
        GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator
    );
    let controls = letter.general_category_group() == GeneralCategoryGroup::Other
        && category != GeneralCategory::PrivateUse;
    DefaultIgnorableCodePoint::for_char(letter) || separates || controls
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offering_is_searched_by_each_of_its_words_once_without_punctuation() {
        let text = OfferingText {
            name: "HPC-Cloud, fast",
            seller: "hpc (Ärzte)",
            ..OfferingText::default()
        };
        assert_eq!(text.searched(), " hpc cloud fast arzte");
        assert_eq!(OfferingText::default().searched(), "");
    }

    #[test]
    fn case_accents_and_forms_make_no_difference() {
        let alike = [
            ("Київська", "київська"),
            ("ÕUN", "oun"),
            ("Straße", "STRASSE"),
            ("ｃｌｏｕｄ", "Cloud"),
            ("e\u{301}té", "ÉTE"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("ﬁle", "FILE"),
            ("Łódź", "ŁODZ"),
        ];
        for (one, other) in alike {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("か"), folded("が"), "the voicing is not an accent");
        assert_eq!(folded("한국"), "한국");
    }

    #[test]
    fn characters_that_turn_or_hide_text_are_found() {
        for bad in [
            "a\u{200B}b",
            "\u{202E}evil",
            "a\u{2066}b",
            "x\u{FEFF}",
            "a\u{AD}b",
            "a\u{200D}b",
            "\u{E0041}x",
            "\u{378}",
            "a\u{2028}b",
            "a\u{2029}b",
            "a\u{FE0F}b",
            "1\u{FE0F}",
            "\u{E0100}",
            "가\u{3164}",
            "\u{115F}\u{1160}",
            "a\u{FFA0}",
            "a\u{2800}b",
            "a\u{FFFC}",
            "a\u{34F}b",
            "\u{1D173}x",
            "🏴\u{E0067}\u{E007F}",
            "x\u{E0FFF}",
        ] {
            assert!(hides(bad), "{bad:?}");
        }
        for good in [
            "Ada Lovelace",
            "می\u{200C}خواهم",
            "क\u{94D}\u{200D}ष",
            "日本語",
            "O’Neill-Ünal",
            "👩\u{200D}💻",
            "❤\u{FE0F}\u{200D}🔥",
            "1\u{FE0F}\u{20E3}",
            "葛\u{E0100}城",
            "a\u{3000}b",
            "한국",
        ] {
            assert!(!hides(good), "{good:?}");
        }
        for nothing in [
            "\u{2800}\u{3164} ",
            "\u{301}\u{302}",
            "\u{20DD}",
            "\u{E000}\u{F8FF}",
            "\u{F0000}",
            "\u{FE0F}",
        ] {
            assert!(!is_visible(nothing), "{nothing:?}");
        }
        assert!(is_visible("e\u{301}") && is_visible("कि") && is_visible("\u{F8FF} Ltd"));
        assert!(is_visible("x"));
        assert_eq!(composed(" e\u{301} "), "é");
    }
}
