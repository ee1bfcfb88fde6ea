//! What the pages of a provider's area share.

use domain::{
    access::{Actor, Visible},
    ordering::Fulfilment,
    provisioning::ResourceFilter,
    usage::DayReport,
};
use model::{
    AccessDetail, Component, FieldFault, OrderId, OrganizationId, PageRequest, Permission, Problem,
    ResourceId, ResourceState, ResourceSummary, UsageOutcome, UsageReceipt, pricing::counted,
};

use super::{domain, id, plugins};
use crate::{
    error::AppError,
    form::FormFields,
    offering_form::FormReader,
    routes,
    usage_report::{QUANTITY, UsageAnswer, quantity_field},
};

/// The provider, for somebody who works for it or for one of its offerings. To others there is no such area.
pub fn require_provider(actor: &Actor, text: &str) -> Result<OrganizationId, AppError> {
    let provider: OrganizationId = id(text)?;
    let here = match Visible::of(actor, Permission::ViewOffering) {
        Visible::All => true,
        // Which offerings are this provider's is not known here; the lists show only what the person sees as one of its people.
        Visible::Only {
            providers, offerings, ..
        } => providers.contains(&provider) || !offerings.is_empty(),
    };
    if here {
        Ok(provider)
    } else {
        Err(AppError::not_found())
    }
}

/// A page of the area that a form stands on. Only an id leads there.
pub fn provider_page(form: &FormFields, part: &str) -> String {
    let id = form.text("provider").parse::<OrganizationId>();
    id.map_or_else(|_no_id| "/".to_owned(), |id| routes::provider_part(id, part))
}

/// The page of the order that a form is about.
pub fn order_page(form: &FormFields) -> String {
    let ids = (
        form.text("provider").parse::<OrganizationId>(),
        form.text("order").parse::<OrderId>(),
    );
    match ids {
        (Ok(provider), Ok(order)) => routes::provider_order(provider, order),
        _ => "/".to_owned(),
    }
}

/// The form that reports use, with the same resource chosen.
pub fn usage_page(form: &FormFields) -> String {
    let page = provider_page(form, "usage");
    let resource = form.text("resource").parse::<ResourceId>();
    resource.map_or_else(|_no_id| page.clone(), |id| format!("{page}?resource={id}"))
}

/// `Label: value` on each line; a line without a label has this one. Addresses stay whole: only ": " ends a label.
pub fn labelled_lines(text: &str, label: &str) -> Vec<AccessDetail> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let read = |line: &str| {
        let (label, value) = line.split_once(": ").unwrap_or((label, line));
        AccessDetail {
            label: label.trim().to_owned(),
            value: value.trim().to_owned(),
        }
    };
    lines.map(read).collect()
}

/// What the provider did.
pub fn fulfilment(form: &FormFields) -> Fulfilment {
    Fulfilment {
        backend_id: form.text("backend_id").to_owned(),
        access: labelled_lines(form.text("access"), "Access"),
        note: form.text("note").to_owned(),
    }
}

/// Resources that use can be reported for, the newest hundred.
pub async fn live_resources(
    actor: &Actor,
    provider: OrganizationId,
) -> Result<Vec<ResourceSummary>, AppError> {
    let states = ResourceState::ALL
        .iter()
        .copied()
        .filter(|state| *state != ResourceState::Creating);
    let filter = ResourceFilter {
        sold_by: Some(provider),
        reportable: true,
        states: states.collect(),
        ..ResourceFilter::default()
    };
    let page = domain()?
        .provisioning()
        .resources(actor, &filter, PageRequest::first(PageRequest::MOST))
        .await?;
    Ok(page.items)
}

/// The components of what is reported on, as [`metered_components`] gives them; none where it is not theirs to report on.
pub async fn reported_components(actor: &Actor, reports: &[DayReport]) -> Result<Vec<Component>, AppError> {
    let Some(report) = reports.first() else {
        return Ok(Vec::new());
    };
    let resource = domain()?.provisioning().resource(actor, report.resource_id).await;
    match resource {
        Ok(resource) => metered_components(actor, &resource.summary).await,
        // Refused line by line, in the words of the report.
        Err(_not_theirs) => Ok(Vec::new()),
    }
}

