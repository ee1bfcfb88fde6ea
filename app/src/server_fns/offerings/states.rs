//! Publishing, pausing, resuming and archiving an offering.

use leptos::prelude::*;

use crate::error::AppError;

/// Puts the offering into the catalogue.
#[server(prefix = "/fn", endpoint = "publish_offering")]
pub async fn publish_offering() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post(
        "publish_offering",
        |form| providing::step(form, "publish"),
        async |form| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            catalogue.publish(&actor, ssr::id(form.text("offering"))?).await?;
            ssr::flash("Published. It can be ordered from now on.").await?;
            Ok(providing::step(&form, "publish"))
        },
    )
    .await
}

/// Stops new orders for a while.
#[server(prefix = "/fn", endpoint = "pause_offering")]
pub async fn pause_offering() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post(
        "pause_offering",
        |form| providing::step(form, "publish"),
        async |form| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            catalogue
                .pause(&actor, ssr::id(form.text("offering"))?, form.text("reason"))
                .await?;
            ssr::flash("Paused. Nobody can order it until you resume it.").await?;
            Ok(providing::step(&form, "publish"))
        },
    )
    .await
}

/// Takes orders again.
#[server(prefix = "/fn", endpoint = "resume_offering")]
pub async fn resume_offering() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post(
        "publish_offering",
        |form| providing::step(form, "publish"),
        async |form| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            catalogue.resume(&actor, ssr::id(form.text("offering"))?).await?;
            ssr::flash("It can be ordered again.").await?;
            Ok(providing::step(&form, "publish"))
        },
    )
    .await
}

/// Takes the offering out of the catalogue for good.
#[server(prefix = "/fn", endpoint = "archive_offering")]
pub async fn archive_offering() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post(
        "publish_offering",
        |form| providing::step(form, "publish"),
        async |form| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            catalogue.archive(&actor, ssr::id(form.text("offering"))?).await?;
            ssr::flash("Archived. What was sold lives on.").await?;
            Ok(providing::step(&form, "publish"))
        },
    )
    .await
}
