//! Invariant 5, of decisions: whoever approved or refused an order did so by the log, with those words, and nothing went on
//! that a step did not let pass; the step that is asked is one of the side whose turn it is.

use std::collections::{BTreeMap, BTreeSet};

use entity::{approval_step, audit_event, order, order_decision};
use model::{EventKind, OrderId, OrderState, Side, StepState, UserId, Verdict};
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

/// What is stored about whoever must agree to an order.
#[derive(Default)]
struct Stored {
    state: Option<OrderState>,
    steps: Vec<approval_step::Model>,
    decisions: Vec<order_decision::Model>,
}

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last: Option<OrderId> = None;
    loop {
        let mut query = order::Entity::find()
            .select_only()
            .columns([order::Column::Id, order::Column::State])
            .order_by_asc(order::Column::Id)
            .limit(BATCH);
        if let Some(last) = last {
            query = query.filter(order::Column::Id.gt(last));
        }
        let rows = query
            .into_tuple::<(OrderId, OrderState)>()
            .all(core.read())
            .await?;
        let Some((end, _)) = rows.last() else {
            return Ok(findings);
        };
        last = Some(*end);
        let told = told::events(core, &VERBS, rows.iter().map(|(id, _)| id.0)).await?;
        for (id, stored) in stored(core, &rows).await? {
            let events = told.get(&id.0).map_or(&[][..], Vec::as_slice);
            let texts = faults(events, &stored).into_iter();
            findings.extend(texts.map(|text| Finding::new(5, format!("order {id}"), text)));
        }
    }
}

async fn stored(core: &Core, rows: &[(OrderId, OrderState)]) -> Result<BTreeMap<OrderId, Stored>, DbErr> {
    let mut stored: BTreeMap<OrderId, Stored> = BTreeMap::new();
    for (id, state) in rows {
        stored.entry(*id).or_default().state = Some(*state);
    }
    let ids = rows.iter().map(|(id, _)| *id);
    let steps = approval_step::Entity::find()
        .filter(approval_step::Column::OrderId.is_in(ids.clone()))
        .order_by_asc(approval_step::Column::Position)
        .all(core.read())
        .await?;
    for step in steps {
        stored.entry(step.order_id).or_default().steps.push(step);
    }
    let decisions = order_decision::Entity::find()
        .filter(order_decision::Column::OrderId.is_in(ids))
        .all(core.read())
        .await?;
    for one in decisions {
        stored.entry(one.order_id).or_default().decisions.push(one);
    }
    Ok(stored)
}

fn faults(events: &[audit_event::Model], stored: &Stored) -> Vec<&'static str> {
    let mut texts = Vec::new();
    let kept: BTreeSet<Decision> = stored
        .decisions
        .iter()
        .filter_map(|one| kept(stored, one))
        .collect();
    let logged: BTreeSet<Decision> = events.iter().filter_map(logged).collect();
    if kept != logged {
        texts.push("who approved or refused it, or with which words, is not what the log says");
    }
    let went_on = events.iter().any(|event| {
        let state = state(&event.after);
        state.is_some_and(|state| !state.awaits_decision()) && event.verb != EventKind::OrderRejected
    });
    let passed = |step: &approval_step::Model| match step.state {
        StepState::Skipped => true,
        StepState::Approved => approvals(stored, step) >= usize::try_from(step.needed).unwrap_or(usize::MAX),
        _ => false,
    };
    let mut of_both = [Side::Buyer, Side::Provider].into_iter();
    let each_side = of_both.all(|side| stored.steps.iter().any(|step| step.side == side));
    if went_on && !(each_side && stored.steps.iter().all(passed)) {
        texts.push("it went on though a side did not let it pass");
    }
    let open: Vec<Side> = of_state(stored, StepState::Open).map(|step| step.side).collect();
    let expected = match stored.state {
        Some(OrderState::PendingBuyer) => vec![Side::Buyer],
        Some(OrderState::PendingProvider) => vec![Side::Provider],
        _ => Vec::new(),
    };
    let waits = stored.state.is_some_and(OrderState::awaits_decision);
    if open != expected || (!waits && of_state(stored, StepState::Later).next().is_some()) {
        texts.push("the step that is asked now is not one of the side whose turn it is");
    }
    texts
}

fn of_state(stored: &Stored, state: StepState) -> impl Iterator<Item = &approval_step::Model> {
    stored.steps.iter().filter(move |step| step.state == state)
}

/// How many different people have approved a step: nobody counts twice, neither as who decided nor as whom somebody decided for.
fn approvals(stored: &Stored, step: &approval_step::Model) -> usize {
    let approved = stored.decisions.iter();
    let approved = approved.filter(|one| one.step_id == step.id && one.verdict == Verdict::Approved);
    let (mut people, mut count) = (BTreeSet::new(), 0);
    for one in approved {
        let both = [one.user_id, one.stood_in_for];
        let fresh = both.into_iter().flatten().all(|person| !people.contains(&person));
        people.extend(both.into_iter().flatten());
        count += usize::from(fresh);
    }
    count
}

fn kept(stored: &Stored, row: &order_decision::Model) -> Option<Decision> {
    let step = stored.steps.iter().find(|step| step.id == row.step_id)?;
    Some((
        step.side.as_str(),
        row.verdict.as_str(),
        row.user_id,
        row.comment.clone(),
    ))
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
