//! The form of one action of the provider, without what it asks for: that stands on its own page.

use leptos::prelude::*;
use model::{Action, ActionAudience, OfferingDetail};

use super::step::{OfferingReference, choices};
use crate::{components::*, offering_form::action_texts, reply::FormReply, routes};

/// Adds an action, or changes `old`.
#[component]
pub(super) fn ActionForm(offering: OfferingDetail, old: Option<Action>, reply: FormReply) -> impl IntoView {
    let stored = old.as_ref().map(action_texts).unwrap_or_default();
    let list = routes::offering_step(offering.summary.id, "actions");
    let back = old
        .is_some()
        .then(|| view! { <LinkButton href=list kind=ButtonKind::Quiet>"Add another instead"</LinkButton> });
    let replaced = old.map(|old| old.key).unwrap_or_default();
    view! {
        <Form action="/fn/save_action" label="Action">
            <ErrorSummary errors=reply.errors() title="The action was not saved."/>
            <Conflict stored=stored reply=reply.clone()/>
            <OfferingReference offering=offering/>
            <HiddenField name="action" value=replaced/>
            <Saying reply=reply.clone()/>
            <Asking reply=reply.clone()/>
            <Disclosure summary="For programs" open=reply.error("key").is_some()>
                <TextField
                    name="key"
                    label="Key"
                    value=reply.value_or("key", "")
                    help="How programs call it: restart. Left empty, it is made from the name."
                    error=reply.error("key")
                    maxlength=50
                    mono=true
                    width=FieldWidth::Half
                />
            </Disclosure>
            <FormActions>
                <SubmitButton busy="Saving…" attr:data-test="save-action">
                    "Save action"
                </SubmitButton>
                {back}
            </FormActions>
        </Form>
    }
}

/// What whoever asks for it reads.
#[component]
fn Saying(reply: FormReply) -> impl IntoView {
    view! {
        <TextField
            name="title"
            label="Name"
            value=reply.value_or("title", "")
            help="As it stands on the button: Restore a backup."
            error=reply.error("title")
            maxlength=60
            width=FieldWidth::Half
            required=true
        />
        <TextField
            name="description"
            label="Description"
            value=reply.value_or("description", "")
            help="What your people then do, in a sentence."
            error=reply.error("description")
            maxlength=500
            required=true
        />
        <TextField
            name="confirmation"
            label="What follows from it"
            value=reply.value_or("confirmation", "")
            help="A warning that stands above the button: What changed since that day is lost. Left empty, there is none."
            error=reply.error("confirmation")
            maxlength=500
        />
    }
}

/// Who asks for it, and when.
#[component]
fn Asking(reply: FormReply) -> impl IntoView {
    view! {
        <Select
            name="who_may_ask"
            label="Who may ask for it"
            choices=choices!(ActionAudience)
            value=reply.value_or("who_may_ask", ActionAudience::Users.as_str())
            error=reply.error("who_may_ask")
            width=FieldWidth::Half
            required=true
        />
        <Checkbox
            name="beside_others"
            label="May be asked for while another action is under way"
            checked=reply.checked_or("beside_others", false)
        />
    }
}
