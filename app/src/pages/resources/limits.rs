use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{ChargeType, LimitUse, pricing::counted};

use crate::{
    components::*,
    page::{Place, page},
    reply::FormReply,
    routes,
    server_fns::resources::{ResourceForm, load_resource_form},
};

#[component]
pub fn ResourceLimitsPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    page(Place::Market, async move {
        Ok(whole(load_resource_form(id, "change_limits".to_owned()).await?))
    })
}

fn whole(form: ResourceForm) -> impl IntoView {
    let ResourceForm {
        resource,
        reply,
        token,
    } = form;
    let id = resource.summary.id;
    let name = resource.summary.name.clone();
    let limited = resource
        .use_of_limits
        .iter()
        .filter(|one| one.component.terms.charge == ChargeType::Limit);
    let fields: Vec<_> = limited.cloned().map(|one| field(one, &reply)).collect();
    view! {
        <Title text=format!("Change limits of {name}")/>
        <PageHead
            title="Change limits"
            crumbs=vec![
                Crumb::to("Resources", "/resources"),
                Crumb::to(name, routes::resource(id)),
                Crumb::here("Change limits"),
            ]
            lead="A change is an order of its own: it may need approval, and counts from the day it is carried out."
        />
        <Section>
            <Form action="/fn/change_limits" token=token>
                <ErrorSummary errors=reply.errors()/>
                <HiddenField name="resource" value=id.to_string()/>
                {fields}
                <FormActions>
                    <SubmitButton attr:data-test="place-change">"Order the change"</SubmitButton>
                    <LinkButton href=routes::resource(id)>"Back"</LinkButton>
                </FormActions>
            </Form>
        </Section>
    }
}

fn field(one: LimitUse, reply: &FormReply) -> impl IntoView + use<> {
    let terms = one.component.terms;
    let name = format!("limits.{}", terms.code);
    let limit = one.limit.unwrap_or_default();
    let held = counted(limit, &terms.unit);
    let help = if one.used.is_zero() {
        format!("Now {held}.")
    } else {
        format!("Now {held}, of which {} used.", one.used)
    };
    let text = |bound: Option<model::Fixed>| bound.map(|value| value.to_string()).unwrap_or_default();
    view! {
        <NumberField
            name=name.clone()
            label=terms.name
            value=reply.value_or(&name, limit.to_string())
            help=help
            error=reply.error(&name)
            unit=terms.unit.clone()
            min=text(terms.min)
            max=text(terms.max)
            required=true
        />
    }
}
