//! Invoices.

use chrono::{DateTime, NaiveDate, Utc};
use model::{
    DocumentKind, Fixed, InvoiceDocument, InvoiceId, InvoiceItemId, InvoiceLine, InvoiceState,
    InvoiceSummary, Money, Month, OrganizationId, ResourceId, TaxRate, TaxTotal,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{line::Derivation, said};

/// An invoice whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invoice {
    /// The invoice.
    id: InvoiceId,
    /// Its number, once issued.
    number: Option<String>,
    /// What it is; of an open one, what it would be if it were issued now.
    kind: DocumentKind,
    /// Where it stands.
    state: InvoiceState,
    /// The month that it closes.
    month: Month,
    /// The buying organization.
    organization_id: OrganizationId,
    /// The provider that issues it.
    provider_id: OrganizationId,
    /// The provider's details when it was issued.
    seller: Party,
    /// The buyer's details when it was issued.
    buyer: Party,
    /// Day of issue.
    issued_on: Option<NaiveDate>,
    /// Last day to pay.
    due_on: Option<NaiveDate>,
    /// The lines, in printed order.
    lines: Vec<Line>,
    /// Sum of the lines.
    net: Money,
    /// Tax per rate.
    taxes: Vec<TaxTotal>,
    /// Sum of the taxes.
    tax: Money,
    /// `net` + `tax`; below zero on a credit note.
    total: Money,
    /// How much of the total the buyer's account paid when it was issued; of an open one, how much it would pay if it were
    /// issued now.
    covered: Money,
    /// What is left to be paid: `total` less `covered`; zero on a credit note and for internal cost.
    amount_due: Money,
    /// Reverse charge applies to lines of it: the buyer accounts for their tax.
    reverse_charge: bool,
    /// When the invoice was made.
    created_at: DateTime<Utc>,
    /// Whether the PDF is ready.
    has_pdf: bool,
}

/// A party of a document: as it was in the month of the document; e-mail and bank account as they were when it was issued.
#[derive(Debug, Serialize, ToSchema)]
struct Party {
    /// Legal name.
    name: String,
    /// Number in the business register.
    registration_number: Option<String>,
    /// VAT number.
    vat_number: Option<String>,
    /// Postal address, lines separated by newlines.
    address: Option<String>,
    /// ISO 3166-1 alpha-2 code of the country.
    country: Option<String>,
    /// E-mail for questions about the document.
    email: Option<String>,
    /// Bank account; printed for the seller only.
    bank_account: Option<String>,
}

impl From<model::Party> for Party {
    fn from(whole: model::Party) -> Self {
        Self {
            name: whole.name,
            registration_number: said(whole.registration_number),
            vat_number: said(whole.vat_number),
            address: said(whole.address),
            country: said(whole.country),
            email: said(whole.email),
            bank_account: said(whole.bank_account),
        }
    }
}

/// A line of an invoice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceLine)]
struct Line {
    /// The line.
    id: InvoiceItemId,
    /// The resource that it charges; null where it charges none.
    resource_id: Option<ResourceId>,
    /// The resource's name when the line was made.
    resource_name: String,
    /// The project's name when the line was made.
    project_name: String,
    /// Component code; null where it charges none.
    component: Option<String>,
    /// The component's article code in the seller's accounts; null without.
    article_code: Option<String>,
    /// What is charged, for a person: "CPU-hours".
    description: String,
    /// How much of it.
    quantity: Fixed,
    /// In which unit.
    unit: String,
    /// Price of one unit, where the scheme has a single one; not rounded to the minor unit.
    unit_price: Option<Money>,
    /// Net amount, rounded once to the currency's minor unit.
    amount: Money,
    /// First day that the line covers.
    from: NaiveDate,
    /// Day after the last day that it covers.
    until: NaiveDate,
    /// How the amount came about.
    derivation: Derivation,
    /// The tax on it. What corrects an earlier document is taxed as that one was.
    tax: TaxRate,
}

/// An invoice in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceSummary)]
pub(crate) struct Summary {
    /// The invoice.
    id: InvoiceId,
    /// Its number, once issued.
    number: Option<String>,
    /// What it is; of an open one, what it would be if it were issued now.
    kind: DocumentKind,
    /// Where it stands.
    state: InvoiceState,
    /// The month that it closes.
    month: Month,
    /// The buying organization.
    organization_id: OrganizationId,
    /// Its name.
    organization_name: String,
    /// The provider that issues it.
    provider_id: OrganizationId,
    /// Its name.
    provider_name: String,
    /// Day of issue.
    issued_on: Option<NaiveDate>,
    /// Last day to pay.
    due_on: Option<NaiveDate>,
    /// Sum of the lines.
    net: Money,
    /// Net and tax; below zero on a credit note.
    total: Money,
    /// What is left to be paid after what the buyer's account covered.
    amount_due: Money,
}

impl From<InvoiceDocument> for Invoice {
    fn from(whole: InvoiceDocument) -> Self {
        let money = |amount| Money::from_fixed(amount, whole.currency).rounded();
        Self {
            net: money(whole.net),
            tax: money(whole.tax),
            total: money(whole.total),
            covered: money(whole.covered),
            amount_due: money(whole.amount_due),
            kind: whole.kind,
            lines: whole
                .lines
                .into_iter()
                .map(|line| Line::of(line, whole.currency))
                .collect(),
            id: whole.id,
            number: whole.number,
            state: whole.state,
            month: whole.month,
            organization_id: whole.organization_id,
            provider_id: whole.provider_id,
            seller: whole.seller.into(),
            buyer: whole.buyer.into(),
            issued_on: whole.issued_on,
            due_on: whole.due_on,
            taxes: whole.taxes,
            reverse_charge: whole.reverse_charge,
            created_at: whole.created_at,
            has_pdf: whole.has_pdf,
        }
    }
}

impl Line {
    fn of(line: InvoiceLine, currency: model::Currency) -> Self {
        Self {
            id: line.id,
            resource_id: line.resource_id,
            resource_name: line.resource_name,
            project_name: line.project_name,
            component: said(line.component),
            article_code: said(line.article_code),
            description: line.description,
            quantity: line.quantity,
            unit: line.unit,
            unit_price: line.unit_price.map(|price| Money::from_fixed(price, currency)),
            amount: Money::from_fixed(line.amount, currency).rounded(),
            from: line.from,
            until: line.until,
            derivation: line.derivation.into(),
            tax: line.tax,
        }
    }
}

impl From<InvoiceSummary> for Summary {
    fn from(row: InvoiceSummary) -> Self {
        let money = |amount| Money::from_fixed(amount, row.currency).rounded();
        Self {
            net: money(row.net),
            total: money(row.total),
            amount_due: money(row.amount_due),
            kind: row.kind,
            id: row.id,
            number: row.number,
            state: row.state,
            month: row.month,
            organization_id: row.organization_id,
            organization_name: row.organization_name,
            provider_id: row.provider_id,
            provider_name: row.provider_name,
            issued_on: row.issued_on,
            due_on: row.due_on,
        }
    }
}
