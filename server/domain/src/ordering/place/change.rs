//! Placing orders for a resource that is there: other limits, its end.

use model::{ChargeType, LimitsDraft, OrderId, OrderKind, ResourceId, ResourceVerb};
use sea_orm::DatabaseTransaction;

use super::idempotent::IdempotentPlacing;
use super::ordered_resource::{OrderedResource, check_no_open_order};
use super::quote_change::LimitsChange;
use super::submit::submit_in;
use crate::access::Actor;
use crate::check::Check;
use crate::core::Core;
use crate::ordering::check::{self, end};
use crate::ordering::{Ordering, OrderingError};

impl Ordering {
    /// Orders other limits. What is not named stays. A change that raises nothing is possible whatever the state of the
    /// offering: nobody is kept at a cost. Refused for who may not order there, where another order is open or the
    /// resource is not in use (`NotOrderable`), limits out of bounds or all as they are (`Invalid`), and a key that was
    /// used for something else.
    pub async fn place_change_limits(
        &self,
        actor: &Actor,
        draft: LimitsDraft,
        idem: Option<&str>,
    ) -> Result<OrderId, OrderingError> {
        let tx = self.core.write_tx().await?;
        let once = IdempotentPlacing::claim(&self.core, &tx, actor, idem, &(OrderKind::ChangeLimits, &draft))
            .await?;
        let place = change_limits_in(&self.core, &tx, actor, draft);
        let id = once.or_place(&tx, actor, place).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Orders the end of a resource. Possible whatever the state of offering, project and organization. Refused for who
    /// may not order there, where another order is open or the resource has ended, and a key that was used for something
    /// else.
    pub async fn place_terminate(
        &self,
        actor: &Actor,
        resource: ResourceId,
        reason: &str,
        idem: Option<&str>,
    ) -> Result<OrderId, OrderingError> {
        let reason = check::comment("reason", reason, false)?;
        let tx = self.core.write_tx().await?;
        let once = IdempotentPlacing::claim(
            &self.core,
            &tx,
            actor,
            idem,
            &(OrderKind::Terminate, resource, &reason),
        )
        .await?;
        let place = terminate_in(&self.core, &tx, actor, (resource, reason));
        let id = once.or_place(&tx, actor, place).await?;
        tx.commit().await?;
        Ok(id)
    }
}

async fn change_limits_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    draft: LimitsDraft,
) -> Result<OrderId, OrderingError> {
    let ordered = OrderedResource::load(tx, actor, draft.resource_id).await?;
    let (ordered, change) = LimitsChange::of(core, tx, ordered, draft.limits).await?;
    let held = |code: &String| ordered.held.get(code).copied().unwrap_or_default();
    let raises = change.limits.iter().any(|(code, limit)| *limit > held(code));
    ordered.check_change(core, tx, raises).await?;
    ordered.check_lasts(core)?;
    let mut check = Check::default();
    if !change
        .offer
        .components
        .iter()
        .any(|component| component.terms.charge == ChargeType::Limit)
    {
        return Err(OrderingError::NotOrderable(
            "This offering has no limits to change.".into(),
        ));
    }
    let is_same = change
        .asked
        .iter()
        .all(|(code, limit)| ordered.held.get(code) == Some(limit));
    if is_same {
        check.fault("limits", "unchanged", "Change at least one limit.");
    }
    let quote = change.cost(core, &ordered).quote(&mut check)?;
    end(check)?;
    let quote = Some((quote.ok_or_else(|| ordered.no_term())?, change.offer.binding));
    let new_order = ordered.new_order(OrderKind::ChangeLimits, change.limits, quote, String::new());
    submit_in(core, tx, actor, &ordered.parties, new_order).await
}

async fn terminate_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    (resource, reason): (ResourceId, String),
) -> Result<OrderId, OrderingError> {
    let ordered = OrderedResource::load(tx, actor, resource).await?;
    check_no_open_order(tx, &ordered.resource).await?;
    ordered.resource.state.after(ResourceVerb::BeginTermination)?;
    let limits = ordered.held.clone();
    let new_order = ordered.new_order(OrderKind::Terminate, limits, None, reason);
    submit_in(core, tx, actor, &ordered.parties, new_order).await
}

/// The system orders the end of a resource, which the caller has locked and found without an open order.
pub(in crate::ordering) async fn terminate_by_system_in(
    core: &Core,
    tx: &DatabaseTransaction,
    resource: ResourceId,
    reason: String,
) -> Result<OrderId, OrderingError> {
    terminate_in(core, tx, &Actor::system(), (resource, reason)).await
}
