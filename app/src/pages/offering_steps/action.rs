//! One action of the provider: how it is defined, and what it asks for.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{Action, OfferingDetail};

use super::{
    question_builder::{QuestionBuilder, preview},
    step::{Step, area_of, is_editable, offering_id, part_page},
};
use crate::{
    components::*,
    error::AppError,
    offering_form::{Questions, own_action},
    page::{Area, page_with_area},
    routes,
    server_fns::offerings::{load_backends, load_offering_step},
};

#[component]
pub fn OwnActionPage() -> impl IntoView {
    let id = offering_id();
    let key = use_params_map().with_untracked(|params| params.get("key").unwrap_or_default());
    page_with_area(Area::Market, async move {
        let facts = load_offering_step(id.clone(), "add_field".to_owned()).await?;
        let plugins = load_backends(id).await?.plugins;
        let (offering, area) = (facts.offering.clone(), area_of(&facts.offering));
        // Of what is delivered otherwise they are kept, but there are none.
        let of_offering = plugins.iter().find(|plugin| plugin.kind == offering.plugin);
        let action = own_action(&offering, &key)
            .filter(|_| of_offering.is_some_and(|plugin| plugin.takes_own_actions))
            .ok_or_else(AppError::not_found)?;
        let preview = preview(
            action.input.clone(),
            "As whoever asks for it sees it. Try it out: nothing is sent.",
            "No questions yet. It is asked for with its button alone.",
        );
        let definition = definition(&offering, action);
        let main = view! {
            {definition}
            <QuestionBuilder facts=facts questions=Questions::OfAction(key)/>
        };
        let part = (Step::Actions, action.title.as_str());
        Ok((area, part_page(part, &offering, main.into_any(), Some(preview))))
    })
}

/// How it is defined, with a way to where that is changed.
fn definition(offering: &OfferingDetail, action: &Action) -> AnyView {
    let list = routes::offering_step(offering.summary.id, "actions");
    let change = format!("{list}?action={}#action", action.key);
    let change = is_editable(offering)
        .then(|| view! { <LinkButton href=change size=ButtonSize::Small>"Change"</LinkButton> });
    let warning = action.confirmation.clone();
    let warning =
        (!warning.is_empty()).then(|| view! { <KeyValue label="What follows from it">{warning}</KeyValue> });
    let (who, key) = (action.audience.label(), action.key.clone());
    let beside = if action.beside_others { "Yes" } else { "No" };
    view! {
        <Section title=action.title.clone() lead=action.description.clone() actions=change.into_any()>
            <KeyValues>
                <KeyValue label="Who may ask for it">{who}</KeyValue>
                {warning}
                <KeyValue label="While another is under way">{beside}</KeyValue>
                <KeyValue label="Key"><span class="mono">{key}</span></KeyValue>
            </KeyValues>
        </Section>
    }
    .into_any()
}
