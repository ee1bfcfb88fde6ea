//! What a page offers: links, forms; and whether something that a person typed has become part of it.

use scraper::{ElementRef, Html};

use super::Form;

/// The attribute of what is typed as markup. In no page may an element have it: there all that people type is text.
const MARK: &str = "data-planted";

/// Texts that end what they stand in and go on as markup. They are short, so that every field takes them.
pub(crate) const PLANTED: [&str; 12] = [
    "</title><meta http-equiv=refresh content=\"9;url=/design\" data-planted>",
    "T</textarea><i data-planted>x</i>",
    "\"><i data-planted>x</i>",
    "'><svg data-planted onload=alert(1)>",
    "<script data-planted>alert(1)</script>",
    "</option></select><i data-planted>x</i>",
    "</style><i data-planted>{{7*7}}${7*7}",
    "javascript:alert(1)//data-planted",
    "\u{202e}<i data-planted>\u{200b}x\u{feff}</i>",
    "--><i data-planted>]]></i>",
    "[x](javascript:alert(1)) <i data-planted>",
    "<i data-planted style='position:fixed'>x",
];

/// A page as a browser reads it.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Addresses within the portal.
    pub(crate) links: Vec<String>,
    pub(crate) forms: Vec<Form>,
    /// What somebody typed and what is an element now, or an address that runs a script.
    pub(crate) planted: Option<String>,
    /// Whether something that somebody typed as markup stands in it as text.
    pub(crate) shows_planted: bool,
}

impl Page {
    pub(crate) fn read(html: &str) -> Self {
        let document = Html::parse_document(html);
        let mut page = Self {
            shows_planted: document.root_element().text().any(|text| text.contains(MARK)),
            ..Self::default()
        };
        let mut ids: Vec<(String, usize)> = Vec::new();
        let mut outside: Vec<ElementRef> = Vec::new();
        for element in document.root_element().descendent_elements() {
            page.look_for_planted(element);
            match element.value().name() {
                "a" => page.links.extend(link(element)),
                "form" => {
                    ids.extend(element.attr("id").map(|id| (id.to_owned(), page.forms.len())));
                    page.forms.push(Form::of(element));
                }
                _ if element.attr("form").is_some() => outside.push(element),
                _ => {}
            }
        }
        for element in outside {
            let wanted = element.attr("form").unwrap_or_default();
            let place = ids.iter().find(|(id, _)| id == wanted).map(|(_, place)| *place);
            if let Some(form) = place.and_then(|place| page.forms.get_mut(place)) {
                form.take(element);
            }
        }
        page
    }

    fn look_for_planted(&mut self, element: ElementRef) {
        let runs = |name: &str| {
            let value = element.attr(name).unwrap_or_default();
            value.trim().to_lowercase().starts_with("javascript:")
        };
        let is_planted = element.attr(MARK).is_some();
        if self.planted.is_none()
            && (is_planted || ["href", "src", "action", "formaction"].into_iter().any(runs))
        {
            self.planted = Some(element.html().chars().take(200).collect());
        }
    }
}

fn link(element: ElementRef) -> Option<String> {
    let address = element.attr("href")?;
    let local = address.starts_with('/') && !address.starts_with("//");
    let address = address.split('#').next().unwrap_or_default();
    local.then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::Page;

    const HTML: &str = r#"<!DOCTYPE html><title>A</title><a href="/orders/1#x">o</a><a href="https://e.example">e</a>
        <form method="post" action="/fn/x"><input type="hidden" name="order" value="1"><input name="note" value="n">
        <textarea name="text">
two &lt;b&gt;</textarea><select name="plan"><option value="a">A</option><option value="b" selected>B</option></select>
        <input type="radio" name="r" value="1"><input type="radio" name="r" value="2">
        <input type="checkbox" name="yes" value="true"><input name="off" disabled>
        <button>Go</button><button name="verdict" value="no" formaction="/fn/y">No</button></form>
        <form id="f" action="/search"></form><input form="f" name="q" value="z">"#;

    #[test]
    fn a_page_is_read_as_a_browser_reads_it() {
        let page = Page::read(HTML);
        assert_eq!(page.links, ["/orders/1"]);
        let [form, search] = page.forms.as_slice() else {
            panic!("{:?}", page.forms);
        };
        assert!(form.is_post && !search.is_post);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let drawn = [
            pair("order", "1"),
            pair("note", "n"),
            pair("text", "two <b>"),
            pair("plan", "b"),
        ];
        assert_eq!(
            form.drawn(),
            drawn,
            "radios without a choice and empty boxes are not sent"
        );
        let radio = form.fields.iter().find(|field| field.name == "r").unwrap();
        assert_eq!((radio.kind, radio.options.len()), (Kind::Choice, 2));
        assert_eq!(form.buttons.len(), 2);
        assert_eq!(search.drawn(), [pair("q", "z")]);
    }

    #[test]
    fn what_was_typed_and_became_markup_is_found() {
        let planted = |html: &str| Page::read(html).planted.is_some();
        assert!(planted("<p>Hello <i data-planted>x</i>"));
        assert!(planted("<a href=' JavaScript:alert(1)'>x</a>"));
        let text = Page::read("<p title='&lt;i data-planted>'>&lt;i data-planted></p>");
        assert!(text.shows_planted && text.planted.is_none());
        assert!(!Page::read("<i data-planted>x</i>").shows_planted);
    }
}
