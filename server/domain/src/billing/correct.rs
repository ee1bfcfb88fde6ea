//! Correcting a price of a month that is open. What is closed stays as it was issued: a correction that would have changed it
//! is refused, and is settled with that buyer outside.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{organization, resource, resource_interval};
use model::{Currency, Fixed, Month, OfferingId, PlanId, PriceCorrectionDraft, ResourceId};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait};

use super::accrue::lock_buyer;
use super::draft::dues_of;
use super::pairs::pairs_with;
use super::{Billing, BillingError, BillingInputs, Pair, closed};
use crate::access::{AccessError, Actor};
use crate::catalogue::{Correction, correct_price_in};
use crate::zone::Zone;

/// A line of a document without its price version: resource, component, currency, days.
type Place = (ResourceId, String, Currency, NaiveDate, NaiveDate);
/// Quantity and amount of each line.
type Lines = BTreeMap<Place, Vec<(Fixed, Fixed)>>;

impl Billing {
    /// Puts another price in the place of one that was wrong, for everybody who has it, from a day on: by who may change
    /// the offering. Months that are open are computed with it from then on; quotes and estimates as well.
    ///
    /// [`BillingError::MonthClosed`] where a closed month of any buyer would have come to something else with it;
    /// otherwise the refusals of the fields `version`, `scheme`, `from` and `reason`.
    pub async fn correct_price(
        &self,
        actor: &Actor,
        offering: OfferingId,
        plan: PlanId,
        draft: PriceCorrectionDraft,
    ) -> Result<(), BillingError> {
        let tx = self.core.write_tx().await?;
        let correction = correct_price_in(&self.core, &tx, actor, (offering, plan), draft).await?;
        let had = Query::select()
            .column(resource_interval::Column::ResourceId)
            .from(resource_interval::Entity)
            .and_where(resource_interval::Column::PlanId.eq(plan))
            .take();
        let concerned = Condition::all()
            .add(resource::Column::OfferingId.eq(offering))
            .add(resource::Column::Id.in_subquery(had));
        for pair in pairs_with(&*tx, concerned).await? {
            // Nobody closes a month of theirs meanwhile.
            lock_buyer(&tx, pair.buyer).await?;
            self.refuse_closed(&tx, pair, &correction).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Refuses what would have changed a closed month of the pair.
    async fn refuse_closed(
        &self,
        tx: &DatabaseTransaction,
        pair: Pair,
        correction: &Correction,
    ) -> Result<(), BillingError> {
        let Some(through) = closed::through(tx, pair).await? else {
            return Ok(());
        };
        let buyer = organization::Entity::find_by_id(pair.buyer)
            .one(tx)
            .await?
            .ok_or(AccessError::NotFound)?;
        let zone = Zone::of(&buyer)?;
        let first = zone.month(correction.starts_at);
        let months = std::iter::successors(Some(first), |month| Some(month.next()));
        for month in months.take_while(|month| *month <= through) {
            let mut inputs = BillingInputs::load(tx, pair, month).await?;
            inputs.as_if_nothing_was_billed();
            let Ok(with) = self.lines(&inputs) else {
                return Err(reaches(month, &buyer));
            };
            inputs.without_price(correction.id);
            if self.lines(&inputs)? != with {
                return Err(reaches(month, &buyer));
            }
        }
        Ok(())
    }

    fn lines(&self, inputs: &BillingInputs) -> Result<Lines, BillingError> {
        let mut lines = Lines::new();
        for resource in &inputs.resources {
            for due in dues_of(inputs, resource, self.core.now())? {
                let amount = due.line.amount.to_fixed();
                let amount = amount.map_err(|fault| BillingError::TooLarge(fault.into()))?;
                let place = (
                    resource.row.id,
                    due.line.component,
                    due.currency,
                    due.days.start,
                    due.days.end,
                );
                lines.entry(place).or_default().push((due.line.quantity, amount));
            }
        }
        Ok(lines)
    }
}

fn reaches(month: Month, buyer: &organization::Model) -> BillingError {
    BillingError::MonthClosed {
        month,
        organization: buyer.name.clone(),
    }
}
