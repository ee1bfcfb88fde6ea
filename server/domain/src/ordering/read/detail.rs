//! One order whole, with what its viewer may do with it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::{component, order};
use model::{ComponentName, OrderDetail, OrderId, OrderState, OrganizationId, Permission, Side, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::summary::{self, Row};
use super::waiting::{Asked, waiting_for};
use crate::access::{Actor, Target};
use crate::approvals::{Steps, deciders, names_of, own_rules, sees};
use crate::audit;
use crate::ordering::allow::check_may_see;
use crate::ordering::carry_out::retry::may_retry;
use crate::ordering::decide::cancel::is_failed_creation;
use crate::ordering::{Ordering, OrderingError};
use crate::provisioning::{answers, facts::target_of_order};

impl Ordering {
    /// One order, for those who see its project and for its provider. Everybody else is refused as for an order that does
    /// not exist (`NotFound`).
    pub async fn order(&self, actor: &Actor, id: OrderId) -> Result<OrderDetail, OrderingError> {
        let db = self.core.read();
        let order = order::Entity::find_by_id(id)
            .one(db)
            .await?
            .ok_or_else(OrderingError::no_order)?;
        check_may_see(actor, &target_of_order(&order))?;
        let row = summary::select(Some(actor))
            .filter(order::Column::Id.eq(id))
            .into_model::<Row>()
            .one(db)
            .await?;
        let row = row.ok_or_else(OrderingError::no_order)?;
        let progress = order.progress_made()?;
        let steps = Steps::of_order(db, (id, order.requested_by)).await?;
        let asked = asked(db, actor, &row, &steps, self.core.now()).await?;
        let why = (order.start_date, progress.message.as_str());
        let waiting_for = waiting_for(&row, asked.as_ref(), why, actor.time_zone);
        let names = asked.map(|asked| asked.names).unwrap_or_default();
        let (target, parties) = (
            row.target(),
            (row.organization_name.clone(), row.provider_name.clone()),
        );
        let hidden = |side: Side| {
            let who = match side {
                Side::Buyer => &parties.0,
                Side::Provider => &parties.1,
            };
            (!sees(actor, side, &target)).then(|| own_rules(who))
        };
        Ok(OrderDetail {
            summary: row.summary(actor),
            plan_id: order.plan_id,
            limits: order.limits_asked()?,
            limits_before: order.limits_held()?,
            expected_use: order.use_expected()?,
            components: named(db, &order).await?,
            answers: answers::of_order(db, &order).await?,
            has_secret_answers: order.secrets.is_some(),
            start_date: order.start_date,
            end_date: order.end_date,
            term_months: order.term_months.and_then(|months| u32::try_from(months).ok()),
            quote: order.quoted()?,
            // A change of limits binds no prices: the resource keeps what its own order has bound.
            quote_valid_until: order
                .quote_valid_until
                .filter(|_| order.kind != model::OrderKind::ChangeLimits),
            accepted_terms: order.accepted_terms,
            steps: steps.shown(db, (names, order.expires_at), hidden).await?,
            waiting_for,
            timeline: audit::timeline_in(db, "order", id.0).await?,
            can_cancel: order.state.can_cancel() && !is_failed_creation(&order) && row.may_cancel(actor),
            can_fulfil: row.can_fulfil(actor),
            can_retry: order.state == OrderState::Erred && !row.is_overtaken() && may_retry(actor, &order),
            error: order.error,
            progress,
        })
    }

    /// The order as `provider`, who sold it, handles it: for who sees it through a role on the provider or on the offering.
    /// Everybody else, its buyers too, is refused as for an order that does not exist (`NotFound`).
    pub async fn order_sold_by(
        &self,
        actor: &Actor,
        provider: OrganizationId,
        id: OrderId,
    ) -> Result<OrderDetail, OrderingError> {
        let order = self.order(actor, id).await?;
        let sold = Target::offering(order.summary.provider_id, order.summary.offering_id);
        if order.summary.provider_id == provider && actor.may(Permission::ViewOffering, &sold) {
            Ok(order)
        } else {
            Err(OrderingError::no_order())
        }
    }
}

/// How the components are called whose amounts the order names.
async fn named(
    db: &impl ConnectionTrait,
    order: &order::Model,
) -> Result<BTreeMap<String, ComponentName>, DbErr> {
    let (limits, before, expected) = (order.limits_asked()?, order.limits_held()?, order.use_expected()?);
    let rows = component::Entity::find_of_offering(order.offering_id)
        .all(db)
        .await?;
    let of_order = |row: &component::Model| {
        [&limits, &before, &expected]
            .iter()
            .any(|amounts| amounts.contains_key(&row.code))
    };
    let named = rows.into_iter().filter(of_order).map(|row| {
        let (name, unit) = (row.name, row.unit);
        (row.code, ComponentName { name, unit })
    });
    Ok(named.collect())
}

/// Whom the order asks now, by name as far as the actor may know: those of the side from which the actor sees it.
async fn asked(
    db: &impl ConnectionTrait,
    actor: &Actor,
    row: &Row,
    steps: &Steps,
    now: DateTime<Utc>,
) -> Result<Option<Asked>, DbErr> {
    let Some(step) = steps.open() else {
        return Ok(None);
    };
    let people = deciders(db, row.asks(), &step, now).await?;
    let can = people.themselves.len();
    let names = if sees(actor, step.row.side, &row.target()) {
        let deputies: BTreeSet<UserId> = people.deputies.difference(&people.themselves).copied().collect();
        let mut names = names_of(db, people.themselves).await?;
        let deputies = names_of(db, deputies).await?;
        names.extend(deputies.into_iter().map(|name| format!("{name} as a deputy")));
        names
    } else {
        Vec::new()
    };
    Ok(Some(Asked { step, can, names }))
}
