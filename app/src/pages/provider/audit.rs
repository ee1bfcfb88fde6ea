use leptos::prelude::*;

use super::provider_id;
use crate::{
    page::{Area, page},
    pages::structure::history,
    routes,
    server_fns::structure::load_audit,
};

#[component]
pub fn ProviderAuditPage() -> impl IntoView {
    let id = provider_id();
    page(Area::Provider(id.clone()), async move {
        let page = load_audit("provider".to_owned(), id.clone()).await?;
        Ok(history(page, routes::provider_part(id, "audit")))
    })
}
