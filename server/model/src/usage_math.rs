//! From measurements to one billed quantity: sum, maximum, time-weighted average, last; and counters that start anew.
//!
//! Choices: the average weighs by the length of the whole period, so time without a measurement counts as zero and a
//! gauge must be carried over from before the period ([`hold`] does). Price schemes are applied to the aggregated
//! quantity, not the other way round. All rounding is one rounding, half away from zero, to nine decimals.

use chrono::{DateTime, Utc};

use crate::fixed::{Fixed, FixedError, divide_half_away};
use crate::text_enum;

text_enum! {
    /// How the measurements of a period become one quantity.
    Aggregation {
        /// All added up.
        Sum = "sum", "Sum";
        /// The greatest.
        Maximum = "maximum", "Maximum";
        /// Each weighted by how long it held.
        TimeWeightedAverage = "time_weighted_average", "Average over time";
        /// The latest.
        Last = "last", "Last value";
    }
}

/// A quantity measured over, or in force for, some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Start.
    pub from: DateTime<Utc>,
    /// End, exclusive.
    pub until: DateTime<Utc>,
    /// How much; never below zero.
    pub quantity: Fixed,
}

/// What an instrument showed at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// When.
    pub at: DateTime<Utc>,
    /// What it showed; never below zero.
    pub quantity: Fixed,
}

/// Why measurements give no quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    /// A measurement below zero.
    #[error("a measured quantity cannot be below zero")]
    Negative,
    /// A measurement that ends before it starts, or a period without length.
    #[error("a measurement or period ends before it starts")]
    Backwards,
    /// Two measurements for the same time, where only one can hold.
    #[error("two measurements cover the same time")]
    Overlap,
    /// The result is beyond what can be stored.
    #[error("the measured quantity is too large")]
    Overflow,
}

impl From<FixedError> for UsageError {
    fn from(_error: FixedError) -> Self {
        Self::Overflow
    }
}

/// The quantity of a period from `start` up to `end`. Nothing measured is zero. `samples` are those that belong to the
/// period; only the average cuts them at its ends.
pub fn aggregate(
    how: Aggregation,
    (start, end): (DateTime<Utc>, DateTime<Utc>),
    samples: &[Sample],
) -> Result<Fixed, UsageError> {
    if samples.iter().any(|sample| sample.quantity.is_negative()) {
        return Err(UsageError::Negative);
    }
    if end <= start || samples.iter().any(|sample| sample.until < sample.from) {
        return Err(UsageError::Backwards);
    }
    match how {
        Aggregation::Sum => Ok(samples
            .iter()
            .try_fold(Fixed::ZERO, |sum, sample| sum.checked_add(sample.quantity))?),
        Aggregation::Maximum => Ok(samples
            .iter()
            .map(|sample| sample.quantity)
            .max()
            .unwrap_or(Fixed::ZERO)),
        Aggregation::TimeWeightedAverage => average(start, end, samples),
        Aggregation::Last => {
            let latest = samples.iter().max_by_key(|sample| (sample.until, sample.from));
            Ok(latest.map_or(Fixed::ZERO, |sample| sample.quantity))
        }
    }
}

fn average(start: DateTime<Utc>, end: DateTime<Utc>, samples: &[Sample]) -> Result<Fixed, UsageError> {
    let mut sorted: Vec<&Sample> = samples
        .iter()
        .filter(|sample| sample.from < sample.until)
        .collect();
    sorted.sort_by_key(|sample| sample.from);
    if sorted
        .windows(2)
        .any(|pair| matches!(pair, [first, second] if second.from < first.until))
    {
        return Err(UsageError::Overlap);
    }
    let mut weighted = 0_i128;
    for sample in sorted {
        let overlap = sample.until.min(end) - sample.from.max(start);
        let millis = i128::from(overlap.num_milliseconds().max(0));
        let part = i128::from(sample.quantity.nanos()).checked_mul(millis);
        weighted = part
            .and_then(|part| weighted.checked_add(part))
            .ok_or(UsageError::Overflow)?;
    }
    let length = i128::from((end - start).num_milliseconds().max(1));
    Ok(Fixed::from_wide(divide_half_away(weighted, length))?)
}

/// A gauge's readings as samples: each holds until the next, the last until `until`. Of several readings at one
/// instant the last given holds. Readings at or after `until` are left out.
pub fn hold(readings: &[Reading], until: DateTime<Utc>) -> Vec<Sample> {
    let mut sorted: Vec<&Reading> = readings.iter().filter(|reading| reading.at < until).collect();
    sorted.sort_by_key(|reading| reading.at);
    let ends = sorted
        .iter()
        .skip(1)
        .map(|next| next.at)
        .chain(std::iter::once(until));
    let samples = sorted.iter().zip(ends).map(|(reading, end)| Sample {
        from: reading.at,
        until: end,
        quantity: reading.quantity,
    });
    samples.filter(|sample| sample.from < sample.until).collect()
}

/// By how much a counter that only grows went up from its first reading to its last. A lower reading means that it
/// was reset to zero and has counted up to that reading since; what it counted between the last reading and the reset
/// is not known and not charged.
pub fn counter_increase(readings: &[Reading]) -> Result<Fixed, UsageError> {
    if readings.iter().any(|reading| reading.quantity.is_negative()) {
        return Err(UsageError::Negative);
    }
    let mut sorted: Vec<&Reading> = readings.iter().collect();
    sorted.sort_by_key(|reading| reading.at);
    let pairs = sorted.iter().zip(sorted.iter().skip(1));
    pairs
        .map(|(before, after)| (before.quantity, after.quantity))
        .try_fold(Fixed::ZERO, |sum, (before, after)| {
            let growth = if after < before {
                after
            } else {
                after.checked_sub(before)?
            };
            Ok(sum.checked_add(growth)?)
        })
}

#[cfg(test)]
mod tests;
