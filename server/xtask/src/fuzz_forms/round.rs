//! One round: nine people at a portal with the demo content, for some thousand requests that follow from a seed.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context, Result};
use fastrand::Rng;

use super::api::Operation;
use super::counts::What;
use super::fields::{Filled, fill, twist_address};
use super::functions::Function;
use super::hostile;
use super::journal::Journal;
use super::known::{Ids, Seen};
use super::roles::{ROLES, Role};
use super::sender::{Ask, Outcome, Sender, settle};
use crate::http::{ARGUMENTS, Answer, FORM, Headers};
use crate::portal::Portal;
use crate::process::interrupted;
use crate::visit::{ENDS_THINGS, Form, Page, Person, encoded};
use crate::watch_log;

/// With so many faults a round ends.
const ENOUGH: usize = 20;
/// Addresses that are longer are read by no server.
const LONGEST_QUERY: usize = 4_000;
/// A form that no page sends: it has to be told as one that could not be decoded, else the share of those is not known.
const STRANGE: &str = "order=none&surprise=yes";
const JSON: (&str, &str) = ("Content-Type", "application/json");
const PAGE: (&str, &str) = ("Accept", "text/html");

/// What every round tries.
pub(super) struct Plan {
    pub(super) functions: Vec<Function>,
    pub(super) operations: Vec<Operation>,
    /// Of each role, in the order of `ROLES`.
    pub(super) tokens: Vec<Option<String>>,
}

struct Visitor {
    role: Role,
    person: Person,
    seen: Seen,
    token: Option<String>,
}

pub(super) struct Round<'a> {
    portal: &'a Portal,
    plan: &'a Plan,
    visitors: Vec<Visitor>,
    ids: Ids,
    sender: Sender,
}

impl<'a> Round<'a> {
    /// Signs everybody in.
    pub(super) fn begin(
        portal: &'a Portal,
        plan: &'a Plan,
        journal: Journal,
        slowest: Duration,
    ) -> Result<Self> {
        let mut visitors = Vec::new();
        for (number, (role, token)) in ROLES.into_iter().zip(&plan.tokens).enumerate() {
            let source = Ipv4Addr::new(127, 2, 0, u8::try_from(number + 1)?);
            let person = match role.1 {
                Some(email) => Person::signed_in(portal.socket(), source, email)?,
                None => Person::new(portal.socket(), source),
            };
            visitors.push(Visitor {
                role,
                person,
                seen: Seen::beginning(),
                token: token.clone(),
            });
        }
        Ok(Self {
            portal,
            plan,
            visitors,
            ids: Ids::default(),
            sender: Sender::begin(journal, slowest),
        })
    }

    /// Sends so many requests. Every step has random numbers of its own, so that one that ends otherwise than before does
    /// not change all that follow.
    pub(super) fn run(mut self, seed: u64, requests: u32) -> Result<Outcome> {
        let log = self.portal.installation().log();
        let staff = self.visitors.last_mut().context("nobody is there")?;
        staff.person.post("/fn/approve_order", STRANGE)?;
        while self.goes_on(requests) {
            self.sender.step += 1;
            let own = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(self.sender.step);
            self.one_step(&mut Rng::with_seed(own))?;
        }
        self.sender.look_at_log(&watch_log::read(&log)?)?;
        Ok(self.sender.outcome)
    }

    fn goes_on(&self, requests: u32) -> bool {
        let outcome = &self.sender.outcome;
        outcome.counts.total() < requests && outcome.faults.len() < ENOUGH && !interrupted()
    }

    fn one_step(&mut self, rng: &mut Rng) -> Result<()> {
        let who = rng.usize(..self.visitors.len());
        match rng.u8(..100) {
            0..36 => self.walk(who, rng),
            36..76 => self.post_form_of(who, who, rng),
            // One that another was drawn, by somebody who may not have been.
            76..82 => self.post_form_of(rng.usize(..self.visitors.len()), who, rng),
            82..88 => self.call_function(who, rng),
            _ => self.call_api(who, rng),
        }
    }

    fn ask(&mut self, who: usize, ask: &Ask) -> Result<Option<Answer>> {
        let visitor = self.visitors.get_mut(who).context("nobody is there")?;
        self.sender.ask(visitor.role, &mut visitor.person, ask)
    }

    /// Opens a page that somebody has seen a link to, sometimes with something else in its address.
    fn walk(&mut self, who: usize, rng: &mut Rng) -> Result<()> {
        let of = if rng.u8(..6) == 0 {
            rng.usize(..self.visitors.len())
        } else {
            who
        };
        let place = self.visitors.get(of).and_then(|visitor| visitor.seen.place(rng));
        let mut place = place.unwrap_or_else(|| "/".to_owned());
        if rng.u8(..4) == 0 {
            place = twist_address(&place, &self.ids, rng);
        }
        if rng.u8(..12) == 0 {
            let thing = if rng.bool() { "orders" } else { "resources" };
            place = format!("/events/{thing}/{}", self.ids.of(thing, rng).unwrap_or_default());
        }
        self.open(who, &place)
    }

    fn open(&mut self, who: usize, place: &str) -> Result<()> {
        let ask = Ask {
            what: What::Pages,
            method: "GET",
            path: place,
            headers: &[PAGE],
            body: "",
        };
        if let Some(answer) = self.ask(who, &ask)?
            && answer.is_page()
        {
            self.learn(who, place, &answer);
        }
        Ok(())
    }

