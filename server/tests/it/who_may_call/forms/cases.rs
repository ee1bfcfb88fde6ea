//! A case for each form: fields that decode, with which whoever is allowed gets past the permission and no further. Those that
//! end what the others need come last.

use super::About;

/// A form with what is typed into it.
pub(super) struct Case {
    pub(super) form: &'static str,
    /// What sets a second case of the same form apart.
    pub(super) remark: &'static str,
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) new: New,
}

/// What has to be another one for each caller, because the form works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum New {
    Nothing,
    Grant,
    Backend,
    /// Of the buyer's organization.
    Webhook,
    /// Of the buyer's organization.
    Rule,
    Email,
    /// The caller's own.
    Token,
}

impl New {
    /// The field in which it stands.
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Grant => "grant",
            Self::Backend => "backend",
            Self::Webhook => "webhook",
            Self::Rule => "rule",
            Self::Email => "email",
            Self::Token => "token",
        }
    }

    /// The field as it could be.
    pub(super) fn example(self) -> Option<(String, String)> {
        let id = "0190aaaa-0000-7000-8000-000000000001";
        (self != Self::Nothing).then(|| (self.field().to_owned(), id.to_owned()))
    }
}

fn case(form: &'static str, fields: &[(&'static str, &dyn ToString)]) -> Case {
    Case {
        form,
        remark: "",
        fields: fields
            .iter()
            .map(|(name, value)| (*name, value.to_string()))
            .collect(),
        new: New::Nothing,
    }
}

impl Case {
    fn with(self, new: New) -> Self {
        Self { new, ..self }
    }

    fn but(self, remark: &'static str) -> Self {
        Self { remark, ..self }
    }
}

pub(super) fn cases(about: &About) -> Vec<Case> {
    let mut all = structure(about);
    all.extend(ordering(about));
    all.extend(resources(about));
    all.extend(offerings(about));
    all.extend(parts_of_offerings(about));
    all.extend(own_actions(about));
    all.extend(selling(about));
    all.extend(operating(about));
    all.extend(webhooks(about));
    all.extend(approvals(about));
    all.extend(profile(about));
    all
}

fn structure(about: &About) -> Vec<Case> {
    let things = &about.things;
    let (organization, project, email) = (&things.buyer.id, &things.project.id, &things.buyer.owner.email);
    vec![
        case(
            "save_organization",
            &[
                ("organization", organization),
                ("revision", &"old"),
                ("name", &"X"),
            ],
        ),
        case("create_project", &[("organization", organization), ("name", &"")]),
        case(
            "save_project",
            &[("project", project), ("revision", &"old"), ("name", &"X")],
        ),
        // A role that would have ended already.
        case(
            "grant_role",
            &[
                ("scope", &"project"),
                ("scope_id", project),
                ("email", email),
                ("role", &"project_reader"),
                ("until", &"2020-01-01"),
            ],
        ),
        case(
            "change_role_end",
            &[
                ("grant", &things.grant),
                ("scope", &"project"),
                ("scope_id", project),
                ("revision", &"old"),
                ("last_day", &"2030-01-01"),
            ],
        ),
        case("revoke_role", &[("scope", &"project"), ("scope_id", project)]).with(New::Grant),
    ]
}

fn ordering(about: &About) -> Vec<Case> {
    let things = &about.things;
    let done = &things.order;
    // The terms are not accepted.
    let order: [(&str, &dyn ToString); 5] = [
        ("offering", &things.offering.slug),
        ("project", &things.project.id),
        ("plan", &things.offering.plan),
        ("name", &"X"),
        ("limits.cpu", &"2"),
    ];
    vec![
        case("recalculate_order", &order),
        case("place_order", &order),
        case("approve_order", &[("order", done), ("comment", &"x")]),
        case("reject_order", &[("order", done), ("comment", &"x")]),
        // Each order is answered by itself, in words; the form as a whole is at fault where one of them was refused.
        case("decide_orders", &[("order", done), ("verdict", &"approve")]),
        case("cancel_order", &[("order", done), ("reason", &"x")]),
        case("retry_order", &[("order", done)]),
    ]
}

fn resources(about: &About) -> Vec<Case> {
    let things = &about.things;
    let (resource, ended) = (&things.resource, &things.ended);
    let limits: [(&str, &dyn ToString); 2] = [("resource", resource), ("limits.cpu", &"-1")];
    // It has that plan already.
    let plan: [(&str, &dyn ToString); 2] = [("resource", resource), ("plan", &things.offering.plan)];
    let term: [(&str, &dyn ToString); 2] = [("resource", resource), ("term_months", &"3")];
    vec![
        case("recalculate_limits", &limits),
        case("change_limits", &limits),
        case("recalculate_plan", &plan),
        case("switch_plan", &plan),
        case("recalculate_renewal", &term),
        case("renew_resource", &term),
        case(
            "change_end",
            &[
                ("resource", resource),
                ("revision", &"old"),
                ("last_day", &"2030-01-01"),
            ],
        ),
        case(
            "ask_for_action",
            &[("resource", resource), ("action", &"restart"), ("input.x", &"1")],
        ),
        case(
            "withdraw_action",
            &[("resource", resource), ("asked", &things.asked)],
        ),
        case("list_parts", &[("resource", resource)]),
        case("terminate_resource", &[("resource", ended), ("reason", &"x")]),
    ]
}

