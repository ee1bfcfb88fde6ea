//! The catalogue, for buyers.

use domain::{Domain, catalogue::NewCategory};
use model::{CatalogueResult, CatalogueSearch, Category, CategoryId, TermsOfService, TermsOfServiceVersion};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Created, Json, Versioned,
    extract::{Body, Caller, IdOf, IdsOf, Parameters, Services, Visitor},
    queries::{NamedListQuery, PageQuery},
    shapes::offering::OfferingDetail,
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_categories, create_category))
        .routes(routes!(get_category))
        .routes(routes!(list_offerings))
        .routes(routes!(get_offering))
        .routes(routes!(list_terms_versions))
        .routes(routes!(get_terms_version))
}

/// Lists the categories.
#[utoipa::path(get, path = "/categories", tag = "Catalogue", responses((status = 200, body = Vec<Category>)), security((), ("token" = [])),
    extensions(("x-problems" = json!(["too_many_requests"]))))]
async fn list_categories(
    Services(domain): Services,
    Visitor(actor): Visitor,
) -> Result<Json<Vec<Category>>, ApiProblem> {
    Ok(Json(domain.catalogue().categories(actor.as_ref()).await?))
}

/// Makes a category at the end of the list; for staff.
#[utoipa::path(post, path = "/categories", tag = "Catalogue", request_body = NewCategory,
    responses((status = 201, body = Category)))]
async fn create_category(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(new): Body<NewCategory>,
) -> Result<Created<Json<Category>>, ApiProblem> {
    let id = domain.catalogue().create_category(&actor, new).await?;
    let made = category(&domain, Some(&actor), id).await?;
    Ok(Created::at(format_args!("/categories/{id}"), Json(made)))
}

/// Reads a category.
#[utoipa::path(get, path = "/categories/{id}", tag = "Catalogue", params(("id" = CategoryId, Path)),
    responses((status = 200, body = Category)), security((), ("token" = [])),
    extensions(("x-problems" = json!(["too_many_requests"]))))]
async fn get_category(
    Services(domain): Services,
    Visitor(actor): Visitor,
    IdOf(id): IdOf<CategoryId>,
) -> Result<Json<Category>, ApiProblem> {
    Ok(Json(category(&domain, actor.as_ref(), id).await?))
}

async fn category(
    domain: &Domain,
    actor: Option<&domain::Actor>,
    id: CategoryId,
) -> Result<Category, ApiProblem> {
    let all = domain.catalogue().categories(actor).await?;
    let found = all.into_iter().find(|category| category.id == id);
    found.ok_or_else(|| ApiProblem::from(domain::access::AccessError::NotFound))
}

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Words; all must occur. The first 8 are looked at, and of each the first 40 letters.
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

/// Searches the published offerings, by name.
///
/// `f.<attribute>=<value>` narrows by an attribute of the category; several values are separated by commas.
/// The first 10 attributes are looked at, and of each the first 10 values.
#[utoipa::path(get, path = "/offerings", tag = "Catalogue", params(SearchQuery, NamedListQuery),
    responses((status = 200, body = CatalogueResult)), security((), ("token" = [])),
    extensions(("x-problems" = json!(["too_many_requests"])), ("x-parameter-prefixes" = json!(["f."]))))]
async fn list_offerings(
    Services(domain): Services,
    Visitor(actor): Visitor,
    Parameters(query): Parameters<SearchQuery>,
    Parameters(list): Parameters<NamedListQuery>,
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
        list: list.list(),
        count: query.total,
    };
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    Ok(Json(
        domain.catalogue().search(actor.as_ref(), &wanted, &page).await?,
    ))
}

/// Reads an offering by id or slug.
#[utoipa::path(get, path = "/offerings/{id}", tag = "Catalogue",
    params(("id" = String, Path, description = "Id or slug.", max_length = 200)),
    responses((status = 200, body = OfferingDetail)), security((), ("token" = [])),
    extensions(("x-problems" = json!(["too_many_requests"])), ("x-versioned" = json!(true))))]
async fn get_offering(
    Services(domain): Services,
    Visitor(actor): Visitor,
    IdOf(id): IdOf<String>,
) -> Result<Versioned<OfferingDetail>, ApiProblem> {
    Ok(Versioned(
        domain.catalogue().offering(actor.as_ref(), &id).await?.into(),
    ))
}

/// Lists the versions of an offering's terms of service that you may read, the newest first: the one that new orders accept,
/// those that orders accepted which you see, and for the provider's people all that are kept.
#[utoipa::path(get, path = "/offerings/{id}/terms", tag = "Catalogue",
    params(("id" = String, Path, description = "Id or slug.", max_length = 200)),
    responses((status = 200, body = Vec<TermsOfServiceVersion>)), security((), ("token" = [])),
    extensions(("x-problems" = json!(["too_many_requests"]))))]
async fn list_terms_versions(
    Services(domain): Services,
    Visitor(actor): Visitor,
    IdOf(id): IdOf<String>,
) -> Result<Json<Vec<TermsOfServiceVersion>>, ApiProblem> {
    Ok(Json(
        domain.catalogue().terms_versions(actor.as_ref(), &id).await?,
    ))
}

/// Reads what a version of an offering's terms of service says, such as the one that an order accepted.
#[utoipa::path(get, path = "/offerings/{id}/terms/{version}", tag = "Catalogue",
    params(("id" = String, Path, description = "Id or slug.", max_length = 200), ("version" = i32, Path)),
    responses((status = 200, body = TermsOfService)), security((), ("token" = [])),
    extensions(("x-problems" = json!(["too_many_requests"]))))]
async fn get_terms_version(
    Services(domain): Services,
    Visitor(actor): Visitor,
    IdsOf(id, version): IdsOf<String, i32>,
) -> Result<Json<TermsOfService>, ApiProblem> {
    let catalogue = domain.catalogue();
    let terms = catalogue.terms_of_service(actor.as_ref(), &id, version).await?;
    Ok(Json(terms))
}
