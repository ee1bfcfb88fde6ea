//! Actions of resources: what can be done, asking for it, what became of it; and what the provider's people do of it.

use leptos::prelude::*;
use model::{OfferedAction, Page, ResourceAction, ResourceDetail};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, form::FormFields, reply::FormReply, server_fns::provider::ProviderRows};

/// What the form of an action shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionForm {
    /// The resource.
    pub resource: ResourceDetail,
    /// The action.
    pub offered: OfferedAction,
    /// What the address fills in already.
    pub start: FormFields,
    /// What was typed and refused, if anything.
    pub reply: FormReply,
    /// Asks once, however often it is sent.
    pub token: String,
}

/// What the page of all actions of a resource shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionHistory {
    /// The resource.
    pub resource: ResourceDetail,
    /// What was asked for, the newest first.
    pub page: Page<ResourceAction>,
}

/// What the page of an action that the provider's people do shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ByHand {
    /// The action.
    pub action: ResourceAction,
    /// The resource.
    pub resource: ResourceDetail,
    /// What was typed and refused, if anything.
    pub reply: FormReply,
}

/// Loads an action of a resource for its form.
#[server(prefix = "/fn", endpoint = "load_action_form")]
pub async fn load_action_form(id: String, key: String) -> Result<ActionForm, AppError> {
    use crate::{routes, ssr};
    let (actor, domain, plugins) = (ssr::actor()?, ssr::domain()?, ssr::plugins()?);
    let resource = domain.provisioning().resource(&actor, ssr::id(&id)?).await?;
    let id = resource.summary.id;
    ssr::offer_way_on("See the resource", routes::resource(id));
    let known = domain.actions().of_resource(&actor, id, &plugins).await?;
    let offered = known.actions.into_iter().find(|one| one.action.key == key);
    let offered = offered.ok_or(domain::actions::ActionError::NoSuchAction)?;
    Ok(ActionForm {
        resource,
        offered,
        start: ssr::query()?,
        reply: ssr::take_reply("ask_for_action").await?,
        token: ssr::form_token(),
    })
}

/// Loads all that was asked for of a resource.
#[server(prefix = "/fn", endpoint = "load_action_history")]
pub async fn load_action_history(id: String) -> Result<ActionHistory, AppError> {
    use crate::ssr;
    use domain::actions::ActionFilter;
    let (actor, domain) = (ssr::actor()?, ssr::domain()?);
    let resource = domain.provisioning().resource(&actor, ssr::id(&id)?).await?;
    let filter = ActionFilter {
        resource: Some(resource.summary.id),
        ..Default::default()
    };
    let page = domain
        .actions()
        .list(&actor, &filter, &ssr::page_request()?)
        .await?;
    Ok(ActionHistory { resource, page })
}

/// Asks for an action of a resource.
#[server(prefix = "/fn", endpoint = "ask_for_action")]
pub async fn ask_for_action() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, action_forms, forms};
    use domain::{actions::Wish, catalogue::SentValues};
    ssr::post(
        "ask_for_action",
        action_forms::page,
        async |Sent { form, fields }: Sent<forms::AskForAction>| {
            let (actor, actions, plugins) = (ssr::actor()?, ssr::domain()?.actions(), ssr::plugins()?);
            let input = fields.under("input");
            let key = ssr::idempotency_key(&form.idempotency_key, &(form.resource, &*form.action, &input))?;
            let wish = Wish {
                key: form.action.into(),
                input: SentValues::Form(input),
            };
            let id = actions
                .ask(&actor, form.resource, wish, (&plugins, key.as_deref()))
                .await?;
            let asked = actions.one(&actor, id).await?;
            ssr::flash(&action_forms::asked(&asked)).await?;
            Ok(action_forms::on_resource(form.resource))
        },
    )
    .await
}

