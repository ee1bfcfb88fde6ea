//! Telling buyers of prices: that another one was published which will reach what they have, that it was taken back, that one
//! which they pay was corrected. Each is an event of the resource, so it stands in its history and goes to webhooks.
//!
//! A worker tells, since a plan may have thousands of resources. It looks at what was told before, so told twice, or begun
//! again after a crash, it tells nobody twice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    audit_event, component, offering, organization, plan, resource, resource_interval, resource_term,
};
use model::pricing::Version;
use model::{
    BillingPeriod, Binding, ChargeType, EventKind, Fixed, Money, PlanId, PriceId, PriceScheme, PriceVersion,
    PricingError, ResourceId, price_timeline, terms_timeline,
};
use sea_orm::prelude::Json;
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::coming_changes::{Coming, coming};
use super::facts::target_of;
use super::lifetime::Around;
use super::renewals::bound_at;
use super::{ProvisioningError, ResourceOperations};
use crate::access::Actor;
use crate::audit::{self, Event};
use crate::catalogue::{PlanVersions, versions_of_plan};
use crate::zone::Zone;

/// Resources told of in one transaction.
const BATCH: u64 = 100;
/// What was told of prices before.
const TOLD: [EventKind; 3] = [
    EventKind::ResourcePriceAnnounced,
    EventKind::ResourcePriceWithdrawn,
    EventKind::ResourcePriceCorrected,
];

impl ResourceOperations {
    /// Tells the buyers of what the versions of a plan that were saved at an instant change for them: those that will reach
    /// what they have, and those that were taken back since they were told. Of a correction, to whom it counts. Answers how many
    /// events were written. Nobody is told twice of one version; a plan that is gone has nobody to tell.
    pub async fn tell_prices(&self, plan: PlanId, saved_at: DateTime<Utc>) -> Result<u64, ProvisioningError> {
        let db = self.core.read();
        let Some(plan) = plan::Entity::find_by_id(plan).one(db).await? else {
            return Ok(0);
        };
        let found = offering::Entity::find_by_id(plan.offering_id).one(db).await?;
        let offering = found.ok_or(ProvisioningError::NotFound)?;
        let seller = organization::Entity::find_by_id(offering.provider_id)
            .one(db)
            .await?;
        let versions = versions_of_plan(db, &plan).await?;
        let news = News {
            components: component::Entity::find_of_offering(offering.id).all(db).await?,
            seller: Zone::of(&seller.ok_or(ProvisioningError::NotFound)?)?,
            there: versions.ids(),
            versions: &versions,
            plan: plan.id,
            saved_at,
        };
        let (mut told, mut last) = (0, None);
        loop {
            let some = news.concerned(db, last).await?;
            let Some(end) = some.last() else { return Ok(told) };
            last = Some(end.id);
            let tx = self.core.write_tx().await?;
            for (row, events) in news.to_tell(&tx, some).await? {
                for event in events {
                    let actor = Actor::system();
                    let event = Event::new(&actor, event.verb, row.id.0)
                        .on(target_of(&row))
                        .before(event.before)
                        .after(event.after)
                        .reason(event.words);
                    audit::record_in(&self.core, &tx, event).await?;
                    told += 1;
                }
            }
            tx.commit().await?;
        }
    }
}

/// Versions of a plan that somebody may have to be told of.
struct News<'a> {
    versions: &'a PlanVersions,
    /// Their ids.
    there: BTreeSet<Uuid>,
    components: Vec<component::Model>,
    plan: PlanId,
    saved_at: DateTime<Utc>,
    seller: Zone,
}

/// What is told of one resource.
struct Told {
    verb: EventKind,
    before: Json,
    after: Json,
    words: String,
}

