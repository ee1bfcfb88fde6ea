//! The figures as a table for people.

use std::fmt::Write;

use super::figures::Figures;
use super::load::Load;

/// Where the figures of the README begin.
pub(super) const BEGIN: &str = "<!-- bench -->";
/// Where they end.
pub(super) const END: &str = "<!-- /bench -->";

/// The figures of one database.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) figures: Figures,
}

struct Row {
    what: &'static str,
    target: &'static str,
    /// The figure in words, and whether it is as good as wanted.
    read: fn(&Figures) -> (String, bool),
}

const ROWS: [Row; 12] = [
    Row {
        what: "catalogue page of 24 offerings, HTML, 16 connections: 99th percentile",
        target: "under 50 ms",
        read: |figures| (format!("{:.1} ms", figures.page.p99), figures.page.p99 < 50.0),
    },
    Row {
        what: "the same, against a bare axum handler with the same queries and JSON",
        target: "at least 40 %",
        read: |figures| {
            let share = figures.page.per_second / figures.bare.per_second;
            let (page, bare) = (figures.page.per_second, figures.bare.per_second);
            (
                format!("{:.0} % ({page:.0} of {bare:.0}/s)", share * 100.0),
                share >= 0.4,
            )
        },
    },
    Row {
        what: "API: list of 10 offerings",
        target: "3,000/s",
        read: |figures| fast_enough(figures.list),
    },
    Row {
        what: "API: one offering",
        target: "3,000/s",
        read: |figures| fast_enough(figures.offering),
    },
    Row {
        what: "API: one resource",
        target: "3,000/s",
        read: |figures| fast_enough(figures.resource),
    },
    Row {
        what: "API: one invoice of 50 lines",
        target: "3,000/s",
        read: |figures| fast_enough(figures.invoice),
    },
    Row {
        what: "orders through the API, from placed to done, 16 at once",
        target: "150/s",
        read: |figures| (format!("{:.0}/s", figures.orders), figures.orders >= 150.0),
    },
    Row {
        what: "memory when idle, after the first requests",
        target: "under 80 MB",
        read: |figures| {
            let megabytes = kilo(figures.memory) * 1.024;
            (format!("{megabytes:.0} MB"), megabytes < 80.0)
        },
    },
    Row {
        what: "from start to the first page, existing database",
        target: "under 1 s",
        read: |figures| (format!("{:.2} s", figures.start / 1000.0), figures.start < 1000.0),
    },
    Row {
        what: "first load: HTML, CSS, script, wasm, font; brotli",
        target: "under 300 kB",
        read: |figures| {
            let load = figures.first_load;
            let parts = [load.page, load.css, load.script, load.wasm, load.font]
                .map(|one| format!("{:.1}", kilo(one)));
            (
                format!("{:.0} kB ({})", kilo(load.total()), parts.join(" + ")),
                load.total() < 300_000,
            )
        },
    },
    Row {
        what: "PDF of an invoice: drawing",
        target: "under 20 ms",
        read: |figures| {
            (
                format!("{:.1} ms, {} lines", figures.drawing, figures.lines),
                figures.drawing < 20.0,
            )
        },
    },
    Row {
        what: "PDF of an invoice: size",
        target: "under 60 kB",
        read: |figures| (format!("{:.0} kB", kilo(figures.pdf)), figures.pdf < 60_000),
    },
];

fn fast_enough(load: Load) -> (String, bool) {
    (format!("{:.0}/s", load.per_second), load.per_second >= 3000.0)
}

/// Thousands of a figure.
fn kilo(figure: u64) -> f64 {
    f64::from(u32::try_from(figure).unwrap_or(u32::MAX)) / 1000.0
}

/// A Markdown table; what misses its target is bold.
pub(super) fn table(columns: &[Column]) -> String {
    let mut text = "| What | Target |".to_owned();
    for column in columns {
        // Writing into a string cannot fail.
        let _ = write!(text, " {} |", column.name);
    }
    text.push_str("\n|---|---|");
    text.push_str(&"---|".repeat(columns.len()));
    text.push('\n');
    for row in ROWS {
        let _ = write!(text, "| {} | {} |", row.what, row.target);
        for column in columns {
            let (figure, met) = (row.read)(&column.figures);
            let mark = if met { "" } else { "**" };
            let _ = write!(text, " {mark}{figure}{mark} |");
        }
        text.push('\n');
    }
    text
}
