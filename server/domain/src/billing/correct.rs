//! Correcting a price of a month that is open. What is closed stays as it was issued: a correction that would have changed it
//! is refused, and is settled with that buyer outside.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{closed_month, organization, resource, resource_interval};
use model::{Currency, Fixed, Month, OfferingId, OrganizationId, PlanId, PriceCorrectionDraft, ResourceId};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter};

use super::accrue::lock_buyers;
use super::draft::dues_of;
use super::pairs::pairs_with;
use super::{Billing, BillingError, BillingInputs, Pair};
use crate::access::{AccessError, Actor};
use crate::catalogue::{Correction, correct_price_in};
use crate::zone::Zone;

/// Closed months of buyers that are computed anew for one correction, while nobody else writes.
const MOST_COMPARED: usize = 300;

/// A line of a document without its price version: resource, component, currency, days.
type Place = (ResourceId, String, Currency, NaiveDate, NaiveDate);
/// Quantity and amount of each line.
type Lines = BTreeMap<Place, Vec<(Fixed, Fixed)>>;

impl Billing {
    /// Puts another price in the place of one that was wrong, for everybody who has it, from a day on: by who may change
    /// the offering; a higher one by those who run the portal alone. Months that are open are computed with it from then on;
    /// quotes and estimates as well. Orders that wait at a lower price are not begun any more, and whoever it reaches is told.
    ///
    /// [`BillingError::MonthClosed`] where a closed month of any buyer would have come to something else with it, and
    /// [`BillingError::TooManyClosed`] where it reaches more than 300 closed months of buyers, which are not compared;
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
        let pairs = pairs_with(&*tx, concerned.clone()).await?;
        // Nobody closes a month of theirs meanwhile.
        let buyers = lock_buyers(&tx, concerned).await?;
        let reached = reached(&tx, &pairs, &buyers, correction.starts_at).await?;
        for (pair, month) in reached {
            let buyer = buyers.get(&pair.buyer).ok_or(AccessError::NotFound)?;
            self.refuse_changed(&tx, pair, (month, buyer), &correction)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Refuses what would have changed a closed month of the pair.
    async fn refuse_changed(
        &self,
        tx: &DatabaseTransaction,
        pair: Pair,
        (month, buyer): (Month, &organization::Model),
        correction: &Correction,
    ) -> Result<(), BillingError> {
        let mut inputs = BillingInputs::load(tx, pair, month).await?;
        inputs.as_if_nothing_was_billed();
        let Ok(with) = self.lines(&inputs) else {
            return Err(reaches(month, buyer));
        };
        inputs.without_price(correction.id);
        if self.lines(&inputs)? != with {
            return Err(reaches(month, buyer));
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

/// The closed months that begin to be charged otherwise at `from`, of each pair from the first on; refused where there are too
/// many to be computed while everybody else waits.
async fn reached(
    tx: &DatabaseTransaction,
    pairs: &BTreeSet<Pair>,
    buyers: &BTreeMap<OrganizationId, organization::Model>,
    from: DateTime<Utc>,
) -> Result<Vec<(Pair, Month)>, BillingError> {
    let Some(provider) = pairs.first().map(|pair| pair.provider) else {
        return Ok(Vec::new());
    };
    let closed = closed_month::Entity::find()
        .filter(closed_month::Column::ProviderId.eq(provider))
        .all(tx)
        .await?;
    let mut reached = Vec::new();
    for row in closed {
        let pair = Pair {
            buyer: row.organization_id,
            provider,
        };
        let Some(buyer) = buyers.get(&pair.buyer).filter(|_| pairs.contains(&pair)) else {
            continue;
        };
        let first = Zone::of(buyer)?.month(from);
        let months = std::iter::successors(Some(first), |month| Some(month.next()));
        for month in months.take_while(|month| *month <= row.through) {
            if reached.len() >= MOST_COMPARED {
                return Err(BillingError::TooManyClosed);
            }
            reached.push((pair, month));
        }
    }
    Ok(reached)
}
