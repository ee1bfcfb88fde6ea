use pulldown_cmark::{Options, Parser, html};

/// Markdown of a provider as HTML that cannot harm: no scripts, no styles, no pictures from elsewhere.
pub fn markdown(text: &str) -> String {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut raw = String::with_capacity(text.len() * 2);
    html::push_html(&mut raw, parser);
    let mut cleaner = ammonia::Builder::default();
    cleaner.rm_tags(["img"]).link_rel(Some("noopener nofollow"));
    cleaner.clean(&raw).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_harm_is_taken_out() {
        let html =
            markdown("# Hi\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![p](http://x/y.png)");
        assert!(html.contains("<h1>Hi</h1>"));
        assert!(!html.contains("script") && !html.contains("img"), "{html}");
    }
}
