//! Signing in and out, and what the frame of a page shows of the person.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use model::Me;
use serde::{Deserialize, Serialize};

use crate::{error::AppError, reply::FormReply};

/// What the frame of a page shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FrameFacts {
    /// Who is signed in.
    pub me: Option<Me>,
    /// What the last form said.
    pub flash: Option<String>,
    /// What forms were refused with that the page itself does not show.
    pub refusals: Vec<String>,
    /// The path of the page.
    pub path: String,
    /// The path with its query, to come back to.
    pub address: String,
    /// What was searched for.
    pub query: String,
    /// When the page is drawn, for times such as "5 minutes ago".
    pub now: DateTime<Utc>,
    /// The person's time zone, IANA name.
    pub zone: String,
}

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
    let zone = me.as_ref().map_or("UTC", |me| &me.time_zone).to_owned();
    let address = ssr::address()?;
    let query = ssr::query_value("q")?;
    Ok(FrameFacts {
        me,
        flash,
        refusals: Vec::new(),
        path: uri.path().to_owned(),
        address,
        query,
        now,
        zone,
    })
}

/// What forms were refused with that the page has not shown itself; loaded when all else is.
#[server(prefix = "/fn", endpoint = "load_refusals")]
pub async fn load_refusals() -> Result<Vec<String>, AppError> {
    use crate::ssr;
    let mut refusals = if ssr::has_session()? {
        ssr::take_refusals().await?
    } else {
        Vec::new()
    };
    // So answers the framework where a form could not even reach its work.
    if ssr::query()?.has("__err") {
        refusals.push("That could not be carried out. Try again; if it fails again, tell the people who run the portal.".to_owned());
    }
    Ok(refusals)
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
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    ssr::post(
        "sign_in",
        |form| routes::sign_in(form.text("next")),
        async |Sent { form, .. }: Sent<forms::SignIn>| {
            let credentials = auth::Credentials {
                email: form.email.into(),
                password: form.password,
                origin: ssr::origin()?,
            };
            let (user, device) = auth::sign_in(&mut ssr::auth_session()?, credentials).await?;
            ssr::remember_device(&device);
            ssr::flash(&format!("Welcome, {}.", user.actor.name)).await?;
            Ok(routes::local(&form.next))
        },
    )
    .await
}

/// Ends the session, and clears what the browser keeps.
#[server(prefix = "/fn", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::ssr;
    auth::sign_out(&mut ssr::auth_session()?, &ssr::origin()?).await?;
    ssr::clear_browser();
    ssr::redirect("/sign-in");
    Ok(())
}

/// Takes one's own password once more, so that ways in can be changed for a while.
#[server(prefix = "/fn", endpoint = "confirm_password")]
pub async fn confirm_password() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    ssr::post(
        "confirm_password",
        |form| routes::local(form.text("next")),
        async |Sent { form, .. }: Sent<forms::ConfirmPassword>| {
            let actor = ssr::actor()?;
            ssr::domain()?
                .accounts()
                .confirm_password(&actor, &form.password)
                .await?;
            auth::renew(&mut ssr::auth_session()?).await?;
            ssr::flash("Thank you. You can go on.").await?;
            Ok(routes::local(&form.next))
        },
    )
    .await
}

/// Changes one's own password; other sessions end, and tokens that still work are shown.
#[server(prefix = "/fn", endpoint = "change_password")]
pub async fn change_password() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    use model::{FieldFault, Problem};
    ssr::post(
        "change_password",
        |_| routes::password(),
        async |Sent { form, .. }: Sent<forms::ChangePassword>| {
            let actor = ssr::actor()?;
            if form.password != form.again {
                let fault = FieldFault::at(
                    "again",
                    "differs",
                    "This is not the same as the new password. Type it again.",
                );
                return Err(AppError(Problem::invalid(vec![fault])));
            }
            let changed = ssr::domain()?
                .accounts()
                .change_password(&actor, &form.current, &form.password)
                .await;
            changed.map_err(|error| {
                AppError::from(error).renamed(&[("old_password", "current"), ("new_password", "password")])
            })?;
            auth::renew(&mut ssr::auth_session()?).await?;
            let done = "Your password was changed. You are signed out everywhere else.";
            if ssr::domain()?.accounts().has_working_tokens(&actor).await? {
                let rest = "The API tokens below still work: revoke those that you do not know.";
                ssr::flash(&format!("{done} {rest}")).await?;
                return Ok(routes::tokens());
            }
            ssr::flash(done).await?;
            Ok(routes::password())
        },
    )
    .await
}
