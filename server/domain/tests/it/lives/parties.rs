//! What buyers and the seller are on documents, and which tax that makes: what is saved counts from the month that has
//! begun anywhere on earth.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::DomainError;
use model::{InvoiceDocument, Month, OrganizationId, Party};
use rust_decimal::{Decimal, RoundingStrategy};
use testkit::Provider;

use super::life::Life;
use crate::billing::deal::fixed;

#[derive(Debug, Clone, Default, PartialEq)]
struct Facts {
    name: String,
    address: String,
    country: String,
    vat_number: String,
    verified: bool,
    percent: Decimal,
}

/// By organization: what it is from a month on, the latest last.
#[derive(Default)]
pub(crate) struct Parties(BTreeMap<OrganizationId, Vec<(Month, Facts)>>);

impl Parties {
    pub(crate) fn sells(&mut self, provider: &Provider) {
        let facts = Facts {
            name: provider.name.clone(),
            percent: Decimal::from(22),
            ..Facts::default()
        };
        self.0
            .insert(provider.id, vec![(Month::new(1, 1).unwrap(), facts)]);
    }

    pub(crate) fn buys(&mut self, organization: &testkit::Buyer) {
        let facts = Facts {
            name: organization.name.clone(),
            ..Facts::default()
        };
        self.0
            .insert(organization.id, vec![(Month::new(1, 1).unwrap(), facts)]);
    }

    fn last(&self, id: OrganizationId) -> &Facts {
        &self.0[&id].last().unwrap().1
    }

    fn keep(&mut self, id: OrganizationId, facts: Facts, now: DateTime<Utc>) {
        let month = Month::containing((now + TimeDelta::hours(14)).date_naive());
        let versions = self.0.get_mut(&id).unwrap();
        let last = &versions.last().unwrap().1;
        let same = (&last.country, &last.vat_number) == (&facts.country, &facts.vat_number);
        let facts = Facts {
            verified: facts.verified || (last.verified && same),
            ..facts
        };
        versions.retain(|(from, _)| *from < month);
        versions.push((month, facts));
    }

    fn on(&self, id: OrganizationId, month: Month) -> &Facts {
        let versions = &self.0[&id];
        &versions.iter().rev().find(|(from, _)| *from <= month).unwrap().1
    }

    /// Where staff has found a seller last, as of a month; nowhere if it never looked. What was replaced within its own
    /// month is as if it had not been.
    fn home(&self, seller: OrganizationId, month: Month) -> Option<&str> {
        let begun = self.0[&seller].iter().take_while(|(from, _)| *from <= month);
        let found = begun.filter(|(_, facts)| facts.verified && !facts.country.is_empty());
        found.last().map(|(_, facts)| facts.country.as_str())
    }

    /// A document shows what both were in its month, adds up, and its tax is rounded once.
    pub(crate) fn check(&self, seller: OrganizationId, document: &InvoiceDocument) -> Result<(), String> {
        let (sells, buys) = (
            self.on(seller, document.month),
            self.on(document.organization_id, document.month),
        );
        for (facts, printed) in [(sells, &document.seller), (buys, &document.buyer)] {
            if shown(facts) != shown_of(printed) {
                return Err(format!(
                    "{:?} names {printed:?}, {facts:?} is right",
                    document.number
                ));
            }
        }
        let of_month = tax(sells, self.home(seller, document.month), buys);
        let minor = document.currency.minor_unit();
        let net: Decimal = document.lines.iter().map(|line| line.amount.to_decimal()).sum();
        let mut bases: BTreeMap<(Decimal, bool), Decimal> = BTreeMap::new();
        for line in &document.lines {
            let stands = (line.tax.charged_percent().to_decimal(), line.tax.reverse_charge);
            // Only what an earlier document billed has the tax of that one.
            if stands != of_month && !line.description.ends_with("as billed then") {
                return Err(format!(
                    "{:?}: {} is taxed {stands:?}, {of_month:?} is right",
                    document.number, line.description
                ));
            }
            *bases.entry(stands).or_default() += line.amount.to_decimal();
        }
        let tax: Decimal = bases
            .iter()
            .map(|((percent, _), base)| {
                (base * percent / Decimal::from(100))
                    .round_dp_with_strategy(minor, RoundingStrategy::MidpointAwayFromZero)
            })
            .sum();
        let stands = (
            document.net.to_decimal(),
            document.tax.to_decimal(),
            document.total.to_decimal(),
        );
        if stands == (net, tax, net + tax) {
            return Ok(());
        }
        Err(format!(
            "{:?}: {stands:?} stands, {:?} is right",
            document.number,
            (net, tax, net + tax)
        ))
    }
}

