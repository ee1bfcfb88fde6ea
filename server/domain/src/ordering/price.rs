//! Prices of orders: the versions an order is priced by, and what it comes to.

pub(super) mod cost;
pub(super) mod offer;
pub(super) mod quote;
