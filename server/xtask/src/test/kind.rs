//! The kinds of tests, and which kind a test is.

use clap::ValueEnum;

/// What a test is about; the summary counts them apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, ValueEnum)]
pub(crate) enum Kind {
    /// Rules without a database: model, plugins, documents, components, and what fuzzing of parsers has kept
    Unit,
    /// The shape of the house: who may import whom, sizes, styles
    House,
    /// Services, migrations and jobs without a database of their own kind
    Domain,
    /// The same on SQLite
    Sqlite,
    /// The same on PostgreSQL
    Postgres,
    /// The HTTP edge
    Rest,
    /// Against a real SLURM
    Slurm,
    /// Examples in the documentation
    Doc,
    /// Journeys in Chromium against the built portal
    Browser,
    /// Schemathesis over the API's description, and nine people who fill in forms
    Fuzz,
    /// Clients generated from the API's description
    Clients,
}

impl Kind {
    pub(crate) const ALL: [Self; 11] = [
        Self::Unit,
        Self::House,
        Self::Domain,
        Self::Sqlite,
        Self::Postgres,
        Self::Rest,
        Self::Slurm,
        Self::Doc,
        Self::Browser,
        Self::Fuzz,
        Self::Clients,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::House => "house",
            Self::Domain => "domain",
            Self::Sqlite => "domain on SQLite",
            Self::Postgres => "domain on PostgreSQL",
            Self::Rest => "REST and pages",
            Self::Slurm => "SLURM",
            Self::Doc => "documentation",
            Self::Browser => "browser",
            Self::Fuzz => "fuzzing",
            Self::Clients => "generated clients",
        }
    }

    /// Cargo builds these, with the development profile.
    pub(crate) fn is_native(self) -> bool {
        !self.needs_portal()
    }

    /// Against the portal as a process of its own, with the browser's bundle.
    pub(crate) fn needs_portal(self) -> bool {
        matches!(self, Self::Browser | Self::Fuzz | Self::Clients)
    }

    pub(crate) fn needs_slurm(self) -> bool {
        matches!(self, Self::Slurm | Self::Browser)
    }

    pub(crate) fn needs_postgres(self) -> bool {
        matches!(self, Self::Domain | Self::Sqlite | Self::Postgres | Self::Rest)
    }

    /// The kind of one test by its package, its test binary and its own name.
    pub(crate) fn of(package: &str, binary: &str, test: &str) -> Self {
        let says = |word: &str| binary.contains(word) || test.contains(word);
        if needs_backend(binary) {
            return Self::Slurm;
        }
        if says("architecture") || binary == "house" || binary == "css" {
            return Self::House;
        }
        if test.ends_with("::postgres") && is_of_database(package) {
            return Self::Postgres;
        }
        if test.ends_with("::sqlite") && is_of_database(package) {
            return Self::Sqlite;
        }
        match package {
            "server" => Self::Rest,
            _ if is_of_database(package) => Self::Domain,
            _ => Self::Unit,
        }
    }

    /// True when a binary of this package can hold tests of this kind.
    pub(crate) fn can_be_in(self, package: &str, binary: &str) -> bool {
        let by_name = Self::of(package, binary, "");
        match self {
            Self::Sqlite | Self::Postgres => is_of_database(package) && by_name != Self::Slurm,
            Self::House => by_name == Self::House || package == "server",
            _ => by_name == self,
        }
    }
}

/// Test binaries that talk to a real backend are named `…_real`, and their tests are marked as ignored.
pub(super) fn needs_backend(binary: &str) -> bool {
    binary.ends_with("_real")
}

fn is_of_database(package: &str) -> bool {
    ["domain", "entity", "migrations", "worker", "auth", "testkit"].contains(&package)
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn a_test_is_sorted_by_package_binary_and_name() {
        let cases = [
            (("model", "model", "money::tests::adds"), Kind::Unit),
            (("fuzz", "replay", "every_kept_input_is_parsed"), Kind::Unit),
            (("domain", "it", "ordering::place::sqlite"), Kind::Sqlite),
            (("domain", "it", "ordering::place::postgres"), Kind::Postgres),
            (("domain", "domain", "clock::tests::runs"), Kind::Domain),
            (("server", "rest", "orders::place"), Kind::Rest),
            (
                ("server", "it", "architecture::packages_import_only_what_they_may"),
                Kind::House,
            ),
            (
                ("plugins", "slurm_real", "an_allocation_lives_and_dies"),
                Kind::Slurm,
            ),
        ];
        for ((package, binary, test), kind) in cases {
            assert_eq!(Kind::of(package, binary, test), kind, "{package} {binary} {test}");
            assert!(kind.can_be_in(package, binary), "{package} {binary}");
        }
    }
}
