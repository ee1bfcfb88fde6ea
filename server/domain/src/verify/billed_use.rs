//! Invariant 6, of use: what issued documents billed of it is what it comes to, unless somebody reported more since. So use
//! that was deleted, moved to another month or priced by another version afterwards shows, though days and events agree.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{closed_month, usage_event};
use model::ResourceId;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::Finding;
use crate::billing::{BillingError, BillingInputs, Pair, dues_of};
use crate::core::Core;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    for closed in closed_month::Entity::find().all(core.read()).await? {
        let pair = Pair {
            buyer: closed.organization_id,
            provider: closed.provider_id,
        };
        match of_pair(core, pair, &closed).await {
            Ok(found) => findings.extend(found),
            Err(BillingError::Db(error)) => return Err(error),
            Err(error) => findings.push(Finding::new(
                6,
                format!("buyer {}, provider {}", pair.buyer, pair.provider),
                error.problem().detail,
            )),
        }
    }
    Ok(findings)
}

/// What the next document would correct of months that are closed, without a report that it follows from.
async fn of_pair(
    core: &Core,
    pair: Pair,
    closed: &closed_month::Model,
) -> Result<Vec<Finding>, BillingError> {
    let inputs = BillingInputs::load(core.read(), pair, closed.through.next()).await?;
    let reported = reported(core, inputs.resources.iter().map(|one| one.row.id)).await?;
    let mut findings = Vec::new();
    for resource in &inputs.resources {
        let since = reported.get(&resource.row.id);
        if since.is_some_and(|at| *at >= closed.closed_at) {
            continue;
        }
        for due in dues_of(&inputs, resource, core.now())? {
            if let Some(month) = due.late.filter(|month| *month <= closed.through) {
                let (name, amount) = (&due.line.name, due.line.amount);
                let text = format!(
                    "{name} of {month} differs by {amount} from what was billed, and nothing was reported since"
                );
                findings.push(Finding::new(6, format!("resource {}", resource.row.id), text));
            }
        }
    }
    Ok(findings)
}

/// When use of these was last reported.
async fn reported(
    core: &Core,
    ids: impl Iterator<Item = ResourceId>,
) -> Result<HashMap<ResourceId, DateTime<Utc>>, DbErr> {
    let rows = usage_event::Entity::find()
        .select_only()
        .column(usage_event::Column::ResourceId)
        .column_as(usage_event::Column::RecordedAt.max(), "last")
        .filter(usage_event::Column::ResourceId.is_in(ids))
        .group_by(usage_event::Column::ResourceId)
        .into_tuple::<(ResourceId, Option<DateTime<Utc>>)>()
        .all(core.read())
        .await?;
    let known = |(id, last): (ResourceId, Option<DateTime<Utc>>)| Some((id, last?));
    Ok(rows.into_iter().filter_map(known).collect())
}