impl News<'_> {
    /// The corrections among the versions, with their components.
    fn corrections(&self) -> impl Iterator<Item = (&component::Model, &PriceVersion)> {
        let of = |component| self.versions.prices.get(component).into_iter().flatten();
        let all = self.components.iter();
        let all = all.flat_map(move |component| of(&component.id).map(move |version| (component, version)));
        all.filter(|(_, version)| version.is_correction() && version.saved_at == self.saved_at)
    }

    /// The next resources that have the plan now, or had it since a correction counts.
    async fn concerned(
        &self,
        db: &impl ConnectionTrait,
        after: Option<ResourceId>,
    ) -> Result<Vec<resource::Model>, DbErr> {
        use resource_interval::Column as C;
        let since = self.corrections().map(|(_, version)| version.starts_at).min();
        let had = Condition::any()
            .add(C::EndsAt.is_null())
            .add_option(since.map(|since| C::EndsAt.gt(since)));
        let had = Query::select()
            .column(C::ResourceId)
            .from(resource_interval::Entity)
            .and_where(C::PlanId.eq(self.plan))
            .cond_where(had)
            .take();
        let mut rows = resource::Entity::find().filter(resource::Column::Id.in_subquery(had));
        if let Some(after) = after {
            rows = rows.filter(resource::Column::Id.gt(after));
        }
        rows.order_by_asc(resource::Column::Id).limit(BATCH).all(db).await
    }

    async fn to_tell(
        &self,
        tx: &DatabaseTransaction,
        some: Vec<resource::Model>,
    ) -> Result<Vec<(resource::Model, Vec<Told>)>, ProvisioningError> {
        let ids = || some.iter().map(|row| row.id);
        let told = told_before(tx, ids()).await?;
        let stretches = resource_interval::Entity::find()
            .filter(resource_interval::Column::ResourceId.is_in(ids()))
            .filter(resource_interval::Column::PlanId.eq(self.plan))
            .order_by_asc(resource_interval::Column::StartsAt)
            .all(tx)
            .await?;
        let mut stretches_of: BTreeMap<ResourceId, Vec<resource_interval::Model>> = BTreeMap::new();
        for stretch in stretches {
            stretches_of.entry(stretch.resource_id).or_default().push(stretch);
        }
        let mut all = Vec::new();
        for row in some {
            let stretches = stretches_of.remove(&row.id).unwrap_or_default();
            let known = told.get(&row.id.0).map_or(&[][..], Vec::as_slice);
            let events = self.of_resource(tx, (&row, &stretches), known).await?;
            all.push((row, events));
        }
        Ok(all)
    }

    async fn of_resource(
        &self,
        tx: &DatabaseTransaction,
        (row, stretches): (&resource::Model, &[resource_interval::Model]),
        known: &[Known],
    ) -> Result<Vec<Told>, ProvisioningError> {
        let mut events = self.corrected(stretches, known)?;
        let present = stretches.iter().find(|stretch| stretch.ends_at.is_none());
        if let Some(present) = present {
            let around = Around::load(tx, row).await?;
            let end = around.end(row).map(|end| around.zone.end_of(end.last_day));
            let terms = resource_term::Entity::find_of_resource(row.id).all(tx).await?;
            let bound = bound_at(tx, present, &terms, (&around.zone, self.saved_at)).await?;
            events.extend(self.announced((present, &bound), (end, !terms.is_empty()), known)?);
        }
        events.extend(self.withdrawn(known));
        Ok(events)
    }

    fn announced(
        &self,
        (present, bound): (&resource_interval::Model, &Binding),
        (end, has_terms): (Option<DateTime<Utc>>, bool),
        known: &[Known],
    ) -> Result<Vec<Told>, ProvisioningError> {
        // What counts from the instant on in which it was saved has come after the moment before.
        let before = self.saved_at - TimeDelta::microseconds(1);
        let limits = present.limits_held()?;
        let mut told = Vec::new();
        for one in coming(self.versions, &self.components, bound, before) {
            let is_new =
                one.saved_at == self.saved_at && !known.iter().any(|known| known.version == one.version);
            let never = one.change.from.zip(end).is_some_and(|(from, end)| end <= from) && !has_terms;
            if !is_new || never {
                continue;
            }
            let day = one.change.from.map(|from| self.seller.day(from));
            // What cannot be computed has no difference either.
            let more = one.price.and_then(|price| self.difference(price, &limits).ok()?);
            told.push(Told {
                verb: EventKind::ResourcePriceAnnounced,
                before: json!({ "price": one.change.now }),
                words: words(&one, day, more.as_ref()),
                after: json!({ "version": one.version, "plan": self.plan, "component": one.change.component,
                    "name": one.change.name, "price": one.change.then, "from": one.change.from, "more": more }),
            });
        }
        Ok(told)
    }

    /// What was announced and is not there any more.
    fn withdrawn(&self, known: &[Known]) -> impl Iterator<Item = Told> {
        let was = |one: &&Known| {
            let is_announced = one.verb == EventKind::ResourcePriceAnnounced && one.plan == self.plan;
            is_announced && !self.there.contains(&one.version)
        };
        let taken_back = |one: &&Known| {
            let mut others = known.iter().filter(|other| other.version == one.version);
            !others.any(|other| other.verb == EventKind::ResourcePriceWithdrawn)
        };
        known.iter().filter(was).filter(taken_back).map(|one| Told {
            verb: EventKind::ResourcePriceWithdrawn,
            before: json!({ "price": one.after.get("price"), "from": one.after.get("from") }),
            after: json!({ "version": one.version, "plan": one.plan, "component": one.after.get("component"),
                "name": one.after.get("name") }),
            words: format!("{}: {} does not come.", one.text("name"), one.text("price")),
        })
    }

    /// Corrections that count for the resource.
    fn corrected(
        &self,
        stretches: &[resource_interval::Model],
        known: &[Known],
    ) -> Result<Vec<Told>, ProvisioningError> {
        let mut told = Vec::new();
        for (component, correction) in self.corrections() {
            if known.iter().any(|known| known.version == correction.id.0) {
                continue;
            }
            let mut from = None;
            for stretch in stretches {
                let since = self.counts_from((component, correction.id), stretch)?;
                from = from.into_iter().chain(since).min();
            }
            let (Some(from), Some(before)) = (from, self.before(component, correction)) else {
                continue;
            };
            let text = |scheme: &PriceScheme| scheme.describe(&component.unit, self.versions.currency);
            let (now, then) = (text(&before.price.scheme), text(&correction.price.scheme));
            let day = self.seller.day(from).format("%-d %B %Y");
            told.push(Told {
                verb: EventKind::ResourcePriceCorrected,
                words: format!("{}: {then} from {day} on, instead of {now}.", component.name),
                before: json!({ "price": now }),
                after: json!({ "version": correction.id, "plan": self.plan, "component": component.code,
                    "name": component.name, "price": then, "from": from }),
            });
        }
        Ok(told)
    }

    /// From when on a correction counts in a stretch; none where it does not.
    fn counts_from(
        &self,
        (component, correction): (&component::Model, PriceId),
        stretch: &resource_interval::Model,
    ) -> Result<Option<DateTime<Utc>>, DbErr> {
        let bound = stretch.bound()?;
        let terms = terms_timeline(&self.versions.terms, &bound);
        let versions = self
            .versions
            .prices
            .get(&component.id)
            .map_or(&[][..], Vec::as_slice);
        let prices = price_timeline(versions, &bound, &terms);
        let until = stretch.ends_at.unwrap_or(DateTime::<Utc>::MAX_UTC);
        let pieces = prices.pieces(stretch.starts_at, until);
        let counts = pieces.iter().find(|piece| piece.version.id == correction);
        Ok(counts.map(|piece| piece.from))
    }

    /// What counted in its place before it was saved.
    fn before(&self, component: &component::Model, correction: &PriceVersion) -> Option<PriceVersion> {
        let versions = self.versions.prices.get(&component.id)?.iter();
        let versions: Vec<PriceVersion> = versions.filter(|one| one.id != correction.id).cloned().collect();
        let published = versions.iter().find(|one| correction.corrects(one))?;
        Some(model::corrected(&versions, published, correction.starts_at).clone())
    }

    /// What recurs of it becomes dearer by so much in each of its periods, for what is had now.
    fn difference(
        &self,
        (component, held, version): (&component::Model, Option<&PriceVersion>, &PriceVersion),
        limits: &entity::json::Limits,
    ) -> Result<Option<More>, PricingError> {
        let quantity = match component.charge {
            ChargeType::Limit => limits.get(&component.code).copied().unwrap_or_default(),
            ChargeType::Fixed => Fixed::ONE,
            ChargeType::Usage | ChargeType::OneTime | ChargeType::OnPlanSwitch => return Ok(None),
        };
        let terms = component.terms();
        let (Some(every), Some(held)) = (terms.priced_per(version.every), held) else {
            return Ok(None);
        };
        if terms.priced_per(held.every) != Some(every) {
            return Ok(None);
        }
        let then = version.price.scheme.charge(quantity)?.amount;
        let amount = then.checked_sub(held.price.scheme.charge(quantity)?.amount)?;
        Ok(Some(More {
            amount: amount.to_money(self.versions.currency)?,
            every,
        }))
    }
}

