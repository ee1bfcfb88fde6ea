//! What people and backends write, in every column that a page may show.

use model::{Field, FieldChoice, FieldKind, Schema};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value as Json, json};

use crate::portal::Portal;

/// Columns that hold one text, by table.
const TEXTS: [(&str, &[&str]); 16] = [
    ("users", &["name"]),
    ("organizations", &["name", "provider_description", "bank_account"]),
    (
        "organization_versions",
        &[
            "name",
            "legal_name",
            "registration_number",
            "vat_number",
            "address",
        ],
    ),
    ("projects", &["name", "description"]),
    ("categories", &["name", "description"]),
    (
        "offerings",
        &[
            "name",
            "summary",
            "description",
            "terms_of_service",
            "state_reason",
        ],
    ),
    ("offering_terms", &["text"]),
    ("components", &["name", "description", "article_code", "unit"]),
    ("plans", &["name", "description"]),
    ("resources", &["name", "backend_id", "error", "usage_error"]),
    ("orders", &["resource_name"]),
    ("order_decisions", &["comment"]),
    (
        "invoice_items",
        &[
            "resource_name",
            "project_name",
            "description",
            "article_code",
            "unit",
        ],
    ),
    ("audit_events", &["actor_name", "reason"]),
    ("api_tokens", &["name"]),
    ("role_grants", &["reason"]),
];

/// The same, each text after a word of its own.
const MARKED_TEXTS: [(&str, &str, &str); 3] = [
    ("orders", "error", "OrderError"),
    ("jobs", "last_error", "JobError"),
    ("usage_events", "username", "UsedBy"),
];

/// Texts inside of what is kept as JSON, where they are there.
const WITHIN: [(&str, &str, &[&str]); 5] = [
    ("invoices", "seller", &["name", "address"]),
    ("invoices", "buyer", &["name", "address"]),
    (
        "orders",
        "quote",
        &[
            "one_time.lines[0].name",
            "first_invoice.lines[0].name",
            "full_month.lines[0].name",
            "usage[0].name",
            "usage[0].text",
            "notes[0]",
        ],
    ),
    ("audit_events", "before", &["name", "reason"]),
    ("audit_events", "after", &["name", "reason"]),
];

/// Words before texts that some page must show, so that nothing here is tried in vain.
pub(super) const MARKS: [&str; 16] = [
    "OrderError",
    "JobError",
    "UsedBy",
    "AskedLabel",
    "AskedHelp",
    "AskedHeading",
    "AskedDefault",
    "AskedChoice",
    "Answered",
    "CategoryLabel",
    "CategoryChoice",
    "OfferingValue",
    "AccessLabel",
    "AccessValue",
    "Progressing",
    "AssignedTo",
];

/// The text after the word that shows where it came from.
pub(super) fn marked(mark: &str, text: &str) -> String {
    format!("{mark} {text}")
}

/// The request form of every offering: fields of each kind that starts with a text or shows one.
fn asked(text: &str) -> Schema {
    let default = marked("AskedDefault", text);
    let choices = vec![FieldChoice::new("one", marked("AskedChoice", text))];
    let several = FieldKind::MultipleChoice {
        choices: choices.clone(),
        min_choices: None,
        max_choices: None,
    };
    let list = FieldKind::List {
        min_items: None,
        max_items: None,
        max_length: None,
    };
    let whole = FieldKind::Integer {
        min: None,
        max: None,
        step: None,
        unit: Some(text.to_owned()),
    };
    let field = |key: &str, kind| Field::new(key, marked("AskedLabel", text), kind);
    let fields = [
        field("line", FieldKind::string()).default_value(default.clone()),
        field("lines", FieldKind::text()).default_value(default.clone()),
        field("list", list).default_value(json!([default])),
        field("choice", FieldKind::Choice { choices }).default_value("one"),
        field("several", several).default_value(json!(["one"])),
        field("whole", whole),
        field("yes", FieldKind::Boolean),
        field("address", FieldKind::Url),
        field("secret", FieldKind::Secret),
    ];
    let said = |one: Field| {
        one.help(marked("AskedHelp", text))
            .section(marked("AskedHeading", text))
    };
    Schema::new(fields.into_iter().map(said).collect())
}

