//! Actions and parts of the SLURM plugin against programs that fail, lie or never end. What a real SLURM does is tested in
//! `slurm_actions_real.rs`.

#[path = "support/programs.rs"]
mod programs;

use std::{collections::BTreeMap, time::Duration};

use model::{MOST_INVENTORY_ROWS, ids::ActionId};
use plugins::{
    ActionOutcome, ActionRequest, Plugin, PluginError, ResourceRequest, Settings, Silent, contract::Fixture,
};
use programs::Programs;
use serde_json::json;

/// Longer than any of the scripts takes, also on a busy machine.
const LONG: Duration = Duration::from_secs(30);

/// The actions, in an order in which each finds something to do.
const ACTIONS: [&str; 5] = ["pause", "resume", "hold_job", "release_job", "cancel_job"];

fn request() -> ResourceRequest {
    let settings = Settings::new(json!({ "cluster": "lab" }), BTreeMap::new());
    ResourceRequest {
        settings,
        ..Fixture::plain().request
    }
}

fn wish(key: &str, job: &str) -> ActionRequest {
    ActionRequest {
        id: ActionId(uuid::Uuid::from_u128(1)),
        resource: request(),
        key: key.to_owned(),
        input: json!({ "job": job }),
        condition: "open".to_owned(),
    }
}

async fn act(programs: &Programs, key: &str, job: &str) -> Result<ActionOutcome, PluginError> {
    programs.plugin(LONG).act(&wish(key, job), &Silent).await
}

/// A cluster `lab` that enforces limits and has the account of the request. In files beside the programs: `grpjobs`, the account's limit
/// of jobs; `queue`, what `squeue` answers; `refuse`, what `scontrol` fails with.
fn cluster() -> Programs {
    let mark = format!("stoa:resource:{}", request().resource.0.as_hyphenated());
    let programs = Programs::all(&format!(
        r#"
{{ printf '%s' "${{0##*/}}"; for arg in "$@"; do printf ' <%s>' "$arg"; done; echo; }} >> "$here/calls"
case "${{0##*/}} $*" in
*"show cluster"*) echo lab ;;
*"show config"*) cat "$here/config" ;;
*"show account"*) echo "stoa_contract_suite_one|{mark}" ;;
*"format=account,user,grpjobs"*) echo "stoa_contract_suite_one||$(cat "$here/grpjobs")" ;;
*"show assoc"*) echo "stoa_contract_suite_one||stoa_contract_suite||cpu=600,mem=5M||normal,big|normal" ;;
*"show qos"*) cat "$here/qos" 2>/dev/null || echo "normal|" ;;
*"GrpJobs="*) echo "${{*##*GrpJobs=}}" > "$here/grpjobs" ;;
squeue*) cat "$here/queue" ;;
"scontrol "*suspend*|"scontrol "*hold*) [ -e "$here/refuse" ] && {{ cat "$here/refuse" >&2; exit 1; }} ;;
esac
exit 0
"#
    ));
    write(
        &programs,
        "config",
        "AccountingStorageEnforce = associations,limits,qos,safe\n",
    );
    write(&programs, "grpjobs", "\n");
    write(&programs, "queue", "");
    programs
}

fn write(programs: &Programs, file: &str, text: &str) {
    assert!(std::fs::write(programs.file(file), text).is_ok());
}

/// What was ordered: calls that only ask are left out.
fn orders(programs: &Programs) -> Vec<String> {
    let calls = std::fs::read_to_string(programs.file("calls")).unwrap_or_default();
    let asks =
        |call: &str| call.contains("<show>") || call.starts_with("squeue") || call.starts_with("sacct ");
    calls
        .lines()
        .filter(|call| !asks(call))
        .map(ToOwned::to_owned)
        .collect()
}

