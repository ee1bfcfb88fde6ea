//! What the start page and the marketplace show.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::{
    CatalogueResult, Category, OfferingDetail, OfferingSummary, TermsOfService, TermsOfServiceVersion,
};
use serde::{Deserialize, Serialize};

use super::dashboard::Dashboard;
use crate::{error::AppError, form::FormFields};

/// What the start page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StartFacts {
    /// All categories.
    pub categories: Vec<Category>,
    /// The first offerings of the marketplace.
    pub offerings: Vec<OfferingSummary>,
    /// What concerns the person who is signed in.
    pub mine: Option<Dashboard>,
}

/// What a list of offerings shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarketFacts {
    /// All categories.
    pub categories: Vec<Category>,
    /// The one that was asked for.
    pub category: Option<Category>,
    /// The offerings found.
    pub result: CatalogueResult,
    /// What was asked: the parameters of the address.
    pub asked: FormFields,
}

/// What the page of an offering shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfferingFacts {
    /// The offering.
    pub offering: OfferingDetail,
    /// Its description as HTML.
    pub description: String,
    /// Its terms of service as HTML.
    pub terms: String,
    /// Versions of them that the person may read besides: what their orders accepted.
    pub earlier_terms: Vec<TermsOfServiceVersion>,
    /// The first day that a calculation charges.
    pub today: NaiveDate,
    /// Whether somebody is signed in.
    pub signed_in: bool,
    /// What the form for an order or a calculation holds: the parameters of the address.
    pub asked: FormFields,
}

/// What the page of a version of terms of service shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TermsFacts {
    /// The version, without its text.
    pub terms: TermsOfService,
    /// Its text as HTML; none where it was not kept.
    pub html: Option<String>,
    /// Whether the person sees the offering, too; an order is kept longer.
    pub is_shown: bool,
    /// Every version that the person may read, the newest first.
    pub versions: Vec<TermsOfServiceVersion>,
}

/// The start page.
#[server(prefix = "/fn", endpoint = "load_start")]
pub async fn load_start() -> Result<StartFacts, AppError> {
    use crate::ssr;
    use model::{CatalogueSearch, PageRequest};
    let (domain, visitor) = (ssr::domain()?, ssr::visitor()?);
    let categories = domain.catalogue().categories(visitor.as_ref()).await?;
    let search = CatalogueSearch::default();
    let found = domain
        .catalogue()
        .search(visitor.as_ref(), &search, &PageRequest::first(8))
        .await?;
    let mine = match &visitor {
        Some(actor) => Some(super::dashboard::load_dashboard(&domain, actor).await?),
        None => None,
    };
    Ok(StartFacts {
        categories,
        offerings: found.items,
        mine,
    })
}

/// A search in the marketplace, within a category or not.
#[server(prefix = "/fn", endpoint = "load_marketplace")]
pub async fn load_marketplace(category: Option<String>) -> Result<MarketFacts, AppError> {
    use crate::ssr;
    let (domain, visitor, asked) = (ssr::domain()?, ssr::visitor()?, ssr::query()?);
    let categories = domain.catalogue().categories(visitor.as_ref()).await?;
    let wanted = category.unwrap_or_else(|| asked.text("category").to_owned());
    let category = categories.iter().find(|one| one.slug == wanted).cloned();
    if category.is_none() && !wanted.is_empty() {
        return Err(AppError::not_found());
    }
    let search = ssr::catalogue_search::catalogue_search(&asked, category.as_ref());
    let result = domain
        .catalogue()
        .search(visitor.as_ref(), &search, &ssr::page_request()?)
        .await?;
    Ok(MarketFacts {
        categories,
        category,
        result,
        asked,
    })
}

/// An offering.
#[server(prefix = "/fn", endpoint = "load_offering")]
pub async fn load_offering(slug: String) -> Result<OfferingFacts, AppError> {
    use crate::ssr;
    let (domain, visitor) = (ssr::domain()?, ssr::visitor()?);
    let offering = domain
        .catalogue()
        .offering(visitor.as_ref(), &slug)
        .await?
        .as_offered();
    // Who isn't signed in has ordered nothing.
    let mut earlier_terms = match &visitor {
        Some(_) => domain.catalogue().terms_versions(visitor.as_ref(), &slug).await?,
        None => Vec::new(),
    };
    earlier_terms.retain(|version| !version.is_present);
    Ok(OfferingFacts {
        earlier_terms,
        description: ssr::markdown(&offering.description).await?,
        terms: ssr::markdown(&offering.terms_of_service).await?,
        today: domain
            .catalogue()
            .today_where_sold(visitor.as_ref(), offering.summary.id)
            .await?,
        signed_in: visitor.is_some(),
        asked: ssr::query()?,
        offering,
    })
}

/// A version of an offering's terms of service.
#[server(prefix = "/fn", endpoint = "load_terms")]
pub async fn load_terms(slug: String, version: String) -> Result<TermsFacts, AppError> {
    use crate::ssr;
    let (catalogue, visitor) = (ssr::domain()?.catalogue(), ssr::visitor()?);
    let version = version.parse().map_err(|_no_number| AppError::not_found())?;
    let mut terms = catalogue
        .terms_of_service(visitor.as_ref(), &slug, version)
        .await?;
    let html = match terms.text.take() {
        Some(text) => Some(ssr::markdown(&text).await?),
        None => None,
    };
    let is_shown = match catalogue.offering(visitor.as_ref(), &slug).await {
        Err(error) if error.kind() == model::Kind::NotFound => false,
        shown => shown.map(|_offering| true)?,
    };
    Ok(TermsFacts {
        html,
        is_shown,
        versions: catalogue.terms_versions(visitor.as_ref(), &slug).await?,
        terms,
    })
}
