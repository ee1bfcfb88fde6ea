//! A new offering: a draft with a name.

use entity::offering::{ActiveModel, Column, Entity};
use entity::organization;
use model::{
    EventKind, FieldFault, OfferingId, OfferingState, OrganizationId, Permission, Schema, Visibility,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QuerySelect,
};
use serde_json::json;

use super::{Catalogue, CatalogueError};
use crate::access::{AccessError, Actor, Target, authorize};
use crate::audit::{self, Event};
use crate::check::Check;
use crate::core::advisory_lock;
use crate::slug;
use crate::text::OfferingText;

impl Catalogue {
    /// Creates a draft of a provider. The slug is made of the name and stays. Refused for who may not create offerings
    /// there (`Access`), a name that cannot be kept, and an organization that does not sell (`Invalid`).
    pub async fn create_offering(
        &self,
        actor: &Actor,
        provider: OrganizationId,
        name: &str,
    ) -> Result<OfferingId, CatalogueError> {
        authorize(actor, Permission::CreateOffering, &Target::provider(provider))?;
        let mut check = Check::default();
        let name = check.required("name", name, 150);
        check.done().map_err(CatalogueError::Invalid)?;
        let tx = self.core.write_tx().await?;
        let seller = organization::Entity::find_by_id(provider)
            .one(&*tx)
            .await?
            .ok_or(AccessError::NotFound)?;
        if !seller.is_provider {
            let message =
                "This organization does not sell. Ask the people who run the portal to make it a provider.";
            return Err(CatalogueError::Invalid(vec![FieldFault::at(
                "provider",
                "not_a_provider",
                message,
            )]));
        }
        let id = self.core.new_id(OfferingId);
        advisory_lock(&tx, "offering slugs").await?;
        let slug = free_slug(&tx, &name).await?;
        let row = self.draft(id, slug, &name, &seller)?;
        row.insert(&*tx).await?;
        let event = Event::new(actor, EventKind::OfferingCreated, id.0)
            .on(Target::offering(provider, id))
            .after(json!({ "name": name }));
        audit::record_in(&self.core, &tx, event).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// An offering with a name and nothing else.
    fn draft(
        &self,
        id: OfferingId,
        slug: String,
        name: &str,
        seller: &organization::Model,
    ) -> Result<ActiveModel, DbErr> {
        let text = OfferingText {
            name,
            seller: &seller.name,
            ..OfferingText::default()
        };
        let searched = text.searched();
        Ok(ActiveModel {
            id: Set(id),
            provider_id: Set(seller.id),
            category_id: Set(None),
            slug: Set(slug),
            name: Set(name.to_owned()),
            summary: Set(String::new()),
            description: Set(String::new()),
            terms_of_service: Set(String::new()),
            // Nobody has written any: the first text is version 1.
            terms_version: Set(0),
            state: Set(OfferingState::Draft),
            state_reason: Set(String::new()),
            visibility: Set(Visibility::Shared),
            provider_approval: Set(false),
            duration: Set(entity::json::write(
                "offerings.duration",
                &model::DurationRules::default(),
            )?),
            attributes: Set(json!({})),
            actions: Set(serde_json::Value::Array(Vec::new())),
            request_form: Set(entity::json::write("offerings.request_form", &Schema::default())?),
            plugin: Set(String::new()),
            settings: Set(json!({})),
            settings_secret: Set(None),
            settings_tested_at: Set(None),
            search_text: Set(searched),
            revision: Set(1),
            created_at: Set(self.core.now()),
        })
    }
}

async fn free_slug(tx: &DatabaseTransaction, name: &str) -> Result<String, CatalogueError> {
    let stem = slug::slug_of(name, "offering");
    let like = Entity::find()
        .select_only()
        .column(Column::Slug)
        .filter(Column::Slug.starts_with(&stem));
    let taken: Vec<String> = like.into_tuple().all(tx).await?;
    Ok(slug::free(&stem, &taken))
}