/// Takes back what was asked for.
#[server(prefix = "/fn", endpoint = "withdraw_action")]
pub async fn withdraw_action() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, action_forms, forms};
    ssr::post(
        "withdraw_action",
        action_forms::page,
        async |Sent { form, .. }: Sent<forms::WithdrawAction>| {
            let actions = ssr::domain()?.actions();
            actions.withdraw(&ssr::actor()?, form.asked).await?;
            ssr::flash("Withdrawn: nothing is done.").await?;
            Ok(action_forms::on_resource(form.resource))
        },
    )
    .await
}

/// Has the backend of a resource asked for its parts.
#[server(prefix = "/fn", endpoint = "list_parts")]
pub async fn list_parts() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, action_forms, forms};
    ssr::post(
        "list_parts",
        action_forms::page,
        async |Sent { form, .. }: Sent<forms::ListParts>| {
            let (actor, plugins) = (ssr::actor()?, ssr::plugins()?);
            let actions = ssr::domain()?.actions();
            actions.list_parts(&actor, form.resource, &plugins).await?;
            Ok(action_forms::on_resource(form.resource))
        },
    )
    .await
}

/// What people of a provider do, or did, by hand.
#[server(prefix = "/fn", endpoint = "load_provider_actions")]
pub async fn load_provider_actions(provider: String) -> Result<ProviderRows<ResourceAction>, AppError> {
    use crate::{ssr, ssr::provider_area};
    use domain::actions::ActionFilter;
    use model::ActionState;
    let (actor, filters) = (ssr::actor()?, ssr::query()?);
    let provider = provider_area::require_provider(&actor, &provider)?;
    let states = match filters.text("state") {
        "all" => Vec::new(),
        "over" => vec![ActionState::Done, ActionState::Failed, ActionState::Withdrawn],
        _ => vec![ActionState::Waiting],
    };
    let filter = ActionFilter {
        sold_by: Some(provider),
        by_hand: true,
        states,
        ..Default::default()
    };
    let actions = ssr::domain()?.actions();
    let page = actions.list(&actor, &filter, &ssr::page_request()?).await?;
    Ok(ProviderRows { page, filters })
}

/// An action that people of a provider do.
#[server(prefix = "/fn", endpoint = "load_provider_action")]
pub async fn load_provider_action(provider: String, id: String) -> Result<ByHand, AppError> {
    use crate::{ssr, ssr::provider_area};
    let (actor, domain) = (ssr::actor()?, ssr::domain()?);
    let provider = provider_area::require_provider(&actor, &provider)?;
    let action = domain.actions().one(&actor, ssr::id(&id)?).await?;
    let resource = domain.provisioning().resource(&actor, action.resource_id).await?;
    if !action.by_hand || resource.summary.provider_id != provider {
        return Err(AppError::not_found());
    }
    Ok(ByHand {
        action,
        resource,
        reply: ssr::take_reply("finish_action").await?,
    })
}

/// Says that an action was done by hand.
#[server(prefix = "/fn", endpoint = "finish_action")]
pub async fn finish_action() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, action_forms, forms, provider_area};
    ssr::post(
        "finish_action",
        action_forms::by_hand,
        async |Sent { form, fields }: Sent<forms::FinishAction>| {
            let output = provider_area::labelled_lines(fields.text("output"), "Result");
            let actions = ssr::domain()?.actions();
            actions
                .finish(&ssr::actor()?, form.asked, (fields.text("note"), &output))
                .await?;
            ssr::flash("Done. Whoever asked for it is told.").await?;
            Ok(action_forms::by_hand(&fields))
        },
    )
    .await
}

/// Says that an action cannot be done by hand.
#[server(prefix = "/fn", endpoint = "refuse_action")]
pub async fn refuse_action() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, action_forms, forms};
    ssr::post(
        "finish_action",
        action_forms::by_hand,
        async |Sent { form, fields }: Sent<forms::RefuseAction>| {
            let actions = ssr::domain()?.actions();
            actions.refuse(&ssr::actor()?, form.asked, &form.reason).await?;
            ssr::flash("Whoever asked for it is told why it cannot be done.").await?;
            Ok(action_forms::by_hand(&fields))
        },
    )
    .await
}
