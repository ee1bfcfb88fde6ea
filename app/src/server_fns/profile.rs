//! What people set for themselves.

use leptos::prelude::*;
use model::{Me, TokenSummary};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, reply::FormReply};

/// What the list of tokens shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    /// The tokens, newest first.
    pub tokens: Vec<TokenSummary>,
    /// The secret of the one that was just made; shown this once.
    pub secret: Option<String>,
    /// What was typed and refused, if anything.
    pub reply: FormReply,
    /// Address of the API.
    pub address: String,
}

/// Oneself.
#[server(prefix = "/fn", endpoint = "load_profile")]
pub async fn load_profile() -> Result<(Me, FormReply), AppError> {
    use crate::ssr;
    let me = ssr::domain()?.me(&ssr::actor()?).await?;
    Ok((me, ssr::take_reply("save_profile").await?))
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
    let tokens = ssr::domain()?.accounts().tokens(&ssr::actor()?).await?;
    Ok(Tokens {
        tokens,
        secret: ssr::take_shown_once("token").await?,
        reply: ssr::take_reply("create_token").await?,
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
            let (actor, domain) = (ssr::actor()?, ssr::domain()?);
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
