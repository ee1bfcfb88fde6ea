//! What waits in the session for the next page: answers to forms, lines, and what is shown only once.

use domain::access::Actor;
use leptos::prelude::use_context;
use model::{Kind, Problem};
use serde::{Deserialize, Serialize};

use super::{address, session};
use crate::{
    components::UnshownErrors,
    error::AppError,
    form::{FormFields, SECRET_FIELDS},
    reply::FormReply,
};

const FLASH: &str = "flash";
const REPLIES: &str = "replies";
/// When the session was last noted to be used, in Unix seconds; and for how many seconds that is not noted again.
const USED: &str = "used_at";
const NOTED_FOR: i64 = 300;
/// Answers that wait at most; an older one belongs to a page that nobody came back to.
const MAX_REPLIES: usize = 8;
/// Of a form so many bytes are kept at most: a session is read whole with each request, and no form of ours is larger.
const MOST_KEPT: usize = 256 * 1024;
/// A form of so many bytes is small: so much is typed by hand.
const SMALL: usize = 16 * 1024;
/// Of a longer value only so many letters are kept: no field takes more, and a page with a million of them in a field keeps a
/// browser busy for many seconds.
const MAX_VALUE_CHARS: usize = 60_000;

/// An answer that waits for its form. The page that it waits on says which thing the form is about, so that two tabs which
/// change two things do not see each other's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct StoredReply {
    form: String,
    page: String,
    reply: FormReply,
}

/// Keeps what was typed, and what is wrong with it, for the form on the page at `back`.
pub(super) async fn store_reply(
    form: &str,
    back: &str,
    fields: FormFields,
    problem: Option<Problem>,
) -> Result<(), AppError> {
    let fields = match super::visitor()? {
        Some(person) => within_room(&person, truncate_values(without_secrets(fields))).await?,
        None => of_visitors(&fields),
    };
    let reply = FormReply { fields, problem };
    let page = without_fragment(back).to_owned();
    let mut all = stored_replies().await?;
    all.retain(|one| one.form != form || one.page != page);
    all.push(StoredReply {
        form: form.to_owned(),
        page,
        reply,
    });
    let surplus = all.len().saturating_sub(MAX_REPLIES);
    all.drain(..surplus);
    store_all(&all).await
}

/// The fields, or none of them where they are too large, or large and too much waits in sessions already: then the next page
/// says so.
async fn within_room(person: &Actor, fields: FormFields) -> Result<FormFields, AppError> {
    let bytes = bytes_of(&fields);
    let accounts = super::domain()?;
    let accounts = accounts.accounts();
    if bytes <= MOST_KEPT && accounts.have_sessions_room(person, bytes, bytes <= SMALL).await? {
        return Ok(fields);
    }
    tracing::warn!(bytes, "a form was not kept: too much waits in sessions");
    flash("What you typed was not kept, because too much waits already. Type it again, or in parts.").await?;
    Ok(FormFields::default())
}

fn bytes_of(fields: &FormFields) -> usize {
    let pairs = fields.0.iter();
    pairs
        .map(|(name, values)| name.len() + values.iter().map(String::len).sum::<usize>())
        .sum()
}

/// The reply that waits on this page for this form, once.
pub async fn take_reply(form: &str) -> Result<FormReply, AppError> {
    let page = address()?;
    let mut taken = take_matching(|one| one.form == form && one.page == page).await?;
    let reply = taken.pop().unwrap_or_default();
    if let Some(unshown) = use_context::<UnshownErrors>() {
        unshown.add(reply.errors().into_iter().map(|error| error.message));
    }
    Ok(reply)
}

/// What forms were refused with that wait on this page and that it has not asked for, once. Asked last, when the page is
/// ready: what a page does not show at a form is said on top of it, so that no refusal goes unseen.
pub async fn take_refusals() -> Result<Vec<String>, AppError> {
    let page = address()?;
    let taken = take_matching(|one| one.page == page && one.reply.problem.is_some()).await?;
    Ok(taken
        .into_iter()
        .map(|reply| {
            let lines: Vec<String> = reply.errors().into_iter().map(|error| error.message).collect();
            lines.join(" ")
        })
        .collect())
}

async fn take_matching(wanted: impl Fn(&StoredReply) -> bool) -> Result<Vec<FormReply>, AppError> {
    let (taken, kept): (Vec<_>, Vec<_>) = stored_replies().await?.into_iter().partition(wanted);
    if !taken.is_empty() {
        store_all(&kept).await?;
    }
    let taken: Vec<FormReply> = taken.into_iter().map(|one| one.reply).collect();
    for problem in taken.iter().filter_map(|reply| reply.problem.as_ref()) {
        super::set_status(problem.kind);
    }
    Ok(taken)
}

async fn stored_replies() -> Result<Vec<StoredReply>, AppError> {
    let stored = session()?.get(REPLIES).await;
    Ok(stored.map_err(|fault| session_fault(&fault))?.unwrap_or_default())
}

