//! How a cluster counts use against `GrpTRESMins`, and what its limits must therefore be for a period's amount to be usable in
//! each period.

use super::{
    accounts::Accounts,
    limits::{self, Minutes},
};
use crate::{PluginError, ResourceRequest};

/// The minutes to set for the request. A cluster that counts all use for ever gets what was used before the running period on top
/// of the period's limit. One that forgets use by itself gets the limit alone: with the rest on top, what it has forgotten
/// could be used twice.
pub(super) async fn wanted(
    accounts: &Accounts<'_>,
    request: &ResourceRequest,
) -> Result<Minutes, PluginError> {
    let settings = accounts.settings();
    if request.used_before.is_empty() || forgets(accounts).await? {
        return limits::wanted(settings, &request.limits);
    }
    limits::wanted(settings, &request.limits_over_life())
}

async fn forgets(accounts: &Accounts<'_>) -> Result<bool, PluginError> {
    let args = ["-M", &accounts.settings().cluster, "show", "config"];
    let config = accounts.run("scontrol", &args).await?.expect_success()?;
    Ok(forgets_by(&config))
}

/// A setting by the words of `scontrol show config`.
pub(super) fn value<'a>(config: &'a str, key: &str) -> Option<&'a str> {
    let mut pairs = config.lines().filter_map(|line| line.split_once('='));
    let found = pairs.find(|(name, _)| name.trim() == key);
    found.map(|(_, value)| value.trim())
}

/// Whether limits hold jobs back, by the words of `scontrol show config`.
pub(super) fn enforces_limits(config: &str) -> bool {
    let enforced = value(config, "AccountingStorageEnforce").unwrap_or_default();
    enforced.split(',').any(|word| matches!(word, "limits" | "safe"))
}

/// Whether use counts less as time goes by, or anew from time to time, by the words of `scontrol show config`.
pub(super) fn forgets_by(config: &str) -> bool {
    let differs = |key: &str, unless: &[&str]| value(config, key).is_some_and(|is| !unless.contains(&is));
    differs("PriorityDecayHalfLife", &["0", "00:00:00"])
        || differs("PriorityUsageResetPeriod", &["NONE", "0"])
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: &str = "PriorityDecayHalfLife   = 00:00:00\nPriorityUsageResetPeriod = NONE\n";

    #[test]
    fn a_cluster_forgets_where_use_decays_or_is_reset() {
        assert!(!forgets_by(KEPT));
        assert!(forgets_by(&KEPT.replace("00:00:00", "7-00:00:00")));
        assert!(forgets_by(&KEPT.replace("NONE", "MONTHLY")));
        assert!(
            !forgets_by("PriorityType = priority/basic\n"),
            "it counts nothing"
        );
    }
}
