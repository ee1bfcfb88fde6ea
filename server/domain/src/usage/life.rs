//! When a resource can have been used: on the days of its stretches, as they are billed. What is used on days of grace is
//! not billed, so it cannot be reported either.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{project, resource, resource_interval};
use model::{ProjectId, ResourceId, UsageReport};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::fault::{Fault, in_words};
use crate::structure::End;
use crate::zone::Zone;

/// Whole days of the billing time zone: from their first instant until the one after their last; none: it goes on.
type Stretch = (DateTime<Utc>, Option<DateTime<Utc>>);

/// The time in which use of a resource can lie, in order; no two stretches touch.
#[derive(Debug, Clone)]
pub(super) struct Life {
    stretches: Vec<Stretch>,
    /// It ended with its last day and is kept.
    in_grace: bool,
}

/// What is billed of resources.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    rows: HashMap<ResourceId, Vec<resource_interval::Model>>,
    project_ends: HashMap<ProjectId, NaiveDate>,
}

impl Stretches {
    /// Of these resources. Two queries.
    pub(super) async fn load(
        db: &impl ConnectionTrait,
        resources: impl Iterator<Item = &resource::Model> + Clone,
    ) -> Result<Self, DbErr> {
        let ids: BTreeSet<ResourceId> = resources.clone().map(|row| row.id).collect();
        let projects: BTreeSet<ProjectId> = resources.map(|row| row.project_id).collect();
        let intervals = resource_interval::Entity::find()
            .filter(resource_interval::Column::ResourceId.is_in(ids))
            .order_by_asc(resource_interval::Column::StartsAt)
            .all(db)
            .await?;
        let projects = project::Entity::find()
            .filter(project::Column::Id.is_in(projects))
            .all(db)
            .await?;
        let mut rows: HashMap<ResourceId, Vec<resource_interval::Model>> = HashMap::new();
        for row in intervals {
            rows.entry(row.resource_id).or_default().push(row);
        }
        let end = |project: project::Model| Some((project.id, project.end_date?));
        Ok(Self {
            rows,
            project_ends: projects.into_iter().filter_map(end).collect(),
        })
    }
}

impl Life {
    /// The days that are billed; none where it was never activated.
    pub(super) fn billed(zone: &Zone, resource: &resource::Model, known: &Stretches) -> Option<Self> {
        let activated = resource.activated_at?;
        let end = End::of(
            resource.end_date,
            known.project_ends.get(&resource.project_id).copied(),
        );
        let end = end.map(|end| end.until(zone));
        let mut life = Self {
            stretches: Vec::new(),
            in_grace: resource.terminated_at.is_none(),
        };
        for row in known.rows.get(&resource.id).into_iter().flatten() {
            let until = row.ends_at.or(end);
            if until.is_none_or(|until| until > row.starts_at) {
                life.add(zone, row.starts_at, until);
            }
        }
        if life.stretches.is_empty() {
            // Gone or over at once; its day is all that it had.
            life.add(zone, activated, Some(activated));
        }
        Some(life)
    }

    /// From activation to termination: what a backend measures in days of grace is kept, to be seen.
    pub(super) fn measured(zone: &Zone, resource: &resource::Model) -> Option<Self> {
        let mut life = Self {
            stretches: Vec::new(),
            in_grace: false,
        };
        life.add(zone, resource.activated_at?, resource.terminated_at);
        Some(life)
    }

    fn add(&mut self, zone: &Zone, from: DateTime<Utc>, until: Option<DateTime<Utc>>) {
        let from = zone.start_of(zone.day(from));
        // An end at midnight is that of the day before.
        let last = until.map(|until| (until - TimeDelta::microseconds(1)).max(from));
        let until = last.map(|last| zone.end_of(zone.day(last)));
        match self.stretches.last_mut() {
            Some((_, end)) if end.is_none_or(|end| from <= end) => {
                *end = end.zip(until).map(|(end, until)| end.max(until));
            }
            _ => self.stretches.push((from, until)),
        }
    }

    /// The window lies on days on which the resource was in use.
    pub(super) fn check(&self, line: &UsageReport, zone: &Zone) -> Result<(), Fault> {
        let last_day = |until: DateTime<Utc>| zone.day(until - TimeDelta::microseconds(1));
        let begun = self
            .stretches
            .iter()
            .rposition(|(from, _)| *from <= line.window_start);
        let next = self
            .stretches
            .get(begun.map_or(0, |place| place.saturating_add(1)));
        let present = begun.and_then(|place| self.stretches.get(place));
        let over = match present {
            None => None,
            Some((_, None)) => return Ok(()),
            Some((_, Some(until))) if line.window_end <= *until => return Ok(()),
            Some((_, Some(until))) => Some(last_day(*until)),
        };
        let message = match (over, next) {
            (Some(over), Some((from, _))) => format!(
                "The resource was not in use after {} and before {}: nothing is billed for the days between.",
                in_words(over),
                in_words(zone.day(*from))
            ),
            (Some(over), None) if self.in_grace => format!(
                "The last day of the resource was {}. Nothing is billed after it, so use after it cannot be reported.",
                in_words(over)
            ),
            (Some(over), None) => format!("The resource was not in use after {}.", in_words(over)),
            (None, Some((from, _))) => {
                format!(
                    "The resource was not in use before {}.",
                    in_words(zone.day(*from))
                )
            }
            (None, None) => "The resource was never in use.".to_owned(),
        };
        Err(Fault::new("outside_life", message))
    }
}
