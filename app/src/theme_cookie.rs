//! The cookie of the colours: scripts set it, the server reads it. Over TLS its name begins with `__Host-`: browsers take such
//! a cookie only from the portal itself.

#[cfg(feature = "ssr")]
use http::{HeaderMap, header};

const YEAR: u32 = 31_536_000;

fn name(secure: bool) -> &'static str {
    if secure { "__Host-theme" } else { "theme" }
}

/// The text that keeps `theme` for a year; that keeps nothing where it is empty.
pub fn set(theme: &str, secure: bool) -> String {
    let (name, flag) = (name(secure), if secure { "; Secure" } else { "" });
    let age = if theme.is_empty() { 0 } else { YEAR };
    format!("{name}={theme}; Path=/; Max-Age={age}; SameSite=Lax{flag}")
}

/// What is kept, if it is a theme.
#[cfg(feature = "ssr")]
pub fn chosen(headers: &HeaderMap, secure: bool) -> Option<&'static str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let chosen = cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(known, value)| (known == name(secure)).then_some(value))?;
    match chosen {
        "light" => Some("light"),
        "dark" => Some("dark"),
        _ => None,
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_found_again_and_over_tls_it_is_the_hosts() {
        for secure in [false, true] {
            let set = set("dark", secure);
            assert_eq!(
                set.contains("; Secure") && set.starts_with("__Host-"),
                secure,
                "{set}"
            );
            assert!(set.contains("; Path=/;") && !set.contains("Domain"), "{set}");
            let pair = set.split(';').next().unwrap();
            let headers = |text: &str| HeaderMap::from_iter([(header::COOKIE, text.parse().unwrap())]);
            let asked = headers(&format!("sid=x; {pair}"));
            assert_eq!(chosen(&asked, secure), Some("dark"));
            assert_eq!(chosen(&asked, !secure), None, "of the other kind");
            assert_eq!(chosen(&headers(&pair.replace("dark", "x\"y")), secure), None);
        }
        assert!(set("", true).contains("Max-Age=0"));
    }
}
