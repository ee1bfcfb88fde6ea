//! From the fields of an order form to the draft of an order. Whether they are acceptable is decided below; what cannot even be
//! read is told together with that, so that a person sees everything at once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use model::{CreateDraft, Field, FieldFault, FieldKind, Fixed, OfferingDetail, Problem, Schema};
use serde_json::{Map, Value as Json};

use crate::{
    calculator::{read_date, read_expected, read_limits, read_months},
    error::AppError,
    form::FormFields,
};

/// A form that was read: the draft, and what could not be read.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderInput {
    /// What is ordered. Where a field could not be read, it holds something that is refused for certain.
    pub draft: CreateDraft,
    unreadable: Vec<FieldFault>,
}

impl OrderInput {
    /// Reads the fields of the order form of `offering`.
    pub fn read(form: &FormFields, offering: &OfferingDetail) -> Result<Self, AppError> {
        let choose = |field: &str, message: &str| {
            AppError(Problem::invalid(vec![FieldFault::at(field, "required", message)]))
        };
        let project = form
            .text("project")
            .parse()
            .map_err(|_no_id| choose("project", "Choose a project."))?;
        let plan = form
            .text("plan")
            .parse()
            .map_err(|_no_id| choose("plan", "Choose a plan."))?;
        let (mut limits, mut unreadable) = read_limits(&first_values(form, "limits"));
        for fault in &unreadable {
            // No limit can be below zero, so nothing is ordered while one is unreadable.
            let code = fault.path.trim_start_matches("limits.").to_owned();
            limits.insert(code, Fixed::MIN);
        }
        let (mut expected_use, unread) = read_expected(&first_values(form, "expected_use"));
        for fault in &unread {
            // Nothing below zero can be used: refused for certain, as above.
            let code = fault.path.trim_start_matches("expected_use.").to_owned();
            expected_use.insert(code, Fixed::MIN);
        }
        unreadable.extend(unread);
        let mut day = |field: &str| match read_date(field, form.text(field)) {
            Ok(day) => day,
            Err(fault) => {
                unreadable.push(fault);
                Some(NaiveDate::MIN)
            }
        };
        let (start_date, end_date) = (day("start_date"), day("end_date"));
        let term_months = match read_months(form.text("term_months")) {
            Ok(months) => months,
            Err(fault) => {
                unreadable.push(fault);
                // No term is that short.
                Some(0)
            }
        };
        let draft = CreateDraft {
            project_id: project,
            offering_id: offering.summary.id,
            plan_id: plan,
            name: form.text("name").to_owned(),
            limits,
            expected_use,
            attributes: answers(&offering.request_form, &form.under("attributes")),
            accepted_terms: accepted_terms(form),
            end_date,
            term_months,
            start_date,
        };
        Ok(Self { draft, unreadable })
    }

    /// A refusal of the draft in the words of the form: fields by the form's names, and unreadable ones as such.
    pub fn explain(&self, AppError(problem): AppError) -> AppError {
        let unreadable: BTreeSet<&str> = self.unreadable.iter().map(|fault| fault.path.as_str()).collect();
        let names = [
            ("project_id", "project"),
            ("plan_id", "plan"),
            ("accepted_terms", "accept_terms"),
        ];
        let AppError(mut problem) = AppError(problem).renamed(&names);
        problem
            .fields
            .retain(|fault| !unreadable.contains(fault.path.as_str()));
        problem.fields.extend(self.unreadable.iter().cloned());
        AppError(problem)
    }
}

/// The version that the page showed, when the box below it was ticked.
fn accepted_terms(form: &FormFields) -> Option<i32> {
    form.is_on("accept_terms")
        .then(|| form.text("terms_version").parse().ok())
        .flatten()
}

fn first_values(form: &FormFields, prefix: &str) -> BTreeMap<String, String> {
    let fields = form.under(prefix).into_iter();
    fields
        .map(|(name, values)| (name, values.into_iter().next().unwrap_or_default()))
        .collect()
}

/// The answers as the API would take them. Nothing is checked: a text that should be a number stays a text, and is refused
/// with all other faults.
pub fn answers(schema: &Schema, typed: &BTreeMap<String, Vec<String>>) -> Json {
    let known = schema.fields.iter().map(|field| {
        let texts = typed.get(&field.key).map(Vec::as_slice).unwrap_or_default();
        (field.key.clone(), answer(field, texts))
    });
    let unknown = typed.iter().filter(|(key, _)| schema.field(key).is_none());
    let unknown = unknown.map(|(key, texts)| (key.clone(), Json::from(texts.clone())));
    Json::Object(known.chain(unknown).collect::<Map<_, _>>())
}

fn answer(field: &Field, texts: &[String]) -> Json {
    let one = || texts.first().map(String::as_str).unwrap_or_default();
    match &field.kind {
        FieldKind::Boolean => Json::from(matches!(
            texts.last().map(|text| text.trim()),
            Some("true" | "on" | "1")
        )),
        FieldKind::MultipleChoice { .. } => Json::from(texts.to_vec()),
        FieldKind::List { .. } => Json::from(texts.iter().flat_map(|text| text.lines()).collect::<Vec<_>>()),
        // An empty text is "not filled in", which is not the same as "take the default".
        _ if one().trim().is_empty() => Json::Null,
        FieldKind::Integer { .. } => one()
            .trim()
            .parse::<i64>()
            .map_or_else(|_| Json::from(one()), Json::from),
        _ => Json::from(one()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> BTreeMap<String, Vec<String>> {
        let mut fields = BTreeMap::<String, Vec<String>>::new();
        for (name, value) in pairs {
            fields
                .entry((*name).to_owned())
                .or_default()
                .push((*value).to_owned());
        }
        fields
    }

    fn schema() -> Schema {
        Schema::new(vec![
            Field::new("nodes", "Nodes", FieldKind::integer(1, 8))
                .required()
                .default_value(2),
            Field::new("gpu", "GPU", FieldKind::Boolean),
            Field::new("hosts", "Hosts", FieldKind::list()),
            Field::new("shell", "Shell", FieldKind::choice(&[("bash", "Bash")])),
        ])
    }

    /// The form and the API tell the same about the same input.
    fn assert_told_alike(pairs: &[(&str, &str)]) {
        let form = typed(pairs);
        assert_eq!(
            schema().parse_json(&answers(&schema(), &form)),
            schema().parse_form(&form),
            "{pairs:?}"
        );
    }

    #[test]
    fn answers_mean_the_same_as_the_form() {
        assert_told_alike(&[
            ("nodes", "4"),
            ("gpu", "true"),
            ("hosts", "a\nb\n"),
            ("shell", "bash"),
        ]);
        assert_told_alike(&[("nodes", ""), ("shell", "")]);
        assert_told_alike(&[("nodes", "9"), ("shell", "fish"), ("stranger", "x")]);
    }

    #[test]
    fn what_is_no_number_is_told_in_the_same_words() {
        let form = typed(&[("nodes", "many")]);
        let message =
            |faults: Vec<FieldFault>| faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>();
        let by_form = message(schema().parse_form(&form).unwrap_err());
        assert_eq!(
            message(schema().parse_json(&answers(&schema(), &form)).unwrap_err()),
            by_form
        );
    }
}
