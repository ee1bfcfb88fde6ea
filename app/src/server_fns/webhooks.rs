//! Webhooks: addresses that are told of what happens in a place.

use leptos::prelude::*;
use model::{Page, Webhook, WebhookDelivery};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, form::FormFields, reply::FormReply};

/// The webhooks of a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Webhooks {
    /// They.
    pub webhooks: Vec<Webhook>,
    /// What was typed into the form of a new one and refused.
    pub reply: FormReply,
}

/// A webhook with what it was told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WebhookFacts {
    /// The webhook.
    pub webhook: Webhook,
    /// What became of its messages, the newest first.
    pub deliveries: Page<WebhookDelivery>,
    /// Its secret, where the person has just asked for it.
    pub secret: Option<String>,
    /// What the form shows: what is stored, or what was typed and refused.
    pub reply: FormReply,
    /// What is stored as texts, by field name.
    pub stored: FormFields,
    /// What was typed into the form of a new secret and refused.
    pub rotation: FormReply,
}

/// The webhooks of the installation, an organization, a project or a provider.
#[server(prefix = "/fn", endpoint = "load_webhooks")]
pub async fn load_webhooks(kind: String, id: String) -> Result<Webhooks, AppError> {
    use crate::{ssr, ssr::structure_forms};
    let scope = structure_forms::parse_scope(&kind, &id)?;
    let webhooks = ssr::domain()?.webhooks();
    Ok(Webhooks {
        webhooks: webhooks.webhooks(&ssr::actor()?, scope).await?,
        reply: ssr::take_reply("create_webhook").await?,
    })
}

/// A webhook of a place.
#[server(prefix = "/fn", endpoint = "load_webhook")]
pub async fn load_webhook(kind: String, id: String, webhook: String) -> Result<WebhookFacts, AppError> {
    use crate::ssr::{self, structure_forms, webhook_forms};
    let scope = structure_forms::parse_scope(&kind, &id)?;
    let (actor, webhooks, id) = (ssr::actor()?, ssr::domain()?.webhooks(), ssr::id(&webhook)?);
    let webhook = webhooks.webhook(&actor, id).await?;
    if webhook.scope != scope {
        return Err(AppError::not_found());
    }
    let typed = ssr::take_reply("change_webhook").await?;
    let start = webhook_forms::stored(&webhook);
    let stored = start.fields.clone();
    Ok(WebhookFacts {
        deliveries: webhooks.deliveries(&actor, id, &ssr::page_request()?).await?,
        webhook,
        secret: ssr::take_shown_once(&webhook_forms::secret_of(id)).await?,
        reply: if typed.is_filled() { typed } else { start },
        stored,
        rotation: ssr::take_reply("rotate_webhook_secret").await?,
    })
}

/// Makes a webhook and shows its secret.
#[server(prefix = "/fn", endpoint = "create_webhook")]
pub async fn create_webhook() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, structure_forms, webhook_forms};
    ssr::post(
        "create_webhook",
        webhook_forms::list,
        async |Sent { form, fields }: Sent<forms::CreateWebhook>| {
            let scope = structure_forms::parse_scope(&form.scope, &form.scope_id)?;
            let (actor, webhooks) = (ssr::actor()?, ssr::domain()?.webhooks());
            let draft = webhook_forms::draft(&form.url, &form.description, &form.kinds)?;
            let made = webhooks.create(&actor, scope, draft).await?;
            let secret = webhooks.secret(&actor, made.id).await?.secret;
            ssr::show_once(&webhook_forms::secret_of(made.id), &secret).await?;
            ssr::flash("The webhook is made.").await?;
            Ok(webhook_forms::one(&fields, made.id))
        },
    )
    .await
}

/// Changes a webhook.
#[server(prefix = "/fn", endpoint = "change_webhook")]
pub async fn change_webhook() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, webhook_forms};
    ssr::post(
        "change_webhook",
        webhook_forms::page,
        async |Sent { form, fields }: Sent<forms::ChangeWebhook>| {
            let webhooks = ssr::domain()?.webhooks();
            let draft = webhook_forms::draft(&form.url, &form.description, &form.kinds)?;
            webhooks
                .change(&ssr::actor()?, form.webhook, draft, form.revision)
                .await?;
            ssr::flash("The webhook is changed.").await?;
            Ok(webhook_forms::page(&fields))
        },
    )
    .await
}

