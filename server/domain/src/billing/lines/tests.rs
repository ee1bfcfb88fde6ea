//! Property: a change of nothing, at whatever instants, changes nothing of what is charged.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{component, resource};
use model::{
    BillingPeriod, Binding, ChargeMode, ChargeType, ComponentId, Currency, Fixed, LimitPeriod, Month,
    OfferingId, OrderId, OrganizationId, PlanId, PlanTerms, Price, PriceChanges, PriceId, PriceScheme,
    PriceVersion, ProjectId, Proration, ResourceId, ResourceState, TermsId, TermsVersion,
};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::{Due, ResourceMonth};
use crate::billing::inputs::{BilledResource, Span, Tariff};
use crate::billing::tax::Taxes;
use crate::catalogue::PlanVersions;
use crate::zone::Zone;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn component(number: u128, code: &str, charge: ChargeType, limit_period: LimitPeriod) -> component::Model {
    component::Model {
        id: ComponentId(id(number)),
        offering_id: OfferingId(id(1)),
        code: code.into(),
        name: code.into(),
        description: String::new(),
        article_code: String::new(),
        unit: "unit".into(),
        charge,
        limit_period,
        prepaid: false,
        min: None,
        max: None,
        default_value: None,
        expected_use: model::ExpectedUse::Off,
        step: None,
        factor: Fixed::ONE,
        overage_component: None,
        position: 0,
    }
}

