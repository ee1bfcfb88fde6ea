//! How much each of many has at once: connections of addresses, streams of people.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// Counts by name.
#[derive(Debug, Clone)]
pub(crate) struct Counts<K>(Arc<Mutex<HashMap<K, usize>>>);

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// One that is counted until it is dropped.
pub(crate) struct Counted<K: Eq + Hash> {
    of: Counts<K>,
    name: K,
}

impl<K: Eq + Hash + Clone> Counts<K> {
    /// One more of this name; none where there are `most` already.
    pub(crate) fn enter(&self, name: K, most: usize) -> Option<Counted<K>> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(&name).copied().unwrap_or_default();
        if count >= most {
            return None;
        }
        counts.insert(name.clone(), count + 1);
        let of = self.clone();
        Some(Counted { of, name })
    }

    /// One more of this name, however many there are.
    pub(crate) fn add(&self, name: K) -> Counted<K> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(name.clone()).or_default();
        *count = count.saturating_add(1);
        let of = self.clone();
        Counted { of, name }
    }

    /// Whether nothing is counted.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// What is counted now.
    pub(crate) fn names(&self) -> Vec<K> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.keys().cloned().collect()
    }
}

impl<K: Eq + Hash> Drop for Counted<K> {
    fn drop(&mut self) {
        let mut counts = self.of.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.name) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_own_count_and_what_ends_makes_room() {
        let counts = Counts::default();
        let first = counts.enter("a", 1);
        assert!(first.is_some() && counts.enter("a", 1).is_none() && counts.enter("b", 1).is_some());
        drop(first);
        assert!(counts.enter("a", 1).is_some());
        assert!(
            counts.0.lock().unwrap().is_empty(),
            "nothing is kept of who has nothing"
        );
    }
}
