//! What is asked for of resources, and what their backend lists of them.

use entity::{resource_action, resource_parts};
use model::{ActionAudience, ActionId, ActionState, InventoryTable};
use sea_orm::{DatabaseConnection, SqlErr};
use serde_json::json;
use uuid::Uuid;

use super::{OFFERING, ORGANIZATION, PROJECT, RESOURCE, USER, keeps, moment, write};

pub(super) async fn insert(db: &DatabaseConnection) {
    let asked = action(1, ActionState::Waiting, false);
    assert_eq!(asked.asked().unwrap().field("why").unwrap().label, "Why");
    assert_eq!(asked.progress_made().unwrap().done, 1);
    assert_eq!(asked.given_back().unwrap().first().unwrap().value, "“7”");
    keeps(db, asked).await;
    let table = InventoryTable::new("jobs", "Jobs", &["Job"]);
    let parts = resource_parts::Model {
        resource_id: RESOURCE,
        taken_at: Some(moment()),
        tables: json!([table]),
        error: "away".into(),
    };
    assert_eq!(parts.listed().unwrap(), [table]);
    keeps(db, parts).await;
}

fn action(id: u128, state: ActionState, beside_others: bool) -> resource_action::Model {
    resource_action::Model {
        id: ActionId(Uuid::from_u128(id)),
        resource_id: RESOURCE,
        organization_id: ORGANIZATION,
        project_id: PROJECT,
        provider_id: ORGANIZATION,
        offering_id: OFFERING,
        key: "pause".into(),
        title: "Pause".into(),
        audience: ActionAudience::Managers,
        by_hand: true,
        beside_others,
        state,
        form: json!({"fields": [{"key": "why", "label": "Why", "type": "string"}]}),
        input: json!({"why": "ä"}),
        secrets: Some(vec![0, 159, 255]),
        asked_by: Some(USER),
        asked_at: moment(),
        ended_at: Some(moment()),
        progress: json!({"done": 1, "total": 2, "message": "half"}),
        message: "Nearly".into(),
        output: json!([{"label": "Number", "value": "“7”"}]),
    }
}

/// After [`super::insert_one_everywhere`]: one action waits.
pub(crate) async fn second_action_is_refused(db: &DatabaseConnection) {
    for (id, state) in [(21, ActionState::Waiting), (22, ActionState::Running)] {
        let refused = write::<resource_action::Entity>(db, action(id, state, false)).await;
        assert!(matches!(
            refused.unwrap_err().sql_err(),
            Some(SqlErr::UniqueConstraintViolation(_))
        ));
    }
    for (id, state, beside_others) in [
        (23, ActionState::Running, true),
        (24, ActionState::Waiting, true),
        (25, ActionState::Done, false),
        (26, ActionState::Failed, false),
        (27, ActionState::Withdrawn, false),
    ] {
        write::<resource_action::Entity>(db, action(id, state, beside_others))
            .await
            .unwrap();
    }
}
