//! Schemathesis over the API's own description, once for each of three roles.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::portal::Portal;
use crate::process::run_to_file;
use crate::step::{say, step};
use crate::test::{Kind, Tally};
use crate::{paths, setup};

/// People of the demo content, one of each side of the market.
const ROLES: [(&str, &str); 3] = [
    ("staff", "staff@stoa.example"),
    ("provider", "liis.tamm@nordic-hpc.example"),
    ("member", "anna.rebane@pohjala.example"),
];

/// What must hold for every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance";

/// How many requests are tried for each operation, kind of data and role.
const EXAMPLES: &str = "25";

/// With a portal that is built already.
pub(crate) fn run_built(tally: &mut Tally) -> Result<()> {
    let program = setup::schemathesis()?;
    let portal = step("starting a portal with demo content", || {
        Portal::start(&paths::stoa("debug"))
    })?;
    for (role, person) in ROLES {
        let token = portal.token(person)?;
        let counts = step(&format!("schemathesis as {role}"), || {
            as_role(&program, &portal, role, &token)
        })?;
        tally.add(Kind::Fuzz, counts.passed, counts.failed, 0);
        if counts.failed > 0 {
            tally.trouble(format!(
                "schemathesis as {role}; the whole output is in {}",
                log(role).display()
            ));
        }
    }
    Ok(())
}

struct Counts {
    passed: usize,
    failed: usize,
}

fn log(role: &str) -> PathBuf {
    paths::log(&format!("schemathesis-{role}"))
}

fn as_role(program: &Path, portal: &Portal, role: &str, token: &str) -> Result<Counts> {
    let report = paths::notes().join(format!("schemathesis-{role}.xml"));
    drop(fs::remove_file(&report));
    let mut command = Command::new(program);
    command
        .current_dir(paths::notes())
        .args(["run", &portal.address("/api/v1/openapi.json")]);
    command.args(["--header", &format!("Authorization: Bearer {token}")]);
    command.args([
        "--checks",
        CHECKS,
        "--max-examples",
        EXAMPLES,
        "--phases",
        "examples,coverage,fuzzing",
    ]);
    // One worker: two threads that read Python's own grammar at once can break CPython 3.11 (its AST constructor counts
    // its depth for all threads together), which ends a test of the tool, not of the API.
    command.args([
        "--continue-on-failure",
        "--seed",
        "1",
        "--workers",
        "1",
        "--request-timeout",
        "20",
    ]);
    command
        .args(["--report", "junit", "--report-junit-path"])
        .arg(&report);
    let status = run_to_file(&mut command, &log(role))?;
    let text = fs::read_to_string(&report).context("schemathesis wrote no report")?;
    let counts = read(&text).context("schemathesis' report cannot be read")?;
    if status.success() != (counts.failed == 0) {
        bail!(
            "schemathesis ended with {status} although {} operations failed",
            counts.failed
        );
    }
    say(format!(
        "  {} operations kept to the description, {} did not",
        counts.passed, counts.failed
    ));
    Ok(counts)
}

/// One test case of the report is one operation.
fn read(report: &str) -> Option<Counts> {
    let head = report.get(report.find("<testsuites")?..)?;
    let head = head.get(..head.find('>')?)?;
    let number = |name: &str| -> Option<usize> {
        let from = head.get(head.find(&format!(" {name}=\""))? + name.len() + 3..)?;
        from.get(..from.find('"')?)?.parse().ok()
    };
    let failed = number("failures")? + number("errors")?;
    Some(Counts {
        passed: number("tests")?.checked_sub(failed)?,
        failed,
    })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_report_says_how_many_operations_failed() {
        let report = r#"<?xml version="1.0" ?><testsuites disabled="0" errors="1" failures="2" tests="9" time="3.5"><testsuite/>"#;
        let counts = read(report).unwrap();
        assert_eq!((counts.passed, counts.failed), (6, 3));
        assert!(read("").is_none() && read("<testsuites tests=\"1\">").is_none());
    }
}
