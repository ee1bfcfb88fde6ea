//! The form of one plan, with a price for each component.

use std::fmt::Write as _;

use leptos::prelude::*;
use model::{
    BillingPeriod, ChargeMode, Component, Currency, OfferingDetail, Plan, PlanChange, PriceChanges, Proration,
};

use super::step::{OfferingReference, choices};
use crate::{
    components::*,
    form::FormFields,
    offering_form::{SchemeKind, plan_texts, price_change_texts, price_texts},
    reply::FormReply,
    routes,
};

/// Adds a plan, or changes `old`.
#[component]
pub(super) fn PlanForm(offering: OfferingDetail, old: Option<Plan>, reply: FormReply) -> impl IntoView {
    let back = old.is_some().then(|| {
        view! {
            <LinkButton href=routes::offering_step(offering.summary.id, "plans") kind=ButtonKind::Quiet>
                "Add another instead"
            </LinkButton>
        }
    });
    let stored = old.as_ref().map(price_texts).unwrap_or_default();
    let whole = old.as_ref().map(|old| compared(old, &reply)).unwrap_or_default();
    let currency = reply.value_or("currency", old.as_ref().map_or("EUR", |old| old.currency.code()));
    let changes = old.as_ref().map(|old| old.changes.as_slice()).unwrap_or_default();
    let terms_come = changes.iter().any(|change| change.component.is_none());
    let help = prices_help(changes, old.is_some());
    let prices: Vec<_> = offering
        .components
        .iter()
        .map(|one| price_field(PriceFields::new(one, &stored, &reply), one, &currency))
        .collect();
    view! {
        <Form action="/fn/save_plan" label="Plan">
            <ErrorSummary errors=reply.errors() title="The plan was not saved."/>
            <Conflict stored=whole reply=reply.clone()/>
            <OfferingReference offering=offering.clone()/>
            <HiddenField name="id" value=old.as_ref().map(|old| old.id.to_string()).unwrap_or_default()/>
            <Naming old=old.clone() reply=reply.clone()/>
            <Billing old=old.clone() components=offering.components reply=reply.clone()/>
            <Fieldset legend="Prices" help=help>
                {prices}
            </Fieldset>
            <From used=old.is_some() terms_come=terms_come reply=reply/>
            <FormActions>
                <SubmitButton busy="Saving…" attr:data-test="save-plan">
                    "Save plan"
                </SubmitButton>
                {back}
            </FormActions>
        </Form>
    }
}

#[component]
fn Naming(old: Option<Plan>, reply: FormReply) -> impl IntoView {
    let (name, description) = old.map(|old| (old.name, old.description)).unwrap_or_default();
    view! {
        <TextField
            name="name"
            label="Name"
            value=reply.value_or("name", name)
            error=reply.error("name")
            maxlength=100
            width=FieldWidth::Half
            required=true
        />
        <TextField
            name="description"
            label="Description"
            value=reply.value_or("description", description)
            help="For whom it is."
            error=reply.error("description")
            maxlength=500
        />
    }
}

#[component]
fn Billing(old: Option<Plan>, components: Vec<Component>, reply: FormReply) -> impl IntoView {
    let start = old.as_ref();
    let currency = start.map_or(Currency::Eur, |old| old.currency);
    let period = start.map_or(BillingPeriod::Month, |old| old.billing_period);
    let mode = start.map_or(ChargeMode::Arrears, |old| old.charge_mode);
    let proration = start.map_or(Proration::Day, |old| old.proration);
    let fee = start.map_or_else(|| "0".to_owned(), |old| old.setup_fee.to_string());
    let currencies = Currency::ALL
        .iter()
        .map(|one| Choice::new(one.code(), one.code()))
        .collect::<Vec<_>>();
    let select = |name: &'static str, label: &'static str, choices: Vec<Choice>, start: &str| {
        view! {
            <Select
                name=name
                label=label
                choices=choices
                value=reply.value_or(name, start)
                error=reply.error(name)
                required=true
            />
        }
    };
    let currency_field = select("currency", "Currency", currencies, currency.code());
    let period_field = select(
        "billing_period",
        "Billed",
        choices!(BillingPeriod),
        period.as_str(),
    );
    let mode_field = select("charge_mode", "Charged", choices!(ChargeMode), mode.as_str());
    let proration_field = select(
        "proration",
        "Part periods",
        choices!(Proration),
        proration.as_str(),
    );
    let (rule, days) = price_change_texts(start.map(|old| old.price_changes).unwrap_or_default());
    let mut rules = vec![Choice::new("with_notice", "After a notice")];
    let chosen = reply.value_or("price_changes", rule);
    // What is stored or was sent stays to be seen beside what is wrong with it.
    let renewable = PriceChanges::AtRenewal.comes_with(components.iter().map(|one| &one.terms));
    if renewable || chosen == "at_renewal" {
        rules.push(Choice::new("at_renewal", "When it is renewed"));
    }
    let rule_field = select("price_changes", "Raised prices reach what runs", rules, rule);
    let days = reply.value_or("notice_days", days);
    let days_error = reply
        .error("notice_days")
        .or_else(|| reply.error("price_changes").filter(|_| chosen != "at_renewal"));
    view! {
        <FormGrid>{currency_field} {period_field} {mode_field} {proration_field}</FormGrid>
        <FormGrid>
            {rule_field}
            <div class="only-with-notice">
                <NumberField
                    name="notice_days"
                    label="Notice"
                    unit="days"
                    value=days
                    help="From publishing until a raised price reaches resources that run. A lower price for the same period reaches them at once."
                    error=days_error
                />
            </div>
        </FormGrid>
        <MoneyField
            name="setup_fee"
            label="Setup fee"
            currency=reply.value_or("currency", currency.code())
            value=reply.value_or("setup_fee", fee)
            help="Once, at the start."
            error=reply.error("setup_fee")
        />
    }
}

