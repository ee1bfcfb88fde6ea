//! Invariant 5, of decisions: whoever approved or refused an order did so by the log, with those words, and nothing went on
//! that somebody or some rule of a side did not let pass.

use std::collections::{BTreeSet, HashMap};

use entity::{audit_event, order, order_decision};
use model::{EventKind, OrderId, OrderState, Side, UserId, Verdict};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{BATCH, Finding, told};
use crate::core::Core;

const VERBS: [EventKind; 4] = [
    EventKind::OrderPlaced,
    EventKind::OrderApproved,
    EventKind::OrderAccepted,
    EventKind::OrderRejected,
];

/// Side, verdict, who and with which words.
type Decision = (&'static str, &'static str, Option<UserId>, String);

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last: Option<OrderId> = None;
    loop {
        let mut query = order::Entity::find()
            .select_only()
            .column(order::Column::Id)
            .order_by_asc(order::Column::Id)
            .limit(BATCH);
        if let Some(last) = last {
            query = query.filter(order::Column::Id.gt(last));
        }
        let ids = query.into_tuple::<OrderId>().all(core.read()).await?;
        let Some(end) = ids.last() else {
            return Ok(findings);
        };
        last = Some(*end);
        let told = told::events(core, &VERBS, ids.iter().map(|id| id.0)).await?;
        let decided = decided(core, &ids).await?;
        for id in &ids {
            let events = told.get(&id.0).map_or(&[][..], Vec::as_slice);
            let rows = decided.get(id).map_or(&[][..], Vec::as_slice);
            let texts = faults(events, rows).into_iter();
            findings.extend(texts.map(|text| Finding::new(5, format!("order {id}"), text)));
        }
    }
}

async fn decided(
    core: &Core,
    ids: &[OrderId],
) -> Result<HashMap<OrderId, Vec<order_decision::Model>>, DbErr> {
    let rows = order_decision::Entity::find()
        .filter(order_decision::Column::OrderId.is_in(ids.iter().copied()))
        .all(core.read())
        .await?;
    let mut decided: HashMap<OrderId, Vec<order_decision::Model>> = HashMap::new();
    for row in rows {
        decided.entry(row.order_id).or_default().push(row);
    }
    Ok(decided)
}

fn faults(events: &[audit_event::Model], rows: &[order_decision::Model]) -> Vec<&'static str> {
    let mut texts = Vec::new();
    let by_people = rows.iter().filter(|row| row.verdict != Verdict::Skipped);
    let kept: BTreeSet<Decision> = by_people.map(kept).collect();
    let logged: BTreeSet<Decision> = events.iter().filter_map(logged).collect();
    if kept != logged {
        texts.push("who approved or refused it, or with which words, is not what the log says");
    }
    let went_on = events.iter().any(|event| {
        let state = state(&event.after);
        state.is_some_and(|state| !state.awaits_decision()) && event.verb != EventKind::OrderRejected
    });
    let passed = |side: Side| {
        rows.iter()
            .any(|row| row.side == side && row.verdict != Verdict::Rejected)
    };
    if went_on && ![Side::Buyer, Side::Provider].into_iter().all(passed) {
        texts.push("it went on though a side did not let it pass");
    }
    texts
}

fn kept(row: &order_decision::Model) -> Decision {
    (
        row.side.as_str(),
        row.verdict.as_str(),
        row.user_id,
        row.comment.clone(),
    )
}

fn logged(event: &audit_event::Model) -> Option<Decision> {
    let (side, verdict) = match EventKind::parse(&event.verb)? {
        EventKind::OrderApproved => (Side::Buyer, Verdict::Approved),
        EventKind::OrderAccepted => (Side::Provider, Verdict::Approved),
        EventKind::OrderRejected if state(&event.before)? == OrderState::PendingBuyer => {
            (Side::Buyer, Verdict::Rejected)
        }
        EventKind::OrderRejected => (Side::Provider, Verdict::Rejected),
        _ => return None,
    };
    Some((
        side.as_str(),
        verdict.as_str(),
        event.actor_id,
        event.reason.clone(),
    ))
}

fn state(told: &Json) -> Option<OrderState> {
    OrderState::deserialize(told.get("state")?).ok()
}
