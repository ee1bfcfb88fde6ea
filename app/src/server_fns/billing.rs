//! Invoices as buyers, accountants and providers see them.

use leptos::prelude::*;
use model::{AccountStatement, InvoiceDocument, InvoiceSummary, Page};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, form::FormFields};

/// What a list of invoices shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvoiceList {
    /// The rows.
    pub page: Page<InvoiceSummary>,
    /// The filters of the address.
    pub filters: FormFields,
}

/// What a list of accounts shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountList {
    /// The accounts.
    pub page: Page<AccountStatement>,
    /// The filters of the address.
    pub filters: FormFields,
}

/// Lists the invoices that the person may see.
#[server(prefix = "/fn", endpoint = "load_invoices")]
pub async fn load_invoices() -> Result<InvoiceList, AppError> {
    use domain::billing::InvoiceFilter;
    use model::InvoiceState;

    use crate::ssr;
    let actor = ssr::actor()?;
    let filters = ssr::query()?;
    ssr::link_access::require_invoices(&actor, filters.text("organization"))?;
    let filter = InvoiceFilter {
        organization: filters.text("organization").parse().ok(),
        provider: filters.text("provider").parse().ok(),
        month: filters.text("month").parse().ok(),
        state: InvoiceState::parse(filters.text("state")),
        ..Default::default()
    };
    let page = ssr::domain()?
        .billing()
        .invoices(&actor, &filter, ssr::page_request()?)
        .await?;
    Ok(InvoiceList { page, filters })
}

/// The accounts that the person may see, of one organization where the address names one.
#[server(prefix = "/fn", endpoint = "load_accounts")]
pub async fn load_accounts() -> Result<AccountList, AppError> {
    use crate::ssr;
    let (actor, filters) = (ssr::actor()?, ssr::query()?);
    ssr::link_access::require_invoices(&actor, filters.text("organization"))?;
    let organization = filters.text("organization").parse().ok();
    let billing = ssr::domain()?.billing();
    let page = billing
        .accounts(&actor, organization, ssr::page_request()?)
        .await?;
    Ok(AccountList { page, filters })
}

/// Loads an invoice with its lines.
#[server(prefix = "/fn", endpoint = "load_invoice")]
pub async fn load_invoice(id: String) -> Result<InvoiceDocument, AppError> {
    use crate::ssr;
    let actor = ssr::actor()?;
    Ok(ssr::domain()?.billing().invoice(&actor, ssr::id(&id)?).await?)
}
