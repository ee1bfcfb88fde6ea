//! A place that has things of its own (webhooks, rules of approval), as addresses and forms name it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::page::Area;

/// The installation, an organization, a project or a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) kind: &'static str,
    pub(super) id: String,
}

impl Place {
    /// The one in the address; to be read before anything is awaited.
    pub(super) fn of(kind: &'static str, parameter: &str) -> Self {
        let id = use_params_map().with_untracked(|params| params.get(parameter).unwrap_or_default());
        Self { kind, id }
    }

    pub(super) fn system() -> Self {
        Self {
            kind: "system",
            id: String::new(),
        }
    }

    pub(super) fn area(&self) -> Area {
        match self.kind {
            "organization" => Area::Organization(self.id.clone()),
            "project" => Area::Project(self.id.clone()),
            "provider" => Area::Provider(self.id.clone()),
            _ => Area::Staff,
        }
    }

    /// What every form of it sends along.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        vec![
            ("scope".to_owned(), self.kind.to_owned()),
            ("scope_id".to_owned(), self.id.clone()),
        ]
    }

    /// The same for a form about one thing of it.
    pub(super) fn fields_of(&self, name: &str, id: impl std::fmt::Display) -> Vec<(String, String)> {
        let mut fields = self.fields();
        fields.push((name.to_owned(), id.to_string()));
        fields
    }
}
