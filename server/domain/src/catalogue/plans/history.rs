//! Everything that was published of a plan, and taking back what has not begun.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::plan::{Column, Entity, Model};
use entity::{component, offering, plan_price, plan_terms, user};
use model::pricing::Version;
use model::{
    EventKind, OfferingId, Permission, PlanDraft, PlanHistory, PlanId, PlanVersion, PlanVersionId,
    PriceCorrection, PriceDraft, PriceId, PriceVersion, VersionState, published,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::reach::{of_price, of_terms, running};
use super::seller_zone;
use crate::access::{AccessError, Actor, Target, authorize};
use crate::catalogue::change::{Change, Note};
use crate::catalogue::prices::{PlanVersions, terms_text, versions_of_plan};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::jobs::kinds::TellPrices;
use crate::jobs::{NewJob, enqueue_in};
use crate::zone::Zone;

/// A plan with all that was published of it.
struct Published {
    plan: Model,
    components: Vec<component::Model>,
    versions: PlanVersions,
    /// The seller's.
    zone: Zone,
}

impl Catalogue {
    /// The plan as it will be at the beginning of `day` in the seller's zone, or as it is now: what a change that counts from
    /// then on starts from. Components that have no price by then are left out. For those who see the offering as its
    /// provider.
    pub async fn plan_on(
        &self,
        actor: &Actor,
        offering: OfferingId,
        plan: PlanId,
        day: Option<NaiveDate>,
    ) -> Result<PlanDraft, CatalogueError> {
        let now = self.core.now();
        let Published {
            plan,
            components,
            versions,
            zone,
        } = self.published_of(actor, offering, plan).await?;
        let at = day.map_or(now, |day| zone.start_of(day).max(now));
        let terms = published(&versions.terms, at).ok_or(AccessError::NotFound)?.terms;
        let prices = components.into_iter().filter_map(|component| {
            let of_component = versions.prices.get(&component.id)?;
            Some(PriceDraft {
                scheme: published(of_component, at)?.price.scheme.clone(),
                component: component.code,
            })
        });
        Ok(PlanDraft {
            name: plan.name,
            description: plan.description,
            currency: plan.currency,
            billing_period: terms.billing_period,
            proration: terms.proration,
            charge_mode: terms.charge_mode,
            setup_fee: terms.setup_fee,
            price_changes: terms.price_changes,
            prices: prices.collect(),
            valid_from: day,
        })
    }

    /// What was published of the plan, for those who see the offering as its provider.
    async fn published_of(
        &self,
        actor: &Actor,
        offering: OfferingId,
        plan: PlanId,
    ) -> Result<Published, CatalogueError> {
        let db = self.core.read();
        let row = offering::Entity::find_by_id(offering)
            .one(db)
            .await?
            .ok_or(AccessError::NotFound)?;
        authorize(
            actor,
            Permission::ViewOffering,
            &Target::offering(row.provider_id, offering),
        )?;
        let plan = find(db, offering, plan).await?;
        Ok(Published {
            components: component::Entity::find_of_offering(offering).all(db).await?,
            versions: versions_of_plan(db, &plan).await?,
            zone: seller_zone(db, &row).await?,
            plan,
        })
    }

    /// Every version of the terms and prices of a plan, the latest first, with whom each will reach: for the offering's
    /// provider.
    pub async fn plan_history(
        &self,
        actor: &Actor,
        offering: OfferingId,
        plan: PlanId,
    ) -> Result<PlanHistory, CatalogueError> {
        let (db, now) = (self.core.read(), self.core.now());
        let Published {
            plan,
            components,
            versions,
            zone,
        } = self.published_of(actor, offering, plan).await?;
        let running = running(db, plan.id).await?;
        let notes = notes(db, plan.id).await?;
        let mut shown = Vec::new();
        for version in &versions.terms {
            let state = state_of(
                version.starts_at,
                published(&versions.terms, now) == Some(version),
                now,
            );
            shown.push(PlanVersion {
                id: PlanVersionId(version.id.0),
                component: None,
                name: "Terms".into(),
                text: terms_text(&version.terms, plan.currency),
                price: None,
                correction: None,
                saved_at: version.saved_at,
                starts_at: version.starts_at,
                first_day: zone.day_begun(version.starts_at),
                state,
                reach: match state {
                    VersionState::Past => Vec::new(),
                    _ => of_terms(&running, &versions, version, now),
                },
            });
        }
        for component in &components {
            let prices = versions
                .prices
                .get(&component.id)
                .map(Vec::as_slice)
                .unwrap_or_default();
            for version in prices {
                let state = state_of(version.starts_at, published(prices, now) == Some(version), now);
                let words =
                    |version: &PriceVersion| version.price.scheme.describe(&component.unit, plan.currency);
                shown.push(PlanVersion {
                    id: PlanVersionId(version.id.0),
                    component: Some(component.code.clone()),
                    name: component.name.clone(),
                    text: words(version),
                    price: Some(version.price.scheme.clone()),
                    correction: notes
                        .get(&version.id)
                        .map(|note| note.shown(words(replaced(prices, version)))),
                    saved_at: version.saved_at,
                    starts_at: version.starts_at,
                    first_day: zone.day_begun(version.starts_at),
                    state,
                    reach: match state {
                        _ if version.is_correction() => Vec::new(),
                        VersionState::Past => Vec::new(),
                        _ => of_price(&running, &versions, (component, version), now),
                    },
                });
            }
        }
        shown.sort_by_key(|version| std::cmp::Reverse((version.starts_at, version.saved_at)));
        Ok(PlanHistory {
            plan_id: plan.id,
            name: plan.name,
            currency: plan.currency,
            versions: shown,
        })
    }

    /// Takes back a version that has not begun. Where it changes the billing period, everything that was published
    /// with it goes, too: prices are for a period. Of an archived offering, too: what was sold of it would come to be charged
    /// by it. Refused once it has begun, and where an offering that can be ordered
    /// would be left without a price.
    pub async fn withdraw_plan_version(
        &self,
        actor: &Actor,
        offering: OfferingId,
        plan: PlanId,
        id: PlanVersionId,
    ) -> Result<(), CatalogueError> {
        let change = Change::begin_for_holders(&self.core, actor, offering, self.expected).await?;
        let tx = &*change.tx;
        let plan = find(tx, offering, plan).await?;
        let versions = versions_of_plan(tx, &plan).await?;
        let now = self.core.now();
        let withdrawn = Withdrawn::of(&versions, id, now)?;
        plan_terms::Entity::delete_many()
            .filter(plan_terms::Column::PlanId.eq(plan.id))
            .filter(plan_terms::Column::Id.is_in(withdrawn.terms.iter().copied()))
            .exec(tx)
            .await?;
        plan_price::Entity::delete_many()
            .filter(plan_price::Column::PlanId.eq(plan.id))
            .filter(plan_price::Column::Id.is_in(withdrawn.prices.iter().copied()))
            .exec(tx)
            .await?;
        let told = TellPrices {
            plan_id: plan.id,
            saved_at: now,
        };
        enqueue_in(&self.core, tx, NewJob::now(&told)?).await?;
        let before = json!({ "name": plan.name, "starts_at": withdrawn.starts_at, "terms": withdrawn.terms,
            "prices": withdrawn.prices });
        change
            .end_beside(Note::new(EventKind::PlanVersionWithdrawn, before, json!(null)))
            .await?;
        Ok(())
    }
}

/// What goes when a version is taken back.
struct Withdrawn {
    terms: Vec<model::TermsId>,
    prices: Vec<PriceId>,
    starts_at: DateTime<Utc>,
}

impl Withdrawn {
    fn of(versions: &PlanVersions, id: PlanVersionId, now: DateTime<Utc>) -> Result<Self, CatalogueError> {
        let period = versions.terms_at(now)?.terms.billing_period;
        let terms = versions.terms.iter().map(|version| {
            let other_period = version.terms.billing_period != period;
            (version.id.0, version.saved_at, version.starts_at, other_period)
        });
        let prices = versions.prices.values().flatten();
        let prices = prices.map(|version| {
            let other_period = version.every != period;
            (version.id.0, version.saved_at, version.starts_at, other_period)
        });
        let (_, saved_at, starts_at, other_period) = terms
            .chain(prices)
            .find(|(version, ..)| *version == id.0)
            .ok_or(AccessError::NotFound)?;
        if starts_at <= now {
            return Err(CatalogueError::Begun);
        }
        let goes = |version: uuid::Uuid, saved: DateTime<Utc>, starts: DateTime<Utc>| {
            version == id.0 || (other_period && saved == saved_at && starts == starts_at)
        };
        let terms = versions.terms.iter();
        let prices = versions.prices.values().flatten();
        Ok(Self {
            terms: terms
                .filter(|version| goes(version.id.0, version.saved_at, version.starts_at))
                .map(|version| version.id)
                .collect(),
            prices: prices
                .filter(|version| goes(version.id.0, version.saved_at, version.starts_at))
                .map(|version| version.id)
                .collect(),
            starts_at,
        })
    }
}

pub(super) async fn find<C: ConnectionTrait>(
    conn: &C,
    offering: OfferingId,
    plan: PlanId,
) -> Result<Model, CatalogueError> {
    let found = Entity::find_by_id(plan)
        .filter(Column::OfferingId.eq(offering))
        .one(conn)
        .await?;
    Ok(found.ok_or(AccessError::NotFound)?)
}

/// What is kept of a correction beside its price.
struct CorrectionNote {
    corrects: PriceId,
    reason: String,
    by: String,
}

impl CorrectionNote {
    fn shown(&self, was: String) -> PriceCorrection {
        PriceCorrection {
            corrects: PlanVersionId(self.corrects.0),
            was,
            reason: self.reason.clone(),
            by: self.by.clone(),
        }
    }
}

/// The corrections of a plan's prices, with the names of who made them.
async fn notes<C: ConnectionTrait>(
    conn: &C,
    plan: PlanId,
) -> Result<HashMap<PriceId, CorrectionNote>, CatalogueError> {
    let rows = plan_price::Entity::find()
        .filter(plan_price::Column::PlanId.eq(plan))
        .filter(plan_price::Column::Corrects.is_not_null())
        .all(conn)
        .await?;
    let people = user::Entity::find()
        .filter(user::Column::Id.is_in(rows.iter().filter_map(|row| row.corrected_by)))
        .all(conn)
        .await?;
    let name = |id| {
        people
            .iter()
            .find(|one| Some(one.id) == id)
            .map(|one| one.name.clone())
    };
    let note = |row: plan_price::Model| {
        let note = CorrectionNote {
            corrects: row.corrects?,
            reason: row.reason.unwrap_or_default(),
            by: name(row.corrected_by).unwrap_or_default(),
        };
        Some((row.id, note))
    };
    Ok(rows.into_iter().filter_map(note).collect())
}

/// What counted in its place before a correction was saved.
fn replaced<'v>(versions: &'v [PriceVersion], correction: &'v PriceVersion) -> &'v PriceVersion {
    let published = versions
        .iter()
        .find(|one| correction.corrects(one))
        .unwrap_or(correction);
    versions
        .iter()
        .filter(|one| one.corrects(published) && one.saved_at < correction.saved_at)
        .filter(|one| one.starts_at <= correction.starts_at)
        .max_by_key(|one| one.saved_at)
        .unwrap_or(published)
}

fn state_of(starts_at: DateTime<Utc>, is_present: bool, now: DateTime<Utc>) -> VersionState {
    if starts_at > now {
        VersionState::ToCome
    } else if is_present {
        VersionState::InForce
    } else {
        VersionState::Past
    }
}
