//! What SLURM's programs print, through everything the plugin asks of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};
use futures::executor::block_on;
use model::Fixed;
use plugins::{
    ActionRequest, BackendNames, Plugin, PluginError, ResourceRequest, Settings, Silent, UsageReport,
    UsageRequest, Window,
    slurm::{RecordedAnswer, SlurmPlugin},
};
use rust_decimal::Decimal;
use serde_json::json;

/// What is said to people is no longer: programs can print anything.
const LONGEST_REASON: usize = 1_000;

/// The first byte says what the plugin is asked for; the rest are the answers of the programs that it calls, apart by NUL. Of
/// a program that fails the answer begins with `!`.
///
/// # Panics
/// Where use is told that no column can hold or that nobody asked for, or where a message has no end.
pub fn slurm(bytes: &[u8]) {
    let Some((asked, answers)) = bytes.split_first() else {
        return;
    };
    let plugin = SlurmPlugin::answering(answers.split(|byte| *byte == 0).map(answer).collect());
    let request = request();
    // What came later has bytes of its own, so that what was found before is asked as it was.
    let outcome = match (*asked >= ACTIONS, asked % 7) {
        (true, 6) => return parts(&plugin, &request),
        (true, kind) => block_on(plugin.act(&wish(request, usize::from(kind)), &Silent)).map(drop),
        (false, kind) => match kind {
            0 => return usage(&plugin, request),
            1 => block_on(plugin.inspect(&request.settings)).map(|found| {
                for object in found.objects.values() {
                    assert!(object.limits.values().all(|limit| *limit >= Decimal::ZERO));
                }
            }),
            2 => block_on(plugin.provision(&request, &Silent)).map(drop),
            3 => block_on(plugin.change_limits(&request, &Silent)).map(drop),
            4 => block_on(plugin.terminate(&request, &Silent)).map(drop),
            5 => block_on(plugin.sync_members(&request)).map(drop),
            _ => block_on(plugin.test_connection(&request.settings)).map(|report| {
                for finding in report.findings {
                    is_shown(&finding.text);
                }
            }),
        },
    };
    if let Err(error) = outcome {
        refused(&error);
    }
}

/// From this byte on the plugin is asked for an action, or for the parts of the resource.
const ACTIONS: u8 = 240;

fn wish(resource: ResourceRequest, kind: usize) -> ActionRequest {
    let keys = ["pause", "resume", "hold_job", "release_job", "cancel_job"];
    ActionRequest {
        id: model::ActionId(uuid::Uuid::nil()),
        resource,
        key: keys.get(kind).copied().unwrap_or("unknown").to_owned(),
        input: json!({ "job": "12" }),
        condition: "open".to_owned(),
    }
}

fn parts(plugin: &SlurmPlugin, request: &ResourceRequest) {
    match block_on(plugin.parts(request, "open")) {
        Err(error) => refused(&error),
        Ok(parts) => {
            let known = plugin.conditions();
            let condition = parts.condition.as_ref();
            assert!(condition.is_none_or(|code| known.iter().any(|one| one.code == *code)));
            for table in parts.tables {
                assert!(table.rows.len() <= model::MOST_INVENTORY_ROWS, "{}", table.code);
                for row in table.rows {
                    assert_eq!(row.cells.len(), table.columns.len(), "{}", table.code);
                }
            }
        }
    }
}

fn answer(bytes: &[u8]) -> RecordedAnswer {
    let failed = bytes.strip_prefix(b"!");
    RecordedAnswer {
        success: failed.is_none(),
        text: failed.unwrap_or(bytes).to_owned(),
    }
}

fn request() -> ResourceRequest {
    let settings = json!({ "cluster": "lab", "default_qos": "normal", "partition": "main" });
    ResourceRequest {
        order: None,
        resource: model::ResourceId(uuid::Uuid::nil()),
        backend_id: Some("acme".to_owned()),
        names: BackendNames {
            organization: "acme".to_owned(),
            project: "p".to_owned(),
            resource: "r".to_owned(),
        },
        settings: Settings::new(settings, BTreeMap::new()),
        limits: BTreeMap::from([("cpu_hours".to_owned(), Decimal::TEN)]),
        used_before: BTreeMap::from([("cpu_hours".to_owned(), Decimal::ONE)]),
        attributes: json!({}),
        members: vec!["anna".to_owned(), "ben".to_owned()],
    }
}

/// The first of December 2026.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_796_083_200, 0).unwrap_or_default()
}

fn usage(plugin: &SlurmPlugin, resource: ResourceRequest) {
    let window = Window {
        start: now() - Days::new(30),
        end: now(),
    };
    let id = resource.resource;
    let asked = UsageRequest {
        resource,
        window,
        now: now(),
    };
    match block_on(plugin.collect_usage(&[asked])) {
        Err(error) => refused(&error),
        Ok(mut reports) => match reports.remove(&id) {
            Some(Ok(report)) => is_countable(&report),
            Some(Err(error)) => refused(&error),
            None => assert!(reports.is_empty(), "use of what nobody asked for"),
        },
    }
}

fn is_countable(report: &UsageReport) {
    let mut keys = std::collections::BTreeSet::new();
    for event in &report.events {
        let quantity = Fixed::from_decimal(event.quantity);
        assert!(
            quantity.is_ok_and(Fixed::is_positive),
            "a column cannot hold {event:?}"
        );
        assert!(keys.insert(&event.key), "told twice: {event:?}");
        assert!(["cpu_hours", "gpu_hours"].contains(&event.component.as_str()));
        let last = event.window_end - chrono::TimeDelta::nanoseconds(1);
        assert!(event.window_start < event.window_end, "{event:?}");
        assert_eq!(event.window_start.date_naive(), last.date_naive(), "{event:?}");
        assert!(
            event.window_start <= now() + chrono::TimeDelta::minutes(10),
            "{event:?}"
        );
    }
    for fault in &report.faults {
        is_shown(&fault.text);
    }
}

fn refused(error: &PluginError) {
    is_shown(&error.to_string());
}

fn is_shown(text: &str) {
    assert!(text.chars().count() <= LONGEST_REASON, "{} letters", text.len());
    assert!(!text.chars().any(char::is_control), "{text:?}");
}