#[tokio::test]
async fn while_slurm_is_down_every_action_may_be_tried_again() {
    let programs =
        Programs::all("echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1");
    for key in ACTIONS {
        let error = act(&programs, key, "12").await.unwrap_err();
        assert!(matches!(error, PluginError::Retry { .. }), "{key}: {error:?}");
        assert!(error.to_string().contains("cannot be reached"), "{key}: {error}");
    }
    let error = programs.plugin(LONG).parts(&request(), "open").await.unwrap_err();
    assert!(matches!(error, PluginError::Retry { .. }), "{error:?}");
}

#[tokio::test]
async fn what_is_not_spelt_as_a_job_reaches_no_program() {
    let programs = cluster();
    for job in [
        "", "--all", "12 13", "12,13", "12_[1-5]", "12;id", "-A root", "12\n13", "$(id)",
    ] {
        for key in ["hold_job", "release_job", "cancel_job"] {
            let refused = act(&programs, key, job).await;
            assert!(
                matches!(&refused, Err(PluginError::Refused { reason }) if reason.contains("not one of this allocation")),
                "{key} {job:?}: {refused:?}"
            );
        }
    }
    assert!(!programs.file("calls").exists(), "a program was started");
}

#[tokio::test]
async fn what_cannot_be_understood_of_the_queue_leads_to_nothing() {
    for garbage in [
        "<html>502</html>",
        "12|stoa_contract_suite_one|RUNNING",
        "12|stoa_contract_suite_one|RUNNING|5|7",
    ] {
        let programs = cluster();
        write(&programs, "grpjobs", "0\n");
        write(&programs, "queue", garbage);
        for key in ACTIONS {
            let error = act(&programs, key, "12").await.unwrap_err();
            assert!(
                matches!(&error, PluginError::Retry { reason, .. } if reason.contains("cannot be understood")),
                "{key} {garbage}: {error:?}"
            );
        }
        assert_eq!(orders(&programs), Vec::<String>::new(), "{garbage}");
    }
}

#[tokio::test]
async fn a_job_of_another_account_is_never_touched() {
    for queue in [
        "12|stoa_contract_suite_two|PENDING|5\n",
        // Parts of it are ours.
        "12+0|stoa_contract_suite_one|PENDING|5\n12+1|stoa_contract_suite_two|PENDING|5\n",
        "12_3|stoa_contract_suite_one|PENDING|5\n12_4|stoa_contract_suite_two|PENDING|5\n",
    ] {
        let programs = cluster();
        write(&programs, "queue", queue);
        for key in ["hold_job", "release_job", "cancel_job"] {
            let refused = act(&programs, key, "12").await;
            assert!(
                matches!(refused, Err(PluginError::Refused { .. })),
                "{key} {queue}: {refused:?}"
            );
        }
        // The whole queue was asked for by account, so such an answer is none.
        write(&programs, "grpjobs", "0\n");
        for key in ["pause", "resume"] {
            let refused = act(&programs, key, "").await;
            assert!(
                matches!(refused, Err(PluginError::Retry { .. })),
                "{key} {queue}: {refused:?}"
            );
        }
        assert_eq!(orders(&programs), Vec::<String>::new(), "{queue}");
    }
}

#[tokio::test]
async fn a_cluster_that_would_start_jobs_all_the_same_is_not_paused() {
    let programs = cluster();
    write(&programs, "config", "AccountingStorageEnforce = associations\n");
    let unenforced = act(&programs, "pause", "").await.unwrap_err();
    assert!(
        matches!(&unenforced, PluginError::NeedsOperator { reason } if reason.contains("AccountingStorageEnforce")),
        "{unenforced:?}"
    );
    let programs = cluster();
    write(&programs, "qos", "normal|\nbig|50\nother|7\n");
    let overridden = act(&programs, "pause", "").await.unwrap_err();
    assert!(
        matches!(&overridden, PluginError::NeedsOperator { reason } if reason.contains("\"big\"")),
        "{overridden:?}"
    );
    assert_eq!(orders(&programs), Vec::<String>::new());
}

