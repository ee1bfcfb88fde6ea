use domain::{
    Domain,
    access::{AccountsError, Actor},
};
use http::{header, request::Parts};

/// Who calls the API, by personal access token. Sessions of browsers are not accepted there, so that no page of another
/// site can make a browser call it.
#[derive(Debug, Clone)]
pub struct ApiActor(pub Actor);

/// Why it is not known who asks.
#[derive(Debug)]
pub enum Unauthenticated {
    /// No token came.
    NoToken,
    /// One came that is unknown, expired or revoked. Answered as if none had come.
    Refused,
    /// It could not be looked up: nothing is said about the token, and nothing may be done for it.
    NotLookedUp(AccountsError),
}

impl ApiActor {
    /// Who holds the token in the request's `Authorization` header. From here on the lines of the log say who it is.
    pub async fn of(parts: &Parts, domain: &Domain) -> Result<Self, Unauthenticated> {
        let header = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let secret = header
            .and_then(|text| text.split_once(' '))
            // Names of schemes are the same in any case (RFC 9110, 11.1).
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
            .map(|(_, secret)| secret)
            .ok_or(Unauthenticated::NoToken)?;
        match domain.accounts().actor_by_token(secret.trim()).await {
            Ok(actor) => {
                tracing::Span::current().record("user.id", tracing::field::display(actor.user_id));
                Ok(Self(actor))
            }
            Err(AccountsError::Rejected) => Err(Unauthenticated::Refused),
            Err(error) => Err(Unauthenticated::NotLookedUp(error)),
        }
    }
}
