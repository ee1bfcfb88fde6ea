//! A large catalogue for measurements: `size` offerings with four components and two plans each, `size` organizations with
//! a project, ten times as many resources, and one invoice of fifty lines.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Context;
use chrono::{Days, TimeDelta};
use domain::{
    Operations,
    access::{Actor, Grant, NewGrant, accounts::NewUser},
};
use model::{
    CatalogueSearch, ChargeType, CreateDraft, Fixed, LimitPeriod, Month, NewCategory, NewOrganization,
    NewProject, OfferingId, OrganizationId, PageRequest, PlanId, ProjectId, Role, Schema, Scope,
};
use plugins::{Plugin, PluginRegistry, instant::InstantPlugin};
use serde_json::json;

use super::{
    LAST, PASSWORD,
    clock::MovedClock,
    content::{ComponentContent, OfferingContent},
    demo, offerings,
};
use crate::{commands::say, config::Config};

/// Lines of the one long invoice.
const LONG: u32 = 50;
/// The e-mail of somebody who owns the organization with the long invoice.
const BUYER: &str = "buyer@bench.example";

pub(super) async fn fill(
    operations: &Operations,
    clock: &Arc<MovedClock>,
    config: &Config,
    size: u32,
) -> anyhow::Result<()> {
    let now = operations.clock().now();
    let before = now
        .date_naive()
        .checked_sub_days(Days::new(45))
        .context("a day before time began")?;
    clock.put(now - TimeDelta::days(45));
    let system = Actor::system();
    let category = NewCategory {
        name: "Compute".to_owned(),
        slug: Some("compute".to_owned()),
        description: "For measurements.".to_owned(),
        icon: "cpu".to_owned(),
        tint: "sea".to_owned(),
        attributes: Schema::default(),
    };
    operations
        .domain()
        .catalogue()
        .create_category(&system, category)
        .await?;
    let provider = organization(operations, "Bench provider", true).await?;
    let sold = sell(operations, provider, size).await?;
    say(&format!("made {size} offerings"))?;
    let mut projects = Vec::new();
    for index in 0..size {
        projects.push(project(operations, index).await?);
    }
    say(&format!("made {size} organizations"))?;
    let (owned, _) = *projects.first().context("no project")?;
    person(
        operations,
        BUYER,
        Role::OrganizationOwner,
        Scope::Organization(owned),
    )
    .await?;
    let buyer = super::actor(operations, BUYER).await?;
    let worker = demo::worker(operations, config)?;
    for index in 0..size.saturating_mul(10) {
        // The first organization has the long invoice and nothing else.
        let at = if index < LONG {
            0
        } else {
            1 + index % size.saturating_sub(1).max(1)
        };
        let (organization, project) = *projects.get(usize::try_from(at)?).context("too few projects")?;
        let limits = if index < LONG { one_line() } else { BTreeMap::new() };
        order(
            operations,
            &owner(&buyer, organization),
            &sold,
            (project, index),
            limits,
        )
        .await?;
        if index % 500 == 0 {
            worker.run_due().await?;
        }
    }
    worker.run_due().await?;
    say(&format!("made {} resources", size.saturating_mul(10)))?;
    clock.put(now);
    operations
        .domain()
        .billing()
        .close(&system, Month::containing(before))
        .await?;
    worker.run_due().await?;
    say("closed a month")?;
    // The first work of the day, else a portal that is measured still does it.
    operations.billing().accrue_open().await?;
    say("computed the month that runs")?;
    person(operations, LAST, Role::Staff, Scope::System).await
}

/// The buyer as the owner of another organization. The grant is not stored: somebody with a thousand of them is nobody
/// to measure with.
fn owner(buyer: &Actor, organization: OrganizationId) -> Actor {
    let grant = Grant {
        role: Role::OrganizationOwner,
        scope: Scope::Organization(organization),
    };
    Actor {
        grants: vec![grant],
        ..buyer.clone()
    }
}

/// Limits of which one alone costs anything, so that a month of the resource is one line.
fn one_line() -> BTreeMap<String, Fixed> {
    BTreeMap::from([
        ("memory".to_owned(), Fixed::ZERO),
        ("disk".to_owned(), Fixed::ZERO),
    ])
}

async fn organization(
    operations: &Operations,
    name: &str,
    is_provider: bool,
) -> anyhow::Result<OrganizationId> {
    let new = NewOrganization {
        name: name.to_owned(),
        is_provider,
        ..NewOrganization::default()
    };
    Ok(operations
        .domain()
        .structure()
        .create_organization(&Actor::system(), new)
        .await?)
}

