//! The names of our cookies, and the one by which a browser is known. Over TLS they begin with `__Host-`: browsers take such a
//! cookie only from the portal itself, never from a sister domain or over plain HTTP.

use http::{HeaderMap, HeaderValue, header};

/// A year.
const KNOWN_SECONDS: u32 = 31_536_000;

/// The name of the session's cookie.
pub(crate) fn session_name(secure: bool) -> &'static str {
    if secure { "__Host-sid" } else { "sid" }
}

fn device_name(secure: bool) -> &'static str {
    if secure { "__Host-device" } else { "device" }
}

/// The header `Set-Cookie` by which a browser is known; `None` where the value fits no header.
pub fn device_cookie(device: &str, secure: bool) -> Option<HeaderValue> {
    let name = device_name(secure);
    let flag = if secure { "; Secure" } else { "" };
    let text = format!("{name}={device}; Path=/; Max-Age={KNOWN_SECONDS}; HttpOnly; SameSite=Lax{flag}");
    HeaderValue::try_from(text).ok()
}

/// By what the browser says it is known; empty where it says nothing.
pub fn device_of(headers: &HeaderMap, secure: bool) -> String {
    let name = device_name(secure);
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_found_again_and_tls_has_names_of_its_own() {
        for secure in [false, true] {
            let set = device_cookie("abc-_1", secure).unwrap();
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let mut headers = HeaderMap::new();
            headers.append(
                header::COOKIE,
                HeaderValue::from_str(&format!("a=b; {pair}")).unwrap(),
            );
            assert_eq!(device_of(&headers, secure), "abc-_1");
            assert_eq!(device_of(&headers, !secure), "");
            assert_eq!(set.to_str().unwrap().contains("; Secure"), secure);
        }
    }
}
