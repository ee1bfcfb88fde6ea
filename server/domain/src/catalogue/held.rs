//! What belongs to an offering, kept in memory. Every change of an offering or of a row that belongs to it counts up the
//! offering's revision in the same transaction, so what was read under a revision stays right for as long as the row in
//! the database still names it, whichever process makes the change. Prices also depend on the day.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use entity::component;
use model::OfferingId;
use quick_cache::sync::Cache;
use sea_orm::DbErr;

use super::price_from;
use super::readiness::Parts;
use crate::core::Core;

/// Offerings whose parts are kept; some five kilobytes each.
const WHOLE: usize = 1_000;
/// Offerings whose lowest price is kept.
const PRICES: usize = 10_000;

/// An offering as it was at one revision, on one day.
type Key = (OfferingId, i32, NaiveDate);

/// The memory of one process.
pub(crate) struct Held {
    parts: Cache<Key, Arc<Parts>>,
    prices: Cache<Key, Option<Arc<str>>>,
}

impl Default for Held {
    fn default() -> Self {
        Self {
            parts: Cache::new(WHOLE),
            prices: Cache::new(PRICES),
        }
    }
}

impl Held {
    /// The parts of the offering as of `revision`, which was read before. Four queries, or none.
    pub(super) async fn parts(
        &self,
        core: &Core,
        id: OfferingId,
        revision: i32,
    ) -> Result<Arc<Parts>, DbErr> {
        let day = core.now().date_naive();
        let load = async { Parts::load(core.read(), id, day).await.map(Arc::new) };
        self.parts.get_or_insert_async(&(id, revision, day), load).await
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

    /// The lowest price of each of these offerings that has one, in words. One query, or none.
    pub(super) async fn prices_from(
        &self,
        core: &Core,
        offerings: &[(OfferingId, i32)],
    ) -> Result<HashMap<OfferingId, String>, DbErr> {
        let day = core.now().date_naive();
        let mut known = HashMap::new();
        let mut unknown = Vec::new();
        for (id, revision) in offerings {
            match self.prices.get(&(*id, *revision, day)) {
                Some(words) => known.extend(words.map(|words| (*id, words.to_string()))),
                None => unknown.push((*id, *revision)),
            }
        }
        let ids: Vec<_> = unknown.iter().map(|(id, _)| *id).collect();
        let loaded = price_from::load(core.read(), &ids, day).await?;
        for (id, revision) in unknown {
            let words = loaded.get(&id).map(|words| words.as_str().into());
            self.prices.insert((id, revision, day), words);
        }
        known.extend(loaded);
        Ok(known)
    }
}
