//! How long a resource lasts: its own last day or its project's, the terms that are paid up front, and what the end of
//! either does to the stretches that billing reads.
//!
//! Days are the buyer's. Grace is the provider's to give (`DurationRules::grace_days` of the offering), because nothing
//! is billed for it: the last stretch ends with the last day, and whoever extends later begins a new one at that instant.
//!
//! A term never outlives its project. It begins when its order has been carried out, which may be later than anybody
//! thought: whether it fits is looked at when the order begins (`ordering::dates::start`), and where the provider took so
//! long that it fits no more, it is cut at the project's last day and costs the months that are had, of which a started
//! one counts as in any term. Refusing would leave the provider with what is made already, and a buyer who has paid for
//! all of it would pay for what nobody can use: nothing is billed after its end (`domain.md` 4 and 6).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{json, offering, order, organization, project, resource, resource_interval, resource_term};
use model::pricing::Formula;
use model::{
    DurationRules, EventKind, Lifetime, ResourceId, TermId, last_day_in_project, last_day_of_further_term,
    last_day_of_grace, months_started,
};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::prelude::Json;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait};
use serde_json::json;

use super::ProvisioningError;
use super::facts::target_of;
use super::intervals::{Terms, begin_stretch, end_stretch};
use super::powers::extension;
use crate::access::Actor;
use crate::audit::{self, Event};
use crate::core::Core;
use crate::structure::End;
use crate::zone::Zone;

/// What the end of a resource depends on beside itself.
#[derive(Debug, Clone)]
pub(crate) struct Around {
    pub(crate) zone: Zone,
    pub(crate) project_end: Option<NaiveDate>,
    pub(crate) rules: DurationRules,
}

impl Around {
    pub(crate) async fn load(
        db: &impl ConnectionTrait,
        resource: &resource::Model,
    ) -> Result<Self, ProvisioningError> {
        let missing = || ProvisioningError::NotFound;
        let found = project::Entity::find_by_id(resource.project_id)
            .find_also_related(organization::Entity)
            .one(db)
            .await?;
        let (project, buyer) = found.ok_or_else(missing)?;
        let offering = offering::Entity::find_by_id(resource.offering_id).one(db).await?;
        let offering = offering.ok_or_else(missing)?;
        Ok(Self {
            zone: Zone::of(&buyer.ok_or_else(missing)?)?,
            project_end: project.end_date,
            rules: offering.duration_rules()?,
        })
    }

    pub(crate) fn end(&self, resource: &resource::Model) -> Option<End> {
        End::of(resource.end_date, self.project_end)
    }

    /// The last day on which the resource is kept, and can be extended, once its own is over: so long as its offering gives,
    /// less the days of grace that it had already, and never shorter than was said when it ended. None where it has no last day.
    pub(crate) fn kept_until(&self, resource: &resource::Model) -> Option<NaiveDate> {
        let end = self.end(resource)?;
        Some(last_day_kept(
            end.last_day,
            self.rules,
            (resource.grace_used, resource.kept_until),
        ))
    }

    /// The first instant after the last day.
    fn end_instant(&self, resource: &resource::Model) -> Option<DateTime<Utc>> {
        self.end(resource).map(|end| self.zone.end_of(end.last_day))
    }
}

