//! "from €0.02 per CPU-hour": the lowest price of each offering of a list, for all of them in one query.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::{component, plan, plan_price};
use model::{
    BillingPeriod, ChargeType, ComponentId, Currency, Fixed, LimitPeriod, Money, OfferingId, PlanId,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};

/// A price version with what its words need.
#[derive(Debug, Clone, FromQueryResult)]
struct Row {
    offering_id: OfferingId,
    plan_id: PlanId,
    component_id: ComponentId,
    currency: Currency,
    billing_period: BillingPeriod,
    position: i32,
    unit: String,
    charge: ChargeType,
    limit_period: LimitPeriod,
    sort_price: Fixed,
}

/// The lowest price in words of each of these offerings that has one.
pub(super) async fn load<C: ConnectionTrait>(
    conn: &C,
    offerings: &[OfferingId],
    day: NaiveDate,
) -> Result<HashMap<OfferingId, String>, DbErr> {
    if offerings.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = plan_price::Entity::find()
        .select_only()
        .column(plan::Column::OfferingId)
        .column(plan_price::Column::PlanId)
        .column(plan_price::Column::ComponentId)
        .column(plan::Column::Currency)
        .column(plan::Column::BillingPeriod)
        .column(component::Column::Position)
        .column(component::Column::Unit)
        .column(component::Column::Charge)
        .column(component::Column::LimitPeriod)
        .column(plan_price::Column::SortPrice)
        .join(JoinType::InnerJoin, plan_price::Relation::Plan.def())
        .join(JoinType::InnerJoin, plan_price::Relation::Component.def())
        .filter(plan::Column::OfferingId.is_in(offerings.iter().copied()))
        .filter(plan::Column::Archived.eq(false))
        .filter(plan_price::Column::ValidFrom.lte(day))
        .order_by_asc(plan_price::Column::Version)
        .into_model::<Row>()
        .all(conn)
        .await?;
    Ok(cheapest(rows))
}

/// The same for one offering whose parts are loaded already; `prices` are those in force.
pub(super) fn of(
    plans: &[plan::Model],
    prices: &[plan_price::Model],
    components: &[component::Model],
) -> Option<String> {
    let row = |price: &plan_price::Model| {
        let plan = plans
            .iter()
            .find(|plan| plan.id == price.plan_id && !plan.archived)?;
        let component = components
            .iter()
            .find(|component| component.id == price.component_id)?;
        Some(Row {
            offering_id: plan.offering_id,
            plan_id: plan.id,
            component_id: component.id,
            currency: plan.currency,
            billing_period: plan.billing_period,
            position: component.position,
            unit: component.unit.clone(),
            charge: component.charge,
            limit_period: component.limit_period,
            sort_price: price.sort_price,
        })
    };
    cheapest(prices.iter().filter_map(row).collect())
        .into_values()
        .next()
}

/// Of each component in each plan the latest version; of those, per offering, the price people compare by: the one of
/// the first component that costs anything, where it is lowest. Recurring prices come before one-time fees.
fn cheapest(rows: Vec<Row>) -> HashMap<OfferingId, String> {
    let latest: BTreeMap<(PlanId, ComponentId), Row> = rows
        .into_iter()
        .map(|row| ((row.plan_id, row.component_id), row))
        .collect();
    let mut best: HashMap<OfferingId, Row> = HashMap::new();
    for row in latest.into_values() {
        match best.get(&row.offering_id) {
            Some(held) if rank(held) <= rank(&row) => {}
            _ => drop(best.insert(row.offering_id, row)),
        }
    }
    best.into_iter()
        .map(|(offering, row)| (offering, words(&row)))
        .collect()
}

fn rank(row: &Row) -> (bool, bool, i32, Fixed) {
    let once = matches!(row.charge, ChargeType::OneTime | ChargeType::OnPlanSwitch);
    (!row.sort_price.is_positive(), once, row.position, row.sort_price)
}

fn words(row: &Row) -> String {
    if !row.sort_price.is_positive() {
        return "free of charge".into();
    }
    let price = Money::from_fixed(row.sort_price, row.currency);
    let unit = &row.unit;
    match row.charge {
        ChargeType::Usage => format!("from {price} per {unit}"),
        ChargeType::Limit => match row.limit_period.billing_in(row.billing_period) {
            BillingPeriod::Once => format!("from {price} per {unit}"),
            period => format!("from {price} per {unit} and {}", period.noun()),
        },
        ChargeType::Fixed => format!("from {price} per {}", row.billing_period.noun()),
        ChargeType::OneTime | ChargeType::OnPlanSwitch => format!("{price} once"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn row(component: u128, position: i32, charge: ChargeType, price: &str) -> Row {
        Row {
            offering_id: OfferingId(Uuid::nil()),
            plan_id: PlanId(Uuid::nil()),
            component_id: ComponentId(Uuid::from_u128(component)),
            currency: Currency::Eur,
            billing_period: BillingPeriod::Month,
            position,
            unit: "CPU-hour".into(),
            charge,
            limit_period: LimitPeriod::Month,
            sort_price: price.parse().unwrap(),
        }
    }

    fn shown(rows: Vec<Row>) -> String {
        cheapest(rows)
            .remove(&OfferingId(Uuid::nil()))
            .unwrap_or_default()
    }

    #[test]
    fn the_first_component_that_costs_anything_gives_the_price() {
        let free_first = vec![
            row(1, 0, ChargeType::Usage, "0"),
            row(2, 1, ChargeType::Usage, "0.02"),
            row(3, 2, ChargeType::Usage, "0.001"),
        ];
        assert_eq!(shown(free_first), "from €0.02 per CPU-hour");
        assert_eq!(
            shown(vec![row(1, 0, ChargeType::Limit, "2")]),
            "from €2.00 per CPU-hour and month"
        );
        let setup_first = vec![
            row(1, 0, ChargeType::OneTime, "5"),
            row(2, 1, ChargeType::Fixed, "10"),
        ];
        assert_eq!(shown(setup_first), "from €10.00 per month");
        assert_eq!(shown(vec![row(1, 0, ChargeType::Usage, "0")]), "free of charge");
    }

    #[test]
    fn a_later_version_of_the_same_price_replaces_the_earlier() {
        let versions = vec![
            row(1, 0, ChargeType::Usage, "0.02"),
            row(1, 0, ChargeType::Usage, "0.05"),
        ];
        assert_eq!(shown(versions), "from €0.05 per CPU-hour");
    }
}
