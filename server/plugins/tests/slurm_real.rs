//! The SLURM plugin against a real SLURM.
//!
//! These tests are marked `ignored`, so that a plain `cargo test` says that it left them out. `cargo xtask test` starts a
//! laboratory and runs them; by hand: `cargo xtask slurm up`, then `cargo test -p plugins --test slurm_real -- --ignored`. Where they run
//! and no SLURM answers, they fail.

#![expect(clippy::panic, reason = "what is not as it must be fails the test")]

#[path = "support/lab.rs"]
mod lab;
#[path = "support/programs.rs"]
mod programs;
#[path = "support/tripwire.rs"]
mod tripwire;

use std::{process::Command, time::Duration};

use lab::{Lab, eventually, output, sacctmgr, submit, usage_today, user};
use plugins::{
    Limits, Outcome, Plugin, PluginError, ResourceRequest, Silent, Verb,
    contract::{self, Fixture},
    slurm::{CPU_HOURS, GPU_HOURS, SlurmHost, SlurmPlugin},
};
use programs::Programs;
use rust_decimal::Decimal;
use serde_json::json;

/// Longer than any command takes.
const LONG: Duration = Duration::from_secs(30);

fn plugin() -> SlurmPlugin {
    SlurmPlugin::new(SlurmHost::default())
}

fn limits(cpu: u32, gpu: u32) -> Limits {
    Limits::from([
        (CPU_HOURS.to_owned(), cpu.into()),
        (GPU_HOURS.to_owned(), gpu.into()),
    ])
}

fn is_ready(outcome: &Result<Outcome, PluginError>) -> bool {
    matches!(outcome, Ok(Outcome::Ready { .. }))
}

