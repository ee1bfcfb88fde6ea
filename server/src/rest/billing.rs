//! Invoices and the close of a month.

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::billing::InvoiceFilter;
use http::header;
use model::{
    InvoiceId, InvoiceState, Kind, Month, OrganizationId, Page, Problem, ProjectId, SortOrder, Spend,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Json,
    extract::{Caller, IdOf, Parameters, Services},
    queries::PageQuery,
    shapes::{
        account::CloseReport,
        invoice::{Invoice, Summary},
    },
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_invoices))
        .routes(routes!(get_invoice))
        .routes(routes!(download_invoice))
        .routes(routes!(get_spend))
        .routes(routes!(close_month))
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
    /// Only what was changed at this instant or later; with `sort=oldest` a way to follow what happens.
    updated_since: Option<DateTime<Utc>>,
    /// In which order.
    #[serde(default)]
    #[param(inline, default = "newest")]
    sort: SortOrder,
    /// The `next` of the page before.
    #[param(max_length = 500)]
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

/// Lists the invoices that you may see, newest month first.
#[utoipa::path(get, path = "/invoices", tag = "Billing", params(InvoiceQuery),
    responses((status = 200, body = Page<Summary>)))]
async fn list_invoices(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<InvoiceQuery>,
) -> Result<Json<Page<Summary>>, ApiProblem> {
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
        updated_since: query.updated_since,
        sort: query.sort,
    };
    let found = domain.billing().invoices(&actor, &filter, page).await?;
    Ok(Json(found.map(Summary::from)))
}

/// Reads an invoice with its lines and how each amount came about.
#[utoipa::path(get, path = "/invoices/{id}", tag = "Billing", params(("id" = InvoiceId, Path)),
    responses((status = 200, body = Invoice)))]
async fn get_invoice(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<InvoiceId>,
) -> Result<Json<Invoice>, ApiProblem> {
    Ok(Json(domain.billing().invoice(&actor, id).await?.into()))
}

/// Downloads the PDF of an issued invoice.
#[utoipa::path(get, path = "/invoices/{id}/pdf", tag = "Billing", params(("id" = InvoiceId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf",
        headers(("Content-Disposition" = String, description = "The name of the file.")))),
    extensions(("x-problems" = json!(["pdf_not_ready"]))))]
async fn download_invoice(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<InvoiceId>,
) -> Result<Response, ApiProblem> {
    match domain.billing().pdf(&actor, id).await? {
        Some(pdf) => {
            let name = format!("attachment; filename=\"{}\"", pdf.file_name);
            let headers = [
                (header::CONTENT_TYPE, "application/pdf".to_owned()),
                (header::CONTENT_DISPOSITION, name),
            ];
            Ok((headers, pdf.bytes).into_response())
        }
        None => Err(ApiProblem(Problem::plain(
            Kind::NotFound,
            "pdf_not_ready",
            "The PDF of this invoice is not ready. It is made soon after the invoice is issued.",
        ))),
    }
}

/// Whose cost is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SpendQuery {
    /// Of this organization.
    organization: Option<OrganizationId>,
    /// Of this project; of the organization, where that is named too.
    project: Option<ProjectId>,
}

/// Says what the running month has cost so far, by project; of everything that you may see when nothing is named.
#[utoipa::path(get, path = "/spend", tag = "Billing", params(SpendQuery),
    responses((status = 200, body = Spend)), extensions(("x-problems" = json!(["invalid_input", "unknown_time_zone", "amount_too_large"]))))]
async fn get_spend(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<SpendQuery>,
) -> Result<Json<Spend>, ApiProblem> {
    let scope = domain
        .access()
        .scope_within(&actor, query.organization, query.project)
        .await?;
    Ok(Json(domain.billing().spend(&actor, scope).await?))
}

/// Closes a month that is over, and months before it that are open: issues their documents. Doing it twice changes
/// nothing. `failed` names those whose charges cannot be computed, and what to correct.
#[utoipa::path(post, path = "/months/{month}/close", tag = "Billing",
    params(("month" = Month, Path, description = "The month, as 2026-10.")),
    responses((status = 200, body = CloseReport)),
    extensions(("x-problems" = json!(["month_not_over"]))))]
async fn close_month(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(month): IdOf<Month>,
) -> Result<Json<CloseReport>, ApiProblem> {
    Ok(Json(domain.billing().close(&actor, month).await?.into()))
}
