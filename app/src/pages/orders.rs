//! Orders: the list and the page of one.

mod decide;
mod detail;
mod list;
pub(crate) mod requested;

pub use self::{
    detail::OrderPage,
    list::{OrderRows, OrdersPage},
};
