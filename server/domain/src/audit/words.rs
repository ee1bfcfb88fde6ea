//! What an entry says happened, in words.

use chrono::NaiveDate;
use entity::audit_event::Model;
use model::{DocumentKind, EventKind, Scope};
use serde_json::Value as Json;

use super::names::{Names, scoped};
use super::role_told::RoleTold;

/// What its kind says; of a document, which kind; of a role, also which one of what and whose; of a plan or a component, which
/// one; of an end, which day; of a job, which kind; of an action, what it is called.
pub(super) fn of(row: &Model, names: &Names) -> String {
    let label = document(row).unwrap_or_else(|| EventKind::label_of(&row.verb));
    match detail(row, names) {
        Some(detail) => format!("{label}: {detail}"),
        None => label,
    }
}

fn detail(row: &Model, names: &Names) -> Option<String> {
    if let Some(told) = RoleTold::of(row) {
        let joined = match EventKind::parse(&row.verb)? {
            EventKind::RoleGranted => "to",
            EventKind::RoleRevoked => "from",
            _ => "held by",
        };
        return Some(role(&told, joined, names));
    }
    match row.verb.split_once('.') {
        Some(("plan" | "component", _)) => part(row),
        Some((_, "ending_soon")) => last_day(row),
        Some(("job", _)) => job(row),
        Some(("resource", verb)) if verb.starts_with("action_") => action(row),
        _ => None,
    }
}

/// `Credit note issued`.
fn document(row: &Model) -> Option<String> {
    let is_issued = row.verb == EventKind::InvoiceIssued;
    let kind = row.after.get("kind").filter(|_| is_issued)?.as_str()?;
    Some(format!("{} issued", DocumentKind::parse(kind)?.label()))
}

/// `provision order`.
fn job(row: &Model) -> Option<String> {
    Some(row.after.get("kind")?.as_str()?.replace('_', " "))
}

/// `Pause`.
fn action(row: &Model) -> Option<String> {
    Some(row.after.get("title")?.as_str()?.to_owned())
}

/// `31 December 2026 is the last day`.
fn last_day(row: &Model) -> Option<String> {
    let day = row.after.get("last_day")?.as_str()?.parse::<NaiveDate>().ok()?;
    Some(format!("{} is the last day", day.format("%-d %B %Y")))
}

/// `accountant of Nordic HPC to Anna Rebane`, as far as the names are known.
fn role(told: &RoleTold, joined: &str, names: &Names) -> String {
    let mut words = told.role.label().to_lowercase();
    let place = match told.scope {
        Some(Scope::System) => Some("the installation"),
        Some(scope) => scoped(scope).and_then(|(_, id)| names.of(id)),
        None => None,
    };
    for (between, name) in [("of", place), (joined, names.holder(told))] {
        if let Some(name) = name {
            words = format!("{words} {between} {name}");
        }
    }
    words
}

/// The plan or component of an offering that an event keeps the name of.
fn part(row: &Model) -> Option<String> {
    let kept = [&row.after, &row.before].into_iter();
    let mut named = kept
        .flat_map(|kept| [kept.get("name"), kept.get("plan")])
        .flatten();
    named.find_map(Json::as_str).map(str::to_owned)
}
