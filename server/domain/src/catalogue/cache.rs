//! What belongs to an offering, kept in memory. Every change of an offering or of a row that belongs to it counts up the
//! offering's revision in the same transaction, so what was read under a revision stays right for as long as the row in
//! the database still names it, whichever process makes the change. Every version of a price is kept; which of them is
//! in force is asked at the time of the question.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::component;
use model::{OfferingId, PlanId};
use quick_cache::sync::Cache;
use sea_orm::DbErr;

use super::price_from;
use super::prices::PlanVersions;
use super::readiness::Parts;
use crate::core::Core;

/// Offerings whose parts are kept; some five kilobytes each.
const WHOLE: usize = 1_000;
/// Offerings whose lowest price is kept.
const PRICES: usize = 10_000;

/// An offering as it was at one revision.
type Key = (OfferingId, i32);

/// The words of a lowest price, and until when they are right.
#[derive(Clone)]
struct LowestPrice {
    words: Option<Arc<str>>,
    changes_at: Option<DateTime<Utc>>,
}

/// The memory of one process.
pub(crate) struct OfferingCache {
    parts: Cache<Key, Arc<Parts>>,
    prices: Cache<Key, LowestPrice>,
}

impl Default for OfferingCache {
    fn default() -> Self {
        Self {
            parts: Cache::new(WHOLE),
            prices: Cache::new(PRICES),
        }
    }
}

impl OfferingCache {
    /// The parts of the offering as of `revision`, which was read before. Four queries, or none.
    pub(super) async fn parts(
        &self,
        core: &Core,
        id: OfferingId,
        revision: i32,
    ) -> Result<Arc<Parts>, DbErr> {
        let load = async { Parts::load(core.read(), id).await.map(Arc::new) };
        self.parts.get_or_insert_async(&(id, revision), load).await
    }

    /// The components of the offering as of `revision`, in order.
    pub(crate) async fn components(
        &self,
        core: &Core,
        id: OfferingId,
        revision: i32,
    ) -> Result<Vec<component::Model>, DbErr> {
        Ok(self.parts(core, id, revision).await?.components.clone())
    }

    /// Every version of the terms and prices of one of the offering's plans, as of `revision`.
    pub(crate) async fn plan_versions(
        &self,
        core: &Core,
        (id, revision): (OfferingId, i32),
        plan: PlanId,
    ) -> Result<Option<PlanVersions>, DbErr> {
        Ok(self.parts(core, id, revision).await?.versions.get(&plan).cloned())
    }

    /// Whether a plan is sold besides this one, as of `revision`: priced in every component, from today or before.
    pub(crate) async fn sells_other_plan(
        &self,
        core: &Core,
        (id, revision): (OfferingId, i32),
        plan: PlanId,
    ) -> Result<bool, DbErr> {
        let (parts, now) = (self.parts(core, id, revision).await?, core.now());
        let mut others = parts.plans.iter().filter(|one| !one.archived && one.id != plan);
        Ok(others.any(|other| {
            let versions = parts.versions.get(&other.id);
            versions.is_some_and(|versions| {
                versions.unpriced(&parts.components).is_empty() && !versions.is_to_come(now)
            })
        }))
    }

    /// The lowest price of each of these offerings that has one, in words. One query, or none.
    pub(super) async fn prices_from(
        &self,
        core: &Core,
        offerings: &[(OfferingId, i32)],
    ) -> Result<HashMap<OfferingId, String>, DbErr> {
        let now = core.now();
        let mut known = HashMap::new();
        let mut unknown = Vec::new();
        for (id, revision) in offerings {
            let held = self.prices.get(&(*id, *revision));
            match held.filter(|held| held.changes_at.is_none_or(|at| now < at)) {
                Some(held) => known.extend(held.words.map(|words| (*id, words.to_string()))),
                None => unknown.push((*id, *revision)),
            }
        }
        let ids: Vec<_> = unknown.iter().map(|(id, _)| *id).collect();
        let mut loaded = price_from::load(core.read(), &ids, now).await?;
        for (id, revision) in unknown {
            let found = loaded.remove(&id).unwrap_or_default();
            let held = LowestPrice {
                words: found.words.as_deref().map(Into::into),
                changes_at: found.changes_at,
            };
            self.prices.insert((id, revision), held);
            known.extend(found.words.map(|words| (id, words)));
        }
        Ok(known)
    }
}
