use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{OfferingDetail, OfferingState, OrderableProject, Schema};

use super::order_fields::{ExpectedFields, LimitFields, PlanCards, TERM_HELP, choices, has_term};
use crate::{
    calculator::{Choices, PriceList},
    components::*,
    error::AppError,
    islands::{LiveQuote, LiveValidation},
    page::{Area, page},
    reply::FormReply,
    routes,
    server_fns::{
        ordering::{OrderFormFacts, load_order_form},
        session::load_reply,
    },
};

const FORM: &str = "order-form";

#[component]
pub fn OrderFormPage() -> impl IntoView {
    let slug = use_params_map().read().get("slug").unwrap_or_default();
    page(Area::Market, async move {
        let facts = load_order_form(slug).await?;
        let reply = load_reply("place_order".to_owned()).await?;
        Ok::<_, AppError>(view! { <OrderFormView facts=facts reply=reply/> })
    })
}

#[component]
pub(super) fn OrderFormView(facts: OrderFormFacts, reply: FormReply) -> impl IntoView {
    let summary = facts.offering.summary.clone();
    let title = format!("Order {}", summary.name);
    let can_order = summary.state == OfferingState::Active && !facts.places.is_empty();
    view! {
        <Title text=title.clone()/>
        <PageHeader
            title=title
            breadcrumbs=vec![
                Breadcrumb::to("Marketplace", "/marketplace"),
                Breadcrumb::to(summary.name.clone(), routes::offering(&summary.slug)),
                Breadcrumb::here("Order"),
            ]
            lead=format!("Sold and run by {}.", summary.provider_name)
        />
        {if can_order {
            view! { <WholeForm facts=facts reply=reply/> }.into_any()
        } else {
            view! { <CannotOrder offering=facts.offering/> }.into_any()
        }}
    }
}

/// Why there is no form, and what to do.
#[component]
fn CannotOrder(offering: OfferingDetail) -> impl IntoView {
    if offering.summary.state != OfferingState::Active {
        let reason = if offering.state_reason.is_empty() {
            String::new()
        } else {
            format!(" {}", offering.state_reason)
        };
        return view! {
            <Banner tone=Tone::Waiting title="No new orders at the moment">
                {format!("{} takes no orders now.{reason}", offering.summary.name)}
            </Banner>
        }
        .into_any();
    }
    let places = ProjectPlaces::of_reader();
    let next = if places.organizations.is_empty() {
        "Ask the owner of your organization to add you to one; then come back here."
    } else {
        "Create one, or ask to be added to one; then come back here."
    };
    let links = view! { <NewProjectLinks places=places/> };
    view! {
        <EmptyState illustration=Illustration::People title="You have no project that can order this" actions=links.into_any()>
            "Services are ordered for a project that has begun and is not over, of an organization that they are offered to. "
            {next}
        </EmptyState>
    }
    .into_any()
}

#[component]
fn WholeForm(facts: OrderFormFacts, reply: FormReply) -> impl IntoView {
    let OrderFormFacts {
        offering,
        terms,
        places,
        asked,
        key,
    } = facts;
    let mut start = choices(&offering, &reply, &asked);
    let is_offered = places
        .iter()
        .any(|place| place.project_id.to_string() == start.project);
    let elsewhere = !is_offered && !start.project.is_empty();
    if elsewhere {
        start.project.clear();
    } else if !is_offered && !reply.is_filled() {
        start.project = places
            .first()
            .map(|place| place.project_id.to_string())
            .unwrap_or_default();
    }
    let list = PriceList::for_buyers(&offering, &places);
    let aside = view! { <Aside list=list start=start.clone()/> }.into_any();
    let slug = offering.summary.slug.clone();
    let mark = offering.price_mark();
    let errors = reply.errors();
    let once_more = reply
        .error("once_more")
        .map(|error| view! { <OnceMore error=error/> });
    let sections = view! {
        <ForWhom places=places.clone() chosen=start.project.clone() elsewhere=elsewhere reply=reply.clone()/>
        <What offering=offering.clone() places=places start=start reply=reply.clone()/>
        <Questions schema=offering.request_form.clone() reply=reply.clone()/>
        <Terms offering=offering html=terms reply=reply/>
    };
    view! {
        <Form action="/fn/place_order" token=key id=FORM label="Order">
            <ErrorSummary errors=errors title="Nothing was ordered yet. Please look at this:"/>
            {once_more}
            <HiddenField name="offering" value=slug/>
            <HiddenField name="price_mark" value=mark/>
            <Split aside=aside sticky=true>
                {sections}
            </Split>
        </Form>
    }
}

