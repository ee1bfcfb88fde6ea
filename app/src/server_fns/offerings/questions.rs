//! The request form: adding, changing, moving and removing its questions.

use leptos::prelude::*;

use crate::error::AppError;

/// Adds a field to the request form, or changes the one that the form names.
#[server(prefix = "/fn", endpoint = "add_field")]
pub async fn add_field() -> Result<(), AppError> {
    use crate::{
        offering_form,
        ssr::{self, Sent, forms, offering_forms},
    };
    ssr::post(
        "add_field",
        |form| offering_forms::step_part_page(form, "form", ("field", "field")),
        async |Sent { form, fields }: Sent<forms::SaveQuestion>| {
            let field = offering_form::field_of(&fields)?;
            let line = format!("{} saved.", field.label);
            offering_forms::change_request_form(form.offering, &fields, |questions| {
                offering_forms::put_field(questions, &form.field, field)
            })
            .await?;
            ssr::flash(&line).await?;
            Ok(offering_forms::step_page(&fields, "form"))
        },
    )
    .await
}

/// Moves a field of the request form up or down by one.
#[server(prefix = "/fn", endpoint = "move_field")]
pub async fn move_field() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    ssr::post(
        "move_field",
        |form| offering_forms::step_page(form, "form"),
        async |Sent { form, fields }: Sent<forms::QuestionButton>| {
            let up = &*form.direction == "up";
            offering_forms::change_request_form(form.offering, &fields, |questions| {
                offering_forms::move_field(questions, &form.field, up)
            })
            .await?;
            ssr::flash(if up {
                "Field moved up."
            } else {
                "Field moved down."
            })
            .await?;
            Ok(offering_forms::step_page(&fields, "form"))
        },
    )
    .await
}

/// Removes a field of the request form.
#[server(prefix = "/fn", endpoint = "remove_field")]
pub async fn remove_field() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, offering_forms};
    ssr::post(
        "remove_field",
        |form| offering_forms::step_page(form, "form"),
        async |Sent { form, fields }: Sent<forms::QuestionButton>| {
            offering_forms::change_request_form(form.offering, &fields, |questions| {
                offering_forms::remove_field(questions, &form.field)
            })
            .await?;
            ssr::flash("Field removed.").await?;
            Ok(offering_forms::step_page(&fields, "form"))
        },
    )
    .await
}
