use crate::components::optional_text::OptionalText;
use leptos::prelude::*;
use rust_decimal::Decimal;

use super::{
    scale::{HEIGHT, Scale, WIDTH, short, slot},
    table::{FigureTable, ValueFormat},
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChartKind {
    #[default]
    Bars,
    Line,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartPoint {
    /// In full: "3 Nov 2026".
    pub label: String,
    /// Below the axis: "3".
    pub short: String,
    pub value: Decimal,
}

/// One figure per day or month.
#[component]
pub fn Chart(
    #[prop(into)] title: String,
    #[prop(optional, into)] unit: String,
    #[prop(optional)] kind: ChartKind,
    points: Vec<ChartPoint>,
    /// A line across, such as a limit or a budget.
    #[prop(default = None, into)]
    limit: Option<Decimal>,
    #[prop(optional, into)] currency: OptionalText,
    #[prop(optional, into)] summary: OptionalText,
) -> impl IntoView {
    let format = ValueFormat {
        unit,
        currency: currency.0,
    };
    let scale = Scale::over(points.iter().map(|point| point.value).chain(limit));
    let marks = match kind {
        ChartKind::Bars => bars(&points, scale, limit, &format).into_any(),
        ChartKind::Line => line(&points, scale, &format).into_any(),
    };
    let labels = points.iter().map(|point| point.short.clone()).collect();
    let rows = points
        .iter()
        .map(|point| (point.label.clone(), vec![format.full(point.value)]))
        .collect();
    let head = format.currency.clone().unwrap_or_else(|| format.unit.clone());
    view! {
        <figure class="chart">
            <figcaption>
                <strong>{title.clone()}</strong>
                <span class="muted">{summary}</span>
            </figcaption>
            <PlotFrame title=title.clone() scale=scale format=format labels=labels limit=limit>
                {marks}
            </PlotFrame>
            <FigureTable title=title heads=vec![head] rows=rows/>
        </figure>
    }
    .into_any()
}

/// Axes and grid around the marks. The SVG is stretched to its box, hence the strokes that do not scale.
#[component]
pub fn PlotFrame(
    title: String,
    scale: Scale,
    format: ValueFormat,
    labels: Vec<String>,
    limit: Option<Decimal>,
    children: Children,
) -> impl IntoView {
    let ticks = scale
        .ticks()
        .into_iter()
        .map(|tick| view! { <span>{format.tick(tick)}</span> })
        .collect_view();
    let grid = (0..=4_u32)
        .map(|step| format!("M0 {}H{WIDTH}", step * HEIGHT / 4))
        .collect::<Vec<_>>()
        .concat();
    let every = labels.len().div_ceil(10).max(1);
    let below = labels
        .into_iter()
        .enumerate()
        .map(|(at, label)| view! { <span>{at.is_multiple_of(every).then_some(label)}</span> })
        .collect_view();
    let limit_line = limit.map(|limit| {
        let y = scale.y(limit).to_string();
        view! { <path class="limit" d=format!("M0 {y}H{WIDTH}") vector-effect="non-scaling-stroke"></path> }
    });
    view! {
        <div class="plot">
            <div class="plot-ticks num" aria-hidden="true">
                {ticks}
            </div>
            <svg class="plot-area" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=title>
                <path class="grid-line" d=grid vector-effect="non-scaling-stroke"></path>
                {children()}
                {limit_line}
            </svg>
            <div class="plot-labels num" aria-hidden="true">
                {below}
            </div>
        </div>
        {limit.map(|limit| view! { <p class="small subtle"><span class="limit-key"></span>"Limit: " {format.full(limit)}</p> })}
    }
    .into_any()
}

fn bars(
    points: &[ChartPoint],
    scale: Scale,
    limit: Option<Decimal>,
    format: &ValueFormat,
) -> impl IntoView + use<> {
    let count = points.len();
    points
        .iter()
        .enumerate()
        .map(|(at, point)| {
            let (x, width) = slot(at, count);
            let gap = width / Decimal::from(7);
            let over = limit.is_some_and(|limit| point.value > limit);
            let class = if over { "bar bar-over" } else { "bar" };
            let (left, wide) = (short(x + gap), short(width - gap - gap));
            let (y, height) = (
                scale.y(point.value).to_string(),
                scale.height(point.value).to_string(),
            );
            let said = format!("{}: {}", point.label, format.full(point.value));
            view! {
                <g>
                    <title>{said}</title>
                    <rect class="hit" x=short(x) y="0" width=short(width) height=HEIGHT></rect>
                    <rect class=class x=left y=y width=wide height=height></rect>
                </g>
            }
        })
        .collect_view()
}

fn line(points: &[ChartPoint], scale: Scale, format: &ValueFormat) -> impl IntoView + use<> {
    let count = points.len();
    let middle = |at: usize| {
        let (x, width) = slot(at, count);
        short(x + width / Decimal::TWO)
    };
    let path: Vec<String> = points
        .iter()
        .enumerate()
        .map(|(at, point)| format!("{} {}", middle(at), scale.y(point.value)))
        .collect();
    let curve = if path.is_empty() {
        String::new()
    } else {
        format!("M{}", path.join("L"))
    };
    let wash = match count {
        0 => String::new(),
        _ => format!("{curve}L{} {HEIGHT}L{} {HEIGHT}z", middle(count - 1), middle(0)),
    };
    let hits = points
        .iter()
        .enumerate()
        .map(|(at, point)| {
            let (x, width) = slot(at, count);
            let said = format!("{}: {}", point.label, format.full(point.value));
            view! {
                <rect class="hit" x=short(x) y="0" width=short(width) height=HEIGHT>
                    <title>{said}</title>
                </rect>
            }
        })
        .collect_view();
    view! {
        <path class="wash" d=wash></path>
        <path class="curve" d=curve vector-effect="non-scaling-stroke"></path>
        {hits}
    }
}
