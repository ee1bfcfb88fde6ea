//! Billing: from what resources had and used to invoices that add up.
//!
//! Invariants:
//! - The lines of an open invoice are a pure function of intervals, usage days and price versions, and are computed anew
//!   whenever they are looked at seriously ([`accrue`]). Nothing is ever added to a running sum.
//! - There is one invoice per buyer, provider, currency and month. It is issued once, under the buyer's row lock; after
//!   that no figure, party or line of it changes. Closing a month twice, from two processes, or after a crash gives the
//!   same documents.
//! - Numbers are gapless per provider and year: the series' row is locked by the transaction that issues.
//! - Months of a buyer and a provider are closed in order. What is billed by use is always "due now, less what issued
//!   documents billed", also for past months: use that is reported or corrected after its month was closed becomes a
//!   line on the document of the first month that is open, and nothing is billed twice.
//! - Parties are those of the document's last day (`structure::versions`), and so is the tax of what it charges first; what it
//!   corrects or gives back of an earlier document has the tax of that one (`tax`). How late it is closed changes nothing.
//!
//! Decisions where the design is silent:
//! - Months are those of the buyer's time zone; a document is dated in the provider's.
//! - A charge for a quarter, half-year or year stands on the invoice of the period's first month where the plan charges in
//!   advance; in arrears on that of its last month, or of the month in which the resource ended. A charge for a month or
//!   less stands on the invoice of that month in both, because every invoice covers a month that is over.
//! - A day of use is priced by the plan and price version in force at the last billable instant of that day, as proration
//!   does it. Which version a resource has is `model::price_timeline`: before the first one it owes nothing, and a fee
//!   that is charged once is owed only by what begins after the fee.
//! - What is used beyond a prepaid limit, counted by the limit's period from the start of the term, is charged as use of
//!   its overage component.
//! - Where all amounts are zero nothing is issued. A document whose corrections outweigh its charges is a credit note;
//!   its sum stands on the buyer's account with the seller until invoices use it (`account`). Its lines keep their signs,
//!   so that they read as on the invoices that they correct.
//! - A price that was wrong is corrected for months that are open (`correct`): another version stands in its place, for all
//!   who have it. A correction with which a closed month would have come to anything else is refused.
//! - What an organization uses of its own offerings is no sale: its document is internal cost, without number and tax.
//!
//! Read `lines` (what is due), then [`accrue`] and [`close`].

mod account;
mod accrue;
mod close;
mod closed;
mod correct;
mod draft;
mod error;
mod faults;
mod inputs;
mod issue;
pub(crate) mod lines;
mod list;
mod outdated;
mod pairs;
mod pdf;
mod read;
mod running_cost;
mod seal;
mod spend;
mod statements;
mod tax;

use crate::core::Core;

pub use error::{BillingError, LargestLine};
pub use list::{InvoiceFilter, sees_invoices, sees_invoices_of};
pub use model::CloseReport;
pub use pdf::Pdf;

pub(crate) use draft::{as_billed_then, dues_of};
pub(crate) use inputs::{BilledResource, BillingInputs, Span};
pub(crate) use issue::last_day_to_pay;
pub(crate) use lines::terms_ahead;
pub(crate) use pairs::Pair;
pub(crate) use seal::fingerprints;
pub(crate) use tax::{domestic_tax, tax_between};

/// The service of invoices.
#[derive(Clone)]
pub struct Billing {
    core: Core,
}

impl Billing {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}

/// Open invoices and documents to be drawn, for workers and the command line, which act for nobody.
#[derive(Clone)]
pub struct InvoiceOperations {
    core: Core,
}

impl InvoiceOperations {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}
