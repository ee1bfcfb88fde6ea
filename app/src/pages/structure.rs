//! Organizations and projects: overview, people, history.

mod audit;
mod organization;
mod organization_fields;
mod project;
mod project_settings;
mod projects;
mod settings;
mod team;

pub use self::{
    audit::{AdminAuditPage, OrganizationAuditPage, ProjectAuditPage},
    organization::OrganizationPage,
    project::ProjectPage,
    project_settings::ProjectSettingsPage,
    projects::ProjectsPage,
    settings::SettingsPage,
    team::{OrganizationTeamPage, ProjectTeamPage},
};
pub(crate) use self::{
    audit::{history, subject_link},
    organization::by_project,
    organization_fields::{LegalFields, ProviderFields, SellerFields, text_field},
    team::{GrantForm, GrantScope, MemberTable, RoleEndForm, team_sections},
};

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{COMMITMENT, Spend};

use crate::components::*;

/// The id in the address; to be read before anything is awaited.
fn id_in_address() -> String {
    use_params_map().with_untracked(|params| params.get("id").unwrap_or_default())
}

/// What the limit of a project's managers goes by.
fn approval_limit_help() -> String {
    format!(
        "What an order commits to: {COMMITMENT}. Orders that commit to more wait for an owner of the organization. Empty: all wait."
    )
}

/// What the running month costs so far without tax, as one figure for each currency.
fn spent(spend: &Spend) -> impl IntoView + use<> {
    if spend.totals.is_empty() {
        return view! { <span class="muted">"Nothing yet"</span> }.into_any();
    }
    let sums = spend.totals.iter().map(|total| {
        view! { <Money amount=total.amount currency=total.currency.code()/> " " }
    });
    sums.collect_view().into_any()
}
