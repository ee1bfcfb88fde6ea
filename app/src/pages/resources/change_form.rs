//! What the forms share that order a change of a resource: the head, the price beside the fields, the buttons.

use leptos::prelude::*;
use leptos_meta::Title;
use model::{ResourceDetail, ResourceId};

use crate::{
    calculator::{Choices, PriceList},
    components::*,
    islands::LiveQuote,
    reply::FormReply,
    routes,
};

/// The head of a page that changes a resource.
pub(super) fn head(resource: &ResourceDetail, title: &str, lead: Option<&str>) -> impl IntoView + use<> {
    let (id, name) = (resource.summary.id, resource.summary.name.clone());
    view! {
        <Title text=format!("{title}: {name}")/>
        <PageHeader
            title=title.to_owned()
            breadcrumbs=vec![
                super::breadcrumb(resource.summary.project_id),
                Breadcrumb::to(name, routes::resource(id)),
                Breadcrumb::here(title.to_owned()),
            ]
            lead=lead.map(str::to_owned)
        />
    }
}

/// The way to the order that stands in the way, where one does.
pub(super) fn open_order(resource: &ResourceDetail) -> impl IntoView + use<> {
    let order = resource.open_order;
    order.map(|order| view! { " " <a href=routes::order(order) data-test="open-order">"See the order"</a> })
}

/// A form that orders a change.
pub(super) struct ChangeForm {
    /// Id of the form, which the price follows.
    pub(super) id: &'static str,
    pub(super) label: &'static str,
    /// Where it is posted.
    pub(super) action: &'static str,
    /// Where it is posted to see the price again, without scripts.
    pub(super) recalculate: &'static str,
    /// The words on the button, and its name for tests.
    pub(super) button: (&'static str, &'static str),
    /// What is said below the price.
    pub(super) note: &'static str,
}

impl ChangeForm {
    /// The form with these fields; without a price where none can be said.
    pub(super) fn view(
        self,
        resource: ResourceId,
        (reply, token): (&FormReply, String),
        price: Option<(PriceList, Choices)>,
        fields: impl IntoView + 'static,
    ) -> AnyView {
        let Self {
            id,
            label,
            action,
            recalculate,
            button: (words, test),
            note,
        } = self;
        let aside = price.map(|(list, start)| {
            view! {
                <Section title="What it costs">
                    <LiveQuote form=id.to_owned() list=list start=start/>
                    <CalculateAgain action=recalculate/>
                    <p class="small muted">{note}</p>
                </Section>
            }
        });
        let errors = reply.errors();
        view! {
            <Form action=action token=token id=id label=label>
                <ErrorSummary errors=errors/>
                <HiddenField name="resource" value=resource.to_string()/>
                <Split aside=aside.into_any() sticky=true>
                    {fields}
                    <FormActions>
                        <SubmitButton attr:data-test=test>{words}</SubmitButton>
                        <LinkButton href=routes::resource(resource)>"Back"</LinkButton>
                    </FormActions>
                </Split>
            </Form>
        }
        .into_any()
    }
}
