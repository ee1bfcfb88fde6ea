//! Preparing an offering, step by step: what the provider's forms show and what they post.

pub mod backend;
pub mod own_actions;
pub mod questions;
pub mod states;

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{Category, ConnectionTest, OfferingDetail, PlanHistory, PluginFacts, TermsOfServiceVersion};
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
pub struct DescriptionChoices {
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
    /// What is assigned to the provider, by the kind of those plugins of which something has to be.
    pub assigned: BTreeMap<String, Vec<serde_json::Value>>,
    /// The last test.
    pub test: ConnectionTest,
}

/// An offering for one of its steps, whose form is called `form`.
#[server(prefix = "/fn", endpoint = "load_offering_step")]
pub async fn load_offering_step(id: String, form: String) -> Result<OfferingStep, AppError> {
    use crate::ssr;
    let offering = ssr::offering_forms::load_offering(&ssr::actor()?, ssr::id(&id)?).await?;
    Ok(OfferingStep {
        offering,
        reply: ssr::take_reply(&form).await?,
        asked: ssr::query()?,
    })
}

/// The versions of an offering's terms of service, for its provider.
#[server(prefix = "/fn", endpoint = "load_terms_versions")]
pub async fn load_terms_versions(offering: String) -> Result<Vec<TermsOfServiceVersion>, AppError> {
    use crate::ssr;
    let (catalogue, actor) = (ssr::domain()?.catalogue(), ssr::actor()?);
    Ok(catalogue.terms_versions(Some(&actor), &offering).await?)
}

/// Every version of a plan, for the offering's provider.
#[server(prefix = "/fn", endpoint = "load_plan_history")]
pub async fn load_plan_history(offering: String, plan: String) -> Result<PlanHistory, AppError> {
    use crate::ssr;
    let catalogue = ssr::domain()?.catalogue();
    Ok(catalogue
        .plan_history(&ssr::actor()?, ssr::id(&offering)?, ssr::id(&plan)?)
        .await?)
}

/// What the description can name.
#[server(prefix = "/fn", endpoint = "load_description_choices")]
pub async fn load_description_choices(id: String) -> Result<DescriptionChoices, AppError> {
    use crate::ssr;
    let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
    let categories = catalogue.categories(Some(&actor)).await?;
    Ok(DescriptionChoices {
        categories,
        audience: catalogue.audience_slugs(&actor, ssr::id(&id)?).await?,
    })
}

/// How the offering can be provisioned.
#[server(prefix = "/fn", endpoint = "load_backends")]
pub async fn load_backends(id: String) -> Result<Backends, AppError> {
    use crate::ssr;
    let (actor, catalogue, id) = (ssr::actor()?, ssr::domain()?.catalogue(), ssr::id(&id)?);
    let test = catalogue.connection_test(&actor, id).await?;
    let plugins = ssr::plugins()?;
    let mut assigned = BTreeMap::new();
    for plugin in plugins.iter().filter(|plugin| !plugin.assigned.is_empty()) {
        let own = catalogue.assigned_to_offering(&actor, id, &plugin.kind).await?;
        assigned.insert(plugin.kind.clone(), own);
    }
    Ok(Backends {
        plugins: plugins.to_vec(),
        assigned,
        test,
    })
}

/// Terms of an offering as HTML, for the preview of who writes them.
#[server(prefix = "/fn", endpoint = "load_markdown")]
pub async fn load_markdown(text: String) -> Result<String, AppError> {
    use crate::ssr;
    ssr::actor()?;
    ssr::markdown(&text).await
}

/// Stores the description.
#[server(prefix = "/fn", endpoint = "save_description")]
pub async fn save_description() -> Result<(), AppError> {
    use crate::{
        offering_form,
        ssr::{self, Sent, forms, offering_forms},
    };
    ssr::post(
        "save_description",
        |form| offering_forms::step_page(form, "describe"),
        async |Sent { form, fields }: Sent<forms::SaveDescription>| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            let offering = offering_forms::load_offering(&actor, form.offering).await?;
            let id = offering.summary.id;
            let audience = catalogue
                .organizations_called(&actor, id, &offering_forms::split_words(&form.audience))
                .await?;
            let draft = offering_form::description_draft(&fields, &offering, audience);
            catalogue
                .revise(&actor, id, draft, offering_forms::revision(&fields))
                .await?;
            ssr::flash("Description saved.").await?;
            Ok(offering_forms::step_page(&fields, "describe"))
        },
    )
    .await
}

