//! Orders through the API, from placed to done, as many as the portal can take.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::http::Connection;
use crate::process::pause;
use crate::served::Served;

/// Orders that are placed.
const ORDERS: u32 = 2000;
/// Requests at once.
const AT_ONCE: usize = 16;
/// Between two looks at the orders that are not done.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Longer than this nothing takes unless it is broken.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Places the orders, waits until the API says that none is being carried out any more, and makes sure that each is done.
pub(super) fn per_second(portal: &Served, token: &str) -> Result<f64> {
    let token = format!("Bearer {token}");
    let mut api = Api::open(portal, &token)?;
    let drafts = drafts(&mut api)?;
    let started = Instant::now();
    let next = AtomicU32::new(0);
    thread::scope(|scope| {
        let place = || place(Api::open(portal, &token)?, &drafts, &next);
        let placing: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(place)).collect();
        placing
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| bail!("a thread panicked")))
    })?;
    wait(&mut api)?;
    let took = started.elapsed();
    check(&mut api)?;
    Ok(f64::from(ORDERS) / took.as_secs_f64())
}

struct Api<'a> {
    connection: Connection,
    headers: [(&'a str, &'a str); 1],
}

impl<'a> Api<'a> {
    fn open(portal: &Served, token: &'a str) -> Result<Self> {
        Ok(Self {
            connection: portal.connect()?,
            headers: [("Authorization", token)],
        })
    }

    fn get(&mut self, path: &str) -> Result<Value> {
        let body = self.connection.get(&format!("/api/v1{path}"), &self.headers)?;
        serde_json::from_slice(&body).with_context(|| format!("{path} answered no JSON"))
    }

    fn items(&mut self, path: &str) -> Result<(Vec<Value>, Option<String>)> {
        let mut page = self.get(path)?;
        let next = page.get("next").and_then(Value::as_str).map(str::to_owned);
        match page.get_mut("items").map(Value::take) {
            Some(Value::Array(items)) => Ok((items, next)),
            _ => bail!("{path} answered no list"),
        }
    }
}

/// One draft for each of some offerings, all for the first project of the token's owner.
fn drafts(api: &mut Api) -> Result<Vec<Value>> {
    let (projects, _) = api.items("/projects?limit=1")?;
    let project = projects.first().and_then(|project| project.get("id"));
    let project = project.context("the owner of the token has no project")?;
    let mut drafts = Vec::new();
    for one in api.items("/offerings?limit=20")?.0 {
        let id = one
            .get("id")
            .and_then(Value::as_str)
            .context("an offering has no id")?;
        let offering = api.get(&format!("/offerings/{id}"))?;
        drafts.push(json!({
            "project_id": project,
            "offering_id": id,
            "plan_id": offering.pointer("/plans/0/id").context("an offering has no plan")?,
            "limits": {},
            "attributes": {},
            "accepted_terms": offering.get("terms_version"),
        }));
    }
    ensure!(!drafts.is_empty(), "nothing is offered");
    Ok(drafts)
}

fn place(mut api: Api, drafts: &[Value], next: &AtomicU32) -> Result<()> {
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        if index >= ORDERS {
            return Ok(());
        }
        let at = usize::try_from(index)? % drafts.len();
        let mut draft = drafts.get(at).context("no draft")?.clone();
        if let Some(fields) = draft.as_object_mut() {
            fields.insert("name".to_owned(), json!(format!("{PREFIX}{index:06}")));
        }
        let answer = api.connection.post("/api/v1/orders", &api.headers, &draft)?;
        let placed: Value = serde_json::from_slice(&answer)?;
        let state = placed
            .pointer("/summary/state")
            .and_then(Value::as_str)
            .unwrap_or_default();
        ensure!(
            matches!(state, "executing" | "done"),
            "an order is {state} after it was placed"
        );
    }
}

/// How the names of the resources begin that are ordered.
const PREFIX: &str = "measured-";

fn wait(api: &mut Api) -> Result<()> {
    let started = Instant::now();
    while !api.items("/orders?state=executing&limit=1")?.0.is_empty() {
        ensure!(
            started.elapsed() < TIMEOUT,
            "some orders are not done after {TIMEOUT:?}"
        );
        pause(LOOK_EVERY)?;
    }
    Ok(())
}

/// Every order must have ended well; none may just be missing.
fn check(api: &mut Api) -> Result<()> {
    let mut done = 0;
    let mut cursor = Some(String::new());
    while let Some(at) = cursor {
        let from = if at.is_empty() {
            at
        } else {
            format!("&cursor={at}")
        };
        let (orders, next) = api.items(&format!("/orders?state=done&limit=100{from}"))?;
        let names = orders
            .iter()
            .filter_map(|order| order.get("resource_name")?.as_str());
        done += names.filter(|name| name.starts_with(PREFIX)).count();
        cursor = next;
    }
    ensure!(
        done == usize::try_from(ORDERS)?,
        "only {done} of {ORDERS} orders are done"
    );
    Ok(())
}
