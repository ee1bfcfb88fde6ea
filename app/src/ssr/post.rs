use model::{Kind, Problem};

use super::{parts, session};
use crate::{error::AppError, form::FormFields, reply::FormReply};

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
    let fields = parts()?.extensions.get::<FormFields>().cloned().unwrap_or_default();
    let back = back(&fields);
    match work(fields.clone()).await {
        Ok(to) => leptos_axum::redirect(&to),
        Err(error) if error.kind() == Kind::Unauthenticated => {
            leptos_axum::redirect(&format!("/sign-in?next={}", encode(&back)));
        }
        Err(error) => {
            let reply = FormReply { fields: without_passwords(fields), problem: Some(error.0) };
            session()?.insert(&key(form), reply).await.map_err(|fault| session_fault(&fault))?;
            leptos_axum::redirect(&back);
        }
    }
    Ok(())
}

/// The reply that waits for this form, once.
pub async fn take_reply(form: &str) -> Result<FormReply, AppError> {
    let reply = session()?.remove::<FormReply>(&key(form)).await.map_err(|fault| session_fault(&fault))?;
    if let Some(problem) = reply.as_ref().and_then(|reply| reply.problem.as_ref()) {
        super::set_status(problem.kind);
    }
    Ok(reply.unwrap_or_default())
}

/// Leaves a line for the next page: "Order placed."
pub async fn flash(line: &str) -> Result<(), AppError> {
    session()?.insert(FLASH, line).await.map_err(|fault| session_fault(&fault))
}

/// The line that the last post left, once.
pub async fn take_flash() -> Result<Option<String>, AppError> {
    session()?.remove(FLASH).await.map_err(|fault| session_fault(&fault))
}

fn key(form: &str) -> String {
    format!("reply:{form}")
}

/// Passwords and secrets are typed again rather than kept.
fn without_passwords(fields: FormFields) -> FormFields {
    let kept = fields.0.into_iter().filter(|(name, _)| !name.contains("password") && !name.contains("secret"));
    FormFields(kept.collect())
}

fn encode(path: &str) -> String {
    percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn session_fault(fault: &tower_sessions::session::Error) -> AppError {
    tracing::error!(error = fault as &dyn std::error::Error, "the session could not be read or written");
    let detail = "Your session could not be read just now. Try again in a moment.";
    AppError(Problem::plain(Kind::Unavailable, "session", detail))
}
