//! A page as a person without scripts uses it: its links, its forms, what it says.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Selector};

/// What a page offers and says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    /// Where its links lead, as they are written.
    pub(crate) links: Vec<String>,
    pub(crate) forms: Vec<Form>,
    /// What stands in messages that interrupt (`role="alert"`).
    pub(crate) alerts: Vec<String>,
    /// What stands in messages that do not (`role="status"`).
    pub(crate) notes: Vec<String>,
    /// Titles of what stands where there is nothing.
    pub(crate) empty: Vec<String>,
    /// All ids.
    pub(crate) ids: BTreeSet<String>,
}

/// A form with what its fields hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) method: String,
    pub(crate) action: String,
    /// What would be sent as it is.
    pub(crate) fields: Vec<(String, String)>,
    /// What could be sent besides: boxes that are not ticked, buttons.
    pub(crate) further: Vec<(String, String)>,
    /// Other addresses to which its buttons send it.
    pub(crate) elsewhere: Vec<String>,
}

impl Form {
    /// The fields with this one instead.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut form = self.clone();
        form.fields.retain(|(one, _)| one != name);
        form.fields.push((name.into(), value.into()));
        form
    }

    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}

impl Page {
    pub(crate) fn of(html: &str) -> Self {
        let document = Html::parse_document(html);
        let texts = |selector: &str| all(&document, selector).map(|one| text(one)).collect();
        Self {
            links: all(&document, "a[href]")
                .map(|one| attribute(one, "href"))
                .collect(),
            forms: all(&document, "form").map(form).collect(),
            alerts: texts("[role=alert]"),
            notes: texts("[role=status]"),
            empty: texts(".empty h2, .empty h3, .empty-title"),
            ids: all(&document, "[id]").map(|one| attribute(one, "id")).collect(),
        }
    }

    /// The form that is posted to this server function and holds all of `fields`.
    #[track_caller]
    pub(crate) fn form(&self, function: &str, fields: &[(&str, &str)]) -> Form {
        let action = format!("/fn/{function}");
        let holds = |form: &&Form| {
            let mut wanted = fields.iter();
            wanted.all(|(name, value)| form.fields.contains(&((*name).to_owned(), (*value).to_owned())))
        };
        let found = self.forms.iter().filter(|form| form.action == action).find(holds);
        found
            .unwrap_or_else(|| panic!("no form {action} with {fields:?}"))
            .clone()
    }
}

/// What a refused form tells of itself beside what is stored: field, stored text and typed text.
pub(crate) fn conflict(html: &str) -> Vec<[String; 3]> {
    let document = Html::parse_document(html);
    let rows = all(&document, "[data-test=conflict] tbody tr");
    let cells = rows.map(|row| within(row, "td").into_iter().map(text).collect::<Vec<_>>());
    cells.map(|cells| cells.try_into().unwrap()).collect()
}

fn all<'a>(document: &'a Html, selector: &str) -> impl Iterator<Item = ElementRef<'a>> {
    let selector = Selector::parse(selector).unwrap();
    document.select(&selector).collect::<Vec<_>>().into_iter()
}

fn within<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    element.select(&Selector::parse(selector).unwrap()).collect()
}

fn attribute(element: ElementRef<'_>, name: &str) -> String {
    element.value().attr(name).unwrap_or_default().to_owned()
}

/// Text with single blanks.
fn text(element: ElementRef<'_>) -> String {
    let all: String = element.text().collect();
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn form(element: ElementRef<'_>) -> Form {
    let mut form = Form {
        method: attribute(element, "method"),
        action: attribute(element, "action"),
        ..Form::default()
    };
    for control in within(element, "input[name], select[name], textarea[name], button") {
        if control.value().attr("disabled").is_some() {
            continue;
        }
        let name = attribute(control, "name");
        match control.value().name() {
            "button" => {
                form.elsewhere
                    .extend(control.value().attr("formaction").map(str::to_owned));
                if !name.is_empty() {
                    form.further.push((name, attribute(control, "value")));
                }
            }
            "select" => form.fields.push((name, chosen(control))),
            "textarea" => form.fields.push((name, control.text().collect())),
            _ => {
                let ticks = ["checkbox", "radio"].contains(&attribute(control, "type").as_str());
                let pair = (name, attribute(control, "value"));
                if ticks && control.value().attr("checked").is_none() {
                    form.further.push(pair);
                } else {
                    form.fields.push(pair);
                }
            }
        }
    }
    form
}

fn chosen(select: ElementRef<'_>) -> String {
    let options = within(select, "option");
    let marked = options.iter().find(|one| one.value().attr("selected").is_some());
    marked
        .or(options.first())
        .map(|one| attribute(*one, "value"))
        .unwrap_or_default()
}
