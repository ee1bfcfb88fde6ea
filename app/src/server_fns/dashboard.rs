//! What the start page gathers for one person from several services.

use model::{EndingSoon, OrderSummary, ResourceSummary, Spend};
use serde::{Deserialize, Serialize};

/// Lines of each list on the start page.
#[cfg(feature = "ssr")]
const LINES: u32 = 5;

/// What concerns one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Full name.
    pub name: String,
    /// The person has a role in some organization, or in the portal itself.
    pub has_role: bool,
    /// Orders that wait for the person's decision, the oldest first.
    pub waiting: Vec<OrderSummary>,
    /// How many wait in all.
    pub waiting_count: u64,
    /// What ends soon and the person may extend, the nearest first.
    pub ending: Vec<EndingSoon>,
    /// Orders that the person placed and that are not over, the newest first.
    pub open_orders: Vec<OrderSummary>,
    /// The newest resources.
    pub resources: Vec<ResourceSummary>,
    /// Net cost of the running month so far.
    pub month_cost: Spend,
}

/// What concerns `actor`.
#[cfg(feature = "ssr")]
pub(super) async fn load_dashboard(
    domain: &domain::Domain,
    actor: &domain::access::Actor,
) -> Result<Dashboard, crate::error::AppError> {
    use domain::{ordering::OrderFilter, provisioning::ResourceFilter};
    use model::PageRequest;

    use crate::order_filters::{OPEN, states_of};

    let ordering = domain.ordering();
    let open = OrderFilter {
        states: states_of(OPEN),
        mine: true,
        ..OrderFilter::default()
    };
    let resources = ResourceFilter::default();
    Ok(Dashboard {
        name: actor.name.clone(),
        has_role: !actor.grants.is_empty(),
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
        month_cost: domain.billing().spend(actor, None).await?,
    })
}
