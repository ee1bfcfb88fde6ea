//! Web addresses, checked by shape only: nothing is looked up.

use super::fault::Fault;

/// Longest address, in bytes.
const LONGEST: usize = 2_000;

/// An address with a scheme a browser opens, a host, and nothing that hides where it leads.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    if text.len() > LONGEST {
        return Err(Fault::new(
            "too_long",
            "Use an address of at most 2,000 characters.",
        ));
    }
    if is_address(text) {
        return Ok(());
    }
    Err(Fault::new(
        "not_an_address",
        "Enter a web address that starts with https:// or http://.",
    ))
}

fn is_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest.filter(|rest| {
        rest.chars()
            .all(|c| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c))
    }) else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // A name before an @ would show one host and lead to another, so the host may not contain one.
    if let Some(literal) = authority.strip_prefix('[') {
        let ipv6 = |address: &str| address.parse::<std::net::Ipv6Addr>().is_ok();
        return literal
            .split_once(']')
            .is_some_and(|(address, port)| ipv6(address) && is_port(port));
    }
    let (host, port) = authority
        .find(':')
        .map_or((authority, ""), |at| authority.split_at(at));
    is_host(host) && is_port(port)
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.strip_suffix('.').unwrap_or(host).split('.').all(label)
}

/// Empty, or a colon with a port number.
fn is_port(port: &str) -> bool {
    port.is_empty()
        || port.strip_prefix(':').is_some_and(|digits| {
            digits.bytes().all(|byte| byte.is_ascii_digit())
                && digits.parse::<u16>().is_ok_and(|port| port > 0)
        })
}
