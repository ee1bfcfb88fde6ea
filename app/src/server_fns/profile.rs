//! What people set for themselves.

use leptos::prelude::*;
use model::{Me, TimelineEntry, TokenSummary};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, reply::FormReply};

/// What the list of tokens shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    /// The tokens, newest first.
    pub tokens: Vec<TokenSummary>,
    /// The secret of the one that was just made; shown this once.
    pub secret: Option<String>,
    /// Whether the password was typed so recently that a token can be made.
    pub may_create: bool,
    /// Whether any of the tokens works.
    pub any_works: bool,
    /// What was typed and refused, if anything.
    pub reply: FormReply,
    /// Address of the API.
    pub address: String,
}

/// What the profile shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Oneself.
    pub me: Me,
    /// What happened to one's ways in, newest first.
    pub security: Vec<TimelineEntry>,
    /// What was typed and refused, if anything.
    pub reply: FormReply,
}

/// Oneself.
#[server(prefix = "/fn", endpoint = "load_profile")]
pub async fn load_profile() -> Result<Profile, AppError> {
    use crate::ssr;
    let (actor, domain) = (ssr::actor()?, ssr::domain()?);
    Ok(Profile {
        me: domain.me(&actor).await?,
        security: domain.accounts().security_events(&actor).await?,
        reply: ssr::take_reply("save_profile").await?,
    })
}

/// Changes one's own name and time zone.
#[server(prefix = "/fn", endpoint = "save_profile")]
pub async fn save_profile() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms};
    ssr::post(
        "save_profile",
        |_| "/profile".to_owned(),
        async |Sent { form, .. }: Sent<forms::SaveProfile>| {
            let accounts = ssr::domain()?.accounts();
            accounts
                .set_profile(&ssr::actor()?, &form.name, &form.time_zone)
                .await?;
            ssr::flash("Profile saved.").await?;
            Ok("/profile".to_owned())
        },
    )
    .await
}

/// One's API tokens.
#[server(prefix = "/fn", endpoint = "load_tokens")]
pub async fn load_tokens() -> Result<Tokens, AppError> {
    use crate::ssr;
    let (actor, accounts) = (ssr::actor_with_password_time().await?, ssr::domain()?.accounts());
    let may_create = accounts.may_change_ways_in(&actor);
    let form = if may_create {
        "create_token"
    } else {
        "confirm_password"
    };
    Ok(Tokens {
        tokens: accounts.tokens(&actor).await?,
        any_works: accounts.has_working_tokens(&actor).await?,
        may_create,
        secret: ssr::take_shown_once("token").await?,
        reply: ssr::take_reply(form).await?,
        address: format!("{}/api/v1", ssr::public_url()?.trim_end_matches('/')),
    })
}

/// Makes a token.
#[server(prefix = "/fn", endpoint = "create_token")]
pub async fn create_token() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms, structure_forms},
    };
    use model::TokenScope;
    ssr::post(
        "create_token",
        |_| routes::tokens(),
        async |Sent { form, fields }: Sent<forms::CreateToken>| {
            let (actor, domain) = (ssr::actor_with_password_time().await?, ssr::domain()?);
            let scopes: Vec<TokenScope> = form
                .scopes
                .iter()
                .filter_map(|one| TokenScope::parse(one))
                .collect();
            let end = structure_forms::end_after_days(&fields, domain.clock().now())?;
            let made = domain
                .accounts()
                .create_token(&actor, &form.name, &scopes, end)
                .await;
            let (token, secret) =
                made.map_err(|error| AppError::from(error).renamed(&[("expires_at", "days")]))?;
            ssr::show_once("token", &secret).await?;
            ssr::flash(&format!("Token “{}” created.", token.name)).await?;
            Ok(routes::tokens())
        },
    )
    .await
}

/// Ends all one's tokens.
#[server(prefix = "/fn", endpoint = "revoke_all_tokens")]
pub async fn revoke_all_tokens() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    ssr::post(
        "revoke_all_tokens",
        |_| routes::tokens(),
        async |_: Sent<forms::RevokeAllTokens>| {
            let ended = ssr::domain()?
                .accounts()
                .revoke_all_tokens(&ssr::actor()?)
                .await?;
            ssr::flash(&format!("Tokens that no longer work: {ended}.")).await?;
            Ok(routes::tokens())
        },
    )
    .await
}

/// Ends a token.
#[server(prefix = "/fn", endpoint = "revoke_token")]
pub async fn revoke_token() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    ssr::post(
        "revoke_token",
        |_| routes::tokens(),
        async |Sent { form, .. }: Sent<forms::RevokeToken>| {
            ssr::domain()?
                .accounts()
                .revoke_token(&ssr::actor()?, form.token)
                .await?;
            ssr::flash("The token no longer works.").await?;
            Ok(routes::tokens())
        },
    )
    .await
}
