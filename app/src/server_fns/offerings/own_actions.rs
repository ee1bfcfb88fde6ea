//! The actions that a provider defines for what it delivers by hand: adding, changing, moving and removing them.

use leptos::prelude::*;

use crate::error::AppError;

/// Adds an action, or changes the one that the form names.
#[server(prefix = "/fn", endpoint = "save_action")]
pub async fn save_action() -> Result<(), AppError> {
    use crate::ssr::{
        self, Sent, forms,
        offering_forms::{own_actions, step_page, step_part_page},
    };
    ssr::post(
        "save_action",
        |form| step_part_page(form, "actions", ("action", "action")),
        async |Sent { form, fields }: Sent<forms::SaveAction>| {
            let title = own_actions::save(form.offering, &fields).await?;
            ssr::flash(&format!("{title} saved.")).await?;
            Ok(step_page(&fields, "actions"))
        },
    )
    .await
}

/// Moves an action up or down by one.
#[server(prefix = "/fn", endpoint = "move_action")]
pub async fn move_action() -> Result<(), AppError> {
    use crate::ssr::{
        self, Sent, forms,
        offering_forms::{own_actions, step_page},
    };
    ssr::post(
        "move_action",
        |form| step_page(form, "actions"),
        async |Sent { form, fields }: Sent<forms::ActionButton>| {
            let up = &*form.direction == "up";
            own_actions::change(form.offering, &fields, |all, at| {
                own_actions::shift_action(all, at, up);
            })
            .await?;
            ssr::flash(if up {
                "Action moved up."
            } else {
                "Action moved down."
            })
            .await?;
            Ok(step_page(&fields, "actions"))
        },
    )
    .await
}

/// Removes an action. What was asked for before stays.
#[server(prefix = "/fn", endpoint = "remove_action")]
pub async fn remove_action() -> Result<(), AppError> {
    use crate::ssr::{
        self, Sent, forms,
        offering_forms::{own_actions, step_page},
    };
    ssr::post(
        "remove_action",
        |form| step_page(form, "actions"),
        async |Sent { form, fields }: Sent<forms::ActionButton>| {
            own_actions::change(form.offering, &fields, |all, at| {
                all.remove(at);
            })
            .await?;
            ssr::flash("Action removed. What was asked for before stays.").await?;
            Ok(step_page(&fields, "actions"))
        },
    )
    .await
}
