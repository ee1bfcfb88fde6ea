//! Invariant 6, of corrections of prices: each stands in the place of a version that was published, of the same component and
//! period, no earlier than that began and no later than it was saved, with who and why.

use std::collections::HashMap;

use entity::plan_price::{self, Model};
use model::PriceId;
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter};

use super::Finding;
use crate::core::Core;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    use plan_price::Column as C;
    let noted = Condition::any()
        .add(C::Corrects.is_not_null())
        .add(C::Reason.is_not_null())
        .add(C::CorrectedBy.is_not_null());
    let rows = plan_price::Entity::find().filter(noted).all(core.read()).await?;
    let wanted = rows.iter().filter_map(|row| row.corrects);
    let published = plan_price::Entity::find().filter(C::Id.is_in(wanted));
    let published = published.all(core.read()).await?;
    let published: HashMap<PriceId, Model> = published.into_iter().map(|row| (row.id, row)).collect();
    let fault = |row: &Model| {
        let of = row.corrects.and_then(|id| published.get(&id));
        fault(row, of).map(|text| Finding::new(6, format!("price {}", row.id), text))
    };
    Ok(rows.iter().filter_map(fault).collect())
}

fn fault(row: &Model, published: Option<&Model>) -> Option<&'static str> {
    if row.corrects.is_none() {
        return Some("it says why it was corrected, but not which price it corrects");
    }
    let Some(published) = published else {
        return Some("it corrects a price that is not there");
    };
    if published.corrects.is_some() {
        return Some("it corrects a correction, so nobody would ever have it");
    }
    if (published.plan_id, published.component_id) != (row.plan_id, row.component_id) {
        return Some("it corrects a price of another plan or component");
    }
    if published.billing_period != row.billing_period {
        return Some("it is for another period than the price that it corrects");
    }
    if row.starts_at < published.starts_at || row.starts_at > row.created_at {
        return Some("it counts from before the price that it corrects, or from after it was saved");
    }
    if row.corrected_by.is_none() || row.reason.as_deref().is_none_or(str::is_empty) {
        return Some("it does not say who corrected it, and why");
    }
    None
}
