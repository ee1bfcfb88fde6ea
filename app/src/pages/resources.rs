//! Resources: the list, one with usage and cost, and the forms that change or end it.

pub(crate) mod actions;
mod change_form;
mod detail;
mod end;
mod extend;
pub(crate) mod lifetime;
mod limits;
mod list;
mod plan;
mod usage;

pub use self::{
    actions::{ActionFormPage, ActionHistoryPage},
    detail::ResourcePage,
    end::ResourceEndPage,
    extend::ResourceExtendPage,
    limits::ResourceLimitsPage,
    list::ResourcesPage,
    plan::ResourcePlanPage,
};

use model::{ProjectId, ResourceState};

use crate::{
    components::{Breadcrumb, Tone},
    page::Area,
};

/// The way up from a resource: to the list of its project's, for those to whom the project opens.
fn breadcrumb(project: ProjectId) -> Breadcrumb {
    Breadcrumb::to("Resources", Area::of_project(project).resources())
}

pub(crate) fn tone(state: ResourceState) -> Tone {
    match state {
        ResourceState::Ok => Tone::Good,
        ResourceState::Creating | ResourceState::Updating | ResourceState::Terminating => Tone::Waiting,
        ResourceState::Erred => Tone::Bad,
        ResourceState::Terminated => Tone::Ended,
    }
}
