//! What is asked, by the request form or by an action of the provider: adding, changing, moving and removing questions.

use leptos::prelude::*;

use crate::error::AppError;

/// Adds a question, or changes the one that the form names.
#[server(prefix = "/fn", endpoint = "add_field")]
pub async fn add_field() -> Result<(), AppError> {
    use crate::{
        offering_form,
        ssr::{self, Sent, forms, offering_forms::questions},
    };
    ssr::post(
        "add_field",
        questions::part_page,
        async |Sent { form, fields }: Sent<forms::SaveQuestion>| {
            let field = offering_form::field_of(&fields)?;
            let line = format!("{} saved.", field.label);
            questions::change(form.offering, &fields, |all| {
                questions::put_field(all, &form.field, field)
            })
            .await?;
            ssr::flash(&line).await?;
            Ok(questions::page(&fields))
        },
    )
    .await
}

/// Moves a question up or down by one.
#[server(prefix = "/fn", endpoint = "move_field")]
pub async fn move_field() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms::questions};
    ssr::post(
        "move_field",
        questions::page,
        async |Sent { form, fields }: Sent<forms::QuestionButton>| {
            let up = &*form.direction == "up";
            questions::change(form.offering, &fields, |all| {
                questions::move_field(all, &form.field, up)
            })
            .await?;
            ssr::flash(if up {
                "Field moved up."
            } else {
                "Field moved down."
            })
            .await?;
            Ok(questions::page(&fields))
        },
    )
    .await
}

/// Removes a question.
#[server(prefix = "/fn", endpoint = "remove_field")]
pub async fn remove_field() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms::questions};
    ssr::post(
        "remove_field",
        questions::page,
        async |Sent { form, fields }: Sent<forms::QuestionButton>| {
            questions::change(form.offering, &fields, |all| {
                questions::remove_field(all, &form.field)
            })
            .await?;
            ssr::flash("Field removed.").await?;
            Ok(questions::page(&fields))
        },
    )
    .await
}
