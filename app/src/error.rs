//! What server functions answer when they cannot: the same problem that the API shows. The one place where the portal
//! turns a refusal of the domain into a status and words.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use model::{Kind, Problem};
use serde::{Deserialize, Serialize};

/// A refusal or failure on its way to a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppError(pub Problem);

impl AppError {
    /// The thing is not there, or not this person's.
    pub fn not_found() -> Self {
        Self(Problem::plain(
            Kind::NotFound,
            "not_found",
            "There is nothing here that you may see. It may have been moved, or you may need to be invited.",
        ))
    }

    /// The person may not do or see this; the words say who can.
    pub fn forbidden(words: &str) -> Self {
        Self(Problem::plain(Kind::Forbidden, "forbidden", words))
    }

    /// Nobody is signed in.
    pub fn sign_in() -> Self {
        Self(Problem::plain(
            Kind::Unauthenticated,
            "sign_in",
            "Sign in to go on.",
        ))
    }

    /// The same refusal with field paths by the names that the form's fields have.
    #[must_use]
    pub fn renamed(mut self, names: &[(&str, &str)]) -> Self {
        for fault in &mut self.0.fields {
            if let Some((_, name)) = names.iter().find(|(path, _)| *path == fault.path) {
                fault.path = (*name).to_owned();
            }
        }
        self
    }

    /// The same refusal with field paths as they are inside `prefix`: `terms.code` as `code`.
    #[must_use]
    pub fn inside(mut self, prefix: &str) -> Self {
        for fault in &mut self.0.fields {
            let rest = fault
                .path
                .strip_prefix(prefix)
                .and_then(|rest| rest.strip_prefix('.'));
            if let Some(rest) = rest.map(str::to_owned) {
                fault.path = rest;
            }
        }
        self
    }

    /// Both, or all that is wrong with the fields of both, so that a person is told once. What is refused for another reason
    /// goes before.
    pub fn both<A, B>(one: Result<A, Self>, other: Result<B, Self>) -> Result<(A, B), Self> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (Err(mut one), Err(other)) if one.kind() == Kind::Invalid && other.kind() == Kind::Invalid => {
                one.0.fields.extend(other.0.fields);
                Err(one)
            }
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
            (Err(one), Err(other)) => Err(if one.kind() == Kind::Invalid { other } else { one }),
        }
    }

    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }
}

#[cfg(feature = "ssr")]
impl<E: Into<domain::DomainError>> From<E> for AppError {
    fn from(error: E) -> Self {
        let error: domain::DomainError = error.into();
        let mut problem = error.problem();
        problem.trace_id = Some(domain::trace::current());
        if problem.kind == Kind::Internal || problem.kind == Kind::Unavailable {
            tracing::error!(error = domain::trace::cause(&error), "a page or form failed");
        }
        Self(problem)
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.detail)
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(fault: ServerFnErrorErr) -> Self {
        let kind = match fault {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Kind::Invalid,
            ServerFnErrorErr::Request(_) => Kind::Unavailable,
            _ => Kind::Internal,
        };
        Self(Problem::plain(
            kind,
            "request",
            "The request could not be read. Reload the page and try again.",
        ))
    }
}
