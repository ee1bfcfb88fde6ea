//! The account of a buyer with a seller: what credit notes granted stands on it until invoices use it. One account a
//! currency; entries are only ever added, and their sum is the balance.

use std::collections::{BTreeMap, BTreeSet};

use entity::{account_entry, invoice};
use model::{
    AccountEntry, AccountEntryId, AccountStatement, Currency, DocumentKind, Fixed, InvoiceState,
    OrganizationId, Permission,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Billing, BillingError};
use crate::access::{Actor, Columns, Visible};
use crate::core::Core;

/// Entries that a statement shows.
const SHOWN: usize = 200;

type Key = (OrganizationId, OrganizationId, Currency);

/// The entries of the account of this document, oldest first.
async fn entries_of(
    conn: &impl ConnectionTrait,
    document: &invoice::Model,
) -> Result<Vec<account_entry::Model>, BillingError> {
    use account_entry::Column as C;
    let rows = account_entry::Entity::find()
        .filter(C::OrganizationId.eq(document.organization_id))
        .filter(C::ProviderId.eq(document.provider_id))
        .filter(C::Currency.eq(document.currency))
        .order_by_asc(C::Position)
        .all(conn)
        .await?;
    Ok(rows)
}

fn sum<'a>(entries: impl IntoIterator<Item = &'a account_entry::Model>) -> Result<Fixed, BillingError> {
    entries
        .into_iter()
        .try_fold(Fixed::ZERO, |sum, entry| sum.checked_add(entry.amount))
        .map_err(|fault| BillingError::TooLarge(fault.into()))
}

/// Settles a document that is being issued with the buyer's account: below zero it grants, above it uses what is there.
/// Answers how much of it the account covers. The buyer must be locked, which orders the entries.
pub(super) async fn settle_in(
    core: &Core,
    tx: &DatabaseTransaction,
    document: &invoice::Model,
) -> Result<Fixed, BillingError> {
    let entries = entries_of(tx, document).await?;
    let balance = sum(&entries)?;
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
    let position = entries.last().map_or(0, |entry| entry.position).saturating_add(1);
    let row = account_entry::Model {
        id: core.new_id(AccountEntryId),
        organization_id: document.organization_id,
        provider_id: document.provider_id,
        currency: document.currency,
        position,
        invoice_id: document.id,
        amount,
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
    let mut balance = sum(&entries_of(core.read(), document).await?)?;
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

impl Billing {
    /// The accounts that the actor may see, of one buyer or (`None`) of all: of buyers whose invoices the actor sees, and
    /// with providers for whom the actor acts. An account is there once something stood on it.
    pub async fn accounts(
        &self,
        actor: &Actor,
        organization: Option<OrganizationId>,
    ) -> Result<Vec<AccountStatement>, BillingError> {
        use account_entry::Column as C;
        let rows = account_entry::Entity::find()
            .filter(seen_by(actor))
            .filter(Condition::all().add_option(organization.map(|id| C::OrganizationId.eq(id))))
            .order_by_asc(C::Position)
            .find_also_related(invoice::Entity)
            .all(self.core.read())
            .await?;
        let mut accounts: BTreeMap<Key, Vec<(account_entry::Model, invoice::Model)>> = BTreeMap::new();
        for (entry, document) in rows {
            let Some(document) = document else { continue };
            let key = (entry.organization_id, entry.provider_id, entry.currency);
            accounts.entry(key).or_default().push((entry, document));
        }
        let ids: BTreeSet<OrganizationId> = accounts.keys().flat_map(|key| [key.0, key.1]).collect();
        let names = self.names_of(ids).await?;
        let name = |id: OrganizationId| names.get(&id).cloned().unwrap_or_default();
        let mut statements = Vec::with_capacity(accounts.len());
        for ((buyer, provider, currency), rows) in accounts {
            let (balance, entries) = statement(rows)?;
            statements.push(AccountStatement {
                organization_id: buyer,
                organization_name: name(buyer),
                provider_id: provider,
                provider_name: name(provider),
                currency,
                balance,
                entries,
            });
        }
        statements.sort_by(|left, right| {
            let key = |one: &AccountStatement| {
                (
                    one.organization_name.clone(),
                    one.provider_name.clone(),
                    one.currency.code(),
                )
            };
            key(left).cmp(&key(right))
        });
        Ok(statements)
    }
}

/// The balance, and the entries from the newest on with what stood on the account after each.
fn statement(
    rows: Vec<(account_entry::Model, invoice::Model)>,
) -> Result<(Fixed, Vec<AccountEntry>), BillingError> {
    let mut balance = Fixed::ZERO;
    let mut entries = Vec::with_capacity(rows.len());
    for (entry, document) in rows {
        balance = balance
            .checked_add(entry.amount)
            .map_err(|fault| BillingError::TooLarge(fault.into()))?;
        entries.push(AccountEntry {
            invoice_id: document.id,
            number: document.number.unwrap_or_default(),
            kind: document.kind,
            month: document.month,
            amount: entry.amount,
            balance,
            created_at: entry.created_at,
        });
    }
    entries.reverse();
    entries.truncate(SHOWN);
    Ok((balance, entries))
}

/// As invoices are seen: see `list::seen_by`.
fn seen_by(actor: &Actor) -> Condition {
    let provider = Some(account_entry::Column::ProviderId);
    let both = Columns {
        organization: Some(account_entry::Column::OrganizationId),
        provider,
        ..Columns::default()
    };
    let seller = Columns {
        provider,
        ..Columns::default()
    };
    let any = Condition::any()
        .add(Visible::of(actor, Permission::ViewInvoice).filter(both))
        .add(Visible::of(actor, Permission::ManageResource).filter(seller));
    Condition::all().add(any)
}
