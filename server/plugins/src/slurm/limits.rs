//! Between the marketplace's limits (hours, decimal) and SLURM's (`GrpTRESMins`, whole minutes).

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

use super::{CPU_HOURS, GPU_HOURS, association::Association, failure, settings::ClusterSettings};
use crate::{Limits, PluginError};

/// Minutes by trackable resource, for example `cpu` and `gres/gpu`.
pub(super) type Minutes = BTreeMap<String, u64>;

/// SLURM keeps these in 64 bits and multiplies them by 60; a limit of a hundred million core-years is a mistake.
const MOST_MINUTES: u64 = 100_000_000 * 366 * 24 * 60;

/// The minutes the wanted limits come to. Limits of components that SLURM does not count are left to others.
pub(super) fn wanted(settings: &ClusterSettings, limits: &Limits) -> Result<Minutes, PluginError> {
    let counted = limits
        .iter()
        .filter_map(|(code, hours)| Some((tres(settings, code)?, code, *hours)));
    counted
        .map(|(tres, code, hours)| Ok((tres.to_owned(), minutes(code, hours)?)))
        .collect()
}

fn tres<'a>(settings: &'a ClusterSettings, code: &str) -> Option<&'a str> {
    match code {
        CPU_HOURS => Some("cpu"),
        GPU_HOURS => Some(&settings.gpu),
        _ => None,
    }
}

/// Whole minutes, rounded half away from zero; but what was bought is never rounded down to nothing.
fn minutes(code: &str, hours: Decimal) -> Result<u64, PluginError> {
    let refused = || PluginError::refused(format!("{hours} is not a possible limit of {code}."));
    if hours.is_sign_negative() && !hours.is_zero() {
        return Err(refused());
    }
    let exact = hours.checked_mul(Decimal::from(60)).ok_or_else(refused)?;
    let rounded = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    let least = u64::from(!hours.is_zero());
    let minutes = rounded.to_u64().ok_or_else(refused)?.max(least);
    if minutes > MOST_MINUTES {
        Err(refused())
    } else {
        Ok(minutes)
    }
}

/// The minutes in force, without those of resources that the marketplace does not set.
pub(super) fn in_force(settings: &ClusterSettings, account: &Association) -> Result<Minutes, PluginError> {
    let mut found = Minutes::new();
    for (name, count) in pairs(account)? {
        if name == "cpu" || name == settings.gpu {
            let count = count.parse().ok().ok_or_else(|| garbled(account))?;
            found.insert(name.to_owned(), count);
        }
    }
    Ok(found)
}

/// Every resource that the account's minutes are limited of, with the limit as SLURM prints it.
pub(super) fn pairs(account: &Association) -> Result<Vec<(&str, &str)>, PluginError> {
    let pairs = account.minutes.split(',').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').ok_or_else(|| garbled(account)))
        .collect()
}

fn garbled(account: &Association) -> PluginError {
    failure::garbled("sacctmgr", &account.minutes)
}

/// The property that turns the one into the other, or `None` where nothing is to be done. `-1` takes a limit away.
pub(super) fn change(from: &Minutes, to: &Minutes) -> Option<String> {
    let set = to
        .iter()
        .filter(|(name, count)| from.get(*name) != Some(count))
        .map(|(n, c)| format!("{n}={c}"));
    let unset = from
        .keys()
        .filter(|name| !to.contains_key(*name))
        .map(|name| format!("{name}=-1"));
    let changes: Vec<String> = set.chain(unset).collect();
    if changes.is_empty() {
        None
    } else {
        Some(format!("GrpTRESMins={}", changes.join(",")))
    }
}

/// The limits in force, in the marketplace's units.
pub(super) fn to_limits(settings: &ClusterSettings, minutes: &Minutes) -> Limits {
    let code = |name: &str| {
        if name == settings.gpu {
            GPU_HOURS
        } else {
            CPU_HOURS
        }
    };
    let hours = |count: u64| (Decimal::from(count) / Decimal::from(60)).round_dp(9).normalize();
    minutes
        .iter()
        .map(|(name, count)| (code(name).to_owned(), hours(*count)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> ClusterSettings {
        ClusterSettings {
            cluster: "lab".into(),
            parent: "root".into(),
            prefix: "stoa".into(),
            qos: None,
            partition: None,
            gpu: "gres/gpu".into(),
        }
    }

    fn wanted_minutes(code: &str, hours: &str) -> Result<Minutes, PluginError> {
        wanted(
            &settings(),
            &Limits::from([(code.to_owned(), hours.parse().unwrap())]),
        )
    }

    #[test]
    fn hours_become_whole_minutes() {
        for (hours, minutes) in [
            ("10", 600),
            ("0.5", 30),
            ("0.0251", 2),
            ("0.025", 2),
            ("0.000001", 1),
            ("0", 0),
        ] {
            assert_eq!(
                wanted_minutes(CPU_HOURS, hours).unwrap()["cpu"],
                minutes,
                "{hours}"
            );
        }
        assert_eq!(wanted_minutes(GPU_HOURS, "2").unwrap()["gres/gpu"], 120);
    }

    #[test]
    fn impossible_limits_are_refused() {
        for hours in [
            "-1",
            "-0.000000001",
            "79228162514264337593543950335",
            "9999999999999",
        ] {
            assert!(
                matches!(wanted_minutes(CPU_HOURS, hours), Err(PluginError::Refused { .. })),
                "{hours}"
            );
        }
    }

    #[test]
    fn components_slurm_does_not_count_set_no_limit() {
        assert_eq!(wanted_minutes("storage_tb_months", "5").unwrap(), Minutes::new());
    }

    #[test]
    fn only_differences_are_set_and_what_is_gone_is_taken_away() {
        let from = Minutes::from([("cpu".into(), 600), ("gres/gpu".into(), 60)]);
        let to = Minutes::from([("cpu".into(), 900)]);
        assert_eq!(change(&from, &to).unwrap(), "GrpTRESMins=cpu=900,gres/gpu=-1");
        assert_eq!(change(&to, &to), None);
    }

    #[test]
    fn limits_the_site_set_by_hand_are_left_alone() {
        let text = "stoa_x||root||cpu=60,gres/gpu=10,mem=100000M|||\n";
        let account = super::super::association::read_all(text).unwrap().remove(0);
        let found = in_force(&settings(), &account).unwrap();
        assert_eq!(
            change(&found, &Minutes::new()).unwrap(),
            "GrpTRESMins=cpu=-1,gres/gpu=-1"
        );
        assert_eq!(to_limits(&settings(), &found)[CPU_HOURS], Decimal::ONE);
    }
}
