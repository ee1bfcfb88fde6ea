//! What the seller does: prices and terms are published and taken back, components added, plans taken out of sale.

use chrono::{DateTime, Days, Utc};
use domain::DomainError;
use entity::{plan_price, plan_terms};
use model::{Fixed, PlanDraft, PriceDraft, PriceScheme, VersionState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use testkit::reckoning::{PriceFacts, TermsFacts};

use super::life::{Life, Plan};
use super::market;
use crate::billing::deal::{draft_of, fixed};

impl Life<'_> {
    /// Other prices and terms of a plan, from now or from a day on.
    pub(crate) async fn publish(&mut self) -> Result<(), String> {
        let plan = self.luck.index(self.plans.len());
        let Some(held) = self.draft(plan).await else {
            return Ok(());
        };
        let mut draft = held.clone();
        for price in &mut draft.prices {
            if self.luck.chance(40) {
                price.scheme = match (&price.scheme, self.luck.below(3)) {
                    (PriceScheme::PerUnit { price }, 0) => PriceScheme::PerUnit {
                        price: price.checked_div_rounded(Fixed::from(2)).unwrap(),
                    },
                    _ => market::scheme(&mut self.luck),
                };
            }
        }
        if self.luck.chance(25) {
            let fee: &str = self.luck.pick::<&str>(&["0", "12.5", "40"]);
            draft.setup_fee = fixed(fee);
        }
        if self.luck.chance(20) {
            draft.proration = market::proration(&mut self.luck);
        }
        if self.luck.chance(20) {
            draft.charge_mode = market::charge_mode(&mut self.luck);
        }
        if self.luck.chance(15) {
            draft.billing_period = market::period(&mut self.luck);
        }
        if self.luck.chance(20) {
            let prepaid = self.is_prepaid();
            draft.price_changes = market::price_changes(&mut self.luck, prepaid);
        }
        self.choose_a_day(&mut draft);
        self.save(plan, &held, draft).await
    }

    fn choose_a_day(&mut self, draft: &mut PlanDraft) {
        let today = self.seller.day(self.now());
        let in_days = self.luck.below(45);
        draft.valid_from = self
            .luck
            .chance(60)
            .then(|| today.checked_add_days(Days::new(in_days)).unwrap());
    }

    /// The plan as it is now, unless it was taken out of sale.
    async fn draft(&self, plan: usize) -> Option<PlanDraft> {
        let catalogue = self.world.domain().catalogue();
        let seen = catalogue
            .offering(Some(&self.provider.manager), &self.offering.slug)
            .await
            .unwrap();
        let shown = seen.plans.iter().find(|one| one.id == self.plans[plan].id)?;
        Some(draft_of(shown))
    }

    async fn save(&mut self, plan: usize, held: &PlanDraft, draft: PlanDraft) -> Result<(), String> {
        let draft = market::payable(draft);
        let changed: Vec<PriceDraft> = draft
            .prices
            .iter()
            .filter(|price| !held.prices.contains(price))
            .cloned()
            .collect();
        let codes: Vec<&str> = changed.iter().map(|price| price.component.as_str()).collect();
        self.tell(&format!(
            "plan {plan} is published with other prices of {codes:?} from {:?}",
            draft.valid_from
        ));
        let now = self.now();
        let from = draft
            .valid_from
            .map_or(now, |day| self.seller.start(day).max(now));
        let catalogue = self.world.domain().catalogue();
        let saved = catalogue.save_plan(
            &self.provider.manager,
            self.offering.id,
            Some(self.plans[plan].id),
            draft,
        );
        if let Err(error) = saved.await {
            self.refuse("publish", &DomainError::from(error).problem());
            return Ok(());
        }
        self.take_note(plan).await?;
        let known = &self.plans[plan].facts.prices;
        for price in changed {
            let of_component = known.iter().filter(|one| one.component == price.component);
            let counting = of_component.filter(|one| !one.withdrawn && one.from <= from);
            // What would have counted then anyway is not kept twice.
            let there = counting
                .max_by_key(|one| (one.from, one.saved))
                .is_some_and(|one| one.scheme == price.scheme);
            if !there {
                return Err(format!(
                    "the price of {} from {from} was not kept: {known:#?}",
                    price.component
                ));
            }
        }
        Ok(())
    }

    /// What was published and has not begun is taken back.
    pub(crate) async fn withdraw(&mut self) -> Result<(), String> {
        let plan = self.luck.index(self.plans.len());
        let (catalogue, manager) = (self.world.domain().catalogue(), self.provider.manager.clone());
        let (offering, id) = (self.offering.id, self.plans[plan].id);
        let history = catalogue.plan_history(&manager, offering, id).await.unwrap();
        let to_come: Vec<_> = history
            .versions
            .iter()
            .filter(|version| version.state == VersionState::ToCome)
            .collect();
        if to_come.is_empty() {
            return Ok(());
        }
        let version = *self.luck.pick(&to_come);
        self.tell(&format!(
            "of plan {plan} is taken back: {} {} from {}",
            version.name, version.text, version.starts_at
        ));
        if let Err(error) = catalogue
            .withdraw_plan_version(&manager, offering, id, version.id)
            .await
        {
            self.refuse("withdraw", &DomainError::from(error).problem());
        }
        self.take_note(plan).await
    }

    /// Something more is sold, in every plan.
    pub(crate) async fn add_ware(&mut self) -> Result<(), String> {
        let Some(ware) = self.unsold.pop() else {
            return Ok(());
        };
        self.tell(&format!("{} is added", ware.code));
        let (catalogue, manager) = (self.world.domain().catalogue(), self.provider.manager.clone());
        catalogue
            .pause(&manager, self.offering.id, "New parts")
            .await
            .unwrap();
        let sold = ware.sold(&self.wares);
        // What is paid up front names what bills the use beyond it, or does not, from its beginning.
        catalogue
            .save_component(&manager, self.offering.id, None, sold.component())
            .await
            .unwrap();
        self.wares.push(ware);
        for plan in 0..self.plans.len() {
            let Some(held) = self.draft(plan).await else {
                continue;
            };
            let scheme = market::scheme(&mut self.luck);
            let mut draft = held.clone();
            draft.prices.push(PriceDraft {
                component: ware.code.into(),
                scheme,
            });
            self.choose_a_day(&mut draft);
            self.save(plan, &held, draft).await?;
        }
        catalogue.resume(&manager, self.offering.id).await.unwrap();
        Ok(())
    }

    pub(crate) async fn archive_plan(&mut self) {
        let plan = self.luck.index(self.plans.len());
        if self.plans.iter().filter(|plan| !plan.archived).count() < 2 {
            return;
        }
        self.tell(&format!("plan {plan} is taken out of sale"));
        let (id, manager) = (self.plans[plan].id, &self.provider.manager);
        self.world
            .domain()
            .catalogue()
            .archive_plan(manager, self.offering.id, id)
            .await
            .unwrap();
        self.plans[plan].archived = true;
    }

    /// The versions as they are kept: what has begun is what it was, and what is new begins now or later.
    pub(crate) async fn take_note(&mut self, plan: usize) -> Result<(), String> {
        let now = self.now();
        let db = self.world.db();
        let own = plan_terms::Entity::find().filter(plan_terms::Column::PlanId.eq(self.plans[plan].id));
        let terms = own
            .order_by_asc(plan_terms::Column::Version)
            .all(db)
            .await
            .unwrap();
        let components = entity::component::Entity::find_of_offering(self.offering.id)
            .all(db)
            .await
            .unwrap();
        let own = plan_price::Entity::find().filter(plan_price::Column::PlanId.eq(self.plans[plan].id));
        let prices = own
            .order_by_asc(plan_price::Column::Version)
            .all(db)
            .await
            .unwrap();
        let code = |id| components.iter().find(|one| one.id == id).unwrap().code.clone();
        let terms = terms.iter().map(|row| (row.id, facts_of(row))).collect();
        let prices = prices
            .iter()
            .map(|row| (row.id, price_of(row, code(row.component_id))))
            .collect();
        let Plan {
            facts,
            prices: price_ids,
            terms: terms_ids,
            ordered,
            ..
        } = &mut self.plans[plan];
        let free = !*ordered;
        merge(terms_ids, &mut facts.terms, terms, (now, free))?;
        merge(price_ids, &mut facts.prices, prices, (now, free))
    }
}