async fn project(operations: &Operations, index: u32) -> anyhow::Result<(OrganizationId, ProjectId)> {
    let organization_id = organization(operations, &format!("Organization {index:05}"), false).await?;
    let new = NewProject {
        organization_id,
        name: format!("Project {index:05}"),
        slug: None,
        description: String::new(),
        start_date: None,
        end_date: None,
        approval_limit: None,
    };
    Ok((
        organization_id,
        operations
            .domain()
            .structure()
            .create_project(&Actor::system(), new)
            .await?,
    ))
}

async fn person(operations: &Operations, email: &str, role: Role, scope: Scope) -> anyhow::Result<()> {
    let (username, _) = email.split_once('@').context("no e-mail")?;
    let new = NewUser {
        email: email.to_owned(),
        name: username.to_owned(),
        username: username.to_owned(),
        password: PASSWORD.to_owned(),
    };
    let user = operations.accounts().create_user(new).await?;
    let grant = NewGrant {
        user,
        role,
        scope,
        expires_at: None,
        reason: "for measurements".to_owned(),
    };
    operations
        .domain()
        .access()
        .grant(&Actor::system(), grant)
        .await?;
    Ok(())
}

/// What an order needs to know of an offering.
#[derive(Clone, Copy)]
struct Sold {
    offering_id: OfferingId,
    plan_id: PlanId,
    terms_version: i32,
}

async fn sell(operations: &Operations, provider: OrganizationId, size: u32) -> anyhow::Result<Vec<Sold>> {
    let words = "Everything that a project needs, described at the length that real offerings have. ";
    let description: String = words.repeat(26).chars().take(2100).collect();
    let plugin: Arc<dyn Plugin> = Arc::new(InstantPlugin::new());
    let plugins = PluginRegistry::of([plugin]).facts();
    let instant = plugins.first().context("no plugin is there")?;
    for index in 0..size {
        let content = OfferingContent {
            provider: String::new(),
            category: "compute".to_owned(),
            name: format!("Offering {index:05}"),
            summary: "A balanced service for measurements.".to_owned(),
            attributes: json!({}),
            components: components()?,
            provider_approval: false,
        };
        let made = (provider, &content, description.clone());
        offerings::publish(operations, &Actor::system(), instant, made).await?;
    }
    let search = CatalogueSearch::default();
    let found = operations
        .domain()
        .catalogue()
        .search(None, &search, &PageRequest::first(20))
        .await?;
    let mut sold = Vec::new();
    for one in found.items {
        let whole = operations.domain().catalogue().offering(None, &one.slug).await?;
        let plan_id = whole.plans.first().context("no plan")?.id;
        sold.push(Sold {
            offering_id: one.id,
            plan_id,
            terms_version: whole.terms_version,
        });
    }
    Ok(sold)
}

fn components() -> anyhow::Result<Vec<ComponentContent>> {
    let one = |code: &str, charge, price: &str| -> anyhow::Result<ComponentContent> {
        let limited = charge == ChargeType::Limit;
        let bound = |text: &str| -> anyhow::Result<Option<Fixed>> {
            Ok(if limited { Some(text.parse()?) } else { None })
        };
        Ok(ComponentContent {
            code: code.to_owned(),
            name: code.to_uppercase(),
            unit: "unit".to_owned(),
            charge,
            limit_period: LimitPeriod::Month,
            min: bound("0")?,
            max: bound("1000")?,
            default: bound("2")?,
            step: None,
            price: price.parse()?,
            description: String::new(),
        })
    };
    Ok(vec![
        one("cores", ChargeType::Limit, "5.00")?,
        one("memory", ChargeType::Limit, "2.00")?,
        one("disk", ChargeType::Limit, "0.10")?,
        one("traffic", ChargeType::Usage, "0.05")?,
    ])
}

async fn order(
    operations: &Operations,
    by: &Actor,
    sold: &[Sold],
    (project_id, index): (ProjectId, u32),
    limits: BTreeMap<String, Fixed>,
) -> anyhow::Result<()> {
    let at = usize::try_from(index)? % sold.len().max(1);
    let Sold {
        offering_id,
        plan_id,
        terms_version,
    } = *sold.get(at).context("nothing is sold")?;
    let draft = CreateDraft {
        project_id,
        offering_id,
        plan_id,
        name: format!("resource-{index:06}"),
        limits,
        expected_use: [].into(),
        attributes: json!({}),
        accepted_terms: Some(terms_version),
        end_date: None,
        term_months: None,
        start_date: None,
    };
    operations
        .domain()
        .ordering()
        .place_create(by, draft, None)
        .await?;
    Ok(())
}
