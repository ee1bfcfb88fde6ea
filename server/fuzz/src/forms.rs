//! Posted forms: bytes, fields, typed arguments, and the readers behind them.

use app::{
    error::AppError,
    form::FormFields,
    offering_form::{component_draft, correction_draft, field_of, field_texts, plan_draft},
    ssr::{
        decode_form,
        forms::ALL,
        has_control, limits,
        provider_area::{day_reports, fulfilment},
        structure_forms::{
            changed_project, end_after_days, new_category, new_organization, new_project, parse_scope,
            role_and_scope, role_end,
        },
    },
};
use chrono::DateTime;
use chrono_tz::{America::New_York, Europe::Tallinn, Pacific::Apia};
use model::{ChargeType, Component, ComponentTerms, Kind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

/// No refusal is longer: what was sent is not told back at length.
const LONGEST_REFUSAL: usize = 600;

/// The first byte says which form it is, the rest is what was posted.
///
/// # Panics
/// Where fields are not what they are written out as, or a reader refuses in another way than it may.
pub fn forms(bytes: &[u8]) {
    let Some((chosen, body)) = bytes.split_first() else {
        return;
    };
    let Ok(fields) = decode_form(body) else { return };
    let names_and_values = fields
        .0
        .iter()
        .flat_map(|(name, values)| values.iter().chain([name]));
    for text in names_and_values {
        assert!(!has_control(text), "{text:?} came through");
    }
    assert_eq!(
        decode_form(written(&fields).as_bytes()).as_ref(),
        Ok(&fields),
        "read again"
    );
    if let Some((address, check)) = ALL.iter().cycle().nth(usize::from(*chosen)) {
        refused_as_it_may_be(address, check(&fields));
    }
    further_readers(&fields);
    questions_stay(&fields);
}

fn written(fields: &FormFields) -> String {
    let coded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let pairs = fields
        .0
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
    let pairs: Vec<String> = pairs
        .map(|(name, value)| format!("{}={}", coded(name), coded(value)))
        .collect();
    pairs.join("&")
}

fn refused_as_it_may_be<T>(what: &str, outcome: Result<T, AppError>) {
    let Err(AppError(problem)) = outcome else { return };
    assert!(
        matches!(problem.kind, Kind::Invalid | Kind::NotFound),
        "{what}: {problem:?}"
    );
    let said = problem.detail.chars().count();
    assert!(said <= LONGEST_REFUSAL, "{what}: a refusal of {said} characters");
}

/// What stands in a form as texts is read with all faults at once by these; none of them asks a database.
fn further_readers(fields: &FormFields) {
    let now = DateTime::UNIX_EPOCH;
    let component = Component {
        id: model::ComponentId(Uuid::nil()),
        terms: ComponentTerms::simple("cpu", "Processors", "core", ChargeType::Limit),
        description: String::new(),
        article_code: String::new(),
    };
    refused_as_it_may_be("a component", component_draft(fields));
    refused_as_it_may_be("a plan", plan_draft(fields, &[component]));
    let version = model::PlanVersionId(Uuid::nil());
    refused_as_it_may_be("a correction", correction_draft(fields, version, "cpu"));
    refused_as_it_may_be("a project", new_project(fields));
    refused_as_it_may_be("a changed project", changed_project(fields));
    refused_as_it_may_be("a category", new_category(fields));
    refused_as_it_may_be("an organization", new_organization(fields));
    refused_as_it_may_be(
        "a scope",
        parse_scope(fields.text("scope"), fields.text("scope_id")),
    );
    refused_as_it_may_be("a role", role_and_scope(fields));
    refused_as_it_may_be("the end of a token", end_after_days(fields, now));
    refused_as_it_may_be("use of a day", day_reports(fields));
    refused_as_it_may_be("limits", limits(&fields.under("limits")));
    for zone in [New_York, Tallinn, Apia] {
        refused_as_it_may_be("the end of a role", role_end(fields, zone));
    }
    drop(fulfilment(fields));
}

/// A question of an order form that can be stored comes back as it was when its form is shown and sent again.
fn questions_stay(fields: &FormFields) {
    let asked = field_of(fields);
    if let Ok(field) = &asked
        && model::Schema::new(vec![field.clone()]).validate().is_ok()
    {
        let again = field_of(&field_texts(field));
        assert_eq!(
            again.ok().as_ref(),
            Some(field),
            "a question shown and sent again"
        );
    }
    refused_as_it_may_be("a question", asked);
}