/// Two plans (by the day and by the hour) of every kind of charge, with a new price in the middle of May.
fn tariff() -> Tariff {
    let components = vec![
        component(1, "once", ChargeType::OneTime, LimitPeriod::Month),
        component(2, "switch", ChargeType::OnPlanSwitch, LimitPeriod::Month),
        component(3, "fixed", ChargeType::Fixed, LimitPeriod::Month),
        component(4, "month", ChargeType::Limit, LimitPeriod::Month),
        component(5, "quarter", ChargeType::Limit, LimitPeriod::Quarter),
        component(6, "total", ChargeType::Limit, LimitPeriod::Total),
        component(7, "used", ChargeType::Usage, LimitPeriod::Month),
    ];
    let plan = |number: u128, proration: Proration| {
        let version = |step: u32, starts_at: &str| PriceVersion {
            id: PriceId(id(number * 10 + u128::from(step))),
            saved_at: at(starts_at),
            starts_at: at(starts_at),
            every: BillingPeriod::Month,
            corrects: None,
            price: Price {
                version: format!("{number}.{step}"),
                scheme: PriceScheme::PerUnit {
                    price: Fixed::from(7 + step),
                },
            },
        };
        let versions = vec![
            version(1, "2025-01-01T00:00:00Z"),
            version(2, "2025-05-16T21:00:00Z"),
        ];
        let prices = components
            .iter()
            .map(|component| (component.id, versions.clone()))
            .collect();
        let terms = TermsVersion {
            id: TermsId(id(number)),
            saved_at: at("2025-01-01T00:00:00Z"),
            starts_at: at("2025-01-01T00:00:00Z"),
            terms: PlanTerms {
                billing_period: BillingPeriod::Month,
                proration,
                charge_mode: ChargeMode::Arrears,
                setup_fee: Fixed::from(9),
                price_changes: PriceChanges::WithNotice { days: 0 },
            },
        };
        (
            PlanId(id(number)),
            PlanVersions {
                currency: Currency::Eur,
                terms: vec![terms],
                prices,
            },
        )
    };
    Tariff {
        plans: BTreeMap::from([plan(1, Proration::Day), plan(2, Proration::Hour)]),
        components,
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn row(from: DateTime<Utc>) -> resource::Model {
    resource::Model {
        id: ResourceId(id(1)),
        name: "resource".into(),
        slug: "resource".into(),
        search_text: String::new(),
        state: ResourceState::Ok,
        project_id: ProjectId(id(1)),
        organization_id: OrganizationId(id(1)),
        offering_id: OfferingId(id(1)),
        provider_id: OrganizationId(id(2)),
        plan_id: PlanId(id(1)),
        order_id: OrderId(id(1)),
        backend_id: String::new(),
        access: json!([]),
        attributes: json!({}),
        secrets: None,
        limits: json!({}),
        expected_use: json!({}),
        end_date: None,
        kept_until: None,
        grace_used: 0,
        error: String::new(),
        condition: String::new(),
        progress: json!({}),
        created_at: from,
        activated_at: Some(from),
        terminated_at: None,
        usage_until: None,
        usage_error: String::new(),
    }
}

/// A life from `start` on, with changes after these minutes.
fn billed_resource(start: u32, changes: &[(u32, u32, bool)], usage: &[u32]) -> BilledResource {
    let mut from = at("2025-03-20T00:00:00Z") + TimeDelta::minutes(start.into());
    let mut spans: Vec<Span> = Vec::new();
    let first = from;
    for (minutes, limit, other_plan) in changes {
        let until = from + TimeDelta::minutes((*minutes).into());
        let limits = ["month", "quarter", "total"]
            .map(|code| (code.to_owned(), Fixed::from(*limit)))
            .into();
        spans.push(Span {
            plan: PlanId(id(if *other_plan { 2 } else { 1 })),
            limits,
            binding: Binding::default(),
            from,
            until: Some(until),
        });
        from = until;
    }
    let day = |(index, quantity): (usize, &u32)| {
        let day = Zone::named("Europe/Tallinn").day(first) + TimeDelta::days(i64::try_from(index).unwrap());
        (day, Fixed::from(*quantity))
    };
    let days: BTreeMap<NaiveDate, Fixed> = usage.iter().enumerate().map(day).collect();
    BilledResource {
        row: row(first),
        project_name: String::new(),
        terms: Vec::new(),
        spans,
        usage: BTreeMap::from([("used".into(), days)]),
    }
}

fn dues(resource: &BilledResource, month: Month) -> Vec<Due> {
    let tariff = tariff();
    let zone = Zone::named("Europe/Tallinn");
    let seen = ResourceMonth {
        resource,
        tariff: &tariff,
        zone: &zone,
        taxes: &Taxes::default(),
        month,
        now: at("2026-01-01T00:00:00Z"),
    };
    let mut dues = seen.once().unwrap();
    dues.extend(seen.recurring().unwrap());
    dues.extend(seen.usage(&HashMap::new(), &BTreeSet::new()).unwrap());
    dues
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn splitting_by_a_change_of_nothing_changes_nothing(
        start in 0_u32..60_000,
        changes in prop::collection::vec((1_u32..60_000, 0_u32..5, any::<bool>()), 1..5),
        usage in prop::collection::vec(0_u32..50, 0..40),
        cuts in prop::collection::vec((0_usize..5, 1_u32..60_000), 1..6),
    ) {
        let whole = billed_resource(start, &changes, &usage);
        let mut split = whole.clone();
        for (place, minutes) in cuts {
            let place = place % split.spans.len();
            let span = split.spans[place].clone();
            let middle = span.from + TimeDelta::minutes(minutes.into());
            if span.until.is_some_and(|until| middle < until) {
                split.spans[place].until = Some(middle);
                split.spans.insert(place + 1, Span { from: middle, ..span });
            }
        }
        for month in 3..=9 {
            let month = Month::new(2025, month).unwrap();
            prop_assert_eq!(dues(&whole, month), dues(&split, month));
        }
    }

    #[test]
    fn no_day_of_a_component_is_charged_twice(
        start in 0_u32..60_000,
        changes in prop::collection::vec((1_u32..60_000, 1_u32..5, Just(false)), 1..5),
    ) {
        let resource = billed_resource(start, &changes, &[]);
        let zone = Zone::named("Europe/Tallinn");
        let end = resource.spans.last().and_then(|span| span.until).unwrap();
        let (first, last) = (zone.day(resource.spans[0].from), zone.day(end - TimeDelta::microseconds(1)));
        let mut days = 0;
        for month in 3..=12 {
            let month = Month::new(2025, month).unwrap();
            for due in dues(&resource, month).iter().filter(|due| due.line.component == "fixed") {
                days += due.line.derivation.segments.iter().map(|segment| segment.share.n).sum::<u32>();
            }
        }
        // Every day from the first to the last that was touched, once.
        prop_assert_eq!(i64::from(days), (last - first).num_days() + 1);
    }
}
