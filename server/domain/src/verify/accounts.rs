//! Invariant 1, for accounts: what documents granted is what others used and what is left, entry by entry.

use std::collections::{BTreeMap, HashMap};

use entity::{account_entry, invoice};
use model::{Currency, DocumentKind, Fixed, InvoiceId, InvoiceState, OrganizationId};
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::Finding;
use super::documents::name;
use crate::core::Core;

/// Buyer, seller, currency.
type Account = (OrganizationId, OrganizationId, Currency);

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    use account_entry::Column as C;
    let entries = account_entry::Entity::find()
        .order_by_asc(C::Position)
        .all(core.read())
        .await?;
    let documents: HashMap<InvoiceId, invoice::Model> = settled(core)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let mut findings = Vec::new();
    let mut accounts: BTreeMap<Account, Vec<&account_entry::Model>> = BTreeMap::new();
    for entry in &entries {
        let key = (entry.organization_id, entry.provider_id, entry.currency);
        accounts.entry(key).or_default().push(entry);
    }
    for (account, entries) in accounts {
        findings.extend(of_account(account, &entries, &documents));
    }
    let known: HashMap<InvoiceId, Fixed> = entries
        .iter()
        .map(|entry| (entry.invoice_id, entry.amount))
        .collect();
    findings.extend(documents.values().filter_map(|row| of_document(row, &known)));
    Ok(findings)
}

/// Issued documents that grant something or used something.
async fn settled(core: &Core) -> Result<Vec<invoice::Model>, DbErr> {
    invoice::Entity::find()
        .filter(invoice::Column::State.ne(InvoiceState::Open))
        .filter(invoice::Column::Kind.ne(DocumentKind::Internal))
        .filter(
            Condition::any()
                .add(invoice::Column::Total.lt(Fixed::ZERO))
                .add(invoice::Column::Covered.ne(Fixed::ZERO)),
        )
        .order_by_asc(invoice::Column::Id)
        .all(core.read())
        .await
}

/// Entries are numbered without gaps, each is of a document of this account and knows the sum so far, and no more is used than
/// stands there.
fn of_account(
    account: Account,
    entries: &[&account_entry::Model],
    documents: &HashMap<InvoiceId, invoice::Model>,
) -> Vec<Finding> {
    let (buyer, seller, currency) = account;
    let subject = format!("account of {buyer} with {seller} in {}", currency.code());
    let mut findings = Vec::new();
    let mut note = |text: String| findings.push(Finding::new(1, subject.clone(), text));
    let mut balance = Fixed::ZERO;
    for (entry, expected) in entries.iter().zip(1..) {
        if entry.position != expected {
            note(format!(
                "entry {} stands where entry {expected} is right",
                entry.position
            ));
        }
        let own = documents
            .get(&entry.invoice_id)
            .map(|row| (row.organization_id, row.provider_id, row.currency));
        if own != Some(account) {
            note(format!(
                "entry {} names no issued document of this account that grants or uses",
                entry.position
            ));
        }
        balance = balance.checked_add(entry.amount).unwrap_or(Fixed::MAX);
        if entry.balance != balance {
            note(format!(
                "entry {} leaves {}, {balance} is right",
                entry.position, entry.balance
            ));
        }
        if balance.is_negative() {
            note(format!(
                "{balance} is left after entry {}: more was used than was granted",
                entry.position
            ));
        }
    }
    findings
}

/// What is below zero is granted whole and pays nothing; what is above used no more than its total.
fn of_document(row: &invoice::Model, known: &HashMap<InvoiceId, Fixed>) -> Option<Finding> {
    let grants = row.total.is_negative();
    let moved = if grants { row.total } else { row.covered };
    let right = Fixed::ZERO.checked_sub(moved).ok()?;
    let stands = known.get(&row.id).copied().unwrap_or_default();
    let text = if stands != right {
        format!("the account has {stands} for it, {right} is right")
    } else if (grants && !row.covered.is_zero()) || (!grants && row.covered > row.total) {
        format!(
            "the account paid {} of it, but its total is {}",
            row.covered, row.total
        )
    } else {
        return None;
    };
    Some(Finding::new(1, name(row), text))
}
