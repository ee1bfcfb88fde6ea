//! Forms of rules of approval: between what is stored, what is drawn and what was sent.

use domain::Actor;
use model::{
    ApprovalRule, ApprovalRuleDraft, ApprovalTrial, Approvers, Ask, Asked, Currency, DeputyDraft,
    LONGEST_STEP_DAYS, Money, OrderKind, Role, RuleAction, RuleConditions, RuleEffect, Scope, Side,
};

use super::structure_forms::parse_scope;
use crate::{error::AppError, form::FormFields, offering_form::FormReader, reply::FormReply, routes};

/// The names of fields by the paths of what they say.
const FIELDS: [(&str, &str); 12] = [
    ("when.kinds", "kinds"),
    ("when.commits_over", "commits_over"),
    ("when.commits_up_to", "commits_up_to"),
    ("when.categories", "categories"),
    ("when.offerings", "offerings"),
    ("when.placed_by", "placed_by"),
    ("then.action", "action"),
    ("then.count", "count"),
    ("then.due_days", "due_days"),
    ("then.remind_days", "remind_days"),
    ("then.reason", "reason"),
    ("then.is_last", "is_last"),
];

/// The list that a form stands on or leads back to. Only a place leads there.
pub fn list(form: &FormFields) -> String {
    parse_scope(form.text("scope"), form.text("scope_id")).map_or_else(
        |_| "/".to_owned(),
        |_| routes::approval_rules(form.text("scope"), form.text("scope_id")),
    )
}

/// The page of the rule that a form is about.
pub fn page(form: &FormFields) -> String {
    match (list(form), form.text("rule").parse::<model::ApprovalRuleId>()) {
        (list, Ok(id)) if list != "/" => format!("{list}/{id}"),
        (list, _) => list,
    }
}

/// A refusal of a rule, at the fields of its form.
pub fn faults(error: AppError, form: &FormFields) -> AppError {
    let who = if form.text("who") == Asked::People.as_str() {
        "people"
    } else {
        "roles"
    };
    error.renamed(&FIELDS).renamed(&[("then.who", who)])
}

/// What was typed as a rule of `scope`.
pub async fn draft(actor: &Actor, scope: Scope, form: &FormFields) -> Result<ApprovalRuleDraft, AppError> {
    let mut read = FormReader::new(form);
    let when = conditions(&mut read, form);
    let side = read.one_of("side", |text| Side::parse(text).map(Some), None);
    let action = read.one_of("action", |text| RuleAction::parse(text).map(Some), None);
    if action.is_none() && !read.has_faults() {
        read.fault("action", "required", "Choose what the rule does.");
    }
    let ask = ask(&mut read, form);
    let name = read.text("name");
    let reason = read.text("reason");
    let mut ask = read.done(ask)?;
    let then = match action {
        Some(RuleAction::Skip) => RuleEffect::Skip,
        Some(RuleAction::Refuse) => RuleEffect::Refuse { reason },
        Some(RuleAction::Ask) | None => {
            if form.text("who") == Asked::People.as_str() {
                let addresses = super::offering_forms::split_words(form.text("people"));
                let approvals = super::domain()?.approvals();
                let people = approvals.people_by_address(actor, (scope, "people"), &addresses);
                ask.who = Approvers::People(people.await?);
            }
            RuleEffect::Ask(ask)
        }
    };
    Ok(ApprovalRuleDraft {
        name,
        side,
        when,
        then,
        is_active: form.is_on("is_active"),
    })
}

fn conditions(read: &mut FormReader<'_>, form: &FormFields) -> RuleConditions {
    let currency = read.one_of("currency", Currency::parse, Currency::Eur);
    let money = |amount: Option<model::Fixed>| amount.map(|amount| Money::from_fixed(amount, currency));
    let over = read.number("commits_over");
    let up_to = read.number("commits_up_to");
    RuleConditions {
        kinds: chosen(read, form, "kinds", OrderKind::parse),
        commits_over: money(over),
        commits_up_to: money(up_to),
        categories: chosen(read, form, "categories", |text| text.parse().ok()),
        offerings: chosen(read, form, "offerings", |text| text.parse().ok()),
        placed_by: chosen(read, form, "placed_by", Role::parse),
    }
}

