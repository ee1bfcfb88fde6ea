//! What two people wrote into the same form, side by side.

use leptos::prelude::*;

use super::{
    banner::Banner,
    table::{Cell, Column, DataTable, Row},
    tone::Tone,
};
use crate::{form::FormFields, reply::FormReply};

/// Codes of refusals that mean: somebody else changed it first.
const CHANGED: [&str; 1] = ["changed_meanwhile"];

/// Shown with a form that was refused because somebody else saved first: for each field that differs what is stored now and
/// what was typed. The form below holds what was typed, and is drawn from what is stored now; so saving it again is a decision
/// that saw both.
#[component]
pub fn Conflict(stored: FormFields, reply: FormReply) -> impl IntoView {
    let changed = reply
        .problem
        .as_ref()
        .is_some_and(|problem| CHANGED.contains(&problem.code.as_str()));
    let rows = if changed {
        differences(&stored, &reply.fields)
    } else {
        Vec::new()
    };
    (!rows.is_empty())
        .then(|| {
            let rows = rows.into_iter().map(row).collect_view();
            let columns = vec![
                Column::text("Field"),
                Column::text("Stored now"),
                Column::text("Yours"),
            ];
            view! {
                <div class="stack" data-test="conflict">
                    <Banner tone=Tone::Waiting title="Where it differs from yours">
                        "The form below holds what you wrote. Saving it now replaces what is stored."
                    </Banner>
                    <DataTable caption="Where it differs from yours" columns=columns dense=true>
                        {rows}
                    </DataTable>
                </div>
            }
        })
        .into_any()
}

fn row((name, theirs, mine): (String, String, String)) -> impl IntoView {
    view! {
        <Row>
            <Cell label="Field">{field_label(&name)}</Cell>
            <Cell label="Stored now">{theirs}</Cell>
            <Cell label="Yours">{mine}</Cell>
        </Row>
    }
}

/// Name, stored text and typed text of each stored field that the form holds another text for.
fn differences(stored: &FormFields, typed: &FormFields) -> Vec<(String, String, String)> {
    let names = stored.0.keys();
    let differing = names.filter_map(|name| {
        let (theirs, mine) = (field_text(stored, name), field_text(typed, name));
        (theirs != mine).then(|| (name.clone(), theirs, mine))
    });
    differing.collect()
}

/// What a field says: a box that is not ticked is not sent at all.
fn field_text(fields: &FormFields, name: &str) -> String {
    match fields.all(name).join(", ").trim().replace("\r\n", "\n").as_str() {
        "" | "false" => "—".to_owned(),
        "true" | "on" => "yes".to_owned(),
        text => text.to_owned(),
    }
}

/// `billing_period` is "Billing period", `price.cpu` is "Price: cpu", `vat_number` is "VAT number".
fn field_label(name: &str) -> String {
    let text = name.replace('_', " ").replace('.', ": ");
    let word = |word: &str| {
        if word == "vat" {
            "VAT".to_owned()
        } else {
            word.to_owned()
        }
    };
    let text = text.split(' ').map(word).collect::<Vec<_>>().join(" ");
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> FormFields {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn only_what_differs_is_shown_with_both_texts() {
        let stored = fields(&[
            ("name", "Theirs"),
            ("prepaid", "false"),
            ("unit", "GiB"),
            ("price.cpu", "2"),
        ]);
        let typed = fields(&[
            ("name", "Mine"),
            ("unit", "GiB"),
            ("price.cpu", "3"),
            ("revision", "4"),
        ]);
        let told: Vec<_> = differences(&stored, &typed)
            .into_iter()
            .map(|(name, theirs, mine)| format!("{}: {theirs} / {mine}", field_label(&name)))
            .collect();
        assert_eq!(told, ["Name: Theirs / Mine", "Price: cpu: 2 / 3"]);
        assert_eq!(field_label("vat_number"), "VAT number");
    }
}