fn shown(facts: &Facts) -> [&str; 4] {
    [&facts.name, &facts.address, &facts.country, &facts.vat_number]
}

fn shown_of(party: &Party) -> [&str; 4] {
    [&party.name, &party.address, &party.country, &party.vat_number]
}

/// Percent, and whether the buyer accounts for it. Only what staff has confirmed takes tax off: where the buyer is, where
/// the seller was found last (`home`), and the numbers of both as they stand.
fn tax(seller: &Facts, home: Option<&str>, buyer: &Facts) -> (Decimal, bool) {
    let charged = (seller.percent, false);
    let (Some(home), true) = (home, buyer.verified) else {
        return charged;
    };
    let union = |country: &str| model::vat::in_union(country);
    let numbered = |facts: &Facts| facts.verified && !facts.vat_number.is_empty();
    match (union(home), union(&buyer.country)) {
        _ if home == buyer.country => charged,
        (true, true) if numbered(seller) && numbered(buyer) => (Decimal::ZERO, true),
        (true, true) => charged,
        _ => (Decimal::ZERO, false),
    }
}

const TRADERS: [(&str, &str); 5] = [
    ("EE", "EE100931558"),
    ("DE", "DE811569869"),
    ("DE", "DE136695976"),
    ("DE", ""),
    ("CH", ""),
];

impl Life<'_> {
    /// Somebody has another name, address, country, number or rate; or staff confirms what was said.
    pub(crate) async fn edit_party(&mut self) {
        let buyer = self.luck.index(self.buyers.len());
        let sells = self.luck.chance(40);
        let id = if sells {
            self.provider.id
        } else {
            self.buyers[buyer].organization.id
        };
        let now = self.now();
        let structure = self.world.domain().structure();
        let mut facts = self.parties.last(id).clone();
        if self.luck.chance(40) && !facts.country.is_empty() && !facts.verified {
            self.tell(&format!("staff verifies {facts:?}"));
            let verified = structure.verify_organization(&self.staff, id, &facts.country, &facts.vat_number);
            match verified.await {
                Ok(_) => self.parties.keep(
                    id,
                    Facts {
                        verified: true,
                        ..facts
                    },
                    now,
                ),
                Err(error) => self.refuse("verify", &DomainError::from(error).problem()),
            }
            return;
        }
        let mut detail = structure.organization(&self.staff, id).await.unwrap();
        if self.luck.chance(40) {
            detail.legal_name = format!("Legal {}", self.luck.below(1_000));
            facts.name.clone_from(&detail.legal_name);
        }
        if self.luck.chance(40) {
            detail.address = format!("Street {}", self.luck.below(1_000));
            facts.address.clone_from(&detail.address);
        }
        if self.luck.chance(60) {
            let (country, number) = *self.luck.pick(&TRADERS);
            (detail.country, detail.vat_number) = (country.into(), number.into());
            (facts.country, facts.vat_number) = (country.into(), number.into());
        }
        if sells && self.luck.chance(50) {
            let percent = *self.luck.pick(&["22", "24", "0", "7.7"]);
            detail.tax_percent = fixed(percent);
            facts.percent = percent.parse().unwrap();
        }
        facts.verified = false;
        self.tell(&format!("organization {id} becomes {facts:?}"));
        let actor = if sells {
            self.staff.clone()
        } else {
            self.owner(buyer)
        };
        match structure.edit_organization(&actor, detail).await {
            Ok(()) => self.parties.keep(id, facts, now),
            Err(error) => self.refuse("party", &DomainError::from(error).problem()),
        }
    }
}
