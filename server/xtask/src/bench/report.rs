//! The figures as a table for people.

use std::fmt::Write;

use super::figures::Figures;

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
        what: "catalogue page of 24 offerings, HTML, 16 connections: 99th percentile, against bare",
        target: "at most 3 ×",
        read: |figures| {
            let (page, bare) = (figures.page.p99, figures.bare.p99);
            (
                format!("{:.1} × ({page:.1} of {bare:.1} ms)", page / bare),
                page / bare <= 3.0,
            )
        },
    },
    Row {
        what: "the same: answers in a second, against bare",
        target: "at least 40 %",
        read: |figures| share(figures.page.per_second, figures, 0.4),
    },
    Row {
        what: "API: list of 10 offerings",
        target: "at least 100 %",
        read: |figures| share(figures.list.per_second, figures, 1.0),
    },
    Row {
        what: "API: one offering",
        target: "at least 100 %",
        read: |figures| share(figures.offering.per_second, figures, 1.0),
    },
    Row {
        what: "API: one resource",
        target: "at least 100 %",
        read: |figures| share(figures.resource.per_second, figures, 1.0),
    },
    Row {
        what: "API: one invoice of 50 lines",
        target: "at least 75 %",
        read: |figures| share(figures.invoice.per_second, figures, 0.75),
    },
    Row {
        what: "orders through the API, from placed to done, 16 at once",
        target: "at least 5 %",
        read: |figures| share(figures.orders, figures, 0.05),
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

/// A rate as a share of the bare handler's on the same database in the same run, with the rate itself behind it: the rates
/// of two processors differ threefold, their shares do not.
fn share(per_second: f64, figures: &Figures, wanted: f64) -> (String, bool) {
    let share = per_second / figures.bare.per_second;
    (
        format!("{:.0} % ({per_second:.0}/s)", share * 100.0),
        share >= wanted,
    )
}

/// Thousands of a figure.
fn kilo(figure: u64) -> f64 {
    f64::from(u32::try_from(figure).unwrap_or(u32::MAX)) / 1000.0
}

/// The processor, and a Markdown table; what misses its target is bold.
pub(super) fn table(processor: &str, columns: &[Column]) -> String {
    let mut text = format!("Processor: {processor}.");
    for column in columns {
        // Writing into a string cannot fail.
        let _ = write!(
            text,
            " The bare handler answered {:.0}/s on {}.",
            column.figures.bare.per_second, column.name
        );
    }
    text.push_str("\n\n| What | Target |");
    for column in columns {
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
