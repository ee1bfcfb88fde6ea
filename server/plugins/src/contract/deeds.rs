//! Actions of a living resource, and the parts that it has.

use std::collections::BTreeSet;

use model::{Action, FieldKind, InventoryTable, MOST_INVENTORY_ROWS, ids::ActionId};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::life::{Life, Rest};
use crate::{ActionOutcome, ActionRequest, Parts, PluginError, Power, Silent};

impl Life<'_> {
    /// Each action once, each again under the same id, what there is none of; and the parts before and after.
    pub(super) async fn deeds(&mut self, rest: &Rest) {
        let conditions = self.plugin.conditions().into_iter();
        let mut condition = conditions
            .map(|condition| condition.code)
            .next()
            .unwrap_or_default();
        let tables = self.parts(&condition).await;
        let unknown = self.wish("no_such_action", json!({}), &condition);
        self.refuses(&unknown).await;
        if !matches!(rest, Rest::Ready(_)) {
            return;
        }
        let settings = Json::Object(self.request.settings.values().clone());
        let offered = self.plugin.actions().into_iter();
        let mut left: Vec<Action> = offered.filter(|action| action.is_offered(&settings)).collect();
        self.draws(&left, &tables).await;
        for action in &left {
            if let Some(input) = stale(action) {
                let wish = self.wish(&action.key, input, &condition);
                self.refuses(&wish).await;
            }
        }
        left.retain(|action| action.input.fields.is_empty());
        let is_possible =
            |action: &Action, now: &String| action.possible_in.is_empty() || action.possible_in.contains(now);
        while let Some(place) = left.iter().position(|action| is_possible(action, &condition)) {
            let action = left.remove(place);
            condition = self.do_twice(&action, condition).await;
        }
        for action in left {
            self.breaches.add(format!(
                "no condition that {} is possible in was reached",
                action.key
            ));
        }
        // As it is made.
        self.parts(&condition).await;
    }

    fn wish(&self, key: &str, input: Json, condition: &str) -> ActionRequest {
        // The same for the same action, so that it can be brought again.
        let id = Uuid::from_u128(
            key.bytes()
                .fold(1, |sum, byte| sum * 31 % (1 << 100) + u128::from(byte)),
        );
        ActionRequest {
            id: ActionId(id),
            resource: self.request.clone(),
            key: key.to_owned(),
            input,
            condition: condition.to_owned(),
        }
    }

    async fn refuses(&mut self, wish: &ActionRequest) {
        let answer = self.plugin.act(wish, &Silent).await;
        self.breaches.unless(
            matches!(answer, Err(PluginError::Refused { .. })),
            format!("{} of what is not there answered {answer:?}", wish.key),
        );
    }

    /// The action, and the same once more as if its end had not been noticed. Answers the condition after it.
    async fn do_twice(&mut self, action: &Action, condition: String) -> String {
        let key = &action.key;
        let wish = self.wish(key, json!({}), &condition);
        let Some(first) = self.done(&wish).await else {
            return condition;
        };
        let Some(again) = self.done(&wish).await else {
            return condition;
        };
        self.breaches.unless(
            first == again,
            format!("{key} answered {first:?}, the second time {again:?}"),
        );
        let ActionOutcome::Done {
            message,
            condition: now,
            ..
        } = first
        else {
            return condition;
        };
        self.breaches.unless(
            message.ends_with('.'),
            format!("{key} does not say in a sentence what was done"),
        );
        let now = now.unwrap_or(condition);
        let known = self.plugin.conditions().iter().any(|known| known.code == now);
        self.breaches.unless(
            now.is_empty() || known,
            format!("{key} leads to {now}, which is no condition"),
        );
        if self.plugin.capabilities().can(Power::Parts) {
            self.parts(&now).await;
        }
        now
    }

    /// Brings an action until it is done.
    async fn done(&mut self, wish: &ActionRequest) -> Option<ActionOutcome> {
        let (pause, most) = self.fixture.poll;
        let mut answer = self.plugin.act(wish, &Silent).await;
        for _ in 0..most {
            match answer {
                Ok(done @ ActionOutcome::Done { .. }) => return Some(done),
                Ok(ActionOutcome::Pending { poll_after, .. }) => {
                    tokio::time::sleep(poll_after.min(pause)).await;
                }
                Err(PluginError::Retry { .. }) => tokio::time::sleep(pause).await,
                Err(error) => {
                    self.breaches.add(format!("{} failed: {error}", wish.key));
                    return None;
                }
            }
            answer = self.plugin.act(wish, &Silent).await;
        }
        self.breaches.add(format!(
            "{} came to no end; at last it answered {answer:?}",
            wish.key
        ));
        None
    }

    /// Looks at the parts, or at the refusal to list them. Where the backend tells a condition, it is this one.
    async fn parts(&mut self, condition: &str) -> Vec<InventoryTable> {
        let answer = self.plugin.parts(&self.request, condition).await;
        if !self.plugin.capabilities().can(Power::Parts) {
            let refused = answer == Err(PluginError::Unsupported { power: Power::Parts });
            self.breaches
                .unless(refused, "parts without the power did not refuse");
            return Vec::new();
        }
        let Parts {
            tables,
            condition: seen,
        } = match answer {
            Ok(parts) => parts,
            Err(error) => {
                self.breaches.add(format!("parts failed: {error}"));
                return Vec::new();
            }
        };
        self.breaches.unless(
            seen.as_ref().is_none_or(|seen| seen == condition),
            format!("parts shows the condition {seen:?} instead of {condition}"),
        );
        let mut codes = BTreeSet::new();
        for table in &tables {
            self.breaches.unless(
                codes.insert(table.code.as_str()),
                format!("the table {} is there twice", table.code),
            );
            self.check_table(table);
        }
        tables
    }

    fn check_table(&mut self, table: &InventoryTable) {
        let code = &table.code;
        let named = ![&table.code, &table.title]
            .iter()
            .any(|text| text.trim().is_empty());
        self.breaches
            .unless(named, format!("the table \"{code}\" lacks a code or title"));
        let few = table.rows.len() <= MOST_INVENTORY_ROWS;
        self.breaches
            .unless(few, format!("the table {code} has {} rows", table.rows.len()));
        let fit = table
            .rows
            .iter()
            .all(|row| row.cells.len() == table.columns.len());
        self.breaches
            .unless(fit, format!("a row of {code} has not a cell for each column"));
        let keys: BTreeSet<&str> = table.rows.iter().map(|row| row.key.as_str()).collect();
        let unique = keys.len() == table.rows.len() && !keys.contains("");
        self.breaches
            .unless(unique, format!("rows of {code} have one key, or none"));
        let cells = table.rows.iter().flat_map(|row| &row.cells);
        let shown = cells.clone().all(|cell| !cell.contains(char::is_control));
        self.breaches
            .unless(shown, format!("a cell of {code} has control characters"));
    }

    /// What is drawn from a table is drawn from one that there is.
    async fn draws(&mut self, offered: &[Action], tables: &[InventoryTable]) {
        for action in offered {
            for drawn in &action.choices {
                let listed = tables.iter().any(|table| table.code == drawn.table);
                self.breaches.unless(
                    listed,
                    format!("{} draws from {}, which is not listed", action.key, drawn.table),
                );
            }
        }
    }
}

/// A choice of something that is not there (any more), with whatever else has to be filled in. `None` where nothing is drawn, or
/// where nothing can be made up.
fn stale(action: &Action) -> Option<Json> {
    if action.choices.is_empty() {
        return None;
    }
    let mut input = Map::new();
    for field in &action.input.fields {
        let value = match &field.kind {
            FieldKind::Choice { .. } => json!("no-such-part"),
            FieldKind::MultipleChoice { .. } => json!(["no-such-part"]),
            FieldKind::Integer { min, .. } => json!(min.unwrap_or(1)),
            FieldKind::String { .. } | FieldKind::Text { .. } => json!("x"),
            FieldKind::Boolean => json!(true),
            _ if field.required => return None,
            _ => continue,
        };
        input.insert(field.key.clone(), value);
    }
    Some(Json::Object(input))
}
