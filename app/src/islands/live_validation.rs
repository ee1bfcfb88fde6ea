//! Checks the fields of a schema form while they are filled in, by the rules and in the words of the server. The server checks
//! again; this only tells earlier.

use leptos::prelude::*;
use model::Schema;

/// Watches the fields `<prefix>.<key>` of the form with the id `form`.
#[island]
pub fn LiveValidation(form: String, prefix: String, schema: Schema) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    watch::install(form, prefix, schema);
    #[cfg(not(feature = "hydrate"))]
    drop((form, prefix, schema));
}

#[cfg(feature = "hydrate")]
mod watch {
    use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

    use model::{FieldFault, Schema, Values};
    use web_sys::{Element, Event, HtmlFormElement};

    use crate::islands::{dom, field_errors, form_values};

    #[derive(Clone)]
    struct Watch {
        form: HtmlFormElement,
        prefix: String,
        schema: Schema,
        /// Fields that were left once: only they are told about, so that nobody is scolded before they have typed.
        visited: Rc<RefCell<Vec<String>>>,
    }

    pub(super) fn install(form: String, prefix: String, schema: Schema) {
        let Some(form) = form_values::find_form(&form) else {
            return;
        };
        let watch = Watch {
            form: form.clone(),
            prefix,
            schema,
            visited: Rc::default(),
        };
        watch.check();
        let typing = watch.clone();
        dom::listen(&form, "input", move |_: Event| typing.check());
        let choosing = watch.clone();
        dom::listen(&form, "change", move |event: Event| choosing.mark_visited(&event));
        dom::listen(&form, "focusout", move |event: Event| watch.mark_visited(&event));
    }

    impl Watch {
        fn mark_visited(&self, event: &Event) {
            let field = dom::closest(event, "[data-attribute]")
                .and_then(|field| field.get_attribute("data-attribute"));
            if let Some(key) = field {
                self.visited.borrow_mut().push(key);
            }
            self.check();
        }

        fn check(&self) {
            let mut typed = BTreeMap::new();
            for field in &self.schema.fields {
                typed.insert(
                    field.key.clone(),
                    form_values::values(&self.form, &self.name(&field.key)),
                );
            }
            let faults = self.schema.parse_form(&typed).err().unwrap_or_default();
            self.show_faults(&faults);
            self.update_visibility(&typed);
        }

        fn show_faults(&self, faults: &[FieldFault]) {
            let visited = self.visited.borrow();
            for key in visited.iter() {
                let fault = faults.iter().find(|fault| fault.path == *key);
                field_errors::show(&self.name(key), fault.map(|fault| fault.message.as_str()));
            }
        }

        /// Hides the fields whose condition does not hold; what they carry is not taken by the server either.
        fn update_visibility(&self, typed: &BTreeMap<String, Vec<String>>) {
            for field in self
                .schema
                .fields
                .iter()
                .filter(|field| field.visible_when.is_some())
            {
                let earlier: Vec<_> = self
                    .schema
                    .fields
                    .iter()
                    .take_while(|other| other.key != field.key)
                    .cloned()
                    .collect();
                let values = valid_values(&Schema::new(earlier), typed);
                if let Some(element) = dom::find(&format!("[data-attribute=\"{}\"]", field.key)) {
                    set_hidden(&element, !self.schema.is_visible(field, &values));
                }
            }
        }

        fn name(&self, key: &str) -> String {
            format!("{}.{key}", self.prefix)
        }
    }

    /// The values of the fields that are sound by themselves; a fault elsewhere hides nothing.
    fn valid_values(schema: &Schema, typed: &BTreeMap<String, Vec<String>>) -> Values {
        let mut kept = schema.clone();
        loop {
            let known = typed.iter().filter(|(key, _)| kept.field(key).is_some());
            let form: BTreeMap<String, Vec<String>> =
                known.map(|(key, texts)| (key.clone(), texts.clone())).collect();
            match kept.parse_form(&form) {
                Ok(values) => return values,
                Err(faults) => {
                    let before = kept.fields.len();
                    kept.fields
                        .retain(|field| !faults.iter().any(|fault| fault.path == field.key));
                    if kept.fields.len() == before {
                        return Values::default();
                    }
                }
            }
        }
    }

    fn set_hidden(element: &Element, hidden: bool) {
        if hidden {
            dom::set(element, "hidden", "");
        } else {
            dom::unset(element, "hidden");
        }
    }
}
