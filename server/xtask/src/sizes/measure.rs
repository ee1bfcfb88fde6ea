//! Lines of one source file and of its functions, tests apart.

use anyhow::Result;
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItemFn, ItemFn, ItemMod, TraitItemFn};

/// What one file holds outside its tests.
#[derive(Default)]
pub(super) struct Measured {
    pub(super) lines: usize,
    /// Names and lines, from the first line of the signature to the closing brace.
    pub(super) functions: Vec<(String, usize)>,
}

pub(super) fn measure(text: &str) -> Result<Measured> {
    let file = syn::parse_file(text)?;
    let mut visitor = Visitor::default();
    visitor.visit_file(&file);
    let lines = text.lines().count().saturating_sub(visitor.test_lines);
    Ok(Measured {
        lines,
        functions: visitor.functions,
    })
}

#[derive(Default)]
struct Visitor {
    functions: Vec<(String, usize)>,
    test_lines: usize,
}

impl Visitor {
    fn function(&mut self, name: String, start: Span, end: Span) {
        self.functions.push((name, lines(start, end)));
    }
}

impl<'ast> Visit<'ast> for Visitor {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if is_test(&module.attrs) {
            self.test_lines += lines(module.span(), module.span());
            return;
        }
        visit::visit_item_mod(self, module);
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.function(
            function.sig.ident.to_string(),
            function.sig.span(),
            function.block.span(),
        );
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.function(
            function.sig.ident.to_string(),
            function.sig.span(),
            function.block.span(),
        );
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(body) = &function.default {
            self.function(function.sig.ident.to_string(), function.sig.span(), body.span());
        }
        visit::visit_trait_item_fn(self, function);
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    let mentions_test = |attribute: &Attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|path| path.is_ident("test"))
    };
    attributes.iter().any(mentions_test)
}

fn lines(start: Span, end: Span) -> usize {
    end.end().line.saturating_sub(start.start().line) + 1
}

#[cfg(test)]
mod tests {
    use super::measure;

    const FILE: &str = "/// Doc.\n#[inline]\nfn a(\n    b: u8,\n) -> u8 {\n    b\n}\n\nimpl C {\n    fn d() {}\n}\n\n\
        trait T {\n    fn none();\n    fn some() {\n    }\n}\n\n#[cfg(test)]\nmod tests {\n    fn e() {}\n}\n";

    #[test]
    fn functions_count_from_their_signature_to_their_brace() {
        let measured = measure(FILE).unwrap();
        let expected = [("a", 5), ("d", 1), ("some", 2)].map(|(name, lines)| (name.to_owned(), lines));
        assert_eq!(measured.functions, expected);
    }

    #[test]
    fn lines_of_tests_do_not_count() {
        assert_eq!(measure(FILE).unwrap().lines, FILE.lines().count() - 4);
        assert!(measure("fn {").is_err());
    }
}
