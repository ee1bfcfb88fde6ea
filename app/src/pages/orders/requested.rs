//! What an order asks for, as the buyer and the provider read it.

use leptos::prelude::*;
use model::{DisplayRow, OrderDetail, pricing::counted};

use crate::components::*;

/// The limits that are ordered, beside those before.
#[component]
pub(crate) fn RequestedAmounts(order: OrderDetail) -> impl IntoView {
    let components = order.components;
    let named = |code: &str| {
        let known = components.get(code);
        known.map_or_else(
            || (code.to_owned(), String::new()),
            |known| (known.name.clone(), known.unit.clone()),
        )
    };
    let rows = order.limits.into_iter().map(|(code, amount)| {
        let (name, unit) = named(&code);
        let before = order
            .limits_before
            .get(&code)
            .copied()
            .filter(|before| *before != amount);
        let before = before.map(|before| {
            let before = format!(" (was {})", counted(before, &unit));
            view! { <span class="muted">{before}</span> }
        });
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

/// The answers to the request form, secrets left out.
#[component]
pub(crate) fn OrderAnswers(title: &'static str, rows: Vec<DisplayRow>) -> impl IntoView {
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
