//! Invoices: states, and the document as page, PDF and API show it (`domain.md` 6).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Currency, Derivation, Fixed, InvoiceId, InvoiceItemId, Line, Money, Month, OrganizationId, ProjectId,
    ResourceId, TaxTotal, text_enum,
};

text_enum! {
    /// Where an invoice stands.
    InvoiceState {
        /// The running month: lines are estimates.
        Open = "open", "Open";
        /// Numbered, dated and unchangeable.
        Issued = "issued", "Issued";
        /// Settled in full.
        Paid = "paid", "Paid";
        /// Annulled by a credit note.
        Canceled = "canceled", "Canceled";
    }
}

impl InvoiceState {
    /// Its figures are final.
    pub fn is_issued(self) -> bool {
        !matches!(self, Self::Open)
    }
}

/// A party of a document, as it was when the document was issued.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Party {
    /// Legal name.
    pub name: String,
    /// Number in the business register; may be empty.
    pub registration_number: String,
    /// VAT number; may be empty.
    pub vat_number: String,
    /// Postal address, lines separated by newlines.
    pub address: String,
    /// ISO 3166-1 alpha-2 code of the country; may be empty.
    pub country: String,
    /// E-mail for questions about the document; may be empty.
    pub email: String,
    /// Bank account; printed for the seller only; may be empty.
    pub bank_account: String,
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvoiceLine {
    /// The line.
    pub id: InvoiceItemId,
    /// The resource that it charges, unless it is an adjustment of the whole document.
    pub resource_id: Option<ResourceId>,
    /// The resource's name when the line was made.
    pub resource_name: String,
    /// The project's name when the line was made.
    pub project_name: String,
    /// Component code; empty for an adjustment.
    pub component: String,
    /// What is charged, for a person: "CPU-hours".
    pub description: String,
    /// How much of it.
    pub quantity: Fixed,
    /// In which unit.
    pub unit: String,
    /// Price of one unit, where the scheme has a single one.
    pub unit_price: Option<Fixed>,
    /// Net amount, rounded once to the currency's minor unit.
    pub amount: Fixed,
    /// First day that the line covers.
    pub from: NaiveDate,
    /// Day after the last day that it covers.
    pub until: NaiveDate,
    /// How the amount came about.
    pub derivation: Derivation,
}

/// An invoice whole: what the page shows, the PDF prints and the API returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvoiceDocument {
    /// The invoice.
    pub id: InvoiceId,
    /// Its number, once issued.
    pub number: Option<String>,
    /// Where it stands.
    pub state: InvoiceState,
    /// The month that it closes.
    pub month: Month,
    /// Currency of every amount.
    pub currency: Currency,
    /// The buying organization.
    pub organization_id: OrganizationId,
    /// The provider that issues it.
    pub provider_id: OrganizationId,
    /// The provider's details when it was issued.
    pub seller: Party,
    /// The buyer's details when it was issued.
    pub buyer: Party,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// Last day to pay.
    pub due_on: Option<NaiveDate>,
    /// The lines, in printed order.
    pub lines: Vec<InvoiceLine>,
    /// Sum of the lines.
    pub net: Fixed,
    /// Tax per rate.
    pub taxes: Vec<TaxTotal>,
    /// Sum of the taxes.
    pub tax: Fixed,
    /// What is to be paid: `net` + `tax`.
    pub total: Fixed,
    /// Reverse charge applies: the buyer accounts for the tax.
    pub reverse_charge: bool,
    /// When the invoice was made.
    pub created_at: DateTime<Utc>,
    /// Whether the PDF is ready.
    pub has_pdf: bool,
}

/// An invoice in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvoiceSummary {
    /// The invoice.
    pub id: InvoiceId,
    /// Its number, once issued.
    pub number: Option<String>,
    /// Where it stands.
    pub state: InvoiceState,
    /// The month that it closes.
    pub month: Month,
    /// Currency of every amount.
    pub currency: Currency,
    /// The buying organization.
    pub organization_id: OrganizationId,
    /// Its name.
    pub organization_name: String,
    /// The provider that issues it.
    pub provider_id: OrganizationId,
    /// Its name.
    pub provider_name: String,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// Last day to pay.
    pub due_on: Option<NaiveDate>,
    /// Sum of the lines.
    pub net: Fixed,
    /// What is to be paid.
    pub total: Fixed,
}

/// What a resource has cost so far this month. Not a document: the month's invoice may differ, because the month goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunningCost {
    /// Currency of its plan.
    pub currency: Currency,
    /// What would be invoiced if the month ended now, without tax.
    pub lines: Vec<Line>,
    /// Sum of the lines.
    pub net: Money,
    /// Computed at this time.
    pub as_of: DateTime<Utc>,
}

/// What somebody's resources have cost so far this month, as last brought up to date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spend {
    /// The month.
    pub month: Month,
    /// Net sum per currency; empty when nothing has been charged.
    pub totals: Vec<Money>,
    /// The same by project, largest first.
    pub projects: Vec<ProjectSpend>,
}

/// What one project has cost so far this month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectSpend {
    /// The project.
    pub project_id: ProjectId,
    /// Its name.
    pub project_name: String,
    /// Net sum.
    pub net: Money,
}

/// What closing a month did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CloseReport {
    /// The month.
    pub month: Month,
    /// Invoices issued now.
    pub issued: u32,
    /// Invoices of the month that were issued before.
    pub already: u32,
}
