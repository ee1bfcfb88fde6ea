//! Samples of plain values, by what the property is called.

use serde_json::{Value as Json, json};

/// Texts by the name of the property, as one would meet them.
const TEXTS: [(&str, &str); 34] = [
    ("address", "Narva mnt 1\nTartu"),
    ("bank_account", "EE382200221020145685"),
    ("by", "Anna Rebane"),
    ("category", "computing"),
    ("category_name", "Computing"),
    ("code", "cpu_hours"),
    ("comment", "Fine, go on."),
    ("component", "cpu_hours"),
    ("country", "EE"),
    ("currency", "EUR"),
    ("email", "anna@example.org"),
    ("key", "job-4711"),
    ("kind", "create"),
    ("label", "Account"),
    ("legal_name", "Tartu Labs OÜ"),
    ("name", "Ice models"),
    ("number", "NH-2026-0001"),
    ("offering_name", "CPU time"),
    ("organization_name", "Tartu Labs"),
    ("plan_name", "Standard"),
    ("plugin", "manual"),
    ("project_name", "Ice"),
    ("provider_name", "Nordic HPC"),
    ("reason", "Asked by phone."),
    ("registration_number", "12345678"),
    ("requested_by", "Anna Rebane"),
    ("resource_name", "Ice models"),
    ("slug", "ice-models"),
    ("time_zone", "Europe/Tallinn"),
    ("tint", "sea"),
    ("icon", "cpu"),
    ("unit", "hour"),
    ("username", "anna"),
    ("vat_number", "EE101234563"),
];

/// A value of a plain kind that keeps to what its shape asks.
pub(super) fn sample(kind: &str, schema: &Json, called: &str) -> Json {
    match kind {
        "integer" => schema
            .get("default")
            .or_else(|| schema.get("minimum").filter(|least| **least != json!(0)))
            .cloned()
            .unwrap_or_else(|| json!(1)),
        "number" => json!(1.5),
        "boolean" => json!(true),
        _ => json!(text(schema.get("format").and_then(Json::as_str), called)),
    }
}

fn text(format: Option<&str>, called: &str) -> &'static str {
    match format {
        Some("uuid") => "0190aaaa-0000-7000-8000-000000000001",
        Some("date") if is_end(called) => "2027-11-30",
        Some("date") => "2026-11-30",
        Some("date-time") if is_end(called) => "2026-11-30T13:00:00Z",
        Some("date-time") => "2026-11-30T12:00:00Z",
        _ => TEXTS
            .iter()
            .find(|(name, _)| *name == called)
            .map_or("text", |(_, text)| text),
    }
}

/// Whether something ends then: later than it began.
fn is_end(called: &str) -> bool {
    ["end", "end_date", "last_day", "to", "until"].contains(&called)
        || called.ends_with("_end")
        || called.ends_with("_until")
}
