//! Offerings as rows of a list: without their long texts, joined with category and provider.

use entity::{category, offering, organization};
use model::{CategoryId, OfferingId, OfferingState, OfferingSummary, OrganizationId};
use sea_orm::{EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationTrait, Select};

/// What a list shows, as the database gives it.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Row {
    pub(super) id: OfferingId,
    pub(super) revision: i32,
    slug: String,
    pub(super) name: String,
    summary: String,
    state: OfferingState,
    provider_id: OrganizationId,
    provider_name: String,
    category_id: Option<CategoryId>,
    category_slug: Option<String>,
    category_name: Option<String>,
    tint: Option<String>,
    icon: Option<String>,
}

/// Offerings with category and provider, of each only what a list shows.
pub(super) fn select() -> Select<offering::Entity> {
    offering::Entity::find()
        .select_only()
        .columns([
            offering::Column::Id,
            offering::Column::Revision,
            offering::Column::Slug,
            offering::Column::Name,
            offering::Column::Summary,
            offering::Column::State,
            offering::Column::ProviderId,
            offering::Column::CategoryId,
        ])
        .column_as(organization::Column::Name, "provider_name")
        .column_as(category::Column::Slug, "category_slug")
        .column_as(category::Column::Name, "category_name")
        .column_as(category::Column::Tint, "tint")
        .column_as(category::Column::Icon, "icon")
        .join(JoinType::InnerJoin, offering::Relation::Provider.def())
        .join(JoinType::LeftJoin, offering::Relation::Category.def())
}

impl Row {
    /// The row for people. A draft without category has no id and empty words for it.
    pub(super) fn summary(self, price_from: Option<String>) -> OfferingSummary {
        OfferingSummary {
            id: self.id,
            slug: self.slug,
            name: self.name,
            summary: self.summary,
            state: self.state,
            category_id: self.category_id,
            category_slug: self.category_slug.unwrap_or_default(),
            category_name: self.category_name.unwrap_or_default(),
            tint: self.tint.unwrap_or_default(),
            icon: self.icon.unwrap_or_default(),
            provider_id: self.provider_id,
            provider_name: self.provider_name,
            price_from: price_from.unwrap_or_default(),
        }
    }
}

/// The same of whole rows.
pub(super) fn of(
    row: &offering::Model,
    provider: Option<&organization::Model>,
    category: Option<&category::Model>,
    price_from: Option<String>,
) -> OfferingSummary {
    let row = Row {
        id: row.id,
        revision: row.revision,
        slug: row.slug.clone(),
        name: row.name.clone(),
        summary: row.summary.clone(),
        state: row.state,
        provider_id: row.provider_id,
        provider_name: provider.map(|provider| provider.name.clone()).unwrap_or_default(),
        category_id: row.category_id,
        category_slug: category.map(|category| category.slug.clone()),
        category_name: category.map(|category| category.name.clone()),
        tint: category.map(|category| category.tint.clone()),
        icon: category.map(|category| category.icon.clone()),
    };
    row.summary(price_from)
}
