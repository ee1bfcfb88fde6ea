//! Publishing, pausing, resuming and archiving an offering.

use leptos::prelude::*;

use crate::error::AppError;

/// Puts the offering into the catalogue.
#[server(prefix = "/fn", endpoint = "publish_offering")]
pub async fn publish_offering() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    ssr::post(
        "publish_offering",
        |form| offering_forms::step_page(form, "publish"),
        async |Sent { form, fields }: Sent<forms::OfferingButton>| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            catalogue.publish(&actor, form.offering).await?;
            ssr::flash("Published. It can be ordered from now on.").await?;
            Ok(offering_forms::step_page(&fields, "publish"))
        },
    )
    .await
}

/// Stops new orders for a while.
#[server(prefix = "/fn", endpoint = "pause_offering")]
pub async fn pause_offering() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    ssr::post(
        "pause_offering",
        |form| offering_forms::step_page(form, "publish"),
        async |Sent { form, fields }: Sent<forms::OfferingButton>| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            catalogue.pause(&actor, form.offering, &form.reason).await?;
            ssr::flash("Paused. Nobody can order it until you resume it.").await?;
            Ok(offering_forms::step_page(&fields, "publish"))
        },
    )
    .await
}

/// Takes orders again.
#[server(prefix = "/fn", endpoint = "resume_offering")]
pub async fn resume_offering() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    ssr::post(
        "publish_offering",
        |form| offering_forms::step_page(form, "publish"),
        async |Sent { form, fields }: Sent<forms::OfferingButton>| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            catalogue.resume(&actor, form.offering).await?;
            ssr::flash("It can be ordered again.").await?;
            Ok(offering_forms::step_page(&fields, "publish"))
        },
    )
    .await
}

/// Takes the offering out of the catalogue for good.
#[server(prefix = "/fn", endpoint = "archive_offering")]
pub async fn archive_offering() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    ssr::post(
        "publish_offering",
        |form| offering_forms::step_page(form, "publish"),
        async |Sent { form, fields }: Sent<forms::OfferingButton>| {
            let (actor, catalogue) = (ssr::actor()?, ssr::domain()?.catalogue());
            catalogue.archive(&actor, form.offering).await?;
            ssr::flash("Archived. What was sold lives on.").await?;
            Ok(offering_forms::step_page(&fields, "publish"))
        },
    )
    .await
}
