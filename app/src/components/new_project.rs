//! The way to a project for who has none that can be ordered for.

use leptos::prelude::*;

use super::button::LinkButton;

/// Where the reader may create projects. Given as context by whoever starts the rendering; without it that is nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectPlaces {
    /// Names of organizations, each with the address of the form.
    pub organizations: Vec<(String, String)>,
    /// The reader sees a project already.
    pub has_project: bool,
}

impl ProjectPlaces {
    /// What the page was given.
    pub fn of_reader() -> Self {
        use_context::<Self>().unwrap_or_default()
    }
}

/// More organizations than these are reached through the switcher.
const MOST: usize = 5;

/// A link for each organization in which the reader may create a project.
#[component]
pub fn NewProjectLinks(places: ProjectPlaces) -> impl IntoView {
    let link = |(name, href): (String, String)| {
        view! { <LinkButton href=href attr:data-test="new-project">{format!("Create a project in {name}")}</LinkButton> }
    };
    let organizations = places.organizations.into_iter().take(MOST);
    organizations.map(link).collect_view().into_any()
}
