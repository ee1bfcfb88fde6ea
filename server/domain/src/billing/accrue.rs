//! Bringing the open invoices of a buyer and a provider up to date.

use std::collections::BTreeMap;

use entity::{invoice, invoice_item, json, organization, resource};
use model::{DocumentKind, Fixed, InvoiceId, InvoiceItemId, InvoiceState, Month, OrganizationId};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::draft::{Draft, drafts};
use super::outdated::outdated_months;
use super::{BillingError, BillingInputs, InvoiceOperations, Pair, closed, faults};
use crate::access::AccessError;
use crate::core::Core;

/// Rows per statement.
const ROWS: usize = 500;

/// The invoices of a pair and month after they were brought up to date.
pub(super) struct Accrued {
    /// What they were computed from; none where the month is closed.
    pub(super) inputs: Option<BillingInputs>,
    /// Open ones, current.
    pub(super) open: Vec<invoice::Model>,
    /// How many were issued before and were left alone.
    pub(super) issued: u32,
}

impl InvoiceOperations {
    /// Brings the open invoices of one buyer and provider up to date for a month.
    pub async fn accrue(
        &self,
        month: Month,
        buyer: OrganizationId,
        provider: OrganizationId,
    ) -> Result<(), BillingError> {
        let tx = self.core.write_tx().await?;
        accrue_in(&self.core, &tx, Pair { buyer, provider }, month).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Brings open invoices up to date wherever something may have changed: of the month that runs in the buyer's time
    /// zone, and of those before that have not been closed. Answers how many were computed.
    ///
    /// A charge that cannot be computed holds up its own buyer and provider only, and is shown to staff
    /// ([`super::Billing::faults`]); the first one is answered at the end.
    pub async fn accrue_open(&self) -> Result<u32, BillingError> {
        let mut count = 0;
        let mut first_fault = None;
        for (pair, month) in outdated_months(&self.core).await? {
            match self.accrue(month, pair.buyer, pair.provider).await {
                Ok(()) => count += 1,
                Err(BillingError::Db(error)) => return Err(error.into()),
                Err(fault) => {
                    faults::note_fault(&self.core, pair, month).await?;
                    first_fault = first_fault.or(Some(fault));
                }
            }
        }
        first_fault.map_or(Ok(count), Err)
    }
}

/// Whoever changes a buyer's invoices holds this lock. It covers invoices that are not there yet, which a lock on their
/// own rows could not: two processes that close a month would both find nothing and both make one.
pub(super) async fn lock_buyer(
    tx: &DatabaseTransaction,
    id: OrganizationId,
) -> Result<organization::Model, BillingError> {
    let row = organization::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(tx)
        .await?;
    Ok(row.ok_or(AccessError::NotFound)?)
}

/// The same of all buyers of these resources, in one order, so that two who do so do not wait for each other; by id.
pub(super) async fn lock_buyers(
    tx: &DatabaseTransaction,
    concerned: Condition,
) -> Result<BTreeMap<OrganizationId, organization::Model>, BillingError> {
    let theirs = resource::Entity::find()
        .select_only()
        .column(resource::Column::OrganizationId)
        .filter(concerned)
        .into_query();
    let rows = organization::Entity::find()
        .filter(organization::Column::Id.in_subquery(theirs))
        .order_by_asc(organization::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

async fn of_month(
    tx: &DatabaseTransaction,
    pair: Pair,
    month: Month,
) -> Result<Vec<invoice::Model>, BillingError> {
    let rows = invoice::Entity::find()
        .filter(invoice::Column::OrganizationId.eq(pair.buyer))
        .filter(invoice::Column::ProviderId.eq(pair.provider))
        .filter(invoice::Column::Month.eq(month))
        .all(tx)
        .await?;
    Ok(rows)
}

/// Computes the lines of `month` anew and writes what changed. Issued invoices are left alone.
pub(super) async fn accrue_in(
    core: &Core,
    tx: &DatabaseTransaction,
    pair: Pair,
    month: Month,
) -> Result<Accrued, BillingError> {
    lock_buyer(tx, pair.buyer).await?;
    let present = of_month(tx, pair, month).await?;
    let issued = present.iter().filter(|row| row.state.is_issued()).count();
    let issued = u32::try_from(issued).unwrap_or(u32::MAX);
    if closed::through(tx, pair)
        .await?
        .is_some_and(|through| month <= through)
    {
        return Ok(Accrued {
            inputs: None,
            open: Vec::new(),
            issued,
        });
    }
    let inputs = BillingInputs::load(tx, pair, month).await?;
    let mut open = Vec::new();
    let mut wanted = Vec::new();
    for draft in drafts(&inputs, core.now())? {
        wanted.push(draft.currency);
        match present.iter().find(|row| row.currency == draft.currency) {
            Some(row) if row.state.is_issued() => {}
            Some(row) => open.push(write(core, tx, &inputs, Some(row), &draft).await?),
            None => open.push(write(core, tx, &inputs, None, &draft).await?),
        }
    }
    for row in present {
        if row.state == InvoiceState::Open && !wanted.contains(&row.currency) {
            discard(tx, row).await?;
        }
    }
    faults::forget_in(tx, pair, month).await?;
    Ok(Accrued {
        inputs: Some(inputs),
        open,
        issued,
    })
}

/// Removes an open invoice: there is nothing on it any more.
pub(super) async fn discard(tx: &DatabaseTransaction, row: invoice::Model) -> Result<(), BillingError> {
    delete_items(tx, row.id).await?;
    row.delete(tx).await?;
    Ok(())
}

async fn write(
    core: &Core,
    tx: &DatabaseTransaction,
    inputs: &BillingInputs,
    present: Option<&invoice::Model>,
    draft: &Draft,
) -> Result<invoice::Model, BillingError> {
    let row = row_of(core, inputs, present, draft)?;
    match present {
        None => {
            invoice::Entity::insert(row.clone().into_active_model().reset_all())
                .exec_without_returning(tx)
                .await?;
        }
        // Also where nothing changed: the time tells when it was computed.
        Some(_) => {
            row.clone().into_active_model().reset_all().update(tx).await?;
        }
    }
    let items = invoice_item::Entity::find_of_invoice(row.id).all(tx).await?;
    if !same_lines(&items, &draft.items) {
        delete_items(tx, row.id).await?;
        insert_items(core, tx, row.id, &draft.items).await?;
    }
    Ok(row)
}

fn same_lines(stored: &[invoice_item::Model], drafted: &[invoice_item::Model]) -> bool {
    let anonymous = |item: &invoice_item::Model| invoice_item::Model {
        id: InvoiceItemId(Uuid::nil()),
        invoice_id: InvoiceId(Uuid::nil()),
        ..item.clone()
    };
    stored.len() == drafted.len()
        && stored
            .iter()
            .zip(drafted)
            .all(|(stored, drafted)| anonymous(stored) == *drafted)
}

async fn delete_items(tx: &DatabaseTransaction, id: InvoiceId) -> Result<(), BillingError> {
    invoice_item::Entity::delete_many()
        .filter(invoice_item::Column::InvoiceId.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

async fn insert_items(
    core: &Core,
    tx: &DatabaseTransaction,
    id: InvoiceId,
    items: &[invoice_item::Model],
) -> Result<(), BillingError> {
    for chunk in items.chunks(ROWS) {
        let rows = chunk.iter().map(|item| {
            let item = invoice_item::Model {
                id: core.new_id(InvoiceItemId),
                invoice_id: id,
                ..item.clone()
            };
            item.into_active_model().reset_all()
        });
        invoice_item::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn row_of(
    core: &Core,
    inputs: &BillingInputs,
    present: Option<&invoice::Model>,
    draft: &Draft,
) -> Result<invoice::Model, BillingError> {
    let now = core.now();
    let (seller, buyer) = inputs.parties();
    Ok(invoice::Model {
        id: present.map_or_else(|| core.new_id(InvoiceId), |row| row.id),
        organization_id: inputs.buyer.id,
        provider_id: inputs.provider.id,
        currency: draft.currency,
        month: inputs.month,
        state: InvoiceState::Open,
        kind: kind(inputs, draft),
        number: None,
        seller: json::write("invoices.seller", &seller)?,
        buyer: json::write("invoices.buyer", &buyer)?,
        tax_percent: draft.rate.charged_percent(),
        reverse_charge: draft.rate.reverse_charge,
        issued_on: None,
        due_on: None,
        net: draft.net,
        tax: draft.tax,
        taxes: json::write("invoices.taxes", &draft.taxes)?,
        total: draft.total,
        covered: Fixed::ZERO,
        created_at: present.map_or(now, |row| row.created_at),
        updated_at: now,
    })
}

fn kind(inputs: &BillingInputs, draft: &Draft) -> DocumentKind {
    if inputs.buyer.id == inputs.provider.id {
        DocumentKind::Internal
    } else if draft.total.is_negative() {
        DocumentKind::CreditNote
    } else {
        DocumentKind::Invoice
    }
}
