//! Downloads and event streams behind a session: the PDF of an invoice, the progress of an order or resource.

mod events;
mod invoice_pdf;
mod streams;

use axum::{
    Router,
    routing::{MethodRouter, get},
};

pub(crate) use self::streams::Streams;
use crate::state::AppState;

/// Every address, with what answers there.
fn handlers() -> impl Iterator<Item = (&'static str, MethodRouter<AppState>)> {
    [
        ("/invoices/{id}/pdf", get(invoice_pdf::download)),
        ("/events/orders/{id}", get(events::order)),
        ("/events/resources/{id}", get(events::resource)),
    ]
    .into_iter()
}

pub(crate) fn routes() -> Router<AppState> {
    handlers().fold(Router::new(), |router, (path, handler)| {
        router.route(path, handler)
    })
}

/// The addresses of downloads and event streams as the router has them, so that a test can ask for each.
pub fn file_paths() -> impl Iterator<Item = &'static str> {
    handlers().map(|(path, _)| path)
}
