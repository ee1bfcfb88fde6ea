use model::{Kind, Problem};

use super::{parts, session};
use crate::{
    error::AppError,
    form::{FormFields, SECRET_FIELDS},
    reply::FormReply,
    routes,
};

const FLASH: &str = "flash";

/// Runs the work of a posted form and sends the browser on: to where `work` says, or back to the form at `back`, which
/// finds what was typed and what is wrong with it under the form's name.
pub async fn post<Work>(
    form: &str,
    back: impl FnOnce(&FormFields) -> String,
    work: impl FnOnce(FormFields) -> Work,
) -> Result<(), AppError>
where
    Work: Future<Output = Result<String, AppError>>,
{
    let fields = parts()?
        .extensions
        .get::<FormFields>()
        .cloned()
        .unwrap_or_default();
    let back = back(&fields);
    match work(fields.clone()).await {
        Ok(to) => leptos_axum::redirect(&to),
        // Wrong credentials are unauthenticated too, but go back to their form.
        Err(error) if error == AppError::sign_in() => leptos_axum::redirect(&routes::sign_in(&back)),
        Err(error) => {
            keep(form, fields, Some(error.0)).await?;
            leptos_axum::redirect(&back);
        }
    }
    Ok(())
}

/// Sends the browser back to a form with all that was typed, without doing anything with it: to compute a price anew
/// without scripts. Posted, because what is typed into a form may be long or secret and belongs in no address.
pub async fn show_again(form: &str, back: impl FnOnce(&FormFields) -> String) -> Result<(), AppError> {
    let fields = parts()?
        .extensions
        .get::<FormFields>()
        .cloned()
        .unwrap_or_default();
    let back = back(&fields);
    keep(form, fields, None).await?;
    leptos_axum::redirect(&back);
    Ok(())
}

async fn keep(form: &str, fields: FormFields, problem: Option<Problem>) -> Result<(), AppError> {
    let reply = FormReply {
        fields: without_secrets(fields),
        problem,
    };
    session()?
        .insert(&key(form), reply)
        .await
        .map_err(|fault| session_fault(&fault))
}

/// The reply that waits for this form, once.
pub async fn take_reply(form: &str) -> Result<FormReply, AppError> {
    let reply = session()?
        .remove::<FormReply>(&key(form))
        .await
        .map_err(|fault| session_fault(&fault))?;
    if let Some(problem) = reply.as_ref().and_then(|reply| reply.problem.as_ref()) {
        super::set_status(problem.kind);
    }
    Ok(reply.unwrap_or_default())
}

/// Leaves a line for the next page: "Order placed."
pub async fn flash(line: &str) -> Result<(), AppError> {
    session()?
        .insert(FLASH, line)
        .await
        .map_err(|fault| session_fault(&fault))
}

/// The line that the last post left, once.
pub async fn take_flash() -> Result<Option<String>, AppError> {
    session()?
        .remove(FLASH)
        .await
        .map_err(|fault| session_fault(&fault))
}

/// Leaves something for the next page that may be shown only once, such as the secret of a token.
pub async fn show_once(name: &str, text: &str) -> Result<(), AppError> {
    session()?
        .insert(&shown_once(name), text)
        .await
        .map_err(|fault| session_fault(&fault))
}

/// What was left to be shown once; afterwards it is gone.
pub async fn take_shown_once(name: &str) -> Result<Option<String>, AppError> {
    session()?
        .remove(&shown_once(name))
        .await
        .map_err(|fault| session_fault(&fault))
}

fn shown_once(name: &str) -> String {
    format!("once:{name}")
}

fn key(form: &str) -> String {
    format!("reply:{form}")
}

/// Passwords and secrets are typed again rather than kept: those with telling names, and those that the form itself
/// names as secret.
fn without_secrets(fields: FormFields) -> FormFields {
    let named = fields.all(SECRET_FIELDS).to_vec();
    let secret = |name: &String| name.contains("password") || name.contains("secret") || named.contains(name);
    FormFields(fields.0.into_iter().filter(|(name, _)| !secret(name)).collect())
}

fn session_fault(fault: &tower_sessions::session::Error) -> AppError {
    tracing::error!(
        error = domain::trace::cause(fault),
        "the session could not be read or written"
    );
    let detail = "Your session could not be read just now. Try again in a moment.";
    AppError(Problem::plain(Kind::Unavailable, "session", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_kept() {
        let pairs = [
            ("name", "a"),
            ("password", "b"),
            ("attributes.token", "c"),
            (SECRET_FIELDS, "attributes.token"),
        ];
        let fields = pairs
            .into_iter()
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .collect();
        let kept = without_secrets(fields);
        assert_eq!(kept.0.keys().collect::<Vec<_>>(), ["name"]);
    }
}
