//! Actions and parts of the SLURM plugin against a real SLURM; see `slurm_real.rs` for how these tests are run.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what is not as it must be fails the test"
)]

#[path = "support/lab.rs"]
mod lab;
#[path = "support/programs.rs"]
mod programs;
#[path = "support/tripwire.rs"]
mod tripwire;

use std::{os::unix::process::CommandExt, process::Command, time::Duration};

use lab::{Lab, eventually, output, sacctmgr, submit, usage_today, user};
use model::ids::ActionId;
use plugins::{
    ActionOutcome, ActionRequest, Limits, Outcome, Parts, Plugin, PluginError, ResourceRequest, Silent,
    slurm::{CPU_HOURS, SlurmHost, SlurmPlugin},
};
use rust_decimal::Decimal;
use serde_json::json;

/// Longer than any command takes.
const LONG: Duration = Duration::from_secs(30);

fn plugin() -> SlurmPlugin {
    SlurmPlugin::new(SlurmHost::default())
}

/// An allocation of the test's own, to which the machine's user may submit.
async fn allocation(lab: &Lab, resource: &str) -> ResourceRequest {
    let request = ResourceRequest {
        members: vec![user().0],
        ..lab.request(resource)
    };
    let outcome = plugin().provision(&request, &Silent).await;
    assert!(matches!(outcome, Ok(Outcome::Ready { .. })), "{outcome:?}");
    request
}

fn wish(request: &ResourceRequest, key: &str, job: &str) -> ActionRequest {
    ActionRequest {
        id: ActionId(uuid::Uuid::from_u128(1)),
        resource: request.clone(),
        key: key.to_owned(),
        input: json!({ "job": job }),
        condition: "open".to_owned(),
    }
}

/// Brings an action until it rests.
async fn act(request: &ResourceRequest, key: &str, job: &str) -> Result<ActionOutcome, PluginError> {
    eventually(key, async || {
        match plugin().act(&wish(request, key, job), &Silent).await {
            Ok(ActionOutcome::Pending { .. }) | Err(PluginError::Retry { .. }) => None,
            rests => Some(rests),
        }
    })
    .await
}

/// The condition that an action led to.
async fn leads_to(request: &ResourceRequest, key: &str) -> String {
    match act(request, key, "").await {
        Ok(ActionOutcome::Done {
            condition: Some(now), ..
        }) => now,
        other => panic!("{key}: {other:?}"),
    }
}

fn is_done(outcome: &Result<ActionOutcome, PluginError>) -> bool {
    matches!(outcome, Ok(ActionOutcome::Done { .. }))
}

fn is_refused(outcome: &Result<ActionOutcome, PluginError>, word: &str) -> bool {
    matches!(outcome, Err(PluginError::Refused { reason }) if reason.contains(word))
}

/// Submits a job; its number.
fn job(account: &str, more: &[&str], seconds: u32) -> String {
    let said = submit(user().1, account, more, seconds);
    assert!(said.contains("Submitted"), "{said}");
    said.trim().rsplit(' ').next().unwrap().to_owned()
}

/// State and reason of a job, of each element of an array: `R None`.
fn state(job: &str) -> String {
    let lines = output(Command::new("squeue").args(["-h", "-r", "-j", job, "-o", "%t %r"]));
    lines.trim().replace('\n', ", ")
}

async fn reaches(job: &str, wanted: &str) {
    eventually(&format!("{job} to be {wanted}"), async || {
        state(job).starts_with(wanted).then_some(())
    })
    .await;
}

/// The account's limit of jobs, as the cluster has it.
fn most_jobs(lab: &Lab, account: &str) -> String {
    let (cluster, account) = (format!("cluster={}", lab.cluster), format!("account={account}"));
    let lines = sacctmgr(&[
        "show",
        "assoc",
        "where",
        &cluster,
        &account,
        "format=user,grpjobs",
    ]);
    let own = lines.lines().find_map(|line| line.strip_prefix('|'));
    own.unwrap().to_owned()
}

async fn parts(request: &ResourceRequest) -> Parts {
    plugin().parts(request, "open").await.unwrap()
}

/// Cells of a row of a table.
fn row(parts: &Parts, table: &str, key: &str) -> Option<Vec<String>> {
    let table = parts.tables.iter().find(|found| found.code == table)?;
    let row = table.rows.iter().find(|row| row.key == key)?;
    Some(row.cells.clone())
}

