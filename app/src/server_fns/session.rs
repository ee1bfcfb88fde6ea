//! Signing in and out, and what the frame of a page shows of the person.

use leptos::prelude::*;

use crate::{error::AppError, page::FrameFacts};

/// What the frame shows: who is signed in, what waits, what the last form said.
#[server(prefix = "/fn", endpoint = "load_frame")]
pub async fn load_frame() -> Result<FrameFacts, AppError> {
    use crate::ssr;
    let uri = ssr::parts()?.uri;
    let me = match ssr::visitor()? {
        Some(actor) => Some(ssr::domain()?.accounts().me(&actor).await?),
        None => None,
    };
    // Only who has a session has something in it; asking otherwise would make one for every passer-by.
    let flash = if ssr::has_session()? { ssr::take_flash().await? } else { None };
    Ok(FrameFacts { me, flash, path: uri.path().to_owned(), query: ssr::query_value("q")? })
}

/// Signs in with e-mail and password.
#[server(prefix = "/fn", endpoint = "sign_in")]
pub async fn sign_in() -> Result<(), AppError> {
    use crate::{routes, ssr};
    ssr::post(
        "sign_in",
        |form| routes::sign_in(form.text("next")),
        async |form| {
            let credentials = auth::Credentials {
                email: form.text("email").to_owned(),
                password: form.0.get("password").and_then(|all| all.first()).cloned().unwrap_or_default(),
                address: ssr::client_address()?,
            };
            let user = auth::sign_in(&mut ssr::auth_session()?, credentials).await?;
            ssr::flash(&format!("Welcome, {}.", user.actor.name)).await?;
            Ok(routes::local(form.text("next")))
        },
    )
    .await
}

/// Ends the session.
#[server(prefix = "/fn", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::ssr;
    auth::sign_out(&mut ssr::auth_session()?).await?;
    leptos_axum::redirect("/sign-in");
    Ok(())
}
