//! Invariant 6, of documents: each is as it was issued, to the last word and figure, none was put there that nobody issued,
//! and none of those that were is gone.

use std::collections::HashSet;

use entity::{audit_event, invoice};
use model::{EventKind, InvoiceId, InvoiceState};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value as Json;
use uuid::Uuid;

use super::documents::name;
use super::{BATCH, Finding, next_issued, told};
use crate::billing::fingerprints;
use crate::core::Core;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = gone(core).await?;
    let mut last = None;
    loop {
        let rows = next_issued(core, last).await?;
        let Some(end) = rows.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        let ids = rows.iter().map(|row| row.id.0);
        let issued = told::last(core, EventKind::InvoiceIssued, ids).await?;
        let stored = fingerprints(core.read(), rows.iter().map(|row| row.id)).await?;
        for row in &rows {
            let event = issued.get(&row.id.0);
            let text = if event.is_none() {
                "by the log, nobody issued it"
            } else if told::fingerprint(event)
                .is_some_and(|issued| stored.get(&row.id).is_some_and(|stored| stored != issued))
            {
                "it is not what was issued: something on it was changed since"
            } else {
                continue;
            };
            findings.push(Finding::new(6, name(row), text));
        }
    }
}

/// Documents that the log knows and the database does not.
async fn gone(core: &Core) -> Result<Vec<Finding>, DbErr> {
    use audit_event::Column as C;
    let mut findings = Vec::new();
    let mut last: Option<i64> = None;
    loop {
        let mut query = audit_event::Entity::find()
            .select_only()
            .columns([C::Sequence, C::SubjectId, C::After])
            .filter(C::SubjectKind.eq("invoice"))
            .filter(C::Verb.eq(EventKind::InvoiceIssued))
            .order_by_asc(C::Sequence)
            .limit(BATCH);
        if let Some(last) = last {
            query = query.filter(C::Sequence.gt(last));
        }
        let told = query.into_tuple::<(i64, Uuid, Json)>().all(core.read()).await?;
        let Some((end, ..)) = told.last() else {
            return Ok(findings);
        };
        last = Some(*end);
        let ids = told.iter().map(|(_, id, _)| InvoiceId(*id));
        let there: HashSet<InvoiceId> = invoice::Entity::find()
            .select_only()
            .column(invoice::Column::Id)
            .filter(invoice::Column::Id.is_in(ids))
            .filter(invoice::Column::State.ne(InvoiceState::Open))
            .into_tuple()
            .all(core.read())
            .await?
            .into_iter()
            .collect();
        for (_, id, after) in told.iter().filter(|(_, id, _)| !there.contains(&InvoiceId(*id))) {
            let number = after.get("number").and_then(Json::as_str);
            let subject = format!("invoice {}", number.map_or_else(|| id.to_string(), str::to_owned));
            findings.push(Finding::new(
                6,
                subject,
                "by the log it was issued, but it is not there",
            ));
        }
    }
}
