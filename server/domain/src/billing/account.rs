//! The account of a buyer with a seller: what credit notes granted stands on it until invoices use it. One account a
//! currency; entries are only ever added, and their sum is the balance.

use entity::{account_entry, invoice};
use model::{AccountEntryId, DocumentKind, Fixed, InvoiceState};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::BillingError;
use crate::core::Core;

/// The newest entry of the account of this document.
async fn newest_of(
    conn: &impl ConnectionTrait,
    document: &invoice::Model,
) -> Result<Option<account_entry::Model>, BillingError> {
    use account_entry::Column as C;
    let row = account_entry::Entity::find()
        .filter(C::OrganizationId.eq(document.organization_id))
        .filter(C::ProviderId.eq(document.provider_id))
        .filter(C::Currency.eq(document.currency))
        .order_by_desc(C::Position)
        .one(conn)
        .await?;
    Ok(row)
}

/// Settles a document that is being issued with the buyer's account: below zero it grants, above it uses what is there.
/// Answers how much of it the account covers. The buyer must be locked, which orders the entries.
pub(super) async fn settle_in(
    core: &Core,
    tx: &DatabaseTransaction,
    document: &invoice::Model,
) -> Result<Fixed, BillingError> {
    let newest = newest_of(tx, document).await?;
    let (position, balance) = newest.map_or((0, Fixed::ZERO), |entry| (entry.position, entry.balance));
    let covered = if document.total.is_positive() {
        balance.min(document.total)
    } else {
        document.total
    };
    if covered.is_zero() {
        return Ok(Fixed::ZERO);
    }
    let amount = Fixed::ZERO
        .checked_sub(covered)
        .map_err(|fault| BillingError::TooLarge(fault.into()))?;
    let after = balance
        .checked_add(amount)
        .map_err(|fault| BillingError::TooLarge(fault.into()))?;
    let row = account_entry::Model {
        id: core.new_id(AccountEntryId),
        organization_id: document.organization_id,
        provider_id: document.provider_id,
        currency: document.currency,
        position: position.saturating_add(1),
        invoice_id: document.id,
        amount,
        balance: after,
        created_at: core.now(),
    };
    row.into_active_model().reset_all().insert(tx).await?;
    Ok(if covered.is_negative() {
        Fixed::ZERO
    } else {
        covered
    })
}

/// How much of an open document the account would pay if it were issued now: what stands there, less what the open
/// documents of earlier months, which are issued first, would use of it or add to it.
pub(super) async fn would_cover(core: &Core, document: &invoice::Model) -> Result<Fixed, BillingError> {
    if document.kind != DocumentKind::Invoice {
        return Ok(Fixed::ZERO);
    }
    let newest = newest_of(core.read(), document).await?;
    let mut balance = newest.map_or(Fixed::ZERO, |entry| entry.balance);
    for total in earlier_open(core, document).await? {
        let used = if total.is_positive() {
            balance.min(total)
        } else {
            total
        };
        balance = balance
            .checked_sub(used)
            .map_err(|fault| BillingError::TooLarge(fault.into()))?;
    }
    Ok(balance.min(document.total).max(Fixed::ZERO))
}

/// The totals of the open documents of earlier months that share the document's account, the earliest first.
async fn earlier_open(core: &Core, document: &invoice::Model) -> Result<Vec<Fixed>, BillingError> {
    use invoice::Column as C;
    let totals = invoice::Entity::find_in_organization(document.organization_id)
        .select_only()
        .column(C::Total)
        .filter(C::ProviderId.eq(document.provider_id))
        .filter(C::Currency.eq(document.currency))
        .filter(C::State.eq(InvoiceState::Open))
        .filter(C::Kind.ne(DocumentKind::Internal))
        .filter(C::Month.lt(document.month))
        .order_by_asc(C::Month)
        .into_tuple()
        .all(core.read())
        .await?;
    Ok(totals)
}
