//! Countries by their ISO 3166-1 codes, each under one.

/// The alpha-2 code of a country, whatever its case; the codes that offices write instead (`UK`, `EL`) become the
/// standard's. None where there is no such country.
pub(crate) fn alpha2(text: &str) -> Option<&'static str> {
    let code = text.trim().to_uppercase();
    let code = match code.as_str() {
        "UK" => "GB",
        "EL" => "GR",
        other => other,
    };
    rust_iso3166::from_alpha2(code).map(|country| country.alpha2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_has_one_code_and_numbers_are_none() {
        assert_eq!(alpha2(" ee "), Some("EE"));
        assert_eq!((alpha2("UK"), alpha2("gb")), (Some("GB"), Some("GB")));
        assert_eq!((alpha2("EL"), alpha2("GR")), (Some("GR"), Some("GR")));
        for wrong in ["99", "EST", "", "XX", "E"] {
            assert_eq!(alpha2(wrong), None, "{wrong}");
        }
    }
}
