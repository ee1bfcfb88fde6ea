//! Text as people wrote it, made drawable: composed letters, no control characters, a visible sign for what the fonts
//! do not have; and broken into lines of a width.

use crate::font::{Face, REPLACEMENT};
use crate::typeset::{Typesetter, is_joiner};

/// Letters with their marks, by combining mark. Some systems (macOS among them) send a letter and its mark apart, and
/// without composition the mark would print as a missing character.
const COMPOSED: [(char, &str, &str); 11] = [
    ('\u{300}', "AEIOUaeiounN", "ÀÈÌÒÙàèìòùǹǸ"),
    (
        '\u{301}',
        "AEIOUYaeiouyCcLlNnRrSsZzГгКк",
        "ÁÉÍÓÚÝáéíóúýĆćĹĺŃńŔŕŚśŹźЃѓЌќ",
    ),
    ('\u{302}', "AEIOUaeiouCcGgHhJjSsWwYy", "ÂÊÎÔÛâêîôûĈĉĜĝĤĥĴĵŜŝŴŵŶŷ"),
    ('\u{303}', "ANOanoIiUu", "ÃÑÕãñõĨĩŨũ"),
    ('\u{304}', "AaEeIiOoUu", "ĀāĒēĪīŌōŪū"),
    ('\u{306}', "AaEeGgIiOoUuИиУу", "ĂăĔĕĞğĬĭŎŏŬŭЙйЎў"),
    ('\u{307}', "CcEeGgIZz", "ĊċĖėĠġİŻż"),
    ('\u{308}', "AEIOUaeiouyYЕеІі", "ÄËÏÖÜäëïöüÿŸЁёЇї"),
    ('\u{30a}', "AaUu", "ÅåŮů"),
    ('\u{30b}', "OoUu", "ŐőŰű"),
    ('\u{30c}', "CcDdEeNnRrSsTtZz", "ČčĎďĚěŇňŘřŠšŤťŽž"),
];
const CEDILLA: (char, &str, &str) = ('\u{327}', "CcGKkLlNnRrSsTt", "ÇçĢĶķĻļŅņŖŗŞşŢţ");
const OGONEK: (char, &str, &str) = ('\u{328}', "AaEeIiUu", "ĄąĘęĮįŲų");

/// One line of text with drawable characters only. Line breaks and tabs become spaces.
pub(crate) fn drawable(typesetter: &Typesetter, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            joiner if is_joiner(joiner) => out.push(joiner),
            _ if is_invisible(character) => {}
            c if c.is_control() || c == '\u{2028}' || c == '\u{2029}' => out.push(' '),
            c if typesetter.fonts.knows(c) => out.push(c),
            mark => {
                let letter = out.pop();
                match letter.and_then(|letter| compose(letter, mark)) {
                    Some(composed) => out.push(composed),
                    None if typesetter.knows(mark) => out.extend(letter.into_iter().chain([mark])),
                    None => out.extend(letter.into_iter().chain([REPLACEMENT])),
                }
            }
        }
    }
    if out.chars().any(is_joiner) && out.chars().all(|c| is_joiner(c) || typesetter.fonts.knows(c)) {
        out.retain(|c| !is_joiner(c));
    }
    out
}

/// Direction marks, variation selectors and the byte-order mark have no shape of their own.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn compose(letter: char, mark: char) -> Option<char> {
    let tables = COMPOSED.iter().chain([&CEDILLA, &OGONEK]);
    let (_, letters, composed) = tables.into_iter().find(|(known, _, _)| *known == mark)?;
    letters
        .chars()
        .zip(composed.chars())
        .find(|(from, _)| *from == letter)
        .map(|(_, to)| to)
}

/// The text in lines not wider than `width`. Breaks between words; a word that is wider than a line breaks anywhere.
pub(crate) fn wrapped(typesetter: &Typesetter, face: Face, size: f32, text: &str, width: f32) -> Vec<String> {
    let measure = |text: &str| typesetter.width(face, size, text);
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let Some(line) = lines.last_mut() else { break };
        let candidate = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if measure(&candidate) <= width {
            *line = candidate;
        } else {
            let pieces = pieces(&measure, word, width);
            if line.is_empty() {
                lines.clear();
            }
            lines.extend(pieces);
        }
    }
    lines
}

/// A word cut into parts that fit; one part where it fits whole.
fn pieces(measure: &dyn Fn(&str) -> f32, word: &str, width: f32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    // Summed character by character, because measuring every prefix anew would be quadratic in the word's length.
    let mut used = 0.0;
    for character in word.chars() {
        let advance = measure(character.encode_utf8(&mut [0; 4]));
        if used + advance > width && used > 0.0 {
            pieces.push(String::new());
            used = 0.0;
        }
        used += advance;
        if let Some(piece) = pieces.last_mut() {
            piece.push(character);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::fonts;
    use crate::script::ScriptFonts;

    /// Without any fonts but our own.
    fn typesetter() -> Typesetter {
        let document = crate::tests::document();
        Typesetter::of(fonts().unwrap(), &ScriptFonts::default(), &document)
    }

    #[test]
    fn letters_and_their_marks_are_put_together() {
        let typesetter = typesetter();
        assert_eq!(
            drawable(
                &typesetter,
                "To\u{303}nu Mu\u{308}u\u{308}r, Z\u{30c}ana, И\u{306}од"
            ),
            "Tõnu Müür, Žana, Йод"
        );
        for (_, letters, composed) in COMPOSED.iter().chain([&CEDILLA, &OGONEK]) {
            assert_eq!(letters.chars().count(), composed.chars().count(), "{letters}");
        }
    }

    #[test]
    fn what_the_fonts_lack_is_seen_to_be_missing() {
        let typesetter = typesetter();
        assert_eq!(
            drawable(&typesetter, "株式会社 A\u{0}B\tC\r\n\u{200b}🚀"),
            "□□□□ A B C  □"
        );
        assert_eq!(drawable(&typesetter, "\u{301}x"), "□x");
    }

    #[test]
    fn lines_fit_their_width_and_lose_nothing() {
        let typesetter = typesetter();
        let text = format!("a few words and then {} and an end", "W".repeat(100));
        let lines = wrapped(&typesetter, Face::Regular, 9.0, &text, 120.0);
        assert!(
            lines
                .iter()
                .all(|line| typesetter.width(Face::Regular, 9.0, line) <= 120.0)
        );
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        assert_eq!(wrapped(&typesetter, Face::Regular, 9.0, "", 120.0), [""]);
    }
}
