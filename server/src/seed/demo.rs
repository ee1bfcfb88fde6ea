//! The demo content: people and offerings a hundred days ago, then day by day until now.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Context;
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use domain::{
    Operations,
    access::{Actor, NewGrant, accounts::NewUser},
    catalogue::SentValues,
};
use model::{
    CreateDraft, Fixed, Month, NewProject, OrganizationId, ProjectId, ResourceId, Role, Scope, UsageReport,
};
use rust_decimal::Decimal;
use worker::{Worker, WorkerOptions};

use super::{
    PASSWORD, actor,
    clock::MovedClock,
    content::{Content, DailyContent, GrantContent, PersonContent, WaitingContent, demo},
    offerings,
};
use crate::{commands::say, config::Config, state};

/// How far back the content begins.
const DAYS: u64 = 100;

/// What was made, by the names that the content uses.
#[derive(Default)]
struct Made {
    organizations: BTreeMap<String, OrganizationId>,
    projects: BTreeMap<String, (ProjectId, String)>,
    running: Vec<(ResourceId, Actor, Vec<DailyContent>)>,
}

pub(super) async fn fill(
    operations: &Operations,
    clock: &Arc<MovedClock>,
    config: &Config,
) -> anyhow::Result<()> {
    let now = operations.clock().now();
    let content = demo()?;
    let first = now - TimeDelta::days(i64::try_from(DAYS)?);
    clock.put(first);
    let mut made = Made::default();
    structure(operations, &content, &mut made).await?;
    assign_backends(operations, &content, &made, config).await?;
    let (last, rest): (Vec<_>, Vec<_>) = content
        .people
        .iter()
        .partition(|person| person.email == super::LAST);
    for person in rest {
        add_person(operations, person, &made).await?;
    }
    say(&format!(
        "made {} organizations and {} people",
        content.organizations.len(),
        content.people.len()
    ))?;
    catalogue(operations, &content, &made, config).await?;
    say(&format!(
        "made {} offerings in {} categories",
        content.offerings.len(),
        content.categories.len()
    ))?;
    let worker = worker(operations, config)?;
    days(operations, clock, &content, &mut made, &worker, now).await?;
    clock.put(now - TimeDelta::hours(5));
    for waiting in &content.waiting {
        place_waiting(operations, waiting, &made).await?;
    }
    clock.put(now);
    for person in last {
        add_person(operations, person, &made).await?;
    }
    say(&format!(
        "made {} resources with {DAYS} days of usage and invoices",
        content.resources.len()
    ))
}

pub(super) fn worker(operations: &Operations, config: &Config) -> anyhow::Result<Worker> {
    let options = WorkerOptions {
        concurrency: 1,
        per_backend: 64,
        lease: config.work.lease,
        usage_every: config.work.usage_every,
        fonts: config.storage.fonts(),
        outgoing: config.outgoing.client()?,
    };
    Ok(Worker::new(
        operations.clone(),
        Arc::new(state::registry(&config.slurm)),
        "seed".to_owned(),
        options,
    ))
}

async fn structure(operations: &Operations, content: &Content, made: &mut Made) -> anyhow::Result<()> {
    let system = Actor::system();
    for organization in &content.organizations {
        let id = operations
            .domain()
            .structure()
            .create_organization(&system, organization.clone())
            .await?;
        made.organizations
            .insert(organization.slug.clone().unwrap_or_default(), id);
    }
    for project in &content.projects {
        let new = NewProject {
            organization_id: found(&made.organizations, &project.organization)?,
            name: project.name.clone(),
            slug: Some(project.slug.clone()),
            description: project.description.clone(),
            start_date: None,
            end_date: None,
            approval_limit: project.approval_limit,
        };
        let id = operations
            .domain()
            .structure()
            .create_project(&system, new)
            .await?;
        made.projects
            .insert(project.slug.clone(), (id, project.organization.clone()));
    }
    Ok(())
}

async fn assign_backends(
    operations: &Operations,
    content: &Content,
    made: &Made,
    config: &Config,
) -> anyhow::Result<()> {
    let plugins = state::registry(&config.slurm).facts();
    for backend in &content.backends {
        let plugin = plugins.iter().find(|plugin| plugin.kind == backend.plugin);
        let plugin = plugin.with_context(|| format!("no plugin is called {}", backend.plugin))?;
        let provider = found(&made.organizations, &backend.provider)?;
        let settings = SentValues::Json(backend.settings.clone());
        operations
            .domain()
            .catalogue()
            .assign_backend(&Actor::system(), provider, &plugin.into(), settings)
            .await?;
    }
    Ok(())
}