/// Ends the present stretch, if there is one, with the last day; or at `now` where that is not over. Answers when it ended.
pub(crate) async fn end_stretch_in(
    tx: &impl ConnectionTrait,
    around: &Around,
    resource: &resource::Model,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, ProvisioningError> {
    let at = around.end_instant(resource).map_or(now, |end| end.min(now));
    Ok(end_stretch(tx, resource, at).await?)
}

/// From now on `resource` has other terms. Where its last day is over meanwhile, the stretch before ends with that day, and
/// the new terms are those with which it would go on.
pub(super) async fn change_stretch_in(
    core: &Core,
    tx: &impl ConnectionTrait,
    around: &Around,
    resource: &resource::Model,
    terms: Terms,
) -> Result<(), ProvisioningError> {
    let now = core.now();
    let is_over = around.end_instant(resource).is_some_and(|end| end <= now);
    if is_over {
        end_stretch_in(tx, around, resource, now).await?;
    }
    begin_stretch(core, tx, resource, terms, now).await?;
    if is_over {
        end_stretch(tx, resource, now).await?;
    }
    Ok(())
}

/// Somebody extends `resource`, still with its old end: what stopped with it begins again now.
pub(crate) async fn resume_in(
    core: &Core,
    tx: &impl ConnectionTrait,
    around: &Around,
    resource: &resource::Model,
) -> Result<(), ProvisioningError> {
    let now = core.now();
    if resource.activated_at.is_none() || around.end_instant(resource).is_none_or(|end| end > now) {
        return Ok(());
    }
    end_stretch_in(tx, around, resource, now).await?;
    go_on_in(core, tx, &around.zone, resource).await
}

/// The last day of `resource` is over: it is billed no longer. Answers whether that was new.
pub(crate) async fn stop_in(
    core: &Core,
    tx: &DatabaseTransaction,
    around: &Around,
    resource: &resource::Model,
) -> Result<bool, ProvisioningError> {
    let present = resource_interval::Entity::find_present(resource.id)
        .one(tx)
        .await?;
    let Some(end) = around.end(resource).filter(|_| present.is_some()) else {
        return Ok(false);
    };
    end_stretch_in(tx, around, resource, core.now()).await?;
    let kept_until = around.kept_until(resource);
    let actor = Actor::system();
    let event = Event::new(&actor, EventKind::ResourceEnded, resource.id.0)
        .on(target_of(resource))
        .after(json!({
            "last_day": end.last_day, "with_project": end.of_project, "kept_until": kept_until,
        }));
    audit::record_in(core, tx, event).await?;
    say_kept(tx, resource.id, kept_until).await?;
    Ok(true)
}

/// The last day of grace after `last_day`, where so many days of it were had before, and this day was said when it ended.
pub(crate) fn last_day_kept(
    last_day: NaiveDate,
    rules: DurationRules,
    (had, said): (i32, Option<NaiveDate>),
) -> NaiveDate {
    let had = u32::try_from(had).unwrap_or_default();
    let given = last_day_of_grace(last_day, rules.grace_days.saturating_sub(had));
    said.map_or(given, |said| said.max(given))
}

/// Keeps what was said of how long a resource that is over is kept.
async fn say_kept(
    tx: &impl ConnectionTrait,
    id: ResourceId,
    until: Option<NaiveDate>,
) -> Result<(), sea_orm::DbErr> {
    let said = resource::ActiveModel {
        id: Unchanged(id),
        kept_until: Set(until),
        ..Default::default()
    };
    said.update_without_returning(tx).await?;
    Ok(())
}

/// What stopped goes on from now, as it was. The days between, for which nothing is billed, count as grace that was had, so that
/// nobody lives on them by ending and extending again and again.
async fn go_on_in(
    core: &Core,
    tx: &impl ConnectionTrait,
    zone: &Zone,
    resource: &resource::Model,
) -> Result<(), ProvisioningError> {
    let now = core.now();
    let (terms, ended) = Terms::as_before(tx, resource).await?;
    let days = ended.map_or(0, |ended| (zone.day(now) - zone.day(ended)).num_days().max(0));
    let days = i32::try_from(days).unwrap_or(i32::MAX);
    let had = resource::ActiveModel {
        id: Unchanged(resource.id),
        kept_until: Set(None),
        grace_used: Set(resource.grace_used.saturating_add(days)),
        ..Default::default()
    };
    had.update_without_returning(tx).await?;
    Ok(begin_stretch(core, tx, resource, terms, now).await?)
}

/// The resource lasts again, because its project was extended: it is billed again from now on. Answers whether it had
/// stopped.
pub(crate) async fn restart_in(
    core: &Core,
    tx: &DatabaseTransaction,
    zone: &Zone,
    resource: &resource::Model,
) -> Result<bool, ProvisioningError> {
    let present = resource_interval::Entity::find_present(resource.id)
        .one(tx)
        .await?;
    if present.is_some() || resource.activated_at.is_none() {
        return Ok(false);
    }
    go_on_in(core, tx, zone, resource).await?;
    let actor = Actor::system();
    let event = Event::new(&actor, EventKind::ResourceResumed, resource.id.0).on(target_of(resource));
    audit::record_in(core, tx, event).await?;
    Ok(true)
}

/// The first day of a term that would be added now: the day after the last one, or today where that is over.
pub(crate) fn next_term(terms: &[resource_term::Model], today: NaiveDate) -> NaiveDate {
    terms.last().map_or(today, |last| last.term_until.max(today))
}

/// The last day of a term of so many months that begins on `from`, after these. None where the calendar ends.
pub(crate) fn last_day_after(
    terms: &[resource_term::Model],
    from: NaiveDate,
    months: u32,
) -> Option<NaiveDate> {
    last_day_of_further_term(terms.iter().map(resource_term::Model::range), from, months)
}

/// The last day of the term that `order` asks for, where it begins on `from` after these, wherever its project ends. None
/// where it asks for none.
pub(super) fn last_day_asked(
    order: &order::Model,
    (terms, from): (&[resource_term::Model], NaiveDate),
) -> Result<Option<NaiveDate>, ProvisioningError> {
    let months = match (order.term_months, order.end_date) {
        (Some(months), _) => u32::try_from(months).ok(),
        // Placed before orders had terms: the months that were quoted.
        (None, Some(last)) if !quoted_versions(order)?.is_empty() => {
            last.succ_opt().map(|end| months_started(from, end.max(from)))
        }
        _ => None,
    };
    Ok(months.and_then(|months| last_day_after(terms, from, months)))
}

/// Adds the term that `order` asks for after those that are there, from `from` on and within its project, and answers its
/// last day. None where it asks for none.
pub(super) async fn add_term_in(
    core: &Core,
    tx: &DatabaseTransaction,
    order: &order::Model,
    (resource, around): (&resource::Model, &Around),
    (terms, from): (&[resource_term::Model], NaiveDate),
) -> Result<Option<NaiveDate>, ProvisioningError> {
    let Some(asked) = last_day_asked(order, (terms, from))? else {
        return Ok(None);
    };
    let last = last_day_in_project(from, asked, around.project_end);
    if last != asked {
        record_cut(core, tx, (order, resource), (from, last)).await?;
    }
    let prices = quoted_versions(order)?;
    let row = resource_term::ActiveModel {
        id: Set(core.new_id(TermId)),
        resource_id: Set(resource.id),
        order_id: Set(order.id),
        term_from: Set(from),
        term_until: Set(last.succ_opt().unwrap_or(last)),
        prices: Set(json::write("resource_terms.prices", &prices)?),
    };
    row.insert(tx).await?;
    Ok(Some(last))
}

/// Notes that less than was ordered could be had.
async fn record_cut(
    core: &Core,
    tx: &DatabaseTransaction,
    (order, resource): (&order::Model, &resource::Model),
    (from, last): (NaiveDate, NaiveDate),
) -> Result<(), sea_orm::DbErr> {
    let actor = Actor::system();
    let event = Event::new(&actor, EventKind::ResourceTermCut, resource.id.0)
        .on(target_of(resource))
        .after(json!({ "order": order.id, "term_from": from, "end_date": last }))
        .reason("It began so late that the project ends before it would. What can be had is charged.");
    audit::record_in(core, tx, event).await?;
    Ok(())
}

/// The price versions of what the order's quote pays up front, by component code.
fn quoted_versions(order: &order::Model) -> Result<BTreeMap<String, String>, ProvisioningError> {
    let Some(quote) = order.quoted()? else {
        return Ok(BTreeMap::new());
    };
    let lines = quote.one_time.lines.into_iter();
    Ok(lines
        .filter(|line| line.derivation.formula == Formula::Prepaid)
        .map(|line| (line.component, line.price_version))
        .collect())
}

/// What a page shows of how long a resource lasts.
pub(super) fn lifetime(
    resource: &resource::Model,
    around: &Around,
    terms: &[resource_term::Model],
    is_prepaid: bool,
    now: DateTime<Utc>,
) -> Lifetime {
    let today = around.zone.day(now);
    let end = around.end(resource);
    let last_day = end.map(|end| end.last_day);
    let days_left = last_day.map(|day| (day - today).num_days());
    let next_term = next_term(terms, today);
    let shortest = last_day_after(terms, next_term, around.rules.least()).filter(|_| is_prepaid);
    Lifetime {
        first_day: resource.activated_at.map(|at| around.zone.day(at)),
        last_day,
        days_left,
        ended_after: around.kept_until(resource),
        extension: extension(end, around.project_end, is_prepaid, shortest),
        terms: terms
            .iter()
            .filter(|term| !term.range().is_empty())
            .map(resource_term::Model::days)
            .collect(),
        next_term,
        rules: around.rules,
        can_extend: false,
        renewal: None,
    }
}

/// The offering's stored rules.
pub(crate) fn rules(stored: &Json) -> Result<DurationRules, sea_orm::DbErr> {
    json::read("offerings.duration", stored)
}