/// What was answered, also to questions that are not asked any more.
fn answered(text: &str) -> Json {
    let text = marked("Answered", text);
    json!({ "line": text, "lines": text, "list": [text], "choice": "one", "several": ["one"], "whole": 3, "yes": true,
        "address": text, "asked_before": text })
}

fn described(text: &str) -> Schema {
    let label = || marked("CategoryLabel", text);
    let choices = vec![FieldChoice::new("one", marked("CategoryChoice", text))];
    Schema::new(vec![
        Field::new("choice", label(), FieldKind::Choice { choices }),
        Field::new("line", label(), FieldKind::string()),
    ])
}

/// Columns that are JSON as a whole.
fn values(text: &str) -> Vec<(&'static str, &'static str, Json)> {
    let of = |schema: Schema| serde_json::to_value(schema).unwrap();
    let progress = json!({ "done": 1, "total": 3, "message": marked("Progressing", text) });
    let access = json!([{ "label": marked("AccessLabel", text), "value": marked("AccessValue", text) }]);
    let offered = json!({ "choice": "one", "line": marked("OfferingValue", text) });
    vec![
        ("categories", "attributes", of(described(text))),
        ("offerings", "attributes", offered),
        ("offerings", "request_form", of(asked(text))),
        ("orders", "request_form", of(asked(text))),
        ("orders", "attributes", answered(text)),
        ("orders", "progress", progress.clone()),
        ("resources", "attributes", answered(text)),
        ("resources", "access", access),
        ("resources", "progress", progress),
        (
            "assigned_backends",
            "settings",
            json!({ "endpoint": marked("AssignedTo", text) }),
        ),
    ]
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn statements(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (table, columns) in TEXTS {
        let set: Vec<String> = columns
            .iter()
            .map(|column| format!("{column} = {}", quoted(text)))
            .collect();
        all.push(format!("UPDATE {table} SET {}", set.join(", ")));
    }
    for (table, column, mark) in MARKED_TEXTS {
        all.push(format!(
            "UPDATE {table} SET {column} = {}",
            quoted(&marked(mark, text))
        ));
    }
    for (table, column, value) in values(text) {
        all.push(format!(
            "UPDATE {table} SET {column} = {}",
            quoted(&value.to_string())
        ));
    }
    for (table, column, paths) in WITHIN {
        let set: Vec<String> = paths
            .iter()
            .map(|path| format!("'$.{path}', {}", quoted(text)))
            .collect();
        all.push(format!(
            "UPDATE {table} SET \"{column}\" = json_replace(\"{column}\", {})",
            set.join(", ")
        ));
    }
    let (settings, reason) = (json!({ "endpoint": text }).to_string(), quoted(text));
    all.extend([
        format!("UPDATE plan_prices SET reason = {reason} WHERE corrects IS NOT NULL"),
        // What is sold keeps settings that its provider may use.
        format!(
            "UPDATE offerings SET settings = {} WHERE state = 'draft'",
            quoted(&settings)
        ),
        "INSERT OR IGNORE INTO offering_facets (offering_id, key, value) SELECT id, 'choice', 'one' FROM offerings"
            .to_owned(),
        "UPDATE offerings SET revision = revision + 1".to_owned(),
    ]);
    all
}

/// Writes the text into every column that people or backends fill, past all checks: what was stored before there was a check is
/// shown as well.
pub(super) async fn write_everywhere(portal: &Portal, text: &str) {
    let db = portal.world.db();
    // Issued documents never change, which the database itself watches; here it matters only how they are shown.
    let watching = db.query_all_raw(Statement::from_string(
        DbBackend::Sqlite,
        "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    ));
    for row in watching.await.unwrap() {
        let name: String = row.try_get("", "name").unwrap();
        db.execute_unprepared(&format!("DROP TRIGGER {name}"))
            .await
            .unwrap();
    }
    for statement in statements(text) {
        if let Err(fault) = db.execute_unprepared(&statement).await {
            panic!("{fault}: {statement}");
        }
    }
}