/// What is ticked of a list; what is not of it was not sent by this page.
fn chosen<T>(
    read: &mut FormReader<'_>,
    form: &FormFields,
    name: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Vec<T> {
    let found: Option<Vec<T>> = form.all(name).iter().map(|text| parse(text)).collect();
    found.unwrap_or_else(|| {
        read.fault(name, "unknown", "Choose of the list.");
        Vec::new()
    })
}

/// Whom it asks; people by name are looked up later.
fn ask(read: &mut FormReader<'_>, form: &FormFields) -> Ask {
    let who = read.one_of("who", Asked::parse, Asked::Usual);
    Ask {
        who: match who {
            Asked::Roles => Approvers::Roles(chosen(read, form, "roles", Role::parse)),
            Asked::Unlimited => Approvers::Unlimited,
            Asked::Usual | Asked::People => Approvers::Usual,
        },
        count: read.whole("count").unwrap_or(1),
        placer_counts: form.is_on("placer_counts"),
        is_last: form.is_on("is_last"),
        due_days: read.whole("due_days").unwrap_or(LONGEST_STEP_DAYS),
        remind_days: read.whole("remind_days"),
    }
}

/// What is stored as the form shows it.
pub fn stored(rule: &ApprovalRule) -> FormReply {
    let mut fields: Vec<(&str, String)> = vec![
        ("name", rule.name.clone()),
        ("action", rule.then.action().as_str().to_owned()),
    ];
    // Elsewhere the place says it, and the form does not ask.
    if rule.scope == Scope::System {
        fields.push(("side", rule.side.as_str().to_owned()));
    }
    if rule.is_active {
        fields.push(("is_active", "true".to_owned()));
    }
    let when = &rule.when;
    fields.extend(when.kinds.iter().map(|kind| ("kinds", kind.as_str().to_owned())));
    fields.extend(when.categories.iter().map(|id| ("categories", id.to_string())));
    fields.extend(when.offerings.iter().map(|id| ("offerings", id.to_string())));
    fields.extend(
        when.placed_by
            .iter()
            .map(|role| ("placed_by", role.as_str().to_owned())),
    );
    for (name, amount) in [
        ("commits_over", when.commits_over),
        ("commits_up_to", when.commits_up_to),
    ] {
        fields.extend(amount.map(|amount| (name, amount.plain())));
    }
    // One currency for both amounts.
    let currency = when.commits_over.or(when.commits_up_to);
    fields.extend(currency.map(|amount| ("currency", amount.currency.as_str().to_owned())));
    match &rule.then {
        RuleEffect::Ask(ask) => fields.extend(texts_of(ask, rule)),
        // Where it comes to ask, it starts as a new one does.
        RuleEffect::Refuse { reason } => {
            fields.push(("reason", reason.clone()));
            fields.extend(texts_of(&Ask::usual(), rule));
        }
        RuleEffect::Skip => fields.extend(texts_of(&Ask::usual(), rule)),
    }
    FormReply {
        fields: fields
            .into_iter()
            .map(|(name, text)| (name.to_owned(), text))
            .collect(),
        ..FormReply::default()
    }
}

fn texts_of(ask: &Ask, rule: &ApprovalRule) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("who", ask.who.asked().as_str().to_owned()),
        ("count", ask.count.to_string()),
        ("due_days", ask.due_days.to_string()),
    ];
    fields.extend(ask.remind_days.map(|days| ("remind_days", days.to_string())));
    for (name, on) in [("placer_counts", ask.placer_counts), ("is_last", ask.is_last)] {
        if on {
            fields.push((name, "true".to_owned()));
        }
    }
    if let Approvers::Roles(roles) = &ask.who {
        fields.extend(roles.iter().map(|role| ("roles", role.as_str().to_owned())));
    }
    let addresses: Vec<&str> = rule.people.iter().map(|person| person.email.as_str()).collect();
    if !addresses.is_empty() {
        fields.push(("people", addresses.join("\n")));
    }
    fields
}

/// What the form of an order that is tried starts with: the project of the page, and whoever looks at it.
pub fn trial_start(scope: Scope, actor: &Actor) -> FormFields {
    let project = match scope {
        Scope::Project(id) => Some(("project".to_owned(), id.to_string())),
        _ => None,
    };
    let placed_by = ("placed_by".to_owned(), actor.email.clone());
    project.into_iter().chain([placed_by]).collect()
}

/// An order that is tried, as the address of the page says; none where it says nothing. Where a buyer's rules are tried, it says for which
/// project and by whom.
pub fn trial(scope: Scope, query: &FormFields) -> Result<Option<ApprovalTrial>, AppError> {
    if query.text("try").is_empty() {
        return Ok(None);
    }
    let mut read = FormReader::new(query);
    if matches!(scope, Scope::Organization(_) | Scope::Project(_)) {
        for (name, words) in [
            ("project", "Choose a project."),
            ("placed_by", "Say who would place it."),
        ] {
            if query.text(name).is_empty() {
                read.fault(name, "required", words);
            }
        }
    }
    let currency = read.one_of("currency", Currency::parse, Currency::Eur);
    let commitment = read.number("commitment").unwrap_or_default();
    let kind = read.one_of("kind", OrderKind::parse, OrderKind::Create);
    let offering = query.text("offering").parse().ok();
    if offering.is_none() {
        read.fault("offering", "required", "Choose what is ordered.");
    }
    read.done(())?;
    Ok(offering.map(|offering_id| ApprovalTrial {
        project_id: query.text("project").parse().ok(),
        offering_id,
        kind,
        commitment: Money::from_fixed(commitment, currency),
        placed_by: Some(query.text("placed_by").to_owned()).filter(|email| !email.is_empty()),
    }))
}

/// Who decides for somebody who is away.
pub fn deputy(form: &FormFields) -> Result<DeputyDraft, AppError> {
    let mut read = FormReader::new(form);
    let (first, last) = (read.day("first_day"), read.day("last_day"));
    for (name, day) in [("first_day", first), ("last_day", last)] {
        if day.is_none() && form.text(name).is_empty() {
            read.fault(name, "required", "Please fill this in.");
        }
    }
    let email = read.text("email");
    let days = read.done(first.zip(last))?;
    let (first_day, last_day) = days.ok_or_else(AppError::not_found)?;
    Ok(DeputyDraft {
        email,
        first_day,
        last_day,
    })
}
