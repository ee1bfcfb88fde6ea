use leptos::prelude::*;
use leptos_meta::Title;
use model::Deputy;

use crate::{
    components::*,
    page::{Area, page},
    reply::FormReply,
    server_fns::approval_rules::{Away, load_deputies},
};

#[component]
pub fn AwayPage() -> impl IntoView {
    page(Area::Market, async {
        let facts = load_deputies().await?;
        Ok(view! { <AwayView facts=facts/> })
    })
}

#[component]
fn AwayView(facts: Away) -> impl IntoView {
    let Away { deputies, reply } = facts;
    let stands_in = (!deputies.stands_in_for.is_empty()).then(|| {
        let people = deputies.stands_in_for.into_iter().map(|one| {
            view! {
                <li>
                    {one.name}
                    {format!(", to {}", one.last_day.format("%-d %B %Y"))}
                </li>
            }
        });
        view! {
            <Section title="For whom you decide" lead="Orders that wait for them stand among your approvals, as far as you can see them.">
                <ul class="prose">{people.collect_view()}</ul>
            </Section>
        }
    });
    let instead = deputies.own.as_ref().map(|own| {
        let name = own.deputy.name.clone();
        format!("They decide instead of {name}, who decides for you no more from then on, whichever days you choose.")
    });
    let title = if instead.is_some() {
        "Name somebody else"
    } else {
        "Name a deputy"
    };
    let own = deputies.own.map(|deputy| view! { <Named deputy=deputy/> });
    view! {
        <Title text="While you are away"/>
        <PageHeader
            title="While you are away"
            breadcrumbs=vec![Breadcrumb::to("Profile", "/profile"), Breadcrumb::here("Away")]
            lead="A colleague can decide on orders for you. They decide on what they can see, every decision says for whom, and you can still decide yourself."
        />
        {own}
        <Section title=title lead=instead.unwrap_or_default()>
            <NameForm reply=reply/>
        </Section>
        {stands_in}
    }
}

#[component]
fn Named(deputy: Deputy) -> impl IntoView {
    let Deputy {
        deputy,
        first_day,
        last_day,
        is_now,
    } = deputy;
    let (tone, title) = if is_now {
        (Tone::Good, format!("{} decides for you", deputy.name))
    } else {
        (Tone::Info, format!("{} will decide for you", deputy.name))
    };
    let days = format!(
        "From {} to {}.",
        first_day.format("%-d %B %Y"),
        last_day.format("%-d %B %Y")
    );
    view! {
        <Banner tone=tone title=title>
            <p>{days}</p>
            <form method="post" action="/fn/take_back_deputy" data-post="">
                <SubmitButton kind=ButtonKind::Secondary attr:data-test="take-back-deputy">
                    "Take it back"
                </SubmitButton>
            </form>
        </Banner>
    }
}

#[component]
fn NameForm(reply: FormReply) -> impl IntoView {
    view! {
        <Form action="/fn/name_deputy" label="Name a deputy">
            <ErrorSummary errors=reply.errors() title="Nobody was named."/>
            <TextField
                name="email"
                label="Their address"
                value=reply.value_or("email", "")
                help="Somebody with a role in one of your organizations."
                error=reply.error("email")
                maxlength=200
                required=true
            />
            <FormGrid>
                <DateField
                    name="first_day"
                    label="First day"
                    value=reply.value_or("first_day", "")
                    error=reply.error("first_day")
                    required=true
                />
                <DateField
                    name="last_day"
                    label="Last day"
                    value=reply.value_or("last_day", "")
                    help="Where you live; the whole day counts."
                    error=reply.error("last_day")
                    required=true
                />
            </FormGrid>
            <FormActions>
                <SubmitButton busy="Naming…" attr:data-test="name-deputy">
                    "Name deputy"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}
