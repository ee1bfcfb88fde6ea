//! Signing in and out, and what the frame of a page shows of the person.

use leptos::prelude::*;

use crate::{error::AppError, page::FrameFacts, reply::FormReply};

/// What the frame shows: who is signed in, what waits, what the last form said.
#[server(prefix = "/fn", endpoint = "load_frame")]
pub async fn load_frame() -> Result<FrameFacts, AppError> {
    use crate::ssr;
    let uri = ssr::parts()?.uri;
    let me = match ssr::visitor()? {
        Some(actor) => Some(ssr::domain()?.me(&actor).await?),
        None => None,
    };
    // Only who has a session has something in it; asking otherwise would make one for every passer-by.
    let flash = if ssr::has_session()? {
        ssr::take_flash().await?
    } else {
        None
    };
    let now = ssr::domain()?.clock().now();
    let zone_minutes = me.as_ref().map_or(0, |me| ssr::zone_minutes(&me.time_zone, now));
    let address = uri
        .path_and_query()
        .map_or_else(|| uri.path().to_owned(), ToString::to_string);
    let query = ssr::query_value("q")?;
    Ok(FrameFacts {
        me,
        flash,
        path: uri.path().to_owned(),
        address,
        query,
        now,
        zone_minutes,
    })
}

/// What was typed into the form and what is wrong with it, when it was refused just now.
#[server(prefix = "/fn", endpoint = "load_reply")]
pub async fn load_reply(form: String) -> Result<FormReply, AppError> {
    use crate::ssr;
    if ssr::has_session()? {
        ssr::take_reply(&form).await
    } else {
        Ok(FormReply::default())
    }
}

/// As [`load_reply`], for a form of people who are signed in: who is not is sent to sign in.
#[server(prefix = "/fn", endpoint = "load_own_reply")]
pub async fn load_own_reply(form: String) -> Result<FormReply, AppError> {
    use crate::ssr;
    ssr::actor()?;
    ssr::take_reply(&form).await
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
                password: form.raw("password").to_owned(),
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

/// Changes one's own password; other sessions end.
#[server(prefix = "/fn", endpoint = "change_password")]
pub async fn change_password() -> Result<(), AppError> {
    use crate::{routes, ssr};
    use model::{FieldFault, Problem};
    ssr::post(
        "change_password",
        |_| routes::password(),
        async |form| {
            let actor = ssr::actor()?;
            if form.raw("password") != form.raw("again") {
                let fault = FieldFault::at(
                    "again",
                    "differs",
                    "This is not the same as the new password. Type it again.",
                );
                return Err(AppError(Problem::invalid(vec![fault])));
            }
            let changed = ssr::domain()?
                .accounts()
                .change_password(&actor, form.raw("current"), form.raw("password"))
                .await;
            changed.map_err(|error| {
                AppError::from(error).renamed(&[("old_password", "current"), ("new_password", "password")])
            })?;
            auth::renew(&mut ssr::auth_session()?).await?;
            ssr::flash("Your password was changed. You are signed out everywhere else.").await?;
            Ok(routes::password())
        },
    )
    .await
}
