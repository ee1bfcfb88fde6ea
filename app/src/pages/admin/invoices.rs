use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::*,
    page::{Area, page},
    pages::invoices::{BillingFaults, Counterparty, InvoiceRows},
    reply::FormReply,
    server_fns::admin::{AdminInvoices, AdminRows, load_admin_invoices},
};

#[component]
pub fn AdminInvoicesPage() -> impl IntoView {
    page(Area::Staff, async { Ok(invoices(load_admin_invoices().await?)) })
}

fn invoices(facts: AdminInvoices) -> impl IntoView {
    let AdminInvoices {
        rows: AdminRows { page, filters, reply },
        last_month,
        can_close,
        faults,
    } = facts;
    view! {
        <Title text="Invoices"/>
        <PageHeader title="Invoices" lead="Of all providers and buyers. Open ones are estimates."/>
        {can_close.then(|| view! { <CloseMonth last_month=last_month reply=reply/> })}
        <BillingFaults faults=faults/>
        <InvoiceRows base="/admin/invoices".to_owned() page=page filters=filters counterparty=Counterparty::Buyer area=Area::Staff/>
    }
}

#[component]
fn CloseMonth(last_month: String, reply: FormReply) -> impl IntoView {
    view! {
        <Section
            title="Close a month"
            lead="Computes every document of the month, and of months before it that are open, a last time and issues it. Closing it again issues only what is missing."
        >
            <Form action="/fn/close_month" guard=false label="Close a month">
                <ErrorSummary errors=reply.errors() title="The month was not closed."/>
                <TextField
                    name="month"
                    label="Month"
                    value=reply.value_or("month", last_month)
                    error=reply.error("month")
                    help="Year and month: 2026-10."
                    width=FieldWidth::Short
                    required=true
                />
                <FormActions>
                    <SubmitButton busy="Closing…" attr:data-test="close-month">
                        "Close month"
                    </SubmitButton>
                </FormActions>
            </Form>
        </Section>
    }
}
