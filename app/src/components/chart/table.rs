use leptos::prelude::*;
use rust_decimal::Decimal;

use crate::components::{
    icon::{Icon, IconView},
    money::{format_money, format_quantity, format_with_unit},
};

/// How figures of a chart are written: money when it has a currency, else a quantity with its unit.
#[derive(Clone, Debug)]
pub struct ValueFormat {
    pub(super) unit: String,
    pub(super) currency: Option<String>,
}

impl ValueFormat {
    pub(super) fn full(&self, value: Decimal) -> String {
        match &self.currency {
            Some(currency) => format_money(value, currency),
            None => format_with_unit(value, &self.unit),
        }
    }

    pub(super) fn tick(&self, value: Decimal) -> String {
        match &self.currency {
            Some(currency) if value.fract().is_zero() => {
                format_money(value, currency).trim_end_matches(".00").to_string()
            }
            Some(currency) => format_money(value, currency),
            None => format_quantity(value),
        }
    }
}

/// The figures of a chart for those who want to read or copy them.
#[component]
pub fn FigureTable(title: String, heads: Vec<String>, rows: Vec<(String, Vec<String>)>) -> impl IntoView {
    let heads = heads
        .into_iter()
        .map(|head| view! { <th scope="col" class="cell-num">{head}</th> })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|(label, figures)| {
            let figures = figures
                .into_iter()
                .map(|figure| view! { <td class="cell-num">{figure}</td> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row" class="cell-main">{label}</th>
                    {figures}
                </tr>
            }
        })
        .collect_view();
    view! {
        <details class="plain-disclosure">
            <summary>
                <IconView icon=Icon::ChevronRight size=14/>
                "Show as a table"
            </summary>
            <div class="chart-table" tabindex="0" role="region" aria-label=title.clone()>
                <table class="data-table table-dense">
                    <caption class="visually-hidden">{title.clone()}</caption>
                    <thead>
                        <tr>
                            <td></td>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}
