use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::{DocumentKind, InvoiceDocument, InvoiceLine, Party, pricing::unit_word};

use crate::appearance;
use crate::{
    components::*,
    form::FormFields,
    page::{Area, page_with_area},
    routes,
    server_fns::billing::load_invoice,
};

#[component]
pub fn InvoicePage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    let opened = use_query_map().with_untracked(|query| {
        let pairs = query.clone().into_iter();
        FormFields(
            pairs
                .map(|(name, value)| (name.into_owned(), vec![value]))
                .collect(),
        )
    });
    page_with_area(Area::Market, async move {
        let invoice = load_invoice(id).await?;
        let area = Area::of_list(&opened);
        let list = area.invoices();
        Ok((area, whole(invoice, list)))
    })
}

fn whole(invoice: InvoiceDocument, list: String) -> impl IntoView {
    let title = title(&invoice);
    let (id, state) = (invoice.id, invoice.state);
    let (lines, totals) = (lines(&invoice), totals(&invoice));
    let actions = invoice.has_pdf.then(|| {
        view! {
            <LinkButton
                href=routes::invoice_pdf(id)
                kind=ButtonKind::Primary
                icon=Icon::Download
                download=true
                attr:data-test="invoice-pdf"
            >
                "Download PDF"
            </LinkButton>
        }
    });
    let waits = (invoice.number.is_some() && !invoice.has_pdf).then(|| {
        view! { <Banner tone=Tone::Info>"The PDF is being made. Reload this page in a moment."</Banner> }
    });
    let estimate = invoice.as_of.map(|at| {
        let title = format!("An estimate, as of {}", format_time(at));
        view! {
            <Banner tone=Tone::Info title=title>
                "Its document is issued when the month is closed; until then the figures move with what is used."
            </Banner>
        }
    });
    view! {
        <Title text=title.clone()/>
        <PageHeader
            title=title.clone()
            breadcrumbs=vec![Breadcrumb::to("Invoices", list), Breadcrumb::here(title)]
            state=view! { <StateBadge tone=appearance::invoice_tone(state) label=state.label()/> }.into_any()
            actions=actions.into_any()
        />
        {waits}
        {estimate}
        {explanations(&invoice)}
        <Facts invoice=invoice/>
        <Section title="Lines" flush=true>{lines}</Section>
        <Section title="Total">{totals}</Section>
    }
}

fn title(invoice: &InvoiceDocument) -> String {
    match (&invoice.number, invoice.kind, invoice.state.is_issued()) {
        (Some(number), kind, _) => format!("{} {number}", kind.label()),
        (None, DocumentKind::Internal, true) => format!("Internal cost of {}", invoice.month.title()),
        (None, ..) => format!("Running costs of {}", invoice.month.title()),
    }
}

/// What kind of document it is, where it is not an invoice.
fn explanations(invoice: &InvoiceDocument) -> impl IntoView + use<> {
    let account = format!("{}?organization={}", routes::accounts(), invoice.organization_id);
    match invoice.kind {
        DocumentKind::Invoice => ().into_any(),
        DocumentKind::CreditNote => view! {
            <Banner tone=Tone::Info title="In the buyer's favour">
                "Nothing is to be paid. Its sum stands on "
                <a href=account>"the buyer's account"</a>
                " as soon as it is issued, and the next invoices use it."
            </Banner>
        }
        .into_any(),
        DocumentKind::Internal => view! {
            <Banner tone=Tone::Info title="Internal cost">
                "The organization used its own offerings. That is no sale: nothing is to be paid, and there is no tax."
            </Banner>
        }
        .into_any(),
    }
}

#[component]
fn Facts(invoice: InvoiceDocument) -> impl IntoView {
    let issued = invoice
        .issued_on
        .map(|day| view! { <KeyValue label="Issued"><DayText day=day/></KeyValue> });
    let due = invoice
        .due_on
        .map(|day| view! { <KeyValue label="Due"><DayText day=day/></KeyValue> });
    view! {
        <Section>
            <KeyValues columns=true>
                <KeyValue label="From">{party(&invoice.seller)}</KeyValue>
                <KeyValue label="To">{party(&invoice.buyer)}</KeyValue>
                <KeyValue label="Month">{invoice.month.title()}</KeyValue>
                {issued}
                {due}
            </KeyValues>
        </Section>
    }
}

