//! What a worker must know to carry an order out.

use entity::json::Limits;
use entity::{order, resource};
use model::{OrderId, OrderKind, OrderState};
use sea_orm::EntityTrait;

use crate::ordering::{OrderOperations, OrderingError};
use crate::provisioning::{LimitsOverLife, ResourceWork, load_work_in, ordered_limits_over_life};

/// An executing order with everything its backend must be told.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderWork {
    /// The order; the key by which backends recognise a repeated request.
    pub order_id: OrderId,
    /// What it asks for.
    pub kind: OrderKind,
    /// Limits before a change, by component code.
    pub limits_before: Limits,
    /// The resource as it should be once the order is done.
    pub work: ResourceWork,
}

impl OrderOperations {
    /// The work of an order; `None` when there is nothing (more) to do for it, so that its job is done.
    pub async fn work_of(&self, id: OrderId) -> Result<Option<OrderWork>, OrderingError> {
        let db = self.core.read();
        let found = order::Entity::find_by_id(id).one(db).await?;
        let Some(order) = found.filter(|order| order.state == OrderState::Executing) else {
            return Ok(None);
        };
        let Some(resource_id) = order.resource_id else {
            return Ok(None);
        };
        let resource = resource::Entity::find_by_id(resource_id).one(db).await?;
        let resource = resource.ok_or(OrderingError::NotFound { what: "resource" })?;
        let mut work = load_work_in(&self.core, db, resource).await?;
        if order.kind != OrderKind::Terminate {
            work.limits = order.limits_asked()?;
        }
        Ok(Some(OrderWork {
            order_id: id,
            kind: order.kind,
            limits_before: order.limits_held()?,
            work,
        }))
    }

    /// What the backend of an order is to be told of the components with these codes, which it counts over the resource's life: as
    /// it is once the order is carried out now. Refused only where there is no such order or resource.
    pub async fn limits_over_life(
        &self,
        id: OrderId,
        codes: &[&str],
    ) -> Result<LimitsOverLife, OrderingError> {
        let db = self.core.read();
        let found = order::Entity::find_by_id(id).one(db).await?;
        let order = found.ok_or_else(OrderingError::no_order)?;
        Ok(ordered_limits_over_life(&self.core, db, &order, codes).await?)
    }
}
