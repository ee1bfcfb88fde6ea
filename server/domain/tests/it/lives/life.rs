//! One life: its people, and what is known of them by the reckoning.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::{Actor, Clock};
use model::{Currency, Fixed, InvoiceDocument, Month, OrderId, PlanDraft, PlanId, ResourceId};
use testkit::reckoning::{Calendar, Facts, PlanFacts};
use testkit::{Offering, Project, Provider, World};

use super::luck::Luck;
use super::market::{self, Ware, ZONES};
use super::parties::Parties;

/// Who buys, and what the reckoning knows of them.
pub(crate) struct Buyer {
    pub(crate) organization: testkit::Buyer,
    pub(crate) project: Project,
    /// The last day of the project.
    pub(crate) project_end: Option<NaiveDate>,
    /// Orders in the project, and asks for approval.
    pub(crate) member: Actor,
    pub(crate) facts: Facts,
    pub(crate) resources: Vec<ResourceId>,
    /// The last day of each resource, whatever the project's is.
    pub(crate) own_ends: Vec<Option<NaiveDate>>,
    /// Places of those that are gone.
    pub(crate) gone: BTreeSet<usize>,
}

/// An order that waits for its day, for approval or for the backend.
pub(crate) struct Pending {
    pub(crate) order: OrderId,
    pub(crate) buyer: usize,
    /// Of an order for something new, its place once it is there.
    pub(crate) resource: Option<usize>,
    pub(crate) ordered: DateTime<Utc>,
    pub(crate) change: Change,
}

pub(crate) enum Change {
    Begin {
        plan: usize,
        limits: BTreeMap<String, Fixed>,
        months: Option<u32>,
        last_day: Option<NaiveDate>,
    },
    Limits(BTreeMap<String, Fixed>),
    Plan(usize),
    Renew(u32),
    End,
}

/// A plan, with what the reckoning and the generator know of it.
pub(crate) struct Plan {
    pub(crate) id: PlanId,
    pub(crate) facts: PlanFacts,
    /// Of its prices and terms, in the order of the facts.
    pub(crate) prices: Vec<model::PriceId>,
    pub(crate) terms: Vec<model::TermsId>,
    /// An order has named it.
    pub(crate) ordered: bool,
    pub(crate) archived: bool,
}

pub(crate) struct Life<'w> {
    pub(crate) world: &'w World,
    pub(crate) luck: Luck,
    pub(crate) provider: Provider,
    pub(crate) staff: Actor,
    /// The seller's midnights are the first instants of prices.
    pub(crate) seller: Calendar,
    pub(crate) parties: Parties,
    pub(crate) offering: Offering,
    pub(crate) wares: Vec<Ware>,
    /// What may still be added.
    pub(crate) unsold: Vec<Ware>,
    pub(crate) plans: Vec<Plan>,
    pub(crate) buyers: Vec<Buyer>,
    pub(crate) pending: Vec<Pending>,
    /// What a backend failed to do, and may be tried again.
    pub(crate) failed: Vec<Pending>,
    pub(crate) issued: Vec<InvoiceDocument>,
    /// Months that nobody has closed yet.
    pub(crate) unclosed: Vec<Month>,
    pub(crate) keys: u64,
    pub(crate) first_month: Month,
    story: String,
    refused: BTreeMap<String, u64>,
}

impl<'w> Life<'w> {
    pub(crate) async fn begin(world: &'w World, seed: u64) -> Self {
        world.leaves_jobs();
        let mut luck = Luck::new(seed);
        let start = start(&mut luck);
        world.clock().set(&start.to_rfc3339());
        let seller_zone = *luck.pick(&ZONES);
        let (wares, unsold) = market::wares(&mut luck);
        let provider = world.provider().in_time_zone(seller_zone).await;
        let first = market::plan(&mut luck, "Plan 0", &wares);
        let draft = first.clone();
        // The kit prices whatever it sells.
        let mut offering = world.offering(&provider).in_plan(|plan| {
            *plan = PlanDraft {
                prices: Vec::new(),
                ..draft
            }
        });
        for (ware, price) in wares.iter().zip(&first.prices) {
            offering = offering.selling(ware.sold(&wares).priced(price.scheme.clone()));
        }
        let offering = offering.await;
        let mut life = Self {
            world,
            luck,
            staff: world.staff().await,
            seller: Calendar::new(seller_zone),
            parties: Parties::default(),
            provider,
            wares,
            unsold,
            plans: vec![Plan::new(offering.plan, first.currency)],
            offering,
            buyers: Vec::new(),
            pending: Vec::new(),
            failed: Vec::new(),
            issued: Vec::new(),
            unclosed: Vec::new(),
            keys: 0,
            first_month: Month::containing(start.date_naive()).prev(),
            story: String::new(),
            refused: BTreeMap::new(),
        };
        life.tell(&format!("seed {seed}; the seller lives in {seller_zone}"));
        life.parties.sells(&life.provider);
        life.add_plans().await;
        life.add_buyers().await;
        life.give_grace().await;
        life
    }

