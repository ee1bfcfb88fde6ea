//! What every operation says of an account that is as it should be, and of a cluster that is not there.

use super::accounts::Accounts;
use crate::{Detail, Outcome, PluginError};

/// The answer for an account that is as it should be.
pub(super) fn ready(accounts: &Accounts<'_>, account: &str) -> Outcome {
    let settings = accounts.settings();
    let partition = settings
        .partition
        .as_ref()
        .map(|name| format!(" --partition={name}"))
        .unwrap_or_default();
    let mut details = vec![
        Detail::new("Cluster", &settings.cluster),
        Detail::new("Account", account),
    ];
    details.extend(
        settings
            .partition
            .as_ref()
            .map(|name| Detail::new("Partition", name)),
    );
    details.push(Detail::new(
        "Submit a job",
        format!("sbatch --account={account}{partition} --time=01:00:00 job.sh"),
    ));
    Outcome::Ready {
        backend_id: account.to_owned(),
        details,
    }
}

/// Fails where accounting does not know the cluster: most commands answer an unknown one with silence.
pub(super) async fn require_cluster(accounts: &Accounts<'_>) -> Result<(), PluginError> {
    if accounts.is_cluster_known().await? {
        return Ok(());
    }
    Err(PluginError::needs_operator(format!(
        "SLURM's accounting has no cluster named \"{}\". Correct the name in the offering's settings.",
        accounts.settings().cluster
    )))
}
