//! How many files the process may have open: each connection is one.

use rustix::process::{Resource, getrlimit, setrlimit};

/// What is open beside connections: the database, fonts, plugins' programs.
const BESIDE: u64 = 500;

/// Takes as many as the system grants, because shells and supervisors begin with few; says where those are too few for this
/// many connections.
pub(crate) fn raise_limit(connections: usize) {
    let mut limit = getrlimit(Resource::Nofile);
    let granted = limit.maximum;
    limit.current = granted;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(
            error = domain::trace::cause(&error),
            "the limit of open files stays as it is"
        );
    }
    let needed = u64::try_from(connections)
        .unwrap_or(u64::MAX)
        .saturating_add(BESIDE);
    if granted.is_some_and(|granted| granted < needed) {
        tracing::warn!(
            files.granted = granted,
            files.needed = needed,
            "fewer files may be open than the setting `connections` needs: raise the limit (`LimitNOFILE` of systemd), or lower the setting"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_the_system_grants_is_taken() {
        raise_limit(1);
        let limit = getrlimit(Resource::Nofile);
        assert_eq!(limit.current, limit.maximum);
    }
}
