//! The SLURM plugin against programs that fail in every way real ones have: down, forbidden, garbled, silent, lying, endless.
//! What SLURM does when it works is tested on a real one, in `slurm_real.rs`.

#![expect(clippy::panic, reason = "what is not as it must be fails the test")]

#[path = "support/programs.rs"]
mod programs;

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use plugins::{
    Outcome, Plugin, PluginError, ResourceRequest, Settings, Silent, UsageReport, UsageRequest,
    contract::Fixture,
};
use programs::Programs;
use serde_json::json;

/// Answers as a cluster `lab` that has nothing but `root`, and writes down how it was called.
const EMPTY_CLUSTER: &str = r#"
{ printf '%s' "${0##*/}"; for arg in "$@"; do printf ' <%s>' "$arg"; done; echo; } >> "$here/calls"
case "$*" in
*"show cluster"*) echo lab ;;
*"show account"*) echo "root|default root account" ;;
*"show assoc"*) echo "root|||||||" ;;
*"-i add"*) echo " Adding" ;;
esac
"#;

/// Longer than any of the scripts takes, also on a busy machine.
const LONG: Duration = Duration::from_secs(30);

fn request() -> ResourceRequest {
    let settings = Settings::new(json!({ "cluster": "lab" }), BTreeMap::new());
    ResourceRequest {
        settings,
        ..Fixture::plain().request
    }
}

fn usage() -> UsageRequest {
    let Fixture { window, now, .. } = Fixture::plain();
    UsageRequest {
        resource: request(),
        window,
        now,
    }
}

/// What a script wrote into a file beside it.
fn read(programs: &Programs, file: &str) -> String {
    std::fs::read_to_string(programs.file(file)).unwrap_or_default()
}

async fn provision(programs: &Programs) -> Result<Outcome, PluginError> {
    programs.plugin(LONG).provision(&request(), &Silent).await
}

/// What one resource used, or why that is not known: of the whole reading or of this one.
async fn collected(plugin: &impl Plugin, asked: UsageRequest) -> Result<UsageReport, PluginError> {
    let id = asked.resource.resource;
    let mut reports = plugin.collect_usage(&[asked]).await?;
    reports
        .remove(&id)
        .unwrap_or_else(|| panic!("{id} was asked for and is not reported"))
}

/// Every verb's answer, with the verb's name.
async fn every_verb(programs: &Programs) -> Vec<(&'static str, Option<PluginError>)> {
    let (plugin, request, usage) = (programs.plugin(LONG), request(), usage());
    vec![
        ("provision", plugin.provision(&request, &Silent).await.err()),
        (
            "change_limits",
            plugin.change_limits(&request, &Silent).await.err(),
        ),
        ("terminate", plugin.terminate(&request, &Silent).await.err()),
        ("sync_members", plugin.sync_members(&request).await.err()),
        ("collect_usage", collected(&plugin, usage).await.err()),
        ("inspect", plugin.inspect(&request.settings).await.err()),
        (
            "test_connection",
            plugin.test_connection(&request.settings).await.err(),
        ),
    ]
}

fn orders(programs: &Programs) -> Vec<String> {
    read(programs, "calls")
        .lines()
        .filter(|call| call.contains("<-i>"))
        .map(ToOwned::to_owned)
        .collect()
}

#[tokio::test]
async fn while_slurm_is_down_every_verb_may_be_tried_again() {
    let programs = Programs::all(
        "echo 'sacctmgr: error: slurm_persist_conn_open_without_init: failed to open persistent connection to \
         host:localhost:6819: Connection refused' >&2; exit 1",
    );
    for (verb, error) in every_verb(&programs).await {
        let error = error.unwrap_or_else(|| panic!("{verb} succeeded"));
        assert!(matches!(error, PluginError::Retry { .. }), "{verb}: {error:?}");
        assert!(error.to_string().contains("cannot be reached"), "{verb}: {error}");
    }
}

#[tokio::test]
async fn missing_rights_are_the_operators_to_give() {
    let script = format!(
        "{EMPTY_CLUSTER}\ncase \"$*\" in *'-i add'*) echo ' Access/permission denied' >&2; exit 1;; esac"
    );
    let error = provision(&Programs::all(&script)).await.unwrap_err();
    assert!(
        matches!(&error, PluginError::NeedsOperator { reason } if reason.contains("administer")),
        "{error:?}"
    );
}

#[tokio::test]
async fn garbage_from_sacctmgr_changes_nothing() {
    for garbage in [
        "<html>502</html>",
        "stoa_contract_suite|a|b|c|d",
        "\\377\\376|\\000",
    ] {
        let script =
            format!("{EMPTY_CLUSTER}\ncase \"$*\" in *'show cluster'*) ;; *) printf '{garbage}\\n' ;; esac");
        let programs = Programs::all(&script);
        let error = provision(&programs).await.unwrap_err();
        assert!(
            matches!(error, PluginError::Retry { .. }) && error.to_string().contains("cannot be understood"),
            "{garbage}: {error:?}"
        );
        assert_eq!(orders(&programs), Vec::<String>::new(), "{garbage}");
    }
}

