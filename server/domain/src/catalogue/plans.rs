//! Plans and their prices.

mod check;
mod correct;
mod history;
mod publish;
mod reach;

use entity::plan::{ActiveModel, Column, Entity, Model};
use entity::{component, order, organization, resource, resource_interval};
use model::{EventKind, OfferingId, PlanDraft, PlanId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter,
};
use serde_json::json;

pub(super) use check::takes_overage;
use check::{Surroundings, checked};
pub(crate) use correct::{Correction, correct_price_in};
use history::find;
use publish::Publishing;
pub(crate) use publish::{LoggedPrice, LoggedTerms, LoggedVersions};

use super::change::{Change, Note};
use super::prices::{PlanVersions, versions_of_plan};
use super::{Catalogue, CatalogueError};
use crate::access::{AccessError, Actor};
use crate::jobs::kinds::TellPrices;
use crate::jobs::{NewJob, enqueue_in};
use crate::zone::Zone;

impl Catalogue {
    /// Adds a plan with its prices, or changes the one with this id. What changes of its terms and prices becomes
    /// versions that begin at `valid_from` (midnight in the seller's zone, or now where that is today or not said); a
    /// price that is left out, or is what would be in force then, stays as it is, and so does what is to come later. Refused: a first day before the seller's
    /// today, another currency once the plan is used, another billing period while prices to come are published
    /// for the present one, and prices that change at a renewal where nothing is paid up front, which alone is renewed.
    pub async fn save_plan(
        &self,
        actor: &Actor,
        offering: OfferingId,
        id: Option<PlanId>,
        draft: PlanDraft,
    ) -> Result<PlanId, CatalogueError> {
        let change = Change::begin(&self.core, actor, offering, self.expected).await?;
        let tx = &change.tx;
        let plans = Entity::find_of_offering(offering).all(&**tx).await?;
        let old = match id {
            Some(id) => Some(
                plans
                    .iter()
                    .find(|row| row.id == id)
                    .ok_or(AccessError::NotFound)?,
            ),
            None => None,
        };
        let components = component::Entity::find_of_offering(offering).all(&**tx).await?;
        let (used, versions) = match old {
            Some(old) => (
                is_used(&**tx, old.id).await?,
                Some(versions_of_plan(&**tx, old).await?),
            ),
            None => (false, None),
        };
        if versions.as_ref().is_some_and(PlanVersions::are_many) {
            return Err(CatalogueError::InUse {
                what: "A plan",
                done: "changed",
                because: "it has 1,000 prices and terms that were in force one after another; make a new plan",
            });
        }
        let zone = seller_zone(&**tx, &change.row).await?;
        let now = self.core.now();
        let draft = checked(
            draft,
            &Surroundings {
                plans: &plans,
                components: &components,
                old: old.zip(versions.as_ref()),
                used,
                now,
                today: zone.day(now),
            },
        )?;
        let plan_id = id.unwrap_or_else(|| self.core.new_id(PlanId));
        let row = self.row(plan_id, offering, old, &plans, &draft);
        match old {
            Some(_) => drop(row.update(&**tx).await?),
            None => drop(row.insert(&**tx).await?),
        }
        let starts_at = draft.valid_from.map_or(now, |day| zone.start_of(day).max(now));
        let publishing = Publishing {
            core: &self.core,
            plan: plan_id,
            now,
            starts_at,
            used,
        };
        let versions = versions.unwrap_or_else(|| PlanVersions::none(draft.currency));
        let published = publishing.store(tx, &components, &versions, &draft).await?;
        let reaches = if used {
            reach::of_new(&**tx, (plan_id, draft.currency), &components, now).await?
        } else {
            Vec::new()
        };
        if used && !published.is_empty() {
            // Whoever it reaches is told by a worker: there may be thousands.
            let told = TellPrices {
                plan_id,
                saved_at: now,
            };
            enqueue_in(&self.core, tx, NewJob::now(&told)?).await?;
        }
        let before = old.map(|old| json!({ "name": old.name })).unwrap_or_default();
        let after = json!({ "name": draft.name, "currency": draft.currency, "starts_at": starts_at,
            "terms": published.terms, "prices": published.prices, "reaches": reaches,
            "versions": published.versions });
        change
            .end_beside(Note::new(EventKind::PlanSaved, before, after))
            .await?;
        Ok(plan_id)
    }

