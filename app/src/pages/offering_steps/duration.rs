//! Which terms buyers can choose, and how long what is over is kept.

use leptos::prelude::*;
use model::{DurationRules, OfferingDetail, pricing::counted};

use crate::{components::*, form::FormFields, reply::FormReply};

/// What is stored, by field name.
fn stored(rules: &DurationRules) -> FormFields {
    let months = |stored: Option<u32>| stored.map(|months| months.to_string()).unwrap_or_default();
    let texts = [
        ("min_months", months(rules.min_months)),
        ("max_months", months(rules.max_months)),
        ("step_months", months(rules.step_months)),
        ("grace_days", rules.grace_days.to_string()),
    ];
    let named = texts.into_iter().map(|(name, text)| (name.to_owned(), text));
    named.collect()
}

/// What is stored, to read.
#[component]
pub(super) fn StoredDuration(rules: DurationRules) -> impl IntoView {
    let months = |months: u32| counted(months.into(), "month");
    view! {
        <KeyValues>
            <KeyValue label="Shortest term">{months(rules.least())}</KeyValue>
            <KeyValue label="Longest term">{months(rules.most())}</KeyValue>
            <KeyValue label="In steps of">{months(rules.step())}</KeyValue>
            <KeyValue label="Kept after the last day">{counted(rules.grace_days.into(), "day")}</KeyValue>
        </KeyValues>
    }
}

#[component]
pub(super) fn Duration(offering: OfferingDetail, reply: FormReply) -> impl IntoView {
    let rules = offering.duration;
    let months = |name: &'static str, label: &'static str, stored: Option<u32>, help: &'static str| {
        let stored = stored.map(|months| months.to_string()).unwrap_or_default();
        view! {
            <NumberField
                name=name
                label=label
                value=reply.value_or(name, stored)
                help=help
                unit="months"
                min="1"
                max="120"
                step="1"
                error=reply.error(name)
            />
        }
    };
    let least = months("min_months", "Shortest term", rules.min_months, "1 when empty.");
    let most = months("max_months", "Longest term", rules.max_months, "120 when empty.");
    let step = months(
        "step_months",
        "In steps of",
        rules.step_months,
        "Counted from the shortest; 1 when empty.",
    );
    view! {
        <Form action="/fn/save_duration" label="How long">
            <ErrorSummary errors=reply.errors()/>
            <Conflict stored=stored(&rules) reply=reply.clone()/>
            <HiddenField name="offering" value=offering.summary.id.to_string()/>
            <HiddenField name="revision" value=offering.revision.to_string()/>
            <FormGrid>{least} {most} {step}</FormGrid>
            <NumberField
                name="grace_days"
                label="Kept after the last day"
                value=reply.value_or("grace_days", rules.grace_days.to_string())
                help="So long a resource that is over can still be extended. It is not billed for these days, so each is given once over its life. What is over already is kept at least as long as was said then."
                unit="days"
                min="0"
                max="90"
                step="1"
                error=reply.error("grace_days")
            />
            <FormActions>
                <SubmitButton busy="Saving…" attr:data-test="save-duration">
                    "Save"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}
