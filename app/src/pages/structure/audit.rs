use leptos::prelude::*;
use leptos_meta::Title;
use model::{AuditEntry, Page};
use serde_json::Value as Json;

use super::id_in_address;
use crate::{
    components::*,
    page::{Area, page},
    routes,
    server_fns::structure::load_audit,
};

#[component]
pub fn AdminAuditPage() -> impl IntoView {
    page(Area::Staff, async {
        Ok(history(
            load_audit("system".to_owned(), String::new()).await?,
            routes::admin("audit"),
        ))
    })
}

#[component]
pub fn OrganizationAuditPage() -> impl IntoView {
    let id = id_in_address();
    page(Area::Organization(id.clone()), async move {
        let page = load_audit("organization".to_owned(), id.clone()).await?;
        Ok(history(page, routes::organization_part(id, "audit")))
    })
}

#[component]
pub fn ProjectAuditPage() -> impl IntoView {
    let id = id_in_address();
    page(Area::Project(id.clone()), async move {
        let page = load_audit("project".to_owned(), id.clone()).await?;
        Ok(history(page, routes::project_part(id, "audit")))
    })
}

/// The log of a scope, whose page stands at `at`.
pub(crate) fn history(page: Page<AuditEntry>, at: String) -> impl IntoView {
    let next = page
        .next
        .map(|cursor| format!("{at}?cursor={}", crate::address::encode(&cursor)));
    let columns = vec![
        Column::text("When"),
        Column::text("What happened"),
        Column::text("Who"),
        Column::text("To what"),
        Column::text("Details"),
    ];
    let rows = if page.items.is_empty() {
        view! {
            <EmptyState illustration=Illustration::Inbox title="Nothing has happened yet">
                "Every change is written down here: who, when, what, and why."
            </EmptyState>
        }
        .into_any()
    } else {
        let rows = page.items.into_iter().map(row).collect_view();
        view! {
            <DataTable caption="History" columns=columns>
                {rows}
            </DataTable>
        }
        .into_any()
    };
    view! {
        <Title text="History"/>
        <PageHeader title="History" lead="Who did what, newest first. Nothing here can be changed or removed."/>
        <Section flush=true>{rows}</Section>
        <CursorPages next=next/>
    }
}

fn row(one: AuditEntry) -> impl IntoView {
    let reason = (!one.reason.is_empty())
        .then(|| view! { <br/><span class="small muted">{one.reason.clone()}</span> });
    let details = details(&one);
    view! {
        <Row>
            <Cell label="When" nowrap=true>
                <RelativeTime at=one.at/>
            </Cell>
            <Cell main=true>
                {one.text}
                {reason}
            </Cell>
            <Cell label="Who">{one.by}</Cell>
            <Cell label="To what">{subject_named(&one.subject, &one.subject_name)}</Cell>
            <Cell label="Details">{details}</Cell>
        </Row>
    }
}

fn details(one: &AuditEntry) -> impl IntoView + use<> {
    let part = |label: &'static str, json: &Json| {
        let code = serde_json::to_string_pretty(json).unwrap_or_default();
        (!json.is_null()).then(|| view! { <CodeBlock code=code label=label copy=false/> })
    };
    let (before, after) = (part("Before", &one.before), part("After", &one.after));
    let trace = one.trace_id.clone();
    let traced = (!trace.is_empty()).then(|| view! { <CopyId value=trace label="trace id" short=true/> });
    let any = before.is_some() || after.is_some() || traced.is_some();
    any.then(|| view! { <Disclosure summary="Show">{before} {after} {traced}</Disclosure> })
}

/// A link to what a job is about, where that has a page: `order 0190…`.
pub(crate) fn subject_link(subject: &str) -> impl IntoView + use<> {
    subject_named(subject, "")
}

/// A link to what an entry is about, where that has a page that opens for the reader, by its name; by the end of its id where
/// it has none.
fn subject_named(subject: &str, name: &str) -> impl IntoView + use<> {
    let (kind, id) = subject.split_once(' ').unwrap_or((subject, ""));
    let label = kind.replace('_', " ");
    let short: String = id
        .chars()
        .rev()
        .take(8)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let href = match kind {
        "order" => Some(routes::order(id)),
        "resource" => Some(routes::resource(id)),
        "invoice" => Some(routes::invoice(id)),
        "offering" => Some(routes::offering_step(id, "publish")),
        "organization" => Some(routes::organization(id)),
        "project" => Some(routes::project(id)),
        _ => None,
    };
    let name = if name.is_empty() {
        view! { {label} " " <span class="mono small">{short}</span> }.into_any()
    } else if kind == "role_grant" {
        format!("role of {name}").into_any()
    } else {
        format!("{label} {name}").into_any()
    };
    match href.filter(|href| can_open(href)) {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => view! { <span class="muted">{name}</span> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_by_who_holds_it() {
        let id = "0190aaaa-0000-7000-8000-000000000001";
        let named = subject_named(&format!("role_grant {id}"), "Anna Rebane").to_html();
        assert!(named.contains(">role of Anna Rebane<"), "{named}");
    }

    #[test]
    fn what_has_a_page_is_linked() {
        let id = "0190aaaa-0000-7000-8000-000000000001";
        assert!(
            subject_link(&format!("order {id}"))
                .to_html()
                .contains(&format!("href=\"/orders/{id}\""))
        );
        assert!(!subject_link(&format!("job {id}")).to_html().contains("href"));
        let named = subject_named(&format!("resource {id}"), "Ice model").to_html();
        assert!(
            named.contains(">resource Ice model</a>") && !named.contains("00000001<"),
            "{named}"
        );
    }
}
