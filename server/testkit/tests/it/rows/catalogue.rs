//! What is for sale.

use entity::{
    assigned_backend, category, component, offering, offering_audience, offering_facet, offering_terms, plan,
    plan_price, plan_terms,
};
use model::{
    AssignedBackendId, BillingPeriod, ChargeMode, ChargeType, Currency, Fixed, LimitPeriod, OfferingState,
    PriceId, PriceScheme, Proration, TermsId, Visibility,
};
use sea_orm::DatabaseConnection;
use serde_json::json;

use super::{CATEGORY, COMPONENT, OFFERING, ORGANIZATION, PLAN, USER, fixed, keeps, moment};

pub(super) async fn insert(db: &DatabaseConnection) {
    let category = category::Model {
        id: CATEGORY,
        slug: "c".into(),
        name: "C".into(),
        description: String::new(),
        icon: "server".into(),
        tint: "blue".into(),
        position: -1,
        attributes: json!({"fields": []}),
        created_at: moment(),
    };
    assert!(category.schema().unwrap().fields.is_empty());
    keeps(db, category).await;
    keeps(db, offering()).await;
    keeps(
        db,
        offering_audience::Model {
            offering_id: OFFERING,
            organization_id: ORGANIZATION,
        },
    )
    .await;
    keeps(
        db,
        offering_facet::Model {
            offering_id: OFFERING,
            key: "os".into(),
            value: "linux".into(),
        },
    )
    .await;
    keeps(
        db,
        offering_terms::Model {
            offering_id: OFFERING,
            version: 1,
            text: "Be kind, “always”.".into(),
            created_at: moment(),
            created_by: Some(USER),
        },
    )
    .await;
    let assigned = assigned_backend::Model {
        id: AssignedBackendId(OFFERING.0),
        provider_id: ORGANIZATION,
        plugin: "slurm".into(),
        settings: json!({"cluster": "lab", "default_qos": ["normal"]}),
        assigned_at: moment(),
    };
    keeps(db, assigned).await;
    keeps(db, component()).await;
    keeps(db, plan()).await;
    let price = plan_price::Model {
        id: PriceId(PLAN.0),
        plan_id: PLAN,
        component_id: COMPONENT,
        version: 1,
        starts_at: moment(),
        billing_period: BillingPeriod::Month,
        scheme: json!({"scheme": "per_unit", "price": "12.5"}),
        sort_price: fixed("12.5"),
        created_at: moment(),
        corrects: None,
        reason: None,
        corrected_by: None,
    };
    assert_eq!(
        price.price_scheme().unwrap(),
        PriceScheme::PerUnit { price: fixed("12.5") }
    );
    keeps(db, price).await;
    let terms = plan_terms::Model {
        id: TermsId(PLAN.0),
        plan_id: PLAN,
        version: 1,
        starts_at: moment(),
        billing_period: BillingPeriod::HalfYear,
        proration: Proration::Hour,
        charge_mode: ChargeMode::Arrears,
        setup_fee: fixed("0.000000001"),
        notice_days: Some(30),
        created_at: moment(),
    };
    assert_eq!(terms.terms().price_changes, model::PriceChanges::default());
    keeps(db, terms).await;
}

fn offering() -> offering::Model {
    offering::Model {
        id: OFFERING,
        provider_id: ORGANIZATION,
        category_id: Some(CATEGORY),
        slug: "f".into(),
        name: "F".into(),
        summary: String::new(),
        description: "“quotes”, 'apostrophes' and \\ slashes".into(),
        terms_of_service: String::new(),
        terms_version: 1,
        state: OfferingState::Active,
        state_reason: String::new(),
        visibility: Visibility::Private,
        provider_approval: true,
        duration: json!({"grace_days": 0}),
        attributes: json!({"a": [1, "ä"]}),
        request_form: json!({"fields": []}),
        actions: json!([]),
        plugin: "fake".into(),
        settings: json!({}),
        settings_secret: Some(vec![1, 2]),
        settings_tested_at: None,
        search_text: "f".into(),
        revision: 1,
        created_at: moment(),
    }
}

fn component() -> component::Model {
    component::Model {
        id: COMPONENT,
        offering_id: OFFERING,
        code: "cpu".into(),
        name: "CPU".into(),
        description: String::new(),
        article_code: String::new(),
        unit: "core".into(),
        charge: ChargeType::Limit,
        limit_period: LimitPeriod::Month,
        prepaid: false,
        min: Some(Fixed::ONE),
        max: None,
        default_value: None,
        expected_use: model::ExpectedUse::Off,
        step: None,
        factor: Fixed::ONE,
        overage_component: None,
        position: 0,
    }
}

fn plan() -> plan::Model {
    plan::Model {
        id: PLAN,
        offering_id: OFFERING,
        name: "Monthly".into(),
        description: String::new(),
        currency: Currency::Sek,
        archived: false,
        position: 0,
        created_at: moment(),
    }
}
