use std::path::PathBuf;

use documents::ScriptFonts;

use super::Reader;

/// One that writes and one reader for each core, where there are at least this many: each has a thread, a page cache and
/// prepared statements of its own, so more of them only take memory. Those that nobody needs are closed.
const SQLITE_LEAST: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 10;

/// Where data lives.
#[derive(Debug, Clone)]
pub(crate) struct StorageConfig {
    /// Folder for the embedded database and the generated secret key.
    pub(crate) data_dir: PathBuf,
    /// `sqlite://…` or `postgres://…`. May hold a password: never log it.
    pub(crate) database_url: DatabaseUrl,
    /// Most connections to the database.
    pub(crate) max_connections: u32,
}

/// An address of a database that does not print its password.
#[derive(Clone)]
pub(crate) struct DatabaseUrl(String);

impl DatabaseUrl {
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Where the database is, for people: the file or the host, never user and password.
    pub(crate) fn place(&self) -> String {
        let rest = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        let rest = rest.split('?').next().unwrap_or_default();
        if self.0.starts_with("sqlite") {
            return format!("the SQLite file {rest}");
        }
        let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
        let (host, name) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let has_port = host.rsplit_once(']').map_or(host, |(_, end)| end).contains(':');
        let port = if has_port { "" } else { ":5432" };
        format!("PostgreSQL at {host}{port}{name}")
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.starts_with("sqlite") {
            "sqlite"
        } else {
            "postgres"
        })
    }
}

fn sqlite_connections(cores: usize) -> u32 {
    u32::try_from(cores)
        .unwrap_or(u32::MAX)
        .saturating_add(1)
        .clamp(SQLITE_LEAST, 64)
}

impl StorageConfig {
    /// The file of the embedded database; none for PostgreSQL.
    pub(crate) fn sqlite_file(&self) -> Option<PathBuf> {
        let address = self.database_url.0.strip_prefix("sqlite:")?;
        let path = address.strip_prefix("//").unwrap_or(address);
        let path = path.split('?').next().unwrap_or_default();
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
    }

    /// Fonts for the scripts that documents lack: of the data folder, then of the system.
    pub(crate) fn fonts(&self) -> ScriptFonts {
        ScriptFonts::of_system(self.data_dir.join("fonts"))
    }

    /// Whether a database that is not there is made.
    pub(crate) fn creates_sqlite_file(&self) -> bool {
        self.database_url.0.contains("mode=rwc")
    }

    pub(super) fn read(reader: &mut Reader) -> Self {
        let data_dir = PathBuf::from(reader.text("data_dir").unwrap_or_else(|| "data".into()));
        let default = format!("sqlite://{}?mode=rwc", data_dir.join("stoa.db").display());
        let url = reader.text("database_url").unwrap_or(default);
        let known = ["sqlite:", "postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme));
        if !known {
            reader.fault(
                "database_url",
                "expected an address that begins with sqlite:// or postgres://",
            );
        }
        // The driver would say the whole of it, password included.
        let authority = url.split_once("://").map_or("", |(_, rest)| rest);
        let authority = authority.split(['/', '?']).next().unwrap_or_default();
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let port = host
            .rsplit_once(']')
            .map_or(host, |(_, rest)| rest)
            .rsplit_once(':');
        let is_postgres = url.starts_with("postgres");
        if is_postgres && (host.is_empty() || port.is_some_and(|(_, port)| port.parse::<u16>().is_err())) {
            reader.fault(
                "database_url",
                "expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, where the port is a number and signs in the password are written as %XX",
            );
        }
        let unverified = reader.parsed("allow_unverified_database", false, "true or false");
        if is_postgres && !unverified && !domain::connect::is_protected(&url) {
            reader.fault(
                "database_url",
                "the database is on another machine, so the address must end in ?sslmode=verify-full (with &sslrootcert=FILE \
                 where its certificate is of an authority of your own), or set STOA_ALLOW_UNVERIFIED_DATABASE=true as well if \
                 the way there is protected otherwise",
            );
        }
        let connections = if url.starts_with("sqlite") {
            sqlite_connections(std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
        } else {
            POSTGRES_CONNECTIONS
        };
        let max_connections = reader.number("database_connections", connections, 1..=200);
        Self {
            data_dir,
            database_url: DatabaseUrl(url),
            max_connections,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DatabaseUrl, POSTGRES_CONNECTIONS, Reader, StorageConfig, sqlite_connections};

    #[test]
    fn sqlite_has_one_connection_that_writes_and_one_that_reads_for_each_core() {
        let of_cores = [1, 2, 3, 4, 8, 63, 64, 500].map(sqlite_connections);
        assert_eq!(of_cores, [4, 4, 4, 5, 9, 64, 64, 64]);
    }

    #[test]
    fn fonts_are_looked_for_in_the_data_folder_first() {
        let storage = StorageConfig::read(&mut Reader::of(&[("data_dir", "/srv/stoa")], &[]));
        let folders = format!("{:?}", storage.fonts());
        let first = folders.split('"').nth(1);
        assert_eq!(first, Some("/srv/stoa/fonts"), "{folders}");
    }

    #[test]
    fn connections_are_those_of_the_engine_or_those_that_are_set() {
        let connections =
            |settings: &[(&str, &str)]| StorageConfig::read(&mut Reader::of(settings, &[])).max_connections;
        let cores = std::thread::available_parallelism().unwrap().get();
        assert_eq!(connections(&[]), sqlite_connections(cores));
        let postgres = ("database_url", "postgres://stoa@db.example/stoa");
        assert_eq!(connections(&[postgres]), POSTGRES_CONNECTIONS);
        assert_eq!(connections(&[postgres, ("database_connections", "3")]), 3);
    }

    #[test]
    fn a_place_names_file_or_host_and_no_password() {
        let place = |url: &str| DatabaseUrl(url.into()).place();
        assert_eq!(
            place("postgres://stoa:hun@ter2@db.example:5432/stoa?sslmode=require"),
            "PostgreSQL at db.example:5432/stoa"
        );
        assert_eq!(
            place("postgres://stoa:x@db.example"),
            "PostgreSQL at db.example:5432"
        );
        assert_eq!(place("postgres://[::1]/stoa"), "PostgreSQL at [::1]:5432/stoa");
        assert_eq!(
            place("sqlite://data/stoa.db?mode=rwc"),
            "the SQLite file data/stoa.db"
        );
    }
}
