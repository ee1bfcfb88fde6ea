//! Parameters and answers that several endpoints share.

use chrono::{DateTime, Utc};
use model::{FieldFault, Kind, NamedList, NamedSort, PageRequest, Problem, Scope};
use serde::Deserialize;
use utoipa::IntoParams;

use super::ApiProblem;

/// Which rows of a list are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// The `next` of the page before.
    #[param(max_length = 500)]
    pub(crate) cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    pub(crate) limit: Option<u32>,
}

impl PageQuery {
    pub(crate) fn request(self) -> Result<PageRequest, ApiProblem> {
        let limit = self.limit.unwrap_or(PageRequest::PORTAL);
        if limit == 0 || limit > PageRequest::MOST {
            let detail = format!("`limit` must be from 1 to {}.", PageRequest::MOST);
            return Err(ApiProblem(Problem::plain(
                Kind::Invalid,
                "limit_out_of_range",
                detail,
            )));
        }
        Ok(PageRequest {
            cursor: self.cursor,
            limit,
        })
    }
}

/// How a list of things with names is narrowed and ordered.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NamedListQuery {
    /// Only what was changed at this instant or later; with `sort=oldest` a way to follow what happens.
    pub(crate) updated_since: Option<DateTime<Utc>>,
    /// In which order.
    #[serde(default)]
    #[param(inline, default = "name")]
    pub(crate) sort: NamedSort,
}

impl NamedListQuery {
    pub(crate) fn list(&self) -> NamedList {
        NamedList {
            sort: self.sort,
            updated_since: self.updated_since,
        }
    }
}

/// The place that is named; the installation when none is. Refused where several are; the message names what can be.
pub(super) fn one_scope<const N: usize>(
    named: [Option<Scope>; N],
    message: &str,
) -> Result<Scope, ApiProblem> {
    let mut named = named.into_iter().flatten();
    let first = named.next().unwrap_or(Scope::System);
    if named.next().is_some() {
        return Err(ApiProblem::invalid(vec![FieldFault::at(
            "scope", "too_many", message,
        )]));
    }
    Ok(first)
}

/// The version of what is changed.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only describes the header, which `IfMatch` reads")]
pub(crate) struct IfMatchHeader {
    /// The `ETag` that was read with the thing. `*` changes whatever is there.
    #[param(rename = "If-Match", example = "\"7\"", max_length = 200)]
    version: String,
}
