use rust_decimal::Decimal;

use super::*;
use crate::slurm::{CPU_HOURS, GPU_HOURS, settings::ClusterSettings};

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}Z").parse().unwrap()
}

fn window(from: &str, to: &str) -> Window {
    Window {
        start: at(from),
        end: at(to),
    }
}

fn november() -> Window {
    window("2026-11-01T00:00:00", "2026-12-01T00:00:00")
}

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

fn asked(number: u128, account: &str, now: &str, window: Window) -> Asked {
    Asked {
        resource: ResourceId(uuid::Uuid::from_u128(number)),
        settings: settings(),
        account: account.into(),
        window,
        now: at(now),
    }
}

fn read_at(now: &str, text: &str, window: Window) -> Result<UsageReport, PluginError> {
    let asked = asked(1, "acme", now, window);
    read(std::slice::from_ref(&asked), text)?
        .remove(&asked.resource)
        .unwrap()
}

fn read_now(text: &str) -> UsageReport {
    read_at("2026-11-21T12:00:00", text, november()).unwrap()
}

fn sum(report: &UsageReport, component: &str) -> Decimal {
    report
        .events
        .iter()
        .filter(|event| event.component == component)
        .map(|event| event.quantity)
        .sum()
}

const DONE: &str = "3|alice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|6|billing=2,cpu=2,gres/gpu=1,mem=200M,node=1";

#[test]
fn a_recorded_answer_becomes_hours() {
    let text = format!(
        "{DONE}\n2|alice|acme|CANCELLED|None|2026-11-21T07:55:37|0|\n4|bob|acme|PENDING|Unknown|Unknown|0|\n"
    );
    let report = read_now(&text);
    assert_eq!(report.faults, []);
    assert_eq!(sum(&report, CPU_HOURS), "0.003333333".parse().unwrap());
    assert_eq!(sum(&report, GPU_HOURS), "0.001666667".parse().unwrap());
    let cpu = &report.events[0];
    assert_eq!(cpu.key, "slurm/lab/3/1795247882/cpu_hours/2026-11-21");
    assert_eq!(cpu.user.as_deref(), Some("alice"));
}

#[test]
fn a_job_across_midnight_is_split_and_the_days_add_up_to_the_whole() {
    let text = "7|alice|acme|COMPLETED|2026-11-19T23:59:53|2026-11-21T00:00:08|86415|cpu=7";
    let report = read_now(text);
    let days: Vec<String> = report
        .events
        .iter()
        .map(|event| event.window_start.date_naive().to_string())
        .collect();
    assert_eq!(days, ["2026-11-19", "2026-11-20", "2026-11-21"]);
    let whole = (Decimal::from(86415 * 7) / Decimal::from(3600)).round_dp(9);
    assert_eq!(sum(&report, CPU_HOURS), whole);
    assert_eq!(report.events[1].quantity, Decimal::from(168));
    assert!(
        report
            .events
            .iter()
            .all(|event| event.window_end <= next_day(day_start(event.window_start)))
    );
}

#[test]
fn a_running_job_grows_under_the_same_keys() {
    let line = |elapsed: u64| format!("9|alice|acme|RUNNING|2026-11-20T22:00:00|Unknown|{elapsed}|cpu=4");
    let early = read_at("2026-11-20T23:00:00", &line(3600), november()).unwrap();
    let late = read_at("2026-11-21T01:00:00", &line(10800), november()).unwrap();
    assert_eq!((early.events.len(), late.events.len()), (1, 2));
    assert_eq!(early.events[0].key, late.events[0].key);
    assert_eq!(
        (sum(&early, CPU_HOURS), sum(&late, CPU_HOURS)),
        (Decimal::from(4), Decimal::from(12))
    );
}

#[test]
fn a_day_is_reported_whole_wherever_the_window_begins() {
    let text = "7|alice|acme|COMPLETED|2026-11-19T06:00:00|2026-11-21T06:00:00|172800|cpu=1";
    let asked = whole_days(window("2026-11-20T13:37:00", "2026-11-20T14:00:00"));
    let report = read_at("2026-11-21T12:00:00", text, asked).unwrap();
    assert_eq!(report.events.len(), 1);
    assert_eq!(report.events[0].quantity, Decimal::from(24));
}

#[test]
fn suspended_time_is_not_counted() {
    let text = "7|alice|acme|COMPLETED|2026-11-20T12:00:00|2026-11-21T12:00:00|43200|cpu=2";
    let report = read_now(text);
    assert_eq!(sum(&report, CPU_HOURS), Decimal::from(24));
    assert_eq!(report.events.len(), 1, "as if it had run on from its start");
}

#[test]
fn a_job_that_is_suspended_for_a_month_is_billed_for_what_it_ran_whenever_it_was_read() {
    let mut kept: BTreeMap<String, Decimal> = BTreeMap::new();
    // It runs for two days and a half, and is suspended until it ends on the thirtieth.
    for day in 1..=30 {
        let now = format!("2026-11-{day:02}T12:00:00");
        let ran = (day * 86_400 - 43_200).min(216_000);
        let text = match day {
            1..=2 => format!("7|alice|acme|RUNNING|2026-11-01T00:00:00|Unknown|{ran}|cpu=1"),
            30 => format!("7|alice|acme|COMPLETED|2026-11-01T00:00:00|{now}|{ran}|cpu=1"),
            _ => format!("7|alice|acme|SUSPENDED|2026-11-01T00:00:00|Unknown|{ran}|cpu=1"),
        };
        let since = format!("2026-11-{:02}T00:00:00", (day - 2).max(1));
        let report = read_at(&now, &text, window(&since, &now)).unwrap();
        assert_eq!(report.faults, []);
        let before = kept.clone();
        kept.extend(report.events.into_iter().map(|event| (event.key, event.quantity)));
        let hours: Decimal = kept.values().sum();
        assert_eq!(hours, Decimal::from(ran) / Decimal::from(3600), "on day {day}");
        assert!(
            day <= 3 || kept == before,
            "nothing is told anew while it is suspended"
        );
    }
    // It could also go on: that belongs to where it was.
    let went_on = "7|alice|acme|RUNNING|2026-11-01T00:00:00|Unknown|252000|cpu=1";
    let report = read_at(
        "2026-11-30T22:00:00",
        went_on,
        window("2026-11-28T00:00:00", "2026-11-30T22:00:00"),
    )
    .unwrap();
    kept.extend(report.events.into_iter().map(|event| (event.key, event.quantity)));
    assert_eq!(kept.values().sum::<Decimal>(), Decimal::from(70));
}

