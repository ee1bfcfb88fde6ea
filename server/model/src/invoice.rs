//! Invoices: states, and the document as page, PDF and API show it (`domain.md` 6).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Currency, Derivation, Fixed, InvoiceId, InvoiceItemId, Line, Money, Month, OfferingId, OrganizationId,
    PlanId, PlanVersionId, ProjectId, ResourceId, TaxRate, TaxTotal, text_enum,
};

text_enum! {
    /// Where an invoice stands.
    InvoiceState {
        /// The running month: lines are estimates.
        Open = "open", "Open";
        /// Dated and unchangeable; numbered, unless it is internal.
        Issued = "issued", "Issued";
    }
}

text_enum! {
    /// What a document is.
    DocumentKind {
        /// Something is to be paid.
        Invoice = "invoice", "Invoice";
        /// In the buyer's favour: its total, which is below zero, is credited to the buyer's account. It has a number of
        /// the same series as invoices (EN 16931 asks for its kind, 381, not for a series of its own) and no due date.
        CreditNote = "credit_note", "Credit note";
        /// What an organization used of its own offerings: no sale, so without number and tax.
        Internal = "internal", "Internal cost";
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
    /// Component code; null for an adjustment.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub component: String,
    /// The component's article code in the seller's accounts; may be empty.
    pub article_code: String,
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
    /// The tax on it. What corrects an earlier document is taxed as that one was.
    pub tax: TaxRate,
}

impl InvoiceLine {
    /// What is charged as it is printed, with the article code where there is one: `CPU-hours (A-1)`.
    pub fn printed(&self) -> String {
        if self.article_code.is_empty() {
            self.description.clone()
        } else {
            format!("{} ({})", self.description, self.article_code)
        }
    }
}

/// An invoice whole: what the page shows, the PDF prints and the API returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvoiceDocument {
    /// The invoice.
    pub id: InvoiceId,
    /// Its number, once issued.
    pub number: Option<String>,
    /// What it is; of an open one, what it would be if it were issued now.
    pub kind: DocumentKind,
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
    /// `net` + `tax`; below zero on a credit note.
    pub total: Fixed,
    /// How much of the total the buyer's account paid when it was issued; of an open one, how much it would pay if it were
    /// issued now.
    pub covered: Fixed,
    /// What is left to be paid: `total` less `covered`; zero on a credit note and for internal cost.
    pub amount_due: Fixed,
    /// Reverse charge applies to lines of it: the buyer accounts for their tax.
    pub reverse_charge: bool,
    /// When the invoice was made.
    pub created_at: DateTime<Utc>,
    /// Of an open one, when its lines were last brought up to date; null once issued.
    pub as_of: Option<DateTime<Utc>>,
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
    /// What it is; of an open one, what it would be if it were issued now.
    pub kind: DocumentKind,
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
    /// Net and tax; below zero on a credit note.
    pub total: Fixed,
    /// What is left to be paid after what the buyer's account covered.
    pub amount_due: Fixed,
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
    /// All of it is at least as new as this; none when nothing has been charged.
    pub as_of: Option<DateTime<Utc>>,
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

/// What stands on a buyer's account with a seller: what credit notes granted, less what invoices used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountStatement {
    /// The buyer.
    pub organization_id: OrganizationId,
    /// Its name.
    pub organization_name: String,
    /// The seller.
    pub provider_id: OrganizationId,
    /// Its name.
    pub provider_name: String,
    /// Currency of every amount.
    pub currency: Currency,
    /// What the next invoices can use; never below zero.
    pub balance: Fixed,
    /// The newest entries first, at most 200.
    pub entries: Vec<AccountEntry>,
}

/// An entry of an account; none is ever changed or removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountEntry {
    /// The document that made it.
    pub invoice_id: InvoiceId,
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: DocumentKind,
    /// Its month.
    pub month: Month,
    /// Granted where it is above zero, used where it is below.
    pub amount: Fixed,
    /// What stood on the account afterwards.
    pub balance: Fixed,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// What closing a month did. Months before it that were open are closed first, so that each document shows the use of its
/// own month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CloseReport {
    /// The month.
    pub month: Month,
    /// Documents issued now.
    pub issued: Vec<IssuedDocument>,
    /// How many documents of these months were issued before.
    pub already: u32,
    /// Whose documents could not be issued, and why. The others are issued; close again after correcting these.
    pub failed: Vec<CloseFailure>,
}

/// A document that a close issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedDocument {
    /// The document.
    pub id: InvoiceId,
    /// Its number; internal cost has none.
    pub number: Option<String>,
    /// What it is.
    pub kind: DocumentKind,
    /// Its month.
    pub month: Month,
    /// Name of the buyer.
    pub organization_name: String,
    /// Name of the seller.
    pub provider_name: String,
    /// Currency of the total.
    pub currency: Currency,
    /// Net and tax.
    pub total: Fixed,
}

/// A buyer and a seller between whom a month cannot be invoiced as things are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CloseFailure {
    /// The buyer.
    pub organization_id: OrganizationId,
    /// Its name.
    pub organization_name: String,
    /// The seller.
    pub provider_id: OrganizationId,
    /// Its name.
    pub provider_name: String,
    /// The month.
    pub month: Month,
    /// Each charge that cannot be computed, and what to do about it.
    pub reasons: Vec<ChargeFault>,
}

/// Why something cannot be charged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChargeFault {
    /// The resource at fault, or of the largest line where the sum is too large; none where it is the document as a whole.
    pub resource_id: Option<ResourceId>,
    /// Stable code.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
    /// The price to correct; none where something else is at fault.
    pub price: Option<PriceAtFault>,
}

/// A price with which a charge cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceAtFault {
    /// The offering.
    pub offering_id: OfferingId,
    /// The plan.
    pub plan_id: PlanId,
    /// Component code.
    pub component: String,
    /// The version of its price; none where several have to do with it.
    pub version: Option<PlanVersionId>,
}
