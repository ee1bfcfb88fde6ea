use leptos::prelude::*;
use rust_decimal::Decimal;

use super::cents;
use crate::components::*;

#[component]
pub fn Charts() -> impl IntoView {
    view! {
        <Section title="Charts" id="charts" lead="Drawn by the server, with their figures as a table.">
            <Chart title="Core-hours per day" unit="core-hours" points=days() limit=Decimal::from(420) summary="7,214 core-hours in November".to_string()/>
            <Chart title="Cost so far" kind=ChartKind::Line currency="EUR".to_string() points=days()/>
            <StackedChart
                title="Cost per month"
                currency="EUR".to_string()
                labels=["Jun", "Jul", "Aug", "Sep", "Oct", "Nov"].map(String::from).to_vec()
                series=vec![
                    ChartSeries { name: "Ocean ensemble".into(), values: [810, 920, 640, 1210, 1500, 1224].map(Decimal::from).to_vec() },
                    ChartSeries { name: "GPU cluster".into(), values: [0, 120, 490, 490, 490, 490].map(Decimal::from).to_vec() },
                    ChartSeries { name: "Archive".into(), values: [36, 36, 36, 37, 37, 37].map(Decimal::from).to_vec() },
                ]
            />
            <p class="cluster">
                "Last 30 days"
                <Sparkline values=days().into_iter().map(|day| day.value).collect() label="Core-hours in the last 30 days"/>
                <Money amount=cents(122_488) currency="EUR"/>
            </p>
        </Section>
    }
}

fn days() -> Vec<ChartPoint> {
    let figures = [
        180, 210, 240, 205, 90, 60, 220, 260, 310, 295, 330, 120, 80, 270, 300, 340, 410, 450, 140, 95, 280,
        320, 360, 300, 310, 130, 70, 240, 290, 315,
    ];
    let days = (1_u32..).zip(figures);
    days.map(|(day, hours)| ChartPoint {
        label: format!("{day} Nov 2026"),
        short: day.to_string(),
        value: Decimal::from(hours),
    })
    .collect()
}
