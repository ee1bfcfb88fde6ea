//! Testing plugin settings against the backend. No request calls a backend: the test is a job, its answer counts only
//! for the settings it was made with.

use entity::{audit_event, job, offering};
use model::{
    ConnectionState, ConnectionTest, EventKind, FieldFault, JobId, JobState, OfferingId, Permission,
};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value as Json, json};

use super::plugin::settings_with_secrets;
use super::{Catalogue, CatalogueError};
use crate::access::{AccessError, Actor, Target, authorize};
use crate::audit::{self, Event};
use crate::crypto::sha256_hex;
use crate::jobs::kinds::TestConnection;
use crate::jobs::{self, Job, NewJob};

/// What the worker needs to test a connection.
#[derive(Clone)]
pub struct SettingsForTest {
    /// Plugin kind.
    pub kind: String,
    /// Settings with secrets.
    pub settings: Json,
    /// Names these very settings; goes back with the answer.
    pub fingerprint: String,
}

impl Catalogue {
    /// Asks for a test of the present settings; asking again while one waits to run gives no second one.
    pub async fn request_connection_test(
        &self,
        actor: &Actor,
        id: OfferingId,
    ) -> Result<Option<JobId>, CatalogueError> {
        let tx = self.core.write_tx().await?;
        let row = offering::Entity::find_by_id(id)
            .one(&*tx)
            .await?
            .ok_or(AccessError::NotFound)?;
        authorize(
            actor,
            Permission::EditOffering,
            &Target::offering(row.provider_id, id),
        )?;
        if row.plugin.is_empty() {
            let message = "Choose how it is provisioned and save the settings first.";
            return Err(CatalogueError::Invalid(vec![FieldFault::at(
                "plugin", "required", message,
            )]));
        }
        let fingerprint = fingerprint(&row);
        let job = NewJob::now(&TestConnection {
            offering_id: id,
            fingerprint,
        })?;
        let made = jobs::enqueue_in(&self.core, &tx, job.on_backend(jobs::backend_key(id))).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// How the last test of the present settings went.
    pub async fn connection_test(
        &self,
        actor: &Actor,
        id: OfferingId,
    ) -> Result<ConnectionTest, CatalogueError> {
        let conn = self.core.read();
        let row = offering::Entity::find_by_id(id)
            .one(conn)
            .await?
            .ok_or(AccessError::NotFound)?;
        authorize(
            actor,
            Permission::ViewOffering,
            &Target::offering(row.provider_id, id),
        )?;
        let fingerprint = fingerprint(&row);
        let last = job::Entity::find()
            .filter(job::Column::Subject.eq(TestConnection::about(id)))
            .filter(job::Column::Kind.eq(TestConnection::NAME))
            .order_by_desc(job::Column::Id)
            .one(conn)
            .await?;
        let last =
            last.filter(|job| job.payload.get("fingerprint").and_then(Json::as_str) == Some(&fingerprint));
        if let Some(job) = &last
            && matches!(job.state, JobState::Queued | JobState::Leased)
        {
            return Ok(ConnectionTest {
                state: ConnectionState::Running,
                message: String::new(),
                at: Some(job.created_at),
            });
        }
        let answer = audit_event::Entity::find()
            .filter(audit_event::Column::SubjectKind.eq("offering"))
            .filter(audit_event::Column::SubjectId.eq(id.0))
            .filter(
                audit_event::Column::Verb.is_in([EventKind::OfferingTested, EventKind::OfferingTestFailed]),
            )
            .order_by_desc(audit_event::Column::Sequence)
            .one(conn)
            .await?;
        let answer = answer
            .filter(|event| event.after.get("fingerprint").and_then(Json::as_str) == Some(&fingerprint));
        Ok(told(&row, answer, last))
    }

    /// The settings to test; for the worker.
    pub async fn settings_for_test(
        &self,
        actor: &Actor,
        id: OfferingId,
    ) -> Result<SettingsForTest, CatalogueError> {
        authorize(actor, Permission::ManageJob, &Target::system())?;
        let row = offering::Entity::find_by_id(id)
            .one(self.core.read())
            .await?
            .ok_or(AccessError::NotFound)?;
        Ok(SettingsForTest {
            settings: settings_with_secrets(&self.core, &row)?,
            fingerprint: fingerprint(&row),
            kind: row.plugin,
        })
    }

    /// Keeps the answer of a test, with what the backend said; for the worker. Settings that were changed meanwhile
    /// stay untested.
    pub async fn record_connection_test(
        &self,
        actor: &Actor,
        id: OfferingId,
        tested: &str,
        answer: Result<String, String>,
    ) -> Result<(), CatalogueError> {
        authorize(actor, Permission::ManageJob, &Target::system())?;
        let tx = self.core.write_tx().await?;
        let row = offering::Entity::find_by_id(id)
            .lock_exclusive()
            .one(&*tx)
            .await?
            .ok_or(AccessError::NotFound)?;
        if fingerprint(&row) == tested {
            let at = answer.is_ok().then(|| self.core.now());
            store(&tx, id, at).await?;
        }
        let (verb, message) = match answer {
            Ok(message) => (EventKind::OfferingTested, message),
            Err(message) => (EventKind::OfferingTestFailed, message),
        };
        let event = Event::new(actor, verb, id.0)
            .on(Target::offering(row.provider_id, id))
            .after(json!({ "fingerprint": tested }))
            .reason(
                message
                    .chars()
                    .filter(|letter| *letter != '\0')
                    .take(2_000)
                    .collect::<String>(),
            );
        audit::record_in(&self.core, &tx, event).await?;
        Ok(tx.commit().await?)
    }
}

async fn store(
    tx: &DatabaseTransaction,
    id: OfferingId,
    at: Option<chrono::DateTime<chrono::Utc>>,
) -> Result<(), DbErr> {
    offering::Entity::update_many()
        .col_expr(offering::Column::SettingsTestedAt, Expr::value(at))
        .filter(offering::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

fn told(
    row: &offering::Model,
    answer: Option<audit_event::Model>,
    job: Option<job::Model>,
) -> ConnectionTest {
    if let Some(answer) = answer {
        let ok = answer.verb == EventKind::OfferingTested;
        return ConnectionTest {
            state: if ok {
                ConnectionState::Ok
            } else {
                ConnectionState::Failed
            },
            message: answer.reason,
            at: Some(answer.at),
        };
    }
    if let Some(dead) = job.filter(|job| job.state == JobState::Dead) {
        return ConnectionTest {
            state: ConnectionState::Failed,
            message: dead.last_error,
            at: dead.finished_at,
        };
    }
    match row.settings_tested_at {
        Some(at) => ConnectionTest {
            state: ConnectionState::Ok,
            message: String::new(),
            at: Some(at),
        },
        None => ConnectionTest {
            state: ConnectionState::None,
            message: String::new(),
            at: None,
        },
    }
}

/// Names the present settings. The sealed secrets are hashed as they are: sealing anew changes the name, which only
/// means that a test runs once more.
fn fingerprint(row: &offering::Model) -> String {
    let secret = row.settings_secret.as_deref().map(sha256_hex).unwrap_or_default();
    sha256_hex(format!("{} {} {secret}", row.plugin, row.settings).as_bytes())
}