/// Terminates and polls until nothing is left.
async fn terminate(plugin: &SlurmPlugin, request: &ResourceRequest) {
    eventually("the end of the account", async || {
        match plugin.terminate(request, &Silent).await {
            Ok(Outcome::Gone) => Some(()),
            Ok(Outcome::Pending { .. }) | Err(PluginError::Retry { .. }) => None,
            other => panic!("{other:?}"),
        }
    })
    .await;
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn it_keeps_the_contract() {
    let lab = Lab::find("con");
    let fixture = Fixture {
        request: lab.request("one"),
        other_limits: limits(25, 2),
        other_members: vec![lab.user_name("ben"), lab.user_name("eve")],
        ..Fixture::plain()
    };
    contract::run(&plugin(), &fixture).await.unwrap();
    assert_eq!(lab.accounts(), Vec::<String>::new());
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn an_allocation_lives_from_order_to_end() {
    let lab = Lab::find("life");
    let (name, id) = user();
    let mut request = lab.request("one");
    request.limits = limits(10, 3);
    request.members = vec![name.clone(), lab.user_name("ben")];
    let plugin = plugin();
    assert!(is_ready(&plugin.provision(&request, &Silent).await));
    let mut expected = [
        "P_contract_suite_one||P_contract_suite|cpu=600,gres/gpu=180|".to_owned(),
        "P_contract_suite_one|P_ben|||".to_owned(),
        format!("P_contract_suite_one|{name}|||"),
        "P_contract_suite||P_contract||".to_owned(),
        "P_contract||root||".to_owned(),
    ];
    expected.sort_unstable();
    assert_eq!(lab.tree(), expected);

    let account = lab.account("one");
    let said = submit(id, &account, &["-n", "2"], 3);
    assert!(said.contains("Submitted"), "{said}");
    let (least, most) = (Decimal::from(2 * 3), Decimal::from(2 * 30));
    let seconds = |report: &plugins::UsageReport| {
        report.events.iter().map(|event| event.quantity).sum::<Decimal>() * Decimal::from(3600)
    };
    let used = eventually("the job's usage", async || {
        let asked = usage_today(request.clone());
        let mut reports = plugin.collect_usage(&[asked]).await.unwrap();
        let report = reports.remove(&request.resource).unwrap().unwrap();
        assert_eq!(report.faults, []);
        // All that it ran is there, to a second of each of its two processors.
        (seconds(&report) >= least - Decimal::TWO).then_some(report)
    })
    .await;
    assert!(seconds(&used) <= most, "{used:?}");
    assert!(
        used.events
            .iter()
            .all(|event| event.component == CPU_HOURS && event.user.as_deref() == Some(&name))
    );

    request.limits = limits(20, 0);
    assert!(is_ready(&plugin.change_limits(&request, &Silent).await));
    assert!(
        lab.tree()
            .contains(&"P_contract_suite_one||P_contract_suite|cpu=1200,gres/gpu=0|".to_owned())
    );
    request.limits.remove(GPU_HOURS);
    assert!(is_ready(&plugin.change_limits(&request, &Silent).await));
    assert!(
        lab.tree()
            .contains(&"P_contract_suite_one||P_contract_suite|cpu=1200|".to_owned())
    );

    let said = submit(id, &account, &["--begin=now+1hour"], 1) + &submit(id, &account, &[], 60);
    assert_eq!(said.matches("Submitted").count(), 2, "{said}");

    let first = plugin.terminate(&request, &Silent).await;
    assert!(
        matches!(
            first,
            Ok(Outcome::Pending {
                poll_after: Some(_),
                ..
            })
        ),
        "{first:?}"
    );
    assert!(
        submit(id, &account, &[], 1).contains("AssocMaxSubmitJobLimit"),
        "a closed account takes no jobs"
    );
    terminate(&plugin, &request).await;
    assert_eq!((lab.tree(), lab.accounts()), (Vec::new(), Vec::new()));
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn the_projects_account_stays_while_another_resource_is_in_it() {
    let lab = Lab::find("two");
    let (one, two) = (lab.request("one"), lab.request("two"));
    let plugin = plugin();
    assert!(is_ready(&plugin.provision(&one, &Silent).await));
    assert!(is_ready(&plugin.provision(&two, &Silent).await));
    terminate(&plugin, &one).await;
    let left = ["P_contract", "P_contract_suite", "P_contract_suite_two"];
    assert_eq!(lab.accounts(), left);
    assert!(is_ready(&plugin.change_limits(&two, &Silent).await));
    terminate(&plugin, &two).await;
    assert_eq!(lab.accounts(), Vec::<String>::new());
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn what_was_used_before_a_period_comes_on_top_of_its_limit() {
    let lab = Lab::find("per");
    let mut request = lab.request("one");
    request.limits = limits(10, 3);
    let plugin = plugin();
    assert!(is_ready(&plugin.provision(&request, &Silent).await));
    request.used_before = Limits::from([(CPU_HOURS.to_owned(), 5.into())]);
    assert!(is_ready(&plugin.change_terms(&request, &Silent).await));
    let limited = "P_contract_suite_one||P_contract_suite|cpu=900,gres/gpu=180|".to_owned();
    assert!(lab.tree().contains(&limited), "{:?}", lab.tree());
    terminate(&plugin, &request).await;
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn many_at_once_make_one_account() {
    let lab = Lab::find("race");
    let request = lab.request("one");
    let plugin = plugin();
    let outcomes = futures::future::join_all((0..4).map(|_| plugin.provision(&request, &Silent))).await;
    for outcome in outcomes {
        assert!(
            matches!(&outcome, Ok(Outcome::Ready { backend_id, .. }) if *backend_id == lab.account("one")),
            "{outcome:?}"
        );
    }
    assert_eq!(lab.tree().len(), 5, "{:?}", lab.tree());
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn an_account_that_is_not_ours_is_neither_taken_nor_removed() {
    let lab = Lab::find("own");
    let foreign = format!("name={}_contract", lab.prefix);
    let cluster = format!("cluster={}", lab.cluster);
    sacctmgr(&[
        "-i",
        "add",
        "account",
        &foreign,
        &cluster,
        "description=by hand",
        "organization=site",
    ]);
    let request = lab.request("one");
    let error = plugin().provision(&request, &Silent).await.unwrap_err();
    assert!(
        matches!(&error, PluginError::NeedsOperator { reason } if reason.contains("was not made")),
        "{error:?}"
    );
    terminate(&plugin(), &request).await;
    assert_eq!(lab.tree(), ["P_contract||root||"]);
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn a_member_who_leaves_keeps_a_default_account() {
    let lab = Lab::find("mem");
    let (mut one, two) = (lab.request("one"), lab.request("two"));
    let plugin = plugin();
    assert!(is_ready(&plugin.provision(&one, &Silent).await));
    assert!(is_ready(&plugin.provision(&two, &Silent).await));
    one.members = vec![lab.user_name("ben")];
    assert!(is_ready(&plugin.sync_members(&one).await));
    let ann = format!("name={}", lab.user_name("ann"));
    let default = sacctmgr(&["show", "user", "where", &ann, "format=defaultaccount"]);
    assert_eq!(default.trim(), lab.account("two"));
    let members: Vec<String> = lab
        .tree()
        .into_iter()
        .filter(|line| line.contains("_one|P_"))
        .collect();
    assert_eq!(members, ["P_contract_suite_one|P_ben|||"]);
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn who_has_another_allocation_leaves_together_with_who_has_none() {
    let lab = Lab::find("mix");
    let (mut one, mut two) = (lab.request("one"), lab.request("two"));
    two.members = vec![lab.user_name("ann")];
    let plugin = plugin();
    assert!(is_ready(&plugin.provision(&one, &Silent).await));
    assert!(is_ready(&plugin.provision(&two, &Silent).await));
    let members = std::mem::take(&mut one.members);
    assert!(is_ready(&plugin.sync_members(&one).await));
    assert!(!lab.tree().iter().any(|line| line.contains("_one|P_")));
    one.members = members;
    assert!(is_ready(&plugin.sync_members(&one).await));
    terminate(&plugin, &one).await;
    let left = ["P_contract", "P_contract_suite", "P_contract_suite_two"];
    assert_eq!(lab.accounts(), left);
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn a_former_members_jobs_are_cancelled_before_access_ends() {
    let lab = Lab::find("fmr");
    let (name, id) = user();
    let mut request = lab.request("one");
    request.members = vec![name.clone(), lab.user_name("ben")];
    let plugin = plugin();
    assert!(is_ready(&plugin.provision(&request, &Silent).await));
    let said = submit(id, &lab.account("one"), &[], 60);
    assert!(said.contains("Submitted"), "{said}");
    request.members = vec![lab.user_name("ben")];
    // SLURM takes a moment to end the job, more or less: until then the plugin asks to be called again.
    eventually("the member's removal", async || {
        match plugin.sync_members(&request).await {
            Ok(Outcome::Ready { .. }) => Some(()),
            Err(PluginError::Retry { .. }) => {
                let has_access = lab.tree().iter().any(|line| line.contains(&name));
                assert!(has_access, "access ends after the jobs");
                None
            }
            other => panic!("{other:?}"),
        }
    })
    .await;
    let job = said.trim().rsplit(' ').next().unwrap();
    eventually("the cancelled job in accounting", async || {
        let state = output(Command::new("sacct").args(["-n", "-X", "-P", "-o", "state", "-j", job]));
        state.starts_with("CANCELLED").then_some(())
    })
    .await;
    assert!(
        !lab.tree().iter().any(|line| line.contains(&name)),
        "{:?}",
        lab.tree()
    );
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn settings_that_name_what_is_not_there_are_told_by_the_test_and_by_orders() {
    let lab = Lab::find("set");
    let plugin = plugin();
    let report = plugin.test_connection(&lab.settings()).await.unwrap();
    assert!(report.is_ok(), "{report:#?}");
    let wrong = json!({ "parent_account": "nosuch", "default_qos": "nosuch", "partition": "nosuch" });
    let report = plugin.test_connection(&lab.settings_with(wrong)).await.unwrap();
    let bad: Vec<&str> = report
        .findings
        .iter()
        .filter(|f| !f.ok)
        .map(|f| f.label.as_str())
        .collect();
    assert_eq!(bad, ["Parent account", "Default QOS", "Partition"]);
    for (key, value) in [
        ("parent_account", "nosuch"),
        ("default_qos", "nosuch"),
        ("cluster", "nosuch"),
    ] {
        let settings = lab.settings_with(json!({ key: value }));
        let request = ResourceRequest {
            settings,
            ..lab.request("one")
        };
        let error = plugin.provision(&request, &Silent).await.unwrap_err();
        assert!(
            matches!(error, PluginError::NeedsOperator { .. }),
            "{key}: {error:?}"
        );
    }
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn a_portal_without_rights_is_told_so() {
    let lab = Lab::find("rgt");
    let (_, id) = user();
    let script = format!("exec setpriv --reuid {id} --regid {id} --clear-groups \"${{0##*/}}\" \"$@\"");
    let programs = Programs::all(&script);
    let plugin = programs.plugin(LONG);
    let report = plugin.test_connection(&lab.settings()).await.unwrap();
    let bad: Vec<&str> = report
        .findings
        .iter()
        .filter(|f| !f.ok)
        .map(|f| f.label.as_str())
        .collect();
    assert_eq!(bad, ["Rights"]);
    let error = plugin.provision(&lab.request("one"), &Silent).await.unwrap_err();
    assert!(
        matches!(&error, PluginError::NeedsOperator { reason } if reason.contains("administer")),
        "{error:?}"
    );
    assert_eq!(lab.accounts(), Vec::<String>::new());
}

/// Runs a verb in a process that dies after so many changes; whether it got that far.
async fn dies_after(changes: u32, verb: Verb, request: &ResourceRequest) -> bool {
    let run = async |plugin: SlurmPlugin| {
        while let Ok(Outcome::Pending { .. }) | Err(_) = plugin.poll(verb, request, &Silent).await {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tripwire::dies_after(changes, LONG, run).await
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn provisioning_that_dies_anywhere_is_finished_by_the_next_run() {
    let lab = Lab::find("die");
    let plugin = plugin();
    let untouched = lab.request_of("whole");
    assert!(is_ready(&plugin.provision(&untouched, &Silent).await));
    let whole = lab.tree_of("whole");
    assert_eq!(whole.len(), 5, "{whole:?}");
    for changes in 1.. {
        let organization = format!("after{changes}");
        let request = lab.request_of(&organization);
        if !dies_after(changes, Verb::Provision, &request).await {
            assert_eq!(changes, 5, "three accounts and the members are four changes");
            break;
        }
        let outcome = plugin.provision(&request, &Silent).await;
        assert!(is_ready(&outcome), "after {changes}: {outcome:?}");
        assert_eq!(lab.tree_of(&organization), whole, "after {changes}");
    }
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn a_termination_that_dies_anywhere_is_finished_by_the_next_run() {
    let lab = Lab::find("end");
    let (name, id) = user();
    let plugin = plugin();
    for changes in 1.. {
        let organization = format!("after{changes}");
        let request = ResourceRequest {
            members: vec![name.clone()],
            ..lab.request_of(&organization)
        };
        assert!(
            is_ready(&plugin.provision(&request, &Silent).await),
            "after {changes}"
        );
        let account = format!("{}_{organization}_suite_one", lab.prefix);
        let said = submit(id, &account, &["--begin=now+1hour"], 1);
        assert!(said.contains("Submitted"), "{said}");
        let died = dies_after(changes, Verb::Terminate, &request).await;
        terminate(&plugin, &request).await;
        assert_eq!(
            (lab.tree(), lab.accounts()),
            (Vec::new(), Vec::new()),
            "after {changes}"
        );
        if !died {
            assert_eq!(
                changes, 5,
                "closing, cancelling, the account and those above it are four changes"
            );
            break;
        }
    }
}

#[tokio::test]
#[ignore = "needs a real SLURM: `cargo xtask test` brings one up"]
async fn a_slurm_that_is_unreachable_is_tried_again() {
    let lab = Lab::find("off");
    let programs = Programs::all("exit 0");
    let conf = std::fs::read_to_string("/etc/slurm/slurm.conf").unwrap();
    // Later lines win; nothing listens on these ports.
    std::fs::write(
        programs.file("slurm.conf"),
        format!("{conf}\nAccountingStoragePort=9\nSlurmctldPort=9\n"),
    )
    .unwrap();
    let host = SlurmHost {
        conf: Some(programs.file("slurm.conf")),
        ..SlurmHost::default()
    };
    let error = SlurmPlugin::new(host)
        .provision(&lab.request("one"), &Silent)
        .await
        .unwrap_err();
    assert!(
        matches!(error, PluginError::Retry { .. }) && error.to_string().contains("cannot be reached"),
        "{error:?}"
    );
}
