use crate::components::optional_text::OptionalText;
use leptos::prelude::*;
use rust_decimal::Decimal;

use super::{
    plot::PlotFrame,
    scale::{Scale, short, slot},
    table::{FigureTable, ValueFormat},
};

/// One part of every bar: a resource, a project, a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartSeries {
    pub name: String,
    /// One figure per label; missing ones count as zero.
    pub values: Vec<Decimal>,
}

/// Bars made of parts, such as cost per month by project. From the sixth series on all share one colour.
#[component]
pub fn StackedChart(
    #[prop(into)] title: String,
    #[prop(optional, into)] unit: String,
    labels: Vec<String>,
    series: Vec<ChartSeries>,
    #[prop(optional, into)] currency: OptionalText,
    #[prop(optional, into)] summary: OptionalText,
) -> impl IntoView {
    let format = ValueFormat {
        unit,
        currency: currency.0,
    };
    let sums = labels
        .iter()
        .enumerate()
        .map(|(at, _)| series.iter().map(|one| value_at(one, at)).sum());
    let scale = Scale::over(sums);
    let stacks = labels
        .iter()
        .enumerate()
        .map(|(at, label)| stacked_bar(at, labels.len(), label, &series, scale, &format))
        .collect_view();
    let rows = labels
        .iter()
        .enumerate()
        .map(|(at, label)| {
            (
                label.clone(),
                series.iter().map(|one| format.full(value_at(one, at))).collect(),
            )
        })
        .collect();
    let heads = series.iter().map(|one| one.name.clone()).collect();
    let legend = series
        .iter()
        .enumerate()
        .map(|(at, one)| view! { <li><span class=format!("legend-key {}", series_class(at))></span>{one.name.clone()}</li> })
        .collect_view();
    view! {
        <figure class="chart">
            <figcaption>
                <strong>{title.clone()}</strong>
                <span class="muted">{summary}</span>
            </figcaption>
            <PlotFrame title=title.clone() scale=scale format=format labels=labels limit=None>
                {stacks}
            </PlotFrame>
            <ul class="legend">{legend}</ul>
            <FigureTable title=title heads=heads rows=rows/>
        </figure>
    }
    .into_any()
}

fn value_at(series: &ChartSeries, at: usize) -> Decimal {
    series.values.get(at).copied().unwrap_or_default()
}

fn series_class(at: usize) -> &'static str {
    match at {
        0 => "series-1",
        1 => "series-2",
        2 => "series-3",
        3 => "series-4",
        4 => "series-5",
        _ => "series-6",
    }
}

fn stacked_bar(
    at: usize,
    count: usize,
    label: &str,
    series: &[ChartSeries],
    scale: Scale,
    format: &ValueFormat,
) -> impl IntoView + use<> {
    let (x, width) = slot(at, count);
    let gap = width / Decimal::from(6);
    let mut below = Decimal::ZERO;
    series
        .iter()
        .enumerate()
        .map(|(nth, one)| {
            let value = value_at(one, at);
            below += value;
            let said = format!("{label}, {}: {}", one.name, format.full(value));
            view! {
                <rect
                    class=series_class(nth)
                    x=short(x + gap)
                    y=scale.y(below).to_string()
                    width=short(width - gap - gap)
                    height=scale.height(value).to_string()
                >
                    <title>{said}</title>
                </rect>
            }
        })
        .collect_view()
}