fn offerings(about: &About) -> Vec<Case> {
    let things = &about.things;
    let (open, draft, gone) = (&things.offering.id, &things.draft.id, &things.archived.id);
    vec![
        case(
            "create_offering",
            &[("provider", &things.provider.id), ("name", &"")],
        ),
        case(
            "save_description",
            &[
                ("offering", open),
                ("revision", &"0"),
                ("name", &"X"),
                ("category", &"compute"),
            ],
        ),
        case(
            "save_terms",
            &[("offering", open), ("revision", &"0"), ("terms_of_service", &"X")],
        ),
        case(
            "save_duration",
            &[("offering", open), ("revision", &"0"), ("grace_days", &"3")],
        ),
        case(
            "choose_plugin",
            &[("offering", open), ("revision", &"0"), ("plugin", &"manual")],
        ),
        case(
            "save_plugin",
            &[("offering", open), ("revision", &"0"), ("plugin", &"fake")],
        ),
        case("request_connection_test", &[("offering", open)]),
        case("publish_offering", &[("offering", open)]),
        case("pause_offering", &[("offering", draft), ("reason", &"x")]),
        case("resume_offering", &[("offering", open)]),
        case("archive_offering", &[("offering", gone)]),
    ]
}

fn parts_of_offerings(about: &About) -> Vec<Case> {
    let (offering, plan) = (&about.things.offering.id, &about.things.offering.plan);
    let (component, version) = (&about.parts.component, &about.parts.version);
    let whole: [(&str, &dyn ToString); 2] = [("offering", offering), ("revision", &"0")];
    let of =
        |form: &'static str, fields: &[(&'static str, &dyn ToString)]| case(form, &[&whole, fields].concat());
    vec![
        of(
            "save_component",
            &[
                ("id", component),
                ("code", &"cpu"),
                ("name", &"CPU"),
                ("unit", &"CPU"),
                ("charge", &"limit"),
            ],
        ),
        of("remove_component", &[("id", component)]),
        of("save_plan", &[("id", plan), ("name", &"X"), ("currency", &"EUR")]),
        of("archive_plan", &[("id", plan)]),
        of("restore_plan", &[("id", plan)]),
        of("withdraw_plan_version", &[("plan", plan), ("version", version)]),
        of(
            "correct_plan_price",
            &[
                ("plan", plan),
                ("version", version),
                ("component", &"cpu"),
                ("scheme.cpu", &"per_unit"),
                ("price.cpu", &"1"),
                ("from", &"2020-01-01"),
                ("reason", &"x"),
            ],
        ),
        of(
            "add_field",
            &[("label", &"Extra"), ("key", &"extra"), ("type", &"string")],
        ),
        of("move_field", &[("field", &"size"), ("direction", &"up")]),
        of("remove_field", &[("field", &"size")]),
    ]
}

fn own_actions(about: &About) -> Vec<Case> {
    let whole: [(&str, &dyn ToString); 3] = [
        ("offering", &about.things.by_hand.id),
        ("revision", &"0"),
        ("action", &"restart"),
    ];
    let of =
        |form: &'static str, fields: &[(&'static str, &dyn ToString)]| case(form, &[&whole, fields].concat());
    let asked = " (action)";
    vec![
        of("save_action", &[("title", &"X"), ("description", &"X.")]),
        of("move_action", &[("direction", &"up")]),
        of("remove_action", &[]),
        of(
            "add_field",
            &[("label", &"Extra"), ("key", &"extra"), ("type", &"string")],
        )
        .but(asked),
        of("move_field", &[("field", &"size"), ("direction", &"up")]).but(asked),
        of("remove_field", &[("field", &"size")]).but(asked),
    ]
}

fn selling(about: &About) -> Vec<Case> {
    let things = &about.things;
    let provider: (&str, &dyn ToString) = ("provider", &things.provider.id);
    vec![
        case("show_secret_answers", &[provider, ("order", &things.waiting)]),
        case(
            "fulfil_order",
            &[provider, ("order", &things.waiting), ("backend_id", &"x")],
        ),
        case(
            "cannot_fulfil",
            &[provider, ("order", &things.order), ("reason", &"x")],
        ),
        case("finish_action", &[provider, ("asked", &things.task)]),
        case(
            "refuse_action",
            &[provider, ("asked", &things.task), ("reason", &"x")],
        ),
        case(
            "report_usage",
            &[
                provider,
                ("resource", &things.resource),
                ("day", &"2026-02-15"),
                ("quantity.cpu", &"-1"),
            ],
        ),
    ]
}

