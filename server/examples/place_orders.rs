//! How many orders a second the portal carries out: `place_orders <address> <token> <count>` places them through the API,
//! sixteen at once, waits until the API says that each is done, and prints the time as JSON.

use std::{
    collections::BTreeMap,
    env,
    io::{Write, stdout},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use model::{CreateDraft, OfferingDetail, OrderDetail, OrderState, OrderSummary, Page, ProjectSummary};
use reqwest::Client;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::{task::JoinSet, time::sleep};

/// Requests at once.
const AT_ONCE: usize = 16;
/// Between two looks at the orders that are not done.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Longer than this nothing takes unless it is broken.
const PATIENCE: Duration = Duration::from_mins(2);
/// Offerings that are ordered in turn.
const OFFERINGS: usize = 20;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut words = env::args().skip(1);
    let address = words.next().context("the first argument is the portal's address")?;
    let token = words.next().context("the second argument is a token")?;
    let count: usize = words.next().context("the third argument is a number of orders")?.parse()?;
    let portal = Portal { client: Client::new(), address, token };
    let drafts = Arc::new(portal.drafts().await?);
    let started = Instant::now();
    portal.place(&drafts, count).await?;
    let placed = started.elapsed();
    portal.wait().await?;
    let took = started.elapsed();
    portal.check(count).await?;
    let answer = json!({ "orders": count, "placed_seconds": placed.as_secs_f64(), "seconds": took.as_secs_f64() });
    writeln!(stdout(), "{answer}")?;
    Ok(())
}

#[derive(Clone)]
struct Portal {
    client: Client,
    address: String,
    token: String,
}

impl Portal {
    async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let request = self.client.get(format!("{}/api/v1{path}", self.address)).bearer_auth(&self.token);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// One draft for each offering, all for the first project of the token's owner.
    async fn drafts(&self) -> anyhow::Result<Vec<CreateDraft>> {
        let projects: Page<ProjectSummary> = self.get("/projects?limit=1").await?;
        let project_id = projects.items.first().context("the owner of the token has no project")?.id;
        let found: model::CatalogueResult = self.get(&format!("/offerings?limit={OFFERINGS}")).await?;
        let mut drafts = Vec::new();
        for one in found.items {
            let offering: OfferingDetail = self.get(&format!("/offerings/{}", one.slug)).await?;
            drafts.push(CreateDraft {
                project_id,
                offering_id: one.id,
                plan_id: offering.plans.first().context("an offering has no plan")?.id,
                name: "measured".to_owned(),
                limits: BTreeMap::new(),
                attributes: json!({}),
                accepted_terms: Some(offering.terms_version),
                end_date: None,
            });
        }
        ensure!(!drafts.is_empty(), "nothing is offered");
        Ok(drafts)
    }

    async fn place(&self, drafts: &Arc<Vec<CreateDraft>>, count: usize) -> anyhow::Result<()> {
        let next = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        for _ in 0..AT_ONCE {
            let (portal, drafts, next) = (self.clone(), Arc::clone(drafts), Arc::clone(&next));
            tasks.spawn(async move {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        return Ok(());
                    }
                    portal.place_one(&drafts, index).await?;
                }
            });
        }
        while let Some(ended) = tasks.join_next().await {
            let ended: anyhow::Result<()> = ended?;
            ended?;
        }
        Ok(())
    }

    async fn place_one(&self, drafts: &[CreateDraft], index: usize) -> anyhow::Result<()> {
        let draft = drafts.get(index % drafts.len()).context("no draft")?;
        let draft = CreateDraft { name: format!("measured-{index:06}"), ..draft.clone() };
        let request = self.client.post(format!("{}/api/v1/orders", self.address)).bearer_auth(&self.token);
        let answer = request.json(&draft).send().await?;
        if !answer.status().is_success() {
            bail!("an order was refused: {}", answer.text().await?);
        }
        let placed: OrderDetail = answer.json().await?;
        let state = placed.summary.state;
        ensure!(matches!(state, OrderState::Executing | OrderState::Done), "an order is {}", state.as_str());
        Ok(())
    }

    /// Until no order is being carried out any more.
    async fn wait(&self) -> anyhow::Result<()> {
        let started = Instant::now();
        loop {
            let open: Page<OrderSummary> = self.get("/orders?state=executing&limit=1").await?;
            if open.items.is_empty() {
                return Ok(());
            }
            ensure!(started.elapsed() < PATIENCE, "some orders are not done after {PATIENCE:?}");
            sleep(LOOK_EVERY).await;
        }
    }

    /// Every order that was placed, and not just fewer, must have ended well.
    async fn check(&self, count: usize) -> anyhow::Result<()> {
        let mut done = 0;
        let mut path = "/orders?state=done&limit=100".to_owned();
        loop {
            let page: Page<OrderSummary> = self.get(&path).await?;
            done += page.items.iter().filter(|order| order.resource_name.starts_with("measured-")).count();
            let Some(next) = page.next else { break };
            path = format!("/orders?state=done&limit=100&cursor={next}");
        }
        ensure!(done == count, "{done} of {count} orders are done");
        Ok(())
    }
}
