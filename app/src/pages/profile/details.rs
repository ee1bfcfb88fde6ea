use leptos::prelude::*;
use leptos_meta::Title;
use model::{Me, TimelineEntry};

use crate::{
    components::*,
    page::{Area, page},
    reply::FormReply,
    routes,
    server_fns::profile::{self, load_profile},
};

/// Offered in the list of the field; every IANA name is taken.
const ZONES: [&str; 24] = [
    "UTC",
    "Africa/Cairo",
    "America/Chicago",
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Europe/Amsterdam",
    "Europe/Berlin",
    "Europe/Helsinki",
    "Europe/Kyiv",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Riga",
    "Europe/Rome",
    "Europe/Tallinn",
    "Europe/Vilnius",
    "Europe/Warsaw",
];

#[component]
pub fn ProfilePage() -> impl IntoView {
    page(Area::Market, async {
        let facts = load_profile().await?;
        Ok(view! { <Profile facts=facts/> })
    })
}

#[component]
fn Profile(facts: profile::Profile) -> impl IntoView {
    let profile::Profile { me, security, reply } = facts;
    let facts = view! { <Facts me=me.clone()/> };
    view! {
        <Title text="Profile"/>
        <PageHeader title="Profile" lead="How others know you, and how you get in."/>
        <Section title="You">
            <Details me=me reply=reply/>
        </Section>
        <Section title="Getting in">{facts}</Section>
        <Section title="What happened" lead="Tell the people who run the portal if you do not know something here, and change your password.">
            <Timeline>{security.into_iter().map(happened).collect_view()}</Timeline>
        </Section>
    }
}

/// One thing that happened to one's ways in.
fn happened(one: TimelineEntry) -> impl IntoView {
    let bad = matches!(
        one.verb.as_str(),
        "account.sign_in_failed"
            | "account.sign_in_slowed_down"
            | "account.try_refused"
            | "account.password_wrong"
    );
    let tone = if bad { Tone::Waiting } else { Tone::Neutral };
    let at = view! { <RelativeTime at=one.at/> }.into_any();
    view! {
        <TimelineItem title=one.text tone=tone at=at by=one.by>
            {one.note}
        </TimelineItem>
    }
}

#[component]
fn Details(me: Me, reply: FormReply) -> impl IntoView {
    let clock = use_context::<PageTime>().map(|time| format!(" It is now {}.", format_timestamp(time.now)));
    let help = format!(
        "All times are shown in it. Written as a place, such as Europe/Tallinn, or UTC.{}",
        clock.unwrap_or_default()
    );
    view! {
        <Form action="/fn/save_profile" label="Profile">
            <ErrorSummary errors=reply.errors() title="Your profile was not saved."/>
            <TextField
                name="name"
                label="Name"
                value=reply.value_or("name", me.name)
                error=reply.error("name")
                autocomplete="name"
                maxlength=100
                required=true
            />
            <TextField
                name="time_zone"
                label="Time zone"
                value=reply.value_or("time_zone", me.time_zone)
                help=help
                error=reply.error("time_zone")
                list=ZONES.map(str::to_owned).to_vec()
                width=FieldWidth::Half
                required=true
            />
            <FormActions>
                <SubmitButton busy="Saving…" attr:data-test="save-profile">
                    "Save"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}

#[component]
fn Facts(me: Me) -> impl IntoView {
    view! {
        <KeyValues>
            <KeyValue label="E-mail">{me.email}</KeyValue>
            <KeyValue label="User name">
                <span class="mono">{me.username}</span>
            </KeyValue>
            <KeyValue label="Password">
                <a href=routes::password()>"Change it"</a>
            </KeyValue>
            <KeyValue label="API tokens">
                <a href=routes::tokens()>"Manage them"</a>
            </KeyValue>
        </KeyValues>
    }
}
