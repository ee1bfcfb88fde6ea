//! What the order form says, rendered as a browser without scripts sees it.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use chrono::NaiveDate;
use leptos::prelude::*;
use model::{
    BillingPeriod, ChargeMode, ChargeType, Component, ComponentTerms, Currency, Field, FieldFault, FieldKind,
    Fixed, OfferingDetail, OfferingState, OfferingSummary, OrderableProject, Plan, PlanPrice, Price,
    PriceScheme, Problem, Proration, Schema, TaxRate, Visibility,
};

use super::order_form::OrderFormView;
use crate::{form::FormFields, reply::FormReply, server_fns::ordering::OrderFormFacts};

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(last: u8) -> T {
    format!("01920000-0000-7000-8000-0000000000{last:02}")
        .parse()
        .unwrap()
}

fn day() -> NaiveDate {
    "2026-11-01".parse().unwrap()
}

fn cores() -> Component {
    let mut terms = ComponentTerms::simple("cores", "Cores", "core", ChargeType::Limit);
    (terms.min, terms.max, terms.default) = (
        Some(Fixed::ONE),
        Some(Fixed::from(64_u32)),
        Some(Fixed::from(4_u32)),
    );
    Component {
        id: id(1),
        terms,
        description: String::new(),
        article_code: String::new(),
    }
}

fn plan(last: u8, name: &str, price: u32) -> Plan {
    let scheme = PriceScheme::PerUnit {
        price: Fixed::from(price),
    };
    let price = PlanPrice {
        id: id(last),
        component: "cores".into(),
        text: scheme.describe("core", Currency::Eur),
        price: Price {
            version: "1".into(),
            scheme,
        },
        starts_at: day().and_time(chrono::NaiveTime::MIN).and_utc(),
    };
    Plan {
        id: id(last),
        name: name.into(),
        description: String::new(),
        currency: Currency::Eur,
        billing_period: BillingPeriod::Month,
        proration: Proration::Day,
        charge_mode: ChargeMode::Arrears,
        setup_fee: Fixed::ZERO,
        price_changes: model::PriceChanges::default(),
        archived: false,
        prices: vec![price],
        changes: Vec::new(),
        to_come: Vec::new(),
    }
}

fn summary() -> OfferingSummary {
    OfferingSummary {
        id: id(10),
        slug: "gpu-cluster".into(),
        name: "GPU cluster".into(),
        summary: "Cores and GPUs".into(),
        state: OfferingState::Active,
        category_id: Some(id(11)),
        category_slug: "hpc".into(),
        category_name: "HPC".into(),
        tint: "sea".into(),
        icon: "cpu".into(),
        provider_id: id(12),
        provider_name: "Nordic HPC".into(),
        price_from: "from €10.00 per core".into(),
    }
}

fn offering() -> OfferingDetail {
    OfferingDetail {
        summary: summary(),
        provider_description: String::new(),
        description: String::new(),
        terms_of_service: "Be kind.".into(),
        terms_version: 3,
        state_reason: String::new(),
        visibility: Visibility::Shared,
        audience: Vec::new(),
        attributes: serde_json::Value::Null,
        attribute_schema: Schema::default(),
        actions: Vec::new(),
        request_form: Schema::new(vec![Field::new("shell", "Shell", FieldKind::string()).required()]),
        components: vec![cores()],
        plans: vec![plan(20, "Basic", 10), plan(21, "Large", 8)],
        provider_approval: false,
        duration: model::DurationRules::default(),
        plugin: "instant".into(),
        settings: serde_json::Value::Null,
        settings_tested_at: None,
        readiness: Vec::new(),
        can_edit: false,
        revision: 1,
    }
}

fn facts() -> OrderFormFacts {
    let place = OrderableProject {
        project_id: id(30),
        project_name: "Sea ice models".into(),
        organization_name: "Põhjala".into(),
        time: chrono::NaiveTime::MIN,
        clock: Vec::new(),
        today: day(),
        last_day: None,
        tax: TaxRate {
            name: "VAT".into(),
            percent: Fixed::from(22_u32),
            reverse_charge: false,
        },
    };
    OrderFormFacts {
        offering: offering(),
        terms: "<p>Be kind.</p>".into(),
        places: vec![place],
        asked: FormFields::default(),
        key: "once".into(),
    }
}

fn html(facts: OrderFormFacts, reply: FormReply) -> String {
    let owner = Owner::new();
    owner.set();
    leptos_meta::provide_meta_context();
    view! { <OrderFormView facts=facts reply=reply/> }.to_html()
}

fn typed(pairs: &[(&str, &str)]) -> FormFields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn the_form_has_every_field_and_the_price_of_its_start() {
    let html = html(facts(), FormReply::default());
    for name in [
        "project",
        "plan",
        "name",
        "limits.cores",
        "attributes.shell",
        "end_date",
        "accept_terms",
        "terms_version",
        "price_mark",
    ] {
        assert!(html.contains(&format!("name=\"{name}\"")), "{name}");
    }
    assert!(html.contains("name=\"idempotency_key\" value=\"once\""));
    for part in [
        "data-test=\"place-order\"",
        "data-test=\"recalculate\"",
        "VAT 22 %",
        "€48.80",
        "Be kind.",
    ] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn what_was_typed_stays_and_is_priced_without_scripts() {
    let plan: model::PlanId = id(21);
    let fields = typed(&[
        ("name", "Runs"),
        ("plan", &plan.to_string()),
        ("limits.cores", "10"),
        ("attributes.shell", "zsh"),
    ]);
    let html = html(
        facts(),
        FormReply {
            fields,
            problem: None,
        },
    );
    for part in ["value=\"Runs\"", "value=\"10\"", "value=\"zsh\"", "€80.00"] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn a_refused_form_says_what_is_wrong_where_it_is_wrong() {
    let faults = vec![
        FieldFault::at("limits.cores", "too_large", "Enter at most 64 cores."),
        FieldFault::at("attributes.shell", "required", "Fill in this field."),
    ];
    let fields = typed(&[("name", "Runs"), ("limits.cores", "99")]);
    let html = html(
        facts(),
        FormReply {
            fields,
            problem: Some(Problem::invalid(faults)),
        },
    );
    for part in [
        "id=\"f-limits.cores-error\"",
        "id=\"f-attributes.shell-error\"",
        "href=\"#f-limits.cores\"",
        "value=\"99\"",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(
        !html.contains("data-test=\"quote-first\""),
        "a faulty amount has no price"
    );
}

#[test]
fn who_has_no_project_is_told_what_to_do() {
    let html = html(
        OrderFormFacts {
            places: Vec::new(),
            ..facts()
        },
        FormReply::default(),
    );
    assert!(
        html.contains("You have no project that can order this")
            && !html.contains("data-test=\"place-order\"")
    );
}
