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
    Attribute, ItemMod, ItemUse, PathSegment, UseTree,
    visit::{self, Visit},
};

/// Names of modules of this package that a file uses, outside of its tests.
#[derive(Default)]
struct Used(BTreeSet<String>);

fn of_tests(attributes: &[Attribute]) -> bool {
    let texts = attributes.iter().filter_map(|one| one.meta.require_list().ok());
    texts
        .into_iter()
        .any(|list| list.path.is_ident("cfg") && list.tokens.to_string() == "test")
}

impl<'ast> Visit<'ast> for Used {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !of_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if let UseTree::Path(path) = &item.tree
            && path.ident == "crate"
        {
            self.0.extend(first_names(&path.tree));
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<&PathSegment> = path.segments.iter().collect();
        if names.len() > 1 && names[0].ident == "crate" {
            self.0.insert(names[1].ident.to_string());
        }
        visit::visit_path(self, path);
    }
}

fn first_names(tree: &UseTree) -> Vec<String> {
    match tree {
        UseTree::Path(path) => vec![path.ident.to_string()],
        UseTree::Name(name) => vec![name.ident.to_string()],
        UseTree::Rename(rename) => vec![rename.ident.to_string()],
        UseTree::Group(group) => group.items.iter().flat_map(first_names).collect(),
        UseTree::Glob(_) => Vec::new(),
    }
}

fn uses() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = BTreeMap::<String, BTreeSet<String>>::new();
    for entry in walkdir::WalkDir::new(&root) {
        let entry = entry.unwrap();
        let inside = entry.path().strip_prefix(&root).unwrap();
        if inside.extension().is_none_or(|extension| extension != "rs") || inside == Path::new("lib.rs") {
            continue;
        }
        let module = inside
            .iter()
            .next()
            .unwrap()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        let mut used = Used::default();
        used.visit_file(&syn::parse_file(&fs::read_to_string(entry.path()).unwrap()).unwrap());
        used.0.remove(&module);
        all.entry(module).or_default().extend(used.0);
    }
    all
}

#[test]
fn modules_do_not_use_each_other_in_circles() {
    let uses = uses();
    assert!(uses["pages"].contains("components"), "uses are found: {uses:?}");
    let mut left: BTreeMap<_, _> = uses.clone();
    loop {
        let done: Vec<String> = left
            .iter()
            .filter(|(_, used)| used.iter().all(|one| !left.contains_key(one)))
            .map(|(module, _)| module.clone())
            .collect();
        if done.is_empty() {
            break;
        }
        for module in done {
            left.remove(&module);
        }
    }
    assert!(
        left.is_empty(),
        "these use each other in circles, or use such as do: {left:#?}"
    );
}
