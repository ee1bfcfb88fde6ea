//! Chance that can be had again: the same seed gives the same life.

/// Splitmix64.
pub(crate) struct Luck(u64);

/// How far the state goes on with each number: each state is the seed of one more step.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Luck {
    /// Seeds are mixed before they are a state: neighbours would otherwise be the same numbers, one step apart.
    pub(crate) fn new(seed: u64) -> Self {
        Self(mixed(mixed(seed) ^ 0x1234_5678_9ABC_DEF1))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// Below `end`, which is above zero.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Below `end`, as another number.
    pub(crate) fn less<T: TryFrom<u64, Error: std::fmt::Debug>>(&mut self, end: u64) -> T {
        T::try_from(self.below(end)).unwrap()
    }

    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap()
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.index(among.len())]
    }
}

fn mixed(state: u64) -> u64 {
    let mut z = state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Luck;

    #[test]
    fn no_two_seeds_share_their_numbers() {
        let mut seen = BTreeSet::new();
        for seed in 0..1_000 {
            let mut luck = Luck::new(seed);
            assert!(
                (0..50).all(|_| seen.insert(luck.next())),
                "seed {seed} goes where another was"
            );
        }
    }
}
