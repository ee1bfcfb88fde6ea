//! Issuing: the number, the dates, and after that nothing changes any more.

use chrono::{Datelike, Days, NaiveDate};
use entity::{invoice, invoice_series, organization};
use model::{DocumentKind, EventKind, InvoiceState, OrganizationId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QuerySelect};
use serde_json::json;

use super::BillingError;
use super::account::settle_in;
use super::seal::fingerprints;
use crate::access::{AccessError, Actor, Target};
use crate::audit::{self, Event};
use crate::core::Core;
use crate::jobs::kinds::RenderInvoice;
use crate::jobs::{self, NewJob};
use crate::zone::Zone;

/// Days from issue to the last day to pay.
const DAYS_TO_PAY: u64 = 14;

/// The last day to pay what is due of a document that was issued on `day`.
pub(crate) fn last_day_to_pay(day: NaiveDate) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(DAYS_TO_PAY))
}

/// Numbers and dates an open document that is up to date, settles it with the buyer's account, and has its PDF drawn.
/// Internal cost gets a date only. Answers the document as issued. The buyer must be locked.
pub(super) async fn issue_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    provider: &organization::Model,
    open: invoice::Model,
) -> Result<invoice::Model, BillingError> {
    let today = Zone::of(provider)?.day(core.now());
    let is_sale = open.kind != DocumentKind::Internal;
    let mut issued = invoice::Model {
        state: InvoiceState::Issued,
        issued_on: Some(today),
        updated_at: core.now(),
        ..open.clone()
    };
    if is_sale {
        issued.number = Some(next_number_in(tx, provider, today).await?);
        issued.covered = settle_in(core, tx, &open).await?;
    }
    if issued.amount_due().is_positive() {
        issued.due_on = last_day_to_pay(today);
    }
    issued.clone().into_active_model().reset_all().update(tx).await?;
    let fingerprint = fingerprints(tx, [open.id]).await?.remove(&open.id);
    let target = Target::organization(open.organization_id).sold_by(open.provider_id, None);
    let event = Event::new(actor, EventKind::InvoiceIssued, open.id.0)
        .on(target)
        .before(json!({ "state": open.state }))
        .after(json!({
            "state": issued.state, "kind": issued.kind, "number": issued.number, "total": issued.total,
            "covered": issued.covered, "currency": issued.currency, "fingerprint": fingerprint,
        }));
    audit::record_in(core, tx, event).await?;
    if is_sale {
        let job = NewJob::now(&RenderInvoice { invoice_id: open.id })?;
        jobs::enqueue_in(core, tx, job).await?;
    }
    Ok(issued)
}

/// The provider's next number of the year. The series' row stays locked until the transaction ends: if that is undone,
/// so is the number, and no gap remains.
async fn next_number_in(
    tx: &DatabaseTransaction,
    provider: &organization::Model,
    today: NaiveDate,
) -> Result<String, BillingError> {
    let key: (OrganizationId, i32) = (provider.id, today.year());
    let first = invoice_series::ActiveModel {
        provider_id: Set(key.0),
        year: Set(key.1),
        next: Set(1),
    };
    let columns = [invoice_series::Column::ProviderId, invoice_series::Column::Year];
    invoice_series::Entity::insert(first)
        .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let series = invoice_series::Entity::find_by_id(key)
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(AccessError::NotFound)?;
    let number = series.next;
    let mut row = series.into_active_model();
    row.next = Set(number.saturating_add(1));
    row.update(tx).await?;
    Ok(format!("{}-{}-{number:05}", provider.slug.to_uppercase(), key.1))
}
