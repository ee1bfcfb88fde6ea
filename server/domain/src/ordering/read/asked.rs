//! Who would be asked about an order that is not placed yet.

use entity::resource;
use model::{Fixed, Permission, ResourceId, Side};
use sea_orm::EntityTrait;

use crate::access::Actor;
use crate::ordering::allow::allow;
use crate::ordering::parties::{Buyer, Parties, Sale, load_plan};
use crate::ordering::{Ordering, OrderingError};

impl Ordering {
    /// Whether an order that the actor places for this resource waits until its provider agrees, as the rules are now.
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
        // What an order commits to decides on the buyer's side alone.
        let facts = parties.facts(actor, Fixed::ZERO, parties.plan.currency);
        Ok(facts.passes(Side::Provider).is_none())
    }
}