/// The components of the resource's offering that the provider is asked to report use of: what is charged by it, and of limits
/// those that the offering's backend does not count.
pub async fn metered_components(
    actor: &Actor,
    resource: &ResourceSummary,
) -> Result<Vec<Component>, AppError> {
    let offering = domain()?
        .catalogue()
        .offering(Some(actor), &resource.offering_id.to_string())
        .await?;
    let known = plugins()?;
    let plugin = known.iter().find(|plugin| plugin.kind == offering.plugin);
    // A plugin that this build does not have counts nothing.
    let asks = |one: &Component| {
        plugin.map_or_else(
            || one.terms.charge.is_measured(),
            |plugin| plugin.asks_for_use(&one.terms),
        )
    };
    Ok(offering.components.into_iter().filter(asks).collect())
}

/// The reports that the form holds: one for each component with a quantity.
pub fn day_reports(form: &FormFields) -> Result<Vec<DayReport>, AppError> {
    let mut read = FormReader::new(form);
    let day = read.day("day");
    if form.text("day").is_empty() {
        read.fault("day", "required", "Fill this in.");
    }
    let quantities: Vec<(String, String)> = form
        .under(QUANTITY)
        .into_keys()
        .map(|code| (form.text(&quantity_field(&code)).to_owned(), code))
        .filter(|(quantity, _)| !quantity.is_empty())
        .map(|(quantity, code)| (code, quantity))
        .collect();
    if let Some(first) = form
        .under(QUANTITY)
        .into_keys()
        .next()
        .filter(|_| quantities.is_empty())
    {
        let message = "Enter how much was used of at least one component.";
        read.fault(&quantity_field(&first), "required", message);
    }
    let day = read.done(day)?.ok_or_else(AppError::not_found)?;
    let resource_id = id(form.text("resource"))?;
    let report = |(component, quantity)| DayReport {
        resource_id,
        component,
        day,
        quantity,
        username: form.text("username").to_owned(),
    };
    Ok(quantities.into_iter().map(report).collect())
}

/// What became of each report, for the page that the form returns to.
pub fn usage_answers(
    reports: &[DayReport],
    receipt: &UsageReceipt,
    components: &[Component],
) -> Vec<UsageAnswer> {
    let answer = |(index, (report, outcome)): (u32, (&DayReport, &UsageOutcome))| {
        let refusal = receipt.refused.iter().find(|refusal| refusal.index == index);
        UsageAnswer {
            component: name_of(components, &report.component),
            day: report.day,
            quantity: typed_quantity(components, report),
            outcome: *outcome,
            message: refusal.map(|refusal| refusal.message.clone()).unwrap_or_default(),
        }
    };
    (0_u32..)
        .zip(reports.iter().zip(&receipt.outcomes))
        .map(answer)
        .collect()
}

/// What the component is called; by its code where the offering has none such.
fn name_of(components: &[Component], code: &str) -> String {
    let known = components.iter().find(|one| one.terms.code == code);
    known.map_or_else(|| code.to_owned(), |one| one.terms.name.clone())
}

/// A quantity as people write it; what is none stays as it was typed.
fn typed_quantity(components: &[Component], report: &DayReport) -> String {
    let known = components.iter().find(|one| one.terms.code == report.component);
    let quantity = report.quantity.trim().parse().ok();
    known.zip(quantity).map_or_else(
        || report.quantity.clone(),
        |(one, quantity)| counted(quantity, &one.terms.unit),
    )
}