    /// Takes a plan out of sale; resources that have it keep it. Refused where an offering that can be ordered would be
    /// left without a plan.
    pub async fn archive_plan(
        &self,
        actor: &Actor,
        offering: OfferingId,
        id: PlanId,
    ) -> Result<(), CatalogueError> {
        self.set_sold(actor, (offering, id), false).await
    }

    /// Sells a plan again that was taken out of sale, at the prices that are in force. Refused where an offering that can
    /// be ordered would be left with a component that has no price in it.
    pub async fn restore_plan(
        &self,
        actor: &Actor,
        offering: OfferingId,
        id: PlanId,
    ) -> Result<(), CatalogueError> {
        self.set_sold(actor, (offering, id), true).await
    }

    async fn set_sold(
        &self,
        actor: &Actor,
        (offering, id): (OfferingId, PlanId),
        sold: bool,
    ) -> Result<(), CatalogueError> {
        let change = Change::begin(&self.core, actor, offering, self.expected).await?;
        let found = Entity::find_by_id(id)
            .filter(Column::OfferingId.eq(offering))
            .one(&*change.tx)
            .await?;
        let row = found.ok_or(AccessError::NotFound)?;
        let verb = if sold {
            EventKind::PlanRestored
        } else {
            EventKind::PlanArchived
        };
        let note = Note::new(verb, json!({ "name": row.name }), json!({ "archived": !sold }));
        let mut row: ActiveModel = row.into();
        row.archived = Set(!sold);
        row.update(&*change.tx).await?;
        change.end_beside(note).await?;
        Ok(())
    }

    fn row(
        &self,
        id: PlanId,
        offering: OfferingId,
        old: Option<&Model>,
        plans: &[Model],
        draft: &PlanDraft,
    ) -> ActiveModel {
        let last = plans.iter().map(|plan| plan.position).max();
        let next = last.map_or(0, |last| last.saturating_add(1));
        ActiveModel {
            id: Set(id),
            offering_id: Set(offering),
            name: Set(draft.name.clone()),
            description: Set(draft.description.clone()),
            currency: Set(draft.currency),
            // What is no longer sold stays so: its people still get new prices.
            archived: Set(old.is_some_and(|old| old.archived)),
            position: Set(old.map_or(next, |old| old.position)),
            created_at: Set(old.map_or_else(|| self.core.now(), |old| old.created_at)),
        }
    }
}

/// The zone whose midnights are the first instants of an offering's prices.
async fn seller_zone<C: ConnectionTrait>(
    conn: &C,
    offering: &entity::offering::Model,
) -> Result<Zone, CatalogueError> {
    let seller = organization::Entity::find_by_id(offering.provider_id)
        .one(conn)
        .await?;
    Ok(Zone::of(&seller.ok_or(AccessError::NotFound)?)?)
}

/// Whether an order or resource names the plan, now or in its past.
async fn is_used<C: ConnectionTrait>(conn: &C, plan: PlanId) -> Result<bool, DbErr> {
    Ok(order::Entity::find()
        .filter(order::Column::PlanId.eq(plan))
        .count(conn)
        .await?
        > 0
        || resource::Entity::find()
            .filter(resource::Column::PlanId.eq(plan))
            .count(conn)
            .await?
            > 0
        || resource_interval::Entity::find()
            .filter(resource_interval::Column::PlanId.eq(plan))
            .count(conn)
            .await?
            > 0)
}
