//! What people see of what they use and pay.

use leptos::prelude::*;
use leptos_router::{
    MatchNestedRoutes, SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path,
};

use crate::pages::{
    approvals::ApprovalsPage,
    invoices::{AccountsPage, InvoicePage, InvoicesPage},
    resources::{
        ActionFormPage, ActionHistoryPage, ResourceEndPage, ResourceExtendPage, ResourceLimitsPage,
        ResourcePage, ResourcePlanPage, ResourcesPage,
    },
};

#[component(transparent)]
pub fn ResourceRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("approvals") view=ApprovalsPage ssr=SsrMode::Async/>
        <Route path=path!("resources") view=ResourcesPage ssr=SsrMode::Async/>
        <Route path=path!("resources/:id") view=ResourcePage ssr=SsrMode::Async/>
        <Route path=path!("resources/:id/limits") view=ResourceLimitsPage ssr=SsrMode::Async/>
        <Route path=path!("resources/:id/actions") view=ActionHistoryPage ssr=SsrMode::Async/>
        <Route path=path!("resources/:id/actions/:key") view=ActionFormPage ssr=SsrMode::Async/>
        <Route path=path!("resources/:id/plan") view=ResourcePlanPage ssr=SsrMode::Async/>
        <Route path=path!("resources/:id/extend") view=ResourceExtendPage ssr=SsrMode::Async/>
        <Route path=path!("resources/:id/terminate") view=ResourceEndPage ssr=SsrMode::Async/>
        <Route path=path!("accounts") view=AccountsPage ssr=SsrMode::Async/>
        <Route path=path!("invoices") view=InvoicesPage ssr=SsrMode::Async/>
        <Route path=path!("invoices/:id") view=InvoicePage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
