//! What the modules of a package use of each other runs in one direction: who reads one module need not read all.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use syn::{
    Attribute, ItemMod, ItemUse, UseTree,
    visit::{self, Visit},
};

use super::{root, rust_files};

/// The modules of a package with what each uses.
type Modules = Vec<(Vec<String>, BTreeSet<Vec<String>>)>;

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

/// The modules whose files lie below this folder, those of tests left out.
fn modules(source: &str) -> Modules {
    let source = root().join(source);
    let mut all = Vec::new();
    for file in rust_files(&source) {
        let inside = file.strip_prefix(&source).unwrap().with_extension("");
        let module: Vec<String> = inside
            .iter()
            .map(|part| part.to_str().unwrap().to_owned())
            .collect();
        if module == ["lib"] || module.iter().any(|part| part == "tests") {
            continue;
        }
        let mut used = Used {
            module: module.clone(),
            paths: BTreeSet::new(),
        };
        used.visit_file(&syn::parse_file(&fs::read_to_string(&file).unwrap()).unwrap());
        all.push((module, used.paths));
    }
    all
}

/// Which modules right below `parent` use which others of them, inside their files and folders.
fn uses(modules: &Modules, parent: &[String]) -> BTreeMap<String, BTreeSet<String>> {
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

fn assert_no_circles(modules: &Modules) {
    let mut parents: BTreeSet<Vec<String>> = [Vec::new()].into();
    parents.extend(
        modules
            .iter()
            .filter_map(|(module, _)| Some(module.split_last()?.1.to_vec())),
    );
    for parent in parents {
        let left = circle(&uses(modules, &parent));
        assert!(
            left.is_empty(),
            "below {parent:?} these use each other in circles, or use such as do: {left:#?}"
        );
    }
}

#[test]
fn modules_of_app_do_not_use_each_other_in_circles() {
    let modules = modules("app/src");
    let top = uses(&modules, &[]);
    assert!(top["pages"].contains("components"), "uses are found: {top:?}");
    let form = uses(&modules, &["components".to_owned()]);
    assert!(
        form["attribute_form"].contains("form"),
        "uses are found: {form:?}"
    );
    assert_no_circles(&modules);
}

#[test]
fn modules_of_domain_do_not_use_each_other_in_circles() {
    let modules = modules("server/domain/src");
    let top = uses(&modules, &[]);
    assert!(
        top["ordering"].contains("billing") && top["audit"].contains("actor"),
        "uses are found: {top:?}"
    );
    assert_no_circles(&modules);
}

#[test]
fn a_circle_is_found() {
    let text = |module: &str, text: &str| {
        let mut used = Used {
            module: vec![module.to_owned()],
            paths: BTreeSet::new(),
        };
        used.visit_file(&syn::parse_file(text).unwrap());
        (vec![module.to_owned()], used.paths)
    };
    let modules = vec![
        text(
            "audit",
            "use crate::{jobs::{Job, self}, core::Core}; // crate::clock",
        ),
        text("jobs", "fn note() { crate::audit::note() }"),
        text("core", "#[cfg(test)] mod tests { use crate::jobs::Job; }"),
    ];
    let left = circle(&uses(&modules, &[]));
    let names: Vec<&String> = left.keys().collect();
    assert_eq!(names, ["audit", "jobs"]);
}

/// The contexts of `domain` in their order, what lies below them, and what lies above them, as the README says.
fn contexts() -> [Vec<String>; 3] {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let start = readme.find("Inside `domain`").unwrap();
    let (chain, rest) = readme[start..].split_once("Below them lie").unwrap();
    let (below, rest) = rest.split_once("above them").unwrap();
    let (above, _) = rest.split_once('.').unwrap();
    let names =
        |text: &str| -> Vec<String> { text.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let chain = names(chain).into_iter().find(|one| one.contains('←')).unwrap();
    [
        chain.split('←').map(|one| one.trim().to_owned()).collect(),
        names(below),
        names(above),
    ]
}

#[test]
fn contexts_of_domain_stand_as_the_readme_says() {
    let [chain, below, above] = contexts();
    assert!(chain.len() >= 7 && below.len() >= 10 && !above.is_empty());
    let modules = modules("server/domain/src");
    let uses = uses(&modules, &[]);
    let there: Vec<&String> = uses.keys().collect();
    let mut named: Vec<&String> = [&chain, &below, &above].into_iter().flatten().collect();
    named.sort();
    assert_eq!(named, there, "the README names each module of domain once");
    // How high a module stands; what stands above all may use all.
    let place = |module: &String| match chain.iter().position(|one| one == module) {
        Some(place) => place + 1,
        None if below.contains(module) => 0,
        None => chain.len() + 1,
    };
    let mut wrong = Vec::new();
    for (module, used) in &uses {
        let upward = used.iter().filter(|one| place(one) > place(module));
        wrong.extend(upward.map(|one| format!("{module} uses {one}")));
    }
    for (module, used) in &modules {
        // `crate::Domain`, which is all contexts together.
        let whole = used
            .iter()
            .any(|path| path.len() == 1 && path[0].starts_with(char::is_uppercase));
        if whole && place(&module[0]) <= chain.len() {
            wrong.push(format!("{} uses the whole", module.join("::")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What draws knows neither where its data comes from nor which page it stands on.
#[test]
fn pages_stand_on_components_and_never_the_reverse() {
    let uses = uses(&modules("app/src"), &[]);
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
