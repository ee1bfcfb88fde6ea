//! The catalogue as buyers and providers see it, and the drafts by which providers change it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    Action, BillingPeriod, CategoryId, ChargeMode, ComponentId, ComponentTerms, Currency, DurationRules,
    Fixed, NamedList, OfferingId, OfferingState, OrganizationId, PlanId, PlanTerms, Price, PriceChanges,
    PriceId, PriceScheme, Proration, Readiness, Schema, ToCome, Visibility,
};

/// A category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Category {
    /// The category.
    pub id: CategoryId,
    /// Short name for addresses.
    pub slug: String,
    /// Name.
    pub name: String,
    /// What one finds in it.
    pub description: String,
    /// Name of its icon.
    pub icon: String,
    /// Name of its tint: one of `sea`, `olive`, `clay`, `plum`, `sand`, `slate`.
    pub tint: String,
    /// The attributes of its offerings, in sections.
    pub attributes: Schema,
    /// Published offerings that the actor may see.
    pub offerings: u64,
}

/// An offering in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferingSummary {
    /// The offering.
    pub id: OfferingId,
    /// Short name for addresses, unique.
    pub slug: String,
    /// Name.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Where it stands.
    pub state: OfferingState,
    /// Category id; null for a draft without category.
    pub category_id: Option<CategoryId>,
    /// Category slug; null likewise.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub category_slug: String,
    /// Category name; null likewise.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub category_name: String,
    /// The category's tint; null likewise.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub tint: String,
    /// The category's icon; null likewise.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub icon: String,
    /// The provider.
    pub provider_id: OrganizationId,
    /// The provider's name.
    pub provider_name: String,
    /// "from €0.02 per CPU-hour": the lowest price in words; null without a plan.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub price_from: String,
}

/// A value of a facet and how many offerings have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacetValue {
    /// Stored value.
    pub value: String,
    /// For people.
    pub label: String,
    /// Offerings in the present result that have it.
    pub count: u64,
    /// Whether the present search asks for it.
    pub selected: bool,
}

/// A facet: an attribute by which a result can be narrowed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facet {
    /// Attribute key.
    pub key: String,
    /// For people.
    pub label: String,
    /// Its values, most frequent first.
    pub values: Vec<FacetValue>,
}

/// Words of a search that are looked at; each costs a comparison per offering.
pub const SEARCH_WORDS: usize = 8;
/// Letters of a word of a search that are looked at.
pub const SEARCH_LETTERS: usize = 40;
/// Facets of a search that are looked at, and values of each.
pub const SEARCH_FACETS: usize = 10;

/// A search in the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueSearch {
    /// Words; all must occur (as prefixes of words) in name, summary, provider, category or description. What is beyond
    /// [`SEARCH_WORDS`] and [`SEARCH_LETTERS`] is not looked at.
    pub q: String,
    /// Category slug.
    pub category: Option<String>,
    /// Facet key and wanted values: any of one key, all of several keys. What is beyond [`SEARCH_FACETS`] is not looked at.
    pub facets: Vec<(String, Vec<String>)>,
    /// Provider slug.
    pub provider: Option<String>,
    /// In which order, and since when they were changed.
    pub list: NamedList,
    /// Also count how many there are in all, which looks at each of them.
    pub count: bool,
}

/// A result of a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CatalogueResult {
    /// The offerings of this page.
    pub items: Vec<OfferingSummary>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// How many there are in all; only if it was asked for.
    pub total: Option<u64>,
    /// Facets of the result; only within a category.
    pub facets: Vec<Facet>,
}

/// A component of an offering.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Component {
    /// The component.
    pub id: ComponentId,
    /// Code, unit, charge type, bounds.
    pub terms: ComponentTerms,
    /// What it is, for buyers.
    pub description: String,
    /// Article code for accounting; null without.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub article_code: String,
}

/// A price of a component in a plan, in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanPrice {
    /// This version of the price.
    pub id: PriceId,
    /// Component code.
    pub component: String,
    /// Version and scheme.
    pub price: Price,
    /// Its first instant.
    pub starts_at: DateTime<Utc>,
    /// "€0.02 per CPU-hour".
    pub text: String,
}

