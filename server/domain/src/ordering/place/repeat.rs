//! The same order again: a second click is the first order once more, and somebody who comes back and orders the same anew
//! is asked whether it is meant.

use chrono::{NaiveDate, TimeDelta};
use entity::order::{self, Column, Entity};
use model::{CreateDraft, FieldFault, Fixed, OrderId, OrderKind, OrderState, RenewDraft};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::create::place_in;
use super::idempotent::IdempotentPlacing;
use super::renew::renew_in;
use crate::access::Actor;
use crate::core::Core;
use crate::ordering::parties::Buyer;
use crate::ordering::{Ordering, OrderingError};

/// So long after an order the same one is asked about.
const RECENT: TimeDelta = TimeDelta::hours(1);

impl Ordering {
    /// As [`Ordering::place_create`], for people: an order that the same person placed within the last hour, for the same
    /// project, under the same name, of the same plan, amounts, first day and length, is not placed once more unless `once_more` says that it is
    /// meant. It is refused at `once_more` then, with when the first one was placed.
    pub async fn place_create_once(
        &self,
        actor: &Actor,
        draft: CreateDraft,
        idem: Option<&str>,
        once_more: bool,
    ) -> Result<OrderId, OrderingError> {
        let tx = self.core.write_tx().await?;
        let once =
            IdempotentPlacing::claim(&self.core, &tx, actor, idem, &(OrderKind::Create, &draft)).await?;
        if let Some(id) = once.placed() {
            return Ok(id);
        }
        if !once_more && let Some(first) = alike_in(&self.core, &*tx, actor, &draft).await? {
            return Err(OrderingError::Invalid(vec![asked(&self.core, &first)]));
        }
        let id = place_in(&self.core, &tx, actor, draft).await?;
        let id = once.keep(&tx, actor, id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// As [`Ordering::place_renew`], for people: where the same person ordered the same term for the resource within the last
    /// hour, another one is not ordered unless `once_more` says that it is meant. Refused at `once_more` then, with when the
    /// first one was ordered.
    pub async fn place_renew_once(
        &self,
        actor: &Actor,
        draft: RenewDraft,
        idem: Option<&str>,
        once_more: bool,
    ) -> Result<OrderId, OrderingError> {
        let tx = self.core.write_tx().await?;
        let once =
            IdempotentPlacing::claim(&self.core, &tx, actor, idem, &(OrderKind::Renew, &draft)).await?;
        if let Some(id) = once.placed() {
            return Ok(id);
        }
        if !once_more && let Some(first) = renewed_in(&self.core, &tx, actor, &draft).await? {
            return Err(OrderingError::Invalid(vec![asked(&self.core, &first)]));
        }
        let id = renew_in(&self.core, &tx, actor, &draft).await?;
        let id = once.keep(&tx, actor, id).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// Orders that were not carried out and will not be.
const GIVEN_UP: [OrderState; 3] = [OrderState::Rejected, OrderState::Canceled, OrderState::Expired];

/// The last renewal of the actor for as long a term that is done; while one is open there is no other.
async fn renewed_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    draft: &RenewDraft,
) -> Result<Option<order::Model>, OrderingError> {
    let months = i32::try_from(draft.months).unwrap_or(i32::MAX);
    let recent = Entity::find()
        .filter(Column::RequestedBy.eq(actor.user_id))
        .filter(Column::Kind.eq(OrderKind::Renew))
        .filter(Column::ResourceId.eq(draft.resource_id))
        .filter(Column::TermMonths.eq(months))
        .filter(Column::State.eq(OrderState::Done))
        .filter(Column::CreatedAt.gt(core.now() - RECENT))
        .order_by_desc(Column::CreatedAt);
    Ok(recent.one(tx).await?)
}

/// The last order of the actor that asks for the same and still stands.
async fn alike_in<C: ConnectionTrait>(
    core: &Core,
    conn: &C,
    actor: &Actor,
    draft: &CreateDraft,
) -> Result<Option<order::Model>, OrderingError> {
    let recent = Entity::find()
        .filter(Column::RequestedBy.eq(actor.user_id))
        .filter(Column::Kind.eq(OrderKind::Create))
        .filter(Column::ProjectId.eq(draft.project_id))
        .filter(Column::PlanId.eq(draft.plan_id))
        .filter(Column::ResourceName.eq(draft.name.trim()))
        .filter(Column::State.is_not_in(GIVEN_UP))
        .filter(Column::CreatedAt.gt(core.now() - RECENT))
        .order_by_desc(Column::CreatedAt)
        .all(conn)
        .await?;
    if recent.is_empty() {
        return Ok(None);
    }
    let zone = Buyer::load(conn, draft.project_id).await?.zone;
    for order in recent {
        let asked = order.limits_asked()?;
        let same = |(code, limit): (&String, &Fixed)| asked.get(code) == Some(limit);
        // A term says the last day; the order keeps both, the draft only what was chosen.
        let as_long = match draft.term_months {
            Some(months) => order.term_months.and_then(|of| u32::try_from(of).ok()) == Some(months),
            None => order.term_months.is_none() && order.end_date == draft.end_date,
        };
        let placed_on = zone.day(order.created_at);
        let start = |first: Option<NaiveDate>| first.filter(|first| *first > placed_on);
        let as_soon = order.start_date == start(draft.start_date);
        if as_long && as_soon && draft.limits.iter().all(same) {
            return Ok(Some(order));
        }
    }
    Ok(None)
}

fn asked(core: &Core, first: &order::Model) -> FieldFault {
    let minutes = core.now().signed_duration_since(first.created_at).num_minutes();
    let when = match minutes {
        ..1 => "less than a minute ago".to_owned(),
        1 => "a minute ago".to_owned(),
        minutes => format!("{minutes} minutes ago"),
    };
    let what = match first.kind {
        OrderKind::Renew => format!("as long a term of “{}”", first.resource_name),
        _ => format!("the same, “{}”", first.resource_name),
    };
    let words =
        format!("You ordered {what}, {when}. If you want it once more, tick the box and order again.");
    FieldFault::at("once_more", "ordered_before", words)
}
