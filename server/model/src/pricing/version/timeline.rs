//! Which version counts when: for who orders, and for a resource over its life.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Binding, PriceChanges, PriceVersion, TermsVersion, Version};

/// The newest of `versions`, which are in the order of their first instants, that has begun by `at`, as it is corrected:
/// what somebody who orders then gets. None before the first.
pub fn published<V: Version>(versions: &[V], at: DateTime<Utc>) -> Option<&V> {
    let begun = |version: &&V| !version.is_correction() && version.starts_at() <= at;
    versions
        .iter()
        .rev()
        .find(begun)
        .map(|version| corrected(versions, version, at))
}

/// What counts at `at` in the place of `version`, which is one of `versions`: the newest correction that reaches so far
/// back, or what was published.
pub fn corrected<'v, V: Version>(versions: &'v [V], version: &'v V, at: DateTime<Utc>) -> &'v V {
    let published = versions
        .iter()
        .find(|one| version.corrects(one))
        .unwrap_or(version);
    versions
        .iter()
        .filter(|one| one.corrects(published) && one.starts_at() <= at)
        .max_by_key(|one| one.saved_at())
        .unwrap_or(published)
}

/// Where a version stands among those that were published: of a correction the place of what it corrects. The later of
/// two has the higher place. None for one that is not of them.
pub fn place_of<V: Version + PartialEq>(versions: &[V], version: &V) -> Option<usize> {
    versions
        .iter()
        .filter(|one| !one.is_correction())
        .position(|one| one == version || version.corrects(one))
}

/// From when on a version counts (none: from the beginning), and the version.
type Step<'v, V> = (Option<DateTime<Utc>>, &'v V);

/// The versions that a resource has over its life, each from an instant until the next one's.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline<'v, V> {
    /// None: from the beginning, as its order bound it.
    steps: Vec<Step<'v, V>>,
}

/// A version that comes after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next<'v, V> {
    /// From when on; none: only with an order that binds anew, such as a renewal.
    pub from: Option<DateTime<Utc>>,
    /// What counts until then; none where nothing is to be paid until then.
    pub held: Option<&'v V>,
    /// What comes.
    pub version: &'v V,
}

/// A half-open stretch of time under one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'v, V> {
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The instant after its last.
    pub until: DateTime<Utc>,
    /// The version in force.
    pub version: &'v V,
}

impl<'v, V> Timeline<'v, V> {
    /// The version in force at an instant. None where none has reached the resource yet: then there is nothing to pay.
    pub fn at(&self, at: DateTime<Utc>) -> Option<&'v V> {
        let has_begun = |from: Option<DateTime<Utc>>| from.is_none_or(|from| from <= at);
        self.steps
            .iter()
            .rev()
            .find(|(from, _)| has_begun(*from))
            .map(|(_, version)| *version)
    }

    /// The half-open stretch from `from` until `until`, cut where another version begins to count. What lies before
    /// the first version is left out.
    pub fn pieces(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Piece<'v, V>> {
        let ends = self.steps.iter().skip(1).map(|(next, _)| *next).chain([None]);
        let piece = |((begins, version), ends): (&Step<'v, V>, Option<DateTime<Utc>>)| {
            let piece = Piece {
                from: begins.map_or(from, |begins| begins.max(from)),
                until: ends.map_or(until, |ends| ends.min(until)),
                version: *version,
            };
            (piece.from < piece.until).then_some(piece)
        };
        self.steps.iter().zip(ends).filter_map(piece).collect()
    }

    /// Whether the resource ever has this version, as it was published or as it is corrected.
    pub fn has(&self, version: &V) -> bool
    where
        V: Version + PartialEq,
    {
        self.steps
            .iter()
            .any(|(_, step)| *step == version || step.corrects(version))
    }

    /// What comes after `now`, the next first, and last what of `versions`, of which this is the timeline, is sold and never
    /// comes by itself.
    pub fn coming(&self, versions: &'v [V], now: DateTime<Utc>) -> Vec<Next<'v, V>>
    where
        V: Version + PartialEq,
    {
        let mut held = self.at(now);
        let mut coming = Vec::new();
        for (from, version) in self.after(now) {
            coming.push(Next {
                from: Some(from),
                held,
                version,
            });
            held = Some(version);
        }
        let last = versions.iter().rfind(|version| !version.is_correction());
        if let Some(last) = last.filter(|last| !self.has(last))
            && held.is_none_or(|held| place_of(versions, held) < place_of(versions, last))
        {
            coming.push(Next {
                from: None,
                held,
                version: corrected(versions, last, now),
            });
        }
        coming
    }

    /// What counts after `at`, with the instants from which it does.
    pub fn after(&self, at: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, &'v V)> {
        self.steps
            .iter()
            .filter_map(move |(from, version)| Some(((*from)?, *version)).filter(|(from, _)| *from > at))
    }
}

