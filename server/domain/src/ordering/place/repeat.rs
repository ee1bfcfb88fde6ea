//! The same order again: a second click is the first order once more, and somebody who comes back and orders the same anew
//! is asked whether it is meant.

use chrono::{NaiveDate, TimeDelta};
use entity::order::{self, Column, Entity};
use model::{CreateDraft, FieldFault, Fixed, OrderId, OrderKind, OrderState};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::create::place_in;
use super::idempotent::IdempotentPlacing;
use crate::access::Actor;
use crate::core::Core;
use crate::ordering::parties::Buyer;
use crate::ordering::{Ordering, OrderingError};

/// So long after an order the same one is asked about.
const RECENT: TimeDelta = TimeDelta::hours(1);

/// What became of an order form that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// It is a new order.
    New(OrderId),
    /// The very same form was sent before, and this is the order that it made then.
    Before(OrderId),
}

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
    ) -> Result<Placed, OrderingError> {
        let tx = self.core.write_tx().await?;
        let once =
            IdempotentPlacing::claim(&self.core, &tx, actor, idem, &(OrderKind::Create, &draft)).await?;
        if let Some(id) = once.placed() {
            return Ok(Placed::Before(id));
        }
        if !once_more && let Some(first) = alike_in(&self.core, &*tx, actor, &draft).await? {
            return Err(OrderingError::Invalid(vec![asked(&self.core, &first)]));
        }
        let id = place_in(&self.core, &tx, actor, draft).await?;
        let id = once.keep(&tx, actor, id).await?;
        tx.commit().await?;
        Ok(Placed::New(id))
    }
}

/// The last order of the actor that asks for the same and still stands.
async fn alike_in<C: ConnectionTrait>(
    core: &Core,
    conn: &C,
    actor: &Actor,
    draft: &CreateDraft,
) -> Result<Option<order::Model>, OrderingError> {
    let given_up = [OrderState::Rejected, OrderState::Canceled, OrderState::Expired];
    let recent = Entity::find()
        .filter(Column::RequestedBy.eq(actor.user_id))
        .filter(Column::Kind.eq(OrderKind::Create))
        .filter(Column::ProjectId.eq(draft.project_id))
        .filter(Column::PlanId.eq(draft.plan_id))
        .filter(Column::ResourceName.eq(draft.name.trim()))
        .filter(Column::State.is_not_in(given_up))
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
    let words = format!(
        "You ordered the same, “{}”, {when}. If you want it once more, tick the box and order again.",
        first.resource_name
    );
    FieldFault::at("once_more", "ordered_before", words)
}
