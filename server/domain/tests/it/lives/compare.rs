//! Closing, and what must be true after it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use domain::billing::InvoiceFilter;
use domain::{Actor, DomainError};
use model::{Currency, InvoiceDocument, InvoiceState, Month, PageRequest};
use rust_decimal::Decimal;
use testkit::reckoning::Owed;

use super::life::Life;

/// Buyer, resource, component and currency.
type Place = (usize, usize, String, Currency);

impl Life<'_> {
    /// Some of the months that are over, in any order.
    pub(crate) async fn close_some(&mut self) -> Result<(), String> {
        if self.unclosed.is_empty() {
            return Ok(());
        }
        let index = self.luck.index(self.unclosed.len());
        let month = self.unclosed.remove(index);
        self.close(month).await
    }

    pub(crate) async fn close_all(&mut self) -> Result<(), String> {
        while !self.unclosed.is_empty() {
            self.close_some().await?;
        }
        self.verify("the end").await
    }

    /// The check of the invariants is silent.
    async fn verify(&mut self, after: &str) -> Result<(), String> {
        self.look().await;
        let findings = self.world.operations().verify().run().await.unwrap();
        if findings.is_empty() {
            return Ok(());
        }
        Err(format!("after {after} the check says: {findings:#?}"))
    }

    async fn close(&mut self, month: Month) -> Result<(), String> {
        self.tell(&format!("{month} is closed"));
        match self.world.domain().billing().close(&Actor::system(), month).await {
            Ok(report) if report.failed.is_empty() => {}
            Ok(report) => return Err(format!("closing {month}: {:#?}", report.failed)),
            Err(error) => {
                let problem = DomainError::from(error).problem();
                self.unclosed.push(month);
                self.refuse("close", &problem);
                return if problem.code == "month_not_over" {
                    Ok(())
                } else {
                    Err(problem.detail)
                };
            }
        }
        // Whatever is open before it is closed with it, in order.
        let mut months: Vec<Month> = self
            .unclosed
            .iter()
            .copied()
            .filter(|open| *open < month)
            .collect();
        self.unclosed.retain(|open| *open > month);
        months.push(month);
        months.sort_unstable();
        let documents = self.all_issued().await;
        self.unmoved(&documents)?;
        let known = self.issued.len();
        let fresh: Vec<InvoiceDocument> = documents
            .iter()
            .filter(|one| self.issued.iter().all(|old| old.id != one.id))
            .cloned()
            .collect();
        self.issued.extend(fresh);
        self.inform();
        let mut owed: Vec<(Month, usize, Owed)> = Vec::new();
        for month in &months {
            for buyer in 0..self.buyers.len() {
                let lines = self.buyers[buyer].facts.close(*month);
                owed.extend(lines.into_iter().map(|line| (*month, buyer, line)));
            }
        }
        for document in &self.issued[known..] {
            self.parties.check(self.provider.id, document)?;
        }
        self.no_tax_is_given_back_that_was_not_charged()?;
        for buyer in 0..self.buyers.len() {
            // Late use stands on the first open month in which something lived; the reckoning knows of no such month.
            let idle = months.iter().any(|month| self.buyers[buyer].is_idle(*month));
            let together = if idle { months.len() } else { 1 };
            for some in months.chunks(together) {
                self.compare(some, buyer, &self.issued[known..], &owed)?;
            }
        }
        if let Some(late) = self.issued[known..].iter().find(|one| one.month > month) {
            return Err(format!(
                "{:?} is of {}, which was not to be closed",
                late.number, late.month
            ));
        }
        if self.luck.chance(25) {
            self.verify(&format!("closing {month}")).await?;
        }
        Ok(())
    }

    async fn all_issued(&self) -> Vec<InvoiceDocument> {
        let billing = self.world.domain().billing();
        let filter = InvoiceFilter {
            state: Some(InvoiceState::Issued),
            ..Default::default()
        };
        let mut documents = Vec::new();
        let mut request = PageRequest::first(PageRequest::MOST);
        loop {
            let page = billing
                .invoices(&Actor::system(), &filter, request)
                .await
                .unwrap();
            for row in page.items {
                documents.push(billing.invoice(&Actor::system(), row.id).await.unwrap());
            }
            match page.next {
                Some(next) => {
                    request = PageRequest {
                        cursor: Some(next),
                        ..PageRequest::first(PageRequest::MOST)
                    }
                }
                None => return documents,
            }
        }
    }

    /// What was issued stays as it is.
    fn unmoved(&self, documents: &[InvoiceDocument]) -> Result<(), String> {
        for old in &self.issued {
            let now = documents.iter().find(|one| one.id == old.id);
            if now != Some(old) {
                return Err(format!(
                    "{:?} was issued and changed:\n{old:#?}\n{now:#?}",
                    old.number
                ));
            }
        }
        Ok(())
    }

    /// All documents together charge something of each thing at each tax, or nothing; up to a cent for each rounding.
    fn no_tax_is_given_back_that_was_not_charged(&self) -> Result<(), String> {
        let mut sums: BTreeMap<_, (Decimal, Decimal)> = BTreeMap::new();
        for document in &self.issued {
            for line in &document.lines {
                let thing = (
                    line.resource_id,
                    &line.component,
                    document.currency.code(),
                    line.tax.label(),
                );
                let (sum, cents) = sums.entry(thing).or_default();
                *sum += line.amount.to_decimal();
                *cents += Decimal::new(1, document.currency.minor_unit());
            }
        }
        let wrong = sums.iter().find(|(_, (sum, cents))| sum + cents < Decimal::ZERO);
        wrong.map_or(Ok(()), |(thing, (sum, _))| {
            Err(format!("{sum} is given back of {thing:?} in all"))
        })
    }

    /// What stands on the documents of a buyer for these months is what is owed.
    fn compare(
        &self,
        months: &[Month],
        buyer: usize,
        documents: &[InvoiceDocument],
        owed: &[(Month, usize, Owed)],
    ) -> Result<(), String> {
        let one = &self.buyers[buyer];
        let of_buyer = |document: &&InvoiceDocument| {
            document.organization_id == one.organization.id && months.contains(&document.month)
        };
        let documents: Vec<InvoiceDocument> = documents.iter().filter(of_buyer).cloned().collect();
        let mut stands: BTreeMap<Place, Decimal> = BTreeMap::new();
        // What is given back at the tax as it was billed has a line of its own, rounded by itself; the reckoning rounds their sum.
        let mut taxes: BTreeMap<Place, (BTreeSet<String>, Decimal)> = BTreeMap::new();
        for document in &documents {
            for line in &document.lines {
                let id = line.resource_id.unwrap();
                let resource = one.resources.iter().position(|known| *known == id).unwrap();
                let place = (buyer, resource, line.component.clone(), document.currency);
                *stands.entry(place.clone()).or_default() += line.amount.to_decimal();
                let (labels, cents) = taxes.entry(place).or_default();
                labels.insert(line.tax.label());
                *cents += Decimal::new(1, document.currency.minor_unit());
            }
        }
        let mut expected: BTreeMap<Place, (Decimal, String)> = BTreeMap::new();
        let owed = owed
            .iter()
            .filter(|(month, whose, _)| *whose == buyer && months.contains(month));
        for (_, _, line) in owed {
            let place = (buyer, line.resource, line.component.clone(), line.currency);
            let (sum, why) = expected.entry(place).or_default();
            *sum += line.amount;
            write!(why, "\n      {} {}", line.amount, line.why).unwrap();
        }
        let places: BTreeSet<&Place> = stands.keys().chain(expected.keys()).collect();
        let mut wrong = Vec::new();
        for place in places {
            let stands = stands.get(place).copied().unwrap_or_default();
            let (right, why) = expected.get(place).cloned().unwrap_or_default();
            let apart = taxes.get(place).filter(|(labels, _)| labels.len() > 1);
            let allowed = apart.map_or(Decimal::ZERO, |(labels, cents)| {
                cents - cents / Decimal::from(labels.len())
            });
            if (stands - right).abs() > allowed {
                let (buyer, resource, component, currency) = place;
                wrong.push(format!(
                    "  {months:?} buyer {buyer} resource {resource} {component} {currency}: {stands} stands, {right} is right:{why}{}",
                    sentences(&documents, component)
                ));
            }
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(wrong.join("\n"))
        }
    }
}

fn sentences(documents: &[InvoiceDocument], component: &str) -> String {
    let lines = documents
        .iter()
        .flat_map(|one| &one.lines)
        .filter(|line| line.component == component);
    let mut text = String::new();
    for line in lines {
        let (of, sentence) = (&line.description, line.derivation.sentence());
        write!(text, "\n      stands: {of} {sentence} = {}", line.amount).unwrap();
    }
    text
}
