//! A service that a provider offers. Secrets of its plugin are kept apart, encrypted.

use model::{
    Action, CategoryId, DurationRules, OfferingId, OfferingState, OrganizationId, Schema, Visibility,
};
use sea_orm::Select;
use sea_orm::entity::prelude::*;

use crate::json;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "offerings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferingId,
    pub provider_id: OrganizationId,
    /// Required only to publish.
    pub category_id: Option<CategoryId>,
    /// Unique.
    pub slug: String,
    pub name: String,
    pub summary: String,
    pub description: String,
    pub terms_of_service: String,
    /// Grows when the terms change; an order notes which version was accepted.
    pub terms_version: i32,
    pub state: OfferingState,
    pub state_reason: String,
    pub visibility: Visibility,
    /// The provider decides on every order.
    pub provider_approval: bool,
    /// `DurationRules`; read them with [`Model::duration_rules`].
    pub duration: Json,
    /// Values of the category's schema.
    pub attributes: Json,
    /// A `Schema`; read it with [`Model::form`].
    pub request_form: Json,
    /// `[Action]` that the provider defined; read them with [`Model::own_actions`].
    pub actions: Json,
    /// Kind of the plugin; empty while none is chosen.
    pub plugin: String,
    /// Settings of the plugin without its secrets.
    pub settings: Json,
    /// Encrypted JSON object of the secret settings.
    pub settings_secret: Option<Vec<u8>>,
    /// When the present settings last reached the backend.
    pub settings_tested_at: Option<DateTimeUtc>,
    /// Lower-cased words for search.
    pub search_text: String,
    /// Grows with every change; an editor names the one it read.
    pub revision: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::category::Entity",
        from = "Column::CategoryId",
        to = "super::category::Column::Id"
    )]
    Category,
    #[sea_orm(
        belongs_to = "super::organization::Entity",
        from = "Column::ProviderId",
        to = "super::organization::Column::Id"
    )]
    Provider,
    #[sea_orm(has_many = "super::offering_audience::Entity")]
    Audiences,
    #[sea_orm(has_many = "super::component::Entity")]
    Components,
    #[sea_orm(has_many = "super::offering_facet::Entity")]
    Facets,
    #[sea_orm(has_many = "super::plan::Entity")]
    Plans,
    #[sea_orm(has_many = "super::resource::Entity")]
    Resources,
}

impl Related<super::category::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Category.def()
    }
}

impl Related<super::organization::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<super::offering_audience::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Audiences.def()
    }
}

impl Related<super::component::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Components.def()
    }
}

impl Related<super::offering_facet::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Facets.def()
    }
}

impl Related<super::plan::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Plans.def()
    }
}

impl Related<super::resource::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resources.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The actions that the provider defined.
    pub fn own_actions(&self) -> Result<Vec<Action>, DbErr> {
        json::read("offerings.actions", &self.actions)
    }

    /// How long it is had.
    pub fn duration_rules(&self) -> Result<DurationRules, DbErr> {
        json::read("offerings.duration", &self.duration)
    }

    /// The form that a buyer fills in.
    pub fn form(&self) -> Result<Schema, DbErr> {
        json::read("offerings.request_form", &self.request_form)
    }
}

impl Entity {
    /// Offerings of one provider, in any state.
    pub fn find_of_provider(provider_id: OrganizationId) -> Select<Self> {
        Self::find().filter(Column::ProviderId.eq(provider_id))
    }
}