/// A price or terms of a plan that are published and have not begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanChange {
    /// Component code of a price; none for the plan's terms.
    pub component: Option<String>,
    /// Name of the component, or "Terms".
    pub name: String,
    /// What it will be: "0.02 EUR per CPU-hour".
    pub text: String,
    /// Its first instant, for new orders. Resources that run have the plan's notice.
    pub starts_at: DateTime<Utc>,
    /// The day that begins at that instant in the seller's time zone; none where it is another time of the day.
    #[serde(default)]
    pub first_day: Option<NaiveDate>,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    /// The plan.
    pub id: PlanId,
    /// Name, unique in the offering.
    pub name: String,
    /// For whom it is.
    pub description: String,
    /// Currency of its prices.
    pub currency: Currency,
    /// How often it is billed.
    pub billing_period: BillingPeriod,
    /// How part periods are billed.
    pub proration: Proration,
    /// When it is charged.
    pub charge_mode: ChargeMode,
    /// Once, at the start.
    pub setup_fee: Fixed,
    /// When later prices and terms reach resources that run.
    pub price_changes: PriceChanges,
    /// No longer offered to new orders.
    pub archived: bool,
    /// Prices in force for new orders, in order of components.
    pub prices: Vec<PlanPrice>,
    /// Prices and terms that are published and have not begun, the next first.
    pub changes: Vec<PlanChange>,
    /// What of them reaches who orders now, and when, as quotes take it into account.
    #[serde(default)]
    pub to_come: Vec<ToCome>,
}

/// An offering whole. Fields that only its provider may see are empty for others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferingDetail {
    /// What a list shows.
    pub summary: OfferingSummary,
    /// What the provider says of itself, as plain text; null when it says nothing.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub provider_description: String,
    /// Markdown.
    pub description: String,
    /// Markdown.
    pub terms_of_service: String,
    /// Grows by one each time the terms change; 0 before any were written.
    pub terms_version: i32,
    /// Why it is paused.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub state_reason: String,
    /// Who sees it.
    pub visibility: Visibility,
    /// Named organizations, for its provider; empty otherwise.
    pub audience: Vec<OrganizationId>,
    /// Attributes of the category with their values.
    pub attributes: Json,
    /// Schema of `attributes`.
    pub attribute_schema: Schema,
    /// What a buyer is asked.
    pub request_form: Schema,
    /// What its provider defined that can be done with its resources, by hand, for its provider; empty otherwise.
    #[serde(default)]
    pub actions: Vec<Action>,
    /// Components in order.
    pub components: Vec<Component>,
    /// Plans in order, without archived ones for buyers.
    pub plans: Vec<Plan>,
    /// The provider also decides on each order.
    pub provider_approval: bool,
    /// How long it is had.
    pub duration: DurationRules,
    /// Plugin kind.
    pub plugin: String,
    /// Plugin settings without secrets, for its provider; null otherwise.
    pub settings: Json,
    /// When the settings were last tested with success, for its provider.
    pub settings_tested_at: Option<DateTime<Utc>>,
    /// What is missing before it can be published, for its provider; empty otherwise.
    pub readiness: Vec<Readiness>,
    /// The actor may change it.
    pub can_edit: bool,
    /// Grows with each change; sent back with a change to find clashes.
    pub revision: i32,
}

impl OfferingDetail {
    /// As it is offered in the marketplace, whoever looks: without plans that are no longer sold, which its provider is
    /// told of too.
    #[must_use]
    pub fn as_offered(mut self) -> Self {
        self.plans.retain(|plan| !plan.archived);
        self
    }
}

/// A version of an offering's terms of service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermsOfServiceVersion {
    /// Its number: 1, 2, 3 …
    pub version: i32,
    /// When it was written; null for one that was replaced before texts were kept.
    pub created_at: Option<DateTime<Utc>>,
    /// Name of who wrote it, for those who prepare the offering; null for others, and where it is not known.
    pub created_by: Option<String>,
    /// Whether new orders accept this one.
    pub is_present: bool,
}

