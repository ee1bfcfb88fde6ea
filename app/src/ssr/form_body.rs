use std::{num::NonZeroUsize, sync::LazyLock};

use auth::AuthSession;
use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, header};
use tokio::sync::Semaphore;

use super::EdgeRefusal;
use crate::form::FormFields;

/// Most bytes of a posted form.
pub const MAX_FORM: usize = 2 * 1024 * 1024;
/// Most bytes of a form that is posted by somebody who is not signed in: the form to sign in.
pub const MAX_FORM_OF_VISITORS: usize = 64 * 1024;
/// Bytes from which on a form is large: what is typed by hand is smaller.
const LARGE: u64 = 32 * 1024;
/// Most fields of a posted form.
const MAX_FIELDS: usize = 2_000;
/// Most bytes of a field's name. Refusals name fields, and wait in the session with what was typed.
const MAX_NAME: usize = 200;

/// Refuses what is sent to a server function in another way than as a form: it would reach the function's own decoder past
/// the bounds of `read_form`. It stands before the session, so that a flood of it costs no query.
pub async fn refuse_other_bodies(request: Request, next: Next) -> Response {
    if request.method() == Method::POST
        && request.uri().path().starts_with("/fn/")
        && !is_form(request.headers())
    {
        let text =
            "Nothing was stored: this address takes what a form of a page sends. Use the form, or the API.";
        return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_form", text.to_owned());
    }
    next.run(request).await
}

/// Lets so many large forms in at once: each costs its decoding, and what of it is refused is kept. One takes its turn after
/// the other, so that whoever sends many leaves the processor to the small requests of others.
pub async fn queue_large_forms(request: Request, next: Next) -> Response {
    static PLACES: LazyLock<Semaphore> = LazyLock::new(|| {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Semaphore::new((cores / 2).max(1))
    });
    let is_large = request.method() == Method::POST && request.body().size_hint().lower() > LARGE;
    let _place = if is_large {
        PLACES.acquire().await.ok()
    } else {
        None
    };
    next.run(request).await
}

/// Reads the fields of a posted form once, strictly, and hands them on in place of the body: `post` decodes them for server
/// functions (`forms`). Text that is no UTF-8 is refused here, because decoders further in would silently replace it.
pub async fn read_form(request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !is_form(request.headers()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let session = parts.extensions.get::<AuthSession>();
    let (most, size) = if session.is_some_and(|session| session.user.is_some()) {
        (MAX_FORM, "2 MB")
    } else {
        (MAX_FORM_OF_VISITORS, "64 kB")
    };
    let Ok(bytes) = to_bytes(body, most).await else {
        let text = format!(
            "This form is too large to be taken. Shorten the long texts to less than {size} and send it again."
        );
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "too_large", text);
    };
    let fields = match decode_form(&bytes) {
        Ok(fields) => fields,
        Err(fault) => return refusal(StatusCode::BAD_REQUEST, "unreadable_form", fault.words()),
    };
    parts.extensions.insert(fields);
    // The decoder of the framework does not know lists; nothing is left for it to stumble over.
    parts.headers.remove(header::CONTENT_LENGTH);
    next.run(Request::from_parts(parts, Body::empty())).await
}

fn refusal(status: StatusCode, code: &'static str, detail: String) -> Response {
    EdgeRefusal::new(status, code, "This form was not taken", detail).into_response()
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    // What does not say what it is has no other reading.
    let Some(kind) = kind else {
        return !headers.contains_key(header::CONTENT_TYPE);
    };
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Why a form cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub enum FormFault {
    /// More fields than any form of ours has.
    TooManyFields,
    /// A field with a longer name than any of ours has.
    LongName,
    /// Not UTF-8, or with characters that control devices.
    NoText,
}

impl FormFault {
    fn words(&self) -> String {
        match self {
            Self::TooManyFields => format!(
                "This form has more than {MAX_FIELDS} fields, so nothing was stored. Go back and send less at once."
            ),
            Self::LongName => "This form has a field with a name that no page of the portal gives it, so nothing was stored. \
                               Reload the page and send it again."
                .to_owned(),
            Self::NoText => {
                "This form holds control characters or text that is not valid UTF-8, so nothing was stored. \
                             Go back and type it again."
                    .to_owned()
            }
        }
    }
}

/// The fields of a posted form, or of the query of an address.
pub fn decode_form(bytes: &[u8]) -> Result<FormFields, FormFault> {
    let parts: Vec<&[u8]> = bytes
        .split(|byte| *byte == b'&')
        .filter(|part| !part.is_empty())
        .collect();
    if parts.len() > MAX_FIELDS {
        return Err(FormFault::TooManyFields);
    }
    let fields: Option<FormFields> = parts
        .into_iter()
        .map(|part| {
            let mut halves = part.splitn(2, |byte| *byte == b'=');
            let name = decode_text(halves.next().unwrap_or_default())?;
            let value = decode_text(halves.next().unwrap_or_default())?;
            Some((name, value))
        })
        .collect();
    let fields = fields.ok_or(FormFault::NoText)?;
    if fields.0.keys().any(|name| name.len() > MAX_NAME) {
        return Err(FormFault::LongName);
    }
    Ok(fields)
}

/// Browsers send line ends as CR LF; texts are kept with LF, and nothing else is a line end.
fn decode_text(raw: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = raw
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let plain: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
    String::from_utf8(plain)
        .ok()
        .map(|text| text.replace("\r\n", "\n").replace('\r', "\n"))
        .filter(|text| !has_control(text))
}

/// Whether a text holds a character that controls devices; tabs and line ends belong to texts.
pub fn has_control(text: &str) -> bool {
    text.chars()
        .any(|letter| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_strictly() {
        let form = decode_form(b"name=R%C3%A4ni+X&limits.cpu=4&note=a%0D%0Ab").unwrap();
        assert_eq!(form.text("name"), "Räni X");
        assert_eq!(form.text("note"), "a\nb");
        let returns = decode_form(b"note=a%0D%0D%0Ab%0Dc").unwrap();
        assert_eq!(
            returns.text("note"),
            "a\n\nb\nc",
            "as it is when it is sent again"
        );
        for no_text in ["name=%ff%fe", "name=%00", "name=%01", "name=%C2%85", "na%7Fme=x"] {
            assert_eq!(
                decode_form(no_text.as_bytes()).unwrap_err(),
                FormFault::NoText,
                "{no_text}"
            );
        }
    }

    #[test]
    fn a_name_is_so_long_and_no_longer() {
        let named = |length: usize| decode_form(format!("{}=b", "a".repeat(length)).as_bytes());
        assert_eq!(named(MAX_NAME).unwrap().0.len(), 1);
        assert_eq!(named(MAX_NAME + 1).unwrap_err(), FormFault::LongName);
    }

    #[test]
    fn a_form_has_so_many_fields_and_not_one_more() {
        let fields = vec!["a=b"; MAX_FIELDS].join("&");
        assert_eq!(decode_form(fields.as_bytes()).unwrap().all("a").len(), MAX_FIELDS);
        let further = format!("{fields}&a=b");
        assert_eq!(
            decode_form(further.as_bytes()).unwrap_err(),
            FormFault::TooManyFields
        );
    }
}
