//! Short names for addresses and backends: lower-case ASCII letters, digits and single dashes.

use model::FieldFault;

use crate::check::Check;

/// The longest slug. Backends (SLURM accounts, Linux groups) refuse much longer names.
const LONGEST: usize = 40;

/// A slug made of `name`; `fallback` where nothing of it can be kept.
pub(crate) fn slug_of(name: &str, fallback: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().flat_map(plain) {
        if letter != '-' || !(slug.is_empty() || slug.ends_with('-')) {
            slug.push(letter);
        }
        if slug.len() == LONGEST {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        fallback.to_owned()
    } else {
        slug.to_owned()
    }
}

/// ASCII letters for the letters of European alphabets; a dash for everything else.
fn plain(letter: char) -> Vec<char> {
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    let text = match lower {
        'a'..='z' | '0'..='9' => return vec![lower],
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' | 'ľ' | 'ļ' => "l",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' | 'ő' => "o",
        'ö' | 'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ß' => "ss",
        'ť' | 'ţ' => "t",
        'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        '\'' | '’' => "",
        _ => "-",
    };
    text.chars().collect()
}

/// `slug` if free, else the first free of `slug-2`, `slug-3`, …; `taken` are the slugs that begin with it.
pub(crate) fn free(slug: &str, taken: &[String]) -> String {
    let is_free = |candidate: &String| !taken.contains(candidate);
    if is_free(&slug.to_owned()) {
        return slug.to_owned();
    }
    let numbered = |number: usize| format!("{slug}-{number}");
    (2..=taken.len() + 2)
        .map(numbered)
        .find(is_free)
        .unwrap_or_else(|| numbered(taken.len() + 2))
}

/// Refuses what is not a slug.
pub(crate) fn check(path: &str, slug: &str) -> Result<(), Vec<FieldFault>> {
    let letters = slug
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let edges = slug.starts_with('-') || slug.ends_with('-') || slug.contains("--");
    let mut check = Check::default();
    check.ensure(
        letters && !edges && !slug.is_empty() && slug.len() <= LONGEST,
        path,
        "bad_slug",
        "Use 1 to 40 lower-case letters and digits, with single dashes between them.",
    );
    check.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_readable_slugs() {
        assert_eq!(slug_of("HPC allocation (Tier 1)", "x"), "hpc-allocation-tier-1");
        assert_eq!(slug_of("Łódź Müller & Søn", "x"), "lodz-mueller-son");
        assert_eq!(slug_of("日本", "offering"), "offering");
        let long = slug_of(&"ab ".repeat(40), "x");
        assert!(long.len() <= LONGEST && check("slug", &long).is_ok(), "{long}");
    }

    #[test]
    fn a_taken_slug_gets_the_first_free_number() {
        let taken = ["hpc".to_owned(), "hpc-2".to_owned(), "hpc-cloud".to_owned()];
        assert_eq!(free("hpc", &taken), "hpc-3");
        assert_eq!(free("cloud", &taken), "cloud");
    }

    #[test]
    fn what_is_not_a_slug_is_refused() {
        for bad in ["", "-a", "a-", "a--b", "A", "a b", "ä"] {
            assert!(check("slug", bad).is_err(), "{bad}");
        }
    }
}
