//! Invoices and the close of a month.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{
    Domain,
    billing::{CloseReport, InvoiceFilter},
};
use http::header;
use model::{
    InvoiceDocument, InvoiceId, InvoiceState, InvoiceSummary, Kind, Month, OrganizationId, Page, Problem,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Json,
    extract::{Caller, IdOf, Parameters},
    problem::Refusals,
    queries::PageQuery,
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read))
        .routes(routes!(pdf))
        .routes(routes!(close))
}

/// Which invoices are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct InvoiceQuery {
    /// Only to this organization.
    organization: Option<OrganizationId>,
    /// Only from this provider.
    provider: Option<OrganizationId>,
    /// Only of this month, as 2026-10.
    month: Option<Month>,
    /// Only in this state.
    state: Option<InvoiceState>,
    /// The `next` of the page before.
    #[param(max_length = 500)]
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

/// Lists the invoices that you may see, newest month first.
#[utoipa::path(get, path = "/invoices", tag = "Billing", params(InvoiceQuery),
    responses((status = 200, body = Page<InvoiceSummary>), Refusals))]
async fn list(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    Parameters(query): Parameters<InvoiceQuery>,
) -> Result<Json<Page<InvoiceSummary>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    let filter = InvoiceFilter {
        organization: query.organization,
        provider: query.provider,
        month: query.month,
        state: query.state,
    };
    Ok(Json(domain.billing().invoices(&actor, &filter, page).await?))
}

/// Reads an invoice with its lines and how each amount came about.
#[utoipa::path(get, path = "/invoices/{id}", tag = "Billing", params(("id" = InvoiceId, Path)),
    responses((status = 200, body = InvoiceDocument), Refusals))]
async fn read(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<InvoiceId>,
) -> Result<Json<InvoiceDocument>, ApiProblem> {
    Ok(Json(domain.billing().invoice(&actor, id).await?))
}

/// Downloads the PDF of an issued invoice.
#[utoipa::path(get, path = "/invoices/{id}/pdf", tag = "Billing", params(("id" = InvoiceId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), Refusals))]
async fn pdf(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<InvoiceId>,
) -> Result<Response, ApiProblem> {
    match domain.billing().pdf(&actor, id).await? {
        Some(pdf) => Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf.bytes).into_response()),
        None => Err(ApiProblem(Problem::plain(
            Kind::NotFound,
            "pdf_not_ready",
            "The PDF of this invoice is not ready. It is made soon after the invoice is issued.",
        ))),
    }
}

/// Closes a month that is over, and months before it that are open: issues their documents. Doing it twice changes
/// nothing. `failed` names those whose charges cannot be computed, and what to correct.
#[utoipa::path(post, path = "/months/{month}/close", tag = "Billing",
    params(("month" = Month, Path, description = "The month, as 2026-10.")),
    responses((status = 200, body = CloseReport), Refusals))]
async fn close(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(month): IdOf<Month>,
) -> Result<Json<CloseReport>, ApiProblem> {
    Ok(Json(domain.billing().close(&actor, month).await?))
}
