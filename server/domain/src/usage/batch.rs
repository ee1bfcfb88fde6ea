//! What a batch of reports does to the events and days that are there: worked out in memory, then written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::usage_event::UsageSource;
use entity::{usage_day, usage_event};
use model::pricing::counted;
use model::{
    CORRECTION_MONTHS, DateRange, Fixed, Month, ResourceId, UsageEventId, UsageOutcome, UsageReport,
};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter};

use super::days::divide;
use super::fault::{Fault, in_words};
use super::validate::Cap;
use crate::core::Core;
use crate::zone::Zone;

/// Rows per statement: well below the number of values that either engine takes at once.
const ROWS: usize = 500;
/// So much of a component is taken in a month, whatever its maximum is: the sum of the longest span that a report shows,
/// fifteen months, is still a number that can be stored.
const MOST_IN_A_MONTH: Fixed = Fixed::from_nanos(600_000_000 * 1_000_000_000);

type ChangedDays = BTreeMap<(ResourceId, String, NaiveDate), Fixed>;
type DaysOf = BTreeMap<NaiveDate, Fixed>;

/// A line that is good by itself, with what it is kept by.
pub(super) struct Good {
    /// Its position in the batch.
    pub(super) index: usize,
    pub(super) line: UsageReport,
    pub(super) zone: Zone,
    pub(super) cap: Cap,
    /// Events that reach back further than this can no longer be replaced.
    pub(super) since: DateTime<Utc>,
}

/// The events that count under the keys of a batch, and the days that it touches.
pub(super) struct Batch {
    counted: HashMap<(ResourceId, String), usage_event::Model>,
    days: BTreeMap<(ResourceId, String), DaysOf>,
    touched: BTreeSet<(ResourceId, String, NaiveDate)>,
    superseded: Vec<UsageEventId>,
    fresh: Vec<usage_event::Model>,
}

