//! What buyers do, and what is reported of them.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, TimeDelta};
use domain::DomainError;
use model::{CreateDraft, Fixed, LimitsDraft, OrderState, RenewDraft, UsageOutcome, UsageReport};
use rust_decimal::Decimal;
use testkit::reckoning::{Promise, ResourceFacts, Span, TermFacts, UsageFacts};

use super::buyer::term_end;
use super::life::{Change, Life, Pending, shown};

impl Life<'_> {
    pub(crate) async fn order(&mut self) {
        let buyer = self.luck.index(self.buyers.len());
        if self.buyers[buyer].resources.len() > 3 {
            return;
        }
        let plan = self.luck.index(self.plans.len());
        let limits = self.limits();
        let months = self.is_prepaid().then(|| 1 + self.luck.less::<u32>(4));
        let today = self.buyers[buyer].facts.calendar.day(self.now());
        let start_date = self
            .luck
            .chance(10)
            .then(|| later(today, 1 + self.luck.below(20)));
        let last_day = (months.is_none() && self.luck.chance(15))
            .then(|| later(start_date.unwrap_or(today), 1 + self.luck.below(70)));
        let actor = if self.luck.chance(20) {
            self.buyers[buyer].member.clone()
        } else {
            self.owner(buyer)
        };
        let order = self
            .world
            .order(&actor, &self.buyers[buyer].project, &self.offering);
        let draft = CreateDraft {
            plan_id: self.plans[plan].id,
            limits: limits.clone(),
            term_months: months,
            end_date: last_day,
            start_date,
            ..order.into_draft()
        };
        self.tell(&format!(
            "buyer {buyer} orders plan {plan} with {} for {months:?} months until {last_day:?} from {start_date:?}",
            shown(&limits)
        ));
        let change = Change::Begin {
            plan,
            limits,
            months,
            last_day,
        };
        match self
            .world
            .domain()
            .ordering()
            .place_create(&actor, draft, None)
            .await
        {
            Ok(order) => {
                self.plans[plan].ordered = true;
                self.wait(order, buyer, None, change);
            }
            Err(error) => self.refuse("order", &DomainError::from(error).problem()),
        }
    }

    fn wait(&mut self, order: model::OrderId, buyer: usize, resource: Option<usize>, change: Change) {
        let ordered = self.now();
        self.pending.push(Pending {
            order,
            buyer,
            resource,
            ordered,
            change,
        });
    }

    fn limits(&mut self) -> BTreeMap<String, Fixed> {
        let mut limits = BTreeMap::new();
        for ware in self.wares.iter().filter(|ware| ware.is_limit()) {
            limits.insert(ware.code.to_owned(), Fixed::from(self.luck.less::<u32>(15)));
        }
        limits
    }

    /// A resource that is not gone, without an open order.
    fn free(&mut self) -> Option<(usize, usize)> {
        let buyer = self.luck.index(self.buyers.len());
        let waits = |index: &usize| {
            self.pending
                .iter()
                .any(|one| one.buyer == buyer && one.resource == Some(*index))
        };
        let one = &self.buyers[buyer];
        let free = (0..one.resources.len()).filter(|index| !one.gone.contains(index) && !waits(index));
        let free: Vec<usize> = free.collect();
        (!free.is_empty()).then(|| (buyer, *self.luck.pick(&free)))
    }

    pub(crate) async fn change_limits(&mut self) {
        let Some((buyer, resource)) = self.free() else {
            return;
        };
        let mut limits = self.limits();
        if limits.is_empty() {
            return;
        }
        let keep = self.luck.index(limits.len());
        if limits.len() > 1 && self.luck.chance(50) {
            let code = limits.keys().nth(keep).cloned().unwrap();
            limits.remove(&code);
        }
        self.tell(&format!(
            "buyer {buyer} sets limits of {resource} to {}",
            shown(&limits)
        ));
        let draft = LimitsDraft {
            resource_id: self.buyers[buyer].resources[resource],
            limits: limits.clone(),
        };
        let owner = self.owner(buyer);
        match self
            .world
            .domain()
            .ordering()
            .place_change_limits(&owner, draft, None)
            .await
        {
            Ok(order) => self.wait(order, buyer, Some(resource), Change::Limits(limits)),
            Err(error) => self.refuse("limits", &DomainError::from(error).problem()),
        }
    }

    pub(crate) async fn switch_plan(&mut self) {
        let Some((buyer, resource)) = self.free() else {
            return;
        };
        let plan = self.luck.index(self.plans.len());
        self.tell(&format!("buyer {buyer} switches {resource} to plan {plan}"));
        let (id, owner) = (self.buyers[buyer].resources[resource], self.owner(buyer));
        match self
            .world
            .domain()
            .ordering()
            .place_switch_plan(&owner, id, self.plans[plan].id, None)
            .await
        {
            Ok(order) => {
                self.plans[plan].ordered = true;
                self.wait(order, buyer, Some(resource), Change::Plan(plan));
            }
            Err(error) => self.refuse("switch", &DomainError::from(error).problem()),
        }
    }

    pub(crate) async fn end(&mut self) {
        let Some((buyer, resource)) = self.free() else {
            return;
        };
        self.tell(&format!("buyer {buyer} ends {resource}"));
        let (id, owner) = (self.buyers[buyer].resources[resource], self.owner(buyer));
        match self
            .world
            .domain()
            .ordering()
            .place_terminate(&owner, id, "no longer needed", None)
            .await
        {
            Ok(order) => self.wait(order, buyer, Some(resource), Change::End),
            Err(error) => self.refuse("end", &DomainError::from(error).problem()),
        }
    }

    pub(crate) async fn renew(&mut self) {
        let Some((buyer, resource)) = self.free() else {
            return;
        };
        let months = 1 + self.luck.less::<u32>(3);
        self.tell(&format!("buyer {buyer} renews {resource} for {months} months"));
        let draft = RenewDraft {
            resource_id: self.buyers[buyer].resources[resource],
            months,
        };
        let owner = self.owner(buyer);
        match self
            .world
            .domain()
            .ordering()
            .place_renew(&owner, draft, None)
            .await
        {
            Ok(order) => self.wait(order, buyer, Some(resource), Change::Renew(months)),
            Err(error) => self.refuse("renew", &DomainError::from(error).problem()),
        }
    }

    /// Another last day, or none; what had stopped goes on.
    pub(crate) async fn change_end(&mut self) {
        let Some((buyer, resource)) = self.free() else {
            return;
        };
        let now = self.now();
        let today = self.buyers[buyer].facts.calendar.day(now);
        let last_day = self
            .luck
            .chance(80)
            .then(|| later(today, 1 + self.luck.below(60)));
        self.tell(&format!(
            "buyer {buyer} sets the last day of {resource} to {last_day:?}"
        ));
        let (id, owner) = (self.buyers[buyer].resources[resource], self.owner(buyer));
        match self
            .world
            .domain()
            .ordering()
            .change_end(&owner, id, last_day)
            .await
        {
            Ok(()) => {
                let one = &mut self.buyers[buyer];
                if one.own_ends[resource] != last_day {
                    one.goes_on(resource, now);
                    one.ends(resource, last_day);
                }
            }
            Err(error) => self.refuse("last day", &DomainError::from(error).problem()),
        }
    }

    /// The backend does what waits, or fails at it.
    pub(crate) async fn work(&mut self) {
        self.fail_one().await;
        self.settle().await;
    }

    /// The backend does what waits, and the reckoning takes note.
    pub(crate) async fn settle(&mut self) {
        self.world.run_jobs().await;
        for one in std::mem::take(&mut self.pending) {
            let state = self.world.order_state(one.order).await;
            if state == OrderState::Done {
                self.note(one).await;
            } else if state == OrderState::Erred {
                self.failed.push(one);
            } else if state.is_terminal() {
                self.tell(&format!("  the order of {} is {state}", one.ordered));
            } else {
                self.pending.push(one);
            }
        }
    }

    async fn note(&mut self, one: Pending) {
        let now = self.now();
        // One side is asked at most. What is had only after that has the promised prices for a month as well.
        let month = TimeDelta::days(30);
        let asked_until = one.ordered + month;
        let promise = Promise {
            ordered: one.ordered,
            begun: now,
            until: if now < asked_until {
                asked_until
            } else {
                now + month
            },
        };
        if let Change::Begin {
            plan,
            limits,
            months,
            last_day,
        } = one.change
        {
            let owner = self.owner(one.buyer);
            let detail = self
                .world
                .domain()
                .ordering()
                .order(&owner, one.order)
                .await
                .unwrap();
            let buyer = &mut self.buyers[one.buyer];
            buyer.resources.push(detail.summary.resource_id.unwrap());
            let limits = decimals(&limits);
            let mut facts = ResourceFacts::default();
            let mut own_end = last_day;
            if let Some(months) = months {
                let first = buyer.facts.calendar.day(now);
                let end = term_end((first, first), months, buyer.project_end);
                own_end = end.pred_opt();
                facts.terms.push(TermFacts {
                    promise,
                    plan,
                    first,
                    end,
                    limits: limits.clone(),
                });
            }
            facts.spans.push(Span {
                plan,
                promise,
                limits,
                from: now,
                until: None,
            });
            buyer.facts.resources.push(facts);
            buyer.own_ends.push(own_end);
            let number = buyer.resources.len() - 1;
            buyer.ends(number, own_end);
            return self.tell(&format!("  it runs as {}/{number}", one.buyer));
        }
        let index = one.resource.unwrap();
        let buyer = &mut self.buyers[one.buyer];
        let ran = buyer.stopped(index, now).is_none();
        let last = buyer.facts.resources[index].spans.last().unwrap().clone();
        let next = match one.change {
            Change::Limits(limits) => {
                let mut next = last;
                next.limits.extend(decimals(&limits));
                next
            }
            Change::Plan(plan) => Span {
                plan,
                promise,
                ..last
            },
            Change::Renew(months) => return buyer.renewed(index, promise, months),
            Change::End | Change::Begin { .. } => {
                buyer.gone.insert(index);
                let last = buyer.facts.resources[index].spans.last_mut().unwrap();
                last.until = last.until.or(Some(now));
                return;
            }
        };
        let spans = &mut buyer.facts.resources[index].spans;
        if let Some(last) = spans.last_mut().filter(|_| ran) {
            last.until = Some(now);
        }
        // What is changed after the last day counts from when it goes on.
        spans.push(Span {
            from: now,
            until: (!ran).then_some(now),
            ..next
        });
    }

    /// The provider reports, repeats or corrects.
    pub(crate) async fn report_use(&mut self) {
        let buyer = self.luck.index(self.buyers.len());
        if self.buyers[buyer].resources.is_empty() {
            return;
        }
        let resource = self.luck.index(self.buyers[buyer].resources.len());
        let mut lines = Vec::new();
        for _ in 0..=self.luck.below(3) {
            lines.push(self.line(buyer, resource));
        }
        let receipt = self
            .world
            .domain()
            .usage()
            .record(&self.provider.manager, lines.clone())
            .await;
        let receipt = match receipt {
            Ok(receipt) => receipt,
            Err(error) => return self.refuse("use", &DomainError::from(error).problem()),
        };
        for (line, outcome) in lines.iter().zip(&receipt.outcomes) {
            let (from, until) = (line.window_start, line.window_end);
            self.tell(&format!(
                "use of {buyer}/{resource}: {} {} {} from {from} to {until}: {outcome}",
                line.key, line.component, line.quantity
            ));
            if matches!(outcome, UsageOutcome::Recorded | UsageOutcome::Corrected) {
                let days = self.divided(buyer, line);
                let usage = &mut self.buyers[buyer].facts.resources[resource].usage;
                usage.retain(|known| known.key != line.key);
                usage.push(UsageFacts {
                    key: line.key.clone(),
                    component: line.component.clone(),
                    days,
                });
            }
        }
    }

    fn line(&mut self, buyer: usize, resource: usize) -> UsageReport {
        let facts = &self.buyers[buyer].facts.resources[resource];
        let born = facts.spans[0].from;
        let known = (!facts.usage.is_empty() && self.luck.chance(30))
            .then(|| self.luck.pick(&facts.usage).key.clone());
        let now = self.now();
        let age = ((now - born).num_minutes() + 600).max(1).cast_unsigned();
        let window_start = now - TimeDelta::minutes(self.luck.less::<i64>(age));
        let long = self.luck.chance(20);
        let length = 1 + self.luck.below(if long { 60 * 24 * 3 } else { 300 });
        self.keys += 1;
        let metered = self
            .wares
            .iter()
            .filter(|ware| ware.is_metered() || ware.code == "base");
        let mut codes: Vec<&str> = metered.map(|ware| ware.code).collect();
        codes.extend(["cpu", "net"]);
        UsageReport {
            resource_id: self.buyers[buyer].resources[resource],
            component: (*self.luck.pick(&codes)).into(),
            window_start,
            window_end: window_start + TimeDelta::minutes(length.cast_signed()),
            quantity: Fixed::from_nanos(self.luck.less::<i64>(30_000) * 1_000_000),
            key: known.unwrap_or_else(|| format!("k{}", self.keys)),
            username: None,
        }
    }

    /// By time, of what was reached at the end of each day, in whole nanos.
    fn divided(&self, buyer: usize, line: &UsageReport) -> Vec<(NaiveDate, Decimal)> {
        let calendar = &self.buyers[buyer].facts.calendar;
        let length = Decimal::from((line.window_end - line.window_start).num_microseconds().unwrap());
        let (mut at, mut given, mut days) = (line.window_start, Decimal::ZERO, Vec::new());
        while at < line.window_end {
            let day = calendar.day(at);
            at = calendar.end(day).min(line.window_end);
            let elapsed = Decimal::from((at - line.window_start).num_microseconds().unwrap());
            let reached = (line.quantity.to_decimal() * elapsed / length).trunc_with_scale(9);
            days.push((day, reached - given));
            given = reached;
        }
        days
    }

    /// A buyer saves another time zone: it counts from the next month on, for nothing of this one may move.
    pub(crate) async fn move_away(&mut self) {
        let buyer = self.luck.index(self.buyers.len());
        let zone = *self.luck.pick(&super::market::ZONES);
        let (structure, owner) = (self.world.domain().structure(), self.owner(buyer));
        let mut detail = structure
            .organization(&owner, self.buyers[buyer].organization.id)
            .await
            .unwrap();
        detail.time_zone = zone.into();
        self.tell(&format!("buyer {buyer} moves to {zone}"));
        match structure.edit_organization(&owner, detail).await {
            Ok(()) => {
                let now = self.now();
                let facts = &mut self.buyers[buyer].facts;
                if facts.resources.is_empty() {
                    // Nothing was counted yet.
                    facts.calendar = testkit::reckoning::Calendar::new(zone);
                } else {
                    let month = model::Month::containing(facts.calendar.day(now)).next();
                    facts.calendar.move_to(month, zone);
                }
            }
            Err(error) => self.refuse("move", &DomainError::from(error).problem()),
        }
    }
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap()
}

fn decimals(limits: &BTreeMap<String, Fixed>) -> BTreeMap<String, Decimal> {
    limits
        .iter()
        .map(|(code, limit)| (code.clone(), limit.to_decimal()))
        .collect()
}
