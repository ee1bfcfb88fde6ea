//! Invariant 6, of orders: what was ordered, its quote and the versions that it bound are as when it was placed.

use entity::order;
use model::{EventKind, OrderId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{BATCH, Finding, told};
use crate::core::Core;
use crate::ordering::fingerprint;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last: Option<OrderId> = None;
    loop {
        let mut query = order::Entity::find().order_by_asc(order::Column::Id).limit(BATCH);
        if let Some(last) = last {
            query = query.filter(order::Column::Id.gt(last));
        }
        let rows = query.all(core.read()).await?;
        let Some(end) = rows.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        let placed = told::last(core, EventKind::OrderPlaced, rows.iter().map(|row| row.id.0)).await?;
        for row in &rows {
            let told = told::fingerprint(placed.get(&row.id.0));
            if told.is_some_and(|told| told != fingerprint(row)) {
                let text = "it is not what was ordered: something of it was changed since";
                findings.push(Finding::new(6, format!("order {}", row.id), text));
            }
        }
    }
}
