//! Everything that is measured on one database.

use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use super::instance::{Database, program};
use super::load::{Load, load};
use super::{orders, size};
use crate::process::capture;
use crate::served::Served;
use crate::step::say;

/// Owns the organization with the long invoice.
const BUYER: &str = "buyer@bench.example";
/// The address of the catalogue page.
const PAGE: &str = "/marketplace";
/// Page and bare handler are measured in turn this often, so that both meet the same neighbours on the machine.
const TURNS: usize = 2;
/// How long a portal rests before its memory is read.
const REST: Duration = Duration::from_secs(3);

/// What came out.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) page: Load,
    pub(super) bare: Load,
    pub(super) list: Load,
    pub(super) offering: Load,
    pub(super) resource: Load,
    pub(super) invoice: Load,
    /// Orders from placed to done in a second.
    pub(super) orders: f64,
    /// Milliseconds from the start of the process to its first page.
    pub(super) start: f64,
    /// Idle, after its first requests, in kB.
    pub(super) memory: u64,
    /// First load, compressed, in bytes.
    pub(super) first_load: size::FirstLoad,
    /// Drawing an invoice, in milliseconds.
    pub(super) drawing: f64,
    /// Lines of that invoice.
    pub(super) lines: u64,
    /// Bytes of its PDF.
    pub(super) pdf: u64,
}

pub(super) fn take(database: &Database) -> Result<Figures> {
    let token = database.token(BUYER)?;
    // The first start reads the program from the disk; what counts is a restart.
    drop(database.serve()?);
    let (portal, start) = database.serve()?;
    let api = Api {
        portal: &portal,
        token,
    };
    let paths = Paths::find(&api)?;
    sleep(REST);
    let memory = portal.memory()?;
    let first_load = size::first_load(&portal, PAGE)?;
    let (page, bare) = against_bare(database, &portal)?;
    let list = api.load("/offerings?limit=10")?;
    let offering = api.load(&paths.offering)?;
    let resource = api.load(&paths.resource)?;
    let invoice = api.load(&paths.invoice)?;
    let orders = orders::per_second(&portal, &api.token)?;
    say(format!("  orders {orders:.0}/s"));
    let drawn = draw(database, &paths.invoice)?;
    let drawing = drawn
        .get("milliseconds")
        .and_then(Value::as_f64)
        .context("no time of drawing")?;
    let whole = |name: &str| {
        drawn
            .get(name)
            .and_then(Value::as_u64)
            .context("no size of a PDF")
    };
    Ok(Figures {
        page,
        bare,
        list,
        offering,
        resource,
        invoice,
        orders,
        start: start.as_secs_f64() * 1000.0,
        memory,
        first_load,
        drawing,
        lines: whole("lines")?,
        pdf: whole("bytes")?,
    })
}

/// The page and the bare handler in turn; of each the mean rate and the worst latency.
fn against_bare(database: &Database, portal: &Served) -> Result<(Load, Load)> {
    let server = database.serve_bare()?;
    let mut pages = Vec::new();
    let mut bare = Vec::new();
    for _ in 0..TURNS {
        bare.push(load(&server.at("/"), None)?);
        pages.push(load(&portal.at(PAGE), None)?);
    }
    let (page, bare) = (Load::of_turns(&pages), Load::of_turns(&bare));
    say(format!(
        "  page {:.0}/s, bare {:.0}/s",
        page.per_second, bare.per_second
    ));
    Ok((page, bare))
}

struct Api<'a> {
    portal: &'a Served,
    token: String,
}

impl Api<'_> {
    fn get(&self, path: &str) -> Result<Value> {
        let token = format!("Bearer {}", self.token);
        let body = self
            .portal
            .get(&format!("/api/v1{path}"), &[("Authorization", &token)])?;
        serde_json::from_slice(&body).with_context(|| format!("{path} answered no JSON"))
    }

    fn load(&self, path: &str) -> Result<Load> {
        let load = load(&self.portal.at(&format!("/api/v1{path}")), Some(&self.token))?;
        say(format!("  {path} {:.0}/s", load.per_second));
        Ok(load)
    }
}

/// Where one of each thing is.
struct Paths {
    offering: String,
    resource: String,
    invoice: String,
}

impl Paths {
    fn find(api: &Api) -> Result<Self> {
        let first = |path: &str| -> Result<String> {
            let list = api.get(path)?;
            let id = list.pointer("/items/0/id").and_then(Value::as_str);
            Ok(id.with_context(|| format!("{path} is empty"))?.to_owned())
        };
        Ok(Self {
            offering: format!("/offerings/{}", first("/offerings?limit=10")?),
            resource: format!("/resources/{}", first("/resources?limit=1")?),
            invoice: format!("/invoices/{}", first("/invoices?state=issued&limit=1")?),
        })
    }
}

fn draw(database: &Database, invoice: &str) -> Result<Value> {
    let id = invoice.rsplit('/').next().unwrap_or_default();
    let text = capture(Command::new(program("draw_invoice")).args([database.url(), id]))?;
    serde_json::from_str(&text).context("draw_invoice printed no JSON")
}
