use super::{forms, parts, redirect, replies, visitor};
use crate::{
    error::AppError,
    form::FormFields,
    routes,
    ssr::forms::{PostForm, Sent},
};

/// The one form of people who are not signed in. Nothing is kept of what they send elsewhere.
const SIGN_IN: &str = "sign_in";

/// Runs the work of a posted form and sends the browser on: to where `work` says, or back to the page at `back`, which finds
/// what was typed and what is wrong with it under the form's name. What the page does not draw at a form is said on top of it.
pub async fn post<F, Work>(
    form: &str,
    back: impl FnOnce(&FormFields) -> String,
    work: impl FnOnce(Sent<F>) -> Work,
) -> Result<(), AppError>
where
    F: PostForm,
    Work: Future<Output = Result<String, AppError>>,
{
    let fields = posted_fields()?;
    let back = page_or_list(back(&fields));
    if form != SIGN_IN && visitor()?.is_none() {
        redirect(&routes::sign_in_to_send_again(&back));
        return Ok(());
    }
    let done = match forms::read(&fields) {
        Ok(form) => {
            let fields = fields.clone();
            work(Sent { form, fields }).await
        }
        Err(refused) => Err(refused),
    };
    match done {
        Ok(to) => redirect(&to),
        // Wrong credentials are unauthenticated too, but go back to their form.
        Err(error) if error == AppError::sign_in() => redirect(&routes::sign_in_to_send_again(&back)),
        Err(error) => {
            domain::trace::note_refused_access(&error.0);
            replies::store_reply(form, &back, fields, Some(error.0)).await?;
            redirect(&back);
        }
    }
    Ok(())
}

/// Sends the browser back to a form with all that was typed, without doing anything with it: to compute a price anew
/// without scripts. Posted, because what is typed into a form may be long or secret and belongs in no address.
pub async fn show_again<F: PostForm>(
    form: &str,
    back: impl FnOnce(&FormFields) -> String,
) -> Result<(), AppError> {
    let fields = posted_fields()?;
    let back = page_or_list(back(&fields));
    if visitor()?.is_none() {
        redirect(&routes::sign_in_to_send_again(&back));
        return Ok(());
    }
    let problem = forms::read::<F>(&fields).err().map(|refused| refused.0);
    replies::store_reply(form, &back, fields, problem).await?;
    redirect(&back);
    Ok(())
}

/// Keeps what was typed into a form whose button did something else than the form is for: the page at `back` shows it again.
pub async fn keep_typed(form: &str, back: &str, fields: FormFields) -> Result<(), AppError> {
    replies::store_reply(form, back, fields, None).await
}

/// The address; of one that lacks the thing that it is about, the list of such things: there a refusal can be read.
fn page_or_list(back: String) -> String {
    match back.split_once("//") {
        None => back,
        Some((list @ ("/resources" | "/orders" | "/invoices"), _)) => list.to_owned(),
        // Offerings are listed in the marketplace.
        Some(("/offerings", _)) => "/marketplace".to_owned(),
        Some(_) => "/".to_owned(),
    }
}

fn posted_fields() -> Result<FormFields, AppError> {
    Ok(parts()?
        .extensions
        .get::<FormFields>()
        .cloned()
        .unwrap_or_default())
}
