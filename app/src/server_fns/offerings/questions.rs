//! The request form: adding, changing, moving and removing its questions.

use leptos::prelude::*;

use crate::error::AppError;

/// Adds a field to the request form, or changes the one that the form names.
#[server(prefix = "/fn", endpoint = "add_field")]
pub async fn add_field() -> Result<(), AppError> {
    use crate::{
        offering_form,
        ssr::{self, Sent, forms, providing},
    };
    ssr::post(
        "add_field",
        |form| providing::step_about(form, "form", ("field", "field")),
        async |Sent { form, fields }: Sent<forms::SaveQuestion>| {
            let field = offering_form::field_of(&fields)?;
            let line = format!("{} saved.", field.label);
            providing::change_form(form.offering, &fields, |questions| {
                providing::put_field(questions, &form.field, field)
            })
            .await?;
            ssr::flash(&line).await?;
            Ok(providing::step(&fields, "form"))
        },
    )
    .await
}

/// Moves a field of the request form up or down by one.
#[server(prefix = "/fn", endpoint = "move_field")]
pub async fn move_field() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, providing};
    ssr::post(
        "move_field",
        |form| providing::step(form, "form"),
        async |Sent { form, fields }: Sent<forms::QuestionButton>| {
            let up = &*form.direction == "up";
            providing::change_form(form.offering, &fields, |questions| {
                providing::shift_field(questions, &form.field, up)
            })
            .await?;
            Ok(providing::step(&fields, "form"))
        },
    )
    .await
}

/// Removes a field of the request form.
#[server(prefix = "/fn", endpoint = "remove_field")]
pub async fn remove_field() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, providing};
    ssr::post(
        "remove_field",
        |form| providing::step(form, "form"),
        async |Sent { form, fields }: Sent<forms::QuestionButton>| {
            providing::change_form(form.offering, &fields, |questions| {
                providing::drop_field(questions, &form.field)
            })
            .await?;
            ssr::flash("Field removed.").await?;
            Ok(providing::step(&fields, "form"))
        },
    )
    .await
}