/// A version of either kind.
trait Kept: PartialEq + std::fmt::Debug {
    fn instants(&self) -> (DateTime<Utc>, DateTime<Utc>);
    fn withdrawn(&mut self) -> &mut bool;
}

impl Kept for PriceFacts {
    fn instants(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.saved, self.from)
    }

    fn withdrawn(&mut self) -> &mut bool {
        &mut self.withdrawn
    }
}

impl Kept for TermsFacts {
    fn instants(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.saved, self.from)
    }

    fn withdrawn(&mut self) -> &mut bool {
        &mut self.withdrawn
    }
}

/// Takes over what is stored. Of a plan that nobody has ordered anything may be replaced.
fn merge<Id: PartialEq + Copy, V: Kept>(
    ids: &mut Vec<Id>,
    known: &mut Vec<V>,
    stored: Vec<(Id, V)>,
    (now, free): (DateTime<Utc>, bool),
) -> Result<(), String> {
    for (id, one) in ids.iter().zip(known.iter_mut()) {
        let found = stored.iter().find(|(other, _)| other == id).map(|(_, one)| one);
        match found {
            Some(found) if found == one => {}
            Some(found) => return Err(format!("a version was edited: {one:?} became {found:?}")),
            None if *one.withdrawn() => {}
            None if free || one.instants().1 > now => *one.withdrawn() = true,
            None => return Err(format!("a version that had begun is gone: {one:?}")),
        }
    }
    for (id, one) in stored {
        if ids.contains(&id) {
            continue;
        }
        let (saved, from) = one.instants();
        if saved != now || from < now {
            return Err(format!("a version begins before it was saved: {one:?}"));
        }
        ids.push(id);
        known.push(one);
    }
    Ok(())
}

fn facts_of(row: &plan_terms::Model) -> TermsFacts {
    let terms = row.terms();
    TermsFacts {
        from: row.starts_at,
        saved: row.created_at,
        every: terms.billing_period,
        proration: terms.proration,
        in_advance: terms.charge_mode == model::ChargeMode::Advance,
        setup: terms.setup_fee.to_decimal(),
        notice_days: terms.price_changes.notice_days().map(i64::from),
        withdrawn: false,
    }
}

fn price_of(row: &plan_price::Model, component: String) -> PriceFacts {
    PriceFacts {
        component,
        from: row.starts_at,
        saved: row.created_at,
        every: row.billing_period,
        scheme: row.price_scheme().unwrap(),
        withdrawn: false,
    }
}
