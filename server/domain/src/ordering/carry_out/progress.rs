//! How far the backend is: written often, read often, and never part of a state.

use std::collections::HashMap;

use entity::{json, order, resource};
use model::{
    EventKind, OfferingId, OrderId, OrderProgress, OrderState, OrganizationId, Progress, ProjectId,
    ResourceId,
};
use sea_orm::prelude::Json;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};

use crate::access::{Actor, Target};
use crate::audit::{self, Event};
use crate::ordering::allow::check_may_see;
use crate::ordering::{OrderOperations, Ordering, OrderingError};
use crate::provisioning::facts::target_of_order;

impl Ordering {
    /// What a page that follows the order asks for: one query.
    pub async fn progress_of(&self, actor: &Actor, id: OrderId) -> Result<OrderProgress, OrderingError> {
        use order::Column as C;
        let found = order::Entity::find_by_id(id)
            .select_only()
            .columns([C::OrganizationId, C::ProjectId, C::ProviderId, C::OfferingId])
            .columns([C::State, C::Progress, C::Error, C::ResourceId])
            .into_model::<Seen>()
            .one(self.core.read());
        let seen = found.await?.ok_or_else(OrderingError::no_order)?;
        let target = Target::project(seen.organization_id, seen.project_id);
        check_may_see(actor, &target.sold_by(seen.provider_id, Some(seen.offering_id)))?;
        Ok(OrderProgress {
            state: seen.state,
            progress: json::read("orders.progress", &seen.progress)?,
            error: seen.error,
            resource_id: seen.resource_id,
        })
    }
}

impl OrderOperations {
    /// How far each of these orders is; those that are not there are left out. One query, however many there are.
    pub async fn progress_of_all(
        &self,
        ids: &[OrderId],
    ) -> Result<HashMap<OrderId, (OrderState, Progress)>, OrderingError> {
        use order::Column as C;
        let rows: Vec<(OrderId, OrderState, Json)> = order::Entity::find()
            .select_only()
            .columns([C::Id, C::State, C::Progress])
            .filter(C::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(self.core.read())
            .await?;
        let read = |(id, state, progress): (OrderId, OrderState, Json)| {
            Ok((id, (state, json::read("orders.progress", &progress)?)))
        };
        rows.into_iter().map(read).collect()
    }

    /// Notes how far the backend is. Nothing happens once the order is settled: a straggler changes no result.
    pub async fn progress(&self, id: OrderId, progress: Progress) -> Result<(), OrderingError> {
        let progress = json::write("orders.progress", &progress)?;
        let tx = self.core.write_tx().await?;
        // The resource first, as everywhere: see `locks`.
        store_on_resource(&tx, id, progress.clone()).await?;
        if store(&tx, id, progress).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// The backend has nobody but a person to end this: the order waits for somebody of the provider, who finds it in
    /// their queue. The first time it is an event.
    pub async fn wait_for_provider(&self, id: OrderId, waiting_for: &str) -> Result<(), OrderingError> {
        let progress = Progress {
            message: waiting_for.to_owned(),
            ..Progress::default()
        };
        let progress = json::write("orders.progress", &progress)?;
        let tx = self.core.write_tx().await?;
        // The resource first, as everywhere: see `locks`.
        store_on_resource(&tx, id, progress.clone()).await?;
        if store(&tx, id, progress).await? {
            let began = order::Entity::update_many()
                .col_expr(order::Column::WaitingSince, Expr::value(self.core.now()))
                .filter(order::Column::Id.eq(id))
                .filter(order::Column::WaitingSince.is_null())
                .exec(&*tx)
                .await?;
            if began.rows_affected > 0 {
                self.record_handed_over(&tx, id, waiting_for).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }
}

impl OrderOperations {
    async fn record_handed_over(
        &self,
        tx: &DatabaseTransaction,
        id: OrderId,
        waiting_for: &str,
    ) -> Result<(), OrderingError> {
        let found = order::Entity::find_by_id(id).one(tx).await?;
        let target = target_of_order(&found.ok_or_else(OrderingError::no_order)?);
        let system = Actor::system();
        let event = Event::new(&system, EventKind::OrderHandedOver, id.0)
            .on(target)
            .reason(waiting_for);
        audit::record_in(&self.core, tx, event).await?;
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct Seen {
    organization_id: OrganizationId,
    project_id: ProjectId,
    provider_id: OrganizationId,
    offering_id: OfferingId,
    state: OrderState,
    progress: Json,
    error: String,
    resource_id: Option<ResourceId>,
}

/// False where the order is not executing.
async fn store(tx: &DatabaseTransaction, id: OrderId, progress: Json) -> Result<bool, DbErr> {
    let stored = order::Entity::update_many()
        .col_expr(order::Column::Progress, Expr::value(progress))
        .filter(order::Column::Id.eq(id))
        .filter(order::Column::State.eq(OrderState::Executing))
        .exec(tx)
        .await?;
    Ok(stored.rows_affected > 0)
}

async fn store_on_resource(tx: &DatabaseTransaction, id: OrderId, progress: Json) -> Result<(), DbErr> {
    let of_order = Query::select()
        .column(order::Column::ResourceId)
        .from(order::Entity)
        .and_where(order::Column::Id.eq(id))
        .and_where(order::Column::State.eq(OrderState::Executing))
        .to_owned();
    resource::Entity::update_many()
        .col_expr(resource::Column::Progress, Expr::value(progress))
        .filter(resource::Column::Id.in_subquery(of_order))
        .exec(tx)
        .await?;
    Ok(())
}