fn operating(about: &About) -> Vec<Case> {
    let things = &about.things;
    let (buyer, provider) = (&things.buyer, &things.provider.id);
    vec![
        case("try_again", &[("job", &things.job)]),
        // It is not over yet.
        case("close_month", &[("month", &"2026-03")]),
        case(
            "create_organization",
            &[("owner", &buyer.owner.email), ("name", &"")],
        ),
        case("verify_organization", &[("organization", &buyer.id)]),
        case(
            "register_person",
            &[
                ("email", &""),
                ("name", &""),
                ("username", &""),
                ("password", &""),
            ],
        ),
        case(
            "deactivate_person",
            &[("person", &about.lone_owner), ("reason", &"x")],
        ),
        // Who is active stays so.
        case(
            "reactivate_person",
            &[("person", &about.lone_owner), ("reason", &"x")],
        ),
        case("create_category", &[("name", &""), ("tint", &"sea")]),
        // That is assigned already.
        case(
            "assign_backend",
            &[
                ("provider", provider),
                ("plugin", &"fake"),
                ("settings.endpoint", &"https://one.example"),
            ],
        ),
        case("withdraw_backend", &[("provider", provider), ("plugin", &"fake")]).with(New::Backend),
    ]
}

fn profile(about: &About) -> Vec<Case> {
    let other = "another good pass phrase";
    let unknown = "0190aaaa-0000-7000-8000-000000000001";
    vec![
        case("save_profile", &[("name", &""), ("time_zone", &"UTC")]),
        case("create_token", &[("name", &""), ("days", &"1")]),
        case("open_notice", &[("notice", &unknown)]),
        case("read_notice", &[("notice", &unknown)]),
        case("read_notices", &[("until", &unknown)]),
        case("save_notice_settings", &[("shown", &"roles"), ("told", &"roles")]),
        case("revoke_token", &[("token", &about.token)]),
        case("revoke_token", &[]).with(New::Token).but(" (own)"),
        case("revoke_all_tokens", &[]),
        case(
            "confirm_password",
            &[("password", &"wrong"), ("next", &"/profile/tokens")],
        ),
        case(
            "change_password",
            &[("current", &"wrong"), ("password", &other), ("again", &other)],
        ),
        case("sign_in", &[("password", &"wrong")]).with(New::Email),
        case("sign_out", &[]),
    ]
}

fn webhooks(about: &About) -> Vec<Case> {
    let (organization, webhook) = (&about.things.buyer.id, &about.things.webhook("organizations"));
    let unknown = "0190aaaa-0000-7000-8000-000000000001";
    let of = |form: &'static str, more: &[(&'static str, &dyn ToString)]| {
        let place: [(&'static str, &dyn ToString); 3] = [
            ("scope", &"organization"),
            ("scope_id", organization),
            ("webhook", webhook),
        ];
        case(form, &[&place, more].concat())
    };
    vec![
        case(
            "create_webhook",
            &[
                ("scope", &"organization"),
                ("scope_id", organization),
                ("url", &""),
            ],
        ),
        of("change_webhook", &[("revision", &"1"), ("url", &"")]),
        of("rotate_webhook_secret", &[("overlap_hours", &"169")]),
        of("redeliver_event", &[("event", &unknown)]),
        of("pause_webhook", &[]),
        of("resume_webhook", &[]),
        of("show_webhook_secret", &[]),
        case(
            "remove_webhook",
            &[("scope", &"organization"), ("scope_id", organization)],
        )
        .with(New::Webhook),
    ]
}

fn approvals(about: &About) -> Vec<Case> {
    let (organization, rule) = (&about.things.buyer.id, &about.things.rule("organizations"));
    let of = |form: &'static str, more: &[(&'static str, &dyn ToString)]| {
        let place: [(&'static str, &dyn ToString); 3] = [
            ("scope", &"organization"),
            ("scope_id", organization),
            ("rule", rule),
        ];
        case(form, &[&place, more].concat())
    };
    vec![
        case(
            "create_approval_rule",
            &[
                ("scope", &"organization"),
                ("scope_id", organization),
                ("name", &""),
                ("action", &"skip"),
            ],
        ),
        of(
            "change_approval_rule",
            &[("revision", &"1"), ("name", &""), ("action", &"skip")],
        ),
        of("move_approval_rule", &[("position", &"1")]),
        case(
            "remove_approval_rule",
            &[("scope", &"organization"), ("scope_id", organization)],
        )
        .with(New::Rule),
        case(
            "name_deputy",
            &[
                ("email", &"nobody@example.org"),
                ("first_day", &"2026-02-12"),
                ("last_day", &"2026-02-13"),
            ],
        ),
        case("take_back_deputy", &[]),
    ]
}
