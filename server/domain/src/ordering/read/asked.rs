//! Who would be asked about an order that is not placed yet.

use entity::resource;
use model::{Fixed, OrderKind, Permission, ResourceId, Side};
use sea_orm::EntityTrait;

use crate::access::Actor;
use crate::approvals::plan;
use crate::ordering::allow::allow;
use crate::ordering::parties::{Buyer, Parties, Sale, load_plan};
use crate::ordering::{Ordering, OrderingError};

impl Ordering {
    /// Whether a termination of this resource that the actor orders waits until its provider agrees, as the rules are now.
    /// Refused for who may not order there, as for a resource that does not exist (`NotFound`) where they do not see it.
    pub async fn asks_provider(&self, actor: &Actor, id: ResourceId) -> Result<bool, OrderingError> {
        let db = self.core.read();
        let missing = || OrderingError::NotFound { what: "resource" };
        let row = resource::Entity::find_by_id(id).one(db).await?;
        let row = row.ok_or_else(missing)?;
        let parties = Parties {
            buyer: Buyer::load(db, row.project_id).await?,
            sale: Sale::load(db, row.offering_id).await?,
            plan: load_plan(db, row.plan_id).await?.ok_or_else(missing)?,
        };
        allow(actor, Permission::PlaceOrder, &parties.target(), "resource")?;
        // An end commits to nothing.
        let facts = parties.facts(actor, Fixed::ZERO, parties.plan.currency);
        let rules = parties.rules(db).await?;
        let planned = plan(&facts, parties.wanted(OrderKind::Terminate), &rules);
        Ok(planned.is_ok_and(|plan| plan.asks(Side::Provider)))
    }
}
