use leptos::prelude::*;
use model::{OfferingDetail, OfferingState, OfferingVerb};

use super::step::{Step, area_of, offering_id, offering_reference, step_page};
use crate::{
    components::*,
    page::{Area, page_with_area},
    reply::FormReply,
    routes,
    server_fns::{
        offerings::{OfferingStep, load_offering_step},
        session::load_reply,
    },
};

#[component]
pub fn PublishPage() -> impl IntoView {
    let id = offering_id();
    page_with_area(Area::Market, async move {
        let facts = load_offering_step(id, "publish_offering".to_owned()).await?;
        let pausing = load_reply("pause_offering".to_owned()).await?;
        let OfferingStep { offering, reply, .. } = facts;
        let area = area_of(&offering);
        let main = view! { <Publish offering=offering.clone() reply=reply pausing=pausing/> };
        Ok((area, step_page(Step::Publish, &offering, main.into_any(), None)))
    })
}

#[component]
fn Publish(offering: OfferingDetail, reply: FormReply, pausing: FormReply) -> impl IntoView {
    let refusal = reply.problem.map(|problem| {
        refusal_is_shown();
        view! { <Banner tone=Tone::Bad title="That did not work">{problem.detail}</Banner> }
    });
    let stored = (!offering.can_edit).then(|| view! { <Stored offering=offering.clone()/> });
    let possible = |verb: OfferingVerb| offering.can_edit && offering.summary.state.after(verb).is_ok();
    let publish = possible(OfferingVerb::Publish).then(|| view! { <Start offering=offering.clone()/> });
    let pause =
        possible(OfferingVerb::Pause).then(|| view! { <Pause offering=offering.clone() reply=pausing/> });
    let resume = possible(OfferingVerb::Resume).then(|| view! { <Resume offering=offering.clone()/> });
    let archive = possible(OfferingVerb::Archive).then(|| view! { <Archive offering=offering.clone()/> });
    view! { {refusal} {stored} {publish} {resume} {pause} {archive} }
}

/// The state, to those who only read.
#[component]
fn Stored(offering: OfferingDetail) -> impl IntoView {
    let words = match offering.summary.state {
        OfferingState::Draft => "It is being prepared. Buyers do not see it yet.",
        OfferingState::Active => "Buyers find it in the marketplace and can order it.",
        OfferingState::Paused => "Buyers find it in the marketplace and cannot order it for a while.",
        OfferingState::Archived => {
            "It is out of the marketplace for good. What was sold lives on until it ends."
        }
    };
    let is_paused = offering.summary.state == OfferingState::Paused;
    let why = is_paused.then(|| view! { <p class="muted">{offering.state_reason}</p> });
    view! {
        <Section title=offering.summary.state.label()>
            <p>{words}</p>
            {why}
        </Section>
    }
}

#[component]
fn Start(offering: OfferingDetail) -> impl IntoView {
    let open = offering.readiness.iter().filter(|line| !line.met).count();
    let advice = match open {
        0 => "Everything is there. Once it is published, buyers find and order it.",
        _ => "Something is still missing; the list beside says what, and leads there.",
    };
    view! {
        <Section title="Publish">
            <p>{advice}</p>
            <Form action="/fn/publish_offering" guard=false label="Publish">
                <HiddenFields fields=offering_reference(&offering, &[])/>
                <FormActions>
                    <SubmitButton busy="Publishing…" icon=Icon::Check attr:data-test="publish">
                        "Publish"
                    </SubmitButton>
                </FormActions>
            </Form>
        </Section>
    }
}

#[component]
fn Pause(offering: OfferingDetail, reply: FormReply) -> impl IntoView {
    let href = routes::offering(&offering.summary.slug);
    view! {
        <Section title="It is published">
            <p>"Buyers find it " <a href=href>"in the marketplace"</a> ". Pause it to stop new orders for a while; what was sold runs on."</p>
            <Form action="/fn/pause_offering" label="Pause">
                <ErrorSummary errors=reply.errors() title="It was not paused."/>
                <HiddenFields fields=offering_reference(&offering, &[])/>
                <TextField
                    name="reason"
                    label="Why it is paused"
                    value=reply.value_or("reason", "")
                    help="Buyers read it."
                    error=reply.error("reason")
                    maxlength=u32::from(model::REASON_LENGTH)
                    required=true
                />
                <FormActions>
                    <SubmitButton kind=ButtonKind::Secondary attr:data-test="pause">
                        "Pause"
                    </SubmitButton>
                </FormActions>
            </Form>
        </Section>
    }
}

#[component]
fn Resume(offering: OfferingDetail) -> impl IntoView {
    let reason = (offering.summary.state == OfferingState::Paused).then(|| offering.state_reason.clone());
    view! {
        <Section title="It is paused" lead=reason.unwrap_or_default()>
            <Form action="/fn/resume_offering" guard=false label="Resume">
                <HiddenFields fields=offering_reference(&offering, &[])/>
                <FormActions>
                    <SubmitButton attr:data-test="resume">"Take orders again"</SubmitButton>
                </FormActions>
            </Form>
        </Section>
    }
}

#[component]
fn Archive(offering: OfferingDetail) -> impl IntoView {
    view! {
        <Section title="Archive">
            <p>"Takes it out of the marketplace for good. What was sold lives on until it ends."</p>
            <div>
                <DialogButton for_id="archive" kind=ButtonKind::Danger attr:data-test="archive">
                    "Archive"
                </DialogButton>
            </div>
            <ConfirmDialog
                id="archive"
                title="Archive this offering?"
                action="/fn/archive_offering"
                confirm="Archive"
                danger=true
                fields=offering_reference(&offering, &[])
            >
                "It cannot be brought back. Nobody can order it any more, and of what it is nothing can be changed but the settings of its plugin and prices that were wrong. A price that is published for later will come unless you withdraw it."
            </ConfirmDialog>
        </Section>
    }
}
