//! `cargo xtask fuzz-parsers`: coverage-guided fuzzing of what parses what comes from outside. What must hold is said in
//! `server/fuzz`; here its programs are built with instrumentation and driven by libFuzzer over the inputs that are kept.

mod figures;
mod keep;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::clean;
use crate::cli::FuzzParsersOptions;
use crate::process::{interrupted, logged, run_to_file, tail};
use crate::setup::cargo_program;
use crate::step::{say, step};
use crate::{packages, paths};

use figures::Figures;

const VERSION: &str = "0.13.2";

/// The parsers, and the most bytes that each is given: enough for all that it can be told, and no more, since runs take as
/// long as their inputs.
const PARSERS: [(&str, u32); 6] = [
    ("forms", 2_048),
    ("schemas", 4_096),
    ("prices", 512),
    ("cursors", 1_024),
    ("slurm", 4_096),
    ("markdown", 4_096),
];
/// An input that takes longer, in seconds, hangs.
const HANGS: u32 = 10;
/// An input with which the program takes more, in MB, takes too much.
const MOST_MEMORY: u32 = 1_024;

/// `cargo xtask fuzz-parsers`
pub(crate) fn run(options: &FuzzParsersOptions) -> Result<()> {
    let chosen = chosen(&options.only)?;
    packages::ensure("fuzzing", packages::BUILD)?;
    packages::ensure("fuzzing", packages::FUZZING)?;
    let cargo_fuzz = cargo_program("cargo-fuzz", VERSION)?;
    step("building the parsers with instrumentation", || build(&cargo_fuzz))?;
    let (mut rows, mut faults) = (vec![Figures::heading()], Vec::new());
    for (name, most_bytes) in chosen {
        let fuzzer = Fuzzer { name, most_bytes };
        let what = format!("fuzzing {name} for {} minutes", options.minutes);
        match step(&what, || fuzzer.run(options.minutes)) {
            Ok(figures) => rows.push(figures.row(name, options.minutes)),
            Err(fault) => faults.push(format!("{name}: {fault:#}")),
        }
        if interrupted() {
            bail!("interrupted");
        }
        if options.keep {
            fuzzer.keep()?;
        }
    }
    rows.iter().for_each(say);
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{} parsers broke:\n{}", faults.len(), faults.join("\n"))
}

fn chosen(only: &[String]) -> Result<Vec<(&'static str, u32)>> {
    for name in only {
        if !PARSERS.iter().any(|(parser, _)| parser == name) {
            let names = PARSERS.map(|(parser, _)| parser).join(", ");
            bail!("there is no parser {name}; there are {names}");
        }
    }
    let wanted = |name: &str| only.is_empty() || only.iter().any(|one| one == name);
    Ok(PARSERS.into_iter().filter(|(name, _)| wanted(name)).collect())
}

/// No sanitizer: they need the nightly toolchain, and nothing here is unsafe. Arithmetic is checked.
fn build(cargo_fuzz: &Path) -> Result<()> {
    let mut command = Command::new(cargo_fuzz);
    clean(&mut command);
    command
        .current_dir(package())
        .args(["fuzz", "build", "--sanitizer", "none", "--codegen-units", "16"]);
    command
        .args(["--fuzz-dir", "targets", "--target-dir"])
        .arg(output());
    logged(&mut command, &paths::log("fuzz-parsers-build"))
}

fn package() -> PathBuf {
    paths::root().join("server/fuzz")
}

/// A target folder of its own, since all is built with other flags.
fn output() -> PathBuf {
    paths::cargo_target().join("fuzz")
}

struct Fuzzer {
    name: &'static str,
    most_bytes: u32,
}

impl Fuzzer {
    fn run(&self, minutes: u32) -> Result<Figures> {
        let (found, broken) = (self.found(), self.broken());
        for folder in [&found, &broken] {
            fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        }
        let mut command = self.program()?;
        command.arg(&found).arg(self.kept());
        command.arg(format!("-max_total_time={}", minutes * 60));
        command.arg(format!("-max_len={}", self.most_bytes));
        command.arg(format!("-timeout={HANGS}"));
        command.arg(format!("-rss_limit_mb={MOST_MEMORY}"));
        command.arg(format!("-artifact_prefix={}/", broken.display()));
        // Longer inputs sooner than in runs of days.
        command.args(["-len_control=10", "-print_final_stats=1"]);
        let words = package().join(format!("words/{}.dict", self.name));
        if words.exists() {
            command.arg(format!("-dict={}", words.display()));
        }
        let log = paths::log(&format!("fuzz-parsers-{}", self.name));
        let status = run_to_file(&mut command, &log)?;
        let said = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        if status.success() {
            return Figures::read(&said).with_context(|| format!("no figures in {}", log.display()));
        }
        say(tail(&log, 30));
        let Some(input) = figures::broke_with(&said) else {
            bail!(
                "the fuzzer ended with {status}; all it said is in {}",
                log.display()
            );
        };
        bail!(
            "it broke with {input}; again with `{} {input}`. Keep it as a named file in server/fuzz/corpus/{}, which the \
             tests replay",
            self.program_path()?.display(),
            self.name
        )
    }

    /// Puts into the kept corpus what reaches code that none of it reaches.
    fn keep(&self) -> Result<()> {
        let merged = output().join("merged").join(self.name);
        if merged.exists() {
            fs::remove_dir_all(&merged)?;
        }
        fs::create_dir_all(&merged)?;
        // What is there first counts as reached, so that only what reaches more is added to it.
        for entry in fs::read_dir(self.kept())? {
            let entry = entry?;
            fs::copy(entry.path(), merged.join(entry.file_name()))?;
        }
        let mut command = self.program()?;
        command.args(["-set_cover_merge=1", &format!("-max_len={}", self.most_bytes)]);
        command.arg(&merged).arg(self.found());
        logged(
            &mut command,
            &paths::log(&format!("fuzz-parsers-{}-merge", self.name)),
        )?;
        let count = keep::into(&self.kept(), &merged)?;
        say(format!("  {count} inputs of {} are kept besides", self.name));
        Ok(())
    }

    fn program(&self) -> Result<Command> {
        let mut command = Command::new(self.program_path()?);
        clean(&mut command);
        Ok(command)
    }

    /// Below a folder that is named after the machine.
    fn program_path(&self) -> Result<PathBuf> {
        let folders = fs::read_dir(output()).context("nothing was built")?;
        let mut programs = folders
            .flatten()
            .map(|folder| folder.path().join("release").join(self.name));
        programs
            .find(|program| program.is_file())
            .with_context(|| format!("no program {} was built", self.name))
    }

    /// The inputs that are kept in the repository.
    fn kept(&self) -> PathBuf {
        package().join("corpus").join(self.name)
    }

    /// What runs have found to reach more, from run to run.
    fn found(&self) -> PathBuf {
        output().join("corpus").join(self.name)
    }

    /// What broke a parser.
    fn broken(&self) -> PathBuf {
        output().join("broken").join(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::{PARSERS, chosen, package};

    #[test]
    fn every_parser_has_inputs_and_unknown_ones_are_refused() {
        for (name, _) in PARSERS {
            assert!(package().join("corpus").join(name).is_dir(), "{name}");
        }
        assert_eq!(chosen(&[]).unwrap().len(), PARSERS.len());
        assert_eq!(chosen(&["slurm".to_owned()]).unwrap().len(), 1);
        let refused = chosen(&["pdf".to_owned()]).unwrap_err().to_string();
        assert!(
            refused.contains("pdf") && refused.contains("markdown"),
            "{refused}"
        );
    }
}
