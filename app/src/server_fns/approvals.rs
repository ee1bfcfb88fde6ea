//! The queue of what waits for a person's decision.

use leptos::prelude::*;
use model::{OrderSummary, Page};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, reply::FormReply};

/// What the queue shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApprovalQueue {
    /// What waits, longest first.
    pub page: Page<OrderSummary>,
    /// What the last decision on several was refused with.
    pub reply: FormReply,
}

/// Lists what waits for the person.
#[server(prefix = "/fn", endpoint = "load_approvals")]
pub async fn load_approvals() -> Result<ApprovalQueue, AppError> {
    use crate::ssr;
    let actor = ssr::actor()?;
    let page = ssr::domain()?
        .ordering()
        .queue(&actor, ssr::page_request()?)
        .await?;
    Ok(ApprovalQueue {
        page,
        reply: ssr::take_reply("decide_orders").await?,
    })
}

/// Approves or rejects the selected orders, each on its own: one that can no longer be decided does not hold up the rest.
#[server(prefix = "/fn", endpoint = "decide_orders")]
pub async fn decide_orders() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, approvals, forms};
    ssr::post(
        "decide_orders",
        |_| "/approvals".to_owned(),
        async |Sent { form, .. }: Sent<forms::DecideOrders>| {
            let outcome = approvals::decide_each(&ssr::actor()?, &ssr::domain()?.ordering(), &form).await?;
            if let Some(line) = outcome.line() {
                ssr::flash(&line).await?;
            }
            outcome.refusal().map_or_else(|| Ok("/approvals".to_owned()), Err)
        },
    )
    .await
}
