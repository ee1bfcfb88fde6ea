//! "from €0.02 per CPU-hour": the lowest price of each offering of a list, for all of them in one query.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use entity::{component, plan, plan_price};
use model::{
    BillingPeriod, ChargeType, ComponentId, ComponentTerms, Currency, Fixed, LimitPeriod, Money, OfferingId,
    PlanId, PriceId,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};

use super::prices::sort_price;
use super::readiness::Parts;

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
    prepaid: bool,
    sort_price: Fixed,
    starts_at: DateTime<Utc>,
    /// When it was published.
    created_at: DateTime<Utc>,
    id: PriceId,
    corrects: Option<PriceId>,
}

/// The lowest price of an offering.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct PriceFrom {
    /// None where it has no price yet.
    pub(super) words: Option<String>,
    /// When the next version of any of its prices begins.
    pub(super) changes_at: Option<DateTime<Utc>>,
}

/// The lowest price in force at `now` of each of these offerings that has any price. One query.
pub(super) async fn load<C: ConnectionTrait>(
    conn: &C,
    offerings: &[OfferingId],
    now: DateTime<Utc>,
) -> Result<HashMap<OfferingId, PriceFrom>, DbErr> {
    if offerings.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = plan_price::Entity::find()
        .select_only()
        .column(plan::Column::OfferingId)
        .column(plan_price::Column::PlanId)
        .column(plan_price::Column::ComponentId)
        .column(plan::Column::Currency)
        .column(plan_price::Column::BillingPeriod)
        .column(component::Column::Position)
        .column(component::Column::Unit)
        .column(component::Column::Charge)
        .column(component::Column::LimitPeriod)
        .column(component::Column::Prepaid)
        .column(plan_price::Column::SortPrice)
        .column(plan_price::Column::StartsAt)
        .column(plan_price::Column::CreatedAt)
        .column(plan_price::Column::Id)
        .column(plan_price::Column::Corrects)
        .join(JoinType::InnerJoin, plan_price::Relation::Plan.def())
        .join(JoinType::InnerJoin, plan_price::Relation::Component.def())
        .filter(plan::Column::OfferingId.is_in(offerings.iter().copied()))
        .filter(plan::Column::Archived.eq(false))
        .order_by_asc(plan_price::Column::StartsAt)
        .order_by_asc(plan_price::Column::Version)
        .into_model::<Row>()
        .all(conn)
        .await?;
    Ok(in_force(rows, now))
}

/// Rows come in the order of their first instants.
fn in_force(rows: Vec<Row>, now: DateTime<Utc>) -> HashMap<OfferingId, PriceFrom> {
    let (mut begun, to_come): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.starts_at <= now);
    put_corrections_in_place(&mut begun);
    let mut found: HashMap<OfferingId, PriceFrom> = HashMap::new();
    for row in to_come {
        let next = found.entry(row.offering_id).or_default();
        next.changes_at = next.changes_at.or(Some(row.starts_at));
    }
    for (offering, words) in cheapest(begun) {
        found.entry(offering).or_default().words = Some(words);
    }
    found
}

/// A price that was corrected says what its newest correction says.
fn put_corrections_in_place(rows: &mut Vec<Row>) {
    let (mut corrections, published): (Vec<_>, Vec<_>) = std::mem::take(rows)
        .into_iter()
        .partition(|row| row.corrects.is_some());
    corrections.sort_by_key(|row| row.created_at);
    let prices: HashMap<Option<PriceId>, Fixed> = corrections
        .into_iter()
        .map(|row| (row.corrects, row.sort_price))
        .collect();
    let in_place = |row: Row| Row {
        sort_price: prices.get(&Some(row.id)).copied().unwrap_or(row.sort_price),
        ..row
    };
    rows.extend(published.into_iter().map(in_place));
}

