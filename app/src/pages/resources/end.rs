use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    components::*,
    page::{Area, page_with_area},
    routes,
    server_fns::resources::{ResourceForm, load_resource_form},
};

#[component]
pub fn ResourceEndPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    page_with_area(Area::Market, async move {
        let form = load_resource_form(id, "terminate_resource".to_owned()).await?;
        let place = Area::of_project(form.resource.summary.project_id);
        Ok((place, whole(form)))
    })
}

fn whole(form: ResourceForm) -> impl IntoView {
    let ResourceForm {
        resource,
        reply,
        token,
        asks_provider,
        ..
    } = form;
    let id = resource.summary.id;
    let list = super::breadcrumb(resource.summary.project_id);
    let is_prepaid = !resource.lifetime.terms.is_empty();
    let paid = is_prepaid.then_some(" What was paid up front is not given back.");
    let agrees = asks_provider.then(|| {
        let words = format!(
            "{} must agree to it first. Until then it runs on and is billed, at most to its last day.",
            resource.summary.provider_name
        );
        view! { <Banner tone=Tone::Info title="The provider decides, too">{words}</Banner> }
    });
    let name = resource.summary.name;
    view! {
        <Title text=format!("Terminate {name}")/>
        <PageHeader
            title=format!("Terminate {name}")
            breadcrumbs=vec![
                list,
                Breadcrumb::to(name, routes::resource(id)),
                Breadcrumb::here("Terminate"),
            ]
        />
        <Section>
            <Banner tone=Tone::Waiting title="This cannot be undone">
                "Running work is stopped and access ends. What was used until then stays on the invoice."
                {paid}
            </Banner>
            {agrees}
            <Form action="/fn/terminate_resource" token=token>
                <ErrorSummary errors=reply.errors()/>
                <HiddenField name="resource" value=id.to_string()/>
                <TextArea
                    name="reason"
                    label="Reason"
                    help="Shown to whoever approves."
                    value=reply.value_or("reason", "")
                    error=reply.error("reason")
                    maxlength=u32::from(model::REASON_LENGTH)
                    rows=3
                />
                <FormActions>
                    <SubmitButton kind=ButtonKind::Danger attr:data-test="confirm-terminate">"Order the termination"</SubmitButton>
                    <LinkButton href=routes::resource(id)>"Keep it"</LinkButton>
                </FormActions>
            </Form>
        </Section>
    }
}
