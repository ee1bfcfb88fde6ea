//! Clients that others' generators write from the description of the API: the description is valid for three readers,
//! the clients compile, and each plays the journey of an order against a portal with demo content.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::portal::Portal;
use crate::process::{capture, logged};
use crate::step::step;
use crate::test::{Kind, Tally};
use crate::{paths, setup};

/// Who plays: the one who orders, the one who approves, the one who reads invoices.
const PLAYERS: [(&str, &str); 3] = [
    ("STOA_BUYER", "anna.rebane@pohjala.example"),
    ("STOA_OWNER", "mari.saar@pohjala.example"),
    ("STOA_ACCOUNTANT", "peeter.lepp@pohjala.example"),
];

/// All of it, with a portal that is built already. Each step counts as one test.
pub(crate) fn run_built(tally: &mut Tally) -> Result<()> {
    let tools = Tools::ready()?;
    let portal = step("starting a portal with demo content that works its jobs", || {
        Portal::start_working(&paths::stoa("debug"))
    })?;
    let description = capture(Command::new(paths::stoa("debug")).arg("openapi"))?;
    fs::create_dir_all(tools.home.join("generated"))?;
    fs::write(tools.description(), description).context("cannot write the description down")?;
    for (name, command) in tools.checks().into_iter().chain(tools.generators()) {
        one(tally, name, command);
    }
    for (name, mut command) in tools.journeys() {
        command.env("STOA_URL", portal.address(""));
        for (variable, person) in PLAYERS {
            command.env(variable, portal.token(person)?);
        }
        one(tally, name, command);
    }
    Ok(())
}

fn one(tally: &mut Tally, name: &str, mut command: Command) {
    let log = paths::log(&format!("clients-{}", name.replace(' ', "-")));
    match step(name, || logged(&mut command, &log)) {
        Ok(()) => tally.add(Kind::Clients, 1, 0, 0),
        Err(error) => {
            tally.add(Kind::Clients, 0, 1, 0);
            tally.trouble(format!("{name}: {error:#}"));
        }
    }
}

/// A command with the name of what it shows.
type Named = (&'static str, Command);

struct Tools {
    home: PathBuf,
    python: PathBuf,
}

impl Tools {
    fn ready() -> Result<Self> {
        let home = paths::root().join("end2end/clients");
        setup::ensure(crate::cli::Part::Clients)?;
        let python = setup::client_tools(&home.join("requirements.txt"))?;
        Ok(Self { home, python })
    }

    fn description(&self) -> PathBuf {
        self.home.join("generated/openapi.json")
    }

    fn node(&self, program: &str) -> Command {
        let mut command = Command::new(self.home.join("node_modules/.bin").join(program));
        command.current_dir(&self.home).env("REDOCLY_TELEMETRY", "off");
        command
    }

    fn python(&self, program: &str) -> Command {
        let mut command = Command::new(self.python.join("bin").join(program));
        command.current_dir(&self.home);
        command
    }

    fn checks(&self) -> [Named; 3] {
        let file = self.description();
        let mut redocly = self.node("redocly");
        redocly.arg("lint").arg(&file);
        let mut spectral = self.node("spectral");
        spectral.args(["lint", "--fail-severity", "error"]).arg(&file);
        let mut validator = self.python("openapi-spec-validator");
        validator.arg(&file);
        [
            ("the description before redocly", redocly),
            ("the description before spectral", spectral),
            ("the description before openapi-spec-validator", validator),
        ]
    }

    fn generators(&self) -> [Named; 4] {
        let file = self.description();
        let mut types = self.node("openapi-typescript");
        types.arg(&file).args(["-o", "generated/types.ts"]);
        let mut hey = self.node("openapi-ts");
        hey.arg("-i")
            .arg(&file)
            .args(["-o", "generated/hey", "-c", "@hey-api/client-fetch"]);
        let mut python = self.python("openapi-python-client");
        python
            .args([
                "generate",
                "--overwrite",
                "--meta",
                "none",
                "--fail-on-warning",
                "--config",
                "python_client.yaml",
                "--output-path",
            ])
            .arg(Path::new("generated/stoa_client"))
            .arg("--path")
            .arg(&file);
        let tsc = self.node("tsc");
        [
            ("openapi-typescript writes types", types),
            ("hey-api writes a client", hey),
            ("openapi-python-client writes a client", python),
            ("the clients compile", tsc),
        ]
    }

    fn journeys(&self) -> [Named; 3] {
        let node = |file: &str| {
            let mut command = Command::new("node");
            command.current_dir(&self.home).arg(Path::new("built").join(file));
            command
        };
        let mut python = self.python("python");
        python.arg("python_client.py").env("PYTHONPATH", "generated");
        [
            (
                "an order by the types of openapi-typescript",
                node("fetch_client.js"),
            ),
            ("an order by the client of hey-api", node("hey_client.js")),
            ("an order by the client of openapi-python-client", python),
        ]
    }
}
