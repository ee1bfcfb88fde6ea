//! The price beside a form, computed anew with every key by the same function that the server uses.

use leptos::prelude::*;
use model::{FieldFault, Quote};

use crate::{
    calculator::{Choices, PriceList},
    components::{Banner, QuoteBox, Tone},
};

/// Stands inside or beside the form with the id `form`; shows the price of what is chosen there.
#[island]
pub fn LiveQuote(form: String, list: PriceList, start: Choices) -> impl IntoView {
    let choices = RwSignal::new(start);
    #[cfg(feature = "hydrate")]
    follow::install(form, list.clone(), choices);
    #[cfg(not(feature = "hydrate"))]
    drop(form);
    let with_tax = list.knows_tax();
    view! {
        <div class="stack" id="quote" data-test="quote" aria-live="polite">
            {move || shown(list.quote(&choices.get()), with_tax)}
        </div>
    }
}

fn shown(quote: Result<Quote, Vec<FieldFault>>, with_tax: bool) -> AnyView {
    match quote {
        Ok(quote) => view! { <QuoteBox quote=quote with_tax=with_tax/> }.into_any(),
        Err(faults) => {
            let first = faults
                .into_iter()
                .next()
                .map(|fault| fault.message)
                .unwrap_or_default();
            view! {
                <Banner tone=Tone::Waiting title="No price yet">
                    {first}
                </Banner>
            }
            .into_any()
        }
    }
}

#[cfg(feature = "hydrate")]
mod follow {
    use leptos::prelude::{RwSignal, Set};
    use web_sys::{Event, HtmlFormElement};

    use crate::{
        calculator::{Choices, PriceList},
        islands::{dom, field_errors, form_values},
    };

    /// Recomputes on every change of the form and marks the fields at fault.
    pub(super) fn install(form: String, list: PriceList, choices: RwSignal<Choices>) {
        let Some(element) = form_values::find_form(&form) else {
            return;
        };
        let codes = Codes {
            limits: list.limit_codes().map(str::to_owned).collect(),
            expected: list.expected_codes().map(str::to_owned).collect(),
        };
        let watched = element.clone();
        // What was typed before the scripts were up stands in the form, and no event tells of it again. Read once the page
        // has been taken over as the server drew it; nobody is told of faults before they type.
        let (before, asked) = (element.clone(), codes.clone());
        dom::after(0, move || choices.set(read(&before, &asked)));
        let update = move |_: Event| {
            let now = read(&watched, &codes);
            remark(&list, &now, &codes);
            choices.set(now);
        };
        dom::listen(&element, "input", update.clone());
        // A browser that goes back fills the form in again without a word; and selects tell of a change only so.
        dom::listen(&element, "change", update);
    }

    /// The components that the form asks about.
    #[derive(Clone)]
    struct Codes {
        limits: Vec<String>,
        expected: Vec<String>,
    }

    fn read(form: &HtmlFormElement, codes: &Codes) -> Choices {
        let one = |name: &str| {
            form_values::values(form, name)
                .into_iter()
                .next()
                .unwrap_or_default()
        };
        // A form need not ask about every component: a renewal asks about none.
        let all = |field: &str, codes: &[String]| {
            let typed = |code: &String| {
                let values = form_values::values(form, &format!("{field}.{code}"));
                values.into_iter().next().map(|value| (code.clone(), value))
            };
            codes.iter().filter_map(typed).collect()
        };
        Choices {
            project: one("project"),
            plan: one("plan"),
            limits: all("limits", &codes.limits),
            expected: all("expected_use", &codes.expected),
            start_date: one("start_date"),
            end_date: one("end_date"),
            term_months: one("term_months"),
        }
    }

    fn remark(list: &PriceList, choices: &Choices, codes: &Codes) {
        let faults = list.quote(choices).err().unwrap_or_default();
        let told = |name: &str| {
            faults
                .iter()
                .find(|fault| fault.path == name)
                .map(|fault| fault.message.as_str())
        };
        let limits = codes.limits.iter().map(|code| format!("limits.{code}"));
        let expected = codes.expected.iter().map(|code| format!("expected_use.{code}"));
        for name in limits.chain(expected) {
            field_errors::show(&name, told(&name));
        }
        for name in ["start_date", "end_date", "term_months"] {
            field_errors::show(name, told(name));
        }
    }
}
