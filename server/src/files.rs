//! Downloads and event streams behind a session: the PDF of an invoice, the progress of an order or resource.

mod events;
mod invoice_pdf;
mod streams;

use axum::{Router, routing::get};

pub(crate) use self::streams::Streams;
use crate::state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/invoices/{id}/pdf", get(invoice_pdf::download))
        .route("/events/orders/{id}", get(events::order))
        .route("/events/resources/{id}", get(events::resource))
}
