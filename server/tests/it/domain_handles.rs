//! The two handles: front doors have `Domain`, whose methods all know for whom they act; only workers and the command
//! line have `Operations`.

use std::{fs, path::Path};

use syn::{FnArg, ImplItem, Item, Type, Visibility, visit::Visit};

use crate::architecture::{root, rust_files};

/// Front doors. What tells whether the process is alive and what it does is for machines, and has its own handle.
const DOORS: [&str; 6] = [
    "app/src",
    "server/auth/src",
    "server/src/rest",
    "server/src/rest.rs",
    "server/src/files",
    "server/src/http",
];
const NO_DOOR: &str = "server/src/http/health.rs";

/// The services that `Domain` hands out.
const SERVICES: [&str; 11] = [
    "Access",
    "Accounts",
    "Audit",
    "Billing",
    "Catalogue",
    "Domain",
    "Jobs",
    "Ordering",
    "Provisioning",
    "Structure",
    "Usage",
];

/// What makes an actor of somebody who signs in, or keeps who is signed in: there is none to ask yet.
const BEFORE_THERE_IS_AN_ACTOR: [&str; 8] = [
    "Access::actor_for",
    "Accounts::actor_by_token",
    "Accounts::authenticate",
    "Accounts::password_hash_of",
    "Accounts::session_create",
    "Accounts::session_delete",
    "Accounts::session_load",
    "Accounts::session_save",
];

#[test]
fn front_doors_never_name_what_acts_for_nobody() {
    let mut read = 0;
    for door in DOORS {
        for file in rust_files(&root().join(door)) {
            if file == root().join(NO_DOOR) {
                continue;
            }
            // A menu and a tag of the API's description are called so, too.
            let text = fs::read_to_string(&file).unwrap().replace("\"Operations\"", "");
            for word in ["Operations", "Actor::system"] {
                assert!(!text.contains(word), "{} names {word}", file.display());
            }
            read += 1;
        }
    }
    assert!(read > 100, "{read} files are the doors");
}

#[test]
fn services_of_front_doors_know_for_whom_they_act() {
    let mut seen = Methods::default();
    for file in rust_files(&root().join("server/domain/src")) {
        seen.visit_file(&parsed(&file));
    }
    assert!(seen.with_actor > 80, "{} methods take an actor", seen.with_actor);
    seen.without.sort();
    assert_eq!(seen.without, BEFORE_THERE_IS_AN_ACTOR);
}

fn parsed(file: &Path) -> syn::File {
    syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap()
}

#[derive(Default)]
struct Methods {
    with_actor: usize,
    without: Vec<String>,
}

impl<'a> Visit<'a> for Methods {
    fn visit_item(&mut self, item: &'a Item) {
        let Item::Impl(block) = item else { return };
        let Type::Path(of) = &*block.self_ty else { return };
        let service = of.path.segments.last().unwrap().ident.to_string();
        if block.trait_.is_some() || !SERVICES.contains(&service.as_str()) {
            return;
        }
        for item in &block.items {
            let ImplItem::Fn(method) = item else { continue };
            let is_called_by_doors =
                matches!(method.vis, Visibility::Public(_)) && method.sig.asyncness.is_some();
            if !is_called_by_doors {
                continue;
            }
            if method.sig.inputs.iter().any(is_actor) {
                self.with_actor += 1;
            } else {
                self.without.push(format!("{service}::{}", method.sig.ident));
            }
        }
    }
}

/// `&Actor`, or `Option<&Actor>` where visitors may ask, too.
fn is_actor(argument: &FnArg) -> bool {
    let FnArg::Typed(argument) = argument else {
        return false;
    };
    let mut ty = &*argument.ty;
    if let Type::Path(path) = ty
        && let Some(last) = path.path.segments.last()
        && let syn::PathArguments::AngleBracketed(inner) = &last.arguments
        && let Some(syn::GenericArgument::Type(inner)) = inner.args.first()
    {
        ty = inner;
    }
    let Type::Reference(reference) = ty else {
        return false;
    };
    matches!(&*reference.elem, Type::Path(path) if path.path.is_ident("Actor"))
}
