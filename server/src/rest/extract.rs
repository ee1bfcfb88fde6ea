//! What handlers take from a request, with refusals in the API's own form.

use std::str::FromStr;

use auth::ApiActor;
use axum::{
    Json,
    extract::{
        FromRequest, FromRequestParts, Path, Query, Request,
        rejection::{JsonRejection, QueryRejection},
    },
    response::{IntoResponse, Response},
};
use domain::access::Actor;
use http::{StatusCode, request::Parts};
use model::{Kind, Problem};
use serde::de::DeserializeOwned;

use super::ApiProblem;
use crate::state::AppState;

/// The holder of the token.
pub(crate) struct Caller(pub(crate) Actor);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiProblem> {
        // The idempotency layer may have asked already.
        if let Some(actor) = parts.extensions.get::<ApiActor>() {
            return Ok(Self(actor.0.clone()));
        }
        match ApiActor::of(parts, &state.domain).await {
            Ok(actor) => Ok(Self(actor.0)),
            Err(auth::Unauthenticated) => Err(ApiProblem(Problem::plain(
                Kind::Unauthenticated,
                "unauthenticated",
                "Send a valid personal access token as `Authorization: Bearer …`. You make one in your profile.",
            ))),
        }
    }
}

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(refuse_body(&rejection)),
        }
    }
}

fn refuse_body(rejection: &JsonRejection) -> Response {
    let status = rejection.status();
    let (code, status) = match rejection {
        JsonRejection::JsonDataError(_) => ("wrong_shape", StatusCode::UNPROCESSABLE_ENTITY),
        JsonRejection::JsonSyntaxError(_) => ("not_json", StatusCode::BAD_REQUEST),
        JsonRejection::MissingJsonContentType(_) => ("content_type", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        _ => ("unreadable_body", status),
    };
    ApiProblem::malformed(status, code, short(&rejection.body_text()))
}

/// Parameters of the address.
pub(crate) struct Parameters<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(parameters)) => Ok(Self(parameters)),
            Err(rejection) => Err(refuse_query(&rejection)),
        }
    }
}

fn refuse_query(rejection: &QueryRejection) -> Response {
    ApiProblem::malformed(
        StatusCode::BAD_REQUEST,
        "bad_query",
        short(&rejection.body_text()),
    )
}

/// An id in the path. What is no id names nothing: not found.
pub(crate) struct IdOf<T>(pub(crate) T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for IdOf<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let text = Path::<String>::from_request_parts(parts, state)
            .await
            .map(|Path(text)| text);
        text.ok()
            .and_then(|text| text.parse().ok())
            .map(Self)
            .ok_or_else(nothing_there)
    }
}

/// Two ids in the path: of a thing and of a part of it.
pub(crate) struct IdsOf<A, B>(pub(crate) A, pub(crate) B);

impl<A: FromStr, B: FromStr, S: Send + Sync> FromRequestParts<S> for IdsOf<A, B> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let texts = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map(|Path(texts)| texts);
        let ids = texts
            .ok()
            .and_then(|(one, other)| Some(Self(one.parse().ok()?, other.parse().ok()?)));
        ids.ok_or_else(nothing_there)
    }
}

fn nothing_there() -> Response {
    let detail = "There is nothing with this id that you may see.";
    ApiProblem(Problem::plain(Kind::NotFound, "not_found", detail)).into_response()
}

/// Messages of parsers quote the input; a megabyte of it helps nobody.
fn short(text: &str) -> String {
    const MOST: usize = 300;
    if text.chars().count() <= MOST {
        text.to_owned()
    } else {
        text.chars().take(MOST).chain(['…']).collect()
    }
}
