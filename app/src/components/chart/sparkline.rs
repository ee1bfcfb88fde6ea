use leptos::prelude::*;
use rust_decimal::Decimal;

use super::scale::{HEIGHT, Scale, WIDTH, short, slot};

/// A course without axes, beside a figure in a table.
#[component]
pub fn Sparkline(values: Vec<Decimal>, #[prop(into)] label: String) -> impl IntoView {
    let scale = Scale::over(values.iter().copied());
    let count = values.len();
    let path: Vec<String> = values
        .into_iter()
        .enumerate()
        .map(|(at, value)| {
            let (x, width) = slot(at, count);
            format!("{} {}", short(x + width / Decimal::TWO), scale.y(value))
        })
        .collect();
    let path = if path.is_empty() {
        String::new()
    } else {
        format!("M{}", path.join("L"))
    };
    view! {
        <svg class="sparkline" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=label>
            <path d=path fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" vector-effect="non-scaling-stroke"></path>
        </svg>
    }
    .into_any()
}
