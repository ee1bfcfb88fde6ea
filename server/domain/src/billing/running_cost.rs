//! What a resource has cost so far this month.

use entity::{organization, plan, resource};
use model::{Line, Money, ResourceId, RunningCost};
use sea_orm::EntityTrait;

use super::draft::dues_of;
use super::inputs::BillingInputs;
use super::{Billing, BillingError};
use crate::access::{AccessError, Actor};
use crate::usage::may_see;
use crate::zone::Zone;

impl Billing {
    /// What would be invoiced for the resource if the month ended now, without tax. Open to whoever may see it.
    pub async fn running_cost(&self, actor: &Actor, id: ResourceId) -> Result<RunningCost, BillingError> {
        let db = self.core.read();
        let found = resource::Entity::find_by_id(id).one(db).await?;
        let resource = found
            .filter(|row| may_see(actor, row))
            .ok_or(AccessError::NotFound)?;
        let buyer = organization::Entity::find_by_id(resource.organization_id)
            .one(db)
            .await?;
        let buyer = buyer.ok_or(AccessError::NotFound)?;
        let plan = plan::Entity::find_by_id(resource.plan_id)
            .one(db)
            .await?
            .ok_or(AccessError::NotFound)?;
        let now = self.core.now();
        let month = Zone::of(&buyer)?.month(now);
        let inputs = BillingInputs::of_resource(db, &resource, month).await?;
        let mut lines: Vec<Line> = Vec::new();
        for resource in &inputs.resources {
            // Corrections of past months are not what this month costs.
            let dues = dues_of(&inputs, resource, now)?.into_iter();
            lines.extend(
                dues.filter(|due| due.currency == plan.currency && due.late.is_none())
                    .map(|due| due.line),
            );
        }
        let net = Money::sum(plan.currency, lines.iter().map(|line| line.amount));
        let net = net
            .map_err(|fault| BillingError::TooLarge(fault.into()))?
            .rounded();
        Ok(RunningCost {
            currency: plan.currency,
            lines,
            net,
            as_of: now,
        })
    }
}
