//! Whose month cannot be computed, and what to do about it. Who is remembered when it is found; why is computed anew each
//! time, so that it is gone as soon as it is corrected.

use std::collections::BTreeSet;

use entity::billing_fault;
use model::{ChargeFault, CloseFailure, Month, OrganizationId, Permission};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use super::draft::{drafts, dues_of};
use super::{Billing, BillingError, BillingInputs, Pair, closed};
use crate::access::{Actor, Target, authorize};
use crate::core::Core;
use crate::page::MOST_AT_ONCE;

impl Billing {
    /// The buyers and providers whose month cannot be invoiced as things are, with each charge at fault, the
    /// earliest months first, 200 at most: of one provider for who runs it, of all for staff and support. A month that was closed meanwhile, or can be computed by
    /// now, is left out.
    pub async fn faults(
        &self,
        actor: &Actor,
        provider: Option<OrganizationId>,
    ) -> Result<Vec<CloseFailure>, BillingError> {
        match provider {
            Some(id) => authorize(actor, Permission::ViewOffering, &Target::provider(id))?,
            None => authorize(actor, Permission::ViewInvoice, &Target::system())?,
        }
        let of_provider = provider.map(|id| billing_fault::Column::ProviderId.eq(id));
        let rows = billing_fault::Entity::find()
            .filter(Condition::all().add_option(of_provider))
            .order_by_asc(billing_fault::Column::Month)
            .order_by_asc(billing_fault::Column::OrganizationId)
            .all(self.core.read())
            .await?;
        let mut failures = Vec::new();
        for row in rows {
            let pair = Pair {
                buyer: row.organization_id,
                provider: row.provider_id,
            };
            let through = closed::through(self.core.read(), pair).await?;
            if through.is_some_and(|through| row.month <= through) {
                continue;
            }
            let reasons = self.reasons(pair, row.month).await?;
            if !reasons.is_empty() {
                failures.push((pair, row.month, reasons));
            }
            if failures.len() >= MOST_AT_ONCE {
                break;
            }
        }
        self.named(failures).await
    }

    /// Every charge of the month that cannot be computed; where each can, but their sum cannot be billed, its largest line.
    pub(super) async fn reasons(&self, pair: Pair, month: Month) -> Result<Vec<ChargeFault>, BillingError> {
        let now = self.core.now();
        let inputs = match BillingInputs::load(self.core.read(), pair, month).await {
            Ok(inputs) => inputs,
            Err(BillingError::Db(error)) => return Err(error.into()),
            Err(error) => return Ok(vec![fault(None, &error)]),
        };
        let mut reasons = Vec::new();
        for resource in &inputs.resources {
            if let Err(error) = dues_of(&inputs, resource, now) {
                reasons.push(fault(Some(resource.row.id), &error));
            }
        }
        if reasons.is_empty()
            && let Err(error) = drafts(&inputs, now)
        {
            reasons.push(fault(None, &error));
        }
        Ok(reasons)
    }

    /// With the names of buyers and providers.
    pub(super) async fn named(
        &self,
        failures: Vec<(Pair, Month, Vec<ChargeFault>)>,
    ) -> Result<Vec<CloseFailure>, BillingError> {
        let ids: BTreeSet<OrganizationId> = failures
            .iter()
            .flat_map(|(pair, ..)| [pair.buyer, pair.provider])
            .collect();
        let names = self.names_of(ids).await?;
        let name = |id: OrganizationId| names.get(&id).cloned().unwrap_or_default();
        let shown = |(pair, month, reasons): (Pair, Month, Vec<ChargeFault>)| CloseFailure {
            organization_id: pair.buyer,
            organization_name: name(pair.buyer),
            provider_id: pair.provider,
            provider_name: name(pair.provider),
            month,
            reasons,
        };
        Ok(failures.into_iter().map(shown).collect())
    }
}

/// Forgets the faults of months that were computed.
pub(super) async fn forget_in(
    tx: &sea_orm::DatabaseTransaction,
    pair: Pair,
    month: Month,
) -> Result<(), BillingError> {
    use billing_fault::Column as C;
    billing_fault::Entity::delete_many()
        .filter(C::OrganizationId.eq(pair.buyer))
        .filter(C::ProviderId.eq(pair.provider))
        .filter(C::Month.eq(month))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) fn fault(resource_id: Option<model::ResourceId>, error: &BillingError) -> ChargeFault {
    let problem = error.problem();
    let (line, price) = match error {
        BillingError::Unpriceable { price, .. } => (None, price.clone()),
        BillingError::TooLargeBy(line) => (Some(line.resource_id), line.price.clone()),
        _ => (None, None),
    };
    ChargeFault {
        resource_id: resource_id.or(line),
        price,
        code: problem.code,
        message: problem.detail,
    }
}

/// Remembers that the month of the pair could not be computed.
pub(super) async fn note_fault(core: &Core, pair: Pair, month: Month) -> Result<(), BillingError> {
    let row = billing_fault::Model {
        organization_id: pair.buyer,
        provider_id: pair.provider,
        month,
    };
    let tx = core.write_tx().await?;
    billing_fault::Entity::insert(row.into_active_model().reset_all())
        .on_conflict_do_nothing()
        .exec_without_returning(&*tx)
        .await?;
    Ok(tx.commit().await?)
}
