use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{fields::RuleFields, list_of};
use crate::{
    components::*,
    page::page,
    pages::place::Place,
    server_fns::approval_rules::{RuleFacts, load_approval_rule},
};

#[component]
pub fn AdminRulePage() -> impl IntoView {
    of(Place::system())
}

#[component]
pub fn OrganizationRulePage() -> impl IntoView {
    of(Place::of("organization", "id"))
}

#[component]
pub fn ProjectRulePage() -> impl IntoView {
    of(Place::of("project", "id"))
}

#[component]
pub fn ProviderRulePage() -> impl IntoView {
    of(Place::of("provider", "org"))
}

fn of(place: Place) -> impl IntoView {
    let rule = use_params_map().with_untracked(|params| params.get("rule").unwrap_or_default());
    page(place.area(), async move {
        let facts = load_approval_rule(place.kind.to_owned(), place.id.clone(), rule).await?;
        Ok(whole(&place, facts))
    })
}

fn whole(place: &Place, facts: RuleFacts) -> impl IntoView + use<> {
    let RuleFacts {
        rule,
        choices,
        reply,
        stored,
    } = facts;
    let fields = place.fields_of("rule", rule.id);
    let (title, removed) = (rule.name.clone(), fields.clone());
    let remove = view! {
        <DialogButton for_id="remove-rule" kind=ButtonKind::Secondary attr:data-test="remove-rule">
            "Remove"
        </DialogButton>
        <ConfirmDialog id="remove-rule" title="Remove this rule?" action="/fn/remove_approval_rule" confirm="Remove" danger=true fields=removed>
            "Orders that are placed from now on are not read by it. Those that wait already keep the steps that they have."
        </ConfirmDialog>
    }
    .into_any();
    let (list, revision, place) = (list_of(place), rule.revision.to_string(), place.clone());
    view! {
        <Title text=title.clone()/>
        <PageHeader
            title=title.clone()
            breadcrumbs=vec![Breadcrumb::to("Approval rules", list), Breadcrumb::here(title)]
            lead=rule.sentence
            actions=remove
        />
        <Section>
            <Form action="/fn/change_approval_rule" label="Rule">
                <ErrorSummary errors=reply.errors() title="The rule was not changed."/>
                <Conflict stored=stored reply=reply.clone()/>
                <HiddenFields fields=fields/>
                <HiddenField name="revision" value=revision/>
                <RuleFields place=place choices=choices reply=reply/>
                <FormActions>
                    <SubmitButton busy="Saving…" attr:data-test="change-rule">
                        "Save"
                    </SubmitButton>
                </FormActions>
            </Form>
        </Section>
    }
}