    async fn add_plans(&mut self) {
        for number in 1..=1 + self.luck.below(2) {
            let draft = market::plan(&mut self.luck, &format!("Plan {number}"), &self.wares);
            let currency = draft.currency;
            let catalogue = self.world.domain().catalogue();
            let id = catalogue
                .save_plan(&self.provider.manager, self.offering.id, None, draft)
                .await;
            self.plans.push(Plan::new(id.unwrap(), currency));
        }
        for plan in 0..self.plans.len() {
            self.take_note(plan).await.unwrap();
        }
    }

    async fn add_buyers(&mut self) {
        for _ in 0..=self.luck.below(2) {
            let zone = *self.luck.pick(&ZONES);
            let organization = self.world.buyer().await;
            self.world.was_always_in_zone(organization.id, zone).await;
            let project = self.world.project(&organization).await;
            let member = self.world.member(&project).await;
            self.parties.buys(&organization);
            self.tell(&format!("buyer {} lives in {zone}", self.buyers.len()));
            self.buyers.push(Buyer {
                organization,
                project,
                project_end: None,
                member,
                facts: Facts::new(Calendar::new(zone)),
                resources: Vec::new(),
                own_ends: Vec::new(),
                gone: BTreeSet::new(),
            });
        }
    }

    /// What the reckoning must know of the seller before it reckons.
    pub(crate) fn inform(&mut self) {
        for buyer in &mut self.buyers {
            buyer.facts.components = self.wares.iter().map(|ware| ware.facts(&self.wares)).collect();
            buyer.facts.plans = self.plans.iter().map(|plan| plan.facts.clone()).collect();
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.world.clock().now()
    }

    pub(crate) fn tell(&mut self, line: &str) {
        let now = self.now();
        writeln!(self.story, "{} {line}", now.format("%Y-%m-%dT%H:%M:%SZ")).unwrap();
    }

    pub(crate) fn refuse(&mut self, what: &str, problem: &model::Problem) {
        let faults: Vec<String> = problem
            .fields
            .iter()
            .map(|fault| format!("{} {}", fault.path, fault.code))
            .collect();
        let line = format!("{what}: {} {}", problem.code, faults.join(", "));
        self.tell(&format!("  refused {line}: {}", problem.detail));
        *self.refused.entry(line).or_default() += 1;
    }

    pub(crate) fn story(&self) -> &str {
        &self.story
    }

    pub(crate) fn documents(&self) -> u64 {
        self.issued.len() as u64
    }

    pub(crate) fn refusals(&self) -> &BTreeMap<String, u64> {
        &self.refused
    }

    pub(crate) fn owner(&self, buyer: usize) -> Actor {
        self.buyers[buyer].organization.owner.clone()
    }

    pub(crate) fn is_prepaid(&self) -> bool {
        self.wares.iter().any(|ware| ware.prepaid)
    }
}

impl Plan {
    fn new(id: PlanId, currency: Currency) -> Self {
        Self {
            id,
            facts: PlanFacts {
                currency,
                terms: Vec::new(),
                prices: Vec::new(),
            },
            prices: Vec::new(),
            terms: Vec::new(),
            ordered: false,
            archived: false,
        }
    }
}

/// Mostly these years, sometimes the winter in which Samoa skipped a day.
fn start(luck: &mut Luck) -> DateTime<Utc> {
    let first: NaiveDate = if luck.chance(10) {
        "2011-10-20"
    } else {
        "2024-01-10"
    }
    .parse()
    .unwrap();
    let days = if first < "2012-01-01".parse().unwrap() {
        40
    } else {
        900
    };
    let day = first.checked_add_days(Days::new(luck.below(days))).unwrap();
    let time = day.and_hms_opt(luck.less::<u32>(24), luck.less::<u32>(60), 0);
    time.unwrap().and_utc() + TimeDelta::zero()
}

/// A limit's name for the story.
pub(crate) fn shown(limits: &BTreeMap<String, Fixed>) -> String {
    let each: Vec<String> = limits
        .iter()
        .map(|(code, limit)| format!("{code} {limit}"))
        .collect();
    each.join(", ")
}