async fn add_person(operations: &Operations, person: &PersonContent, made: &Made) -> anyhow::Result<()> {
    let new = NewUser {
        email: person.email.clone(),
        name: person.name.clone(),
        username: person.username.clone(),
        password: PASSWORD.to_owned(),
    };
    let user = operations.accounts().create_user(new).await?;
    let own = actor(operations, &person.email).await?;
    let accounts = operations.domain().accounts();
    accounts
        .set_profile(&own, &person.name, &person.time_zone)
        .await?;
    for grant in &person.grants {
        let scope = scope(grant, made)?;
        let new = NewGrant {
            user,
            role: grant.role,
            scope,
            expires_at: None,
            reason: "demo content".to_owned(),
        };
        operations.domain().access().grant(&Actor::system(), new).await?;
    }
    Ok(())
}

fn scope(grant: &GrantContent, made: &Made) -> anyhow::Result<Scope> {
    Ok(match grant.scope.as_str() {
        "system" => Scope::System,
        "organization" => Scope::Organization(found(&made.organizations, &grant.at)?),
        "provider" => Scope::Provider(found(&made.organizations, &grant.at)?),
        "project" => Scope::Project(found(&made.projects, &grant.at)?.0),
        other => anyhow::bail!("the demo content names a scope “{other}”"),
    })
}

fn found<T: Clone>(all: &BTreeMap<String, T>, name: &str) -> anyhow::Result<T> {
    all.get(name)
        .cloned()
        .with_context(|| format!("the demo content has no “{name}”"))
}

async fn catalogue(
    operations: &Operations,
    content: &Content,
    made: &Made,
    config: &Config,
) -> anyhow::Result<()> {
    for category in &content.categories {
        operations
            .domain()
            .catalogue()
            .create_category(&Actor::system(), category.clone())
            .await?;
    }
    let plugins = state::registry(&config.slurm).facts();
    let instant = plugins.iter().find(|plugin| plugin.kind == "instant");
    let instant = instant.context("no plugin is called instant")?;
    for offering in &content.offerings {
        let provider = found(&made.organizations, &offering.provider)?;
        let manager = head_of(content, &offering.provider, Role::ProviderManager)?;
        let by = actor(operations, manager).await?;
        let description = format!(
            "{}\n\n## What you get\n\n- Access for everybody in your project\n- Usage and costs by day\n- Help on working days \
             from people who run it\n\n## Good to know\n\nOrders are carried out at once after approval. You can change limits \
             and end the service at any time; what was used is billed by the day.",
            offering.summary
        );
        offerings::publish(operations, &by, instant, (provider, offering, description)).await?;
    }
    Ok(())
}

/// The e-mail of the first person with the role at the organization.
fn head_of<'a>(content: &'a Content, organization: &str, role: Role) -> anyhow::Result<&'a str> {
    let holds = |person: &&PersonContent| {
        person
            .grants
            .iter()
            .any(|one| one.role == role && one.at == organization)
    };
    let person = content.people.iter().find(holds);
    Ok(&person
        .with_context(|| format!("nobody is {role} of {organization}"))?
        .email)
}

/// Lives through the days: orders when their day comes, usage every day, invoices when a month is over.
async fn days(
    operations: &Operations,
    clock: &MovedClock,
    content: &Content,
    made: &mut Made,
    worker: &Worker,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let today = now.date_naive();
    for ago in (0..=DAYS).rev() {
        let day = today
            .checked_sub_days(Days::new(ago))
            .context("a day before time began")?;
        let morning = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(6);
        clock.put(morning.min(now));
        for resource in content
            .resources
            .iter()
            .filter(|one| u64::from(one.days_ago) == ago)
        {
            let waiting = WaitingContent {
                project: resource.project.clone(),
                offering: resource.offering.clone(),
                plan: resource.plan.clone(),
                name: resource.name.clone(),
                limits: resource.limits.clone(),
                by: head_of(
                    content,
                    &found(&made.projects, &resource.project)?.1,
                    Role::OrganizationOwner,
                )?
                .to_owned(),
            };
            let (id, provider) = place_and_accept(operations, content, &waiting, made, worker).await?;
            made.running.push((id, provider, resource.daily.clone()));
        }
        let evening = morning + TimeDelta::hours(17);
        clock.put(evening.min(now));
        if evening <= now {
            report_day(operations, made, morning, ago).await?;
        }
        let yesterday = day.pred_opt().context("a day before time began")?;
        if Month::containing(day) != Month::containing(yesterday) && ago < DAYS {
            operations
                .domain()
                .billing()
                .close(&Actor::system(), Month::containing(yesterday))
                .await?;
            worker.run_due().await?;
        }
    }
    Ok(())
}

