//! Buyers and providers that have something to settle.

use std::collections::BTreeSet;

use entity::resource;
use model::OrganizationId;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::BillingError;

/// A buyer and a provider: what invoices are between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pair {
    pub(crate) buyer: OrganizationId,
    pub(crate) provider: OrganizationId,
}

/// Buyers and providers of the activated resources that fulfil `condition`.
pub(super) async fn pairs_with(
    db: &impl ConnectionTrait,
    condition: Condition,
) -> Result<BTreeSet<Pair>, BillingError> {
    let pairs = resource::Entity::find()
        .select_only()
        .distinct()
        .columns([resource::Column::OrganizationId, resource::Column::ProviderId])
        .filter(resource::Column::ActivatedAt.is_not_null())
        .filter(condition)
        .into_tuple::<(OrganizationId, OrganizationId)>()
        .all(db)
        .await?;
    Ok(pairs
        .into_iter()
        .map(|(buyer, provider)| Pair { buyer, provider })
        .collect())
}
