//! What providers see.

use leptos::prelude::*;
use leptos_router::{
    MatchNestedRoutes, SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path,
};

use crate::pages::{
    approval_rules::{ProviderRulePage, ProviderRulesPage},
    offering_steps::{
        ActionsPage, ComponentsPage, DescribePage, FormPage, OfferingPeoplePage, OwnActionPage, PlansPage,
        ProvisioningPage, PublishPage, TermsPage,
    },
    provider::{
        NewOfferingPage, ProviderAuditPage, ProviderInvoicesPage, ProviderOrderPage, ProviderOrdersPage,
        ProviderPage, ProviderResourcesPage, ProviderTaskPage, ProviderTasksPage, ProviderUsagePage,
    },
    webhooks::{ProviderWebhookPage, ProviderWebhooksPage},
};

#[component(transparent)]
pub fn ProviderRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("provider/offerings/:id") view=DescribePage ssr=SsrMode::Async/>
        <Route path=path!("provider/offerings/:id/describe") view=DescribePage ssr=SsrMode::Async/>
        <Route path=path!("provider/offerings/:id/provisioning") view=ProvisioningPage ssr=SsrMode::Async/>
        <Route path=path!("provider/offerings/:id/components") view=ComponentsPage ssr=SsrMode::Async/>
        <Route path=path!("provider/offerings/:id/plans") view=PlansPage ssr=SsrMode::Async/>
        <Route path=path!("provider/offerings/:id/form") view=FormPage ssr=SsrMode::Async/>
        <Route path=path!("provider/offerings/:id/actions") view=ActionsPage ssr=SsrMode::Async/>
        <Route path=path!("provider/offerings/:id/actions/:key") view=OwnActionPage ssr=SsrMode::Async/>
        <Route path=path!("provider/offerings/:id/terms") view=TermsPage ssr=SsrMode::Async/>
        <Route path=path!("provider/offerings/:id/publish") view=PublishPage ssr=SsrMode::Async/>
        <Route path=path!("provider/offerings/:id/people") view=OfferingPeoplePage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org") view=ProviderPage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/new") view=NewOfferingPage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/orders") view=ProviderOrdersPage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/orders/:id") view=ProviderOrderPage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/tasks") view=ProviderTasksPage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/tasks/:id") view=ProviderTaskPage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/resources") view=ProviderResourcesPage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/usage") view=ProviderUsagePage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/invoices") view=ProviderInvoicesPage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/audit") view=ProviderAuditPage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/approval-rules") view=ProviderRulesPage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/approval-rules/:rule") view=ProviderRulePage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/webhooks") view=ProviderWebhooksPage ssr=SsrMode::Async/>
        <Route path=path!("provider/:org/webhooks/:webhook") view=ProviderWebhookPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
