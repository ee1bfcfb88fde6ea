//! More time for a resource: another term where it is paid up front, another last day otherwise.

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{Extension, QuoteRequest, ResourceDetail};

use super::{
    change_form::{ChangeForm, head, open_order},
    lifetime::days,
};
use crate::{
    calculator::{Choices, PriceList},
    components::*,
    page::{Area, page_with_area},
    reply::FormReply,
    routes,
    server_fns::{
        durations::{ExtendForm, load_extend_form},
        resources::ResourceForm,
    },
};

const RENEWAL: ChangeForm = ChangeForm {
    id: "extend-form",
    label: "Renew",
    action: "/fn/renew_resource",
    recalculate: "/fn/recalculate_renewal",
    button: ("Order the renewal", "place-renewal"),
    note: "Paid up front, when the new term begins. Somebody of your organization may have to approve it first.",
};

#[component]
pub fn ResourceExtendPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    page_with_area(Area::Market, async move {
        let facts = load_extend_form(id).await?;
        let place = Area::of_project(facts.form.resource.summary.project_id);
        Ok((place, whole(facts)))
    })
}

fn whole(facts: ExtendForm) -> impl IntoView {
    let ExtendForm {
        form,
        terms,
        project_end,
    } = facts;
    let terms = terms.zip(Some(project_end));
    let ResourceForm {
        resource,
        state,
        reply,
        token,
        ..
    } = form;
    let (title, main) = match (resource.lifetime.can_extend, resource.lifetime.extension, terms) {
        (true, Extension::Renew, Some(terms)) => ("Renew", renewal(&resource, terms, &reply, token)),
        (true, Extension::ChangeEnd, _) => ("Change the last day", last_day(&resource, state, &reply)),
        (_, Extension::ChangeProject, _) => ("Extend", of_project(&resource)),
        _ => ("Extend", refused(&resource)),
    };
    let head = head(&resource, title, None);
    view! { {head} {main} }
}

fn renewal(
    resource: &ResourceDetail,
    (terms, project_end): (QuoteRequest, Option<NaiveDate>),
    reply: &FormReply,
    token: String,
) -> AnyView {
    let lifetime = &resource.lifetime;
    let rules = lifetime.rules;
    let months = reply.value_or("term_months", rules.least().to_string());
    let start = Choices {
        term_months: months.clone(),
        ..Choices::default()
    };
    let (first, error) = (days(lifetime.next_term), reply.error("term_months"));
    let once_more = reply
        .error("once_more")
        .map(|error| view! { <OnceMore error=error/> });
    let mark = terms.price_mark();
    let fields = view! {
        {once_more}
        <HiddenField name="price_mark" value=mark/>
        <Section title="Another term" lead=format!("It begins on {first}, or on the day on which the provider has renewed it where that is later. Limits and plan stay as they are.")>
            <TermField label="For how many months" rules=rules months=months error=error/>
        </Section>
    };
    let price = Some((PriceList::for_change(terms, rules).within(project_end), start));
    RENEWAL.view(resource.summary.id, (reply, token), price, fields)
}

fn last_day(resource: &ResourceDetail, state: String, reply: &FormReply) -> AnyView {
    let id = resource.summary.id;
    let present = resource
        .lifetime
        .last_day
        .filter(|_| resource.lifetime.extension == Extension::ChangeEnd);
    let present = present.map(|day| day.to_string()).unwrap_or_default();
    let (errors, error) = (reply.errors(), reply.error("last_day"));
    let stored = [("last_day".to_owned(), present.clone())].into_iter().collect();
    let value = reply.value_or("last_day", present);
    let reply = reply.clone();
    view! {
        <Section>
            <Form action="/fn/change_end" label="Change the last day">
                <ErrorSummary errors=errors/>
                <Conflict stored=stored reply=reply/>
                <HiddenField name="resource" value=id.to_string()/>
                <HiddenField name="revision" value=state/>
                <DateField
                    name="last_day"
                    label="Last day"
                    value=value
                    help="It is included. Leave it empty to keep the resource until somebody terminates it or its project ends. This costs nothing by itself."
                    error=error
                />
                <FormActions>
                    <SubmitButton attr:data-test="change-end">"Save"</SubmitButton>
                    <LinkButton href=routes::resource(id)>"Back"</LinkButton>
                </FormActions>
            </Form>
        </Section>
    }
    .into_any()
}

fn of_project(resource: &ResourceDetail) -> AnyView {
    let (project, name) = (resource.summary.project_id, resource.summary.project_name.clone());
    let link = resource.lifetime.can_extend.then(|| {
        view! {
            <LinkButton href=routes::project_part(project, "settings") kind=ButtonKind::Primary>
                "Change the project"
            </LinkButton>
        }
    });
    view! {
        <Banner tone=Tone::Waiting title=format!("It ends with the project {name}")>
            "Choose a later last day for the project first; whoever administers it can do that."
        </Banner>
        {link}
    }
    .into_any()
}

fn refused(resource: &ResourceDetail) -> AnyView {
    let why = if resource.open_order.is_some() {
        resource.why_not.clone()
    } else {
        "It cannot be extended now: it is at work, being ended or gone, its offering has ended, or its project takes no orders.".to_owned()
    };
    let order = open_order(resource);
    view! { <Banner tone=Tone::Waiting title="Not now">{why} {order}</Banner> }.into_any()
}
