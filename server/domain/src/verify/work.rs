//! Invariant 4: nothing waits for nobody, and nobody works on what is finished.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use entity::{invoice, invoice_pdf, job, order};
use model::{DocumentKind, InvoiceId, InvoiceState, JobState, OrderId, OrderState};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::Finding;
use crate::core::Core;
use crate::jobs::Job;
use crate::jobs::kinds::{ProvisionOrder, RenderInvoice};

/// A job of something finished ends when a worker next looks at it; only if none does, something is wrong.
const GRACE: TimeDelta = TimeDelta::minutes(10);

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let live = job::Entity::find()
        .filter(job::Column::State.is_in([JobState::Queued, JobState::Leased]))
        .all(core.read())
        .await?;
    let subjects: BTreeSet<(&str, &str)> = live
        .iter()
        .map(|job| (job.kind.as_str(), job.subject.as_str()))
        .collect();
    let mut findings = orders(core, &subjects).await?;
    findings.extend(drawings(core, &subjects).await?);
    findings.extend(finished(core, &live).await?);
    Ok(findings)
}

/// Executing orders: a job that carries them out, or a person of the provider who was told.
async fn orders(core: &Core, live: &BTreeSet<(&str, &str)>) -> Result<Vec<Finding>, DbErr> {
    let executing = order::Entity::find()
        .select_only()
        .column(order::Column::Id)
        .filter(order::Column::State.eq(OrderState::Executing))
        .filter(order::Column::WaitingSince.is_null())
        .into_tuple::<OrderId>()
        .all(core.read())
        .await?;
    let forgotten = executing
        .into_iter()
        .filter(|id| !live.contains(&(ProvisionOrder::NAME, ProvisionOrder::about(*id).as_str())));
    let text = "it is in progress, but no job carries it out and it waits for nobody";
    Ok(forgotten
        .map(|id| Finding::new(4, format!("order {id}"), text))
        .collect())
}

/// Issued invoices: a PDF, or a job that draws it.
async fn drawings(core: &Core, live: &BTreeSet<(&str, &str)>) -> Result<Vec<Finding>, DbErr> {
    let drawn = Query::select()
        .column(invoice_pdf::Column::InvoiceId)
        .from(invoice_pdf::Entity)
        .take();
    let undrawn = invoice::Entity::find()
        .filter(invoice::Column::State.eq(InvoiceState::Issued))
        .filter(invoice::Column::Kind.ne(DocumentKind::Internal))
        .filter(invoice::Column::Id.not_in_subquery(drawn))
        .all(core.read())
        .await?;
    let forgotten = undrawn
        .into_iter()
        .filter(|row| !has_job(live, &RenderInvoice { invoice_id: row.id }));
    let text = "it has no PDF, and no job draws one";
    Ok(forgotten
        .map(|row| Finding::new(4, super::documents::name(&row), text))
        .collect())
}

fn has_job<J: Job>(live: &BTreeSet<(&str, &str)>, job: &J) -> bool {
    live.contains(&(J::NAME, job.subject().as_str()))
}

/// The payload, where the job is of this kind.
fn read<J: Job>(job: &job::Model) -> Option<J> {
    (job.kind == J::NAME).then(|| J::deserialize(&job.payload).ok())?
}

/// Jobs that are due but whose order or invoice is finished or gone.
async fn finished(core: &Core, live: &[job::Model]) -> Result<Vec<Finding>, DbErr> {
    let overdue = |job: &&job::Model| job.state == JobState::Queued && job.run_at < core.now() - GRACE;
    let due: Vec<&job::Model> = live.iter().filter(overdue).collect();
    let order_of = |job: &&job::Model| Some(read::<ProvisionOrder>(job)?.order_id);
    let invoice_of = |job: &&job::Model| Some(read::<RenderInvoice>(job)?.invoice_id);
    let order_ids: Vec<OrderId> = due.iter().filter_map(order_of).collect();
    let invoice_ids: Vec<InvoiceId> = due.iter().filter_map(invoice_of).collect();
    let orders = order::Entity::find()
        .filter(order::Column::Id.is_in(order_ids))
        .all(core.read())
        .await?;
    let open: HashMap<OrderId, OrderState> = orders.into_iter().map(|row| (row.id, row.state)).collect();
    let invoices = invoice::Entity::find()
        .filter(invoice::Column::Id.is_in(invoice_ids))
        .all(core.read())
        .await?;
    let issued: BTreeSet<InvoiceId> = invoices
        .into_iter()
        .filter(|row| row.state.is_issued())
        .map(|row| row.id)
        .collect();
    let pointless = |job: &&job::Model| {
        let of_order = order_of(job).is_some_and(|id| open.get(&id).is_none_or(|state| state.is_terminal()));
        of_order || invoice_of(job).is_some_and(|id| !issued.contains(&id))
    };
    let finding = |job: &job::Model| {
        let text = format!("“{}” waits for {}, which is finished", job.kind, job.subject);
        Finding::new(4, format!("job {}", job.id), text)
    };
    Ok(due.into_iter().filter(pointless).map(finding).collect())
}
