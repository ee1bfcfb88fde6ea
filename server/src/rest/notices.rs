//! Notices: what the caller was told of what happened.

use model::{Notice, NoticeId, NoticeKind, NoticeSetting, Page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Json, Versioned,
    answer::HasVersion,
    extract::{Body, Caller, IdOf, IfMatch, Parameters, Services},
    queries::{IfMatchHeader, PageQuery},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_notices))
        .routes(routes!(mark_notice_read))
        .routes(routes!(mark_notices_read))
        .routes(routes!(get_notice_settings, set_notice_settings))
}

/// Which notices are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct NoticeQuery {
    /// Only those that were not read.
    #[serde(default)]
    unread: bool,
    /// The `next` of the page before.
    #[param(max_length = 500)]
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

/// Lists what the caller was told of in the last 90 days, the newest first; with the scope `read`. Notices of things that the
/// caller may no longer see are left out, and those of passwords and tokens: these stand in the portal only.
#[utoipa::path(get, path = "/notices", tag = "Notices", params(NoticeQuery), responses((status = 200, body = Page<Notice>)))]
async fn list_notices(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<NoticeQuery>,
) -> Result<Json<Page<Notice>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let page = page.request()?;
    Ok(Json(domain.notices().list(&actor, query.unread, &page).await?))
}

/// Notes that a notice was read, if it was not; with the scope `operate`.
#[utoipa::path(post, path = "/notices/{id}/read", tag = "Notices", params(("id" = NoticeId, Path)),
    responses((status = 200, body = Notice)))]
async fn mark_notice_read(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<NoticeId>,
) -> Result<Json<Notice>, ApiProblem> {
    Ok(Json(domain.notices().mark_read(&actor, id).await?))
}

/// Up to where notices were read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadUntil {
    /// The newest notice that was read; what came later stays unread.
    until: NoticeId,
}

/// How many notices were noted as read.
#[derive(Debug, Serialize, ToSchema)]
struct NoticesRead {
    /// Those that were unread before.
    read: u64,
}

/// Notes that this notice and all before it were read; with the scope `operate`.
#[utoipa::path(post, path = "/notices/read", tag = "Notices", request_body = ReadUntil,
    responses((status = 200, body = NoticesRead)))]
async fn mark_notices_read(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(wanted): Body<ReadUntil>,
) -> Result<Json<NoticesRead>, ApiProblem> {
    let read = domain.notices().mark_all_read(&actor, wanted.until).await?;
    Ok(Json(NoticesRead { read }))
}

impl HasVersion for Vec<NoticeSetting> {
    fn etag(&self) -> String {
        let told = self.iter().map(|one| if one.told { '1' } else { '0' });
        format!("\"{}\"", told.collect::<String>())
    }
}

/// Lists every kind of notices and whether the caller is told of it; with the scope `read`.
#[utoipa::path(get, path = "/notices/settings", tag = "Notices", responses((status = 200, body = Vec<NoticeSetting>)),
    extensions(("x-versioned" = json!(true))))]
async fn get_notice_settings(
    Services(domain): Services,
    Caller(actor): Caller,
) -> Result<Versioned<Vec<NoticeSetting>>, ApiProblem> {
    Ok(Versioned(domain.notices().settings(&actor).await?))
}

/// What the caller wants to be told of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoticeChoices {
    /// These kinds and no others. Those that are always told are among them.
    #[schema(max_items = 100)]
    told: Vec<NoticeKind>,
}

/// Sets what the caller is told of from now on; with the scope `operate`.
#[utoipa::path(put, path = "/notices/settings", tag = "Notices", params(IfMatchHeader), request_body = NoticeChoices,
    responses((status = 200, body = Vec<NoticeSetting>)))]
async fn set_notice_settings(
    Services(domain): Services,
    Caller(actor): Caller,
    version: IfMatch,
    Body(wanted): Body<NoticeChoices>,
) -> Result<Versioned<Vec<NoticeSetting>>, ApiProblem> {
    let notices = domain.notices();
    let seen = notices.settings(&actor).await?;
    version.check(&seen)?;
    let set = notices.set_settings(&actor, &wanted.told, Some(&seen)).await?;
    Ok(Versioned(set))
}
