use super::*;

fn faults(file: &[(&str, &str)], environment: &[(&str, &str)]) -> Vec<String> {
    Config::read(Reader::of(file, environment))
        .map(|_| ())
        .unwrap_err()
        .0
}

#[test]
fn nothing_set_gives_an_embedded_database_on_loopback() {
    let config = Config::read(Reader::of(&[], &[])).unwrap();
    assert_eq!(
        config.storage.database_url.reveal(),
        "sqlite://data/stoa.db?mode=rwc"
    );
    assert_eq!(config.http.public_url, "http://127.0.0.1:8080");
    assert!(!config.http.is_tls());
}

#[test]
fn all_faults_are_listed_at_once() {
    let found = faults(
        &[("listen", "here"), ("colour", "blue"), ("work_concurrency", "0")],
        &[
            ("public_url", "ftp://x"),
            ("database_url", "mysql://x"),
            ("secret_key", "short"),
        ],
    );
    let about = |name: &str| found.iter().filter(|line| line.starts_with(name)).count();
    for name in [
        "listen",
        "colour",
        "work_concurrency",
        "public_url",
        "database_url",
        "secret_key",
    ] {
        assert_eq!(about(name), 1, "{name} in {found:?}");
    }
    assert_eq!(found.len(), 6);
}

#[test]
fn a_variable_that_nobody_knows_is_refused() {
    let found = faults(
        &[],
        &[
            ("listn", "127.0.0.1:1"),
            ("token", "for curl"),
            ("test_postgres", "x"),
        ],
    );
    assert_eq!(found, ["listn (STOA_LISTN): there is no such variable"]);
}

#[test]
fn the_environment_wins_over_the_file() {
    let reader = Reader::of(&[("listen", "127.0.0.1:1")], &[("listen", "127.0.0.1:2")]);
    assert_eq!(Config::read(reader).unwrap().http.listen.port(), 2);
}

#[test]
fn no_secret_is_printed() {
    let reader = Reader::of(
        &[],
        &[
            ("database_url", "postgres://u:hunter2@localhost/d"),
            ("secret_key", "0123456789012345678901234567890123"),
            ("previous_secret_key", "9876543210987654321098765432109876"),
        ],
    );
    let printed = format!("{:?}", Config::read(reader).unwrap());
    assert!(
        ["hunter2", "0123456789", "9876543210"]
            .iter()
            .all(|secret| !printed.contains(secret)),
        "{printed}"
    );
}

#[test]
fn one_address_has_half_of_the_connections_and_a_proxy_all() {
    let share = |settings: &[(&str, &str)]| {
        let limits = Config::of(settings).unwrap().http.connections;
        (limits.at_once, limits.of_one_address)
    };
    assert_eq!(share(&[]), (2_000, 1_000));
    assert_eq!(share(&[("connections", "100")]), (100, 50));
    assert_eq!(share(&[("proxy_hops", "1")]), (2_000, 2_000));
    assert_eq!(
        share(&[("public_url", "https://portal.example.org")]),
        (2_000, 2_000)
    );
}

#[test]
fn a_database_on_another_machine_is_one_whose_certificate_is_checked() {
    let read = |settings: &[(&str, &str)]| Config::of(settings).map(|config| config.storage.max_connections);
    let away = ("database_url", "postgres://u:hunter2@db.example/d");
    let refused = read(&[away]).unwrap_err().to_string();
    assert!(
        refused.contains("sslmode=verify-full") && refused.contains("STOA_ALLOW_UNVERIFIED_DATABASE"),
        "{refused}"
    );
    assert!(!refused.contains("hunter2"), "{refused}");
    read(&[away, ("allow_unverified_database", "true")]).unwrap();
    read(&[("database_url", "postgres://u@db.example/d?sslmode=verify-full")]).unwrap();
    read(&[("database_url", "postgres://u@127.0.0.1:5433/d")]).unwrap();
}

#[test]
fn where_webhooks_may_go_is_for_the_operator_to_say() {
    let refusal = |settings: &[(&str, &str)], address: &str| {
        Config::of(settings)
            .unwrap()
            .outgoing
            .rule()
            .unwrap()
            .refusal(address)
    };
    let hosts = [("outgoing_allowed_hosts", "10.1.0.0/16, http://10.2.3.4:8080")];
    assert_eq!(refusal(&[], "https://hooks.example.org/x"), None);
    for private in [
        "https://10.1.2.3/",
        "http://10.2.3.4:8080/",
        "https://127.0.0.1/",
        "http://hooks.example.org/",
        "x",
    ] {
        assert!(
            refusal(&[], private).is_some_and(|words| words.ends_with('.')),
            "{private}"
        );
    }
    assert_eq!(refusal(&hosts, "https://10.1.2.3/"), None);
    assert_eq!(refusal(&hosts, "http://10.2.3.4:8080/"), None);
    assert!(refusal(&hosts, "https://10.2.0.1/").is_some());
    assert!(faults(&[("outgoing_allowed_hosts", "not a host!")], &[])[0].contains("outgoing_allowed_hosts"));
    assert!(faults(&[("outgoing_authorities", "/nowhere.pem")], &[])[0].contains("/nowhere.pem"));
}
