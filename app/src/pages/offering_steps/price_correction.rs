//! The form that corrects a price which has begun.

use leptos::prelude::*;
use model::{OfferingDetail, PlanHistory, PlanVersion};

use super::{
    plan_form::{PriceFields, price_field},
    step::OfferingReference,
};
use crate::{components::*, form::FormFields, offering_form::scheme_fields, reply::FormReply, routes};

/// The version that the address or the refused form asks for, where it can be corrected.
pub(super) fn chosen(history: &PlanHistory, asked: &FormFields, reply: &FormReply) -> Option<PlanVersion> {
    let wanted = reply.value_or("version", asked.text("correct"));
    let found = history.versions.iter().find(|one| one.id.to_string() == wanted);
    found.filter(|one| one.can_be_corrected()).cloned()
}

/// Corrects `version`, a price of the plan whose history this is. `from` is a first day to begin with.
#[component]
pub(super) fn CorrectPrice(
    offering: OfferingDetail,
    history: PlanHistory,
    version: PlanVersion,
    from: String,
    reply: FormReply,
) -> impl IntoView {
    let code = version.component.clone().unwrap_or_default();
    let component = offering.components.iter().find(|one| one.terms.code == code);
    let plan = offering.plans.iter().find(|one| one.id == history.plan_id);
    let currency = plan.map(|plan| plan.currency.code()).unwrap_or_default();
    let stored: FormFields = version
        .price
        .iter()
        .flat_map(|scheme| scheme_fields(&code, scheme))
        .collect();
    let field = component.map(|one| price_field(PriceFields::new(one, &stored, &reply), one, currency));
    let lead = format!(
        "{} of {} is {}. What you enter stands in its place for everybody who has it, from that day on. Months that are \
         closed stay as they were issued.",
        version.name, history.name, version.text
    );
    let back = format!(
        "{}?plan={}#versions",
        routes::offering_step(offering.summary.id, "plans"),
        history.plan_id
    );
    view! {
        <Section title=format!("Correct {}", version.name) lead=lead id="correct">
            <Form action="/fn/correct_plan_price" label="Correct a price">
                <ErrorSummary errors=reply.errors() title="The price was not corrected."/>
                <OfferingReference offering=offering.clone()/>
                <HiddenField name="plan" value=history.plan_id.to_string()/>
                <HiddenField name="version" value=version.id.to_string()/>
                <HiddenField name="component" value=code/>
                {field}
                <DateField
                    name="from"
                    label="Wrong from"
                    value=reply.value_or("from", from)
                    help="The first day that is charged with the corrected price, at midnight in the provider's time zone."
                    error=reply.error("from")
                    required=true
                />
                <TextArea
                    name="reason"
                    label="Why"
                    rows=2
                    value=reply.value_or("reason", "")
                    help="Stands in the plan's versions and in the log."
                    error=reply.error("reason").or_else(|| reply.error("version"))
                    maxlength=u32::from(model::REASON_LENGTH)
                    required=true
                />
                <FormActions>
                    <SubmitButton busy="Correcting…" attr:data-test="correct-price">
                        "Correct the price"
                    </SubmitButton>
                    <LinkButton href=back kind=ButtonKind::Quiet>
                        "Leave it"
                    </LinkButton>
                </FormActions>
            </Form>
        </Section>
    }
}
