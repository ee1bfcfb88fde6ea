//! Orders: the list and the page of one.

pub(crate) mod asked;
mod decide;
mod detail;
mod list;

pub use self::{
    detail::OrderPage,
    list::{OrderRows, OrdersPage},
};
