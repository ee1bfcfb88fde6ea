//! From the parameters of an address to a search of the marketplace.

use model::{CatalogueSearch, Category};

use crate::form::FormFields;

/// The search that the parameters of an address ask for.
pub fn catalogue_search(asked: &FormFields, category: Option<&Category>) -> CatalogueSearch {
    CatalogueSearch {
        q: asked.text("q").to_owned(),
        category: category.map(|category| category.slug.clone()),
        facets: asked.under("f").into_iter().collect(),
        provider: Some(asked.text("provider").to_owned()).filter(|slug| !slug.is_empty()),
        list: model::NamedList::default(),
        count: true,
    }
}
