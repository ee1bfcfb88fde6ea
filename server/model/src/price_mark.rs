//! What prices somebody was shown, in few letters: a form sends it along, so that nobody orders at prices that changed since it
//! was drawn. It is compared within one release only: a form that was open while the portal was replaced may be asked again.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::pricing::QuoteRequest;
use crate::{Coming, OfferingDetail, SwitchablePlan};

impl OfferingDetail {
    /// The same text for the same prices and terms of all plans, in force or published to come; another one for others.
    pub fn price_mark(&self) -> String {
        let mut mark = DefaultHasher::new();
        for plan in &self.plans {
            plan.id.hash(&mut mark);
            (
                plan.billing_period,
                plan.proration,
                plan.charge_mode,
                plan.setup_fee,
            )
                .hash(&mut mark);
            for price in &plan.prices {
                price.price.version.hash(&mut mark);
            }
            plan.to_come.iter().for_each(|one| add(&one.coming, &mut mark));
        }
        text(&mark)
    }
}

impl QuoteRequest {
    /// The same of what is quoted, whatever amounts are chosen.
    pub fn price_mark(&self) -> String {
        let mut mark = DefaultHasher::new();
        self.add_prices(&mut mark);
        text(&mark)
    }

    fn add_prices(&self, mark: &mut DefaultHasher) {
        (
            self.currency,
            self.every,
            self.proration,
            self.mode,
            self.setup_fee,
        )
            .hash(mark);
        for component in &self.components {
            component.price.version.hash(mark);
        }
        self.to_come.iter().for_each(|one| add(&one.coming, mark));
    }
}

/// The same of the plans that a resource can be switched to.
pub fn price_mark_of_switch(plans: &[SwitchablePlan]) -> String {
    let mut mark = DefaultHasher::new();
    for plan in plans {
        plan.id.hash(&mut mark);
        plan.terms.add_prices(&mut mark);
    }
    text(&mark)
}

fn add(coming: &Coming, mark: &mut DefaultHasher) {
    match coming {
        Coming::Price(priced) => priced.price.version.hash(mark),
        Coming::Terms(terms) => {
            (
                terms.billing_period,
                terms.proration,
                terms.charge_mode,
                terms.setup_fee,
            )
                .hash(mark);
        }
    }
}

fn text(mark: &DefaultHasher) -> String {
    format!("{:016x}", mark.finish())
}
