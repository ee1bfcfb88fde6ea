use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};

use crate::form::FormFields;

/// Most bytes of a posted form.
pub const MAX_FORM: usize = 2 * 1024 * 1024;
/// Most fields of a posted form.
const MAX_FIELDS: usize = 2_000;

/// Reads the fields of a posted form once, strictly, and hands them on in place of the body: `post` decodes them for server
/// functions (`forms`). Text that is no UTF-8 is refused here, because decoders further in would silently replace it.
pub async fn read_form(request: Request, next: Next) -> Response {
    if !is_form(request.headers()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_FORM).await else {
        let text =
            "This form is too large to be taken. Shorten the long texts to less than 2 MB and send it again.";
        return (StatusCode::PAYLOAD_TOO_LARGE, text).into_response();
    };
    let Some(fields) = decode(&bytes) else {
        let text =
            "This form holds text that is not valid UTF-8, so nothing was stored. Go back and type it again.";
        return (StatusCode::UNPROCESSABLE_ENTITY, text).into_response();
    };
    parts.extensions.insert(fields);
    // The decoder of the framework does not know lists; nothing is left for it to stumble over.
    parts.headers.remove(header::CONTENT_LENGTH);
    next.run(Request::from_parts(parts, Body::empty())).await
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

pub(super) fn decode(bytes: &[u8]) -> Option<FormFields> {
    let parts: Vec<&[u8]> = bytes
        .split(|byte| *byte == b'&')
        .filter(|part| !part.is_empty())
        .collect();
    if parts.len() > MAX_FIELDS {
        return None;
    }
    parts
        .into_iter()
        .map(|part| {
            let mut halves = part.splitn(2, |byte| *byte == b'=');
            let name = decode_text(halves.next().unwrap_or_default())?;
            let value = decode_text(halves.next().unwrap_or_default())?;
            Some((name, value))
        })
        .collect()
}

/// Browsers send line ends as CR LF; texts are kept with LF.
fn decode_text(raw: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = raw
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let plain: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
    String::from_utf8(plain)
        .ok()
        .filter(|text| !text.contains('\0'))
        .map(|text| text.replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_strictly() {
        let form = decode(b"name=R%C3%A4ni+X&limits.cpu=4&note=a%0D%0Ab").unwrap();
        assert_eq!(form.text("name"), "Räni X");
        assert_eq!(form.text("note"), "a\nb");
        assert!(decode(b"name=%ff%fe").is_none());
        assert!(decode(b"name=%00").is_none());
    }
}
