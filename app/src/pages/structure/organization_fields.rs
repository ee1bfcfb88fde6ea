//! The parts of the form of an organization that creating and changing it share.

use leptos::prelude::*;
use model::Currency;

use crate::{components::*, reply::FormReply};

/// A line of text that may stay empty.
pub(crate) fn text_field(
    reply: &FormReply,
    name: &'static str,
    label: &'static str,
    help: &'static str,
) -> impl IntoView + use<> {
    let help = (!help.is_empty()).then_some(help);
    view! { <TextField name=name label=label value=reply.value_or(name, "") help=help error=reply.error(name)/> }
}

/// What stands on its documents, and what the portal reckons with. The currency is asked for only where it may be chosen.
#[component]
pub(crate) fn LegalFields(reply: FormReply, chooses_currency: bool) -> impl IntoView {
    let legal = text_field(&reply, "legal_name", "Legal name", "The name, when empty.");
    let registration = text_field(&reply, "registration_number", "Registration number", "");
    let vat = text_field(
        &reply,
        "vat_number",
        "VAT number",
        "It counts for the tax once we have verified it.",
    );
    let country = text_field(&reply, "country", "Country", "Two letters, as in ISO 3166: EE.");
    let email = text_field(&reply, "email", "E-mail for invoices", "");
    let zone = text_field(
        &reply,
        "time_zone",
        "Time zone",
        "Its days and months count here: Europe/Tallinn. Another one counts from next month on, or at once where nothing was bought yet.",
    );
    let currencies = Currency::ALL
        .iter()
        .map(|one| Choice::new(one.code(), one.code()))
        .collect::<Vec<_>>();
    let currency = chooses_currency.then(|| {
        view! {
            <Select
                name="currency"
                label="Currency of approval limits"
                help="Invoices are in the currency of what is bought."
                choices=currencies
                value=reply.value_or("currency", "EUR")
                error=reply.error("currency")
                width=FieldWidth::Short
                required=true
            />
        }
    });
    view! {
        <Fieldset legend="On its documents">
            <FormGrid>{legal} {registration} {vat} {country} {email}</FormGrid>
            <TextArea name="address" label="Address" rows=3 value=reply.value_or("address", "") error=reply.error("address")/>
        </Fieldset>
        <Fieldset legend="In the portal">
            <FormGrid>{zone}</FormGrid>
            {currency}
        </Fieldset>
    }
}

/// Whether and how it sells; for those who operate the portal.
#[component]
pub(crate) fn ProviderFields(reply: FormReply) -> impl IntoView {
    view! {
        <Fieldset legend="Where it sells">
            <Checkbox name="is_provider" label="It is a provider" checked=reply.checked_or("is_provider", false)/>
            <NumberField
                name="tax_percent"
                label="Tax that it charges"
                unit="%"
                value=reply.value_or("tax_percent", "0")
                error=reply.error("tax_percent")
            />
            <SellerFields reply=reply/>
        </Fieldset>
    }
}

/// What a provider says of itself, and where it is paid.
#[component]
pub(crate) fn SellerFields(reply: FormReply) -> impl IntoView {
    let account = text_field(&reply, "bank_account", "Bank account", "Stands on its invoices.");
    view! {
        {account}
        <TextArea
            name="provider_description"
            label="About the provider"
            help="Plain text. Stands on the page of each of its offerings."
            rows=3
            value=reply.value_or("provider_description", "")
            error=reply.error("provider_description")
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_currency_is_asked_for_as_what_it_is_and_not_as_one_of_documents() {
        let form = |chooses_currency| {
            view! { <LegalFields reply=FormReply::default() chooses_currency=chooses_currency/> }.to_html()
        };
        let whole = form(true);
        let (documents, portal) = whole.split_once("In the portal").unwrap();
        assert!(documents.contains("vat_number") && !documents.contains("\"currency\""));
        assert!(portal.contains("Currency of approval limits") && portal.contains("\"time_zone\""));
        assert!(!form(false).contains("\"currency\""));
    }
}
