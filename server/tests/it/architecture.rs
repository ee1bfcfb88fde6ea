//! The house: who may import whom, in which order contexts stand, and that the README names only what is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// Who may import whom. `testkit` is for tests only; `xtask` builds and is built by nothing.
const ARROWS: [(&str, &[&str]); 12] = [
    ("model", &[]),
    ("entity", &["model"]),
    ("domain", &["model", "entity"]),
    ("plugins", &["model"]),
    ("documents", &["model"]),
    ("auth", &["model", "domain"]),
    ("worker", &["model", "domain", "plugins", "documents"]),
    ("app", &["model", "domain", "auth"]),
    (
        "server",
        &[
            "app",
            "auth",
            "documents",
            "domain",
            "migrations",
            "model",
            "plugins",
            "worker",
        ],
    ),
    ("migrations", &[]),
    ("testkit", &["model", "entity", "domain", "plugins", "migrations"]),
    ("xtask", &[]),
];

/// What only the server half of a package may import.
const ONLY_ON_THE_SERVER: [(&str, &str); 2] = [("app", "domain"), ("app", "auth")];

/// The contexts of `domain`: each imports those before it, and the floor.
const CONTEXTS: [&str; 7] = [
    "access",
    "structure",
    "catalogue",
    "provisioning",
    "usage",
    "billing",
    "ordering",
];
const FLOOR: [&str; 17] = [
    "audit",
    "check",
    "clock",
    "connect",
    "core",
    "country",
    "crypto",
    "db_error",
    "idempotency",
    "installation",
    "jobs",
    "page",
    "slug",
    "text",
    "trace",
    "verify",
    "zone",
];

/// What puts all contexts together; none of them may import it.
const ROOF: [&str; 2] = ["error", "lib"];

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

#[test]
fn packages_import_only_what_they_may() {
    let packages = packages();
    let ours: BTreeSet<String> = packages.iter().map(|package| package.name.to_string()).collect();
    let table: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    assert_eq!(
        ours,
        table.keys().map(ToString::to_string).collect(),
        "the table names every package"
    );
    for package in &packages {
        let allowed = table[package.name.as_str()];
        for dependency in package.dependencies.iter().filter(|one| ours.contains(&one.name)) {
            let (from, to) = (package.name.as_str(), dependency.name.as_str());
            match dependency.kind {
                DependencyKind::Development => assert_ne!(to, "server", "nothing imports server"),
                _ => assert!(allowed.contains(&to), "{from} must not import {to}"),
            }
            if ONLY_ON_THE_SERVER.contains(&(from, to)) {
                assert!(dependency.optional, "{from} imports {to} on the server only");
            }
        }
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

#[test]
fn packages_stay_away_from_what_is_not_theirs() {
    let foreign: [(&str, &[&str]); 6] = [
        ("model", &["tokio", "axum", "leptos", "reqwest", "sqlx"]),
        ("entity", &["axum", "leptos", "reqwest", "tokio"]),
        (
            "domain",
            &["axum", "leptos", "leptos_axum", "reqwest", "axum-login", "tower"],
        ),
        ("plugins", &["sea-orm", "axum", "leptos"]),
        ("documents", &["sea-orm", "axum", "leptos", "tokio"]),
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

#[test]
fn contexts_import_only_to_the_left() {
    let source = root().join("server/domain/src");
    let mut wrong = Vec::new();
    for file in rust_files(&source) {
        let inside = file.strip_prefix(&source).unwrap();
        let context = inside
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        let Some(place) = CONTEXTS.iter().position(|one| *one == context) else {
            assert!(
                [&ROOF[..], &FLOOR[..]].concat().contains(&context.as_str()),
                "{context} is neither context nor floor nor roof"
            );
            continue;
        };
        for used in used_modules(&fs::read_to_string(&file).unwrap()) {
            let other = CONTEXTS.iter().position(|one| **one == used);
            if ROOF.contains(&used.as_str()) || other.is_some_and(|other| other > place) {
                wrong.push(format!("{} imports {used}", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The first modules of all paths `crate::…` outside of comments, also in a list `crate::{a, b::c}`.
fn used_modules(text: &str) -> BTreeSet<String> {
    let code: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let mut modules = BTreeSet::new();
    for path in code.join("\n").split("crate::").skip(1) {
        let word = |text: &str| {
            text.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<String>()
        };
        match path.strip_prefix('{') {
            None => drop(modules.insert(word(path))),
            Some(list) => modules.extend(top_level(list).into_iter().map(|one| word(one.trim()))),
        }
    }
    modules
}

/// The parts of a list in braces, without what is nested in them.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_u32, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&list[start..at]);
                return parts;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts
}

#[test]
fn lists_of_imports_are_read() {
    let text = "// crate::comment\nuse crate::{access::{Actor, Target}, billing, core::Core};\ncrate::usage::report();";
    let found: Vec<String> = used_modules(text).into_iter().collect();
    assert_eq!(found, ["access", "billing", "core", "usage"]);
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