/// The refused lines, each as a fault of its field.
pub fn require_accepted(
    reports: &[DayReport],
    receipt: UsageReceipt,
    components: &[Component],
) -> Result<(), AppError> {
    let fault = |refusal: model::UsageRefusal| {
        let report = usize::try_from(refusal.index)
            .ok()
            .and_then(|index| reports.get(index))?;
        let field = match refusal.code.as_str() {
            "window" | "outside_life" | "too_old" => "day".to_owned(),
            "key" | "username" => "username".to_owned(),
            _ => quantity_field(&report.component),
        };
        let name = name_of(components, &report.component);
        let message = format!("{name}: {}", refusal.message);
        Some(FieldFault::at(field, refusal.code, message))
    };
    let faults: Vec<FieldFault> = receipt.refused.into_iter().filter_map(fault).collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(AppError(Problem::invalid(faults)))
    }
}

#[cfg(test)]
mod tests {
    use model::{ChargeType, ComponentTerms};

    use super::*;

    fn component(code: &str, name: &str, unit: &str) -> Component {
        Component {
            id: "0190aaaa-0000-7000-8000-000000000002".parse().unwrap(),
            terms: ComponentTerms::simple(code, name, unit, ChargeType::Usage),
            description: String::new(),
            article_code: String::new(),
        }
    }

    fn form(pairs: &[(&str, &str)]) -> FormFields {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn access_is_told_line_by_line() {
        let done = fulfilment(&form(&[(
            "access",
            "Address: https://a.example:8443\n\nroom 12\nhttps://b.example\n2001:db8::1",
        )]));
        let lines: Vec<_> = done
            .access
            .iter()
            .map(|one| (one.label.as_str(), one.value.as_str()))
            .collect();
        assert_eq!(
            lines,
            [
                ("Address", "https://a.example:8443"),
                ("Access", "room 12"),
                ("Access", "https://b.example"),
                ("Access", "2001:db8::1")
            ]
        );
    }

    #[test]
    fn forms_lead_back_to_pages_only() {
        let id = "0190aaaa-0000-7000-8000-000000000001";
        assert_eq!(
            usage_page(&form(&[("provider", id), ("resource", id)])),
            format!("/provider/{id}/usage?resource={id}")
        );
        assert_eq!(
            provider_page(&form(&[("provider", "//evil.example")]), "new"),
            "/"
        );
    }

    #[test]
    fn all_that_is_missing_in_a_report_is_told() {
        let error =
            day_reports(&form(&[("day", ""), ("quantity.cpu", ""), ("quantity.gpu", " ")])).unwrap_err();
        let paths: Vec<_> = error.0.fields.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["day", "quantity.cpu"]);
    }

    #[test]
    fn each_line_has_its_answer_and_a_refused_one_is_a_fault_of_its_field() {
        let id = "0190aaaa-0000-7000-8000-000000000001";
        let typed = [
            ("day", "2026-11-01"),
            ("resource", id),
            ("quantity.cpu", "3"),
            ("quantity.gpu", "NaN"),
        ];
        let reports = day_reports(&form(&typed)).unwrap();
        let mut receipt = UsageReceipt::default();
        receipt.note(UsageOutcome::Recorded);
        receipt.note(UsageOutcome::Refused);
        receipt.refused.push(model::UsageRefusal {
            index: 1,
            key: String::new(),
            code: "not_a_number".into(),
            message: "No number.".into(),
        });
        let components = [
            component("cpu", "Processors", "core-hour"),
            component("gpu", "Graphics", "GPU-hour"),
        ];
        let told = usage_answers(&reports, &receipt, &components);
        let told: Vec<_> = told
            .iter()
            .map(|one| {
                (
                    one.component.as_str(),
                    one.quantity.as_str(),
                    one.outcome,
                    one.message.as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("Processors", "3 core-hours", UsageOutcome::Recorded, ""),
                ("Graphics", "NaN", UsageOutcome::Refused, "No number.")
            ]
        );
        let faults = require_accepted(&reports, receipt, &components)
            .unwrap_err()
            .0
            .fields;
        assert_eq!(
            (faults[0].path.as_str(), faults[0].message.as_str()),
            ("quantity.gpu", "Graphics: No number.")
        );
    }
}
