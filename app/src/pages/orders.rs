//! Orders: the list and the page of one.

mod decide;
mod detail;
mod list;
pub(crate) mod requested;
mod steps;
pub(crate) mod sums;

pub use self::{
    detail::OrderPage,
    list::{OrderRows, OrdersPage},
};
