//! What the start page gathers from several services.

use domain::{Domain, access::Actor, ordering::OrderFilter, provisioning::ResourceFilter};
use model::{OrderState, PageRequest};

use super::catalogue::Dashboard;
use crate::error::AppError;

/// Lines of each list on the start page.
const LINES: u32 = 5;

/// What concerns `actor`.
pub(super) async fn load_dashboard(domain: &Domain, actor: &Actor) -> Result<Dashboard, AppError> {
    let ordering = domain.ordering();
    let open = OrderFilter {
        states: open_states(),
        mine: true,
        ..OrderFilter::default()
    };
    let resources = ResourceFilter::default();
    Ok(Dashboard {
        name: actor.name.clone(),
        waiting: ordering.queue(actor, PageRequest::first(LINES)).await?.items,
        waiting_count: ordering.queue_count(actor).await?,
        ending: ordering.ending_soon(actor).await?,
        open_orders: ordering
            .orders(actor, &open, PageRequest::first(LINES))
            .await?
            .items,
        resources: domain
            .provisioning()
            .resources(actor, &resources, PageRequest::first(LINES))
            .await?
            .items,
        month_cost: domain.billing().spend(actor, None).await?.totals,
    })
}

fn open_states() -> Vec<OrderState> {
    OrderState::ALL
        .iter()
        .copied()
        .filter(|state| !state.is_terminal())
        .collect()
}
