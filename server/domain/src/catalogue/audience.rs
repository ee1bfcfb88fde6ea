//! The organizations that a private offering names, as its provider reads and writes them: by their short names.

use std::collections::{BTreeMap, BTreeSet};

use entity::{offering, offering_audience, organization};
use model::{FieldFault, OfferingId, OrganizationId, Permission};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait};

use super::{Catalogue, CatalogueError};
use crate::access::{AccessError, Actor, Target, authorize};

impl Catalogue {
    /// Short names of the organizations that see this offering while it is private, in order.
    pub async fn audience_slugs(&self, actor: &Actor, id: OfferingId) -> Result<Vec<String>, CatalogueError> {
        self.may(actor, Permission::ViewOffering, id).await?;
        let slugs = offering_audience::Entity::find()
            .select_only()
            .column(organization::Column::Slug)
            .join(
                JoinType::InnerJoin,
                offering_audience::Relation::Organization.def(),
            )
            .filter(offering_audience::Column::OfferingId.eq(id))
            .order_by_asc(organization::Column::Slug)
            .into_tuple()
            .all(self.core.read())
            .await?;
        Ok(slugs)
    }

    /// The organizations with these short names, for somebody who may name them as the audience of this offering. A
    /// name that nobody has is a fault at `audience`.
    pub async fn organizations_called(
        &self,
        actor: &Actor,
        id: OfferingId,
        slugs: &[String],
    ) -> Result<Vec<OrganizationId>, CatalogueError> {
        self.may(actor, Permission::EditOffering, id).await?;
        let wanted: BTreeSet<&str> = slugs
            .iter()
            .map(String::as_str)
            .filter(|slug| !slug.contains('\0'))
            .collect();
        let found: Vec<(String, OrganizationId)> = organization::Entity::find()
            .select_only()
            .columns([organization::Column::Slug, organization::Column::Id])
            .filter(organization::Column::Slug.is_in(wanted))
            .into_tuple()
            .all(self.core.read())
            .await?;
        let found: BTreeMap<String, OrganizationId> = found.into_iter().collect();
        let known = |slug: &String| found.get(slug).copied().ok_or_else(|| slug.clone());
        slugs
            .iter()
            .map(known)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|slug| {
                let slug: String = slug.chars().filter(|c| !c.is_control()).take(100).collect();
                let message = format!("There is no organization with the short name “{slug}”.");
                CatalogueError::Invalid(vec![FieldFault::at("audience", "unknown", message)])
            })
    }

    async fn may(&self, actor: &Actor, permission: Permission, id: OfferingId) -> Result<(), CatalogueError> {
        let row = offering::Entity::find_by_id(id)
            .one(self.core.read())
            .await?
            .ok_or(AccessError::NotFound)?;
        Ok(authorize(
            actor,
            permission,
            &Target::offering(row.provider_id, id),
        )?)
    }
}
