//! The catalogue, for buyers.

use axum::{extract::State, response::IntoResponse};
use domain::{Domain, catalogue::NewCategory};
use http::StatusCode;
use model::{CatalogueResult, CatalogueSearch, Category, CategoryId, OfferingDetail};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Json,
    extract::{Body, Caller, IdOf, Parameters},
    problem::Refusals,
    queries::{Made, PageQuery},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(categories, create_category))
        .routes(routes!(search))
        .routes(routes!(read))
}

/// Lists the categories.
#[utoipa::path(get, path = "/categories", tag = "Catalogue", responses((status = 200, body = Vec<Category>), Refusals))]
async fn categories(
    State(domain): State<Domain>,
    Caller(actor): Caller,
) -> Result<Json<Vec<Category>>, ApiProblem> {
    Ok(Json(domain.catalogue().categories(Some(&actor)).await?))
}

/// Makes a category at the end of the list; for staff.
#[utoipa::path(post, path = "/categories", tag = "Catalogue", request_body = NewCategory,
    responses((status = 201, body = Made<CategoryId>), Refusals))]
async fn create_category(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    Body(new): Body<NewCategory>,
) -> Result<impl IntoResponse, ApiProblem> {
    let id = domain.catalogue().create_category(&actor, new).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Words; all must occur.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
    /// Category slug.
    #[param(max_length = 100)]
    category: Option<String>,
    /// Provider slug.
    #[param(max_length = 100)]
    provider: Option<String>,
    /// Also count how many there are in all.
    #[serde(default)]
    total: bool,
    /// The `next` of the page before.
    #[param(max_length = 500)]
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

/// Searches the published offerings.
///
/// `f.<attribute>=<value>` narrows by an attribute of the category; several values are separated by commas.
#[utoipa::path(get, path = "/offerings", tag = "Catalogue", params(SearchQuery),
    responses((status = 200, body = CatalogueResult), Refusals))]
async fn search(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    Parameters(query): Parameters<SearchQuery>,
    Parameters(all): Parameters<Vec<(String, String)>>,
) -> Result<Json<CatalogueResult>, ApiProblem> {
    let facets = all.iter().filter_map(|(name, values)| {
        let key = name.strip_prefix("f.")?;
        Some((key.to_owned(), values.split(',').map(str::to_owned).collect()))
    });
    let wanted = CatalogueSearch {
        facets: facets.collect(),
        q: query.q,
        category: query.category,
        provider: query.provider,
        count: query.total,
    };
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    Ok(Json(
        domain.catalogue().search(Some(&actor), &wanted, &page).await?,
    ))
}

/// Reads an offering by id or slug.
#[utoipa::path(get, path = "/offerings/{id}", tag = "Catalogue",
    params(("id" = String, Path, description = "Id or slug.", max_length = 200)),
    responses((status = 200, body = OfferingDetail), Refusals))]
async fn read(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<String>,
) -> Result<Json<OfferingDetail>, ApiProblem> {
    Ok(Json(domain.catalogue().offering(Some(&actor), &id).await?))
}
