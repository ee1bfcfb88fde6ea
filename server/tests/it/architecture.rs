//! The house: who may import whom, in which order contexts stand, and that the README names only what is there.

mod modules;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::{Dependency, DependencyKind, MetadataCommand, Package};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn packages() -> Vec<Package> {
    let metadata = MetadataCommand::new()
        .current_dir(root())
        .no_deps()
        .exec()
        .unwrap();
    metadata.packages
}

/// A row of the README's table of packages.
struct Layer {
    package: String,
    folder: String,
    uses: BTreeSet<String>,
    /// What only the server half of the package uses.
    on_the_server: BTreeSet<String>,
}

/// `model; on the server also domain, auth`, without the second part, or `–` for nothing.
fn used_packages(cell: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let names = |text: &str| -> BTreeSet<String> {
        text.split(',')
            .map(|one| one.trim().to_owned())
            .filter(|one| !one.is_empty() && one != "–")
            .collect()
    };
    let (always, on_the_server) = cell.split_once("; on the server also").unwrap_or((cell, ""));
    (names(always), names(on_the_server))
}

/// The README's table of packages.
fn layers() -> Vec<Layer> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let rows = readme
        .lines()
        .skip_while(|line| !line.starts_with("| Package |"))
        .skip(2);
    rows.take_while(|line| line.starts_with('|'))
        .map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            let [package, folder, _, named] = cells[..] else {
                panic!("four cells: {row}")
            };
            let (uses, on_the_server) = used_packages(named);
            Layer {
                package: package.trim_matches('`').to_owned(),
                folder: folder.trim_matches('`').to_owned(),
                uses,
                on_the_server,
            }
        })
        .collect()
}

#[test]
fn packages_use_what_the_readme_says_and_nothing_else() {
    let (packages, layers) = (packages(), layers());
    let ours: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let named: BTreeSet<&str> = layers.iter().map(|layer| layer.package.as_str()).collect();
    assert_eq!(ours, named, "the README names every package");
    for package in &packages {
        let layer = layers
            .iter()
            .find(|layer| layer.package == package.name.as_str())
            .unwrap();
        let folder = root().join(&layer.folder).join("Cargo.toml");
        assert_eq!(
            package.manifest_path.as_std_path(),
            folder,
            "where {} is",
            layer.package
        );
        let (mut uses, mut on_the_server) = (BTreeSet::new(), BTreeSet::new());
        for dependency in package
            .dependencies
            .iter()
            .filter(|one| ours.contains(one.name.as_str()))
        {
            match dependency.kind {
                DependencyKind::Development => {
                    assert_ne!(dependency.name, "server", "nothing imports server");
                }
                _ if dependency.optional => drop(on_the_server.insert(dependency.name.clone())),
                _ => drop(uses.insert(dependency.name.clone())),
            }
        }
        assert_eq!(uses, layer.uses, "what {} uses", layer.package);
        assert_eq!(
            on_the_server, layer.on_the_server,
            "what {} uses on the server",
            layer.package
        );
    }
}

#[test]
fn the_testkit_is_in_no_program() {
    for package in packages() {
        let shipped = package
            .dependencies
            .iter()
            .filter(|one| one.kind != DependencyKind::Development);
        assert!(
            shipped.into_iter().all(|one| one.name != "testkit"),
            "{} ships the testkit",
            package.name
        );
    }
}

/// Clients of HTTP. The last two serve as well: it is their features that matter.
const HTTP_CLIENTS: [&str; 13] = [
    "attohttpc",
    "awc",
    "curl",
    "hyper-rustls",
    "hyper-tls",
    "isahc",
    "minreq",
    "reqwest",
    "reqwest-middleware",
    "surf",
    "ureq",
    "hyper",
    "hyper-util",
];

/// Whether a package that depends on this can ask others over HTTP.
fn is_http_client(dependency: &Dependency) -> bool {
    let name = dependency.name.as_str();
    let asks = |feature: &String| feature.starts_with("client") || feature == "full";
    HTTP_CLIENTS.contains(&name)
        && (!matches!(name, "hyper" | "hyper-util") || dependency.features.iter().any(asks))
}

