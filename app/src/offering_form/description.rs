use model::{OfferingDetail, OfferingDraft, OrganizationId, Visibility};
use serde_json::{Value as Json, json};

use crate::{form::FormFields, order_form::answers};

/// The description as the form has it; the terms, which stand on a page of their own, stay.
///
/// Attributes belong to a category: those of another one than the stored one would be strangers, so they are left out and
/// asked for again once the new category is stored.
pub fn description_draft(
    form: &FormFields,
    offering: &OfferingDetail,
    audience: Vec<OrganizationId>,
) -> OfferingDraft {
    let category = form.text("category").to_owned();
    let attributes = if category == offering.summary.category_slug {
        without_blanks(answers(&offering.attribute_schema, &form.under("attributes")))
    } else {
        json!({})
    };
    OfferingDraft {
        name: form.text("name").to_owned(),
        summary: form.text("summary").to_owned(),
        description: form.text("description").to_owned(),
        category,
        attributes,
        visibility: Visibility::parse(form.text("visibility")),
        audience,
        provider_approval: form.is_on("provider_approval"),
        ..unchanged_draft(offering)
    }
}

/// The description as texts, by field name, as its form shows it; `audience` are the short names that see it.
pub fn description_texts(offering: &OfferingDetail, audience: &[String]) -> FormFields {
    let texts = [
        ("name", offering.summary.name.clone()),
        ("summary", offering.summary.summary.clone()),
        ("description", offering.description.clone()),
        ("category", offering.summary.category_slug.clone()),
        ("visibility", offering.visibility.as_str().to_owned()),
        ("audience", audience.join("\n")),
        ("provider_approval", offering.provider_approval.to_string()),
    ];
    texts
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect()
}

/// The description as it is.
pub fn unchanged_draft(offering: &OfferingDetail) -> OfferingDraft {
    OfferingDraft {
        name: offering.summary.name.clone(),
        summary: offering.summary.summary.clone(),
        description: offering.description.clone(),
        terms_of_service: offering.terms_of_service.clone(),
        category: offering.summary.category_slug.clone(),
        attributes: offering.attributes.clone(),
        visibility: Some(offering.visibility),
        audience: offering.audience.clone(),
        provider_approval: offering.provider_approval,
    }
}

/// A draft may leave fields open; what was left empty is not there.
fn without_blanks(attributes: Json) -> Json {
    match attributes {
        Json::Object(fields) => {
            Json::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).collect())
        }
        other => other,
    }
}