/// How much more is paid; less, where it is negative.
#[derive(serde::Serialize)]
struct More {
    amount: Money,
    every: BillingPeriod,
}

/// `Cores: €12.00 per core from 1 March 2027 (now €10.00 per core), monthly €8.00 more for what there is now.`
fn words(one: &Coming<'_>, day: Option<NaiveDate>, more: Option<&More>) -> String {
    let when = day.map_or_else(
        || "when it is renewed".to_owned(),
        |day| format!("from {}", day.format("%-d %B %Y")),
    );
    let now = if one.change.now.is_empty() {
        "nothing"
    } else {
        &one.change.now
    };
    let difference = more.filter(|more| !more.amount.is_zero()).map(|more| {
        let (amount, which) = if more.amount.is_negative() {
            (more.amount.negated(), "less")
        } else {
            (more.amount, "more")
        };
        let every = more.every.label().to_lowercase();
        format!(", {every} {amount} {which} for what there is now")
    });
    format!(
        "{}: {} {when} (now {now}){}.",
        one.change.name,
        one.change.then,
        difference.unwrap_or_default()
    )
}

/// An event of a resource that told of a price.
struct Known {
    verb: EventKind,
    version: Uuid,
    plan: PlanId,
    after: Json,
}

impl Known {
    fn text(&self, name: &str) -> &str {
        self.after.get(name).and_then(Json::as_str).unwrap_or_default()
    }
}

/// What was told of each of these resources.
async fn told_before(
    tx: &DatabaseTransaction,
    ids: impl Iterator<Item = ResourceId>,
) -> Result<BTreeMap<Uuid, Vec<Known>>, DbErr> {
    let events = audit_event::Entity::find()
        .filter(audit_event::Column::SubjectKind.eq(EventKind::ResourcePriceAnnounced.subject()))
        .filter(audit_event::Column::SubjectId.is_in(ids.map(|id| id.0)))
        .filter(audit_event::Column::Verb.is_in(TOLD.map(EventKind::as_str)))
        .all(tx)
        .await?;
    let mut told: BTreeMap<Uuid, Vec<Known>> = BTreeMap::new();
    for event in events {
        let id = |name: &str| event.after.get(name)?.as_str()?.parse::<Uuid>().ok();
        let known = EventKind::parse(&event.verb).zip(id("version")).zip(id("plan"));
        if let Some(((verb, version), plan)) = known {
            told.entry(event.subject_id).or_default().push(Known {
                verb,
                version,
                plan: PlanId(plan),
                after: event.after,
            });
        }
    }
    Ok(told)
}
