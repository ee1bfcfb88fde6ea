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

/// The most bytes of an address to which a browser is sent back: what stands in it may have been typed, and servers between
/// cut longer lines of a head.
const LONGEST_ADDRESS: usize = 2_000;

/// The address; of one that lacks the thing that it is about, the list of such things: there a refusal can be read. One that is
/// too long leads to nothing that is there, so the start page tells the refusal.
fn page_or_list(back: String) -> String {
    if back.len() > LONGEST_ADDRESS {
        return "/".to_owned();
    }
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

#[cfg(test)]
mod tests {
    use super::{LONGEST_ADDRESS, page_or_list};

    #[test]
    fn an_address_that_was_typed_is_no_longer_than_a_head_can_hold() {
        let of = |length: usize| format!("/resources/{}", "x".repeat(length - "/resources/".len()));
        assert_eq!(page_or_list(of(LONGEST_ADDRESS)), of(LONGEST_ADDRESS));
        assert_eq!(page_or_list(of(LONGEST_ADDRESS + 1)), "/");
        assert_eq!(page_or_list("/resources//extend".to_owned()), "/resources");
    }
}
