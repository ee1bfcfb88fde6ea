//! The fingerprint of an order as it was placed. The log keeps it, and nobody can change that, so an order that was edited
//! later shows.

use entity::order;
use serde_json::json;

use crate::crypto;

/// The fingerprint of what was ordered, at which price and for how long: all that stays as it was placed.
pub(crate) fn fingerprint(order: &order::Model) -> String {
    let mut placed = json!({
        "id": order.id, "kind": order.kind, "project": order.project_id, "organization": order.organization_id,
        "offering": order.offering_id, "provider": order.provider_id, "plan": order.plan_id,
        "resource_name": order.resource_name, "limits": order.limits, "limits_before": order.limits_before,
        "expected_use": order.expected_use, "attributes": order.attributes, "start_date": order.start_date,
        "end_date": order.end_date, "term_months": order.term_months, "quote": order.quote, "binding": order.binding,
        "monthly_cost": order.monthly_cost, "first_invoice_cost": order.first_invoice_cost,
        "commitment": order.commitment, "currency": order.currency, "accepted_terms": order.accepted_terms,
        "requested_by": order.requested_by,
    });
    // Orders from before forms were kept were sealed without.
    if let (Some(form), Some(placed)) = (&order.request_form, placed.as_object_mut()) {
        placed.insert("request_form".into(), form.clone());
    }
    crypto::fingerprint(&placed)
}
