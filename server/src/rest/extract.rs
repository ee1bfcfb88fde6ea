//! What handlers take from a request, with refusals in the API's own form.

use std::{marker::PhantomData, str::FromStr, sync::Arc};

use auth::{ApiActor, Unauthenticated};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
};
use domain::{Domain, access::Actor};
use http::{StatusCode, header, request::Parts};
use model::{FieldFault, Kind, Problem};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{ApiProblem, answer::HasVersion, unknown_fields::Shape};
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
            Err(Unauthenticated::NotLookedUp(error)) => Err(error.into()),
            Err(why) => {
                if matches!(why, Unauthenticated::Refused) {
                    state.refused_tokens.note(parts.extensions.get());
                }
                Err(ApiProblem(Problem::plain(
                    Kind::Unauthenticated,
                    "unauthenticated",
                    "Send a valid personal access token as `Authorization: Bearer …`. You make one in your profile.",
                )))
            }
        }
    }
}

/// The holder of the token; or somebody without one, who reads what the portal shows to everybody, so often in a minute.
/// A token that is not good is refused as everywhere.
pub(crate) struct Visitor(pub(crate) Option<Actor>);

impl FromRequestParts<AppState> for Visitor {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiProblem> {
        if parts.headers.contains_key(header::AUTHORIZATION) {
            let Caller(actor) = Caller::from_request_parts(parts, state).await?;
            return Ok(Self(Some(actor)));
        }
        let Some(seconds) = state.anonymous.wait_of(&parts.extensions) else {
            return Ok(Self(None));
        };
        let detail = format!(
            "Too much was asked from your address. Wait {seconds} seconds, or send a personal access token."
        );
        let problem = Problem::plain(Kind::Throttled, "too_many_requests", detail);
        Err(ApiProblem(problem.after(seconds)))
    }
}

/// The services: those of the request's transaction where it comes under an idempotency key (`rest::idempotency`).
pub(crate) struct Services(pub(crate) Domain);

impl FromRequestParts<AppState> for Services {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let within = parts.extensions.get::<Domain>().cloned();
        Ok(Self(within.unwrap_or_else(|| state.domain.clone())))
    }
}

/// A JSON body. Fields at fault are named, unknown ones too.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiProblem> {
        let shape = request.extensions().get::<Arc<Shape>>().cloned();
        let bytes = json_bytes(request, state, "application/json").await?;
        let whole: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if let Some(shape) = &shape {
            refuse(shape.lists_in(&whole))?;
        }
        let body = read(&bytes)?;
        if let Some(shape) = shape {
            refuse(shape.unknown_in(&whole))?;
        }
        Ok(Self(body))
    }
}

/// A JSON array whose lines are taken one by one: what is wrong with one is told of that one, unknown fields too.
pub(crate) struct Lines(pub(crate) Vec<Value>);

impl<S: Send + Sync> FromRequest<S> for Lines {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiProblem> {
        Ok(Self(read(
            &json_bytes(request, state, "application/json").await?,
        )?))
    }
}

/// A JSON merge patch (RFC 7396): what is left out stays, `null` clears.
pub(crate) struct Patch<T> {
    changes: Value,
    of: PhantomData<T>,
}

impl<T: Send, S: Send + Sync> FromRequest<S> for Patch<T> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiProblem> {
        let shape = request.extensions().get::<Arc<Shape>>().cloned();
        let bytes = json_bytes(request, state, MERGE_PATCH).await?;
        let changes: Value = read(&bytes)?;
        if !changes.is_object() {
            let fault = FieldFault::at(
                "",
                "wrong_type",
                "A change is an object with the fields that change.",
            );
            return Err(ApiProblem::invalid(vec![fault]));
        }
        if let Some(shape) = shape {
            refuse(shape.unknown_in(&changes))?;
        }
        let of = PhantomData;
        Ok(Self { changes, of })
    }
}

impl<T: Serialize + DeserializeOwned> Patch<T> {
    /// What the thing shall be.
    pub(crate) fn applied_to(&self, present: &T) -> Result<T, ApiProblem> {
        let mut whole = serde_json::to_value(present).unwrap_or_default();
        merge(&mut whole, self.changes.clone());
        serde_path_to_error::deserialize(whole).map_err(|error| {
            let text = error.inner().to_string();
            ApiProblem::invalid(vec![fault_of(&error.path().to_string(), &text)])
        })
    }
}

/// What says which of several shapes an object has. With another one, nothing of what it had before is left.
const TAGS: [&str; 2] = ["action", "asked"];

fn has_other_tag(whole: &Value, changes: &serde_json::Map<String, Value>) -> bool {
    let differs = |tag: &&str| {
        let pair = whole.get(tag).zip(changes.get(*tag));
        pair.is_some_and(|(before, after)| before != after)
    };
    TAGS.iter().any(differs)
}

fn merge(whole: &mut Value, changes: Value) {
    let Value::Object(changes) = changes else {
        *whole = changes;
        return;
    };
    if !whole.is_object() || has_other_tag(whole, &changes) {
        *whole = Value::Object(serde_json::Map::new());
    }
    for (name, change) in changes {
        if let Some(fields) = whole.as_object_mut() {
            if change.is_null() && !fields.contains_key(&name) {
                continue;
            }
            merge(fields.entry(name).or_insert(Value::Null), change);
        }
    }
}

