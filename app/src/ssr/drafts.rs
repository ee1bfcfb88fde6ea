use std::collections::BTreeMap;

use leptos::nonce::Nonce;
use model::{FieldFault, Fixed, Problem};

use crate::{error::AppError, form::FormFields};

/// A token for a form that orders something: the same token orders once.
pub fn form_token() -> String {
    Nonce::new().to_string()
}

/// The token that came with a form.
pub fn token_of(form: &FormFields) -> Option<&str> {
    Some(form.text("idempotency_key")).filter(|token| !token.is_empty())
}

/// Limits by component code, all faults at once. A field that was left empty is not a limit.
pub fn limits(fields: &BTreeMap<String, Vec<String>>) -> Result<BTreeMap<String, Fixed>, AppError> {
    let mut limits = BTreeMap::new();
    let mut faults = Vec::new();
    for (code, values) in fields {
        let text = values.first().map_or("", |value| value.trim());
        match text.parse::<Fixed>() {
            _ if text.is_empty() => {}
            Ok(limit) => drop(limits.insert(code.clone(), limit)),
            Err(_) => {
                faults.push(FieldFault::at(
                    format!("limits.{code}"),
                    "not_a_number",
                    "Enter a number, such as 100.",
                ));
            }
        }
    }
    if faults.is_empty() {
        Ok(limits)
    } else {
        Err(AppError(Problem::invalid(faults)))
    }
}
