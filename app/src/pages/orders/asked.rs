//! What an order asks for, as the buyer and the provider read it.

use leptos::prelude::*;
use model::{DisplayRow, OrderDetail, pricing::counted};

use crate::components::*;

/// The limits that are ordered, beside those before.
#[component]
pub(crate) fn Amounts(order: OrderDetail) -> impl IntoView {
    let lines = order
        .quote
        .map(|quote| quote.full_month.lines)
        .unwrap_or_default();
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
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="Amounts">
                <KeyValues columns=true>{rows}</KeyValues>
            </Section>
        }
    })
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
