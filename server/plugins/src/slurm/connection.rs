//! "Test connection": whether an order with these settings could be fulfilled, found out without changing anything.

use super::{accounts::Accounts, association, counting, failure};
use crate::{ConnectionReport, Finding, PluginError};

pub(super) async fn test(accounts: &Accounts<'_>) -> Result<ConnectionReport, PluginError> {
    let cluster = &accounts.settings().cluster;
    if !accounts.is_cluster_known().await? {
        let text = format!("SLURM's accounting has no cluster named \"{cluster}\".");
        let findings = vec![Finding::bad("Cluster", text)];
        return Ok(ConnectionReport {
            summary: "Correct the cluster's name and test again.".to_owned(),
            findings,
        });
    }
    let mut findings = vec![Finding::good(
        "Cluster",
        format!("Accounting knows the cluster {cluster}."),
    )];
    findings.push(controller(accounts).await?);
    findings.push(rights(accounts).await?);
    findings.push(parent(accounts).await?);
    findings.extend(qos(accounts).await?);
    findings.extend(partition(accounts).await?);
    findings.push(enforcement(accounts).await?);
    findings.push(gpu(accounts).await?);
    let wrong = findings.iter().filter(|finding| !finding.ok).count();
    let summary = match wrong {
        0 => format!("The cluster {cluster} answers, and orders can be fulfilled."),
        1 => "One thing has to be put right.".to_owned(),
        wrong => format!("{wrong} things have to be put right."),
    };
    Ok(ConnectionReport { summary, findings })
}

async fn controller(accounts: &Accounts<'_>) -> Result<Finding, PluginError> {
    const LABEL: &str = "Controller";
    let answer = accounts
        .run("scontrol", &["-M", &accounts.settings().cluster, "ping"])
        .await?;
    let text = failure::shorten(answer.stdout());
    let is_up = answer.is_success() && answer.stdout().contains("is UP");
    if is_up {
        return Ok(Finding::good(LABEL, text));
    }
    Ok(Finding::bad(
        LABEL,
        if text.is_empty() {
            answer.failure().to_string()
        } else {
            text
        },
    ))
}

/// Only who may administer accounts is told of accounts and users with problems. Asked is for those of one that cannot exist, so
/// that nothing has to be looked through.
async fn rights(accounts: &Accounts<'_>) -> Result<Finding, PluginError> {
    const LABEL: &str = "Rights";
    match accounts.look_for_problems("stoa-no-such-account").await {
        Ok(()) => Ok(Finding::good(LABEL, "The portal may administer accounts.")),
        Err(PluginError::NeedsOperator { reason }) => Ok(Finding::bad(LABEL, reason)),
        Err(error) => Err(error),
    }
}

async fn parent(accounts: &Accounts<'_>) -> Result<Finding, PluginError> {
    const LABEL: &str = "Parent account";
    let parent = &accounts.settings().parent;
    Ok(match accounts.look(&[parent]).await?.account(parent) {
        Some(_) => Finding::good(LABEL, format!("The account {parent} exists.")),
        None => Finding::bad(
            LABEL,
            format!("The cluster has no account {parent}. Make it, or name another one."),
        ),
    })
}

async fn qos(accounts: &Accounts<'_>) -> Result<Option<Finding>, PluginError> {
    const LABEL: &str = "Default QOS";
    let Some(qos) = &accounts.settings().qos else {
        return Ok(None);
    };
    let known = accounts.show(&["qos", "format=name"]).await?;
    let found = association::lines(&known).any(|name| name.trim() == qos);
    Ok(Some(if found {
        Finding::good(LABEL, format!("The QOS {qos} exists."))
    } else {
        Finding::bad(LABEL, format!("The cluster has no QOS {qos}."))
    }))
}

async fn partition(accounts: &Accounts<'_>) -> Result<Option<Finding>, PluginError> {
    const LABEL: &str = "Partition";
    let Some(partition) = &accounts.settings().partition else {
        return Ok(None);
    };
    let args = [
        "-M",
        &accounts.settings().cluster,
        "-o",
        "show",
        "partition",
        partition,
    ];
    let answer = accounts.run("scontrol", &args).await?;
    Ok(Some(if answer.is_success() {
        Finding::good(LABEL, format!("The partition {partition} exists."))
    } else {
        Finding::bad(
            LABEL,
            format!("The controller does not show a partition {partition}."),
        )
    }))
}

/// Whether limits hold jobs back. Where they do not, usage is still measured, so this is told and does not stand in the way.
async fn enforcement(accounts: &Accounts<'_>) -> Result<Finding, PluginError> {
    let answer = accounts
        .run(
            "scontrol",
            &["-M", &accounts.settings().cluster, "show", "config"],
        )
        .await?;
    let value = |key: &str| counting::value(answer.stdout(), key).unwrap_or_default();
    let is_enforced = counting::enforces_limits(answer.stdout());
    let is_counted = value("PriorityType") == "priority/multifactor";
    let text = match (is_enforced, is_counted) {
        (true, true) if counting::forgets_by(answer.stdout()) => {
            "The cluster holds jobs back that exceed their account's limits, but forgets use by itself (PriorityDecayHalfLife is \
             not 0, or PriorityUsageResetPeriod not NONE): an amount can be used again as fast as it is forgotten, whatever period \
             it is sold for."
        }
        (true, true) => "The cluster holds jobs back that exceed their account's limits.",
        (false, _) => "The cluster does not enforce limits (AccountingStorageEnforce lacks \"limits\").",
        (true, false) => {
            "The cluster keeps no usage to compare limits with (PriorityType is not priority/multifactor)."
        }
    };
    Ok(Finding::good("Enforcement of limits", text))
}

async fn gpu(accounts: &Accounts<'_>) -> Result<Finding, PluginError> {
    const LABEL: &str = "GPUs";
    let wanted = &accounts.settings().gpu;
    let known = accounts.show(&["tres", "format=type,name"]).await?;
    let name = |line: &str| line.trim().replacen('|', "/", 1);
    if association::lines(&known).any(|line| &name(line) == wanted) {
        return Ok(Finding::good(LABEL, format!("The cluster counts {wanted}.")));
    }
    // A cluster without GPUs is fine for an offering without GPU-hours, so this is told and does not stand in the way.
    let text =
        format!("The cluster does not count {wanted}, so GPU-hours can be neither limited nor measured.");
    Ok(Finding {
        label: LABEL.to_owned(),
        text,
        ok: true,
    })
}
