//! The server functions that scripts call, read from the source, so that a new one is tried without being listed.

use std::fs;

use anyhow::{Context, Result, ensure};
use syn::{Expr, ExprLit, FnArg, Item, ItemFn, Lit, Meta, Pat, Token, punctuated::Punctuated};
use walkdir::WalkDir;

use crate::paths;

/// A server function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Function {
    pub(super) endpoint: String,
    pub(super) arguments: Vec<String>,
}

/// All of those that read, in the order of their names. Those that change something are posted to by forms.
pub(super) fn find() -> Result<Vec<Function>> {
    let mut all = Vec::new();
    for entry in WalkDir::new(paths::root().join("app/src/server_fns")) {
        let entry = entry?;
        if entry.path().extension().is_some_and(|ending| ending == "rs") {
            all.extend(of_source(&fs::read_to_string(entry.path())?)?);
        }
    }
    all.retain(|function| function.endpoint.starts_with("load_"));
    all.sort_by(|one, other| one.endpoint.cmp(&other.endpoint));
    ensure!(
        !all.is_empty(),
        "there are no server functions in app/src/server_fns"
    );
    Ok(all)
}

fn of_source(text: &str) -> Result<Vec<Function>> {
    let file = syn::parse_file(text).context("a source of server functions cannot be read")?;
    let functions = file.items.into_iter().filter_map(|item| match item {
        Item::Fn(function) => of_item(&function),
        _ => None,
    });
    Ok(functions.collect())
}

fn of_item(function: &ItemFn) -> Option<Function> {
    let server = function.attrs.iter().find(|one| one.path().is_ident("server"))?;
    let settings = server
        .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
        .ok()?;
    let endpoint = settings.iter().find_map(|setting| match setting {
        Meta::NameValue(pair) if pair.path.is_ident("endpoint") => text_of(&pair.value),
        _ => None,
    })?;
    let arguments = function.sig.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(typed) => match typed.pat.as_ref() {
            Pat::Ident(name) => Some(name.ident.to_string()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    Some(Function {
        endpoint,
        arguments: arguments.collect(),
    })
}

fn text_of(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => Some(text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Function, of_source};

    #[test]
    fn endpoint_and_arguments_are_read() {
        let source = r#"#[server(prefix = "/fn", endpoint = "load_audit")]
            pub async fn load_audit(kind: String, id: String) -> Result<(), AppError> { Ok(()) }
            fn other() {}"#;
        let expected = Function {
            endpoint: "load_audit".to_owned(),
            arguments: vec!["kind".to_owned(), "id".to_owned()],
        };
        assert_eq!(of_source(source).unwrap(), [expected]);
    }
}
