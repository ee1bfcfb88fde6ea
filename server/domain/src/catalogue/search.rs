//! Searching the catalogue, in at most six queries however many offerings there are.

use entity::offering::{Column, Entity};
use entity::{category, organization};
use model::{
    CatalogueResult, CatalogueSearch, NamedList, OfferingSummary, OrganizationId, Page, PageRequest,
    Permission, SEARCH_FACETS, SEARCH_LETTERS, SEARCH_WORDS,
};
use sea_orm::sea_query::{LikeExpr, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Select};

use super::{Catalogue, CatalogueError, facets, summary, visibility};
use crate::access::{AccessError, Actor, Columns, Target, Visible, authorize};
use crate::{audit, page, text};

impl Catalogue {
    /// Published offerings that the actor sees and that fit `search`, by name unless it says otherwise, with facets inside a category. An
    /// unknown category or provider fits nothing. Of the search no more is looked at than its first [`SEARCH_WORDS`] words, of each
    /// its first [`SEARCH_LETTERS`] letters, and [`SEARCH_FACETS`] facets with as many values of each.
    pub async fn search(
        &self,
        actor: Option<&Actor>,
        search: &CatalogueSearch,
        request: &PageRequest,
    ) -> Result<CatalogueResult, CatalogueError> {
        let conn = self.core.read();
        let mut base = visibility::published_for(actor)
            .add(words(&search.q))
            .add_option(by_provider(search))
            .add_option(changed(&search.list));
        let mut within = None;
        if let Some(slug) = &search.category {
            let found = category::Entity::find()
                .filter(category::Column::Slug.eq(slug))
                .one(conn)
                .await?;
            let Some(category) = found else {
                return Ok(nothing(search.count));
            };
            base = base.add(Column::CategoryId.eq(category.id));
            within = Some(category);
        }
        let asked = asked_facets(search);
        let all = asked.iter().fold(base.clone(), |all, (key, values)| {
            all.add(facets::with_facet(key, values))
        });
        let page = self
            .page(summary::select().filter(all.clone()), &search.list, request)
            .await?;
        let total = match (search.count, &request.cursor, &page.next) {
            (false, ..) => None,
            (true, None, None) => u64::try_from(page.items.len()).ok(),
            _ => Some(
                Entity::find()
                    .select_only()
                    .column(Column::Id)
                    .filter(all)
                    .count(conn)
                    .await?,
            ),
        };
        let facets = match &within {
            Some(category) => facets::load(conn, category, base, &asked).await?,
            None => Vec::new(),
        };
        Ok(CatalogueResult {
            items: page.items,
            next: page.next,
            total,
            facets,
        })
    }

    /// All offerings of a provider that the actor works for, drafts included, by name unless `list` says otherwise.
    pub async fn provider_offerings(
        &self,
        actor: &Actor,
        provider: OrganizationId,
        list: &NamedList,
        request: &PageRequest,
    ) -> Result<Page<OfferingSummary>, CatalogueError> {
        let visible = Visible::of(actor, Permission::ViewOffering);
        if visible.is_nothing() {
            return Err(AccessError::NotFound.into());
        }
        if matches!(&visible, Visible::Only { offerings, .. } if offerings.is_empty()) {
            authorize(actor, Permission::ViewOffering, &Target::provider(provider))?;
        }
        let columns = Columns {
            provider: Some(Column::ProviderId),
            offering: Some(Column::Id),
            ..Columns::default()
        };
        let select = summary::select()
            .filter(Column::ProviderId.eq(provider))
            .filter(visible.filter(columns))
            .filter(Condition::all().add_option(changed(list)));
        self.page(select, list, request).await
    }

    async fn page(
        &self,
        select: Select<Entity>,
        list: &NamedList,
        request: &PageRequest,
    ) -> Result<Page<OfferingSummary>, CatalogueError> {
        let rows = page::by_name_or_age(select, Column::Name, Column::Id, request, list.sort)?
            .into_model::<summary::Row>()
            .all(self.core.read())
            .await?;
        let page = page::cut(rows, request, |row| page::key(list.sort, &row.name, row.id));
        let offerings: Vec<_> = page.items.iter().map(|row| (row.id, row.revision)).collect();
        let mut prices = self.cache.prices_from(&self.core, &offerings).await?;
        Ok(page.map(|row| {
            let price = prices.remove(&row.id);
            row.summary(price)
        }))
    }
}

fn changed(list: &NamedList) -> Option<SimpleExpr> {
    let instant = list.updated_since?;
    Some(audit::changed_since("offering", Column::Id, instant))
}

fn nothing(count: bool) -> CatalogueResult {
    CatalogueResult {
        items: Vec::new(),
        next: None,
        total: count.then_some(0),
        facets: Vec::new(),
    }
}

/// "Each word begins a word of the offering." Words hold letters and digits only, so no wildcard gets through. A search
/// without any word but with other characters fits nothing.
fn words(q: &str) -> Condition {
    let mut all = Condition::all();
    let mut some = false;
    for word in text::words_of(q).take(SEARCH_WORDS) {
        let word: String = word.chars().take(SEARCH_LETTERS).collect();
        all = all.add(Column::SearchText.like(LikeExpr::new(format!("% {word}%"))));
        some = true;
    }
    if !some && !q.trim().is_empty() {
        all = all.add(Column::Id.is_in(Vec::<model::OfferingId>::new()));
    }
    all
}

fn by_provider(search: &CatalogueSearch) -> Option<Condition> {
    let slug = search.provider.as_ref()?;
    let mut of = Query::select();
    of.column(organization::Column::Id)
        .from(organization::Entity)
        .cond_where(organization::Column::Slug.eq(slug));
    Some(Condition::all().add(Column::ProviderId.in_subquery(of)))
}

/// Wanted values by facet key, bounded.
fn asked_facets(search: &CatalogueSearch) -> Vec<(String, Vec<String>)> {
    let asked = search
        .facets
        .iter()
        .filter(|(key, values)| !key.contains('\0') && !values.is_empty());
    let clean = |values: &Vec<String>| {
        values
            .iter()
            .filter(|v| !v.contains('\0'))
            .take(SEARCH_FACETS)
            .cloned()
            .collect()
    };
    asked
        .take(SEARCH_FACETS)
        .map(|(key, values)| (key.clone(), clean(values)))
        .collect()
}
