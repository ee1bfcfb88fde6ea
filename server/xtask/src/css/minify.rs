//! Taking comments and needless white space out of a style sheet.

/// Removes comments and needless white space. Strings and `url(…)` stay as they are. Around operators and
/// before `(`, `:`, `.`, `[`, `#` one blank stays: there it may mean something, as in `calc(1px + 2px)`,
/// `a :hover` and `and (min-width: 1px)`.
pub(super) fn minify(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    let mut blank = false;
    while let Some(first) = rest.chars().next() {
        let token = token(rest, first);
        rest = rest.get(token.len()..).unwrap_or_default();
        if token.starts_with("/*") || first.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && !out.is_empty() && !out.ends_with(OPENS) && !token.starts_with(CLOSES) {
            out.push(' ');
        }
        blank = false;
        if first == '}' && out.ends_with(';') {
            out.pop();
        }
        out.push_str(token);
    }
    out
}

/// After these a blank means nothing.
const OPENS: [char; 6] = ['{', '}', ';', ',', '(', '>'];
/// Before these a blank means nothing.
const CLOSES: [char; 7] = ['{', '}', ';', ',', ')', '>', '!'];

/// The next piece that must stay whole: a comment, a string, an unquoted address, or one character.
fn token(text: &str, first: char) -> &str {
    let end = if text.starts_with("/*") {
        text.find("*/").map(|at| at + 2)
    } else if first == '"' || first == '\'' {
        string_end(text, first)
    } else if text.starts_with("url(") {
        url_end(text)
    } else {
        Some(first.len_utf8())
    };
    text.get(..end.unwrap_or(text.len())).unwrap_or(text)
}

fn string_end(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return Some(at + 1);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

fn url_end(text: &str) -> Option<usize> {
    let inside = text.get(4..)?;
    let quote = inside.chars().next().filter(|c| *c == '"' || *c == '\'');
    let skipped = match quote {
        Some(quote) => string_end(inside, quote)?,
        None => 0,
    };
    inside.get(skipped..)?.find(')').map(|at| 4 + skipped + at + 1)
}

#[cfg(test)]
mod tests {
    use super::minify;

    #[test]
    fn comments_and_needless_blanks_go() {
        let sheet = "/* a */\n.b,\n.c > i {\n  color: red; /* why */\n  margin: 0 auto;\n}\n";
        assert_eq!(minify(sheet), ".b,.c>i{color: red;margin: 0 auto}");
    }

    #[test]
    fn blanks_that_mean_something_stay() {
        for sheet in [
            "a :hover{b: calc(1px + 2px)}",
            "@media screen and (min-width: 4px){a .b{c: d}}",
            "a [b] #c{d: e}",
        ] {
            assert_eq!(minify(sheet), sheet);
        }
    }

    #[test]
    fn strings_and_addresses_stay_as_they_are() {
        for sheet in [
            r#"a{content: "/* } ; \" ' ,  "}"#,
            "a{b: url(data:image/svg+xml,%3Csvg  /* x */)}",
            r#"a{b: url("x ) y"),url('z')}"#,
            "a{b: \"ü  €\"}",
        ] {
            assert_eq!(minify(sheet), sheet);
        }
    }

    #[test]
    fn an_unfinished_sheet_ends_where_it_ends() {
        assert_eq!(minify("a{b: \"c"), "a{b: \"c");
        assert_eq!(minify("a{b: c} /* d"), "a{b: c}");
        assert_eq!(minify(""), "");
    }
}
