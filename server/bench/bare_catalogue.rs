//! What the catalogue page is measured against: a bare axum handler that runs the same queries and answers with JSON.
//! `bare_catalogue <database url> <address to listen on>`

use std::{env, sync::Arc};

use anyhow::Context;
use axum::{Json, Router, extract::State, routing::get, serve::ListenerExt};
use domain::{Cipher, Domain, Operations, SystemClock, connect::connect};
use http::StatusCode;
use model::{CatalogueResult, CatalogueSearch, Category, PageRequest};
use serde::Serialize;
use tokio::net::TcpListener;

/// As many as the portal opens when nothing else is said.
const CONNECTIONS: u32 = 10;

#[derive(Serialize)]
struct Catalogue {
    categories: Vec<Category>,
    result: CatalogueResult,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut words = env::args().skip(1);
    let url = words
        .next()
        .context("the first argument is the database's address")?;
    let listen = words
        .next()
        .context("the second argument is the address to listen on")?;
    let operations = Operations::new(
        connect(&url, CONNECTIONS).await?,
        Arc::new(SystemClock),
        Cipher::new("none is opened here"),
    );
    let routes = Router::new()
        .route("/", get(catalogue))
        .with_state(operations.domain().clone());
    let listener = TcpListener::bind(&listen)
        .await
        .with_context(|| format!("{listen} cannot be listened on"))?;
    // As the portal does; a connection that keeps its delay is only slower.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, routes).await.context("serving ended")
}

async fn catalogue(State(domain): State<Domain>) -> Result<Json<Catalogue>, StatusCode> {
    load(&domain)
        .await
        .map(Json)
        .or(Err(StatusCode::INTERNAL_SERVER_ERROR))
}

async fn load(domain: &Domain) -> anyhow::Result<Catalogue> {
    let catalogue = domain.catalogue();
    let categories = catalogue.categories(None).await?;
    let search = CatalogueSearch {
        count: true,
        ..CatalogueSearch::default()
    };
    let result = catalogue
        .search(None, &search, &PageRequest::first(PageRequest::PORTAL))
        .await?;
    Ok(Catalogue { categories, result })
}