async fn order_draft(
    operations: &Operations,
    waiting: &WaitingContent,
    made: &Made,
) -> anyhow::Result<CreateDraft> {
    let slug = slug_of(operations, &waiting.offering).await?;
    let offering = operations
        .domain()
        .catalogue()
        .offering(Some(&Actor::system()), &slug)
        .await?;
    let plan = offering
        .plans
        .iter()
        .find(|plan| plan.name == waiting.plan)
        .context("the plan is not there")?;
    let asks = |key: &str| offering.request_form.fields.iter().any(|field| field.key == key);
    let purpose = "Part of the running project.";
    let attributes = if asks("system") {
        serde_json::json!({ "purpose": purpose, "system": "debian" })
    } else {
        serde_json::json!({ "purpose": purpose })
    };
    Ok(CreateDraft {
        project_id: found(&made.projects, &waiting.project)?.0,
        offering_id: offering.summary.id,
        plan_id: plan.id,
        name: waiting.name.clone(),
        limits: waiting.limits.clone(),
        expected_use: [].into(),
        attributes,
        accepted_terms: Some(offering.terms_version),
        end_date: None,
        term_months: None,
        start_date: None,
    })
}

async fn slug_of(operations: &Operations, name: &str) -> anyhow::Result<String> {
    let search = model::CatalogueSearch {
        q: name.to_owned(),
        ..model::CatalogueSearch::default()
    };
    let page = model::PageRequest::first(model::PageRequest::MOST);
    let result = operations
        .domain()
        .catalogue()
        .search(Some(&Actor::system()), &search, &page)
        .await?;
    let hit = result.items.into_iter().find(|one| one.name == name);
    Ok(hit
        .with_context(|| format!("there is no offering “{name}”"))?
        .slug)
}

/// The organization's owner orders, so nobody of the buyer has to approve; the provider accepts where it wants to be asked.
async fn place_and_accept(
    operations: &Operations,
    content: &Content,
    waiting: &WaitingContent,
    made: &Made,
    worker: &Worker,
) -> anyhow::Result<(ResourceId, Actor)> {
    let buyer = actor(operations, &waiting.by).await?;
    let order = operations
        .domain()
        .ordering()
        .place_create(&buyer, order_draft(operations, waiting, made).await?, None)
        .await?;
    let offering = content
        .offerings
        .iter()
        .find(|one| one.name == waiting.offering)
        .context("no such offering")?;
    let provider = actor(
        operations,
        head_of(content, &offering.provider, Role::ProviderManager)?,
    )
    .await?;
    if offering.provider_approval {
        operations
            .domain()
            .ordering()
            .approve(&provider, order, "Welcome.")
            .await?;
    }
    worker.run_due().await?;
    let done = operations.domain().ordering().order(&buyer, order).await?;
    let resource = done
        .summary
        .resource_id
        .with_context(|| format!("order {order} made no resource"))?;
    Ok((resource, provider))
}

async fn place_waiting(operations: &Operations, waiting: &WaitingContent, made: &Made) -> anyhow::Result<()> {
    let buyer = actor(operations, &waiting.by).await?;
    operations
        .domain()
        .ordering()
        .place_create(&buyer, order_draft(operations, waiting, made).await?, None)
        .await?;
    Ok(())
}

/// What each resource used on the day, as its provider would report it: around the usual amount, less on weekends.
async fn report_day(
    operations: &Operations,
    made: &Made,
    morning: DateTime<Utc>,
    ago: u64,
) -> anyhow::Result<()> {
    use chrono::Datelike;
    let weekend = morning.weekday().number_from_monday() > 5;
    for (index, (resource, provider, daily)) in made.running.iter().enumerate() {
        let mut lines = Vec::with_capacity(daily.len());
        for one in daily {
            let swing =
                i64::try_from((ago * 37 + u64::try_from(index)? * 61) % 80)? + if weekend { 20 } else { 60 };
            let quantity = (one.quantity.to_decimal() * Decimal::new(swing, 2)).round_dp(3);
            lines.push(UsageReport {
                resource_id: *resource,
                component: one.component.clone(),
                window_start: morning + TimeDelta::hours(1),
                window_end: morning + TimeDelta::hours(15),
                quantity: Fixed::from_decimal_rounded(quantity)?,
                key: format!("{}-{}", one.component, morning.date_naive()),
                username: None,
            });
        }
        if !lines.is_empty() {
            let receipt = operations.domain().usage().record(provider, lines).await?;
            anyhow::ensure!(
                receipt.refused.is_empty(),
                "usage of the demo content was refused: {:?}",
                receipt.refused
            );
        }
    }
    Ok(())
}
