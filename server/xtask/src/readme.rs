//! Places in the README for what commands have measured.

use std::fs;

use anyhow::{Context, Result};

use crate::paths;

/// Puts a text between `<!-- name -->` and `<!-- /name -->`.
pub(crate) fn write(name: &str, text: &str) -> Result<()> {
    let path = paths::root().join("README.md");
    let whole = placed(&fs::read_to_string(&path)?, name, text)?;
    fs::write(&path, whole).context("README.md cannot be written")
}

fn placed(readme: &str, name: &str, text: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let (before, rest) = readme
        .split_once(&begin)
        .with_context(|| format!("README.md has no place for {name}"))?;
    let (_, after) = rest
        .split_once(&end)
        .with_context(|| format!("the place for {name} in README.md has no end"))?;
    Ok(format!("{before}{begin}\n\n{text}\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::placed;

    #[test]
    fn the_old_text_goes_and_all_around_it_stays() {
        let readme = "a\n<!-- x -->\nold\n<!-- /x -->\nb";
        assert_eq!(
            placed(readme, "x", "new\n").unwrap(),
            "a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb"
        );
        assert!(placed(readme, "y", "new").is_err());
    }
}