async fn store_all(all: &[StoredReply]) -> Result<(), AppError> {
    let stored = if all.is_empty() {
        session()?.remove::<Vec<StoredReply>>(REPLIES).await.map(drop)
    } else {
        session()?.insert(REPLIES, all).await
    };
    stored.map_err(|fault| session_fault(&fault))
}

/// The address of a page without the place on it.
fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}

/// Leaves a line for the next page: "Order placed."
pub async fn flash(line: &str) -> Result<(), AppError> {
    session()?
        .insert(FLASH, line)
        .await
        .map_err(|fault| session_fault(&fault))
}

/// The line that the last post left, once. Every page asks, so here is noted that the session of whoever is signed in is used.
pub async fn take_flash() -> Result<Option<String>, AppError> {
    if super::visitor()?.is_some() {
        note_use().await?;
    }
    take(FLASH).await
}

/// What changes in a session is written, and puts off its end.
async fn note_use() -> Result<(), AppError> {
    let (session, now) = (session()?, super::domain()?.clock().now().timestamp());
    let noted: Option<i64> = session.get(USED).await.map_err(|fault| session_fault(&fault))?;
    if noted.is_some_and(|noted| now - noted < NOTED_FOR) {
        return Ok(());
    }
    let noted = session.insert(USED, now).await;
    noted.map_err(|fault| session_fault(&fault))
}

/// Takes a text out of the session. A removal counts as a change also where nothing was, and would be written for every page.
async fn take(name: &str) -> Result<Option<String>, AppError> {
    let session = session()?;
    let found = session.get(name).await.map_err(|fault| session_fault(&fault))?;
    if found.is_some() {
        let removed = session.remove::<String>(name).await;
        removed.map_err(|fault| session_fault(&fault))?;
    }
    Ok(found)
}

/// Leaves something for the next page that may be shown only once, such as the secret of a token.
pub async fn show_once(name: &str, text: &str) -> Result<(), AppError> {
    session()?
        .insert(&shown_once_key(name), text)
        .await
        .map_err(|fault| session_fault(&fault))
}

/// What was left to be shown once; afterwards it is gone.
pub async fn take_shown_once(name: &str) -> Result<Option<String>, AppError> {
    take(&shown_once_key(name)).await
}

fn shown_once_key(name: &str) -> String {
    format!("once:{name}")
}

/// Passwords and secrets are typed again rather than kept: those with telling names, and those that the form itself
/// names as secret.
fn without_secrets(fields: FormFields) -> FormFields {
    let named = fields.all(SECRET_FIELDS).to_vec();
    let telling = ["password", "secret", "current", "again"];
    let secret = |name: &String| telling.iter().any(|word| name.contains(word)) || named.contains(name);
    FormFields(fields.0.into_iter().filter(|(name, _)| !secret(name)).collect())
}

/// Who is not signed in has typed an e-mail address at most, and that is kept while it can be one.
fn of_visitors(fields: &FormFields) -> FormFields {
    let email = fields.text("email");
    let kept =
        (!email.is_empty() && email.len() <= MAX_EMAIL).then(|| ("email".to_owned(), email.to_owned()));
    kept.into_iter().collect()
}

/// Most bytes of an address that is kept for somebody who is not signed in.
const MAX_EMAIL: usize = 320;

fn truncate_values(mut fields: FormFields) -> FormFields {
    for value in fields.0.values_mut().flatten() {
        if let Some((end, _)) = value.char_indices().nth(MAX_VALUE_CHARS) {
            value.truncate(end);
        }
    }
    fields
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
            ("current", "b"),
            ("again", "b"),
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

    #[test]
    fn of_visitors_only_an_address_is_kept() {
        let typed = |email: String| {
            let pairs = [
                ("email".to_owned(), email),
                ("attributes.x".to_owned(), "y".repeat(9_000)),
            ];
            of_visitors(&pairs.into_iter().collect()).0.len()
        };
        assert_eq!(
            (
                typed("a@example.org".into()),
                typed("a".repeat(400)),
                typed(String::new())
            ),
            (1, 0, 0)
        );
    }

    #[test]
    fn of_what_no_field_takes_only_the_beginning_is_kept() {
        let typed = [
            ("name", "é".repeat(MAX_VALUE_CHARS + 5)),
            ("note", "short".to_owned()),
        ];
        let fields = typed
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let kept = truncate_values(fields);
        assert_eq!(kept.text("name").chars().count(), MAX_VALUE_CHARS);
        assert_eq!(kept.text("note"), "short");
    }

    #[test]
    fn a_reply_waits_on_the_page_and_not_on_a_place_of_it() {
        assert_eq!(
            without_fragment("/offerings/1/plans?plan=2#plan"),
            "/offerings/1/plans?plan=2"
        );
    }
}