/// The same in words for one offering whose parts are loaded already.
pub(super) fn of(parts: &Parts, now: DateTime<Utc>) -> Option<String> {
    let mut rows = Vec::new();
    for plan in parts.plans.iter().filter(|plan| !plan.archived) {
        let Some(versions) = parts.versions.get(&plan.id) else {
            continue;
        };
        for component in &parts.components {
            let Some(version) = versions.price_at(component.id, now) else {
                continue;
            };
            rows.push(Row {
                offering_id: plan.offering_id,
                plan_id: plan.id,
                component_id: component.id,
                currency: plan.currency,
                billing_period: version.every,
                position: component.position,
                unit: component.unit.clone(),
                charge: component.charge,
                limit_period: component.limit_period,
                prepaid: component.prepaid,
                sort_price: sort_price(&version.price.scheme),
                starts_at: version.starts_at,
                created_at: version.saved_at,
                id: version.id,
                corrects: version.corrects,
            });
        }
    }
    cheapest(rows).into_values().next()
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
    match (row.charge, row.terms().priced_per(row.billing_period)) {
        (ChargeType::Usage | ChargeType::Limit, None) => format!("from {price} per {unit}"),
        (ChargeType::Usage | ChargeType::Limit, Some(period)) => {
            format!("from {price} per {unit} and {}", period.noun())
        }
        (_, Some(period)) => format!("from {price} per {}", period.noun()),
        (_, None) => format!("{price} once"),
    }
}

impl Row {
    /// The component as far as its price depends on it.
    fn terms(&self) -> ComponentTerms {
        ComponentTerms {
            limit_period: self.limit_period,
            prepaid: self.prepaid,
            ..ComponentTerms::simple("", "", &self.unit, self.charge)
        }
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
            prepaid: false,
            sort_price: price.parse().unwrap(),
            starts_at: at("2025-01-01T00:00:00Z"),
            created_at: at("2025-01-01T00:00:00Z"),
            id: PriceId(Uuid::from_u128(component)),
            corrects: None,
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_price_to_come_is_not_said_before_its_first_instant() {
        let now = at("2025-11-20T00:00:00Z");
        let january = Row {
            starts_at: at("2026-01-01T00:00:00Z"),
            ..row(1, 0, ChargeType::Usage, "0.05")
        };
        let found = |rows, now| in_force(rows, now).remove(&OfferingId(Uuid::nil())).unwrap();
        let only = found(vec![january.clone()], now);
        assert_eq!((only.words, only.changes_at), (None, Some(january.starts_at)));
        let rows = vec![row(1, 0, ChargeType::Usage, "0.02"), january.clone()];
        assert_eq!(found(rows.clone(), now).words.unwrap(), "from €0.02 per CPU-hour");
        let begun = found(rows, january.starts_at);
        assert_eq!(
            (begun.words.unwrap().as_str(), begun.changes_at),
            ("from €0.05 per CPU-hour", None)
        );
    }

    #[test]
    fn a_correction_is_said_in_the_place_of_what_it_corrects_and_not_of_what_came_later() {
        let now = at("2025-11-20T00:00:00Z");
        let first = row(1, 0, ChargeType::Usage, "0.02");
        let correction = Row {
            id: PriceId(Uuid::from_u128(9)),
            corrects: Some(first.id),
            starts_at: at("2025-10-01T00:00:00Z"),
            ..row(1, 0, ChargeType::Usage, "0.03")
        };
        let later = Row {
            id: PriceId(Uuid::from_u128(2)),
            starts_at: at("2025-09-01T00:00:00Z"),
            ..row(1, 0, ChargeType::Usage, "0.05")
        };
        let said = |rows| {
            in_force(rows, now)
                .remove(&OfferingId(Uuid::nil()))
                .unwrap()
                .words
                .unwrap()
        };
        assert_eq!(
            said(vec![first.clone(), correction.clone()]),
            "from €0.03 per CPU-hour"
        );
        assert_eq!(said(vec![first, later, correction]), "from €0.05 per CPU-hour");
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
    fn what_is_prepaid_is_priced_by_the_month_of_its_term_whatever_the_plan_and_the_limit_say() {
        for (limit_period, billing_period) in [
            (LimitPeriod::Plan, BillingPeriod::Year),
            (LimitPeriod::Quarter, BillingPeriod::Month),
            (LimitPeriod::Total, BillingPeriod::Once),
        ] {
            let prepaid = Row {
                limit_period,
                billing_period,
                prepaid: true,
                ..row(1, 0, ChargeType::Limit, "10")
            };
            assert_eq!(shown(vec![prepaid]), "from €10.00 per CPU-hour and month");
        }
        let yearly = Row {
            limit_period: LimitPeriod::Plan,
            billing_period: BillingPeriod::Year,
            ..row(1, 0, ChargeType::Limit, "10")
        };
        assert_eq!(shown(vec![yearly]), "from €10.00 per CPU-hour and year");
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
