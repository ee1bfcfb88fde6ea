//! Preparing an offering, step by step: what the provider's forms show and what they post.

use leptos::prelude::*;
use model::{Category, ConnectionTest, OfferingDetail, PluginFacts};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, form::FormFields, reply::FormReply};

/// What every step shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfferingStep {
    /// The offering as its provider sees it.
    pub offering: OfferingDetail,
    /// What was typed into the step's form and refused, if anything.
    pub reply: FormReply,
    /// The parameters of the address, such as what is being changed.
    pub asked: FormFields,
}

/// What the description can name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Surroundings {
    /// All categories.
    pub categories: Vec<Category>,
    /// Short names of the organizations that see the offering while it is private.
    pub audience: Vec<String>,
}

/// How the offering can be provisioned, and how the last test of its settings went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Backends {
    /// All plugins.
    pub plugins: Vec<PluginFacts>,
    /// The last test.
    pub test: ConnectionTest,
}

/// An offering for one of its steps, whose form is called `form`.
#[server(prefix = "/fn", endpoint = "load_offering_step")]
pub async fn load_offering_step(id: String, form: String) -> Result<OfferingStep, AppError> {
    use crate::ssr;
    let offering = ssr::providing::offering(&ssr::actor()?, &id).await?;
    Ok(OfferingStep { offering, reply: ssr::take_reply(&form).await?, asked: ssr::query()? })
}

/// What the description can name.
#[server(prefix = "/fn", endpoint = "load_surroundings")]
pub async fn load_surroundings(id: String) -> Result<Surroundings, AppError> {
    use crate::ssr;
    let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
    let categories = catalogue.categories(Some(&actor)).await?;
    Ok(Surroundings { categories, audience: catalogue.audience_slugs(&actor, ssr::id(&id)?).await? })
}

/// How the offering can be provisioned.
#[server(prefix = "/fn", endpoint = "load_backends")]
pub async fn load_backends(id: String) -> Result<Backends, AppError> {
    use crate::ssr;
    let test = ssr::domain()?.catalogue().connection_test(&ssr::actor()?, ssr::id(&id)?).await?;
    Ok(Backends { plugins: ssr::plugins()?.to_vec(), test })
}

/// Terms of an offering as HTML, for the preview.
#[server(prefix = "/fn", endpoint = "load_markdown")]
pub async fn load_markdown(text: String) -> Result<String, AppError> {
    Ok(crate::ssr::markdown(&text))
}

/// Stores the description.
#[server(prefix = "/fn", endpoint = "save_description")]
pub async fn save_description() -> Result<(), AppError> {
    use crate::{offering_form, ssr, ssr::providing};
    ssr::post("save_description", |form| providing::step(form, "describe"), async |form| {
        let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
        let offering = providing::offering(&actor, form.text("offering")).await?;
        let id = offering.summary.id;
        let audience = catalogue.organizations_called(&actor, id, &providing::words(form.text("audience"))).await?;
        let draft = offering_form::description_draft(&form, &offering, audience);
        catalogue.revise(&actor, id, draft, providing::revision(&form)).await?;
        ssr::flash("Description saved.").await?;
        Ok(providing::step(&form, "describe"))
    })
    .await
}

/// Stores the terms of service.
#[server(prefix = "/fn", endpoint = "save_terms")]
pub async fn save_terms() -> Result<(), AppError> {
    use crate::{offering_form, ssr, ssr::providing};
    use model::OfferingDraft;
    ssr::post("save_terms", |form| providing::step(form, "terms"), async |form| {
        let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
        let offering = providing::offering(&actor, form.text("offering")).await?;
        let terms_of_service = form.text("terms_of_service").to_owned();
        let draft = OfferingDraft { terms_of_service, ..offering_form::unchanged_draft(&offering) };
        catalogue.revise(&actor, offering.summary.id, draft, providing::revision(&form)).await?;
        ssr::flash("Terms of service saved.").await?;
        Ok(providing::step(&form, "terms"))
    })
    .await
}

/// Adds a component, or changes the one that the form names.
#[server(prefix = "/fn", endpoint = "save_component")]
pub async fn save_component() -> Result<(), AppError> {
    use crate::{offering_form, ssr, ssr::providing};
    ssr::post("save_component", |form| providing::step(form, "components"), async |form| {
        let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
        let draft = offering_form::component_draft(&form)?;
        let saved = catalogue
            .save_component(&actor, ssr::id(form.text("offering"))?, providing::optional_id(&form, "id")?, draft)
            .await;
        saved.map_err(|error| AppError::from(error).inside("terms"))?;
        ssr::flash(&format!("{} saved.", form.text("name"))).await?;
        Ok(providing::step(&form, "components"))
    })
    .await
}

/// Removes a component.
#[server(prefix = "/fn", endpoint = "remove_component")]
pub async fn remove_component() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post("remove_component", |form| providing::step(form, "components"), async |form| {
        let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
        catalogue.remove_component(&actor, ssr::id(form.text("offering"))?, ssr::id(form.text("id"))?).await?;
        ssr::flash("Component removed.").await?;
        Ok(providing::step(&form, "components"))
    })
    .await
}

