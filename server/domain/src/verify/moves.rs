//! Invariant 5: the audit log, replayed. Every state follows from the one before by a move that the model allows, and the
//! last one is the state that the row has.

use std::collections::HashMap;

use entity::{audit_event, order};
use model::order::{Awaits, OrderVerb};
use model::{OrderId, OrderState, ResourceState, ResourceVerb};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{BATCH, Finding, next_resources};
use crate::core::Core;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = orders(core).await?;
    findings.extend(resources(core).await?);
    Ok(findings)
}

async fn orders(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut replay = Replay::of("order", order_moves());
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
            return Ok(replay.findings());
        };
        last = Some(*end);
        replay
            .batch(
                core,
                rows.iter().map(|(id, state)| (id.0, state.as_str())).collect(),
            )
            .await?;
    }
}

async fn resources(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut replay = Replay::of("resource", resource_moves());
    let mut last = None;
    loop {
        let rows = next_resources(core, last).await?;
        let Some(end) = rows.last() else {
            return Ok(replay.findings());
        };
        last = Some(end.id);
        replay
            .batch(
                core,
                rows.iter().map(|row| (row.id.0, row.state.as_str())).collect(),
            )
            .await?;
    }
}

/// From a state, or from nothing, to a state.
type Move = (Option<&'static str>, &'static str);

fn order_moves() -> Vec<Move> {
    let flags = [false, true];
    let mut moves = Vec::new();
    for (buyer, provider, start) in flags
        .into_iter()
        .flat_map(|c| flags.into_iter().flat_map(move |p| flags.map(|s| (c, p, s))))
    {
        let awaits = Awaits {
            buyer,
            provider,
            start,
        };
        moves.push((None, awaits.first().as_str()));
        for state in OrderState::ALL {
            for next in OrderVerb::ALL
                .iter()
                .filter_map(|verb| state.after(*verb, awaits).ok())
            {
                moves.push((Some(state.as_str()), next.as_str()));
            }
        }
    }
    moves
}

fn resource_moves() -> Vec<Move> {
    let mut moves = vec![(None, ResourceState::Creating.as_str())];
    for state in ResourceState::ALL {
        for next in ResourceVerb::ALL
            .iter()
            .filter_map(|verb| state.after(*verb).ok())
        {
            moves.push((Some(state.as_str()), next.as_str()));
        }
    }
    moves
}

struct Replay {
    kind: &'static str,
    moves: Vec<Move>,
    found: Vec<Finding>,
    untold: u64,
}

impl Replay {
    fn of(kind: &'static str, moves: Vec<Move>) -> Self {
        Self {
            kind,
            moves,
            found: Vec::new(),
            untold: 0,
        }
    }

    async fn batch(&mut self, core: &Core, rows: Vec<(Uuid, &'static str)>) -> Result<(), DbErr> {
        let events = audit_event::Entity::find()
            .filter(audit_event::Column::SubjectKind.eq(self.kind))
            .filter(audit_event::Column::SubjectId.is_in(rows.iter().map(|(id, _)| *id)))
            .order_by_asc(audit_event::Column::Sequence)
            .all(core.read())
            .await?;
        let mut told: HashMap<Uuid, Vec<audit_event::Model>> = HashMap::new();
        for event in events {
            told.entry(event.subject_id).or_default().push(event);
        }
        for (id, state) in rows {
            match told.get(&id) {
                Some(events) => self.row(id, state, events),
                None => self.untold += 1,
            }
        }
        Ok(())
    }

    fn row(&mut self, id: Uuid, state: &str, events: &[audit_event::Model]) {
        let mut reached: Option<&str> = None;
        let subject = format!("{} {id}", self.kind);
        for event in events {
            let Some(after) = state_in(&event.after) else {
                continue;
            };
            let before = state_in(&event.before);
            if before != reached {
                let text = format!(
                    "{}: it was {}, the log says {}",
                    event.verb,
                    word(reached),
                    word(before)
                );
                self.found.push(Finding::new(5, subject.clone(), text));
            }
            // An event that tells something else of the same state is no move.
            let still = before == Some(after);
            if !still
                && !self.moves.contains(&(
                    before.and_then(|from| self.known(from)),
                    self.known(after).unwrap_or_default(),
                ))
            {
                let text = format!(
                    "{}: from {} to {after} is no allowed move",
                    event.verb,
                    word(before)
                );
                self.found.push(Finding::new(5, subject.clone(), text));
            }
            reached = Some(after);
        }
        if reached != Some(state) {
            let text = format!("it is {state}, but by the log it is {}", word(reached));
            self.found.push(Finding::new(5, subject, text));
        }
    }

    /// The state's own text, if it is one.
    fn known(&self, state: &str) -> Option<&'static str> {
        self.moves.iter().map(|(_, to)| *to).find(|known| *known == state)
    }

    fn findings(mut self) -> Vec<Finding> {
        if self.untold > 0 {
            let text = format!("{} of them have no history in the audit log", self.untold);
            self.found.push(Finding::new(5, format!("{}s", self.kind), text));
        }
        self.found
    }
}

fn state_in(told: &Json) -> Option<&str> {
    told.get("state").and_then(Json::as_str)
}

fn word(state: Option<&str>) -> &str {
    state.unwrap_or("not there")
}
