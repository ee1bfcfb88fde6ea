//! The codes of each operation, beside those of its form. What does not stand here has none.

pub(super) const EXPECTED: &[(&str, &[&str])] = &[
    ("add_component", &["offering_archived", "would_break"]),
    ("add_plan", &["offering_archived", "would_break"]),
    (
        "ask_for_action",
        &["action_not_possible", "action_unknown", "resource_not_found"],
    ),
    (
        "approve_order",
        &[
            "above_approval_limit",
            "not_orderable",
            "order_not_found",
            "order_state",
        ],
    ),
    ("archive_offering", &["offering_archived"]),
    ("archive_plan", &["offering_archived", "would_break"]),
    (
        "cancel_order",
        &["not_orderable", "order_not_found", "order_state"],
    ),
    (
        "change_resource_limits",
        &[
            "no_price",
            "not_orderable",
            "open_order",
            "order_too_large",
            "resource_not_found",
            "resource_state",
        ],
    ),
    ("close_month", &["month_not_over"]),
    (
        "correct_plan_price",
        &[
            "amount_too_large",
            "month_closed",
            "no_end_date",
            "too_many_closed",
            "unpriceable",
        ],
    ),
    ("create_webhook", &["too_many_webhooks"]),
    ("deactivate_person", &["last_owner", "last_staff", "own_account"]),
    ("download_invoice", &["pdf_not_ready"]),
    (
        "finish_action",
        &["action_not_found", "action_not_possible", "action_over"],
    ),
    (
        "fulfil_order",
        &["not_orderable", "order_not_found", "order_state", "wrong_outcome"],
    ),
    ("get_action", &["action_not_found"]),
    ("get_order", &["order_not_found"]),
    ("get_secret_answers", &["not_orderable", "order_not_found"]),
    ("get_resource_actions", &["resource_not_found"]),
    ("get_resource", &["resource_not_found"]),
    (
        "get_resource_cost",
        &["amount_too_large", "no_end_date", "unpriceable"],
    ),
    ("get_resource_usage", &["usage_too_large"]),
    ("get_spend", &["amount_too_large"]),
    (
        "grant_organization_role",
        &[
            "already_granted",
            "already_over",
            "more_than_own",
            "role_does_not_fit",
        ],
    ),
    (
        "grant_project_role",
        &[
            "already_granted",
            "already_over",
            "more_than_own",
            "role_does_not_fit",
        ],
    ),
    (
        "grant_role",
        &[
            "already_granted",
            "already_over",
            "more_than_own",
            "role_does_not_fit",
        ],
    ),
    ("list_order_places", &["offering_not_found"]),
    ("pause_offering", &["offering_archived", "wrong_state"]),
    (
        "place_order",
        &[
            "no_price",
            "not_orderable",
            "offering_not_found",
            "order_too_large",
            "project_not_found",
        ],
    ),
    (
        "publish_offering",
        &["not_ready", "offering_archived", "wrong_state"],
    ),
    (
        "quote_order",
        &[
            "no_price",
            "not_orderable",
            "offering_not_found",
            "order_too_large",
            "project_not_found",
        ],
    ),
    (
        "quote_renewal",
        &[
            "no_price",
            "not_orderable",
            "order_too_large",
            "resource_not_found",
        ],
    ),
    (
        "quote_resource_limits",
        &[
            "no_price",
            "not_orderable",
            "order_too_large",
            "resource_not_found",
        ],
    ),
    (
        "quote_resource_plan",
        &[
            "no_price",
            "not_orderable",
            "order_too_large",
            "resource_not_found",
        ],
    ),
    ("redeliver_event", &["event_not_found"]),
    ("redeliver_since", &["event_not_found"]),
    (
        "refuse_fulfilment",
        &["not_orderable", "order_not_found", "order_state"],
    ),
    ("register_person", &["busy"]),
    (
        "reject_order",
        &["above_approval_limit", "order_not_found", "order_state"],
    ),
    (
        "remove_component",
        &["in_use", "offering_archived", "would_break"],
    ),
    (
        "renew_resource",
        &[
            "no_price",
            "not_orderable",
            "open_order",
            "order_too_large",
            "resource_not_found",
            "resource_state",
        ],
    ),
    ("report_usage", &["too_many_lines"]),
    ("restore_plan", &["offering_archived", "would_break"]),
    (
        "resume_offering",
        &["not_ready", "offering_archived", "wrong_state"],
    ),
    ("retry_job", &["job_already_waiting", "job_not_dead"]),
    (
        "retry_order",
        &[
            "not_orderable",
            "open_order",
            "order_not_found",
            "order_state",
            "resource_state",
        ],
    ),
    ("revoke_grant", &["last_owner", "last_staff", "more_than_own"]),
    ("set_duration", &["offering_archived", "would_break"]),
    (
        "set_grant_end",
        &["already_over", "last_owner", "last_staff", "more_than_own"],
    ),
    (
        "list_resource_parts",
        &["action_not_possible", "resource_not_found"],
    ),
    (
        "refuse_action",
        &["action_not_found", "action_not_possible", "action_over"],
    ),
    ("set_offering_actions", &["offering_archived", "would_break"]),
    ("withdraw_action", &["action_not_found", "action_over"]),
    ("set_last_day", &["not_orderable", "resource_not_found"]),
    ("set_plugin", &["in_use", "offering_archived", "would_break"]),
    ("set_request_form", &["offering_archived", "would_break"]),
    (
        "switch_resource_plan",
        &[
            "no_price",
            "not_orderable",
            "open_order",
            "order_too_large",
            "resource_not_found",
            "resource_state",
        ],
    ),
    (
        "terminate_resource",
        &["open_order", "resource_not_found", "resource_state"],
    ),
    (
        "update_component",
        &["in_use", "offering_archived", "would_break"],
    ),
    ("update_offering", &["offering_archived", "would_break"]),
    ("update_plan", &["in_use", "offering_archived", "would_break"]),
    (
        "verify_organization",
        &["nothing_to_verify", "organization_changed"],
    ),
    ("withdraw_plan_version", &["version_begun", "would_break"]),
];