/// The terms of a plan for a resource with this binding. `versions` are in the order of their first instants.
pub fn terms_timeline<'v>(versions: &'v [TermsVersion], binding: &Binding) -> Timeline<'v, TermsVersion> {
    let bound = versions.iter().rposition(|version| version.is_bound(binding));
    let mut steps: Vec<Step<'v, TermsVersion>> = bound
        .and_then(|at| versions.get(at))
        .map(|version| (None, version))
        .into_iter()
        .collect();
    for version in versions.iter().skip(bound.map_or(0, |at| at.saturating_add(1))) {
        let known = Timeline { steps: steps.clone() };
        let changes = known.at(version.saved_at).map(|held| held.terms.price_changes);
        let Some(reaches) = reaches(version, binding, changes) else {
            continue;
        };
        // Of two, the newer counts from when it reaches; an older one that would only come later never does.
        steps.retain(|(from, _)| from.is_none_or(|from| from < reaches));
        steps.push((Some(reaches), version));
    }
    Timeline { steps }
}

/// The prices of one component in a plan for a resource with this binding and these `terms`. `versions` are in the
/// order of their first instants.
///
/// The newest of: what the order bound; what has begun and whose notice has passed; what has begun and is lower than
/// what the resource would have otherwise. It never goes back to an older version. A correction counts in the place of
/// the version that it corrects, for all who have that one, from its first instant on.
pub fn price_timeline<'v>(
    versions: &'v [PriceVersion],
    binding: &Binding,
    terms: &Timeline<'_, TermsVersion>,
) -> Timeline<'v, PriceVersion> {
    let places = || versions.iter().filter(|version| !version.is_correction());
    let is_bound = |place: &PriceVersion| {
        let in_place = |version: &&PriceVersion| version.id == place.id || version.corrects(place);
        versions
            .iter()
            .filter(in_place)
            .any(|version| version.is_bound(binding))
    };
    let mut held = places().enumerate().filter(|(_, place)| is_bound(place)).last();
    let reaching: Vec<(usize, &PriceVersion, Option<DateTime<Utc>>)> = places()
        .enumerate()
        .skip(held.map_or(0, |(index, _)| index.saturating_add(1)))
        .map(|(index, version)| {
            let changes = terms.at(version.saved_at).map(|held| held.terms.price_changes);
            (index, version, reaches(version, binding, changes))
        })
        .collect();
    let corrections = versions.iter().filter(|version| version.is_correction());
    let mut instants: Vec<DateTime<Utc>> = reaching
        .iter()
        .flat_map(|(_, version, reaches)| std::iter::once(version.starts_at).chain(*reaches))
        .chain(corrections.map(|correction| correction.starts_at))
        .collect();
    instants.sort_unstable();
    instants.dedup();
    let mut steps: Vec<Step<'v, PriceVersion>> = held.iter().map(|(_, version)| (None, *version)).collect();
    for at in instants {
        let noticed = reaching
            .iter()
            .rev()
            .find(|(_, _, reaches)| reaches.is_some_and(|reaches| reaches <= at));
        if let Some((index, version, _)) =
            noticed.filter(|(index, ..)| held.is_none_or(|(before, _)| *index > before))
        {
            held = Some((*index, *version));
        }
        for (index, version, _) in reaching.iter().filter(|(_, version, _)| version.starts_at <= at) {
            let is_lower = held.is_some_and(|(held, of)| {
                *index > held && corrected(versions, version, at).is_lower_than(corrected(versions, of, at))
            });
            if is_lower {
                held = Some((*index, *version));
            }
        }
        let Some((_, place)) = held else { continue };
        let counts = corrected(versions, place, at);
        if steps.last().is_none_or(|(_, last)| last.id != counts.id) {
            steps.push((Some(at), counts));
        }
    }
    Timeline { steps }
}

/// When a version reaches a resource by its notice; none where only a renewal brings it.
fn reaches(
    version: &impl Version,
    binding: &Binding,
    changes: Option<PriceChanges>,
) -> Option<DateTime<Utc>> {
    // Where nothing was promised yet, there is nothing to give notice of.
    let days = match changes {
        None => 0,
        Some(changes) => changes.notice_days()?,
    };
    let noticed = version
        .saved_at()
        .checked_add_signed(TimeDelta::days(days.into()))
        .unwrap_or(DateTime::<Utc>::MAX_UTC);
    let reaches = version.starts_at().max(noticed);
    let saved = version.saved_at();
    let while_it_waited = binding.placed_at.is_some_and(|placed| saved > placed)
        && binding.begun_at.is_none_or(|begun| saved <= begun);
    Some(match binding.valid_until.filter(|_| while_it_waited) {
        Some(until) => reaches.max(until),
        None => reaches,
    })
}