#[tokio::test]
async fn a_limit_of_the_sites_own_is_not_lost() {
    let programs = cluster();
    write(&programs, "grpjobs", "50\n");
    let error = act(&programs, "pause", "").await.unwrap_err();
    assert!(
        matches!(&error, PluginError::NeedsOperator { reason } if reason.contains("GrpJobs=50")),
        "{error:?}"
    );
    let resumed = act(&programs, "resume", "").await;
    assert!(
        matches!(&resumed, Ok(ActionOutcome::Done { condition: Some(now), .. }) if now == "open"),
        "{resumed:?}"
    );
    assert_eq!(orders(&programs), Vec::<String>::new());
}

#[tokio::test]
async fn jobs_that_go_on_running_are_told_in_slurms_words() {
    let programs = cluster();
    write(&programs, "queue", "12|stoa_contract_suite_one|RUNNING|5\n");
    let waits = act(&programs, "pause", "").await;
    assert!(
        matches!(&waits, Ok(ActionOutcome::Pending { waiting_for, .. }) if waiting_for.contains("one job")),
        "{waits:?}"
    );
    write(
        &programs,
        "refuse",
        "slurm_suspend error: Requested operation not supported\n",
    );
    let error = act(&programs, "pause", "").await.unwrap_err();
    assert!(
        matches!(&error, PluginError::Retry { reason, .. } if reason.contains("not supported")),
        "{error:?}"
    );
    let expected = [
        "sacctmgr <-i> <modify> <account> <where> <name=stoa_contract_suite_one> <cluster=lab> <set> <GrpJobs=0>",
        "scontrol <-M> <lab> <suspend> <12>",
        "scontrol <-M> <lab> <suspend> <12>",
    ];
    assert_eq!(orders(&programs), expected);
}

#[tokio::test]
async fn what_others_hold_is_theirs_to_release() {
    let programs = cluster();
    programs.put(
        "squeue",
        r#"case "$*" in *"%r"*) cat "$here/reasons" ;; *) cat "$here/queue" ;; esac"#,
    );
    write(&programs, "queue", "12|stoa_contract_suite_one|PENDING|0\n");
    for reasons in [
        "12|JobHeldAdmin\n",
        "12|launch failed requeued held\n",
        "13|JobHeldUser\n",
        "",
    ] {
        write(&programs, "reasons", reasons);
        let refused = act(&programs, "release_job", "12").await;
        assert!(
            matches!(&refused, Err(PluginError::Refused { reason }) if reason.contains("held by those")),
            "{reasons}: {refused:?}"
        );
    }
    assert_eq!(orders(&programs), Vec::<String>::new());
    let held = act(&programs, "hold_job", "12").await;
    assert!(
        matches!(held, Ok(ActionOutcome::Done { .. })),
        "it is held already: {held:?}"
    );
    assert_eq!(orders(&programs), Vec::<String>::new());
}

#[tokio::test]
async fn a_cluster_that_says_yes_and_holds_nothing_is_not_believed() {
    let programs = cluster();
    write(&programs, "queue", "12|stoa_contract_suite_one|PENDING|5\n");
    let error = act(&programs, "hold_job", "12").await.unwrap_err();
    assert!(
        matches!(&error, PluginError::Retry { reason, .. } if reason.contains("does not show")),
        "{error:?}"
    );
    let waits = act(&programs, "cancel_job", "12").await;
    assert!(matches!(waits, Ok(ActionOutcome::Pending { .. })), "{waits:?}");
    let expected = [
        "scontrol <-M> <lab> <uhold> <12>",
        "scancel <-M> <lab> <-A> <stoa_contract_suite_one> <12>",
    ];
    assert_eq!(orders(&programs), expected);
}

#[tokio::test]
async fn of_an_array_only_what_was_chosen_is_cancelled() {
    let programs = cluster();
    let queue = "12_1|stoa_contract_suite_one|RUNNING|5\n12_2|stoa_contract_suite_one|PENDING|5\n";
    write(&programs, "queue", queue);
    for job in ["12", "12_1"] {
        assert!(act(&programs, "cancel_job", job).await.is_ok());
    }
    let expected = [
        "scancel <-M> <lab> <-A> <stoa_contract_suite_one> <--state=PENDING> <12>",
        "scancel <-M> <lab> <-A> <stoa_contract_suite_one> <12_1>",
    ];
    assert_eq!(orders(&programs), expected);
}