impl Batch {
    /// Reads what the good lines of a batch may change. The resources must be locked.
    pub(super) async fn load(tx: &DatabaseTransaction, lines: &[Good]) -> Result<Self, DbErr> {
        let mut counted = HashMap::new();
        for chunk in lines.chunks(ROWS) {
            let resources: BTreeSet<ResourceId> = chunk.iter().map(|good| good.line.resource_id).collect();
            let keys = chunk.iter().map(|good| good.line.key.as_str());
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

    /// The days of every period whose cap a line may meet, and those of the events that it may replace.
    async fn load_days(&mut self, tx: &DatabaseTransaction, lines: &[Good]) -> Result<(), DbErr> {
        let mut spans = Vec::new();
        for event in self.counted.values() {
            let days = event.parts()?.into_iter().map(|(day, _)| day);
            spans.extend(days.map(|day| DateRange {
                start: day,
                end: day.succ_opt().unwrap_or(day),
            }));
        }
        for good in lines {
            let last = good.line.window_end - TimeDelta::microseconds(1);
            for at in [good.line.window_start, last] {
                spans.push(good.cap.period_of(good.zone.day(at)));
            }
        }
        let from = spans.iter().map(|span| span.start).min();
        let until = spans.iter().map(|span| span.end).max();
        let Some((from, until)) = from.zip(until) else {
            return Ok(());
        };
        let resources = lines.iter().map(|good| good.line.resource_id);
        let resources: BTreeSet<ResourceId> = resources.collect();
        let rows = usage_day::Entity::find_within(resources, from, until)
            .all(tx)
            .await?;
        for row in rows {
            let days = self.days.entry((row.resource_id, row.component)).or_default();
            days.insert(row.day, row.quantity);
        }
        Ok(())
    }

    /// Takes a line that is good by itself. Refused are lines that replace what can no longer be corrected, or
    /// with which more would be reported than the component's cap allows; they change nothing.
    pub(super) fn take(
        &mut self,
        good: &Good,
        row: impl FnOnce(Option<UsageEventId>) -> usage_event::Model,
    ) -> Result<Result<UsageOutcome, Fault>, DbErr> {
        let line = &good.line;
        let key = (line.resource_id, line.key.clone());
        let known = self.counted.get(&key).cloned();
        if known.as_ref().is_some_and(|known| says_the_same(known, line)) {
            return Ok(Ok(UsageOutcome::Repeated));
        }
        if known
            .as_ref()
            .is_some_and(|known| known.window_start < good.since)
        {
            return Ok(Err(too_old_to_replace(good)));
        }
        let mut event = row(known.as_ref().map(|known| known.id));
        let parts = divide(&good.zone, line.window_start, line.window_end, line.quantity);
        event.days = entity::json::write("usage_events.days", &parts)?;
        let changed = match self.changed(known.as_ref(), &event, good)? {
            Ok(changed) => changed,
            Err(fault) => return Ok(Err(fault)),
        };
        for ((resource, component, day), quantity) in changed {
            let days = self.days.entry((resource, component.clone())).or_default();
            days.insert(day, quantity);
            self.touched.insert((resource, component, day));
        }
        let outcome = match known {
            None => UsageOutcome::Recorded,
            Some(known) => {
                match self.fresh.iter_mut().find(|event| event.id == known.id) {
                    Some(event) => event.superseded = true,
                    None => self.superseded.push(known.id),
                }
                UsageOutcome::Corrected
            }
        };
        self.fresh.push(event.clone());
        self.counted.insert(key, event);
        Ok(Ok(outcome))
    }

    /// The days as they are after `event` came in the place of `known`.
    fn changed(
        &self,
        known: Option<&usage_event::Model>,
        event: &usage_event::Model,
        good: &Good,
    ) -> Result<Result<ChangedDays, Fault>, DbErr> {
        let mut changed = BTreeMap::new();
        let mut added: DaysOf = BTreeMap::new();
        let signed = known
            .map(|known| (known, true))
            .into_iter()
            .chain([(event, false)]);
        for (event, taken_off) in signed {
            for (day, part) in event.parts()? {
                let key = (event.resource_id, event.component.clone(), day);
                let before = changed.get(&key).copied().unwrap_or_else(|| self.on(event, day));
                let after = if taken_off {
                    before.checked_sub(part)
                } else {
                    before.checked_add(part)
                };
                let Ok(after) = after else {
                    return Ok(Err(too_large(good)));
                };
                changed.insert(key, after);
                if event.component == good.line.component {
                    added.insert(day, after);
                }
            }
        }
        Ok(self.within_cap(good, &added).map(|()| changed))
    }

    fn on(&self, event: &usage_event::Model, day: NaiveDate) -> Fixed {
        let days = self.days.get(&(event.resource_id, event.component.clone()));
        days.and_then(|days| days.get(&day)).copied().unwrap_or_default()
    }

    /// Whether the `changed` days stay within the cap of their periods, and their months within what can be counted. What
    /// comes nearer to either is taken.
    fn within_cap(&self, good: &Good, changed: &DaysOf) -> Result<(), Fault> {
        let nothing = DaysOf::new();
        let key = (good.line.resource_id, good.line.component.clone());
        let days = self.days.get(&key).unwrap_or(&nothing);
        let mut after = days.clone();
        after.extend(changed.iter().map(|(day, quantity)| (*day, *quantity)));
        let grown = |period: DateRange, most: Fixed| match (sum(days, period), sum(&after, period)) {
            (Some(before), Some(after)) => Ok(Some(after).filter(|after| *after > before && *after > most)),
            _ => Err(too_large(good)),
        };
        for day in changed.keys() {
            if grown(Month::containing(*day).range(), MOST_IN_A_MONTH)?.is_some() {
                return Err(too_large(good));
            }
            let Some(most) = good.cap.most else { continue };
            let period = good.cap.period_of(*day);
            if let Some(sum) = grown(period, most)? {
                return Err(good.cap.exceeded(period, sum));
            }
        }
        Ok(())
    }

    /// The events that are new, by resource.
    pub(super) fn kept(&self) -> BTreeMap<ResourceId, Vec<&usage_event::Model>> {
        let mut kept: BTreeMap<ResourceId, Vec<&usage_event::Model>> = BTreeMap::new();
        for event in &self.fresh {
            kept.entry(event.resource_id).or_default().push(event);
        }
        kept
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
        let of = |(resource, component, day): (ResourceId, String, NaiveDate)| {
            let key = (resource, component);
            let quantity = self.days.get(&key)?.get(&day).copied()?;
            Some((quantity, (key.0, key.1, day)))
        };
        let days: Vec<_> = self.touched.into_iter().filter_map(of).collect();
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

fn sum(days: &DaysOf, period: DateRange) -> Option<Fixed> {
    let mut within = days.range(period.start..period.end);
    within.try_fold(Fixed::ZERO, |sum, (_, quantity)| sum.checked_add(*quantity).ok())
}

fn too_large(good: &Good) -> Fault {
    let message = format!(
        "With this, the use of {} adds up to more than can be counted, which is {} in a month.",
        good.cap.name,
        counted(MOST_IN_A_MONTH, &good.cap.unit)
    );
    Fault::new("too_large", message)
}

fn too_old_to_replace(good: &Good) -> Fault {
    let since = in_words(good.zone.day(good.since));
    let message = format!(
        "What this would replace lies before {since}; corrections are taken for {CORRECTION_MONTHS} months."
    );
    Fault::new("too_old", message)
}

/// The row of a new event; its days are filled in when it is taken.
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
        days: serde_json::json!([]),
    }
}
