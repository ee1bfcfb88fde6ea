//! Whom a version of a plan will reach of the resources that run, and when.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::{component, organization, project, resource, resource_interval, resource_term};
use model::pricing::Version;
use model::{
    Binding, Currency, PlanId, PriceVersion, Reach, TermsVersion, Timeline, place_of, price_timeline,
    terms_timeline,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use crate::catalogue::CatalogueError;
use crate::catalogue::prices::{PlanVersions, versions_of_ids};
use crate::structure::End;
use crate::zone::Zone;

/// A resource that runs in the plan.
pub(super) struct Running {
    organization: String,
    binding: Binding,
    /// The first instant after its last day, or its project's.
    until: Option<DateTime<Utc>>,
    /// It is paid up front for terms: what comes after them, a renewal binds.
    has_terms: bool,
}

impl Running {
    /// From when on something that begins to count at `from` reaches it: none where only a renewal brings it, because
    /// the resource ends before. `NeverReached` where it ends for good.
    fn reached(&self, from: Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>, NeverReached> {
        let is_over = from.zip(self.until).is_some_and(|(from, until)| until <= from);
        if !is_over {
            Ok(from)
        } else if self.has_terms {
            Ok(None)
        } else {
            Err(NeverReached)
        }
    }
}

/// What was published at one instant and whom it will reach, for the log.
#[derive(Debug, Serialize)]
pub(super) struct Reached {
    /// Component code; none for the plan's terms.
    component: Option<String>,
    reach: Vec<Reach>,
}

/// The resources that run in a plan. Four queries.
pub(super) async fn running<C: ConnectionTrait>(
    conn: &C,
    plan: PlanId,
) -> Result<Vec<Running>, CatalogueError> {
    let rows = resource_interval::Entity::find()
        .filter(resource_interval::Column::PlanId.eq(plan))
        .filter(resource_interval::Column::EndsAt.is_null())
        .find_also_related(resource::Entity)
        .all(conn)
        .await?;
    let buyers: BTreeSet<_> = rows
        .iter()
        .filter_map(|(_, resource)| Some(resource.as_ref()?.organization_id))
        .collect();
    let buyers = organization::Entity::find().filter(organization::Column::Id.is_in(buyers));
    let buyers: HashMap<_, _> = buyers
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let resources = || rows.iter().filter_map(|(_, resource)| resource.as_ref());
    let projects: BTreeSet<_> = resources().map(|row| row.project_id).collect();
    let projects = project::Entity::find().filter(project::Column::Id.is_in(projects));
    let ends: HashMap<_, _> = projects
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.id, row.end_date))
        .collect();
    let ids: Vec<_> = resources().map(|row| row.id).collect();
    let terms = resource_term::Entity::find().filter(resource_term::Column::ResourceId.is_in(ids));
    let with_terms: BTreeSet<_> = terms
        .all(conn)
        .await?
        .into_iter()
        .map(|row| row.resource_id)
        .collect();
    let mut running = Vec::new();
    for (interval, resource) in &rows {
        let Some(resource) = resource else { continue };
        let Some(buyer) = buyers.get(&resource.organization_id) else {
            continue;
        };
        let zone = Zone::of(buyer)?;
        let of_project = ends.get(&resource.project_id).copied().flatten();
        let end = End::of(resource.end_date, of_project);
        running.push(Running {
            organization: buyer.name.clone(),
            binding: interval.bound()?,
            until: end.map(|end| end.until(&zone)),
            has_terms: with_terms.contains(&resource.id),
        });
    }
    Ok(running)
}

/// Whom each version that was published at `now` will reach.
pub(super) async fn of_new<C: ConnectionTrait>(
    conn: &C,
    (plan, currency): (PlanId, Currency),
    components: &[component::Model],
    now: DateTime<Utc>,
) -> Result<Vec<Reached>, CatalogueError> {
    let versions = versions_of_ids(conn, &[(plan, currency)]).await?;
    let Some(versions) = versions.get(&plan) else {
        return Ok(Vec::new());
    };
    let running = running(conn, plan).await?;
    let mut reached = Vec::new();
    for version in versions.terms.iter().filter(|version| version.saved_at == now) {
        reached.push(Reached {
            component: None,
            reach: of_terms(&running, versions, version, now),
        });
    }
    for component in components {
        let prices = versions.prices.get(&component.id).into_iter().flatten();
        for version in prices.filter(|version| version.saved_at == now) {
            reached.push(Reached {
                component: Some(component.code.clone()),
                reach: of_price(&running, versions, (component, version), now),
            });
        }
    }
    Ok(reached)
}

/// Whom these terms will reach.
pub(super) fn of_terms(
    running: &[Running],
    versions: &PlanVersions,
    version: &TermsVersion,
    now: DateTime<Utc>,
) -> Vec<Reach> {
    gathered(running.iter().filter_map(|one| {
        let timeline = terms_timeline(&versions.terms, &one.binding);
        let from = will_have(&timeline, &versions.terms, version, now).ok()?;
        Some((one, one.reached(from).ok()?))
    }))
}

/// Whom this price of a component will reach. What is paid up front is paid: its price comes with a renewal.
pub(super) fn of_price(
    running: &[Running],
    versions: &PlanVersions,
    (component, version): (&component::Model, &PriceVersion),
    now: DateTime<Utc>,
) -> Vec<Reach> {
    let Some(prices) = versions.prices.get(&component.id) else {
        return Vec::new();
    };
    gathered(running.iter().filter_map(|one| {
        let terms = terms_timeline(&versions.terms, &one.binding);
        let timeline = price_timeline(prices, &one.binding, &terms);
        let from = will_have(&timeline, prices, version, now).ok()?;
        let from = from.filter(|_| !component.prepaid);
        Some((one, one.reached(from).ok()?))
    }))
}

/// The version counts already, or a later one does, or a later one comes before it does.
struct NeverReached;

/// From when on the version counts; `None`: only with an order that binds anew.
fn will_have<V: Version + PartialEq>(
    timeline: &Timeline<'_, V>,
    versions: &[V],
    version: &V,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, NeverReached> {
    let place = |of: &V| place_of(versions, of);
    let held = timeline.at(now).and_then(place);
    if held >= place(version) {
        return Err(NeverReached);
    }
    let comes = timeline.after(now).find(|(_, comes)| *comes == version);
    if let Some((from, _)) = comes {
        return Ok(Some(from));
    }
    let overtaken = timeline
        .after(now)
        .any(|(_, comes)| place(comes) > place(version));
    if overtaken { Err(NeverReached) } else { Ok(None) }
}

/// How many resources a version reaches, and the names of their organizations.
type Gathered<'r> = (u32, BTreeSet<&'r str>);

/// By instant, the earliest first; what needs an order last.
fn gathered<'r>(reached: impl Iterator<Item = (&'r Running, Option<DateTime<Utc>>)>) -> Vec<Reach> {
    let mut by_instant: BTreeMap<(bool, Option<DateTime<Utc>>), Gathered<'_>> = BTreeMap::new();
    for (running, from) in reached {
        let (count, names) = by_instant.entry((from.is_none(), from)).or_default();
        *count = count.saturating_add(1);
        names.insert(&running.organization);
    }
    let reach = |((_, from), (resources, names)): ((bool, Option<DateTime<Utc>>), Gathered<'_>)| Reach {
        from,
        resources,
        organizations: names.into_iter().map(str::to_owned).collect(),
    };
    by_instant.into_iter().map(reach).collect()
}
