//! What buyers and visitors see.

use leptos::prelude::*;
use leptos_router::{
    MatchNestedRoutes, SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path,
};

use crate::pages::{
    marketplace::{MarketplacePage, OfferingPage, OrderFormPage, TermsVersionPage},
    orders::{OrderPage, OrdersPage},
    profile::PasswordPage,
    sign_in::SignInPage,
    start::StartPage,
};

#[component(transparent)]
pub fn OrderingRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("") view=StartPage ssr=SsrMode::Async/>
        <Route path=path!("sign-in") view=SignInPage ssr=SsrMode::Async/>
        <Route path=path!("profile/password") view=PasswordPage ssr=SsrMode::Async/>
        <Route path=path!("marketplace") view=MarketplacePage ssr=SsrMode::Async/>
        <Route path=path!("marketplace/:category") view=MarketplacePage ssr=SsrMode::Async/>
        <Route path=path!("offerings/:slug") view=OfferingPage ssr=SsrMode::Async/>
        <Route path=path!("offerings/:slug/order") view=OrderFormPage ssr=SsrMode::Async/>
        <Route path=path!("offerings/:slug/terms/:version") view=TermsVersionPage ssr=SsrMode::Async/>
        <Route path=path!("orders") view=OrdersPage ssr=SsrMode::Async/>
        <Route path=path!("orders/:id") view=OrderPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