/// What a version of an offering's terms of service says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermsOfService {
    /// The offering.
    pub offering_id: OfferingId,
    /// Its short name for addresses.
    pub offering_slug: String,
    /// Its name.
    pub offering_name: String,
    /// Which version.
    pub version: TermsOfServiceVersion,
    /// Markdown, empty where there were no terms; null for a version that was replaced before texts were kept.
    pub text: Option<String>,
}

/// The describing part of an offering, as its provider edits it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferingDraft {
    /// 1 to 150 characters.
    pub name: String,
    /// One sentence, up to 200 characters.
    pub summary: String,
    /// Markdown, up to 20,000 characters.
    pub description: String,
    /// Markdown, up to 50,000 characters.
    pub terms_of_service: String,
    /// Category slug.
    pub category: String,
    /// Values of the category's attributes, by key.
    #[serde(default)]
    pub attributes: Json,
    /// Who sees it.
    pub visibility: Option<Visibility>,
    /// Organizations that see a private offering.
    #[serde(default)]
    pub audience: Vec<OrganizationId>,
    /// The provider also decides on each order.
    #[serde(default)]
    pub provider_approval: bool,
}

/// A component as its provider edits it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComponentDraft {
    /// Code, unit, charge type, bounds. While an order is open or a resource has not ended, code, unit, factor, charge type,
    /// period, prepayment and the component for overage cannot change; the name, the bounds, step and default, and whether
    /// the expected use is asked for can.
    pub terms: ComponentTerms,
    /// What it is, for buyers, up to 500 characters.
    #[serde(default)]
    pub description: String,
    /// Article code, up to 50 characters; null for none.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub article_code: String,
}

/// A plan as its provider edits it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanDraft {
    /// 1 to 100 characters.
    pub name: String,
    /// Up to 500 characters.
    #[serde(default)]
    pub description: String,
    /// Currency of its prices.
    pub currency: Currency,
    /// How often it is billed.
    pub billing_period: BillingPeriod,
    /// How part periods are billed.
    #[serde(default)]
    pub proration: Proration,
    /// When it is charged.
    pub charge_mode: ChargeMode,
    /// Once, at the start; not negative.
    #[serde(default)]
    pub setup_fee: Fixed,
    /// When later prices and terms reach resources that run; 30 days after they are published unless said.
    #[serde(default)]
    pub price_changes: PriceChanges,
    /// Price by component code.
    pub prices: Vec<PriceDraft>,
    /// First day of what changes, in the seller's time zone; now where it is today or not said.
    #[serde(default)]
    pub valid_from: Option<NaiveDate>,
}

impl Plan {
    /// What a change will be, a price with the time that it pays for: `Space: €12.00 per TB a month`. `components` are those
    /// of the offering.
    pub fn change_in_words(&self, change: &PlanChange, components: &[Component]) -> String {
        let of = components
            .iter()
            .find(|one| Some(&one.terms.code) == change.component.as_ref());
        of.map_or_else(
            || format!("{}: {}", change.name, change.text),
            |one| one.terms.price_in_words(&change.text, self.billing_period),
        )
    }
}

impl PlanDraft {
    /// The terms that it asks for.
    pub fn terms(&self) -> PlanTerms {
        PlanTerms {
            billing_period: self.billing_period,
            proration: self.proration,
            charge_mode: self.charge_mode,
            setup_fee: self.setup_fee,
            price_changes: self.price_changes,
        }
    }
}

/// The price of one component in a plan draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceDraft {
    /// Component code.
    pub component: String,
    /// Scheme and figures.
    pub scheme: PriceScheme,
}

/// A category to be created.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    /// Name, 1 to 100 characters.
    pub name: String,
    /// Short name; made of the name without.
    pub slug: Option<String>,
    /// What one finds in it, up to 500 characters.
    pub description: String,
    /// Name of its icon.
    pub icon: String,
    /// Name of its tint: `sea`, `olive`, `clay`, `plum`, `sand` or `slate`.
    pub tint: String,
    /// Attributes of its offerings.
    pub attributes: Schema,
}
