//! Jobs, the audit log, answers kept.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    audit_event, event_reader, idempotency_key, installation, job, notice, notice_choice, resource_limit,
    resource_member, role_grant::ScopeKind, schedule, webhook, webhook_delivery,
};
use model::{
    AuditId, DeliveryOutcome, JobId, JobState, NoticeId, NoticeKind, UserId, WebhookDeliveryId, WebhookId,
    WebhookState,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseConnection, EntityTrait, ModelTrait, Set, SqlErr};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{OFFERING, ORDER, ORGANIZATION, RESOURCE, USER, keeps, moment, write};

pub(super) async fn insert(db: &DatabaseConnection) {
    keeps(db, job(1, JobState::Leased)).await;
    keep_schedule(db).await;
    keep_installation(db).await;
    let event = audit_event::Model {
        id: AuditId(Uuid::from_u128(1)),
        sequence: 1,
        at: moment(),
        actor_id: None,
        actor_name: "Stoa".into(),
        organization_id: Some(ORGANIZATION),
        project_id: None,
        provider_id: None,
        subject_kind: "order".into(),
        subject_id: ORDER.0,
        verb: "order.placed".into(),
        before: Json::Null,
        after: json!({"state": "executing"}),
        reason: String::new(),
        trace_id: String::new(),
    };
    keeps(db, event).await;
    let answer = idempotency_key::Model {
        user_id: USER,
        key: "k".into(),
        fingerprint: "f".into(),
        status: Some(201),
        response: Some(json!({"id": 1})),
        created_at: moment(),
    };
    keeps(db, answer).await;
    keep_webhook(db).await;
    keep_notice(db).await;
}

async fn keep_notice(db: &DatabaseConnection) {
    let row = notice::Model {
        id: NoticeId(Uuid::from_u128(1)),
        user_id: USER,
        event_id: AuditId(Uuid::from_u128(1)),
        kind: NoticeKind::Invoices,
        organization_id: Some(ORGANIZATION),
        project_id: None,
        provider_id: Some(ORGANIZATION),
        offering_id: Some(OFFERING),
        at: moment(),
        read_at: Some(moment()),
    };
    keeps(db, row).await;
    let choice = notice_choice::Model {
        user_id: USER,
        kind: NoticeKind::Ends,
    };
    keeps(db, choice).await;
    // The schema comes with the one that there is.
    let removed = event_reader::Entity::delete_many().exec(db).await;
    assert_eq!(removed.map(|done| done.rows_affected), Ok(1));
    let reader = event_reader::Model {
        name: "search".into(),
        position: i64::MAX,
    };
    keeps(db, reader).await;
}

async fn keep_installation(db: &DatabaseConnection) {
    let row = installation::Model {
        name: "secret_key_check".into(),
        value: vec![0, 159, 255],
    };
    keeps(db, row).await;
    let told = resource_member::Model {
        resource_id: RESOURCE,
        usernames: json!(["ann", "ben"]),
    };
    keeps(db, told).await;
    let told = resource_limit::Model {
        resource_id: RESOURCE,
        told: json!({"limits": {"cpu_hours": "100"}, "used_before": {"cpu_hours": "40"}}),
    };
    keeps(db, told).await;
}

async fn keep_webhook(db: &DatabaseConnection) {
    let id = WebhookId(Uuid::from_u128(1));
    let row = webhook::Model {
        id,
        scope_kind: ScopeKind::Organization,
        scope_id: Some(ORGANIZATION.0),
        url: "https://hooks.example.org/".into(),
        description: String::new(),
        kinds: json!(["order.placed"]),
        state: WebhookState::Enabled,
        secret: vec![0, 159, 255],
        previous_secret: Some(vec![1]),
        previous_until: Some(moment()),
        position: 1,
        attempts: 2,
        answered: 1,
        failing_since: Some(moment()),
        next_try_at: Some(moment()),
        last_error: "away".into(),
        revision: 3,
        created_at: moment(),
        updated_at: moment(),
    };
    keeps(db, row).await;
    let told = webhook_delivery::Model {
        id: WebhookDeliveryId(Uuid::from_u128(1)),
        webhook_id: id,
        event_id: AuditId(Uuid::from_u128(1)),
        kind: "order.placed".into(),
        attempt: 2,
        by_hand: true,
        outcome: DeliveryOutcome::Failed,
        status: Some(503),
        error: "away".into(),
        request: "{}".into(),
        answer: "no".into(),
        milliseconds: 9,
        at: moment(),
    };
    keeps(db, told).await;
}

async fn keep_schedule(db: &DatabaseConnection) {
    let row = schedule::Model {
        name: "sweep".into(),
        every_seconds: 60,
        last_at: Some(moment()),
        next_at: moment(),
    };
    keeps(db, row).await;
}

fn job(id: u128, state: JobState) -> job::Model {
    job::Model {
        id: JobId(Uuid::from_u128(id)),
        kind: "sweep".into(),
        payload: json!({"kind": "sweep"}),
        subject: String::new(),
        state,
        run_at: moment(),
        attempts: 0,
        max_attempts: 5,
        leased_by: None,
        leased_until: None,
        last_error: String::new(),
        unique_key: Some("sweep".into()),
        serial_key: Some("resource 1".into()),
        backend_key: String::new(),
        backend_limit: Some(1),
        trace_id: String::new(),
        created_at: moment(),
        finished_at: None,
    }
}

pub(crate) async fn insert_job(db: &impl ConnectionTrait, id: u128) {
    write::<job::Entity>(db, job(id, JobState::Queued)).await.unwrap();
}

pub(crate) async fn job_key_is_unique_while_waiting(db: &DatabaseConnection) {
    write::<job::Entity>(db, job(31, JobState::Done)).await.unwrap();
    write::<job::Entity>(db, job(32, JobState::Queued)).await.unwrap();
    write::<job::Entity>(db, job(34, JobState::Leased)).await.unwrap();
    let refused = write::<job::Entity>(db, job(33, JobState::Queued)).await;
    assert!(matches!(
        refused.unwrap_err().sql_err(),
        Some(SqlErr::UniqueConstraintViolation(_))
    ));
}

/// Two revisions of the offering, of which only the first changed its terms; who made that, and when. After
/// [`super::insert_one_everywhere`].
pub(crate) async fn log_revisions(db: &DatabaseConnection) -> (UserId, DateTime<Utc>) {
    let first = audit_event::Entity::find().one(db).await.unwrap().unwrap();
    let at = moment() + TimeDelta::days(1);
    for (number, at, terms_changed) in [(2, at, true), (3, at + TimeDelta::days(1), false)] {
        let event = audit_event::Model {
            id: AuditId(Uuid::from_u128(number)),
            sequence: first.sequence + i64::try_from(number).unwrap(),
            at,
            actor_id: Some(USER),
            subject_kind: "offering".into(),
            subject_id: OFFERING.0,
            verb: "offering.revised".into(),
            after: json!({"terms_changed": terms_changed}),
            ..first.clone()
        };
        write::<audit_event::Entity>(db, event).await.unwrap();
    }
    (USER, at)
}

/// After [`super::insert_one_everywhere`].
pub(crate) async fn audit_log_only_grows(db: &DatabaseConnection) {
    let event = audit_event::Entity::find().one(db).await.unwrap().unwrap();
    let change = audit_event::ActiveModel {
        reason: Set("another".into()),
        ..event.clone().into()
    };
    assert!(change.update(db).await.is_err());
    assert!(event.clone().delete(db).await.is_err());
    assert_eq!(audit_event::Entity::find().one(db).await.unwrap(), Some(event));
}
