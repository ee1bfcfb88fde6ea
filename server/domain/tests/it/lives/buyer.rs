//! When what a buyer has stops and goes on.

use chrono::{DateTime, Months, NaiveDate, Utc};
use model::Month;
use testkit::reckoning::{Promise, Span, TermFacts};

use super::life::Buyer;

impl Buyer {
    /// Where the last day of a resource is over, that of its last span; answers when it stopped.
    pub(crate) fn stopped(&mut self, index: usize, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let facts = &mut self.facts.resources[index];
        let end = facts
            .last_day
            .map(|day| self.facts.calendar.end(day))
            .filter(|end| *end <= now);
        let last = facts.spans.last_mut().unwrap();
        if let (None, Some(end)) = (last.until, end) {
            last.until = Some(end.max(last.from));
        }
        last.until
    }

    /// What had stopped begins again now.
    pub(crate) fn goes_on(&mut self, index: usize, now: DateTime<Utc>) {
        if self.stopped(index, now).is_some() {
            let spans = &mut self.facts.resources[index].spans;
            let last = spans.last().unwrap().clone();
            spans.push(Span {
                from: now,
                until: None,
                ..last
            });
        }
    }

    /// Another term, after the last one or from today.
    pub(crate) fn renewed(&mut self, index: usize, promise: Promise, months: u32) {
        self.goes_on(index, promise.begun);
        let today = self.facts.calendar.day(promise.begun);
        let facts = &mut self.facts.resources[index];
        let first = facts.terms.last().map_or(today, |last| last.end.max(today));
        let from = counted_from(&facts.terms, first);
        let end = term_end((from, first), months, self.project_end);
        let last = facts.spans.last().unwrap();
        let (plan, limits) = (last.plan, last.limits.clone());
        facts.terms.push(TermFacts {
            promise,
            plan,
            first,
            end,
            limits,
        });
        self.ends(index, end.pred_opt());
    }

    /// The last day of a resource is its own or the project's, whichever is earlier.
    pub(crate) fn ends(&mut self, index: usize, own: Option<NaiveDate>) {
        self.own_ends[index] = own;
        let ends = [own, self.project_end];
        self.facts.resources[index].last_day = ends.into_iter().flatten().min();
    }

    /// Nothing of it lived in the month.
    pub(crate) fn is_idle(&self, month: Month) -> bool {
        let (start, end) = (
            self.facts.calendar.start(month.first_day()),
            self.facts.calendar.end(month.last_day()),
        );
        let mut spans = self.facts.resources.iter().flat_map(|one| &one.spans);
        !spans.any(|span| span.from < end && span.until.is_none_or(|until| until > start))
    }
}

/// From when on the months of a further term are counted: the first day of the first of the terms that it goes on from.
fn counted_from(terms: &[TermFacts], first: NaiveDate) -> NaiveDate {
    let mut ends = terms.iter().skip(1).map(|term| term.first).chain([first]);
    terms
        .iter()
        .fold(terms.first().map_or(first, |term| term.first), |from, term| {
            let begins = ends.next().unwrap();
            let whole = whole_months(from, begins).is_some();
            if whole && term.end == begins { from } else { begins }
        })
}

/// How many months lead from one day to the other, where only months do.
fn whole_months(from: NaiveDate, to: NaiveDate) -> Option<u32> {
    (0..2_000).find(|months| from.checked_add_months(Months::new(*months)) == Some(to))
}

/// The day after the last of a term that is counted from a day and begins on another: the project's last day is the last one
/// that anybody has of it.
pub(crate) fn term_end(
    (from, first): (NaiveDate, NaiveDate),
    months: u32,
    project_end: Option<NaiveDate>,
) -> NaiveDate {
    let gone = whole_months(from, first).unwrap();
    let whole = from.checked_add_months(Months::new(gone + months)).unwrap();
    match project_end.and_then(|last| last.succ_opt()) {
        Some(after) if after < first => first,
        Some(after) if after < whole => after,
        _ => whole,
    }
}
