//! The reference of the API.

use leptos::prelude::*;

use crate::{api_reference::Reference, error::AppError};

/// The API as people read it.
#[server(prefix = "/fn", endpoint = "load_api_reference")]
pub async fn load_api_reference() -> Result<Reference, AppError> {
    use crate::ssr;
    let mut reference = Reference::of(&*ssr::openapi()?, &ssr::public_url()?);
    reference.about = ssr::markdown(&reference.about).await?;
    for endpoint in reference.groups.iter_mut().flat_map(|group| &mut group.endpoints) {
        endpoint.description = ssr::markdown(&endpoint.description).await?;
    }
    Ok(reference)
}
