use domain::{Domain, access::Actor};
use http::{header, request::Parts};

/// Who calls the API, by personal access token. Sessions of browsers are not accepted there, so that no page of another
/// site can make a browser call it.
#[derive(Debug, Clone)]
pub struct ApiActor(pub Actor);

/// No token, or one that is unknown, expired or revoked: the three answer alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unauthenticated;

impl ApiActor {
    /// Who holds the token in the request's `Authorization` header.
    pub async fn of(parts: &Parts, domain: &Domain) -> Result<Self, Unauthenticated> {
        let header = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let secret = header
            .and_then(|text| text.strip_prefix("Bearer "))
            .ok_or(Unauthenticated)?;
        match domain.accounts().actor_by_token(secret.trim()).await {
            Ok(actor) => Ok(Self(actor)),
            Err(error) => {
                tracing::debug!(error = domain::trace::cause(&error), "a token was not accepted");
                Err(Unauthenticated)
            }
        }
    }
}
