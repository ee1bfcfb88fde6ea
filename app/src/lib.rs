//! `app`: everything a browser shows. Pages are components that the server renders to complete HTML; what needs the browser
//! is an island. With `ssr` it also holds the server functions; with `hydrate` it is the wasm entry.
//!
//! It must not know: tables, plugins, how money is computed. With `ssr` it asks `domain`; in the browser it sees only `model`.
//! Start reading at `router.rs` (what is where), then `components.rs` (what pages are made of).

#![recursion_limit = "256"]
#![expect(
    unreachable_pub,
    reason = "components and islands make public items of their own beside each function"
)]

pub mod address;
pub mod api_reference;
pub mod appearance;
pub mod calculator;
pub mod components;
pub mod error;
pub mod form;
pub mod islands;
pub mod offering_form;
pub mod order_filters;
pub mod order_form;
pub mod page;
pub mod pages;
pub mod reply;
pub mod router;
pub mod routes;
pub mod server_fns;
mod shell;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod theme_cookie;
pub mod usage_report;

pub use self::{router::App, shell::shell};

/// Wakes the islands of a page. Called by the script that `shell` puts into the head.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
