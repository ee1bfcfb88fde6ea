//! How long things last: renewing, choosing another last day, the days of a project, and what a provider allows.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::{ProjectSummary, QuoteRequest};
use serde::{Deserialize, Serialize};

use super::resources::ResourceForm;
use crate::{error::AppError, form::FormFields, reply::FormReply};

/// What the form that extends a resource shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExtendForm {
    /// The form.
    pub form: ResourceForm,
    /// What the cost of another term depends on; none where nothing is paid up front, and for people who may not renew.
    pub terms: Option<QuoteRequest>,
    /// The last day of its project, with which it would end.
    pub project_end: Option<NaiveDate>,
}

/// What the settings of a project show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectForm {
    /// The project as it is stored.
    pub project: ProjectSummary,
    /// Currency of its organization.
    pub currency: String,
    /// Whether the person may change up to what its managers may commit.
    pub may_set_limit: bool,
    /// Its state, which a change names.
    pub state: String,
    /// As it is stored, by field name.
    pub stored: FormFields,
    /// What was typed and refused, if anything.
    pub reply: FormReply,
}

/// Loads a resource for the form that extends it.
#[server(prefix = "/fn", endpoint = "load_extend_form")]
pub async fn load_extend_form(id: String) -> Result<ExtendForm, AppError> {
    use crate::ssr;
    use model::Extension;
    let form = super::resources::load_resource_form(id, "extend_resource".to_owned()).await?;
    let lifetime = &form.resource.lifetime;
    let (mut terms, mut project_end) = (None, None);
    if lifetime.can_extend && lifetime.extension == Extension::Renew {
        let (actor, domain, resource) = (ssr::actor()?, ssr::domain()?, &form.resource.summary);
        terms = Some(domain.ordering().renew_terms(&actor, resource.id).await?);
        let project = domain.structure().project(&actor, resource.project_id).await?;
        project_end = project.end_date;
    }
    Ok(ExtendForm {
        form,
        terms,
        project_end,
    })
}

/// Orders another term.
#[server(prefix = "/fn", endpoint = "renew_resource")]
pub async fn renew_resource() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, SentOrder, forms},
    };
    use model::{FieldFault, Problem, RenewDraft};
    ssr::post(
        "extend_resource",
        |form| routes::resource_extend(form.text("resource")),
        async |Sent { form, fields }: Sent<forms::RenewResource>| {
            let (actor, ordering) = (ssr::actor()?, ssr::domain()?.ordering());
            let months = form.term_months.parse().map_err(|_no_number| {
                let fault = FieldFault::at("term_months", "not_a_number", "Enter a number of months.");
                AppError(Problem::invalid(vec![fault]))
            })?;
            let draft = RenewDraft {
                resource_id: form.resource,
                months,
            };
            let key = ssr::idempotency_key(&form.idempotency_key, &draft)?;
            let sent = SentOrder::of(&actor, key).await?;
            let once_more = fields.is_on("once_more");
            if !form.price_mark.is_empty() {
                let now = ordering.renew_terms(&actor, form.resource).await?.price_mark();
                sent.refuse_other_prices("term_months", &form.price_mark, &now)?;
            }
            let placed = ordering
                .place_renew_once(&actor, draft, sent.key(), once_more)
                .await;
            let id = placed.map_err(|error| AppError::from(error).renamed(&[("months", "term_months")]))?;
            sent.placed(id, "The renewal is ordered.").await
        },
    )
    .await
}

/// Shows the form of a renewal again with the price of the term that was typed, for browsers without scripts.
#[server(prefix = "/fn", endpoint = "recalculate_renewal")]
pub async fn recalculate_renewal() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, forms},
    };
    ssr::show_again::<forms::RenewResource>("extend_resource", |form| {
        format!("{}#quote", routes::resource_extend(form.text("resource")))
    })
    .await
}

/// Sets or removes the last day of a resource.
#[server(prefix = "/fn", endpoint = "change_end")]
pub async fn change_end() -> Result<(), AppError> {
    use crate::{
        offering_form::FormReader,
        routes,
        ssr::{self, Sent, forms},
    };
    ssr::post(
        "extend_resource",
        |form| routes::resource_extend(form.text("resource")),
        async |Sent { form, fields }: Sent<forms::ChangeEnd>| {
            let actor = ssr::actor()?;
            let ordering = ssr::domain()?.ordering().at_state(&form.revision);
            let mut read = FormReader::new(&fields);
            let day = read.day("last_day");
            ordering
                .change_end(&actor, form.resource, read.done(day)?)
                .await?;
            ssr::flash("The last day is changed.").await?;
            Ok(routes::resource(form.resource))
        },
    )
    .await
}

/// The settings of a project, for those who may change them.
#[server(prefix = "/fn", endpoint = "load_project_form")]
pub async fn load_project_form(id: String) -> Result<ProjectForm, AppError> {
    use crate::{ssr, ssr::structure_forms};
    use domain::access::Target;
    let (actor, domain, id) = (ssr::actor()?, ssr::domain()?, ssr::id(&id)?);
    // Before the project itself: whoever changes it between the two is found out.
    let state = domain.structure().project_state(&actor, id).await?;
    let project = domain.structure().project(&actor, id).await?;
    let target = Target::project(project.organization_id, id);
    domain
        .access()
        .authorize(&actor, model::Permission::EditProject, &target)?;
    let organization = domain
        .structure()
        .organization(&actor, project.organization_id)
        .await;
    Ok(ProjectForm {
        // A project's own people may not see its organization.
        currency: organization.map_or_else(|_hidden| String::new(), |one| one.currency.to_string()),
        may_set_limit: actor.may(model::Permission::ApproveOrder, &target),
        stored: structure_forms::project_texts(&project),
        project,
        state,
        reply: ssr::take_reply("save_project").await?,
    })
}

/// Changes a project.
#[server(prefix = "/fn", endpoint = "save_project")]
pub async fn save_project() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms, structure_forms},
    };
    ssr::post(
        "save_project",
        |form| routes::project_part(form.text("project"), "settings"),
        async |Sent { form, fields }: Sent<forms::SaveProject>| {
            let structure = ssr::domain()?.structure().at_state(fields.text("revision"));
            let change = structure_forms::changed_project(&fields)?;
            structure
                .edit_project(&ssr::actor()?, form.project, change)
                .await?;
            ssr::flash("The project is saved.").await?;
            Ok(routes::project(form.project))
        },
    )
    .await
}

/// Stores the terms that can be had of an offering, and its days of grace.
#[server(prefix = "/fn", endpoint = "save_duration")]
pub async fn save_duration() -> Result<(), AppError> {
    use crate::{
        offering_form::FormReader,
        ssr::{self, Sent, forms, offering_forms},
    };
    use model::DurationRules;
    ssr::post(
        "save_duration",
        |form| offering_forms::step_page(form, "plans"),
        async |Sent { form, fields }: Sent<forms::SaveDuration>| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            let mut read = FormReader::new(&fields);
            let rules = DurationRules {
                min_months: read.whole("min_months"),
                max_months: read.whole("max_months"),
                step_months: read.whole("step_months"),
                grace_days: read.whole("grace_days").unwrap_or_default(),
            };
            let rules = read.done(rules)?;
            catalogue
                .set_duration(&actor, form.offering, rules, offering_forms::revision(&fields))
                .await?;
            ssr::flash("Saved.").await?;
            Ok(offering_forms::step_page(&fields, "plans"))
        },
    )
    .await
}