#[tokio::test]
async fn a_job_that_accounting_says_was_cancelled_is_cancelled() {
    let account = "stoa_contract_suite_one";
    for (says, expected) in [
        (format!("12|{account}|CANCELLED by 1001"), "done"),
        (format!("12|{account}|COMPLETED"), "refused"),
        (format!("12|{account}|RUNNING"), "later"),
        (
            "12|stoa_contract_suite_two|CANCELLED by 1001".to_owned(),
            "refused",
        ),
        (format!("12_1|{account}|CANCELLED by 1001"), "refused"),
        (String::new(), "refused"),
        ("<html>".to_owned(), "later"),
    ] {
        let programs = cluster();
        programs.put(
            "squeue",
            "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1",
        );
        write(&programs, "accounting", &says);
        programs.put("sacct", r#"cat "$here/accounting""#);
        let outcome = match act(&programs, "cancel_job", "12").await {
            Ok(ActionOutcome::Done { .. }) => "done",
            Err(PluginError::Refused { .. }) => "refused",
            Err(PluginError::Retry { .. }) => "later",
            other => panic!("{says}: {other:?}"),
        };
        assert_eq!(outcome, expected, "{says}");
    }
}

#[tokio::test]
async fn an_account_with_ever_so_many_jobs_is_listed_from_the_beginning() {
    let programs = cluster();
    programs.put(
        "squeue",
        r#"case "$*" in *"%j"*) seq 1 9999999 | sed 's/$/|None|name/' ;;
        *) seq 1 9999999 | sed 's/$/|anna|RUNNING|1|0:01|1:00/' ;; esac"#,
    );
    programs.put(
        "sacct",
        r#"case "$*" in *JobName*) seq 1 9999999 | sed 's/$/|name/' ;;
        *) seq 1 9999999 | sed 's/$/|stoa_contract_suite_one|anna|COMPLETED|2026-11-28T10:00:00|2026-11-28T11:00:00|3600/' ;; esac"#,
    );
    let parts = programs.plugin(LONG).parts(&request(), "open").await.unwrap();
    for (table, cells) in [
        (
            "jobs",
            ["1", "name", "anna", "Running", "", "1", "0:01", "1:00"].to_vec(),
        ),
        (
            "recent_jobs",
            [
                "1",
                "name",
                "anna",
                "Completed",
                "2026-11-28 10:00",
                "2026-11-28 11:00",
                "1",
            ]
            .to_vec(),
        ),
    ] {
        let table = parts.tables.iter().find(|found| found.code == table).unwrap();
        assert_eq!(
            (table.rows.len(), table.cut),
            (MOST_INVENTORY_ROWS, true),
            "{}",
            table.code
        );
        assert_eq!(table.rows[0].cells, cells);
    }
}

#[tokio::test]
async fn an_account_shows_its_limits_and_condition() {
    let programs = cluster();
    let shown = async || programs.plugin(LONG).parts(&request(), "open").await.unwrap();
    let parts = shown().await;
    let limits: Vec<String> = parts.tables[0]
        .rows
        .iter()
        .map(|row| row.cells.join(": "))
        .collect();
    let expected = [
        "Account: stoa_contract_suite_one",
        "Jobs: They start as there is room",
        "CPU-hours, as the cluster counts: 10",
        "mem, in minutes: 5M",
        "QOS: normal, big",
        "Default QOS: normal",
    ];
    assert_eq!(limits, expected);
    assert_eq!(parts.condition.as_deref(), Some("open"));
    write(&programs, "grpjobs", "0\n");
    let parts = shown().await;
    assert_eq!(
        parts.condition.as_deref(),
        Some("paused"),
        "whatever the portal believes"
    );
    assert_eq!(parts.tables[0].rows[1].cells, ["Jobs", "Paused: none starts"]);
}
