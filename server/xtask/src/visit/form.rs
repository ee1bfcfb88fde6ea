//! A form as a page draws it, and what a browser sends of it.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use scraper::ElementRef;

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Hidden,
    Text,
    Number,
    Date,
    Email,
    Password,
    /// One of the options: a list or radio buttons.
    Choice,
    /// A box that is ticked or not.
    Tick,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// What stands in it; of a box, what it sends when it is ticked.
    pub(crate) value: String,
    /// What can be chosen.
    pub(crate) options: Vec<String>,
    pub(crate) required: bool,
    /// Whether it is sent as it stands: a box that is ticked, a choice that is made, anything else.
    pub(crate) sent: bool,
    pub(crate) min: Option<String>,
    pub(crate) max: Option<String>,
}

/// A button that sends the form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Button {
    /// What it sends with the form.
    pub(crate) pair: Option<(String, String)>,
    /// Where it sends the form instead.
    pub(crate) action: Option<String>,
}

/// A form of a page.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) is_post: bool,
    pub(crate) fields: Vec<Field>,
    pub(crate) buttons: Vec<Button>,
}

impl Form {
    pub(super) fn of(element: ElementRef) -> Self {
        let is_post = element
            .attr("method")
            .is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let mut form = Self {
            action: element.attr("action").unwrap_or_default().to_owned(),
            is_post,
            fields: Vec::new(),
            buttons: Vec::new(),
        };
        for inner in element.descendent_elements() {
            form.take(inner);
        }
        form
    }

    /// Takes over a field or button; other elements are none.
    pub(super) fn take(&mut self, element: ElementRef) {
        if element.attr("disabled").is_some() {
            return;
        }
        match element.value().name() {
            "button" if element.attr("type") != Some("button") => self.buttons.push(button(element)),
            "input" => self.take_input(element),
            "textarea" => {
                let text: String = element.text().collect();
                // The first line end after the tag is none of the text.
                let text = text.strip_prefix('\n').unwrap_or(&text);
                self.add(element, Kind::Text, text, true);
            }
            "select" => self.take_select(element),
            _ => {}
        }
    }

    fn take_input(&mut self, element: ElementRef) {
        let value = element.attr("value").unwrap_or_default();
        let checked = element.attr("checked").is_some();
        let kind = match element.attr("type").unwrap_or("text") {
            "hidden" => Kind::Hidden,
            "number" => Kind::Number,
            "date" | "month" => Kind::Date,
            "email" => Kind::Email,
            "password" => Kind::Password,
            "checkbox" => {
                let value = element.attr("value").unwrap_or("on");
                return self.add(element, Kind::Tick, value, checked);
            }
            "radio" => return self.take_radio(element, value, checked),
            "file" | "submit" | "button" | "reset" => return,
            _ if element.attr("inputmode") == Some("decimal") => Kind::Number,
            _ => Kind::Text,
        };
        self.add(element, kind, value, true);
    }

    fn take_radio(&mut self, element: ElementRef, value: &str, checked: bool) {
        let name = element.attr("name").unwrap_or_default();
        let group = |field: &Field| field.name == name && field.kind == Kind::Choice;
        if !self.fields.iter().any(group) {
            self.add(element, Kind::Choice, "", false);
        }
        for field in self.fields.iter_mut().filter(|field| group(field)) {
            field.options.push(value.to_owned());
            if checked {
                value.clone_into(&mut field.value);
                field.sent = true;
            }
        }
    }

    fn take_select(&mut self, element: ElementRef) {
        let options: Vec<ElementRef> = element
            .descendent_elements()
            .filter(|inner| inner.value().name() == "option" && inner.attr("disabled").is_none())
            .collect();
        let value_of = |option: &ElementRef| {
            let text = || option.text().collect();
            option.attr("value").map_or_else(text, str::to_owned)
        };
        let chosen = options.iter().find(|option| option.attr("selected").is_some());
        let value = chosen.or(options.first()).map(value_of).unwrap_or_default();
        self.add(element, Kind::Choice, &value, !options.is_empty());
        if let Some(field) = self.fields.last_mut() {
            field.options = options.iter().map(value_of).collect();
        }
    }

    fn add(&mut self, element: ElementRef, kind: Kind, value: &str, sent: bool) {
        let attribute = |name: &str| element.attr(name).map(str::to_owned);
        // What has no name is not sent.
        let Some(name) = attribute("name").filter(|name| !name.is_empty()) else {
            return;
        };
        self.fields.push(Field {
            name,
            kind,
            value: value.to_owned(),
            options: Vec::new(),
            required: element.attr("required").is_some(),
            sent,
            min: attribute("min"),
            max: attribute("max"),
        });
    }

    /// What a browser sends when nobody has typed anything.
    pub(crate) fn drawn(&self) -> Vec<(String, String)> {
        let sent = self.fields.iter().filter(|field| field.sent);
        sent.map(|field| (field.name.clone(), field.value.clone()))
            .collect()
    }
}

fn button(element: ElementRef) -> Button {
    let name = element.attr("name").filter(|name| !name.is_empty());
    let value = element.attr("value").unwrap_or_default();
    Button {
        pair: name.map(|name| (name.to_owned(), value.to_owned())),
        action: element.attr("formaction").map(str::to_owned),
    }
}

/// Fields as they are posted or put into an address.
pub(crate) fn encoded(pairs: &[(String, String)]) -> String {
    let one = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", one(name), one(value)));
    pairs.collect::<Vec<_>>().join("&")
}
