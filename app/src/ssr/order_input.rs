use std::collections::BTreeMap;

use domain::access::Actor;
use leptos::nonce::Nonce;
use model::{FieldFault, Fixed, Kind, OrderId, Problem};
use serde::Serialize;

use crate::error::AppError;

/// A token for a form that orders something: the same token orders once.
pub fn form_token() -> String {
    Nonce::new().to_string()
}

/// The key under which what a form asks for is ordered once; none where the form came without a token. It is made of the
/// token and of what is asked for: going back and asking for something else is another order, and no misuse of a key.
pub fn idempotency_key(token: &str, asked: &impl Serialize) -> Result<Option<String>, AppError> {
    if token.is_empty() {
        return Ok(None);
    }
    let asked = serde_json::to_vec(asked).map_err(|fault| {
        tracing::error!(
            error = domain::trace::cause(&fault),
            "what a form asks for cannot be written down"
        );
        AppError(Problem::plain(
            Kind::Internal,
            "draft",
            "Something went wrong on our side. Try again.",
        ))
    })?;
    Ok(Some(format!("{token}:{}", domain::crypto::sha256_hex(&asked))))
}

/// A form that orders, with what it ordered when it was sent before.
pub struct SentOrder {
    key: Option<String>,
    before: Option<OrderId>,
}

impl SentOrder {
    /// Looks whether the form was sent before, under this key.
    pub async fn of(actor: &Actor, key: Option<String>) -> Result<Self, AppError> {
        let ordering = super::domain()?.ordering();
        let before = ordering.placed_under(actor, key.as_deref()).await?;
        Ok(Self { key, before })
    }

    /// The key under which it is placed.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Nobody orders at prices that were not shown: refused, at this field, where they changed since the form was drawn, unless it
    /// was sent before. The form comes back with those of now.
    pub fn refuse_other_prices(&self, field: &str, shown: &str, now: &str) -> Result<(), AppError> {
        if shown.is_empty() || shown == now || self.before.is_some() {
            return Ok(());
        }
        let message = "Prices changed while this form was open. It shows those of now: look at what it costs, then order again.";
        let fault = FieldFault::at(field, "price_changed", message);
        Err(AppError(Problem::invalid(vec![fault])))
    }

    /// Says `words`, or that nothing was ordered twice, and answers where the order is seen.
    pub async fn placed(self, id: OrderId, words: &str) -> Result<String, AppError> {
        let before = "You had sent this form before: here is the order. Nothing was ordered twice.";
        let was_sent = self.before == Some(id);
        super::flash(if was_sent { before } else { words }).await?;
        Ok(crate::routes::order(id))
    }
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
                    "Enter a number, such as 100 or 12.5, with a point as the decimal sign.",
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
