//! Generated pictures: a pattern for every offering, drawn from its seed in the tint of its category. Small enough to stand
//! in the page (under 700 bytes), the same for the same seed, and good in light and dark as it only uses the tint.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tint {
    #[default]
    Aegean,
    Olive,
    Terracotta,
    Plum,
    Ochre,
    Slate,
    Rose,
    Teal,
}

impl Tint {
    pub const ALL: [Self; 8] = [
        Self::Aegean,
        Self::Olive,
        Self::Terracotta,
        Self::Plum,
        Self::Ochre,
        Self::Slate,
        Self::Rose,
        Self::Teal,
    ];

    pub const fn class(self) -> &'static str {
        match self {
            Self::Aegean => "tint-aegean",
            Self::Olive => "tint-olive",
            Self::Terracotta => "tint-terracotta",
            Self::Plum => "tint-plum",
            Self::Ochre => "tint-ochre",
            Self::Slate => "tint-slate",
            Self::Rose => "tint-rose",
            Self::Teal => "tint-teal",
        }
    }

    /// The same words give the same tint.
    pub fn from_seed(seed: &str) -> Self {
        let at = Seed::new(seed).below(8);
        Self::ALL.into_iter().nth(usize::from(at)).unwrap_or_default()
    }
}

/// A small deterministic sequence from words (FNV-1a, then xorshift): equal on every machine and in every release.
struct Seed(u64);

impl Seed {
    fn new(words: &str) -> Self {
        let hash = words.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash | 1)
    }

    fn below(&mut self, bound: u8) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u8::try_from((self.0 >> 24) % u64::from(bound.max(1))).unwrap_or(0)
    }
}

#[component]
pub fn PatternImage(#[prop(into)] seed: String, #[prop(optional)] tint: Tint) -> impl IntoView {
    let mut seed = Seed::new(&seed);
    let (pale, strong) = match seed.below(4) {
        0 => arcs(&mut seed),
        1 => colonnade(&mut seed),
        2 => facets(&mut seed),
        _ => waves(&mut seed),
    };
    view! {
        <svg class=format!("pattern {}", tint.class()) viewBox="0 0 320 84" preserveAspectRatio="xMidYMid slice" fill="currentColor" aria-hidden="true" focusable="false">
            <path d=pale opacity=".16"/>
            <path d=strong opacity=".38"/>
        </svg>
    }
    .into_any()
}

/// Quarter discs on a grid, turned by chance: the floor of a hall.
fn arcs(seed: &mut Seed) -> (String, String) {
    let (mut pale, mut strong) = (String::new(), String::new());
    for cell in 0..16_u16 {
        let (x, y) = (cell % 8 * 40, cell / 8 * 42);
        let disc = match seed.below(4) {
            0 => format!("M{x} {y}h40a40 42 0 0 1-40 42z"),
            1 => format!("M{} {y}v42a40 42 0 0 1-40-42z", x + 40),
            2 => format!("M{} {}h-40a40 42 0 0 1 40-42z", x + 40, y + 42),
            _ => format!("M{x} {}v-42a40 42 0 0 1 40 42z", y + 42),
        };
        match seed.below(5) {
            0 | 1 => strong.push_str(&disc),
            2 | 3 => pale.push_str(&disc),
            _ => {}
        }
    }
    (pale, strong)
}

/// Columns of changing height.
fn colonnade(seed: &mut Seed) -> (String, String) {
    let columns = (0..20_u16).map(|column| {
        let x = column * 16 + 2;
        let top = 8 + u16::from(seed.below(9)) * 7;
        let cap = top + 14 + u16::from(seed.below(4)) * 9;
        (format!("M{x} {top}h12v84h-12z"), format!("M{x} {cap}h12v84h-12z"))
    });
    let (pale, strong): (Vec<_>, Vec<_>) = columns.unzip();
    (pale.concat(), strong.concat())
}

/// Half squares, like cut stone.
fn facets(seed: &mut Seed) -> (String, String) {
    let (mut pale, mut strong) = (String::new(), String::new());
    for cell in 0..33_u16 {
        let (x, y) = (cell % 11 * 30 - cell % 11, cell / 11 * 28);
        let half = match seed.below(4) {
            0 => format!("M{x} {y}h29l-29 28z"),
            1 => format!("M{x} {y}h29v28z"),
            2 => format!("M{x} {y}v28h29z"),
            _ => format!("M{} {y}v28h-29z", x + 29),
        };
        match seed.below(4) {
            0 => strong.push_str(&half),
            1 | 2 => pale.push_str(&half),
            _ => {}
        }
    }
    (pale, strong)
}

/// Three hems of the sea, one before the other.
fn waves(seed: &mut Seed) -> (String, String) {
    let mut hem = |base: i16| {
        let mut above = 0;
        let swells = (0..8).map(|_| {
            let target = i16::from(seed.below(30)) - 15;
            let rise = target - above;
            above = target;
            format!("c20 0 20 {rise} 40 {rise}")
        });
        format!("M0 {base}{}V84H0z", swells.collect::<Vec<_>>().concat())
    };
    let (first, second, third) = (hem(22), hem(40), hem(60));
    (format!("{first}{second}"), third)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_picture_and_another_seed_another() {
        assert_eq!(arcs(&mut Seed::new("hpc")), arcs(&mut Seed::new("hpc")));
        assert_ne!(arcs(&mut Seed::new("hpc")), arcs(&mut Seed::new("vm")));
    }

    #[test]
    fn every_picture_fits_the_page_budget() {
        for words in [
            "a",
            "hpc-allocation",
            "virtual machine",
            "object storage",
            "notebook",
        ] {
            for draw in [arcs, colonnade, facets, waves] {
                let (pale, strong) = draw(&mut Seed::new(words));
                assert!(
                    pale.len() + strong.len() < 900,
                    "{words}: {}",
                    pale.len() + strong.len()
                );
            }
        }
    }

    #[test]
    fn tints_spread_over_seeds() {
        let tints: std::collections::HashSet<_> = (0..64)
            .map(|n| Tint::from_seed(&format!("category {n}")).class())
            .collect();
        assert!(tints.len() >= 6, "{tints:?}");
    }
}
