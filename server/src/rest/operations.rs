//! For those who run the installation: jobs and dead letters, the audit log.

use domain::jobs::JobFilter;
use http::StatusCode;
use model::{AuditEntry, JobId, JobState, JobSummary, OrganizationId, Page, ProjectId, Scope};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Json,
    extract::{Caller, IdOf, Parameters, Services},
    queries::PageQuery,
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(retry_job))
        .routes(routes!(list_audit_events))
}

/// Which jobs are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct JobQuery {
    /// Only in this state; `dead` lists the dead letters.
    state: Option<JobState>,
    /// Only of this kind.
    #[param(max_length = 50)]
    kind: Option<String>,
    /// The `next` of the page before.
    #[param(max_length = 500)]
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

/// Lists jobs, for staff and support: first dead letters and what is stuck, then the others, each newest first.
#[utoipa::path(get, path = "/jobs", tag = "Operations", params(JobQuery),
    responses((status = 200, body = Page<JobSummary>)))]
async fn list_jobs(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<JobQuery>,
) -> Result<Json<Page<JobSummary>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    let filter = JobFilter {
        states: query.state.into_iter().collect(),
        kind: query.kind,
        subject: None,
    };
    Ok(Json(domain.jobs().list(&actor, &filter, &page).await?))
}

/// Tries a dead letter again.
#[utoipa::path(post, path = "/jobs/{id}/try-again", tag = "Operations", params(("id" = JobId, Path)),
    responses((status = 204)),
    extensions(("x-problems" = json!(["job_not_dead", "job_already_waiting"]))))]
async fn retry_job(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<JobId>,
) -> Result<StatusCode, ApiProblem> {
    domain.jobs().try_again(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whose log is wanted; all of it when none is given.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Of this organization.
    organization: Option<OrganizationId>,
    /// Of this project; of the organization, where that is named too.
    project: Option<ProjectId>,
    /// Of this provider: what happened to its offerings, plans, prices and what it sold. Not together with the others.
    provider: Option<OrganizationId>,
    /// The `next` of the page before.
    #[param(max_length = 500)]
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

/// Reads the audit log, newest first.
#[utoipa::path(get, path = "/audit", tag = "Operations", params(AuditQuery),
    responses((status = 200, body = Page<AuditEntry>)))]
async fn list_audit_events(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<AuditQuery>,
) -> Result<Json<Page<AuditEntry>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    let scope = domain
        .access()
        .scope_of_log(&actor, query.provider, (query.organization, query.project))
        .await?
        .unwrap_or(Scope::System);
    Ok(Json(domain.audit().list(&actor, scope, &page).await?))
}
