//! What an order asks for, as the buyer and the provider read it.

use leptos::prelude::*;
use model::{DisplayRow, Line, OrderDetail, Quote, pricing::counted};

use crate::components::*;

/// The limits that are ordered, beside those before.
#[component]
pub(crate) fn Amounts(order: OrderDetail) -> impl IntoView {
    let lines: Vec<Line> = order.quote.map(known_lines).unwrap_or_default();
    let named = |code: &str| {
        let line = lines.iter().find(|line| line.component == code);
        line.map_or_else(
            || (code.to_owned(), String::new()),
            |line| (line.name.clone(), line.unit.clone()),
        )
    };
    let rows = order.limits.into_iter().map(|(code, amount)| {
        let (name, unit) = named(&code);
        let before = order
            .limits_before
            .get(&code)
            .copied()
            .filter(|before| *before != amount);
        let before = before.map(|before| view! { <span class="muted">{format!(" (was {before})")}</span> });
        view! { <KeyValue label=name>{counted(amount, &unit)} {before}</KeyValue> }
    });
    let expected = order.expected_use.into_iter().map(|(code, amount)| {
        let (name, unit) = named(&code);
        let label = format!("{name}, expected a month");
        view! { <KeyValue label=label>{counted(amount, &unit)} {None::<AnyView>}</KeyValue> }
    });
    let mut rows: Vec<_> = rows.map(IntoAny::into_any).collect();
    rows.extend(expected.map(IntoAny::into_any));
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="Amounts">
                <KeyValues columns=true>{rows}</KeyValues>
            </Section>
        }
    })
}

/// Every line of a quote: each component that is charged has one somewhere.
fn known_lines(quote: Quote) -> Vec<Line> {
    let expected = quote.expected.map(|part| part.lines).unwrap_or_default();
    [quote.full_month.lines, quote.first_invoice.lines, expected].concat()
}

/// The answers to the request form, secrets left out.
#[component]
pub(crate) fn Answers(title: &'static str, rows: Vec<DisplayRow>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let rows = rows
            .into_iter()
            .map(|row| view! { <KeyValue label=row.label>{row.text}</KeyValue> })
            .collect_view();
        view! {
            <Section title=title>
                <KeyValues columns=true>{rows}</KeyValues>
            </Section>
        }
    })
}
