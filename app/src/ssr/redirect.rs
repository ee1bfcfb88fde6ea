use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What cannot stand in a header: blanks and control characters. Letters beyond ASCII are encoded in any case.
const UNSAFE: &AsciiSet = &CONTROLS.add(b' ');

/// Sends the browser to a page, whatever stands in its address: parts of it may have been typed.
pub fn redirect(to: &str) {
    leptos_axum::redirect(&encoded(to));
}

fn encoded(address: &str) -> String {
    utf8_percent_encode(address, UNSAFE).to_string()
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn any_address_can_stand_in_a_header() {
        assert_eq!(
            encoded("/resources/\u{1}?a=\u{e4} b%20#c"),
            "/resources/%01?a=%C3%A4%20b%20#c"
        );
    }
}
