use leptos::prelude::*;
use leptos_meta::Title;

use super::provider_id;
use crate::{
    components::*,
    error::AppError,
    page::{Area, page},
    reply::FormReply,
    routes,
    server_fns::{provider::load_provider_offerings, session::load_reply},
};

#[component]
pub fn NewOfferingPage() -> impl IntoView {
    let id = provider_id();
    page(Area::Provider(id.clone()), async move {
        // To those who do not work for this provider there is no such page.
        if !load_provider_offerings(id.clone()).await?.can_create {
            return Err(AppError::forbidden(
                "You may not add offerings here. Managers of the provider can.",
            ));
        }
        let reply = load_reply("create_offering".to_owned()).await?;
        Ok(view! { <NewOffering provider=id reply=reply/> })
    })
}

#[component]
fn NewOffering(provider: String, reply: FormReply) -> impl IntoView {
    let back = routes::provider(&provider);
    view! {
        <Title text="New offering"/>
        <PageHeader
            title="New offering"
            breadcrumbs=vec![Breadcrumb::to("Offerings", back.clone()), Breadcrumb::here("New")]
            lead="A name is enough to begin. It stays a draft until you publish it: only people of the provider and those who run the portal see it."
        />
        <Section>
            <Form action="/fn/create_offering" label="New offering">
                <ErrorSummary errors=reply.errors() title="The offering was not created."/>
                <HiddenField name="provider" value=provider/>
                <TextField
                    name="name"
                    label="Name"
                    value=reply.value_or("name", "")
                    help="As buyers know it: SLURM cluster Vega."
                    error=reply.error("name")
                    maxlength=150
                    required=true
                    autofocus=true
                />
                <FormActions>
                    <SubmitButton busy="Creating…" attr:data-test="create-offering">
                        "Create draft"
                    </SubmitButton>
                    <LinkButton href=back kind=ButtonKind::Quiet>
                        "Back"
                    </LinkButton>
                </FormActions>
            </Form>
        </Section>
    }
}
