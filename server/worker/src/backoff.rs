//! How long to wait before the next try.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_mins(15);

/// Doubles with each try, up to a quarter of an hour, spread by up to a fifth so that jobs that failed together do not
/// all come back together. `seed` decides the spread: the same job at the same try waits the same time.
pub(crate) fn after(attempts: i32, seed: u128) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(16);
    let base = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    let mixed = (seed ^ (seed >> 61))
        .wrapping_add(u128::from(doublings))
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let percent = u32::try_from((mixed >> 32) % 21).unwrap_or(0);
    base.saturating_add(base.saturating_mul(percent) / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_quarter_of_an_hour_and_differ_between_jobs() {
        let waits: Vec<Duration> = (1..=12).map(|attempt| after(attempt, 7)).collect();
        assert!(waits[0] >= FIRST && waits[0] <= FIRST.mul_f64(1.2));
        assert!(waits.iter().all(|wait| *wait <= LONGEST.mul_f64(1.21)));
        assert!(waits[11] >= LONGEST);
        let spread: std::collections::BTreeSet<Duration> =
            (0..50_u128).map(|job| after(5, job << 40)).collect();
        assert!(spread.len() > 5, "{spread:?}");
    }
}