/// Stops a webhook.
#[server(prefix = "/fn", endpoint = "pause_webhook")]
pub async fn pause_webhook() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, webhook_forms};
    ssr::post(
        "pause_webhook",
        webhook_forms::page,
        async |Sent { form, fields }: Sent<forms::WebhookButton>| {
            let webhooks = ssr::domain()?.webhooks();
            webhooks.set_enabled(&ssr::actor()?, form.webhook, false).await?;
            ssr::flash("The webhook is paused. What happens now is told when it goes on.").await?;
            Ok(webhook_forms::page(&fields))
        },
    )
    .await
}

/// Lets a webhook go on.
#[server(prefix = "/fn", endpoint = "resume_webhook")]
pub async fn resume_webhook() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, webhook_forms};
    ssr::post(
        "resume_webhook",
        webhook_forms::page,
        async |Sent { form, fields }: Sent<forms::WebhookButton>| {
            let webhooks = ssr::domain()?.webhooks();
            webhooks.set_enabled(&ssr::actor()?, form.webhook, true).await?;
            ssr::flash("The webhook goes on where it stopped.").await?;
            Ok(webhook_forms::page(&fields))
        },
    )
    .await
}

/// Removes a webhook.
#[server(prefix = "/fn", endpoint = "remove_webhook")]
pub async fn remove_webhook() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, webhook_forms};
    ssr::post(
        "remove_webhook",
        webhook_forms::page,
        async |Sent { form, fields }: Sent<forms::WebhookButton>| {
            let webhooks = ssr::domain()?.webhooks();
            webhooks.remove(&ssr::actor()?, form.webhook).await?;
            ssr::flash("The webhook is removed.").await?;
            Ok(webhook_forms::list(&fields))
        },
    )
    .await
}

/// Shows the secret of a webhook.
#[server(prefix = "/fn", endpoint = "show_webhook_secret")]
pub async fn show_webhook_secret() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, webhook_forms};
    ssr::post(
        "show_webhook_secret",
        webhook_forms::page,
        async |Sent { form, fields }: Sent<forms::WebhookButton>| {
            let webhooks = ssr::domain()?.webhooks();
            let secret = webhooks.secret(&ssr::actor()?, form.webhook).await?.secret;
            ssr::show_once(&webhook_forms::secret_of(form.webhook), &secret).await?;
            Ok(webhook_forms::page(&fields))
        },
    )
    .await
}

/// Makes a new secret and shows it.
#[server(prefix = "/fn", endpoint = "rotate_webhook_secret")]
pub async fn rotate_webhook_secret() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, webhook_forms};
    ssr::post(
        "rotate_webhook_secret",
        webhook_forms::page,
        async |Sent { form, fields }: Sent<forms::RotateWebhookSecret>| {
            let (actor, webhooks) = (ssr::actor()?, ssr::domain()?.webhooks());
            let overlap = webhook_forms::overlap(&form.overlap_hours)?;
            webhooks.rotate_secret(&actor, form.webhook, overlap).await?;
            let secret = webhooks.secret(&actor, form.webhook).await?.secret;
            ssr::show_once(&webhook_forms::secret_of(form.webhook), &secret).await?;
            ssr::flash("The webhook has a new secret.").await?;
            Ok(webhook_forms::page(&fields))
        },
    )
    .await
}

/// Tells a webhook of one event once more, or of everything since.
#[server(prefix = "/fn", endpoint = "redeliver_event")]
pub async fn redeliver_event() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, webhook_forms};
    ssr::post(
        "redeliver_event",
        webhook_forms::page,
        async |Sent { form, fields }: Sent<forms::RedeliverEvent>| {
            let (actor, webhooks) = (ssr::actor()?, ssr::domain()?.webhooks());
            let told = if form.since.is_empty() {
                webhooks.redeliver(&actor, form.webhook, form.event).await?;
                "It is told of this event once more."
            } else {
                webhooks.redeliver_since(&actor, form.webhook, form.event).await?;
                "It is told of this event and of everything since once more."
            };
            ssr::flash(told).await?;
            Ok(webhook_forms::page(&fields))
        },
    )
    .await
}
