//! The marketplace: finding an offering, looking at it, ordering it.

mod compare_plans;
mod list;
mod offering;
mod order_fields;
mod order_form;
mod terms;
#[cfg(all(test, feature = "ssr"))]
mod tests;
mod tiles;

pub(crate) use self::order_fields::{limit_unit, plan_choice, range_text};
pub use self::{
    list::MarketplacePage,
    offering::OfferingPage,
    order_form::OrderFormPage,
    terms::TermsVersionPage,
    tiles::{CategoryTiles, OfferingTiles},
};
