//! Accounts, what closing a month did, and what a month has cost so far.

use chrono::{DateTime, Utc};
use model::{CloseFailure, Currency, DocumentKind, InvoiceId, Money, Month, OrganizationId};
use serde::Serialize;
use utoipa::ToSchema;

use super::line::Line;

/// What stands on a buyer's account with a seller: what credit notes granted, less what invoices used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountStatement {
    /// The buyer.
    pub(crate) organization_id: OrganizationId,
    /// Its name.
    pub(crate) organization_name: String,
    /// The seller.
    pub(crate) provider_id: OrganizationId,
    /// Its name.
    pub(crate) provider_name: String,
    /// What the next invoices can use; never below zero.
    pub(crate) balance: Money,
    /// The newest entries first, at most 200.
    pub(crate) entries: Vec<AccountEntry>,
}

impl From<model::AccountStatement> for AccountStatement {
    fn from(whole: model::AccountStatement) -> Self {
        Self {
            organization_id: whole.organization_id,
            organization_name: whole.organization_name,
            provider_id: whole.provider_id,
            provider_name: whole.provider_name,
            balance: Money::from_fixed(whole.balance, whole.currency).rounded(),
            entries: whole
                .entries
                .into_iter()
                .map(|entry| AccountEntry::of(entry, whole.currency))
                .collect(),
        }
    }
}
/// An entry of an account; none is ever changed or removed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountEntry {
    /// The document that made it.
    pub(crate) invoice_id: InvoiceId,
    /// Its number.
    pub(crate) number: String,
    /// What it is.
    pub(crate) kind: DocumentKind,
    /// Its month.
    pub(crate) month: Month,
    /// Granted where it is above zero, used where it is below.
    pub(crate) amount: Money,
    /// What stood on the account afterwards.
    pub(crate) balance: Money,
    /// When.
    pub(crate) created_at: DateTime<Utc>,
}

impl AccountEntry {
    fn of(whole: model::AccountEntry, currency: Currency) -> Self {
        let money = |amount| Money::from_fixed(amount, currency).rounded();
        Self {
            invoice_id: whole.invoice_id,
            number: whole.number,
            kind: whole.kind,
            month: whole.month,
            amount: money(whole.amount),
            balance: money(whole.balance),
            created_at: whole.created_at,
        }
    }
}
/// What closing a month did. Months before it that were open are closed first, so that each document shows the use of its
/// own month.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CloseReport {
    /// The month.
    pub(crate) month: Month,
    /// Documents issued now.
    pub(crate) issued: Vec<IssuedDocument>,
    /// How many documents of these months were issued before.
    pub(crate) already: u32,
    /// Whose documents could not be issued, and why. The others are issued; close again after correcting these.
    pub(crate) failed: Vec<CloseFailure>,
}

impl From<model::CloseReport> for CloseReport {
    fn from(whole: model::CloseReport) -> Self {
        Self {
            month: whole.month,
            issued: whole.issued.into_iter().map(IssuedDocument::from).collect(),
            already: whole.already,
            failed: whole.failed,
        }
    }
}
/// A document that a close issued.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IssuedDocument {
    /// The document.
    pub(crate) id: InvoiceId,
    /// Its number; internal cost has none.
    pub(crate) number: Option<String>,
    /// What it is.
    pub(crate) kind: DocumentKind,
    /// Its month.
    pub(crate) month: Month,
    /// Name of the buyer.
    pub(crate) organization_name: String,
    /// Name of the seller.
    pub(crate) provider_name: String,
    /// Net and tax.
    pub(crate) total: Money,
}

impl From<model::IssuedDocument> for IssuedDocument {
    fn from(whole: model::IssuedDocument) -> Self {
        Self {
            id: whole.id,
            number: whole.number,
            kind: whole.kind,
            month: whole.month,
            organization_name: whole.organization_name,
            provider_name: whole.provider_name,
            total: Money::from_fixed(whole.total, whole.currency).rounded(),
        }
    }
}
/// What a resource has cost so far this month. Not a document: the month's invoice may differ, because the month goes on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunningCost {
    /// What would be invoiced if the month ended now, without tax.
    pub(crate) lines: Vec<Line>,
    /// Sum of the lines.
    pub(crate) net: Money,
    /// Computed at this time.
    pub(crate) as_of: DateTime<Utc>,
}

impl From<model::RunningCost> for RunningCost {
    fn from(whole: model::RunningCost) -> Self {
        Self {
            lines: whole.lines.into_iter().map(Line::from).collect(),
            net: whole.net,
            as_of: whole.as_of,
        }
    }
}
