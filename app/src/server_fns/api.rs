//! The reference of the API.

use leptos::prelude::*;

use crate::{api_reference::Reference, error::AppError};

/// The API as people read it.
#[server(prefix = "/fn", endpoint = "load_api_reference")]
pub async fn load_api_reference() -> Result<Reference, AppError> {
    use crate::ssr;
    Ok(Reference::of(&*ssr::openapi()?, &ssr::public_url()?))
}
