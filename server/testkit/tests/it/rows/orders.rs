//! Orders and what they made.

use entity::json::Limits;
use entity::{
    approval_rule, approval_step, approval_step_approver, deputy, order, order_decision, resource,
    resource_interval, role_grant,
};
use model::{
    ApprovalRuleId, ApprovalStepId, Asked, Currency, Fixed, IntervalId, OrderId, OrderKind, OrderState,
    ResourceState, Side, StepState, Verdict,
};
use sea_orm::{ActiveModelTrait, DatabaseConnection, IntoActiveModel, Set, SqlErr};
use serde_json::json;
use uuid::Uuid;

use super::{OFFERING, ORDER, ORGANIZATION, PLAN, PROJECT, RESOURCE, USER, fixed, keeps, moment, write};

pub(super) async fn insert(db: &DatabaseConnection) {
    let order = order(ORDER, OrderKind::Create, OrderState::Erred);
    assert_eq!(
        order.limits_asked().unwrap(),
        Limits::from([("cpu".to_owned(), fixed("2"))])
    );
    assert_eq!(order.progress_made().unwrap().done, 0);
    keeps(db, order.clone()).await;
    approval(db).await;
    keeps(db, resource()).await;
    let mut fulfilled = order.into_active_model();
    fulfilled.resource_id = Set(Some(RESOURCE));
    fulfilled.update(db).await.unwrap();
    let interval = resource_interval::Model {
        id: IntervalId(RESOURCE.0),
        resource_id: RESOURCE,
        plan_id: PLAN,
        limits: json!({"cpu": "2"}),
        binding: Some(json!({"prices": []})),
        starts_at: moment(),
        ends_at: None,
    };
    keeps(db, interval).await;
}

async fn approval(db: &DatabaseConnection) {
    let rule = approval_rule::Model {
        id: ApprovalRuleId(Uuid::from_u128(96)),
        scope_kind: role_grant::ScopeKind::Organization,
        scope_id: Some(ORGANIZATION.0),
        position: 1,
        side: Side::Buyer,
        name: "Dear things".into(),
        conditions: json!({ "commits_over": { "amount": "1000.00", "currency": "EUR" } }),
        effect: json!({ "action": "skip" }),
        is_active: true,
        revision: 1,
        created_at: moment(),
        updated_at: moment(),
    };
    keeps(db, rule.clone()).await;
    let step = approval_step::Model {
        id: ApprovalStepId(Uuid::from_u128(97)),
        order_id: ORDER,
        position: 1,
        side: Side::Buyer,
        rule_id: Some(rule.id),
        rule: "Rule “Dear things”".into(),
        state: StepState::Open,
        asked: Asked::People,
        needed: 2,
        placer_may: false,
        due_days: 30,
        remind_days: Some(7),
        opened_at: Some(moment()),
        remind_at: Some(moment()),
        closed_at: None,
    };
    keeps(db, step.clone()).await;
    let asked = approval_step_approver::Model {
        id: Uuid::from_u128(98),
        step_id: step.id,
        role: None,
        user_id: Some(USER),
    };
    keeps(db, asked).await;
    let decision = order_decision::Model {
        id: Uuid::from_u128(99),
        order_id: ORDER,
        step_id: step.id,
        verdict: Verdict::Approved,
        user_id: Some(USER),
        stood_in_for: None,
        rule: "within the limit".into(),
        comment: String::new(),
        created_at: moment(),
    };
    keeps(db, decision).await;
    let deputy = deputy::Model {
        user_id: USER,
        deputy_id: USER,
        first_day: moment().date_naive(),
        last_day: moment().date_naive(),
        starts_at: moment(),
        ends_at: moment(),
    };
    keeps(db, deputy).await;
}

fn order(id: OrderId, kind: OrderKind, state: OrderState) -> order::Model {
    order::Model {
        id,
        kind,
        state,
        project_id: PROJECT,
        organization_id: ORGANIZATION,
        offering_id: OFFERING,
        provider_id: ORGANIZATION,
        plan_id: PLAN,
        resource_id: None,
        resource_name: "r".into(),
        limits: json!({"cpu": "2"}),
        limits_before: json!({}),
        expected_use: json!({"gpu": "1.5"}),
        attributes: json!({"os": "debian"}),
        request_form: Some(json!({"fields": [{"key": "os", "label": "System", "type": "string"}]})),
        secrets: None,
        end_date: None,
        start_date: None,
        term_months: None,
        quote: None,
        binding: None,
        quote_valid_until: None,
        monthly_cost: fixed("25"),
        first_invoice_cost: Fixed::ZERO,
        commitment: fixed("25"),
        higher_price_from: None,
        currency: Currency::Sek,
        accepted_terms: Some(1),
        requested_by: Some(USER),
        created_at: moment(),
        updated_at: moment(),
        waiting_since: None,
        finished_at: None,
        expires_at: None,
        error: String::new(),
        progress: json!({"done": 0, "total": 0, "message": ""}),
        trace_id: "t".into(),
    }
}

fn resource() -> resource::Model {
    resource::Model {
        id: RESOURCE,
        name: "r".into(),
        slug: "r".into(),
        search_text: "r".into(),
        state: ResourceState::Erred,
        project_id: PROJECT,
        organization_id: ORGANIZATION,
        offering_id: OFFERING,
        provider_id: ORGANIZATION,
        plan_id: PLAN,
        order_id: ORDER,
        backend_id: String::new(),
        access: json!([{"label": "Address", "value": "192.0.2.1"}]),
        attributes: json!({}),
        secrets: None,
        limits: json!({"cpu": "2"}),
        expected_use: json!({"gpu": "1.5"}),
        end_date: None,
        kept_until: None,
        grace_used: 0,
        error: String::new(),
        condition: "paused".into(),
        progress: json!({"done": 0, "total": 0, "message": ""}),
        created_at: moment(),
        activated_at: None,
        terminated_at: None,
        usage_until: Some(moment()),
        usage_error: String::new(),
    }
}

/// After [`super::insert_one_everywhere`]: the resource's creation failed, which leaves room for one order.
pub(crate) async fn second_open_order_is_refused(db: &DatabaseConnection) {
    let about = |id: u128, kind, state| order::Model {
        resource_id: Some(RESOURCE),
        ..order(OrderId(Uuid::from_u128(id)), kind, state)
    };
    let terminate = about(21, OrderKind::Terminate, OrderState::Executing);
    write::<order::Entity>(db, terminate).await.unwrap();
    for (id, state) in [(22, OrderState::PendingBuyer), (23, OrderState::Erred)] {
        let refused = write::<order::Entity>(db, about(id, OrderKind::ChangeLimits, state)).await;
        assert!(matches!(
            refused.unwrap_err().sql_err(),
            Some(SqlErr::UniqueConstraintViolation(_))
        ));
    }
    let settled = about(24, OrderKind::ChangeLimits, OrderState::Done);
    write::<order::Entity>(db, settled).await.unwrap();
}