/// What people give as addresses is asked by one client, which refuses what is private. `xtask` is our own command and in
/// no product; tests ask the portal itself.
#[test]
fn only_outgoing_speaks_http_to_the_outside() {
    for package in packages() {
        let clients: Vec<&str> = package
            .dependencies
            .iter()
            .filter(|one| one.kind != DependencyKind::Development && is_http_client(one))
            .map(|one| one.name.as_str())
            .collect();
        match package.name.as_str() {
            "outgoing" => assert_eq!(clients, ["hyper"]),
            "xtask" => {}
            name => {
                assert!(clients.is_empty(), "{name} asks others with {clients:?}");
                // Hyper's half for clients is there for all who have hyper, since features add up in one build.
                let folder = package.manifest_path.parent().unwrap().join("src");
                for file in rust_files(folder.as_std_path()) {
                    let text = fs::read_to_string(&file).unwrap();
                    let asks = ["client::conn", "client::legacy"]
                        .iter()
                        .any(|path| text.contains(path));
                    assert!(!asks, "{} asks others", file.display());
                }
            }
        }
    }
}

#[test]
fn packages_stay_away_from_what_is_not_theirs() {
    let foreign: [(&str, &[&str]); 7] = [
        ("model", &["tokio", "axum", "leptos", "reqwest", "sqlx"]),
        ("entity", &["axum", "leptos", "reqwest", "tokio"]),
        (
            "domain",
            &["axum", "leptos", "leptos_axum", "reqwest", "axum-login", "tower"],
        ),
        ("plugins", &["sea-orm", "axum", "leptos"]),
        ("documents", &["sea-orm", "axum", "leptos", "tokio"]),
        ("outgoing", &["sea-orm", "axum", "leptos", "tracing"]),
        ("worker", &["sea-orm", "axum", "leptos"]),
    ];
    let packages = packages();
    for (name, banned) in foreign {
        let package = packages
            .iter()
            .find(|package| package.name.as_str() == name)
            .unwrap();
        for dependency in package
            .dependencies
            .iter()
            .filter(|one| one.kind != DependencyKind::Development)
        {
            assert!(
                !banned.contains(&dependency.name.as_str()),
                "{name} must not import {}",
                dependency.name
            );
        }
    }
}

/// The Rust files below a folder, or the one file that it names; sorted.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    if folder.is_file() {
        return vec![folder.to_owned()];
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn every_package_opens_with_what_it_owns() {
    for package in packages() {
        for target in package
            .targets
            .iter()
            .filter(|target| target.is_lib() || target.is_cdylib())
        {
            let text = fs::read_to_string(&target.src_path).unwrap();
            let opening = text.lines().take_while(|line| line.starts_with("//!")).count();
            assert!(
                (3..=14).contains(&opening),
                "{}: {opening} lines of introduction",
                target.src_path
            );
        }
    }
}

#[test]
fn no_folder_has_a_mod_rs() {
    for package in packages() {
        let folder = package.manifest_path.parent().unwrap().join("src");
        for file in rust_files(folder.as_std_path()) {
            assert_ne!(file.file_name().unwrap(), "mod.rs", "{}", file.display());
        }
    }
}

#[test]
fn the_readme_names_only_what_is_there() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let mut missing = Vec::new();
    for quoted in readme.split('`').skip(1).step_by(2) {
        let first = quoted.split('/').next().unwrap_or_default();
        let is_path = quoted.contains('/')
            && [
                "app",
                "server",
                "migrations",
                "style",
                "public",
                "end2end",
                ".ci",
                ".config",
                ".cargo",
            ]
            .contains(&first)
            && !quoted.contains([' ', '<', '*', '{', '…', ':']);
        if is_path && !root().join(quoted).exists() {
            missing.push(quoted);
        }
    }
    assert!(
        missing.is_empty(),
        "the README names what is not there: {missing:?}"
    );
}