fn party(party: &Party) -> impl IntoView + use<> {
    let numbers = [
        ("Reg. no.", &party.registration_number),
        ("VAT no.", &party.vat_number),
    ];
    let numbers = numbers.into_iter().filter(|(_, number)| !number.is_empty());
    let numbers: Vec<String> = numbers
        .map(|(label, number)| format!("{label} {number}"))
        .collect();
    let address = party.address.replace('\n', ", ");
    view! {
        <span class="strong">{party.name.clone()}</span>
        <br/>
        <span class="muted small">{address}</span>
        <br/>
        <span class="muted small">{numbers.join(" · ")}</span>
    }
}

fn lines(invoice: &InvoiceDocument) -> impl IntoView + use<> {
    let currency = invoice.currency.to_string();
    let columns = vec![
        Column::text("What"),
        Column::text("Resource"),
        Column::number("Quantity"),
        Column::number("Unit price"),
        Column::number("Amount"),
    ];
    let rows: Vec<_> = invoice
        .lines
        .iter()
        .cloned()
        .map(|one| line(one, &currency))
        .collect();
    view! {
        <div data-test="invoice-lines">
            <DataTable caption="Lines" columns=columns>{rows}</DataTable>
        </div>
    }
}

/// One line and, below its name, how the amount came about.
fn line(one: InvoiceLine, currency: &str) -> impl IntoView + use<> {
    let currency = currency.to_owned();
    let price = one
        .unit_price
        .map(|price| view! { <Money amount=price.to_decimal() currency=currency.clone()/> });
    let amount = view! { <Money amount=one.amount.to_decimal() currency=currency strong=true/> };
    let sentence = one.derivation.sentence();
    let (from, until) = (one.from, one.until);
    let what = one.printed();
    let resource = match one.resource_id {
        Some(id) => link_or_text(routes::resource(id), one.resource_name),
        None => one.resource_name.into_any(),
    };
    view! {
        <Row>
            <Cell main=true>
                {what}
                <br/>
                <span class="muted small">
                    <PeriodText from=from until=until/>
                    " · "
                    {sentence}
                </span>
            </Cell>
            <Cell label="Resource">
                {resource}
                <br/>
                <span class="muted small">{one.project_name}</span>
            </Cell>
            <Cell label="Quantity" num=true><Quantity amount=one.quantity.to_decimal() unit=unit_word(&one.unit, one.quantity)/></Cell>
            <Cell label="Unit price" num=true>{price}</Cell>
            <Cell label="Amount" num=true>{amount}</Cell>
        </Row>
    }
}

fn totals(invoice: &InvoiceDocument) -> impl IntoView + use<> {
    let currency = invoice.currency.to_string();
    let taxes = invoice.taxes.iter().filter(|tax| tax.is_charged()).map(|tax| {
        let label = tax.rate.label();
        let currency = currency.clone();
        let amount = tax.tax.amount;
        view! { <QuoteLine label=label><Money amount=amount currency=currency/></QuoteLine> }
    });
    let taxes: Vec<_> = taxes.collect();
    let net = view! { <Money amount=invoice.net.to_decimal() currency=currency.clone()/> };
    let total = view! { <Money amount=invoice.total.to_decimal() currency=currency.clone() strong=true/> };
    let from = if invoice.state.is_issued() {
        "From the account"
    } else {
        "From the account, as it stands now"
    };
    let covered = (!invoice.covered.is_zero()).then(|| {
        let (used, due) = (-invoice.covered.to_decimal(), invoice.amount_due.to_decimal());
        let (of_used, of_due) = (currency.clone(), currency);
        view! {
            <QuoteLine label=from><Money amount=used currency=of_used/></QuoteLine>
            <QuoteTotal label="To pay">
                <span data-test="invoice-due"><Money amount=due currency=of_due strong=true/></span>
            </QuoteTotal>
        }
    });
    let label = if invoice.kind == DocumentKind::Invoice && invoice.covered.is_zero() {
        "To pay"
    } else {
        "Total"
    };
    let note = invoice.reverse_charge.then(|| {
        view! { <p class="muted small">"Reverse charge: the buyer accounts for the tax."</p> }
    });
    view! {
        <QuoteLines>
            <QuoteLine label="Net">{net}</QuoteLine>
            {taxes}
            <QuoteTotal label=label>
                <span data-test="invoice-total">{total}</span>
            </QuoteTotal>
            {covered}
        </QuoteLines>
        {note}
    }
}
