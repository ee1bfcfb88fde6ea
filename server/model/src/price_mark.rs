//! What prices somebody was shown, in few letters: a form sends it along, so that nobody orders at prices that changed since it
//! was drawn.

use uuid::Uuid;

use crate::pricing::QuoteRequest;
use crate::{Coming, OfferingDetail, Plan, SwitchablePlan};

impl OfferingDetail {
    /// The same text for the same prices and terms of all plans, in force or published to come; another one for others.
    pub fn price_mark(&self) -> String {
        let of_plan = |plan: &Plan| {
            let prices = plan.prices.iter().map(|one| version(&one.price.version));
            let to_come = plan.to_come.iter().map(|one| coming(&one.coming));
            let terms = (plan.billing_period, plan.proration, plan.charge_mode);
            let terms = number(&format!("{} {terms:?} {}", plan.id, plan.setup_fee));
            terms ^ prices.chain(to_come).fold(0, |all, one| all ^ one)
        };
        text(self.plans.iter().map(of_plan))
    }
}

/// The same of plans that a resource can be switched to.
pub fn price_mark_of_switch(plans: &[SwitchablePlan]) -> String {
    text(
        plans
            .iter()
            .map(|plan| of_request(&plan.terms) ^ number(&plan.id.to_string())),
    )
}

/// The same of anything that is quoted.
fn of_request(request: &QuoteRequest) -> u128 {
    let prices = request.components.iter().map(|one| version(&one.price.version));
    let to_come = request.to_come.iter().map(|one| coming(&one.coming));
    let terms = (request.every, request.proration, request.mode, request.currency);
    prices
        .chain(to_come)
        .fold(number(&format!("{terms:?} {}", request.setup_fee)), |all, one| {
            all ^ one
        })
}

fn coming(coming: &Coming) -> u128 {
    match coming {
        Coming::Price(priced) => version(&priced.price.version),
        Coming::Terms(terms) => number(&format!("{terms:?}")),
    }
}

/// A version of a price; what is none has no id.
fn version(id: &str) -> u128 {
    id.parse::<Uuid>().map_or_else(|_| number(id), |id| id.as_u128())
}

/// FNV-1a of 128 bits: nobody gains by finding two texts that are alike.
fn number(text: &str) -> u128 {
    let begin = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    text.bytes().fold(begin, |number: u128, byte| {
        (number ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

fn text(marks: impl Iterator<Item = u128>) -> String {
    let all = marks.fold(0, |all: u128, one| all.rotate_left(1) ^ one);
    format!("{all:032x}")
}
