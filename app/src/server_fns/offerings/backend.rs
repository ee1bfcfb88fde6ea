//! How an offering is provisioned: plugin, settings, test of the connection.

use leptos::prelude::*;

use crate::error::AppError;

/// Shows the settings of the plugin that was chosen, without storing anything.
#[server(prefix = "/fn", endpoint = "choose_plugin")]
pub async fn choose_plugin() -> Result<(), AppError> {
    use crate::ssr::{self, forms, offering_forms};
    ssr::show_again::<forms::SavePlugin>("save_plugin", |form| {
        offering_forms::step_page(form, "provisioning")
    })
    .await
}

/// Stores how the offering is provisioned.
#[server(prefix = "/fn", endpoint = "save_plugin")]
pub async fn save_plugin() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    use domain::catalogue::SentValues;
    ssr::post(
        "save_plugin",
        |form| offering_forms::step_page(form, "provisioning"),
        async |Sent { form, fields }: Sent<forms::SavePlugin>| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            let choice = offering_forms::plugin_choice(&form.plugin)?;
            let sent = SentValues::Form(fields.under("settings"));
            let id = form.offering;
            catalogue
                .set_plugin(&actor, id, &choice, sent, offering_forms::revision(&fields))
                .await?;
            ssr::flash("Settings saved.").await?;
            Ok(offering_forms::step_page(&fields, "provisioning"))
        },
    )
    .await
}

/// Asks for a test of the stored settings.
#[server(prefix = "/fn", endpoint = "request_connection_test")]
pub async fn request_connection_test() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    ssr::post(
        "request_connection_test",
        |form| offering_forms::step_page(form, "provisioning"),
        async |Sent { form, fields }: Sent<forms::OfferingButton>| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            catalogue.request_connection_test(&actor, form.offering).await?;
            // Without a fragment: a page that reloads itself would only scroll to it.
            Ok(offering_forms::step_page(&fields, "provisioning"))
        },
    )
    .await
}
