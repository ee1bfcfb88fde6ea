//! The table. A row that only draws a form or a page names the operations that read the same.

/// What programs have for a server function.
pub(super) enum Like {
    /// These operations.
    Operations(&'static [&'static str]),
    /// Nothing, for this reason.
    Nothing(&'static str),
}

use Like::{Nothing, Operations};

const ASKED: &str = "only shows a form again with what was typed; programs quote";

/// Server functions, by file.
pub(super) const FUNCTIONS: &[(&str, Like)] = &[
    // actions
    ("load_action_form", Operations(&["get_resource_actions"])),
    ("load_action_history", Operations(&["list_actions"])),
    ("ask_for_action", Operations(&["ask_for_action"])),
    ("withdraw_action", Operations(&["withdraw_action"])),
    ("list_parts", Operations(&["list_resource_parts"])),
    ("load_provider_actions", Operations(&["list_actions"])),
    ("load_provider_action", Operations(&["get_action"])),
    ("finish_action", Operations(&["finish_action"])),
    ("refuse_action", Operations(&["refuse_action"])),
    // admin
    ("load_jobs", Operations(&["list_jobs"])),
    ("try_again", Operations(&["retry_job"])),
    (
        "load_admin_invoices",
        Operations(&["list_invoices", "list_billing_faults"]),
    ),
    ("close_month", Operations(&["close_month"])),
    (
        "load_organizations",
        Operations(&["list_organizations", "list_unverified_organizations"]),
    ),
    ("verify_organization", Operations(&["verify_organization"])),
    (
        "load_new_organization",
        Nothing("it only shows a form again with what was typed"),
    ),
    ("create_organization", Operations(&["create_organization"])),
    (
        "load_people",
        Operations(&["list_people", "list_grants", "get_person"]),
    ),
    ("register_person", Operations(&["register_person"])),
    ("deactivate_person", Operations(&["deactivate_person"])),
    ("reactivate_person", Operations(&["reactivate_person"])),
    (
        "load_assigned_backends",
        Operations(&["list_assigned_backends", "get_assigned_backend"]),
    ),
    ("assign_backend", Operations(&["assign_backend"])),
    ("withdraw_backend", Operations(&["withdraw_backend"])),
    ("load_categories", Operations(&["list_categories"])),
    ("create_category", Operations(&["create_category"])),
    // api
    (
        "load_api_reference",
        Nothing("it shows the description, which programs read at /api/v1/openapi.json"),
    ),
    // approvals
    ("load_approvals", Operations(&["list_orders"])),
    ("decide_orders", Operations(&["approve_order", "reject_order"])),
    // billing
    ("load_invoices", Operations(&["list_invoices"])),
    ("load_accounts", Operations(&["list_accounts"])),
    ("load_invoice", Operations(&["get_invoice", "download_invoice"])),
    // catalogue
    (
        "load_start",
        Operations(&[
            "list_categories",
            "list_offerings",
            "list_orders",
            "list_resources",
            "get_spend",
            "list_endings",
        ]),
    ),
    (
        "load_marketplace",
        Operations(&["list_categories", "get_category", "list_offerings"]),
    ),
    (
        "load_offering",
        Operations(&["get_offering", "list_terms_versions"]),
    ),
    (
        "load_terms",
        Operations(&["get_terms_version", "list_terms_versions"]),
    ),
    // offerings
    (
        "load_offering_step",
        Operations(&["get_offering", "list_readiness", "get_component", "get_plan"]),
    ),
    ("load_terms_versions", Operations(&["list_terms_versions"])),
    ("load_plan_history", Operations(&["list_plan_versions"])),
    ("load_description_choices", Operations(&["list_categories"])),
    (
        "load_backends",
        Operations(&["list_plugins", "get_connection_test", "list_assigned_backends"]),
    ),
    (
        "load_markdown",
        Nothing("draws a preview; programs send Markdown"),
    ),
    ("save_description", Operations(&["update_offering"])),
    ("save_terms", Operations(&["update_offering"])),
    (
        "save_component",
        Operations(&["add_component", "update_component"]),
    ),
    ("remove_component", Operations(&["remove_component"])),
    ("save_plan", Operations(&["add_plan", "update_plan"])),
    ("archive_plan", Operations(&["archive_plan"])),
    ("restore_plan", Operations(&["restore_plan"])),
    ("withdraw_plan_version", Operations(&["withdraw_plan_version"])),
    ("correct_plan_price", Operations(&["correct_plan_price"])),
    ("publish_offering", Operations(&["publish_offering"])),
    ("pause_offering", Operations(&["pause_offering"])),
    ("resume_offering", Operations(&["resume_offering"])),
    ("archive_offering", Operations(&["archive_offering"])),
    (
        "choose_plugin",
        Nothing("shows the settings of another plugin; programs read them in list_plugins"),
    ),
    ("save_plugin", Operations(&["set_plugin"])),
    ("request_connection_test", Operations(&["test_connection"])),
    (
        "add_field",
        Operations(&["set_request_form", "set_offering_actions"]),
    ),
    (
        "move_field",
        Operations(&["set_request_form", "set_offering_actions"]),
    ),
    (
        "remove_field",
        Operations(&["set_request_form", "set_offering_actions"]),
    ),
    ("save_action", Operations(&["set_offering_actions"])),
    ("move_action", Operations(&["set_offering_actions"])),
    ("remove_action", Operations(&["set_offering_actions"])),
    // ordering
    (
        "load_order_form",
        Operations(&["get_offering", "list_order_places"]),
    ),
    ("place_order", Operations(&["quote_order", "place_order"])),
    ("recalculate_order", Nothing(ASKED)),
    ("load_orders", Operations(&["list_orders"])),
    ("load_order", Operations(&["get_order"])),
    ("approve_order", Operations(&["approve_order"])),
    ("reject_order", Operations(&["reject_order"])),
    ("cancel_order", Operations(&["cancel_order"])),
    ("retry_order", Operations(&["retry_order"])),
    // profile
    // But what happened to the ways in, which a token that leaked must not tell.
    ("load_profile", Operations(&["get_me"])),
    (
        "save_profile",
        Nothing("a token that leaked must not change its owner's account"),
    ),
    ("load_tokens", Operations(&["list_tokens"])),
    (
        "create_token",
        Nothing("a token that leaked must not make others; the command line makes them too"),
    ),
    (
        "revoke_token",
        Nothing("a token that leaked must not end others; the command line ends them too"),
    ),
    (
        "revoke_all_tokens",
        Nothing("a token that leaked must not end others; the command line ends them too"),
    ),
    // provider
    (
        "load_provider_offerings",
        Operations(&["list_provider_offerings"]),
    ),
    ("create_offering", Operations(&["create_offering"])),
    ("load_provider_orders", Operations(&["list_orders"])),
    ("load_provider_order", Operations(&["get_order"])),
    ("fulfil_order", Operations(&["fulfil_order"])),
    ("cannot_fulfil", Operations(&["refuse_fulfilment"])),
    ("show_secret_answers", Operations(&["get_secret_answers"])),
    ("load_provider_resources", Operations(&["list_resources"])),
    (
        "load_provider_invoices",
        Operations(&["list_invoices", "list_billing_faults"]),
    ),
    ("load_usage_form", Operations(&["list_resources", "get_offering"])),
    ("report_usage", Operations(&["report_usage"])),
    // resources
    ("load_resources", Operations(&["list_resources"])),
    (
        "load_resource",
        Operations(&[
            "get_resource",
            "get_resource_usage",
            "get_resource_cost",
            "get_resource_actions",
            "list_actions",
        ]),
    ),
    ("load_resource_form", Operations(&["get_resource"])),
    (
        "load_limits_form",
        Operations(&["get_resource", "quote_resource_limits"]),
    ),
    ("recalculate_limits", Nothing(ASKED)),
    ("change_limits", Operations(&["change_resource_limits"])),
    (
        "load_plan_form",
        Operations(&["get_resource", "get_offering", "quote_resource_plan"]),
    ),
    ("recalculate_plan", Nothing(ASKED)),
    ("switch_plan", Operations(&["switch_resource_plan"])),
    ("terminate_resource", Operations(&["terminate_resource"])),
    // durations
    ("change_end", Operations(&["set_last_day"])),
    (
        "load_extend_form",
        Operations(&["get_resource", "quote_renewal", "quote_resource_limits"]),
    ),
    ("recalculate_renewal", Nothing(ASKED)),
    ("renew_resource", Operations(&["renew_resource"])),
    ("save_duration", Operations(&["set_duration"])),
    ("load_project_form", Operations(&["get_project"])),
    ("save_project", Operations(&["update_project"])),
    // session
    ("load_frame", Operations(&["get_me"])),
    (
        "load_refusals",
        Nothing("what a form was refused with; programs read it in the answer"),
    ),
    (
        "load_reply",
        Nothing("what a form was refused with; programs read it in the answer"),
    ),
    (
        "load_own_reply",
        Nothing("what a form was refused with; programs read it in the answer"),
    ),
    ("sign_in", Nothing("programs bring a token instead of a session")),
    ("sign_out", Nothing("programs bring a token instead of a session")),
    (
        "change_password",
        Nothing("a token that leaked must not change its owner's password"),
    ),
    (
        "confirm_password",
        Nothing("programs bring a token, with which ways in are not changed"),
    ),
    // structure
    (
        "load_organization",
        Operations(&["get_organization", "get_spend", "list_projects"]),
    ),
    (
        "load_settings",
        Operations(&["get_organization", "list_organization_versions"]),
    ),
    ("save_organization", Operations(&["update_organization"])),
    ("create_project", Operations(&["create_project"])),
    (
        "load_project",
        Operations(&["get_project", "get_spend", "list_resources", "list_orders"]),
    ),
    (
        "load_organization_team",
        Operations(&["list_organization_members", "list_grants", "get_grant"]),
    ),
    ("load_project_team", Operations(&["list_project_members"])),
    ("load_offering_team", Operations(&["get_offering", "list_grants"])),
    (
        "grant_role",
        Operations(&["grant_organization_role", "grant_project_role", "grant_role"]),
    ),
    ("revoke_role", Operations(&["revoke_grant"])),
    ("change_role_end", Operations(&["set_grant_end"])),
    ("load_audit", Operations(&["list_audit_events"])),
    // notices
    ("load_notices", Operations(&["list_notices"])),
    ("open_notice", Operations(&["mark_notice_read"])),
    ("read_notice", Operations(&["mark_notice_read"])),
    ("read_notices", Operations(&["mark_notices_read"])),
    ("load_notice_settings", Operations(&["get_notice_settings"])),
    ("save_notice_settings", Operations(&["set_notice_settings"])),
    // approvals
    (
        "load_approval_rules",
        Operations(&["list_approval_rules", "forecast_approval"]),
    ),
    ("load_approval_rule", Operations(&["get_approval_rule"])),
    ("create_approval_rule", Operations(&["create_approval_rule"])),
    ("change_approval_rule", Operations(&["update_approval_rule"])),
    ("move_approval_rule", Operations(&["move_approval_rule"])),
    ("remove_approval_rule", Operations(&["remove_approval_rule"])),
    ("load_deputies", Operations(&["get_deputies"])),
    ("name_deputy", Operations(&["name_deputy"])),
    ("take_back_deputy", Operations(&["take_back_deputy"])),
    // webhooks
    ("load_webhooks", Operations(&["list_webhooks"])),
    (
        "load_webhook",
        Operations(&["get_webhook", "list_webhook_deliveries"]),
    ),
    ("create_webhook", Operations(&["create_webhook"])),
    ("change_webhook", Operations(&["update_webhook"])),
    ("pause_webhook", Operations(&["pause_webhook"])),
    ("resume_webhook", Operations(&["resume_webhook"])),
    ("remove_webhook", Operations(&["remove_webhook"])),
    ("show_webhook_secret", Operations(&["get_webhook_secret"])),
    ("rotate_webhook_secret", Operations(&["rotate_webhook_secret"])),
    (
        "redeliver_event",
        Operations(&["redeliver_event", "redeliver_since"]),
    ),
];
