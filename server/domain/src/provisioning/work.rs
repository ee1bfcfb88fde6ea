//! Everything a backend must be told about a resource.

use std::collections::BTreeMap;
use std::fmt;

use entity::json::Limits;
use entity::{offering, organization, project, resource};
use model::{OfferingId, ResourceId};
use sea_orm::prelude::Json;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationTrait};

use super::{ProvisioningError, ResourceOperations};
use crate::core::Core;
use crate::crypto::SealedIn;
use crate::structure;

/// Which backend an offering's resources are on. Holds secrets in the clear: it lives as long as one call of a plugin.
#[derive(Clone, PartialEq)]
pub struct BackendSettings {
    /// Kind of the plugin.
    pub plugin: String,
    /// The plugin's settings without secrets.
    pub settings: Json,
    /// The plugin's secret settings, by key.
    pub secrets: BTreeMap<String, String>,
}

impl fmt::Debug for BackendSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackendSettings")
            .field("plugin", &self.plugin)
            .finish_non_exhaustive()
    }
}

impl BackendSettings {
    pub(super) fn open(
        core: &Core,
        plugin: String,
        settings: Json,
        (offering, sealed): (OfferingId, Option<&[u8]>),
    ) -> Result<Self, ProvisioningError> {
        Ok(Self {
            plugin,
            settings,
            secrets: open_secrets(core, SealedIn::of_offering(offering.0), sealed)?,
        })
    }
}

/// A resource as a backend should have it. Holds secrets in the clear: it lives as long as one call of a plugin.
#[derive(Clone, PartialEq)]
pub struct ResourceWork {
    /// The resource.
    pub resource_id: ResourceId,
    /// Its offering.
    pub offering_id: OfferingId,
    /// How the backend knows it; none before it answered.
    pub backend_id: Option<String>,
    /// Slug of the buying organization, unique in the portal.
    pub organization_slug: String,
    /// Slug of the project, unique in its organization.
    pub project_slug: String,
    /// Slug of the resource, unique in its project.
    pub resource_slug: String,
    /// Where it is.
    pub backend: BackendSettings,
    /// The limits it should have, by component code.
    pub limits: Limits,
    /// The answers to the request form, secret ones included.
    pub attributes: Json,
    /// User names of those who may use it.
    pub members: Vec<String>,
}

impl fmt::Debug for ResourceWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceWork")
            .field("resource_id", &self.resource_id)
            .field("backend_id", &self.backend_id)
            .field("plugin", &self.backend.plugin)
            .field("limits", &self.limits)
            .field("members", &self.members)
            .finish_non_exhaustive()
    }
}

impl ResourceOperations {
    /// What the backend must be told for upkeep, such as members. `None` when the resource is gone or was never there.
    pub async fn work_of(&self, id: ResourceId) -> Result<Option<ResourceWork>, ProvisioningError> {
        let found = resource::Entity::find_by_id(id).one(self.core.read()).await?;
        match found.filter(|resource| resource.state.is_live() && !resource.backend_id.is_empty()) {
            Some(resource) => Ok(Some(load_work_in(&self.core, self.core.read(), resource).await?)),
            None => Ok(None),
        }
    }
}

/// What lies around a resource.
#[derive(FromQueryResult)]
pub(super) struct Surroundings {
    pub(super) plugin: String,
    pub(super) settings: Json,
    pub(super) settings_secret: Option<Vec<u8>>,
    pub(super) project_slug: String,
    pub(super) organization_slug: String,
}

/// The work of a resource, as the resource is now.
pub(crate) async fn load_work_in(
    core: &Core,
    db: &impl ConnectionTrait,
    resource: resource::Model,
) -> Result<ResourceWork, ProvisioningError> {
    let around = surroundings(db, resource.id)
        .await?
        .ok_or(ProvisioningError::NotFound)?;
    let members = structure::usernames_in(db, resource.project_id, core.now()).await?;
    work_in(core, resource, around, members)
}

/// The work of a resource whose surroundings were read.
pub(super) fn work_in(
    core: &Core,
    resource: resource::Model,
    around: Surroundings,
    members: Vec<String>,
) -> Result<ResourceWork, ProvisioningError> {
    Ok(ResourceWork {
        resource_id: resource.id,
        offering_id: resource.offering_id,
        limits: resource.limits_held()?,
        attributes: with_secrets(
            core,
            SealedIn::of_resource(resource.id.0),
            resource.attributes,
            resource.secrets.as_deref(),
        )?,
        backend_id: Some(resource.backend_id).filter(|id| !id.is_empty()),
        organization_slug: around.organization_slug,
        project_slug: around.project_slug,
        resource_slug: resource.slug,
        backend: BackendSettings::open(
            core,
            around.plugin,
            around.settings,
            (resource.offering_id, around.settings_secret.as_deref()),
        )?,
        members,
    })
}

async fn surroundings(db: &impl ConnectionTrait, id: ResourceId) -> Result<Option<Surroundings>, DbErr> {
    resource::Entity::find_by_id(id)
        .select_only()
        .join(JoinType::InnerJoin, resource::Relation::Offering.def())
        .join(JoinType::InnerJoin, resource::Relation::Project.def())
        .join(JoinType::InnerJoin, resource::Relation::Organization.def())
        .columns([
            offering::Column::Plugin,
            offering::Column::Settings,
            offering::Column::SettingsSecret,
        ])
        .column_as(project::Column::Slug, "project_slug")
        .column_as(organization::Column::Slug, "organization_slug")
        .into_model()
        .one(db)
        .await
}

/// The secrets of a sealed JSON object of texts; none where nothing is sealed.
pub(crate) fn open_secrets(
    core: &Core,
    place: SealedIn,
    sealed: Option<&[u8]>,
) -> Result<BTreeMap<String, String>, ProvisioningError> {
    let Some(sealed) = sealed else {
        return Ok(BTreeMap::new());
    };
    let plain = core.cipher().open(sealed, place)?;
    let secrets = serde_json::from_slice(&plain);
    Ok(secrets.map_err(|_content| DbErr::Json("a sealed secret is not an object of texts".into()))?)
}

fn with_secrets(
    core: &Core,
    place: SealedIn,
    attributes: Json,
    sealed: Option<&[u8]>,
) -> Result<Json, ProvisioningError> {
    let secrets = open_secrets(core, place, sealed)?;
    let mut answers = match attributes {
        Json::Object(answers) => answers,
        _ => serde_json::Map::new(),
    };
    answers.extend(
        secrets
            .into_iter()
            .map(|(key, secret)| (key, Json::String(secret))),
    );
    Ok(Json::Object(answers))
}
