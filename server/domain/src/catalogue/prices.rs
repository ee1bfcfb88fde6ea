//! Price versions: which one is in force, and how it reads.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{component, plan, plan_price};
use model::{ComponentId, Currency, PlanId, PlanPrice};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, QueryFilter};

/// Of each component in each of these plans the version in force on `day`: the latest whose first day is not after it.
pub(crate) async fn in_force_on<C: ConnectionTrait>(
    conn: &C,
    plans: impl IntoIterator<Item = PlanId>,
    day: NaiveDate,
) -> Result<Vec<plan_price::Model>, DbErr> {
    let rows = plan_price::Entity::find_of_plans(plans)
        .filter(plan_price::Column::ValidFrom.lte(day))
        .all(conn)
        .await?;
    let mut latest: BTreeMap<(PlanId, ComponentId), plan_price::Model> = BTreeMap::new();
    for row in rows {
        // Rows come in order of versions, so a later one replaces the earlier.
        latest.insert((row.plan_id, row.component_id), row);
    }
    Ok(latest.into_values().collect())
}

/// The prices of one plan as people see them, in order of components.
pub(crate) fn plan_prices(
    plan: &plan::Model,
    prices: &[plan_price::Model],
    components: &[component::Model],
) -> Result<Vec<PlanPrice>, DbErr> {
    let mut shown = Vec::new();
    for component in components {
        let of_component =
            |price: &&plan_price::Model| price.plan_id == plan.id && price.component_id == component.id;
        if let Some(row) = prices.iter().find(of_component) {
            shown.push(plan_price(row, component, plan.currency)?);
        }
    }
    Ok(shown)
}

fn plan_price(
    row: &plan_price::Model,
    component: &component::Model,
    currency: Currency,
) -> Result<PlanPrice, DbErr> {
    let price = row.price()?;
    Ok(PlanPrice {
        id: row.id,
        component: component.code.clone(),
        text: price.scheme.describe(&component.unit, currency),
        price,
        valid_from: row.valid_from,
    })
}
