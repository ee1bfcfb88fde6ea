//! What the pages of a provider's desk share.

use domain::{
    access::{Actor, Visible},
    ordering::Fulfilment,
    provisioning::ResourceFilter,
    usage::DayReport,
};
use model::{
    AccessDetail, ChargeType, Component, FieldFault, OrderId, OrganizationId, PageRequest, Permission,
    Problem, ResourceId, ResourceState, ResourceSummary, UsageReceipt,
};

use super::{domain, id};
use crate::{error::AppError, form::FormFields, offering_form::Reader, routes};

/// The provider, for somebody who works for it or for one of its offerings. To others there is no such desk.
pub fn of(actor: &Actor, text: &str) -> Result<OrganizationId, AppError> {
    let provider: OrganizationId = id(text)?;
    let here = match Visible::of(actor, Permission::ViewOffering) {
        Visible::All => true,
        // Which offerings are this provider's is not known here; the lists show only what the person may see.
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

/// A page of the desk that a form stands on. Only an id leads there.
pub fn provider(form: &FormFields, part: &str) -> String {
    let id = form.text("provider").parse::<OrganizationId>();
    id.map_or_else(|_no_id| "/".to_owned(), |id| routes::provider_part(id, part))
}

/// The page of the order that a form is about.
pub fn order(form: &FormFields) -> String {
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
pub fn usage(form: &FormFields) -> String {
    let page = provider(form, "usage");
    let resource = form.text("resource").parse::<ResourceId>();
    resource.map_or_else(|_no_id| page.clone(), |id| format!("{page}?resource={id}"))
}

/// What the provider did: `Label: value` on each line of `access`.
pub fn fulfilment(form: &FormFields) -> Fulfilment {
    let lines = form
        .text("access")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let detail = |line: &str| match line.split_once(':') {
        Some((label, value)) => AccessDetail {
            label: label.trim().into(),
            value: value.trim().into(),
        },
        None => AccessDetail {
            label: "Access".into(),
            value: line.into(),
        },
    };
    Fulfilment {
        backend_id: form.text("backend_id").to_owned(),
        access: lines.map(detail).collect(),
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
        provider: Some(provider),
        states: states.collect(),
        ..ResourceFilter::default()
    };
    let page = domain()?
        .provisioning()
        .resources(actor, &filter, PageRequest::first(PageRequest::MOST))
        .await?;
    Ok(page.items)
}

/// The components of the resource's offering that are charged by use.
pub async fn used_components(actor: &Actor, resource: &ResourceSummary) -> Result<Vec<Component>, AppError> {
    let offering = domain()?
        .catalogue()
        .offering(Some(actor), &resource.offering_id.to_string())
        .await?;
    Ok(offering
        .components
        .into_iter()
        .filter(|one| one.terms.charge == ChargeType::Usage)
        .collect())
}

/// The report that the form holds.
pub fn day_report(form: &FormFields) -> Result<DayReport, AppError> {
    let mut read = Reader::new(form);
    let day = read.day("day");
    let quantity = read.number("quantity");
    for (name, missing) in [
        ("day", form.text("day").is_empty()),
        ("quantity", form.text("quantity").is_empty()),
    ] {
        if missing {
            read.fault(name, "required", "Fill this in.");
        }
    }
    if form.text("component").is_empty() {
        read.fault("component", "required", "Choose what was used.");
    }
    let read = read.done(day.zip(quantity))?;
    let (day, quantity) = read.ok_or_else(AppError::not_found)?;
    Ok(DayReport {
        resource_id: id(form.text("resource"))?,
        component: form.text("component").to_owned(),
        day,
        quantity,
        username: form.text("username").to_owned(),
    })
}

/// What became of the report, in words; a refused line is a fault of the form.
pub fn told(receipt: UsageReceipt) -> Result<&'static str, AppError> {
    match receipt.refused.into_iter().next() {
        Some(refused) => {
            let field = match refused.code.as_str() {
                "window" | "outside_life" => "day",
                "unknown_component" => "component",
                "key" | "username" => "username",
                "unknown_resource" => "resource",
                _ => "quantity",
            };
            Err(AppError(Problem::invalid(vec![FieldFault::at(
                field,
                refused.code,
                refused.message,
            )])))
        }
        None if receipt.corrected > 0 => {
            Ok("Corrected. The invoice of the running month follows in a moment.")
        }
        None if receipt.repeated > 0 => Ok("That was reported before, with the same quantity."),
        None => Ok("Recorded. It stands on the invoice of its month."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            "Address: https://a.example:8443\n\nroom 12\n",
        )]));
        let lines: Vec<_> = done
            .access
            .iter()
            .map(|one| (one.label.as_str(), one.value.as_str()))
            .collect();
        assert_eq!(
            lines,
            [("Address", "https://a.example:8443"), ("Access", "room 12")]
        );
    }

    #[test]
    fn forms_lead_back_to_pages_only() {
        let id = "0190aaaa-0000-7000-8000-000000000001";
        assert_eq!(
            usage(&form(&[("provider", id), ("resource", id)])),
            format!("/provider/{id}/usage?resource={id}")
        );
        assert_eq!(provider(&form(&[("provider", "//evil.example")]), "new"), "/");
    }

    #[test]
    fn all_that_is_missing_in_a_report_is_told() {
        let error = day_report(&form(&[("day", "2026-11-01")])).unwrap_err();
        let paths: Vec<_> = error.0.fields.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["quantity", "component"]);
    }
}