#[component]
fn ForWhom(
    places: Vec<OrderableProject>,
    chosen: String,
    /// The project that was asked for cannot order this.
    elsewhere: bool,
    reply: FormReply,
) -> impl IntoView {
    let error = reply.error("project");
    let elsewhere = elsewhere.then(|| {
        view! {
            <Banner tone=Tone::Waiting title="The project that you came from cannot order this now">
                "It has not begun, it is over, or the service is not offered to it. Choose another project."
            </Banner>
        }
    });
    view! {
        <Section title="For whom">
            {elsewhere}
            <ProjectField places=places chosen=chosen error=error/>
            <NameField reply=reply/>
        </Section>
    }
}

/// Plan, amounts, how long.
#[component]
fn What(
    offering: OfferingDetail,
    places: Vec<OrderableProject>,
    start: Choices,
    reply: FormReply,
) -> impl IntoView {
    let last_day = places
        .iter()
        .filter_map(|place| place.last_day)
        .max()
        .map(|day| day.to_string());
    let (rules, months) = (offering.duration, start.term_months.clone());
    let end = if has_term(&offering.components) {
        view! { <TermField rules=rules months=months help=TERM_HELP error=reply.error("term_months")/> }
            .into_any()
    } else {
        view! {
            <DateField
                name="end_date"
                label="Last day"
                value=start.end_date.clone()
                help="It is included. Leave it empty to keep the service until you terminate it or its project ends."
                error=reply.error("end_date")
                max=last_day
            />
        }
        .into_any()
    };
    let first = view! {
        <DateField
            name="start_date"
            label="First day"
            value=start.start_date.clone()
            help="Leave it empty to start as soon as it is approved."
            error=reply.error("start_date")
        />
    };
    let plans = view! { <PlanCards plans=offering.plans.clone() components=offering.components.clone() chosen=start.plan.clone() error=reply.error("plan")/> };
    view! {
        <Section title="What">
            {plans}
            <LimitFields
                components=offering.components.clone()
                plans=offering.plans
                choices=start.clone()
                reply=reply.clone()
            />
            <ExpectedFields components=offering.components choices=start reply=reply/>
            <FormGrid>{first} {end}</FormGrid>
        </Section>
    }
}

/// The provider's own questions.
#[component]
fn Questions(schema: Schema, reply: FormReply) -> impl IntoView {
    (!schema.is_empty()).then(|| {
        view! {
            <Section title="What the provider needs to know">
                <AttributeForm schema=schema.clone() reply=reply/>
                <LiveValidation form=FORM.to_owned() prefix="attributes".to_owned() schema=schema/>
            </Section>
        }
    })
}

/// The price and the button: what is about to happen stands where it is confirmed.
#[component]
fn Aside(list: PriceList, start: Choices) -> impl IntoView {
    view! {
        <Section title="What it costs">
            <LiveQuote form=FORM.to_owned() list=list start=start/>
            <CalculateAgain action="/fn/recalculate_order"/>
            <SubmitButton full=true size=ButtonSize::Large busy="Placing the order…" attr:data-test="place-order">
                "Place order"
            </SubmitButton>
            <p class="small muted">"The price is fixed when you order: while the order waits for approval, 60 days at most, no later price that is higher reaches it. What runs gets higher prices when its plan says, after a notice or at a renewal, and lower ones at once; whom a price will reach is told in the history of what it is for. Somebody of your organization may have to approve it first."</p>
        </Section>
    }
}

#[component]
fn ProjectField(
    places: Vec<OrderableProject>,
    chosen: String,
    #[prop(into)] error: OptionalText,
) -> impl IntoView {
    let choices = places.into_iter().map(|place| {
        Choice::new(place.project_id.to_string(), place.project_name).group(place.organization_name)
    });
    let mut choices: Vec<Choice> = choices.collect();
    choices.sort_by(|one, other| one.group.cmp(&other.group));
    let placeholder = chosen.is_empty().then(|| "Choose a project".to_owned());
    view! {
        <Select name="project" label="Project" choices=choices value=chosen placeholder=placeholder error=error required=true help="Its organization pays."/>
    }
}

#[component]
fn NameField(reply: FormReply) -> impl IntoView {
    view! {
        <TextField
            name="name"
            label="Name"
            value=reply.value_or("name", "")
            help="How you and your colleagues will find it again, for example “Ice model runs”."
            error=reply.error("name")
            maxlength=100
            required=true
        />
    }
}

/// The terms of service, and the box that accepts the version shown.
#[component]
fn Terms(offering: OfferingDetail, html: String, reply: FormReply) -> impl IntoView {
    (!html.trim().is_empty()).then(|| {
        view! {
            <Section title="Terms of service">
                <Disclosure summary="Read the terms of service">
                    <Markdown html=html/>
                </Disclosure>
                <HiddenField name="terms_version" value=offering.terms_version.to_string()/>
                <Checkbox
                    name="accept_terms"
                    label=format!("I accept the terms of service of {}", offering.summary.provider_name)
                    checked=reply.checked_or("accept_terms", false)
                    error=reply.error("accept_terms")
                    required=true
                />
            </Section>
        }
    })
}
