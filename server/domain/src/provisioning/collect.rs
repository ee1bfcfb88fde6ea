//! Which resources are metered, and how far their backends' accounting was read. For the worker.

use chrono::{DateTime, Utc};
use entity::{offering, resource};
use model::{OfferingId, ResourceId, ResourceState};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, Select,
};

use super::{Provisioning, ProvisioningError};

/// How many targets one call of [`Provisioning::usage_targets`] gives.
pub const USAGE_TARGETS: u64 = 500;

/// A resource whose usage is to be read from its backend.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct UsageTarget {
    /// The resource.
    pub resource_id: ResourceId,
    /// Its offering; resources of one offering share a backend.
    pub offering_id: OfferingId,
    /// Kind of the plugin.
    pub plugin: String,
    /// Accounting was read up to here; none before the first time.
    pub usage_until: Option<DateTime<Utc>>,
    /// Since when it is in use.
    pub activated_at: DateTime<Utc>,
    /// When it ended; it stays a target until accounting was read beyond this.
    pub terminated_at: Option<DateTime<Utc>>,
}

impl Provisioning {
    /// The next resources, in the order of their ids, that are in use on a backend of these kinds of plugin, and those
    /// that ended but were not read to their end. At most [`USAGE_TARGETS`]; begin with `after` none, go on with the last.
    pub async fn usage_targets(
        &self,
        plugins: &[&str],
        after: Option<ResourceId>,
    ) -> Result<Vec<UsageTarget>, ProvisioningError> {
        let mut next = targets()
            .filter(offering::Column::Plugin.is_in(plugins.iter().copied()))
            .order_by_asc(resource::Column::Id)
            .limit(USAGE_TARGETS);
        if let Some(after) = after {
            next = next.filter(resource::Column::Id.gt(after));
        }
        Ok(next.into_model().all(self.core.read()).await?)
    }

    /// The resource as a target; `None` when there is nothing (more) to read.
    pub async fn usage_target(&self, id: ResourceId) -> Result<Option<UsageTarget>, ProvisioningError> {
        Ok(targets()
            .filter(resource::Column::Id.eq(id))
            .into_model()
            .one(self.core.read())
            .await?)
    }

    /// Notes that accounting was read up to `until`, and that nothing is wrong with it.
    pub async fn mark_collected(
        &self,
        id: ResourceId,
        until: DateTime<Utc>,
    ) -> Result<(), ProvisioningError> {
        use resource::Column as C;
        let _turn = self.core.pass_gate().await;
        let behind = Condition::any()
            .add(C::UsageUntil.is_null())
            .add(C::UsageUntil.lte(until));
        resource::Entity::update_many()
            .col_expr(C::UsageUntil, Expr::value(until))
            .col_expr(C::UsageError, Expr::value(""))
            .filter(C::Id.eq(id))
            .filter(behind)
            .exec(self.core.read())
            .await?;
        Ok(())
    }

    /// Notes why accounting could not be read; the page of the resource shows it.
    pub async fn mark_collection_failed(
        &self,
        id: ResourceId,
        reason: &str,
    ) -> Result<(), ProvisioningError> {
        let _turn = self.core.pass_gate().await;
        resource::Entity::update_many()
            .col_expr(resource::Column::UsageError, Expr::value(reason))
            .filter(resource::Column::Id.eq(id))
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
        .select_only()
        .column_as(C::Id, "resource_id")
        .column(C::OfferingId)
        .column_as(offering::Column::Plugin, "plugin")
        .columns([C::UsageUntil, C::ActivatedAt, C::TerminatedAt])
        .join(JoinType::InnerJoin, resource::Relation::Offering.def())
        .filter(C::ActivatedAt.is_not_null())
        .filter(C::BackendId.ne(""))
        .filter(unread.add(C::State.ne(ResourceState::Terminated)))
}