/// Adds a plan with prices, or changes the one that the form names.
#[server(prefix = "/fn", endpoint = "save_plan")]
pub async fn save_plan() -> Result<(), AppError> {
    use crate::{offering_form, ssr, ssr::providing};
    ssr::post("save_plan", |form| providing::step(form, "plans"), async |form| {
        let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
        let offering = providing::offering(&actor, form.text("offering")).await?;
        let draft = offering_form::plan_draft(&form, &offering.components)?;
        let saved =
            catalogue.save_plan(&actor, offering.summary.id, providing::optional_id(&form, "id")?, draft).await;
        saved.map_err(|error| providing::priced(error.into()))?;
        ssr::flash(&format!("Plan {} saved.", form.text("name"))).await?;
        Ok(providing::step(&form, "plans"))
    })
    .await
}

/// Takes a plan out of sale.
#[server(prefix = "/fn", endpoint = "archive_plan")]
pub async fn archive_plan() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post("archive_plan", |form| providing::step(form, "plans"), async |form| {
        let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
        catalogue.archive_plan(&actor, ssr::id(form.text("offering"))?, ssr::id(form.text("id"))?).await?;
        ssr::flash("The plan is no longer sold. Who has it keeps it.").await?;
        Ok(providing::step(&form, "plans"))
    })
    .await
}

/// Adds a field to the request form, or changes the one that the form names.
#[server(prefix = "/fn", endpoint = "add_field")]
pub async fn add_field() -> Result<(), AppError> {
    use crate::{offering_form, ssr, ssr::providing};
    ssr::post("add_field", |form| providing::step(form, "form"), async |form| {
        let field = offering_form::field_of(&form)?;
        let line = format!("{} saved.", field.label);
        providing::change_form(&form, |fields| providing::put_field(fields, form.text("field"), field)).await?;
        ssr::flash(&line).await?;
        Ok(providing::step(&form, "form"))
    })
    .await
}

/// Moves a field of the request form up or down by one.
#[server(prefix = "/fn", endpoint = "move_field")]
pub async fn move_field() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post("move_field", |form| providing::step(form, "form"), async |form| {
        let (key, up) = (form.text("field"), form.text("direction") == "up");
        providing::change_form(&form, |fields| providing::shift_field(fields, key, up)).await?;
        Ok(providing::step(&form, "form"))
    })
    .await
}

/// Removes a field of the request form.
#[server(prefix = "/fn", endpoint = "remove_field")]
pub async fn remove_field() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post("remove_field", |form| providing::step(form, "form"), async |form| {
        providing::change_form(&form, |fields| providing::drop_field(fields, form.text("field"))).await?;
        ssr::flash("Field removed.").await?;
        Ok(providing::step(&form, "form"))
    })
    .await
}

/// Shows the settings of the plugin that was chosen, without storing anything.
#[server(prefix = "/fn", endpoint = "choose_plugin")]
pub async fn choose_plugin() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::show_again("save_plugin", |form| providing::step(form, "provisioning")).await
}

/// Stores how the offering is provisioned.
#[server(prefix = "/fn", endpoint = "save_plugin")]
pub async fn save_plugin() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    use domain::catalogue::SentSettings;
    ssr::post("save_plugin", |form| providing::step(form, "provisioning"), async |form| {
        let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
        let choice = providing::plugin(form.text("plugin"))?;
        let sent = SentSettings::Form(form.under("settings"));
        let id = ssr::id(form.text("offering"))?;
        catalogue.set_plugin(&actor, id, &choice, sent, providing::revision(&form)).await?;
        ssr::flash("Settings saved.").await?;
        Ok(providing::step(&form, "provisioning"))
    })
    .await
}

/// Asks for a test of the stored settings.
#[server(prefix = "/fn", endpoint = "request_connection_test")]
pub async fn request_connection_test() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post("save_plugin", |form| providing::step(form, "provisioning"), async |form| {
        let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
        catalogue.request_connection_test(&actor, ssr::id(form.text("offering"))?).await?;
        Ok(format!("{}#connection", providing::step(&form, "provisioning")))
    })
    .await
}

/// Puts the offering into the catalogue.
#[server(prefix = "/fn", endpoint = "publish_offering")]
pub async fn publish_offering() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post("publish_offering", |form| providing::step(form, "publish"), async |form| {
        let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
        catalogue.publish(&actor, ssr::id(form.text("offering"))?).await?;
        ssr::flash("Published. It can be ordered from now on.").await?;
        Ok(providing::step(&form, "publish"))
    })
    .await
}

/// Stops new orders for a while.
#[server(prefix = "/fn", endpoint = "pause_offering")]
pub async fn pause_offering() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post("pause_offering", |form| providing::step(form, "publish"), async |form| {
        let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
        catalogue.pause(&actor, ssr::id(form.text("offering"))?, form.text("reason")).await?;
        ssr::flash("Paused. Nobody can order it until you resume it.").await?;
        Ok(providing::step(&form, "publish"))
    })
    .await
}

/// Takes orders again.
#[server(prefix = "/fn", endpoint = "resume_offering")]
pub async fn resume_offering() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post("publish_offering", |form| providing::step(form, "publish"), async |form| {
        let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
        catalogue.resume(&actor, ssr::id(form.text("offering"))?).await?;
        ssr::flash("It can be ordered again.").await?;
        Ok(providing::step(&form, "publish"))
    })
    .await
}

/// Takes the offering out of the catalogue for good.
#[server(prefix = "/fn", endpoint = "archive_offering")]
pub async fn archive_offering() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post("publish_offering", |form| providing::step(form, "publish"), async |form| {
        let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
        catalogue.archive(&actor, ssr::id(form.text("offering"))?).await?;
        ssr::flash("Archived. What was sold lives on.").await?;
        Ok(providing::step(&form, "publish"))
    })
    .await
}
