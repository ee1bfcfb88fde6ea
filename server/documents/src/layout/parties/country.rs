//! English names of countries. The standard's own are used where it does not say more than people do.

const NAMES: [(&str, &str); 41] = [
    ("AT", "Austria"),
    ("AU", "Australia"),
    ("BE", "Belgium"),
    ("BG", "Bulgaria"),
    ("CA", "Canada"),
    ("CH", "Switzerland"),
    ("CY", "Cyprus"),
    ("CZ", "Czechia"),
    ("DE", "Germany"),
    ("DK", "Denmark"),
    ("EE", "Estonia"),
    ("EL", "Greece"),
    ("ES", "Spain"),
    ("FI", "Finland"),
    ("FR", "France"),
    ("GB", "United Kingdom"),
    ("GE", "Georgia"),
    ("GR", "Greece"),
    ("HR", "Croatia"),
    ("HU", "Hungary"),
    ("IE", "Ireland"),
    ("IS", "Iceland"),
    ("IT", "Italy"),
    ("JP", "Japan"),
    ("LI", "Liechtenstein"),
    ("LT", "Lithuania"),
    ("LU", "Luxembourg"),
    ("LV", "Latvia"),
    ("MD", "Moldova"),
    ("MT", "Malta"),
    ("NL", "Netherlands"),
    ("NO", "Norway"),
    ("PL", "Poland"),
    ("PT", "Portugal"),
    ("RO", "Romania"),
    ("RS", "Serbia"),
    ("SE", "Sweden"),
    ("SI", "Slovenia"),
    ("SK", "Slovakia"),
    ("UA", "Ukraine"),
    ("US", "United States"),
];

/// The name of a country by its ISO 3166-1 code: as people say it, else as the standard does, else the code itself.
pub(super) fn name(code: &str) -> &str {
    let code = code.trim();
    let short = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code));
    if let Some((_, name)) = short {
        return name;
    }
    let official = rust_iso3166::from_alpha2(&code.to_uppercase());
    official.map_or(code, |country| country.name.trim_end_matches(" (the)"))
}
