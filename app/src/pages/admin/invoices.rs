use leptos::prelude::*;
use leptos_meta::Title;
use model::CloseFailure;

use crate::{
    components::*,
    page::{Place, page},
    pages::invoices::{InvoiceRows, Other},
    reply::FormReply,
    routes,
    server_fns::admin::{AdminInvoices, AdminRows, load_admin_invoices},
};

#[component]
pub fn AdminInvoicesPage() -> impl IntoView {
    page(Place::Staff, async { Ok(invoices(load_admin_invoices().await?)) })
}

fn invoices(facts: AdminInvoices) -> impl IntoView {
    let AdminInvoices {
        rows: AdminRows { page, filters, reply },
        last_month,
        faults,
    } = facts;
    view! {
        <Title text="Invoices"/>
        <PageHead title="Invoices" lead="Of all providers and buyers. Open ones are estimates."/>
        <CloseMonth last_month=last_month reply=reply/>
        <Faults faults=faults/>
        <InvoiceRows base="/admin/invoices".to_owned() page=page filters=filters other=Other::Buyer/>
    }
}

/// Whose month cannot be invoiced as things are, and what to do.
#[component]
fn Faults(faults: Vec<CloseFailure>) -> impl IntoView {
    let columns = vec![
        Column::text("Buyer"),
        Column::text("Month"),
        Column::text("What to correct"),
    ];
    let any = !faults.is_empty();
    let rows: Vec<_> = faults.into_iter().map(fault).collect();
    any.then(|| {
        view! {
            <Section
                title="Cannot be invoiced"
                lead="The charges of these cannot be computed; everybody else's can. Correct them before the month is closed, or close it again afterwards."
                flush=true
            >
                <div data-test="billing-faults">
                    <DataTable caption="Cannot be invoiced" columns=columns>{rows}</DataTable>
                </div>
            </Section>
        }
    })
}

fn fault(one: CloseFailure) -> impl IntoView {
    let reasons = one.reasons.into_iter().map(|reason| {
        let resource = reason.resource_id.map(|id| {
            view! { " " <a href=routes::resource(id)>"The resource"</a> }
        });
        view! { <p>{reason.message} {resource}</p> }
    });
    let reasons: Vec<_> = reasons.collect();
    view! {
        <Row>
            <MainCell href=routes::organization(one.organization_id) sub=format!("from {}", one.provider_name)>
                {one.organization_name}
            </MainCell>
            <Cell label="Month">{one.month.title()}</Cell>
            <Cell label="What to correct">{reasons}</Cell>
        </Row>
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