/// What the fields of one component's price show.
pub(super) struct PriceFields {
    code: String,
    stored: FormFields,
    reply: FormReply,
}

impl PriceFields {
    pub(super) fn new(one: &Component, stored: &FormFields, reply: &FormReply) -> Self {
        Self {
            code: one.terms.code.clone(),
            stored: stored.clone(),
            reply: reply.clone(),
        }
    }

    fn name(&self, part: &str) -> String {
        format!("{part}.{}", self.code)
    }

    fn value(&self, part: &str, start: &str) -> String {
        let kept = self.stored.text(&self.name(part)).to_owned();
        self.reply.value_or(
            &self.name(part),
            if kept.is_empty() { start.to_owned() } else { kept },
        )
    }

    fn error(&self, part: &str) -> Option<String> {
        self.reply.error(&self.name(part))
    }
}

/// Beside the price of what is prepaid: it pays for a month in every plan (`ComponentTerms::priced_per`).
const PREPAID_HELP: &str =
    "For each month of the term, however the plan is billed. The whole term is paid up front.";

/// The price of one component: per unit, or in another way when that is opened.
pub(super) fn price_field(fields: PriceFields, one: &Component, currency: &str) -> impl IntoView + use<> {
    let (label, unit) = (one.terms.name.clone(), one.terms.unit.clone());
    let odd = fields.value("scheme", "per_unit") != "per_unit"
        || fields.error("tiers").is_some()
        || fields.error("size").is_some();
    view! {
        <MoneyField
            name=fields.name("price")
            label=label.clone()
            currency=currency
            per=unit.clone()
            value=fields.value("price", "")
            help=one.terms.prepaid.then_some(PREPAID_HELP)
            error=fields.error("price")
        />
        <Disclosure summary=format!("{label}: tiers, volume, packages") open=odd>
            {scheme(&fields, unit)}
        </Disclosure>
    }
}

fn scheme(fields: &PriceFields, unit: String) -> impl IntoView + use<> {
    let schemes = SchemeKind::ALL
        .iter()
        .map(|(_, name, label)| Choice::new(*name, *label))
        .collect::<Vec<_>>();
    view! {
        <Select
            name=fields.name("scheme")
            label="How it is priced"
            choices=schemes
            value=fields.value("scheme", "per_unit")
            error=fields.error("scheme")
            required=true
        />
        <TextArea
            name=fields.name("tiers")
            label="Tiers"
            rows=3
            mono=true
            value=fields.value("tiers", "")
            help="One on each line: up to this quantity, at this price, as “100: 0.05”. A price alone on the last line counts for all beyond."
            error=fields.error("tiers")
        />
        <NumberField
            name=fields.name("size")
            label="Units in a package"
            value=fields.value("size", "")
            unit=unit
            help="With packages, the price above is that of one package."
            error=fields.error("size")
        />
    }
}

/// Where a price is to come, its field is empty: what stood there would take the place of what comes.
fn prices_help(changes: &[PlanChange], is_stored: bool) -> String {
    let mut help = "Without tax. Zero makes a component free".to_owned();
    help.push_str(if is_stored {
        "; empty leaves its price as it is."
    } else {
        "."
    });
    let coming = changes.iter().filter(|change| change.component.is_some());
    let names: Vec<&str> = coming.map(|change| change.name.as_str()).collect();
    if !names.is_empty() {
        let names = names.join(", ");
        // Writing to a string cannot fail.
        let _ = write!(
            help,
            " Another price is published already for: {names}. Empty leaves what is now and what comes."
        );
    }
    help
}

#[component]
fn From(used: bool, terms_come: bool, reply: FormReply) -> impl IntoView {
    let help = match (used, terms_come) {
        (false, _) => {
            "The first day of the prices, at midnight in the provider's time zone; now when it is left empty."
        }
        (true, false) => {
            "The first day of what changes, at midnight in the provider's time zone; now when it is left empty. Resources that run have their notice on top."
        }
        (true, true) => {
            "The first day of what changes, at midnight in the provider's time zone; now when it is left empty. From then on the terms above count, also where other terms are published to come before. Resources that run have their notice on top."
        }
    };
    view! {
        <DateField
            name="valid_from"
            label="Counts from"
            value=reply.value_or("valid_from", "")
            help=help
            error=reply.error("valid_from")
        />
    }
}

/// What is held against what was typed. A price that has another to come starts empty and leaves both as they are: nothing
/// of it is replaced unless something was typed.
fn compared(old: &Plan, reply: &FormReply) -> FormFields {
    let FormFields(mut texts) = plan_texts(old);
    let is_empty = |part: &str, code: &str| reply.value_or(&format!("{part}.{code}"), "").is_empty();
    let followed = old
        .changes
        .iter()
        .filter_map(|change| change.component.as_deref());
    for code in followed.filter(|code| is_empty("price", code) && is_empty("tiers", code)) {
        for part in ["price", "scheme", "size", "tiers"] {
            texts.remove(&format!("{part}.{code}"));
        }
    }
    FormFields(texts)
}