#[tokio::test]
async fn garbage_from_accounting_records_nothing_and_is_tried_again() {
    let programs = Programs::all(EMPTY_CLUSTER);
    programs.put("sacct", "head -c 5000 /dev/zero | tr '\\0' 'x'");
    let error = collected(&programs.plugin(LONG), usage()).await.unwrap_err();
    assert!(matches!(error, PluginError::Retry { .. }), "{error:?}");
    assert!(error.to_string().len() < 500, "the garbage is quoted whole");
}

#[tokio::test]
async fn an_unknown_cluster_is_not_mistaken_for_an_idle_one() {
    let programs = Programs::all("exit 0");
    for (verb, error) in every_verb(&programs).await {
        if verb == "test_connection" {
            assert_eq!(error, None, "the report tells it");
            continue;
        }
        assert!(
            matches!(error, Some(PluginError::NeedsOperator { .. })),
            "{verb}: {error:?}"
        );
    }
    let report = programs
        .plugin(LONG)
        .test_connection(&request().settings)
        .await
        .unwrap();
    assert!(
        !report.is_ok() && report.findings[0].text.contains("no cluster named"),
        "{report:?}"
    );
}

#[tokio::test]
async fn a_command_that_hangs_is_killed_in_time() {
    let programs = Programs::all("echo $$ > \"$here/pid\"; exec sleep 600");
    let started = Instant::now();
    let plugin = programs.plugin(Duration::from_millis(300));
    let error = plugin.provision(&request(), &Silent).await.unwrap_err();
    assert!(
        matches!(error, PluginError::Retry { .. }) && error.to_string().contains("did not answer"),
        "{error:?}"
    );
    assert!(started.elapsed() < Duration::from_secs(10));
    wait_for_death(read(&programs, "pid").trim()).await;
}

async fn wait_for_death(pid: &str) {
    let status = format!("/proc/{pid}/status");
    for _ in 0..500 {
        match std::fs::read_to_string(&status) {
            Ok(text) if !text.contains("\nState:\tZ") => tokio::time::sleep(Duration::from_millis(10)).await,
            _ => return,
        }
    }
    panic!("process {pid} still lives: {}", Path::new(&status).exists());
}

