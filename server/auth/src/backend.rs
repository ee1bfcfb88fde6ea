use axum_login::{AuthUser, AuthnBackend};
use domain::{
    Domain,
    access::{AccessError, AccountsError, Actor},
    crypto::sha256_hex,
};
use model::UserId;

/// The sign-in state of a browser.
pub type AuthSession = axum_login::AuthSession<Backend>;

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
    pub address: String,
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
}

impl AuthnBackend for Backend {
    type User = User;
    type Credentials = Credentials;
    type Error = AccountsError;

    async fn authenticate(&self, credentials: Credentials) -> Result<Option<User>, AccountsError> {
        let Credentials {
            email,
            password,
            address,
        } = credentials;
        let id = self
            .domain
            .accounts()
            .authenticate(&email, &password, &address)
            .await?;
        self.load(id).await
    }

    async fn get_user(&self, id: &UserId) -> Result<Option<User>, AccountsError> {
        self.load(*id).await
    }
}

/// Signs in and gives the browser a new session id, so that an id known to somebody else is worth nothing.
pub async fn sign_in(session: &mut AuthSession, credentials: Credentials) -> Result<User, AccountsError> {
    let user = match session.authenticate(credentials).await {
        Ok(Some(user)) => user,
        Ok(None) => return Err(AccountsError::Rejected),
        Err(fault) => return Err(unwrapped(fault)),
    };
    session.login(&user).await.map_err(unwrapped)?;
    Ok(user)
}

/// Ends the session.
pub async fn sign_out(session: &mut AuthSession) -> Result<(), AccountsError> {
    session.logout().await.map(drop).map_err(unwrapped)
}

/// Keeps this browser signed in after its person changed the password, which ends all other sessions.
pub async fn renew(session: &mut AuthSession) -> Result<(), AccountsError> {
    let Some(id) = session.user.as_ref().map(AuthUser::id) else {
        return Ok(());
    };
    let Some(user) = session.backend.load(id).await? else {
        return Err(AccountsError::Rejected);
    };
    session.login(&user).await.map_err(unwrapped)
}

fn unwrapped(fault: axum_login::Error<Backend>) -> AccountsError {
    match fault {
        axum_login::Error::Backend(error) => error,
        axum_login::Error::Session(error) => AccountsError::Session(error.to_string()),
    }
}
