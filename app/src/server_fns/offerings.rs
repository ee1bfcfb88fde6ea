//! Preparing an offering, step by step: what the provider's forms show and what they post.

pub mod backend;
pub mod questions;
pub mod states;

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
    Ok(OfferingStep {
        offering,
        reply: ssr::take_reply(&form).await?,
        asked: ssr::query()?,
    })
}

/// What the description can name.
#[server(prefix = "/fn", endpoint = "load_surroundings")]
pub async fn load_surroundings(id: String) -> Result<Surroundings, AppError> {
    use crate::ssr;
    let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
    let categories = catalogue.categories(Some(&actor)).await?;
    Ok(Surroundings {
        categories,
        audience: catalogue.audience_slugs(&actor, ssr::id(&id)?).await?,
    })
}

/// How the offering can be provisioned.
#[server(prefix = "/fn", endpoint = "load_backends")]
pub async fn load_backends(id: String) -> Result<Backends, AppError> {
    use crate::ssr;
    let test = ssr::domain()?
        .catalogue()
        .connection_test(&ssr::actor()?, ssr::id(&id)?)
        .await?;
    Ok(Backends {
        plugins: ssr::plugins()?.to_vec(),
        test,
    })
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
    ssr::post(
        "save_description",
        |form| providing::step(form, "describe"),
        async |form| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            let offering = providing::offering(&actor, form.text("offering")).await?;
            let id = offering.summary.id;
            let audience = catalogue
                .organizations_called(&actor, id, &providing::words(form.text("audience")))
                .await?;
            let draft = offering_form::description_draft(&form, &offering, audience);
            catalogue
                .revise(&actor, id, draft, providing::revision(&form))
                .await?;
            ssr::flash("Description saved.").await?;
            Ok(providing::step(&form, "describe"))
        },
    )
    .await
}

/// Stores the terms of service.
#[server(prefix = "/fn", endpoint = "save_terms")]
pub async fn save_terms() -> Result<(), AppError> {
    use crate::{offering_form, ssr, ssr::providing};
    use model::OfferingDraft;
    ssr::post(
        "save_terms",
        |form| providing::step(form, "terms"),
        async |form| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            let offering = providing::offering(&actor, form.text("offering")).await?;
            let terms_of_service = form.text("terms_of_service").to_owned();
            let draft = OfferingDraft {
                terms_of_service,
                ..offering_form::unchanged_draft(&offering)
            };
            catalogue
                .revise(&actor, offering.summary.id, draft, providing::revision(&form))
                .await?;
            ssr::flash("Terms of service saved.").await?;
            Ok(providing::step(&form, "terms"))
        },
    )
    .await
}

/// Adds a component, or changes the one that the form names.
#[server(prefix = "/fn", endpoint = "save_component")]
pub async fn save_component() -> Result<(), AppError> {
    use crate::{offering_form, ssr, ssr::providing};
    ssr::post(
        "save_component",
        |form| providing::step(form, "components"),
        async |form| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            let draft = offering_form::component_draft(&form)?;
            let saved = catalogue
                .save_component(
                    &actor,
                    ssr::id(form.text("offering"))?,
                    providing::optional_id(&form, "id")?,
                    draft,
                )
                .await;
            saved.map_err(|error| AppError::from(error).inside("terms"))?;
            ssr::flash(&format!("{} saved.", form.text("name"))).await?;
            Ok(providing::step(&form, "components"))
        },
    )
    .await
}

/// Removes a component.
#[server(prefix = "/fn", endpoint = "remove_component")]
pub async fn remove_component() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post(
        "remove_component",
        |form| providing::step(form, "components"),
        async |form| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            catalogue
                .remove_component(&actor, ssr::id(form.text("offering"))?, ssr::id(form.text("id"))?)
                .await?;
            ssr::flash("Component removed.").await?;
            Ok(providing::step(&form, "components"))
        },
    )
    .await
}

/// Adds a plan with prices, or changes the one that the form names.
#[server(prefix = "/fn", endpoint = "save_plan")]
pub async fn save_plan() -> Result<(), AppError> {
    use crate::{offering_form, ssr, ssr::providing};
    ssr::post(
        "save_plan",
        |form| providing::step(form, "plans"),
        async |form| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            let offering = providing::offering(&actor, form.text("offering")).await?;
            let draft = offering_form::plan_draft(&form, &offering.components)?;
            let saved = catalogue
                .save_plan(
                    &actor,
                    offering.summary.id,
                    providing::optional_id(&form, "id")?,
                    draft,
                )
                .await;
            saved.map_err(|error| providing::priced(error.into()))?;
            ssr::flash(&format!("Plan {} saved.", form.text("name"))).await?;
            Ok(providing::step(&form, "plans"))
        },
    )
    .await
}

/// Takes a plan out of sale.
#[server(prefix = "/fn", endpoint = "archive_plan")]
pub async fn archive_plan() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post(
        "archive_plan",
        |form| providing::step(form, "plans"),
        async |form| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            catalogue
                .archive_plan(&actor, ssr::id(form.text("offering"))?, ssr::id(form.text("id"))?)
                .await?;
            ssr::flash("The plan is no longer sold. Who has it keeps it.").await?;
            Ok(providing::step(&form, "plans"))
        },
    )
    .await
}
