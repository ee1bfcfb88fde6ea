//! Which resources are metered where, and how far their backends' accounting was read. For the worker.

use chrono::{DateTime, Utc};
use entity::{offering, organization, project, resource};
use model::{OfferingId, ResourceId, ResourceState};
use sea_orm::prelude::Json;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, Select,
};

use super::work::{Surroundings, work_in};
use super::{BackendSettings, ProvisioningError, ResourceOperations, ResourceWork};

/// How many resources one call of [`super::ResourceOperations::usage_work`] gives.
pub const USAGE_WORK: u64 = 2_000;

/// An offering that has resources, and their backend.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferingBackend {
    /// The offering.
    pub offering_id: OfferingId,
    /// Where its resources are.
    pub backend: BackendSettings,
}

/// A resource whose usage is to be read from its backend.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageWork {
    /// The resource as its backend knows it; without members, who do not matter to accounting.
    pub work: ResourceWork,
    /// Accounting was read up to here; none before the first time.
    pub usage_until: Option<DateTime<Utc>>,
    /// Since when it is in use.
    pub activated_at: DateTime<Utc>,
    /// When it ended; it is read until accounting was read beyond this.
    pub terminated_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct OfferingRow {
    id: OfferingId,
    plugin: String,
    settings: Json,
    settings_secret: Option<Vec<u8>>,
}

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    resource: resource::Model,
    plugin: String,
    settings: Json,
    settings_secret: Option<Vec<u8>>,
    project_slug: String,
    organization_slug: String,
}

impl ResourceOperations {
    /// The offerings of these kinds of plugin that have resources whose usage is to be read, in the order of their ids.
    pub async fn metered_offerings(
        &self,
        plugins: &[&str],
    ) -> Result<Vec<OfferingBackend>, ProvisioningError> {
        self.offerings_of(plugins, targets()).await
    }

    /// The offerings of these kinds of plugin that have resources which are not gone, in the order of their ids.
    pub async fn offerings_in_use(
        &self,
        plugins: &[&str],
    ) -> Result<Vec<OfferingBackend>, ProvisioningError> {
        let living = resource::Entity::find().filter(resource::Column::State.ne(ResourceState::Terminated));
        self.offerings_of(plugins, living).await
    }

    async fn offerings_of(
        &self,
        plugins: &[&str],
        resources: Select<resource::Entity>,
    ) -> Result<Vec<OfferingBackend>, ProvisioningError> {
        let metered = resources.select_only().column(resource::Column::OfferingId);
        let rows: Vec<OfferingRow> = offering::Entity::find()
            .filter(offering::Column::Plugin.is_in(plugins.iter().copied()))
            .filter(offering::Column::Id.in_subquery(sea_orm::QueryTrait::into_query(metered)))
            .order_by_asc(offering::Column::Id)
            .into_model()
            .all(self.core.read())
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(OfferingBackend {
                    offering_id: row.id,
                    backend: BackendSettings::open(
                        &self.core,
                        row.plugin,
                        row.settings,
                        (row.id, row.settings_secret.as_deref()),
                    )?,
                })
            })
            .collect()
    }

    /// The next resources of these offerings, in the order of their ids, that are in use, and those that ended but were not read to
    /// their end. At most [`USAGE_WORK`]; begin with `after` none, go on with the last.
    pub async fn usage_work(
        &self,
        offerings: &[OfferingId],
        after: Option<ResourceId>,
    ) -> Result<Vec<UsageWork>, ProvisioningError> {
        let mut next = targets()
            .join(JoinType::InnerJoin, resource::Relation::Offering.def())
            .join(JoinType::InnerJoin, resource::Relation::Project.def())
            .join(JoinType::InnerJoin, resource::Relation::Organization.def())
            .column_as(offering::Column::Plugin, "plugin")
            .column_as(offering::Column::Settings, "settings")
            .column_as(offering::Column::SettingsSecret, "settings_secret")
            .column_as(project::Column::Slug, "project_slug")
            .column_as(organization::Column::Slug, "organization_slug")
            .filter(resource::Column::OfferingId.is_in(offerings.iter().copied()))
            .order_by_asc(resource::Column::Id)
            .limit(USAGE_WORK);
        if let Some(after) = after {
            next = next.filter(resource::Column::Id.gt(after));
        }
        let rows: Vec<Row> = next.into_model().all(self.core.read()).await?;
        rows.into_iter().map(|row| self.usage_work_of(row)).collect()
    }

    fn usage_work_of(&self, row: Row) -> Result<UsageWork, ProvisioningError> {
        let resource = row.resource;
        Ok(UsageWork {
            usage_until: resource.usage_until,
            activated_at: resource.activated_at.unwrap_or(resource.created_at),
            terminated_at: resource.terminated_at,
            work: work_in(
                &self.core,
                resource,
                Surroundings {
                    plugin: row.plugin,
                    settings: row.settings,
                    settings_secret: row.settings_secret,
                    project_slug: row.project_slug,
                    organization_slug: row.organization_slug,
                },
                Vec::new(),
            )?,
        })
    }

    /// Notes that accounting of these resources was read up to `until`, and that nothing is wrong with it.
    pub async fn mark_collected(
        &self,
        ids: &[ResourceId],
        until: DateTime<Utc>,
    ) -> Result<(), ProvisioningError> {
        use resource::Column as C;
        let _permit = self.core.write_permit().await;
        let behind = Condition::any()
            .add(C::UsageUntil.is_null())
            .add(C::UsageUntil.lte(until));
        resource::Entity::update_many()
            .col_expr(C::UsageUntil, Expr::value(until))
            .col_expr(C::UsageError, Expr::value(""))
            .filter(C::Id.is_in(ids.iter().copied()))
            .filter(behind)
            .exec(self.core.read())
            .await?;
        Ok(())
    }

    /// Notes why accounting of these resources could not be read; their pages show it.
    pub async fn mark_collection_failed(
        &self,
        ids: &[ResourceId],
        reason: &str,
    ) -> Result<(), ProvisioningError> {
        let _permit = self.core.write_permit().await;
        resource::Entity::update_many()
            .col_expr(resource::Column::UsageError, Expr::value(reason))
            .filter(resource::Column::Id.is_in(ids.iter().copied()))
            .exec(self.core.read())
            .await?;
        Ok(())
    }
}

fn targets() -> Select<resource::Entity> {
    use resource::Column as C;
    let unread = Condition::any()
        .add(C::UsageUntil.is_null())
        .add(Expr::col((resource::Entity, C::UsageUntil)).lt(Expr::col((resource::Entity, C::TerminatedAt))));
    resource::Entity::find()
        .filter(C::ActivatedAt.is_not_null())
        .filter(C::BackendId.ne(""))
        .filter(unread.add(C::State.ne(ResourceState::Terminated)))
}
