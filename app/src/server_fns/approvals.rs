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
    use crate::ssr;
    ssr::post(
        "decide_orders",
        |_| "/approvals".to_owned(),
        async |form| {
            let (actor, ordering) = (ssr::actor()?, ssr::domain()?.ordering());
            let (approves, comment) = (form.text("verdict") == "approve", form.text("comment"));
            let mut decided = 0_u32;
            for order in form.all("order") {
                let id = ssr::id(order)?;
                if approves {
                    ordering.approve(&actor, id, comment).await?;
                } else {
                    ordering.reject(&actor, id, comment).await?;
                }
                decided += 1;
            }
            let word = if approves { "approved" } else { "rejected" };
            ssr::flash(&format!("{decided} order(s) {word}.")).await?;
            Ok("/approvals".to_owned())
        },
    )
    .await
}
