use axum_login::{AuthUser, AuthnBackend};
use chrono::{DateTime, Utc};
use domain::{
    Domain,
    access::{
        AccessError, AccountsError, Actor,
        accounts::{Origin, SignedIn},
    },
    crypto::sha256_hex,
};
use model::UserId;

/// The sign-in state of a browser.
pub type AuthSession = axum_login::AuthSession<Backend>;

/// Where the session keeps when the password was typed, as Unix seconds.
const PASSWORD_TYPED: &str = "password_typed_at";

/// Who is signed in, with what the person may do.
#[derive(Debug, Clone)]
pub struct User {
    /// The person as the domain knows them.
    pub actor: Actor,
    session_hash: SessionHash,
}

/// Changes with the password, so that a new password ends all sessions. Does not print.
#[derive(Clone)]
struct SessionHash(Vec<u8>);

impl std::fmt::Debug for SessionHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl AuthUser for User {
    type Id = UserId;

    fn id(&self) -> UserId {
        self.actor.user_id
    }

    fn session_auth_hash(&self) -> &[u8] {
        &self.session_hash.0
    }
}

/// What a person types to sign in.
#[derive(Clone)]
pub struct Credentials {
    /// E-mail address.
    pub email: String,
    /// Password, as typed.
    pub password: String,
    /// Where the request comes from, for throttling.
    pub origin: Origin,
}

/// Finds people for axum-login.
#[derive(Clone)]
pub struct Backend {
    domain: Domain,
}

impl Backend {
    pub(crate) fn of(domain: &Domain) -> Self {
        Self {
            domain: domain.clone(),
        }
    }

    async fn load(&self, id: UserId) -> Result<Option<User>, AccountsError> {
        let actor = match self.domain.access().actor_for(id).await {
            Ok(actor) => actor,
            // Somebody who was removed or locked is simply no longer signed in.
            Err(AccessError::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let hash = self.domain.accounts().password_hash_of(id).await?;
        Ok(Some(User {
            actor,
            session_hash: SessionHash(sha256_hex(hash.as_bytes()).into_bytes()),
        }))
    }

    async fn signed_in(&self, credentials: &Credentials) -> Result<SignedIn, AccountsError> {
        let Credentials {
            email,
            password,
            origin,
        } = credentials;
        self.domain.accounts().authenticate(email, password, origin).await
    }
}

impl AuthnBackend for Backend {
    type User = User;
    type Credentials = Credentials;
    type Error = AccountsError;

    async fn authenticate(&self, credentials: Credentials) -> Result<Option<User>, AccountsError> {
        let signed_in = self.signed_in(&credentials).await?;
        self.load(signed_in.user).await
    }

    async fn get_user(&self, id: &UserId) -> Result<Option<User>, AccountsError> {
        self.load(*id).await
    }
}

/// Signs in and gives the browser a new session id, so that an id known to somebody else is worth nothing. Answers who it
/// is, and by what the browser is known from now on.
pub async fn sign_in(
    session: &mut AuthSession,
    credentials: Credentials,
) -> Result<(User, String), AccountsError> {
    // Not through axum-login, which logs every wrong password as an error.
    let signed_in = session.backend.signed_in(&credentials).await?;
    let user = enter(session, signed_in.user).await?;
    Ok((user, signed_in.device))
}

/// Ends the session of the browser that `from` tells of; where somebody was signed in, the person's history says so.
pub async fn sign_out(session: &mut AuthSession, from: &Origin) -> Result<(), AccountsError> {
    let Some(user) = session.logout().await.map_err(unwrapped)? else {
        return Ok(());
    };
    let accounts = session.backend.domain.accounts();
    accounts.note_sign_out(&user.actor, from).await
}

/// Keeps this browser signed in, under a new session id, after its person typed the password once more: to confirm it, or
/// for another one, which ends all other sessions.
pub async fn renew(session: &mut AuthSession) -> Result<(), AccountsError> {
    let Some(id) = session.user.as_ref().map(AuthUser::id) else {
        return Ok(());
    };
    enter(session, id).await.map(drop)
}

/// Who is signed in, with when the password was typed: for what asks for it again.
pub async fn actor_with_password_time(session: &AuthSession) -> Result<Option<Actor>, AccountsError> {
    let Some(user) = &session.user else {
        return Ok(None);
    };
    let typed: Option<i64> = session.session.get(PASSWORD_TYPED).await.map_err(failed)?;
    Ok(Some(Actor {
        password_typed_at: typed.and_then(|seconds| DateTime::<Utc>::from_timestamp(seconds, 0)),
        ..user.actor.clone()
    }))
}

/// The rights of a session change here and nowhere else, and with them its id.
async fn enter(session: &mut AuthSession, id: UserId) -> Result<User, AccountsError> {
    let user = session.backend.load(id).await?.ok_or(AccountsError::Rejected)?;
    let another = session.user.as_ref().is_some_and(|before| before.id() != id);
    if another {
        // What one person left in this browser is not the next one's.
        session.session.clear().await;
    }
    session.session.cycle_id().await.map_err(failed)?;
    session.login(&user).await.map_err(unwrapped)?;
    let now = session.backend.domain.clock().now().timestamp();
    let noted = session.session.insert(PASSWORD_TYPED, now).await;
    noted.map_err(failed)?;
    Ok(user)
}

fn unwrapped(fault: axum_login::Error<Backend>) -> AccountsError {
    match fault {
        axum_login::Error::Backend(error) => error,
        axum_login::Error::Session(error) => failed(error),
    }
}

fn failed(fault: tower_sessions::session::Error) -> AccountsError {
    AccountsError::Session(fault.to_string())
}
