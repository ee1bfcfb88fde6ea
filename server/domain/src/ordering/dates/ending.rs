//! What the system does by itself about days: it tells of ends that are near, ends what is over, and starts what was
//! ordered for today. Each of these looks at the rows, not at what it did before: run late, it makes up for what it
//! missed; run twice, it does nothing the second time.

use entity::{project, resource};
use model::{Awaits, EventKind, OrderKind, OrderState, OrderVerb, ResourceId, ResourceState};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, Select,
};

use crate::access::Actor;
use crate::core::Core;
use crate::ordering::locks::lock_order;
use crate::ordering::moves::{Moved, store_move};
use crate::ordering::place::change::terminate_by_system_in;
use crate::ordering::{OrderOperations, OrderingError};
use crate::provisioning;
use crate::provisioning::apply_outcome::forget_error_in;
use crate::provisioning::lifetime::{Around, restart_in, stop_in};
use crate::structure::End;

/// Resources looked up at once; each is then ended in its own transaction.
const BATCH: u64 = 100;

impl OrderOperations {
    /// Ends every resource whose last day, or its project's, is over where its buyer lives, after the days of grace: what
    /// lasts is billed no longer than its last day, and an order of the system terminates the resource. Answers how many
    /// such orders were placed. What cannot be ended holds up only itself; the first such error is answered at the end.
    pub async fn end_due(&self) -> Result<u64, OrderingError> {
        let mut ended = 0;
        let mut first_error = None;
        let mut last = None;
        loop {
            let due = self.over(last).await?;
            let Some(end) = due.last() else {
                return first_error.map_or(Ok(ended), Err);
            };
            last = Some(*end);
            for id in due {
                match self.end_one(id).await {
                    Ok(placed) => ended += u64::from(placed),
                    Err(error) => first_error = first_error.or(Some(error)),
                }
            }
        }
    }

    /// Resources that are over somewhere on earth and not gone, and those that stopped and may last again.
    async fn over(&self, after: Option<ResourceId>) -> Result<Vec<ResourceId>, OrderingError> {
        let today = self.core.now().date_naive();
        let mut query = lasting()
            .filter(
                Condition::any()
                    .add(resource::Column::EndDate.lte(today))
                    .add(Expr::col((project::Entity, project::Column::EndDate)).lte(today))
                    .add(stopped()),
            )
            .order_by_asc(resource::Column::Id)
            .limit(BATCH);
        if let Some(after) = after {
            query = query.filter(resource::Column::Id.gt(after));
        }
        Ok(query.into_tuple().all(self.core.read()).await?)
    }

    /// Whether an order was placed.
    async fn end_one(&self, id: ResourceId) -> Result<bool, OrderingError> {
        let core = &self.core;
        let tx = core.write_tx().await?;
        let found = resource::Entity::find_by_id(id)
            .lock_exclusive()
            .one(&*tx)
            .await?;
        let Some(resource) = found.filter(|row| row.state != ResourceState::Terminated) else {
            return Ok(false);
        };
        let around = Around::load(&*tx, &resource).await?;
        let today = around.zone.day(core.now());
        let Some(end) = around.end(&resource).filter(|end| end.is_over(today)) else {
            let lasts = matches!(resource.state, ResourceState::Ok | ResourceState::Updating);
            if lasts && restart_in(core, &tx, &around.zone, &resource).await? {
                tx.commit().await?;
            }
            return Ok(false);
        };
        stop_in(core, &tx, &around, &resource).await?;
        let is_kept = around.kept_until(&resource).is_some_and(|until| today <= until);
        let placed = !is_kept && terminate_in(core, &tx, &resource, end).await?;
        tx.commit().await?;
        Ok(placed)
    }
}

/// Ids of the resources that are not gone, with their projects.
pub(super) fn lasting() -> Select<resource::Entity> {
    resource::Entity::find()
        .select_only()
        .column(resource::Column::Id)
        .join(JoinType::InnerJoin, resource::Relation::Project.def())
        .filter(resource::Column::State.ne(ResourceState::Terminated))
}

/// In use, but billed no longer.
fn stopped() -> Condition {
    let present = sea_orm::sea_query::Query::select()
        .column(entity::resource_interval::Column::ResourceId)
        .from(entity::resource_interval::Entity)
        .and_where(entity::resource_interval::Column::EndsAt.is_null())
        .take();
    Condition::all()
        .add(resource::Column::ActivatedAt.is_not_null())
        .add(resource::Column::State.is_in([ResourceState::Ok, ResourceState::Updating]))
        .add(resource::Column::Id.not_in_subquery(present))
}

/// Places the order that ends the locked resource, unless one is under way or people must see to one that failed. What
/// waits for a decision or was given up has come too late.
async fn terminate_in(
    core: &Core,
    tx: &DatabaseTransaction,
    resource: &resource::Model,
    end: End,
) -> Result<bool, OrderingError> {
    let reason = reason(end);
    if let Some(id) = provisioning::find_open_order(tx, resource).await? {
        let open = lock_order(tx, id).await?;
        let is_termination = open.kind == OrderKind::Terminate;
        match open.state {
            OrderState::Executing => return Ok(false),
            OrderState::Erred if is_termination => return Ok(false),
            OrderState::Erred => forget_error_in(tx, &open).await?,
            _ => {}
        }
        let to = open.state.after(OrderVerb::Cancel, Awaits::default())?;
        let moved = Moved {
            verb: EventKind::OrderCanceled,
            to,
            reason: &reason,
            error: &reason,
            stood_in_for: None,
        };
        store_move(core, tx, &Actor::system(), open, moved).await?;
    }
    if !resource.state.can_terminate() {
        return Ok(false);
    }
    terminate_by_system_in(core, tx, resource.id, reason).await?;
    Ok(true)
}

fn reason(end: End) -> String {
    let day = end.last_day.format("%-d %B %Y");
    if end.of_project {
        format!("The last day of its project, {day}, is over.")
    } else {
        format!("Its last day, {day}, is over.")
    }
}
