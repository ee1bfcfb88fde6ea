//! The request form: adding, changing, moving and removing its questions.

use leptos::prelude::*;

use crate::error::AppError;

/// Adds a field to the request form, or changes the one that the form names.
#[server(prefix = "/fn", endpoint = "add_field")]
pub async fn add_field() -> Result<(), AppError> {
    use crate::{offering_form, ssr, ssr::providing};
    ssr::post(
        "add_field",
        |form| providing::step(form, "form"),
        async |form| {
            let field = offering_form::field_of(&form)?;
            let line = format!("{} saved.", field.label);
            providing::change_form(&form, |fields| {
                providing::put_field(fields, form.text("field"), field)
            })
            .await?;
            ssr::flash(&line).await?;
            Ok(providing::step(&form, "form"))
        },
    )
    .await
}

/// Moves a field of the request form up or down by one.
#[server(prefix = "/fn", endpoint = "move_field")]
pub async fn move_field() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post(
        "move_field",
        |form| providing::step(form, "form"),
        async |form| {
            let (key, up) = (form.text("field"), form.text("direction") == "up");
            providing::change_form(&form, |fields| providing::shift_field(fields, key, up)).await?;
            Ok(providing::step(&form, "form"))
        },
    )
    .await
}

/// Removes a field of the request form.
#[server(prefix = "/fn", endpoint = "remove_field")]
pub async fn remove_field() -> Result<(), AppError> {
    use crate::{ssr, ssr::providing};
    ssr::post(
        "remove_field",
        |form| providing::step(form, "form"),
        async |form| {
            providing::change_form(&form, |fields| providing::drop_field(fields, form.text("field"))).await?;
            ssr::flash("Field removed.").await?;
            Ok(providing::step(&form, "form"))
        },
    )
    .await
}