/// Stores the terms of service.
#[server(prefix = "/fn", endpoint = "save_terms")]
pub async fn save_terms() -> Result<(), AppError> {
    use crate::{
        offering_form,
        ssr::{self, Sent, forms, offering_forms},
    };
    use model::OfferingDraft;
    ssr::post(
        "save_terms",
        |form| offering_forms::step_page(form, "terms"),
        async |Sent { form, fields }: Sent<forms::SaveTerms>| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            let offering = offering_forms::load_offering(&actor, form.offering).await?;
            let terms_of_service = form.terms_of_service.into();
            let draft = OfferingDraft {
                terms_of_service,
                ..offering_form::unchanged_draft(&offering)
            };
            catalogue
                .revise(
                    &actor,
                    offering.summary.id,
                    draft,
                    offering_forms::revision(&fields),
                )
                .await?;
            ssr::flash("Terms of service saved.").await?;
            Ok(offering_forms::step_page(&fields, "terms"))
        },
    )
    .await
}

/// Adds a component, or changes the one that the form names.
#[server(prefix = "/fn", endpoint = "save_component")]
pub async fn save_component() -> Result<(), AppError> {
    use crate::{
        offering_form,
        ssr::{self, Sent, forms, offering_forms},
    };
    ssr::post(
        "save_component",
        |form| offering_forms::step_part_page(form, "components", ("component", "id")),
        async |Sent { form, fields }: Sent<forms::SaveComponent>| {
            let revision = offering_forms::revision(&fields);
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue().at_revision(revision));
            let draft = offering_form::component_draft(&fields)?;
            let saved = catalogue
                .save_component(
                    &actor,
                    form.offering,
                    offering_forms::optional_id(&fields, "id")?,
                    draft,
                )
                .await;
            saved.map_err(|error| AppError::from(error).inside("terms"))?;
            ssr::flash(&format!("{} saved.", form.name)).await?;
            Ok(offering_forms::step_page(&fields, "components"))
        },
    )
    .await
}

/// Removes a component.
#[server(prefix = "/fn", endpoint = "remove_component")]
pub async fn remove_component() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    ssr::post(
        "remove_component",
        |form| offering_forms::step_page(form, "components"),
        async |Sent { form, fields }: Sent<forms::PartButton>| {
            let revision = offering_forms::revision(&fields);
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue().at_revision(revision));
            catalogue
                .remove_component(&actor, form.offering, ssr::id(&form.id)?)
                .await?;
            ssr::flash("Component removed.").await?;
            Ok(offering_forms::step_page(&fields, "components"))
        },
    )
    .await
}

/// Adds a plan with prices, or changes the one that the form names.
#[server(prefix = "/fn", endpoint = "save_plan")]
pub async fn save_plan() -> Result<(), AppError> {
    use crate::{
        offering_form,
        ssr::{self, Sent, forms, offering_forms},
    };
    ssr::post(
        "save_plan",
        |form| offering_forms::step_part_page(form, "plans", ("plan", "id")),
        async |Sent { form, fields }: Sent<forms::SavePlan>| {
            let revision = offering_forms::revision(&fields);
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue().at_revision(revision));
            let offering = offering_forms::load_offering(&actor, form.offering).await?;
            let draft = offering_form::plan_draft(&fields, &offering.components)?;
            let begun = ssr::domain()?.clock().now();
            let saved = catalogue
                .save_plan(
                    &actor,
                    offering.summary.id,
                    offering_forms::optional_id(&fields, "id")?,
                    draft,
                )
                .await;
            let plan = saved.map_err(|error| offering_forms::price_faults(error.into()))?;
            let history = catalogue.plan_history(&actor, offering.summary.id, plan).await?;
            let reached = history.reached_since(begun);
            if reached.is_empty() {
                ssr::flash(&format!("Plan {} saved.", form.name)).await?;
                return Ok(offering_forms::step_page(&fields, "plans"));
            }
            let line = format!(
                "Plan {} saved. It reaches what runs, as its versions below say: {reached}.",
                form.name
            );
            ssr::flash(&line).await?;
            let page = offering_forms::step_part_page(&fields, "plans", ("plan", "id"));
            Ok(format!("{page}#versions"))
        },
    )
    .await
}