async fn terminate(request: &ResourceRequest) {
    eventually("the end of the account", async || {
        match plugin().terminate(request, &Silent).await {
            Ok(Outcome::Gone) => Some(()),
            Ok(Outcome::Pending { .. }) | Err(PluginError::Retry { .. }) => None,
            other => panic!("{other:?}"),
        }
    })
    .await;
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn a_paused_allocation_stays_paused_until_it_is_resumed_or_ended() {
    let lab = Lab::find("pau");
    let mut request = allocation(&lab, "one").await;
    let other = allocation(&lab, "two").await;
    let account = lab.account("one");
    let (ours, theirs) = (job(&account, &[], 100), job(&lab.account("two"), &[], 100));
    reaches(&ours, "R").await;
    reaches(&theirs, "R").await;
    for _ in 0..2 {
        assert_eq!(leads_to(&request, "pause").await, "paused");
        assert_eq!(
            (state(&ours).as_str(), most_jobs(&lab, &account).as_str()),
            ("S None", "0")
        );
    }
    let waits = job(&account, &[], 100);
    reaches(&waits, "PD AssocGrpJobsLimit").await;

    request.limits = Limits::from([(CPU_HOURS.to_owned(), 40.into())]);
    request.members.push(lab.user_name("ben"));
    let plugin = plugin();
    assert!(plugin.change_limits(&request, &Silent).await.is_ok());
    assert!(plugin.change_terms(&request, &Silent).await.is_ok());
    assert!(plugin.sync_members(&request).await.is_ok());
    assert!(plugin.provision(&request, &Silent).await.is_ok());
    let changed = "P_contract_suite_one||P_contract_suite|cpu=2400|".to_owned();
    assert!(lab.tree().contains(&changed), "{:?}", lab.tree());
    assert_eq!(most_jobs(&lab, &account), "0");
    let seen = parts(&request).await;
    assert_eq!(seen.condition.as_deref(), Some("paused"));
    assert_eq!(row(&seen, "jobs", &ours).unwrap()[3], "Suspended");
    assert_eq!(row(&seen, "members", &user().0).unwrap()[1], "Any");
    assert_eq!(
        (state(&ours).as_str(), state(&theirs).as_str()),
        ("S None", "R None")
    );

    for _ in 0..2 {
        assert_eq!(leads_to(&request, "resume").await, "open");
        assert_eq!(
            (state(&ours).as_str(), most_jobs(&lab, &account).as_str()),
            ("R None", "")
        );
    }
    reaches(&waits, "R").await;
    assert_eq!(parts(&request).await.condition.as_deref(), Some("open"));

    assert_eq!(leads_to(&request, "pause").await, "paused");
    assert_eq!(
        (state(&ours).as_str(), state(&waits).as_str()),
        ("S None", "S None")
    );
    terminate(&request).await;
    assert_eq!(state(&theirs), "R None", "a bystander");
    terminate(&other).await;
    assert_eq!(lab.accounts(), Vec::<String>::new());
}

/// Brings an action to a process that dies after so many changes; whether it got that far.
async fn dies_after(changes: u32, request: &ResourceRequest, key: &str) -> bool {
    let wish = wish(request, key, "");
    let run = async |plugin: SlurmPlugin| while !is_done(&plugin.act(&wish, &Silent).await) {};
    tripwire::dies_after(changes, LONG, run).await
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn a_pause_that_dies_anywhere_is_finished_by_the_next_run_and_so_is_its_end() {
    let lab = Lab::find("pdi");
    let request = ResourceRequest {
        members: vec![user().0],
        ..lab.request_of("dies")
    };
    assert!(plugin().provision(&request, &Silent).await.is_ok());
    let whole = lab.tree_of("dies");
    let account = format!("{}_dies_suite_one", lab.prefix);
    let ours = job(&account, &[], 100);
    reaches(&ours, "R").await;
    for changes in 1.. {
        let paused = dies_after(changes, &request, "pause").await;
        assert_eq!(leads_to(&request, "pause").await, "paused");
        assert_eq!(
            (state(&ours).as_str(), most_jobs(&lab, &account).as_str()),
            ("S None", "0")
        );
        let resumed = dies_after(changes, &request, "resume").await;
        assert_eq!(leads_to(&request, "resume").await, "open");
        assert_eq!(
            (state(&ours).as_str(), most_jobs(&lab, &account).as_str()),
            ("R None", "")
        );
        if !paused && !resumed {
            assert_eq!(changes, 3, "the limit and the job are two changes");
            break;
        }
    }
    assert_eq!(lab.tree_of("dies"), whole, "nothing else changed");
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn a_job_is_held_released_and_cancelled() {
    let lab = Lab::find("job");
    let request = allocation(&lab, "one").await;
    let account = lab.account("one");
    let waits = job(&account, &["--begin=now+1hour", "-J", "a|b\n9|x\tc"], 100);
    let array = job(&account, &["--array=1-3%1"], 100);
    let (first, rest) = (format!("{array}_1"), format!("{array}_[2-3%1]"));
    reaches(&first, "R").await;
    let seen = parts(&request).await;
    let cells = row(&seen, "jobs", &waits).unwrap();
    assert_eq!(
        (cells[1].as_str(), cells[3].as_str()),
        ("a|b", "Pending"),
        "{cells:?}"
    );
    assert_eq!(row(&seen, "jobs", &array).unwrap()[0], rest);
    assert_eq!(row(&seen, "jobs", &first).unwrap()[3], "Running");

    for _ in 0..2 {
        assert!(is_done(&act(&request, "hold_job", &waits).await));
        assert_eq!(state(&waits), "PD JobHeldUser");
    }
    for _ in 0..2 {
        assert!(is_done(&act(&request, "release_job", &waits).await));
        assert!(!state(&waits).contains("Held"), "{}", state(&waits));
    }
    output(Command::new("scontrol").args(["hold", &waits]));
    assert!(is_refused(
        &act(&request, "release_job", &waits).await,
        "held by those who run the cluster"
    ));
    assert_eq!(state(&waits), "PD JobHeldAdmin");
    assert!(is_refused(
        &act(&request, "hold_job", &first).await,
        "does not wait"
    ));
    assert!(is_done(&act(&request, "hold_job", &array).await));
    assert!(state(&array).contains("PD JobHeldUser") && state(&first).starts_with('R'));
    assert!(is_done(&act(&request, "cancel_job", &array).await));
    assert!(
        state(&array).starts_with('R') && !state(&array).contains("PD"),
        "what runs of it was not chosen"
    );

    for gone in [&first, &waits] {
        for _ in 0..2 {
            let outcome = act(&request, "cancel_job", gone).await;
            assert!(is_done(&outcome), "{gone}: {outcome:?}");
        }
    }
    eventually("the end of the array", async || {
        state(&array).is_empty().then_some(())
    })
    .await;
    assert!(is_refused(
        &act(&request, "hold_job", &waits).await,
        "not one of this allocation any more"
    ));
    let cells = eventually("the jobs in accounting", async || {
        let seen = parts(&request).await;
        row(&seen, "recent_jobs", &first)?;
        row(&seen, "recent_jobs", &waits)
    })
    .await;
    assert_eq!(
        (cells[1].as_str(), cells[3].as_str()),
        ("a|b", "Cancelled"),
        "{cells:?}"
    );
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn a_job_of_another_allocation_is_not_touched() {
    let lab = Lab::find("for");
    let (ours, theirs) = (allocation(&lab, "one").await, allocation(&lab, "two").await);
    let (runs, waits) = (
        job(&lab.account("two"), &[], 100),
        job(&lab.account("two"), &["--begin=now+1hour"], 100),
    );
    reaches(&runs, "R").await;
    for foreign in [&runs, &waits] {
        for key in ["hold_job", "release_job", "cancel_job"] {
            let outcome = act(&ours, key, foreign).await;
            assert!(
                is_refused(&outcome, "not one of this allocation"),
                "{key}: {outcome:?}"
            );
        }
    }
    assert_eq!(leads_to(&ours, "pause").await, "paused");
    assert_eq!(leads_to(&ours, "resume").await, "open");
    assert_eq!(
        (state(&runs).as_str(), state(&waits).as_str()),
        ("R None", "PD BeginTime")
    );
    for request in [ours, theirs] {
        terminate(&request).await;
    }
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn what_a_user_held_while_it_ran_is_measured_all_the_same() {
    let lab = Lab::find("hld");
    let request = allocation(&lab, "one").await;
    let runs = job(&lab.account("one"), &[], 4);
    reaches(&runs, "R").await;
    let id = user().1;
    output(Command::new("scontrol").args(["uhold", &runs]).uid(id).gid(id));
    let used = eventually("the job's usage", async || {
        let asked = usage_today(request.clone());
        let mut reports = plugin().collect_usage(&[asked]).await.unwrap();
        let report = reports.remove(&request.resource).unwrap().unwrap();
        let hours: Decimal = report.events.iter().map(|event| event.quantity).sum();
        (hours * Decimal::from(3600) >= 3.into()).then_some(hours)
    })
    .await;
    assert!(used < Decimal::ONE, "{used}");
}
