//! What the modules of this package use of each other runs in one direction: who reads one module need not read all.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use syn::{
    Attribute, ItemMod, ItemUse, UseTree,
    visit::{self, Visit},
};

/// What a file uses of this package outside of its tests, as paths from the root: `["components", "form", "Choice"]`.
struct Used {
    /// The module that is being read.
    module: Vec<String>,
    paths: BTreeSet<Vec<String>>,
}

fn of_tests(attributes: &[Attribute]) -> bool {
    let texts = attributes.iter().filter_map(|one| one.meta.require_list().ok());
    texts
        .into_iter()
        .any(|list| list.path.is_ident("cfg") && list.tokens.to_string() == "test")
}

impl Used {
    fn add(&mut self, path: &[String]) {
        let mut base = match path[0].as_str() {
            "crate" => Vec::new(),
            "self" | "super" => self.module.clone(),
            _ => return,
        };
        for name in path {
            match name.as_str() {
                "crate" | "self" => {}
                "super" => drop(base.pop()),
                name => base.push(name.to_owned()),
            }
        }
        self.paths.insert(base);
    }
}

impl<'ast> Visit<'ast> for Used {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !of_tests(&module.attrs) {
            self.module.push(module.ident.to_string());
            visit::visit_item_mod(self, module);
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for path in paths(&item.tree) {
            self.add(&path);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|one| one.ident.to_string()).collect();
        self.add(&names);
        visit::visit_path(self, path);
    }
}

fn paths(tree: &UseTree) -> Vec<Vec<String>> {
    match tree {
        UseTree::Path(path) => paths(&path.tree)
            .into_iter()
            .map(|rest| [vec![path.ident.to_string()], rest].concat())
            .collect(),
        UseTree::Name(name) => vec![vec![name.ident.to_string()]],
        UseTree::Rename(rename) => vec![vec![rename.ident.to_string()]],
        UseTree::Group(group) => group.items.iter().flat_map(paths).collect(),
        UseTree::Glob(_) => vec![Vec::new()],
    }
}

/// The modules of the package with what each uses.
fn modules() -> Vec<(Vec<String>, BTreeSet<Vec<String>>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    for entry in walkdir::WalkDir::new(&root) {
        let entry = entry.unwrap();
        let inside = entry.path().strip_prefix(&root).unwrap();
        if inside.extension().is_none_or(|extension| extension != "rs") || inside == Path::new("lib.rs") {
            continue;
        }
        let module: Vec<String> = inside
            .with_extension("")
            .iter()
            .map(|part| part.to_str().unwrap().to_owned())
            .collect();
        let mut used = Used {
            module: module.clone(),
            paths: BTreeSet::new(),
        };
        used.visit_file(&syn::parse_file(&fs::read_to_string(entry.path()).unwrap()).unwrap());
        all.push((module, used.paths));
    }
    all
}

/// Which modules right below `parent` use which others of them, inside their files and folders.
fn uses(
    modules: &[(Vec<String>, BTreeSet<Vec<String>>)],
    parent: &[String],
) -> BTreeMap<String, BTreeSet<String>> {
    let below = |path: &[String]| path.strip_prefix(parent).and_then(|rest| rest.first().cloned());
    let mut all = BTreeMap::<String, BTreeSet<String>>::new();
    for (module, used) in modules {
        if let Some(child) = below(module) {
            let used = used
                .iter()
                .filter_map(|path| below(path))
                .filter(|one| *one != child);
            all.entry(child.clone()).or_default().extend(used);
        }
    }
    let known: BTreeSet<String> = all.keys().cloned().collect();
    for used in all.values_mut() {
        // The rest are items of the parent itself.
        used.retain(|one| known.contains(one));
    }
    all
}

fn circle(uses: &BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    let mut left = uses.clone();
    loop {
        let done: Vec<String> = left
            .iter()
            .filter(|(_, used)| used.iter().all(|one| !left.contains_key(one)))
            .map(|(module, _)| module.clone())
            .collect();
        if done.is_empty() {
            return left;
        }
        for module in done {
            left.remove(&module);
        }
    }
}

#[test]
fn modules_do_not_use_each_other_in_circles() {
    let modules = modules();
    let top = uses(&modules, &[]);
    assert!(top["pages"].contains("components"), "uses are found: {top:?}");
    let form = uses(&modules, &["components".to_owned()]);
    assert!(
        form["attribute_form"].contains("form"),
        "uses are found: {form:?}"
    );
    let mut parents: BTreeSet<Vec<String>> = [Vec::new()].into();
    parents.extend(
        modules
            .iter()
            .filter_map(|(module, _)| Some(module.split_last()?.1.to_vec())),
    );
    for parent in parents {
        let left = circle(&uses(&modules, &parent));
        assert!(
            left.is_empty(),
            "below {parent:?} these use each other in circles, or use such as do: {left:#?}"
        );
    }
}

/// What draws knows neither where its data comes from nor which page it stands on.
#[test]
fn pages_stand_on_components_and_never_the_reverse() {
    let uses = uses(&modules(), &[]);
    let above = |module: &str, forbidden: &[&str]| {
        let found: Vec<&str> = forbidden
            .iter()
            .copied()
            .filter(|one| uses[module].contains(*one))
            .collect();
        assert!(found.is_empty(), "{module} uses {found:?}");
    };
    above(
        "components",
        &["islands", "page", "pages", "server_fns", "ssr", "shell", "router"],
    );
    above(
        "islands",
        &["page", "pages", "server_fns", "ssr", "shell", "router"],
    );
    above(
        "ssr",
        &["islands", "page", "pages", "server_fns", "shell", "router"],
    );
    above("server_fns", &["islands", "page", "pages", "shell", "router"]);
    above("page", &["pages", "islands", "shell", "router"]);
    above("pages", &["shell", "router"]);
}