/// Takes a plan out of sale.
#[server(prefix = "/fn", endpoint = "archive_plan")]
pub async fn archive_plan() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    ssr::post(
        "archive_plan",
        |form| offering_forms::step_page(form, "plans"),
        async |Sent { form, fields }: Sent<forms::PartButton>| {
            let revision = offering_forms::revision(&fields);
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue().at_revision(revision));
            catalogue
                .archive_plan(&actor, form.offering, ssr::id(&form.id)?)
                .await?;
            ssr::flash("The plan is no longer sold. Who has it keeps it.").await?;
            Ok(offering_forms::step_page(&fields, "plans"))
        },
    )
    .await
}

/// Sells a plan again.
#[server(prefix = "/fn", endpoint = "restore_plan")]
pub async fn restore_plan() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    ssr::post(
        "restore_plan",
        |form| offering_forms::step_page(form, "plans"),
        async |Sent { form, fields }: Sent<forms::PartButton>| {
            let revision = offering_forms::revision(&fields);
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue().at_revision(revision));
            catalogue
                .restore_plan(&actor, form.offering, ssr::id(&form.id)?)
                .await?;
            ssr::flash("The plan is sold again.").await?;
            Ok(offering_forms::step_page(&fields, "plans"))
        },
    )
    .await
}

/// Takes back a version of a plan that has not begun.
#[server(prefix = "/fn", endpoint = "withdraw_plan_version")]
pub async fn withdraw_plan_version() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    ssr::post(
        "withdraw_plan_version",
        plan_history,
        async |Sent { form, fields }: Sent<forms::PlanVersionButton>| {
            let revision = offering_forms::revision(&fields);
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue().at_revision(revision));
            catalogue
                .withdraw_plan_version(&actor, form.offering, form.plan, form.version)
                .await?;
            ssr::flash("The version was withdrawn.").await?;
            Ok(plan_history(&fields))
        },
    )
    .await
}

/// Puts another price in the place of one that was wrong.
#[server(prefix = "/fn", endpoint = "correct_plan_price")]
pub async fn correct_plan_price() -> Result<(), AppError> {
    use crate::{
        offering_form,
        ssr::{self, Sent, forms, offering_forms},
    };
    ssr::post(
        "correct_plan_price",
        plan_correction,
        async |Sent { form, fields }: Sent<forms::CorrectPlanPrice>| {
            let draft = offering_form::correction_draft(&fields, form.version, &form.component)?;
            let billing = ssr::domain()?.billing();
            let done = billing
                .correct_price(&ssr::actor()?, form.offering, form.plan, draft)
                .await;
            done.map_err(|error| offering_forms::scheme_faults(error.into(), &form.component))?;
            ssr::flash("The price was corrected. Open months are computed with it.").await?;
            Ok(plan_history(&fields))
        },
    )
    .await
}

/// Where the form that corrects a price stands.
#[cfg(feature = "ssr")]
fn plan_correction(form: &FormFields) -> String {
    let step = crate::ssr::offering_forms::step_page(form, "plans");
    let encode = crate::address::encode;
    format!(
        "{step}?plan={}&correct={}#correct",
        encode(form.text("plan")),
        encode(form.text("version"))
    )
}

/// Where the versions of the plan of a form stand.
#[cfg(feature = "ssr")]
fn plan_history(form: &FormFields) -> String {
    let step = crate::ssr::offering_forms::step_page(form, "plans");
    format!("{step}?plan={}#versions", form.text("plan"))
}
