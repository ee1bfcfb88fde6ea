//! How long things last: renewals, last days, what ends soon, and what terms an offering has.

use chrono::NaiveDate;
use model::{DurationRules, EndingSoon, OfferingId, RenewDraft, ResourceDetail, ResourceId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Created, Json, Versioned,
    answer::Stated,
    extract::{Body, Caller, IdOf, IfMatch, Services},
    offerings::shown,
    orders::placed,
    queries::IfMatchHeader,
    resources,
    shapes::{offering::OfferingDetail, order::OrderDetail, quote::Quote},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(renew_resource))
        .routes(routes!(quote_renewal))
        .routes(routes!(set_last_day))
        .routes(routes!(list_endings))
        .routes(routes!(set_duration))
}

/// Another term.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Renewal {
    /// How many months are added.
    months: u32,
}

/// Orders another term for a resource that is paid up front. It begins on the day after the last one; where that is over,
/// on the day on which the renewal is carried out.
#[utoipa::path(post, path = "/resources/{id}/renewal", tag = "Resources", params(("id" = ResourceId, Path)),
    request_body = Renewal, responses((status = 201, body = OrderDetail)),
    extensions(("x-problems" = json!(["resource_not_found", "resource_state", "open_order", "not_orderable", "refused_by_rule", "no_price", "order_too_large", "unknown_time_zone"]))))]
async fn renew_resource(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(resource_id): IdOf<ResourceId>,
    Body(wanted): Body<Renewal>,
) -> Result<Created<Json<OrderDetail>>, ApiProblem> {
    let draft = RenewDraft {
        resource_id,
        months: wanted.months,
    };
    let id = domain.ordering().place_renew(&actor, draft, None).await?;
    placed(&domain, &actor, id).await
}

/// Quotes another term: what it would cost if it were ordered now.
#[utoipa::path(post, path = "/resources/{id}/renewal/quote", tag = "Resources", params(("id" = ResourceId, Path)),
    request_body = Renewal, responses((status = 200, body = Quote)),
    extensions(("x-problems" = json!(["resource_not_found", "not_orderable", "no_price", "order_too_large", "unknown_time_zone"]))))]
async fn quote_renewal(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(resource_id): IdOf<ResourceId>,
    Body(wanted): Body<Renewal>,
) -> Result<Json<Quote>, ApiProblem> {
    let draft = RenewDraft {
        resource_id,
        months: wanted.months,
    };
    Ok(Json(domain.ordering().quote_renew(&actor, &draft).await?.into()))
}

/// Another last day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LastDay {
    /// The last day, which is included; `null`: it goes on until somebody ends it.
    last_day: Option<NaiveDate>,
}

/// Sets or removes the last day of a resource. What is paid up front is renewed instead.
#[utoipa::path(put, path = "/resources/{id}/last-day", tag = "Resources",
    params(("id" = ResourceId, Path), IfMatchHeader),
    request_body = LastDay, responses((status = 200, body = ResourceDetail)),
    extensions(("x-problems" = json!(["resource_not_found", "not_orderable", "unknown_time_zone"]))))]
async fn set_last_day(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ResourceId>,
    version: IfMatch,
    Body(wanted): Body<LastDay>,
) -> Result<Versioned<Stated<ResourceDetail>>, ApiProblem> {
    let present = resources::shown(&domain, &actor, id).await?;
    version.check(&present)?;
    domain
        .ordering()
        .at_state(&present.state)
        .change_end(&actor, id, wanted.last_day)
        .await?;
    Ok(Versioned(resources::shown(&domain, &actor, id).await?))
}

/// Lists what ends within 30 days, or is over and still kept, of all that you order for or administer, the nearest first;
/// each with whether you can extend it now.
#[utoipa::path(get, path = "/endings", tag = "Resources",
    responses((status = 200, body = Vec<EndingSoon>)), extensions(("x-problems" = json!(["unknown_time_zone"]))))]
async fn list_endings(
    Services(domain): Services,
    Caller(actor): Caller,
) -> Result<Json<Vec<EndingSoon>>, ApiProblem> {
    Ok(Json(domain.ordering().ending_soon(&actor).await?))
}

/// Sets which terms of an offering can be chosen, and how long what is over is kept.
#[utoipa::path(put, path = "/offerings/{id}/duration", tag = "Offerings",
    params(("id" = OfferingId, Path), IfMatchHeader),
    request_body = DurationRules, responses((status = 200, body = OfferingDetail)),
    extensions(("x-problems" = json!(["offering_archived", "would_break"]))))]
async fn set_duration(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    version: IfMatch,
    Body(rules): Body<DurationRules>,
) -> Result<Versioned<OfferingDetail>, ApiProblem> {
    let present = shown(&domain, &actor, id).await?;
    version.check(&present)?;
    domain
        .catalogue()
        .set_duration(&actor, id, rules, present.revision)
        .await?;
    Ok(Versioned(shown(&domain, &actor, id).await?))
}