#[test]
fn each_run_of_a_requeued_job_counts() {
    let text = "7|alice|acme|REQUEUED|2026-11-20T01:00:00|2026-11-20T02:00:00|3600|cpu=1\n\
                7|alice|acme|COMPLETED|2026-11-20T03:00:00|2026-11-20T04:00:00|3600|cpu=1";
    assert_eq!(sum(&read_now(text), CPU_HOURS), Decimal::from(2));
}

#[test]
fn a_line_that_is_repeated_counts_once_and_a_contradiction_is_told() {
    let report = read_now(&format!("{DONE}\n{DONE}\n{}", DONE.replace("cpu=2", "cpu=64")));
    assert_eq!(sum(&report, CPU_HOURS), "0.003333333".parse().unwrap());
    assert_eq!(report.faults.len(), 1);
    assert_eq!(
        (report.faults[0].line, report.faults[0].reason.contains("twice")),
        (3, true)
    );
}

#[test]
fn faulty_lines_are_told_one_by_one_and_good_ones_are_kept() {
    let faulty = [
        "3|alice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|6",
        "three|alice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|6|cpu=2",
        "3|al\u{7}ice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|6|cpu=2",
        "3|alice|other|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|6|cpu=2",
        "3|alice|acme||2026-11-21T07:58:02|2026-11-21T07:58:08|6|cpu=2",
        "3|alice|acme|COMPLETED|2026-02-30T07:58:02|2026-11-21T07:58:08|6|cpu=2",
        "3|alice|acme|COMPLETED|2026-11-21T07:58:02|soon|6|cpu=2",
        "3|alice|acme|COMPLETED|1970-01-01T00:00:00|2026-11-21T07:58:08|6|cpu=2",
        "3|alice|acme|COMPLETED|2031-01-01T00:00:00|2031-01-01T00:00:06|6|cpu=2",
        "3|alice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:01|6|cpu=2",
        "3|alice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|-6|cpu=2",
        "3|alice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|NaN|cpu=2",
        "3|alice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|6000|cpu=2",
        "3|alice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|99999999999999999999999|cpu=2",
        "3|alice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|6|cpu=-2",
        "3|alice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|6|cpu=1e9",
        "3|alice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|6|cpu=4000000000",
        "3|alice|acme|COMPLETED|2026-11-21T07:58:02|2026-11-21T07:58:08|6|",
        "3|alice|acme|COMPLETED|None|2026-11-21T07:58:08|6|cpu=2",
    ];
    let report = read_now(&format!("{}\n{DONE}\n", faulty.join("\n")));
    let lines: Vec<usize> = report.faults.iter().map(|fault| fault.line).collect();
    assert_eq!(
        lines,
        (1..=faulty.len()).collect::<Vec<_>>(),
        "{:#?}",
        report.faults
    );
    assert!(report.faults.iter().all(|fault| !fault.text.contains('\u{7}')));
    assert_eq!(sum(&report, CPU_HOURS), "0.003333333".parse().unwrap());
}

#[test]
fn an_answer_that_is_no_accounting_at_all_records_nothing() {
    for text in [
        "<html><body>502</body></html>",
        "Segmentation fault\n",
        "\u{fffd}\u{fffd}|\u{fffd}",
        "a|b|c|d|e|f|g|h\n",
    ] {
        assert!(
            matches!(
                read_at("2026-11-21T12:00:00", text, november()),
                Err(PluginError::Retry { .. })
            ),
            "{text}"
        );
    }
    assert_eq!(read_now(""), UsageReport::default());
}

#[test]
fn one_answer_serves_all_accounts_each_with_its_own_lines_and_window() {
    let now = "2026-11-21T12:00:00";
    let others = DONE.replace("|acme|", "|other|").replace("3|alice", "4|bob");
    let earlier = others
        .replace("2026-11-21", "2026-11-10")
        .replace("4|bob", "5|bob");
    let text = format!("{DONE}\n{others}\n{earlier}\nnonsense\n");
    let all = [
        asked(1, "acme", now, november()),
        asked(
            2,
            "other",
            now,
            window("2026-11-20T00:00:00", "2026-11-22T00:00:00"),
        ),
        asked(3, "idle", now, november()),
    ];
    let reports = read(&all, &text).unwrap();
    let jobs = |number: usize| {
        let report = reports[&all[number].resource].as_ref().unwrap();
        let keys = report
            .events
            .iter()
            .map(|event| event.key.split('/').nth(2).unwrap());
        let jobs: BTreeSet<&str> = keys.collect();
        (
            jobs,
            report.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(),
        )
    };
    assert_eq!(jobs(0), (BTreeSet::from(["3"]), vec![4]));
    assert_eq!(
        jobs(1),
        (BTreeSet::from(["4"]), vec![4]),
        "job 5 is older than was asked"
    );
    assert_eq!(jobs(2), (BTreeSet::new(), vec![4]));
}