/// The type of a body that says what changes, and not what is.
const MERGE_PATCH: &str = "application/merge-patch+json";

/// The bytes of a JSON body. Of the types that describe changes, only the one that is taken here is JSON in this place.
async fn json_bytes<S: Send + Sync>(request: Request, state: &S, takes: &str) -> Result<Bytes, ApiProblem> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let is_change = [MERGE_PATCH, "application/json-patch+json"].contains(&kind.as_str());
    let is_taken = if is_change {
        kind == takes
    } else {
        kind == "application/json" || kind.ends_with("+json")
    };
    if !is_taken {
        let detail = "Send the body as JSON, with `Content-Type: application/json`.";
        return Err(ApiProblem::malformed("content_type", detail, Vec::new()));
    }
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            too_large()
        } else {
            ApiProblem::malformed("unreadable_body", rejection.body_text(), Vec::new())
        }
    })
}

/// The refusal of a body above the limit.
pub(crate) fn too_large() -> ApiProblem {
    let detail = "The body is larger than 2 MB.";
    ApiProblem::malformed("too_large", detail, Vec::new())
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiProblem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (path, inner) = (error.path().to_string(), error.into_inner());
        if inner.is_data() {
            ApiProblem::invalid(vec![fault_of(&path, &inner.to_string())])
        } else if serde_json::from_slice::<Value>(bytes).is_ok() {
            // The parser calls a null where it looks for a word no JSON.
            ApiProblem::invalid(vec![fault_of(&path, "invalid type: null, expected a value")])
        } else {
            not_json(&inner)
        }
    })?;
    json.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> ApiProblem {
    let detail = short(&format!("The body is no JSON: {error}."));
    ApiProblem::malformed("not_json", detail, Vec::new())
}

fn refuse(faults: Vec<FieldFault>) -> Result<(), ApiProblem> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(ApiProblem::invalid(faults))
    }
}

/// The fault that a parser tells of. It says where an object lacks a field or has one too many, but not at that field.
fn fault_of(path: &str, message: &str) -> FieldFault {
    let path = if path == "." { "" } else { path };
    let message = message.split(" at line ").next().unwrap_or(message);
    let named = message.split('`').nth(1);
    let (code, name) = match named {
        Some(name) if message.starts_with("missing field") => ("required", Some(name)),
        Some(name) if message.starts_with("unknown field") => ("unknown_field", Some(name)),
        _ => ("wrong_type", None),
    };
    let path = match name {
        // The parser stands at the unknown field already.
        Some(name) if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        Some(name) if path.is_empty() => name.to_owned(),
        Some(name) => format!("{path}.{name}"),
        None => path.to_owned(),
    };
    FieldFault::at(path, code, short(message))
}

/// Parameters of the address.
pub(crate) struct Parameters<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiProblem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(parameters)) => Ok(Self(parameters)),
            Err(rejection) => Err(refuse_query(&rejection.body_text())),
        }
    }
}

/// The parser writes `Failed to deserialize query string: limit: invalid digit found in string`.
fn refuse_query(text: &str) -> ApiProblem {
    let said = text.split_once(": ").map_or(text, |(_, said)| said);
    let fields = match said.split_once(": ") {
        Some((name, message)) => vec![FieldFault::at(name, "wrong_type", short(message))],
        None => Vec::new(),
    };
    ApiProblem::malformed("bad_query", short(said), fields)
}

/// The version that a change was made against.
pub(crate) struct IfMatch(String);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiProblem> {
        // Several headers are one list (RFC 9110, 5.3).
        let sent = parts.headers.get_all(header::IF_MATCH).iter();
        let sent: Vec<&str> = sent.filter_map(|value| value.to_str().ok()).collect();
        match &sent[..] {
            [_, ..] => Ok(Self(sent.join(",").trim().to_owned())),
            [] => Err(ApiProblem(Problem::plain(
                Kind::Invalid,
                "precondition_required",
                "Say which version you change: send the `ETag` that you read as `If-Match`.",
            ))),
        }
    }
}

impl IfMatch {
    /// Refuses where what is there now is another version. `*` stands for any.
    pub(crate) fn check(&self, present: &impl HasVersion) -> Result<(), ApiProblem> {
        let etag = present.etag();
        if self.0 == "*" || self.0.split(',').any(|one| one.trim() == etag) {
            return Ok(());
        }
        Err(ApiProblem(Problem::plain(
            Kind::Conflict,
            "changed_meanwhile",
            "Somebody changed this since you read it. Read it again, and make your change to what is there now.",
        )))
    }
}

/// An id in the path. What is no id names nothing: not found.
pub(crate) struct IdOf<T>(pub(crate) T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for IdOf<T> {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiProblem> {
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
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiProblem> {
        let texts = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map(|Path(texts)| texts);
        let ids = texts
            .ok()
            .and_then(|(one, other)| Some(Self(one.parse().ok()?, other.parse().ok()?)));
        ids.ok_or_else(nothing_there)
    }
}

fn nothing_there() -> ApiProblem {
    let detail = "There is nothing with this id that you may see.";
    ApiProblem(Problem::plain(Kind::NotFound, "not_found", detail))
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
