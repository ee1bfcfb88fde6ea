//! What a batch of reports does to the events and days that are there: worked out in memory, then written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use entity::usage_event::UsageSource;
use entity::{usage_day, usage_event};
use model::{Fixed, FixedError, ResourceId, UsageEventId, UsageReport};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter};

use super::days::divide;
use crate::core::Core;
use crate::zone::Zone;

/// Rows per statement: well below the number of values that either engine takes at once.
const ROWS: usize = 500;

/// What became of a line that can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Recorded,
    Repeated,
    Corrected,
}

/// The events that count under the keys of a batch, and the days that it touches.
pub(super) struct Batch {
    counted: HashMap<(ResourceId, String), usage_event::Model>,
    days: BTreeMap<(ResourceId, String, NaiveDate), Fixed>,
    touched: BTreeSet<(ResourceId, String, NaiveDate)>,
    superseded: Vec<UsageEventId>,
    fresh: Vec<usage_event::Model>,
}

impl Batch {
    /// Reads what the good lines of a batch may change. The resources must be locked.
    pub(super) async fn load(
        tx: &DatabaseTransaction,
        lines: &[(&UsageReport, &Zone)],
    ) -> Result<Self, DbErr> {
        let mut counted = HashMap::new();
        for chunk in lines.chunks(ROWS) {
            let resources: BTreeSet<ResourceId> = chunk.iter().map(|(line, _)| line.resource_id).collect();
            let keys = chunk.iter().map(|(line, _)| line.key.as_str());
            let events = usage_event::Entity::find()
                .filter(usage_event::Column::Superseded.eq(false))
                .filter(usage_event::Column::ResourceId.is_in(resources))
                .filter(usage_event::Column::Key.is_in(keys))
                .all(tx)
                .await?;
            counted.extend(
                events
                    .into_iter()
                    .map(|event| ((event.resource_id, event.key.clone()), event)),
            );
        }
        let mut batch = Self {
            counted,
            days: BTreeMap::new(),
            touched: BTreeSet::new(),
            superseded: Vec::new(),
            fresh: Vec::new(),
        };
        batch.load_days(tx, lines).await?;
        Ok(batch)
    }

    async fn load_days(
        &mut self,
        tx: &DatabaseTransaction,
        lines: &[(&UsageReport, &Zone)],
    ) -> Result<(), DbErr> {
        // A correction takes its quantity from the days of the event that it replaces, which may be others.
        let replaced = self
            .counted
            .values()
            .map(|event| (event.resource_id, event.window_start, event.window_end));
        let reported = lines
            .iter()
            .map(|(line, _)| (line.resource_id, line.window_start, line.window_end));
        let windows: Vec<_> = replaced.chain(reported).collect();
        let Some(first) = windows.iter().map(|(_, start, _)| *start).min() else {
            return Ok(());
        };
        let Some(last) = windows.iter().map(|(_, _, end)| *end).max() else {
            return Ok(());
        };
        let resources: BTreeSet<ResourceId> = windows.iter().map(|(resource, _, _)| *resource).collect();
        // A day's slack on both sides covers every time zone.
        let from = first.date_naive().pred_opt().unwrap_or(NaiveDate::MIN);
        let until = last
            .date_naive()
            .checked_add_days(chrono::Days::new(2))
            .unwrap_or(NaiveDate::MAX);
        let rows = usage_day::Entity::find_within(resources, from, until)
            .all(tx)
            .await?;
        self.days.extend(
            rows.into_iter()
                .map(|row| ((row.resource_id, row.component, row.day), row.quantity)),
        );
        Ok(())
    }

    /// Takes a line that was judged good.
    pub(super) fn take(
        &mut self,
        line: &UsageReport,
        zone: &Zone,
        row: impl FnOnce(Option<UsageEventId>) -> usage_event::Model,
    ) -> Result<Outcome, FixedError> {
        let key = (line.resource_id, line.key.clone());
        let Some(known) = self.counted.get(&key).cloned() else {
            self.put(key, zone, row(None))?;
            return Ok(Outcome::Recorded);
        };
        if says_the_same(&known, line) {
            return Ok(Outcome::Repeated);
        }
        self.count(&known, zone, true)?;
        match self.fresh.iter_mut().find(|event| event.id == known.id) {
            Some(event) => event.superseded = true,
            None => self.superseded.push(known.id),
        }
        self.put(key, zone, row(Some(known.id)))?;
        Ok(Outcome::Corrected)
    }

    fn put(
        &mut self,
        key: (ResourceId, String),
        zone: &Zone,
        event: usage_event::Model,
    ) -> Result<(), FixedError> {
        self.count(&event, zone, false)?;
        self.fresh.push(event.clone());
        self.counted.insert(key, event);
        Ok(())
    }

    /// Adds an event to its days, or takes it off them.
    fn count(&mut self, event: &usage_event::Model, zone: &Zone, take_off: bool) -> Result<(), FixedError> {
        for (day, part) in divide(zone, event.window_start, event.window_end, event.quantity) {
            let key = (event.resource_id, event.component.clone(), day);
            let sum = self.days.entry(key.clone()).or_default();
            *sum = if take_off {
                sum.checked_sub(part)?
            } else {
                sum.checked_add(part)?
            };
            self.touched.insert(key);
        }
        Ok(())
    }

    /// Writes everything that changed.
    pub(super) async fn write(self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        use usage_day::Column as C;
        for ids in self.superseded.chunks(ROWS) {
            usage_event::Entity::update_many()
                .col_expr(usage_event::Column::Superseded, Expr::value(true))
                .filter(usage_event::Column::Id.is_in(ids.iter().copied()))
                .exec(tx)
                .await?;
        }
        for events in self.fresh.chunks(ROWS) {
            let rows = events
                .iter()
                .cloned()
                .map(|event| usage_event::ActiveModel::from(event).reset_all());
            usage_event::Entity::insert_many(rows)
                .exec_without_returning(tx)
                .await?;
        }
        let days: Vec<_> = self
            .touched
            .into_iter()
            .filter_map(|key| Some((self.days.get(&key).copied()?, key)))
            .collect();
        for chunk in days.chunks(ROWS) {
            let rows = chunk
                .iter()
                .map(|(quantity, (resource, component, day))| usage_day::ActiveModel {
                    resource_id: Set(*resource),
                    component: Set(component.clone()),
                    day: Set(*day),
                    quantity: Set(*quantity),
                });
            let replace = OnConflict::columns([C::ResourceId, C::Component, C::Day])
                .update_column(C::Quantity)
                .to_owned();
            usage_day::Entity::insert_many(rows)
                .on_conflict(replace)
                .exec_without_returning(tx)
                .await?;
        }
        Ok(())
    }
}

fn says_the_same(event: &usage_event::Model, line: &UsageReport) -> bool {
    event.component == line.component
        && event.window_start == line.window_start
        && event.window_end == line.window_end
        && event.quantity == line.quantity
        && event.username == line.username
}

/// The row of a new event.
pub(super) fn event_row(
    core: &Core,
    line: &UsageReport,
    source: UsageSource,
    now: DateTime<Utc>,
) -> impl FnOnce(Option<UsageEventId>) -> usage_event::Model {
    let id = core.new_id(UsageEventId);
    let line = line.clone();
    move |replaces| usage_event::Model {
        id,
        resource_id: line.resource_id,
        component: line.component,
        window_start: line.window_start,
        window_end: line.window_end,
        quantity: line.quantity,
        key: line.key,
        username: line.username,
        source,
        replaces,
        superseded: false,
        recorded_at: now,
    }
}