    fn learn(&mut self, who: usize, place: &str, answer: &Answer) {
        let page = Page::read(&answer.text());
        if let Some(planted) = &page.planted {
            self.sender
                .fault(&format!("what was typed is markup at {place}: {planted}"));
        }
        self.ids.learn_addresses(&page);
        if let Some(visitor) = self.visitors.get_mut(who) {
            visitor.seen.learn(page);
        }
    }

    fn post_form_of(&mut self, owner: usize, who: usize, rng: &mut Rng) -> Result<()> {
        let form = self
            .visitors
            .get(owner)
            .and_then(|visitor| visitor.seen.form(rng));
        match form {
            Some(form) => self.post(who, &form, rng),
            None => self.walk(who, rng),
        }
    }

    fn post(&mut self, who: usize, form: &Form, rng: &mut Rng) -> Result<()> {
        let filled = fill(form, &self.ids, rng);
        if ENDS_THINGS.contains(&filled.action.as_str()) && rng.u8(..12) > 0 {
            return self.walk(who, rng);
        }
        if !filled.is_post {
            let query: String = filled.body.chars().take(LONGEST_QUERY).collect();
            return self.open(who, &format!("{}?{query}", filled.action));
        }
        let times = if rng.u8(..15) == 0 { 2 } else { 1 };
        (0..times).try_for_each(|_| self.send(who, &filled))
    }

    fn send(&mut self, who: usize, filled: &Filled) -> Result<()> {
        let ask = Ask {
            what: What::Forms,
            method: "POST",
            path: &filled.action,
            headers: &[PAGE, FORM],
            body: &filled.body,
        };
        let Some(answer) = self.ask(who, &ask)? else {
            return Ok(());
        };
        let to = answer.header("location").unwrap_or_default().to_owned();
        // Of who is not signed in nothing is decoded but the form to sign in.
        if !to.starts_with("/sign-in") || filled.action == "/fn/sign_in" {
            let counts = &mut self.sender.outcome.counts;
            counts.posted += 1;
            counts.decoded += u32::from(answer.status == 302);
        }
        if to.is_empty() {
            return Ok(());
        }
        if !to.starts_with('/') || to.starts_with("//") {
            self.sender
                .fault(&format!("{} leads away, to {to}", filled.action));
            return Ok(());
        }
        self.settle()?;
        self.open(who, to.split('#').next().unwrap_or_default())
    }

    fn settle(&self) -> Result<()> {
        let staff = self.visitors.last().and_then(|visitor| visitor.token.as_deref());
        settle(self.portal.socket(), staff.unwrap_or_default())
    }

    /// Calls what scripts call.
    fn call_function(&mut self, who: usize, rng: &mut Rng) -> Result<()> {
        let Some(function) = rng.choice(&self.plan.functions) else {
            return Ok(());
        };
        let value = |rng: &mut Rng| match rng.u8(..10) {
            0..5 => self.ids.any(rng).unwrap_or_default(),
            9 => hostile::control(rng),
            _ => hostile::text(rng),
        };
        let pairs: Vec<(String, String)> = function
            .arguments
            .iter()
            .map(|name| (name.clone(), value(rng)))
            .collect();
        // As a form, whose fields no function of this kind gets, and in the way that would give it its arguments.
        let kind = *rng.choice(&[FORM, ARGUMENTS]).unwrap_or(&FORM);
        let ask = Ask {
            what: What::Functions,
            method: "POST",
            path: &format!("/fn/{}", function.endpoint),
            headers: &[("Accept", "application/json"), kind],
            body: &encoded(&pairs),
        };
        self.ask(who, &ask).map(drop)
    }

    fn call_api(&mut self, who: usize, rng: &mut Rng) -> Result<()> {
        let Some(operation) = rng.choice(&self.plan.operations) else {
            return Ok(());
        };
        let call = operation.call(&self.ids, rng);
        let token = self.visitors.get(who).and_then(|visitor| visitor.token.clone());
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![JSON];
        headers.extend(bearer.as_deref().map(|bearer| ("Authorization", bearer)));
        let key = format!("key-{}", rng.u8(..40));
        if operation.takes_key && rng.bool() {
            headers.push(("Idempotency-Key", &key));
        }
        let mut etag = None;
        if operation.takes_etag && rng.u8(..4) > 0 {
            etag = self.etag(who, &call.path, &headers)?;
        }
        headers.extend(etag.as_deref().map(|etag| ("If-Match", etag)));
        let ask = Ask {
            what: What::Api,
            method: &operation.method,
            path: &call.path,
            headers: &headers,
            body: &call.body,
        };
        let Some(answer) = self.ask(who, &ask)? else {
            return Ok(());
        };
        if let Ok(body) = serde_json::from_slice(&answer.body) {
            let path = call.path.split('?').next().unwrap_or_default();
            self.ids
                .learn_json(&body, path.rsplit('/').next().unwrap_or_default());
        }
        if operation.method != "GET" && answer.status < 300 {
            self.settle()?;
        }
        Ok(())
    }

    /// What a change has to name as read before.
    fn etag(&mut self, who: usize, path: &str, headers: Headers) -> Result<Option<String>> {
        let ask = Ask {
            what: What::Api,
            method: "GET",
            path,
            headers,
            body: "",
        };
        let answer = self.ask(who, &ask)?;
        Ok(answer.and_then(|answer| answer.header("etag").map(str::to_owned)))
    }
}
