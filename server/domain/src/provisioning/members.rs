//! Whom the backends were told, and whom they should be told: what expired, came or left meanwhile is found here,
//! whatever became of the job that the change made.

use std::collections::BTreeSet;

use entity::{offering, resource, resource_member};
use model::{OfferingId, ProjectId, ResourceId, ResourceState};
use sea_orm::prelude::Json;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};

use super::told::tell_again;
use super::{ProvisioningError, ResourceOperations};
use crate::jobs::kinds::SyncMembers;
use crate::structure;

/// Resources looked at in one go.
const BATCH: u64 = 1_000;

#[derive(FromQueryResult)]
struct Row {
    id: ResourceId,
    project_id: ProjectId,
    offering_id: OfferingId,
    usernames: Option<Json>,
}

/// Whom the backend of a resource was told to give access to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncedMembers {
    /// The resource.
    pub resource_id: ResourceId,
    /// How its backend knows it.
    pub backend_id: String,
    /// The people.
    pub usernames: BTreeSet<String>,
}

impl ResourceOperations {
    /// Notes that the backend of this resource gives access to exactly these people.
    pub async fn mark_members(&self, id: ResourceId, usernames: &[String]) -> Result<(), ProvisioningError> {
        use resource_member::Column as C;
        let usernames: BTreeSet<&String> = usernames.iter().collect();
        let row = resource_member::ActiveModel {
            resource_id: Set(id),
            usernames: Set(entity::json::write("resource_members.usernames", &usernames)?),
        };
        let known = OnConflict::column(C::ResourceId)
            .update_column(C::Usernames)
            .to_owned();
        let _permit = self.core.write_permit().await;
        resource_member::Entity::insert(row)
            .on_conflict(known)
            .exec_without_returning(self.core.read())
            .await?;
        Ok(())
    }

    /// Whom the backends of these offerings' resources were told to give access to.
    pub async fn synced_members(
        &self,
        offering: OfferingId,
    ) -> Result<Vec<SyncedMembers>, ProvisioningError> {
        let rows: Vec<(ResourceId, String, Json)> = resource::Entity::find()
            .select_only()
            .columns([resource::Column::Id, resource::Column::BackendId])
            .column(resource_member::Column::Usernames)
            .join_rev(JoinType::InnerJoin, resource_member::Relation::Resource.def())
            .filter(resource::Column::OfferingId.eq(offering))
            .filter(resource::Column::State.ne(ResourceState::Terminated))
            .order_by_asc(resource::Column::Id)
            .into_tuple()
            .all(self.core.read())
            .await?;
        let told = |(resource_id, backend_id, usernames): (ResourceId, String, Json)| {
            Ok(SyncedMembers {
                resource_id,
                backend_id,
                usernames: entity::json::read("resource_members.usernames", &usernames)?,
            })
        };
        rows.into_iter().map(told).collect()
    }

    /// The backends of these resources give access to others than they were told: they are told again.
    pub async fn forget_members(&self, ids: &[ResourceId]) -> Result<(), ProvisioningError> {
        let _permit = self.core.write_permit().await;
        resource_member::Entity::delete_many()
            .filter(resource_member::Column::ResourceId.is_in(ids.iter().copied()))
            .exec(self.core.read())
            .await?;
        Ok(())
    }

    /// Makes a job for each resource, on a backend of these kinds of plugin, that gives access to others than those who work
    /// in its project now; answers how many. Where that was given up within the last hour, somebody is asked first.
    pub async fn sync_diverged_members(&self, plugins: &[&str]) -> Result<u64, ProvisioningError> {
        let (mut made, mut last) = (0, None);
        loop {
            let rows = self.members_after(plugins, last).await?;
            let Some(end) = rows.last() else { return Ok(made) };
            last = Some(end.id);
            let projects: BTreeSet<ProjectId> = rows.iter().map(|row| row.project_id).collect();
            let wanted = structure::usernames_in_all(self.core.read(), projects, self.core.now()).await?;
            let nobody = BTreeSet::new();
            let is_diverged = |row: &&Row| {
                let told: Option<BTreeSet<String>> = row
                    .usernames
                    .clone()
                    .and_then(|told| serde_json::from_value(told).ok());
                told.as_ref() != Some(wanted.get(&row.project_id).unwrap_or(&nobody))
            };
            let sync = |row: &Row| (row.offering_id, SyncMembers { resource_id: row.id });
            let diverged = rows.iter().filter(is_diverged).map(sync).collect();
            made += tell_again(&self.core, diverged).await?;
        }
    }

    async fn members_after(
        &self,
        plugins: &[&str],
        after: Option<ResourceId>,
    ) -> Result<Vec<Row>, ProvisioningError> {
        use resource::Column as C;
        let mut rows = resource::Entity::find()
            .select_only()
            .columns([C::Id, C::ProjectId, C::OfferingId])
            .column_as(resource_member::Column::Usernames, "usernames")
            .join(JoinType::InnerJoin, resource::Relation::Offering.def())
            .join_rev(JoinType::LeftJoin, resource_member::Relation::Resource.def())
            .filter(C::State.ne(ResourceState::Terminated))
            .filter(C::BackendId.ne(""))
            .filter(offering::Column::Plugin.is_in(plugins.iter().copied()))
            .order_by_asc(C::Id)
            .limit(BATCH);
        if let Some(after) = after {
            rows = rows.filter(C::Id.gt(after));
        }
        Ok(rows.into_model().all(self.core.read()).await?)
    }
}
