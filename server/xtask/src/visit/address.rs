//! Addresses by what is shown there: those of two orders are of one kind.

/// Pages of things that are named in words, not by an id.
const NAMED: [&str; 2] = ["offerings", "marketplace"];

/// The address with a star for each id or name, and only the names of its parameters.
pub(crate) fn kind_of(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        let of_named = parts.len() == 2 && parts.last().is_some_and(|first| NAMED.contains(first));
        let is_word = part.chars().all(|letter| matches!(letter, 'a'..='z' | '_' | '-'));
        parts.push(if is_word && !of_named { part } else { "*" });
    }
    let mut names: Vec<&str> = query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_unstable();
    names.dedup();
    let joint = if names.is_empty() { "" } else { "?" };
    format!("{}{joint}{}", parts.join("/"), names.join("&"))
}

#[cfg(test)]
mod tests {
    use super::kind_of;

    #[test]
    fn ids_names_and_values_are_left_out() {
        let cases = [
            ("/orders/0190aaaa-0000-7000-8000-000000000001", "/orders/*"),
            ("/offerings/small-machine/order", "/offerings/*/order"),
            (
                "/provider/offerings/0190aaaa-0000/plans?plan=1",
                "/provider/offerings/*/plans?plan",
            ),
            ("/marketplace?sort=name&q=x&q=y", "/marketplace?q&sort"),
            ("/", "/"),
        ];
        for (address, kind) in cases {
            assert_eq!(kind_of(address), kind);
        }
    }
}
