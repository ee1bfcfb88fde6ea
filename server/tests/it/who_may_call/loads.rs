//! Server functions that read. Pages call them while they are drawn, but each has an address of its own, at which anybody can
//! call it without the page. What is posted there is read as a form and handed to forms only, so those with arguments find none.

use std::collections::BTreeSet;

use leptos::server_fn::axum::server_fn_paths;
use testkit::{Engine, run};

use super::{Things, answers, browsers, callers, table, things};
use crate::portal::Portal;

/// A function and its arguments.
type Case<'a> = (&'static str, Vec<(&'static str, &'a str)>);

#[test]
fn every_function_that_loads_answers_each_role_as_the_table_says() {
    run(Engine::Sqlite, async |portal: Portal| {
        let things = things(&portal).await;
        let callers = callers(&portal.world, &things).await;
        let browsers = browsers(&portal, &callers).await;
        let ids = Ids::of(&things);
        let cases = cases(&things, &ids);
        all_are_there(&cases);
        let rows = cases.iter().map(|case| (case.0.to_owned(), case));
        let lines = answers(&browsers, rows, async |browser, (name, arguments)| {
            let answer = browser.call(&format!("/fn/{name}"), arguments).await;
            assert_ne!(
                answer.status,
                302,
                "{name} leads to {}",
                answer.header("location")
            );
            answer.status
        })
        .await;
        let names: Vec<String> = callers.into_iter().map(|(name, _)| name).collect();
        insta::assert_snapshot!(table(&names, &lines));
    });
}

/// Those that take forms are in a table of their own.
fn all_are_there(cases: &[Case<'_>]) {
    let known: BTreeSet<String> = server_fn_paths()
        .filter_map(|(path, _)| path.strip_prefix("/fn/"))
        .filter(|name| name.starts_with("load_"))
        .map(str::to_owned)
        .collect();
    let tried: BTreeSet<String> = cases.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(tried.len(), cases.len(), "a function has two rows");
    let missing: Vec<_> = known.symmetric_difference(&tried).collect();
    assert!(
        missing.is_empty(),
        "the table and the functions differ in {missing:#?}"
    );
}

/// Ids of things as texts.
struct Ids {
    buyer: String,
    provider: String,
    project: String,
    offering: String,
    plan: String,
}

impl Ids {
    fn of(things: &Things) -> Self {
        Self {
            buyer: things.buyer.id.to_string(),
            provider: things.provider.id.to_string(),
            project: things.project.id.to_string(),
            offering: things.offering.id.to_string(),
            plan: things.offering.plan.to_string(),
        }
    }
}

fn cases<'a>(things: &'a Things, ids: &'a Ids) -> Vec<Case<'a>> {
    let mut all = of_everybody(things);
    all.extend(of_buyers(things, ids));
    all.extend(of_providers(things, ids));
    all.extend(of_staff(ids));
    all
}

fn of_everybody(things: &Things) -> Vec<Case<'_>> {
    let slug = || ("slug", things.offering.slug.as_str());
    vec![
        ("load_frame", vec![]),
        ("load_refusals", vec![]),
        ("load_reply", vec![("form", "place_order")]),
        ("load_own_reply", vec![("form", "place_order")]),
        ("load_start", vec![]),
        ("load_marketplace", vec![]),
        ("load_offering", vec![slug()]),
        ("load_terms", vec![slug(), ("version", "2")]),
        ("load_order_form", vec![slug()]),
        ("load_api_reference", vec![]),
        ("load_profile", vec![]),
        ("load_tokens", vec![]),
        ("load_notices", vec![]),
        ("load_notice_settings", vec![]),
        ("load_markdown", vec![("text", "*x*")]),
    ]
}

fn of_buyers<'a>(things: &'a Things, ids: &'a Ids) -> Vec<Case<'a>> {
    let (resource, buyer, project) = (
        || ("id", things.resource.as_str()),
        || ("id", ids.buyer.as_str()),
        || ("id", ids.project.as_str()),
    );
    vec![
        ("load_organization", vec![buyer()]),
        ("load_settings", vec![buyer()]),
        ("load_organization_team", vec![buyer()]),
        ("load_project", vec![project()]),
        ("load_project_form", vec![project()]),
        ("load_project_team", vec![project()]),
        ("load_audit", vec![("kind", "organization"), buyer()]),
        ("load_webhooks", vec![("kind", "organization"), buyer()]),
        (
            "load_webhook",
            vec![
                ("kind", "organization"),
                buyer(),
                ("webhook", things.webhook("organizations")),
            ],
        ),
        ("load_approval_rules", vec![("kind", "organization"), buyer()]),
        (
            "load_approval_rule",
            vec![
                ("kind", "organization"),
                buyer(),
                ("rule", things.rule("organizations")),
            ],
        ),
        ("load_deputies", vec![]),
        ("load_orders", vec![]),
        ("load_order", vec![("id", &things.waiting)]),
        ("load_approvals", vec![]),
        ("load_resources", vec![]),
        ("load_resource", vec![resource()]),
        ("load_resource_form", vec![resource(), ("form", "change_limits")]),
        ("load_limits_form", vec![resource()]),
        ("load_plan_form", vec![resource()]),
        ("load_extend_form", vec![resource()]),
        ("load_action_form", vec![resource(), ("key", "restart")]),
        ("load_action_history", vec![resource()]),
        ("load_invoices", vec![]),
        ("load_invoice", vec![("id", &things.invoice)]),
        ("load_accounts", vec![]),
    ]
}

fn of_providers<'a>(things: &'a Things, ids: &'a Ids) -> Vec<Case<'a>> {
    let (provider, id) = (
        || ("provider", ids.provider.as_str()),
        || ("id", ids.offering.as_str()),
    );
    let offering = || ("offering", ids.offering.as_str());
    vec![
        ("load_provider_offerings", vec![provider()]),
        ("load_provider_orders", vec![provider()]),
        ("load_provider_order", vec![provider(), ("id", &things.waiting)]),
        ("load_provider_actions", vec![provider()]),
        ("load_provider_action", vec![provider(), ("id", &things.task)]),
        ("load_provider_resources", vec![provider()]),
        ("load_provider_invoices", vec![provider()]),
        ("load_usage_form", vec![provider()]),
        ("load_offering_step", vec![id(), ("form", "save_plan")]),
        ("load_offering_team", vec![id()]),
        ("load_terms_versions", vec![offering()]),
        ("load_plan_history", vec![offering(), ("plan", &ids.plan)]),
        ("load_description_choices", vec![id()]),
        ("load_backends", vec![id()]),
    ]
}

fn of_staff(ids: &Ids) -> Vec<Case<'_>> {
    vec![
        ("load_jobs", vec![]),
        ("load_admin_invoices", vec![]),
        ("load_organizations", vec![]),
        ("load_new_organization", vec![]),
        ("load_people", vec![]),
        ("load_categories", vec![]),
        ("load_assigned_backends", vec![("id", &ids.provider)]),
    ]
}
