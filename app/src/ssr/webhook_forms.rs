//! Forms of webhooks: between what is stored, what is drawn and what was sent.

use chrono::TimeDelta;
use model::{EventKind, Webhook, WebhookDraft};

use super::structure_forms::{invalid, parse_scope};
use crate::{error::AppError, form::FormFields, reply::FormReply, routes};

/// The list that a form stands on or leads back to. Only a place leads there.
pub fn list(form: &FormFields) -> String {
    parse_scope(form.text("scope"), form.text("scope_id")).map_or_else(
        |_| "/".to_owned(),
        |_| routes::webhooks(form.text("scope"), form.text("scope_id")),
    )
}

/// The page of a webhook of the place that a form names.
pub fn one(form: &FormFields, id: impl std::fmt::Display) -> String {
    match list(form).as_str() {
        "/" => "/".to_owned(),
        list => format!("{list}/{id}"),
    }
}

/// The page of the webhook that a form is about.
pub fn page(form: &FormFields) -> String {
    match form.text("webhook").parse::<model::WebhookId>() {
        Ok(id) => one(form, id),
        Err(_no_id) => list(form),
    }
}

/// Under what the secret of a webhook waits to be shown.
pub fn secret_of(id: model::WebhookId) -> String {
    format!("webhook_secret {id}")
}

/// What was typed as a draft. Kinds are ticked, so an unknown one was not sent by this page.
pub fn draft(url: &str, description: &str, kinds: &[String]) -> Result<WebhookDraft, AppError> {
    let kinds = kinds
        .iter()
        .map(|kind| EventKind::parse(kind).ok_or_else(|| invalid("kinds", "Choose kinds of the list.")))
        .collect::<Result<_, _>>()?;
    Ok(WebhookDraft {
        url: url.to_owned(),
        description: description.to_owned(),
        kinds,
    })
}

/// What is stored as the form shows it.
pub fn stored(webhook: &Webhook) -> FormReply {
    let mut fields = vec![
        ("url".to_owned(), webhook.url.clone()),
        ("description".to_owned(), webhook.description.clone()),
    ];
    let kinds = webhook.kinds.iter();
    fields.extend(kinds.map(|kind| ("kinds".to_owned(), kind.as_str().to_owned())));
    FormReply {
        fields: fields.into_iter().collect(),
        ..FormReply::default()
    }
}

/// For how long the secret before signs as well.
pub fn overlap(hours: &str) -> Result<TimeDelta, AppError> {
    let hours: Option<u16> = hours.parse().ok();
    let hours =
        hours.ok_or_else(|| invalid("overlap_hours", "Enter a whole number of hours, from 0 to 168."))?;
    Ok(TimeDelta::hours(hours.into()))
}
