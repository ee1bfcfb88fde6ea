//! What people see of their organizations, their projects and themselves, and what staff sees of the installation.

use leptos::prelude::*;
use leptos_router::{
    MatchNestedRoutes, SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path,
};

use crate::pages::{
    admin::{
        AdminInvoicesPage, AssignedBackendsPage, CategoriesPage, JobsPage, NewOrganizationPage,
        OrganizationsPage, PeoplePage,
    },
    api::ApiPage,
    approval_rules::{
        AdminRulePage, AdminRulesPage, OrganizationRulePage, OrganizationRulesPage, ProjectRulePage,
        ProjectRulesPage,
    },
    notices::{NoticeSettingsPage, NoticesPage},
    profile::{AwayPage, ProfilePage, TokensPage},
    structure::{
        AdminAuditPage, OrganizationAuditPage, OrganizationPage, OrganizationTeamPage, ProjectAuditPage,
        ProjectPage, ProjectSettingsPage, ProjectTeamPage, ProjectsPage, SettingsPage,
    },
    webhooks::{
        AdminWebhookPage, AdminWebhooksPage, OrganizationWebhookPage, OrganizationWebhooksPage,
        ProjectWebhookPage, ProjectWebhooksPage,
    },
};

#[component(transparent)]
pub fn StructureRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("api") view=ApiPage ssr=SsrMode::Async/>
        <Route path=path!("notices") view=NoticesPage ssr=SsrMode::Async/>
        <Route path=path!("notices/settings") view=NoticeSettingsPage ssr=SsrMode::Async/>
        <Route path=path!("profile") view=ProfilePage ssr=SsrMode::Async/>
        <Route path=path!("profile/away") view=AwayPage ssr=SsrMode::Async/>
        <Route path=path!("profile/tokens") view=TokensPage ssr=SsrMode::Async/>
        <Route path=path!("organizations/:id") view=OrganizationPage ssr=SsrMode::Async/>
        <Route path=path!("organizations/:id/projects") view=ProjectsPage ssr=SsrMode::Async/>
        <Route path=path!("organizations/:id/settings") view=SettingsPage ssr=SsrMode::Async/>
        <Route path=path!("organizations/:id/team") view=OrganizationTeamPage ssr=SsrMode::Async/>
        <Route path=path!("organizations/:id/audit") view=OrganizationAuditPage ssr=SsrMode::Async/>
        <Route path=path!("organizations/:id/approval-rules") view=OrganizationRulesPage ssr=SsrMode::Async/>
        <Route path=path!("organizations/:id/approval-rules/:rule") view=OrganizationRulePage ssr=SsrMode::Async/>
        <Route path=path!("organizations/:id/webhooks") view=OrganizationWebhooksPage ssr=SsrMode::Async/>
        <Route path=path!("organizations/:id/webhooks/:webhook") view=OrganizationWebhookPage ssr=SsrMode::Async/>
        <Route path=path!("projects/:id") view=ProjectPage ssr=SsrMode::Async/>
        <Route path=path!("projects/:id/settings") view=ProjectSettingsPage ssr=SsrMode::Async/>
        <Route path=path!("projects/:id/team") view=ProjectTeamPage ssr=SsrMode::Async/>
        <Route path=path!("projects/:id/audit") view=ProjectAuditPage ssr=SsrMode::Async/>
        <Route path=path!("projects/:id/approval-rules") view=ProjectRulesPage ssr=SsrMode::Async/>
        <Route path=path!("projects/:id/approval-rules/:rule") view=ProjectRulePage ssr=SsrMode::Async/>
        <Route path=path!("projects/:id/webhooks") view=ProjectWebhooksPage ssr=SsrMode::Async/>
        <Route path=path!("projects/:id/webhooks/:webhook") view=ProjectWebhookPage ssr=SsrMode::Async/>
        <Route path=path!("admin") view=JobsPage ssr=SsrMode::Async/>
        <Route path=path!("admin/jobs") view=JobsPage ssr=SsrMode::Async/>
        <Route path=path!("admin/invoices") view=AdminInvoicesPage ssr=SsrMode::Async/>
        <Route path=path!("admin/organizations") view=OrganizationsPage ssr=SsrMode::Async/>
        <Route path=path!("admin/organizations/new") view=NewOrganizationPage ssr=SsrMode::Async/>
        <Route path=path!("admin/organizations/:id/backends") view=AssignedBackendsPage ssr=SsrMode::Async/>
        <Route path=path!("admin/users") view=PeoplePage ssr=SsrMode::Async/>
        <Route path=path!("admin/categories") view=CategoriesPage ssr=SsrMode::Async/>
        <Route path=path!("admin/audit") view=AdminAuditPage ssr=SsrMode::Async/>
        <Route path=path!("admin/approval-rules") view=AdminRulesPage ssr=SsrMode::Async/>
        <Route path=path!("admin/approval-rules/:rule") view=AdminRulePage ssr=SsrMode::Async/>
        <Route path=path!("admin/webhooks") view=AdminWebhooksPage ssr=SsrMode::Async/>
        <Route path=path!("admin/webhooks/:webhook") view=AdminWebhookPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
