//! `cargo xtask attack`: what puts portals down, tried against the optimised one as it is shipped, on both databases, while
//! somebody else goes on reading pages.

mod afterwards;
mod floods;
mod markdown;
mod markup;
mod report;
mod scene;
mod slow;
mod streams;
mod victim;

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::machine::processor;
use crate::portal::Installation;
use crate::postgres::Postgres;
use crate::step::{say, step};
use crate::wasm::Bundle;
use crate::{build, paths};

use report::{Column, Row};
use scene::Scene;
use victim::{Times, Victim};

/// What is tried, in this order.
const ATTACKS: [Attack; 9] = [
    Attack {
        name: "quadratic Markdown, posted by 8 people and 4 visitors to where pages get their previews: refused unread",
        run: markdown::previews,
    },
    Attack {
        name: "the same as a published description, 8 visitors",
        run: markdown::description,
    },
    Attack {
        name: "visitors' forms of 60 kB, 8 at a time",
        run: floods::visitors_forms,
    },
    Attack {
        name: "refused forms that wait in sessions, 8 at a time",
        run: floods::refused_forms,
    },
    Attack {
        name: "wrong sign-ins, 400 at once, again and again",
        run: floods::sign_ins,
    },
    Attack {
        name: "bodies that are too large, too deep or have no end",
        run: floods::bodies,
    },
    Attack {
        name: "1,000 live streams, then signing out",
        run: streams::thousand,
    },
    Attack {
        name: "1,100 slow connections: headers, bodies, silence",
        run: slow::connections,
    },
    Attack {
        name: "markup in every field of every form",
        run: markup::everywhere,
    },
];

struct Attack {
    name: &'static str,
    /// Says what came back; an error when a bound was not kept.
    run: fn(&Scene) -> Result<String>,
}

/// `cargo xtask attack`
pub(crate) fn run(given: Option<&Path>) -> Result<()> {
    let program = match given {
        Some(program) => paths::absolute(program)?,
        None => {
            build::everything(true, Bundle::Small)?;
            paths::stoa("release")
        }
    };
    let sqlite = on("SQLite", &program, None).context("on SQLite")?;
    let cluster = Postgres::start()?;
    let postgres = on("PostgreSQL", &program, Some(&cluster)).context("on PostgreSQL")?;
    let columns = [sqlite, postgres];
    let table = report::table(&processor()?, &columns);
    say(&table);
    if given.is_none() {
        report::write(&table)?;
    }
    let broken: Vec<&str> = columns
        .iter()
        .flat_map(|column| column.broken.iter().map(String::as_str))
        .collect();
    if broken.is_empty() {
        return Ok(());
    }
    bail!("not kept: {}", broken.join("; "))
}

fn on(engine: &'static str, program: &Path, cluster: Option<&Postgres>) -> Result<Column> {
    let installation = Installation::create(program, &format!("attack-{}", engine.to_lowercase()))?
        .with_rates_as_shipped()
        .with("STOA_LOG_FORMAT", "json");
    let installation = match cluster {
        Some(cluster) => installation.with("STOA_DATABASE_URL", cluster.url()),
        None => installation,
    };
    step(&format!("{engine}: demo content"), || installation.fill())?;
    let portal = installation.serve()?;
    let mut victim = Victim::at(&portal).context("the person who is not attacked cannot read")?;
    let quiet = step(&format!("{engine}: nobody else"), || victim.alone())?;
    say(format!("  {}", quiet.words()));
    let mut column = Column {
        engine,
        quiet,
        rows: Vec::new(),
        broken: Vec::new(),
    };
    for attack in &ATTACKS {
        let scene = Scene::new(&portal, cluster);
        let row = step(&format!("{engine}: {}", attack.name), || {
            under(attack, &scene, &mut victim)
        })?;
        say(format!(
            "  {}; {} against nobody else",
            row.times.words(),
            row.times.against(&column.quiet)
        ));
        column.take(row);
    }
    let held = slow::hold(&Scene::new(&portal, cluster))?;
    let ended = step(&format!("{engine}: afterwards"), || afterwards::look(portal))?;
    drop(held);
    column
        .broken
        .extend(ended.broken.iter().map(|what| format!("{engine}: {what}")));
    say(format!("  {}", ended.words()));
    Ok(column)
}

/// One attack, with somebody else who goes on reading.
fn under(attack: &Attack, scene: &Scene, victim: &mut Victim) -> Result<Row> {
    let before = scene.memory()?;
    let (came, times) = victim.meanwhile(|| (attack.run)(scene))?;
    scene::rest()?;
    let row = Row {
        name: attack.name,
        times,
        memory: (before, scene.memory()?),
        fault: came.as_ref().err().map(|error| format!("{error:#}")),
    };
    if let Ok(came) = came {
        say(format!("  {came}"));
    }
    Ok(row)
}

impl Column {
    fn take(&mut self, row: Row) {
        for fault in row.faults() {
            say(format!("  not kept: {fault}"));
            self.broken
                .push(format!("{}: {}: {fault}", self.engine, row.name));
        }
        self.rows.push(row);
    }
}

impl Times {
    /// The figures in words.
    fn words(&self) -> String {
        format!(
            "{} pages, median {:.1} ms, 99th percentile {:.1} ms, slowest {:.0} ms",
            self.count(),
            self.median(),
            self.p99(),
            self.slowest()
        )
    }
}
