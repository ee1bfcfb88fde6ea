//! Text that people write: how names are made sound, and how texts are made alike for searching.

use caseless::Caseless;
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

/// Trimmed and in the composed form, so that what looks the same is stored the same.
pub(crate) fn composed(text: &str) -> String {
    text.trim_matches(is_blank).nfc().collect()
}

/// Whether a character only turns or hides text, so that a name would not read as it is stored. The two joiners are
/// allowed between letters of the scripts that need them.
pub(crate) fn hides(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (0..letters.len()).any(|at| {
        let Some(letter) = letters.get(at).copied() else {
            return false;
        };
        if !matches!(letter, '\u{200C}' | '\u{200D}') {
            return is_invisible(letter);
        }
        let joins =
            |other: Option<&char>| other.is_some_and(|other| !other.is_ascii() && !is_invisible(*other));
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        !(joins(before) && joins(letters.get(at + 1)))
    })
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

fn is_blank(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '\u{2800}' | '\u{3164}' | '\u{115F}' | '\u{1160}' | '\u{FFA0}'
        )
}

fn is_invisible(letter: char) -> bool {
    letter.general_category_group() == GeneralCategoryGroup::Other
        && letter.general_category() != GeneralCategory::PrivateUse
        || matches!(
            letter,
            '\u{034F}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

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