#[tokio::test]
async fn endless_output_is_cut_off() {
    let programs = Programs::all(EMPTY_CLUSTER);
    programs.put("sacct", "exec yes '3|alice|x'");
    let error = collected(&programs.plugin(LONG), usage()).await.unwrap_err();
    assert!(
        matches!(&error, PluginError::NeedsOperator { reason } if reason.contains("far more")),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named() {
    let programs = Programs::all("exit 0");
    std::fs::remove_file(programs.file("sacctmgr")).unwrap();
    let error = provision(&programs).await.unwrap_err();
    assert!(
        matches!(&error, PluginError::NeedsOperator { reason } if reason.contains("sacctmgr")),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_cluster_that_says_yes_and_does_nothing_is_not_believed() {
    let programs = Programs::all(EMPTY_CLUSTER);
    let error = provision(&programs).await.unwrap_err();
    assert!(
        matches!(error, PluginError::Retry { .. }) && error.to_string().contains("does not show"),
        "{error:?}"
    );
    assert_eq!(
        orders(&programs).len(),
        4,
        "one for each account, one for the members"
    );
}

#[tokio::test]
async fn commands_see_nothing_of_the_servers_environment() {
    let programs = Programs::all("env > \"$here/env\"; echo lab");
    provision(&programs).await.unwrap_err();
    let seen = read(&programs, "env");
    let names: Vec<&str> = seen.lines().filter_map(|line| line.split('=').next()).collect();
    assert!(seen.contains("LC_ALL=C\n") && seen.contains("TZ=UTC\n"), "{seen}");
    // The shell that runs the script adds PWD and the like; what must not be there are the server's own.
    let ours = [
        "PATH",
        "LC_ALL",
        "TZ",
        "SLURM_TIME_FORMAT",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "_",
    ];
    assert!(names.iter().all(|name| ours.contains(name)), "{names:?}");
}

#[tokio::test]
async fn names_reach_the_command_line_in_one_piece_each() {
    let programs = Programs::all(EMPTY_CLUSTER);
    let mut request = request();
    request.names.organization = "$(touch /tmp/x); rm -rf / 'ü'".to_owned();
    programs
        .plugin(LONG)
        .provision(&request, &Silent)
        .await
        .unwrap_err();
    let orders = orders(&programs);
    assert!(!orders.is_empty());
    for order in orders {
        let name = order
            .split("<name=")
            .nth(1)
            .and_then(|rest| rest.split('>').next())
            .unwrap();
        assert!(
            name.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn bad_user_names_are_told_before_anything_is_made() {
    let programs = Programs::all(EMPTY_CLUSTER);
    for name in ["root", "Alice Smith", "a,b", "-u"] {
        let request = ResourceRequest {
            members: vec!["alice".into(), name.into()],
            ..request()
        };
        let error = programs
            .plugin(LONG)
            .provision(&request, &Silent)
            .await
            .unwrap_err();
        assert!(
            matches!(&error, PluginError::NeedsOperator { reason } if reason.contains(name)),
            "{error:?}"
        );
    }
    assert_eq!(read(&programs, "calls"), "");
}

/// Answers as a cluster `lab` that has the account of the request and keeps the limits that are set; `$here/config` is its
/// configuration.
fn living_account() -> String {
    let mark = format!("stoa:resource:{}", request().resource.0.as_hyphenated());
    format!(
        r#"
{{ printf '%s' "${{0##*/}}"; for arg in "$@"; do printf ' <%s>' "$arg"; done; echo; }} >> "$here/calls"
case "$*" in
*"show cluster"*) echo lab ;;
*"show config"*) cat "$here/config" ;;
*"show account"*) echo "stoa_contract_suite_one|{mark}" ;;
*"show assoc"*) echo "stoa_contract_suite_one||stoa_contract_suite||$(cat "$here/minutes" 2>/dev/null)|||" ;;
*"-i modify account"*) echo "$*" | sed 's/.*GrpTRESMins=//' > "$here/minutes" ;;
esac
"#
    )
}

/// What the account is limited to once ten hours are held for the period, and 40 were used before it.
async fn limited_to(config: &str) -> (String, Vec<String>) {
    let programs = Programs::all(&living_account());
    assert!(std::fs::write(programs.file("config"), config).is_ok());
    let request = ResourceRequest {
        used_before: [("cpu_hours".to_owned(), 40.into())].into(),
        ..request()
    };
    let outcome = programs.plugin(LONG).change_terms(&request, &Silent).await;
    assert!(matches!(outcome, Ok(Outcome::Ready { .. })), "{outcome:?}");
    (read(&programs, "minutes").trim().to_owned(), orders(&programs))
}

#[tokio::test]
async fn what_was_used_before_a_period_is_let_be_used_on_top_of_its_limit() {
    let kept = "PriorityDecayHalfLife   = 00:00:00\nPriorityUsageResetPeriod = NONE\n";
    let (minutes, orders) = limited_to(kept).await;
    assert_eq!(minutes, "cpu=3000");
    let set = "sacctmgr <-i> <modify> <account> <where> <name=stoa_contract_suite_one> <cluster=lab> <set> \
               <GrpTRESMins=cpu=3000>";
    assert_eq!(orders, [set]);
}

#[tokio::test]
async fn a_cluster_that_forgets_use_by_itself_gets_the_limit_of_the_period() {
    let decays = "PriorityDecayHalfLife   = 7-00:00:00\nPriorityUsageResetPeriod = NONE\n";
    assert_eq!(limited_to(decays).await.0, "cpu=600");
    let resets = "PriorityDecayHalfLife   = 00:00:00\nPriorityUsageResetPeriod = MONTHLY\n";
    assert_eq!(limited_to(resets).await.0, "cpu=600");
}

#[tokio::test]
async fn a_test_of_the_connection_says_where_use_is_forgotten() {
    let programs = Programs::all(&living_account());
    let forgets = async |config: &str| {
        assert!(std::fs::write(programs.file("config"), config).is_ok());
        let report = programs.plugin(LONG).test_connection(&request().settings).await;
        let findings = report.map(|report| report.findings).unwrap_or_default();
        let found = findings
            .iter()
            .find(|found| found.label == "Enforcement of limits");
        found.is_some_and(|found| found.text.contains("forgets use"))
    };
    let held = "AccountingStorageEnforce = associations,limits\nPriorityType = priority/multifactor\n";
    assert!(!forgets(held).await);
    assert!(forgets(&format!("{held}PriorityDecayHalfLife = 7-00:00:00\n")).await);
}

#[tokio::test]
async fn a_test_of_the_connection_only_asks() {
    let programs = Programs::all(EMPTY_CLUSTER);
    let report = programs
        .plugin(LONG)
        .test_connection(&request().settings)
        .await
        .unwrap();
    assert!(
        report.findings.iter().any(|one| one.label == "Rights" && one.ok),
        "{report:?}"
    );
    let calls = read(&programs, "calls");
    for call in calls.lines() {
        let asks = ["<show>", "<ping>"].iter().any(|word| call.contains(word));
        assert!(asks && !call.contains("<-i>"), "{call}");
    }
    assert!(calls.contains("<show> <problem>"), "{calls}");
}

#[tokio::test]
async fn a_test_of_the_connection_finds_missing_rights_without_changing_anything() {
    let script = format!(
        "{EMPTY_CLUSTER}\ncase \"$*\" in *'show problem'*) echo ' Error with request: Access/permission denied' >&2; exit 1;; esac"
    );
    let programs = Programs::all(&script);
    let report = programs
        .plugin(LONG)
        .test_connection(&request().settings)
        .await
        .unwrap();
    let rights = report.findings.iter().find(|one| one.label == "Rights").unwrap();
    assert!(!rights.ok && rights.text.contains("administer"), "{rights:?}");
    assert_eq!(orders(&programs), Vec::<String>::new());
}
