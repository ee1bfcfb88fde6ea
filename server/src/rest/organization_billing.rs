//! What organizations are on documents, what stands on their accounts, and what keeps a month from being invoiced.

use model::{CloseFailure, OrganizationId, OrganizationVersion, Page, UnverifiedOrganization};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Json,
    extract::{Body, Caller, IdOf, Parameters, Services},
    queries::PageQuery,
    shapes::account::AccountStatement,
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_organization_versions))
        .routes(routes!(list_unverified_organizations))
        .routes(routes!(verify_organization))
        .routes(routes!(list_accounts))
        .routes(routes!(list_billing_faults))
}

/// Lists what an organization was on documents, newest first.
#[utoipa::path(get, path = "/organizations/{id}/versions", tag = "Structure", params(("id" = OrganizationId, Path)),
    responses((status = 200, body = Vec<OrganizationVersion>)))]
async fn list_organization_versions(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrganizationId>,
) -> Result<Json<Vec<OrganizationVersion>>, ApiProblem> {
    Ok(Json(domain.structure().organization_versions(&actor, id).await?))
}

/// Lists the organizations whose country or VAT number waits to be confirmed, where that can change any tax; for staff
/// and support.
#[utoipa::path(get, path = "/unverified-organizations", tag = "Structure",
    responses((status = 200, body = Vec<UnverifiedOrganization>)))]
async fn list_unverified_organizations(
    Services(domain): Services,
    Caller(actor): Caller,
) -> Result<Json<Vec<UnverifiedOrganization>>, ApiProblem> {
    Ok(Json(domain.structure().unverified_organizations(&actor).await?))
}

/// What was compared with the register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Verification {
    /// The country that was looked at, ISO 3166-1 alpha-2.
    country: String,
    /// The VAT number that was looked at; null for the country alone.
    vat_number: Option<String>,
}

/// Confirms country and VAT number of an organization, from the first month on that is over nowhere on Earth; for staff. Refused
/// where they changed since.
#[utoipa::path(post, path = "/organizations/{id}/verification", tag = "Structure", params(("id" = OrganizationId, Path)),
    request_body = Verification, responses((status = 200, body = Vec<OrganizationVersion>)),
    extensions(("x-problems" = json!(["organization_changed", "nothing_to_verify"]))))]
async fn verify_organization(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrganizationId>,
    Body(seen): Body<Verification>,
) -> Result<Json<Vec<OrganizationVersion>>, ApiProblem> {
    let structure = domain.structure();
    structure
        .verify_organization(
            &actor,
            id,
            &seen.country,
            seen.vat_number.as_deref().unwrap_or_default(),
        )
        .await?;
    Ok(Json(structure.organization_versions(&actor, id).await?))
}

/// Whose accounts are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountQuery {
    /// Only of this buyer.
    organization: Option<OrganizationId>,
    /// The `next` of the page before.
    #[param(max_length = 500)]
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

/// Lists the accounts that you may see: what credit notes granted and invoices used, by buyer, seller and currency.
#[utoipa::path(get, path = "/accounts", tag = "Billing", params(AccountQuery),
    responses((status = 200, body = Page<AccountStatement>)))]
async fn list_accounts(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<AccountQuery>,
) -> Result<Json<Page<AccountStatement>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    let accounts = domain
        .billing()
        .accounts(&actor, query.organization, page)
        .await?;
    Ok(Json(accounts.map(AccountStatement::from)))
}

/// Whose faults are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FaultQuery {
    /// Only of this provider; without it of all, for staff and support.
    provider: Option<OrganizationId>,
}

/// Lists whose month cannot be invoiced as things are, with what to correct; for staff and support, and for a provider its own.
#[utoipa::path(get, path = "/billing-faults", tag = "Billing", params(FaultQuery),
    responses((status = 200, body = Vec<CloseFailure>)))]
async fn list_billing_faults(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<FaultQuery>,
) -> Result<Json<Vec<CloseFailure>>, ApiProblem> {
    Ok(Json(domain.billing().faults(&actor, query.provider).await?))
}
