//! Where an actor may order an offering for: what the order form offers, and what a quote in the browser depends on.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{offering_audience, organization, project};
use model::{OfferingId, OrderableProject, OrganizationId, Permission, Visibility};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    SelectTwo,
};

use crate::access::{Actor, Columns, Target, Visible};
use crate::catalogue::may_see;
use crate::ordering::parties::{Buyer, Sale, no_offering};
use crate::ordering::{Ordering, OrderingError};
use crate::structure::Versions;
use crate::zone::{Zone, days_on_earth};

/// More projects than these nobody picks from one list.
const MOST: u8 = 200;

impl Ordering {
    /// The first 200 projects for which the actor may order this offering today, by name. A project that is over or has not
    /// begun is left out. At most six queries; two more for each further 200 projects that have to be looked at, since it
    /// is another day where they are billed. Refused where there is no such offering or it is not shown to the actor
    /// (`NotFound`).
    pub async fn orderable_projects(
        &self,
        actor: &Actor,
        offering: OfferingId,
    ) -> Result<Vec<OrderableProject>, OrderingError> {
        let db = self.core.read();
        let sale = Sale::load(db, offering).await?;
        if !may_see(db, Some(actor), &sale.offering).await? {
            return Err(no_offering());
        }
        let audience = audience(db, actor, &sale).await?;
        let mine = candidates(actor, &audience, self.core.now());
        let (mut places, mut looked_at) = (Vec::new(), 0);
        loop {
            let batch = mine
                .clone()
                .offset(looked_at)
                .limit(u64::from(MOST))
                .all(db)
                .await?;
            let is_last = batch.len() < usize::from(MOST);
            for buyer in buyers(db, batch).await? {
                places.extend(self.orderable_project(&buyer, &sale));
            }
            if is_last || places.len() >= usize::from(MOST) {
                places.truncate(usize::from(MOST));
                return Ok(places);
            }
            looked_at += u64::from(MOST);
        }
    }

    fn orderable_project(&self, buyer: &Buyer, sale: &Sale) -> Option<OrderableProject> {
        let today = buyer.today(&self.core);
        buyer.check_open(today).ok()?;
        Some(OrderableProject {
            project_id: buyer.project.id,
            project_name: buyer.project.name.clone(),
            organization_name: buyer.organization.name.clone(),
            today,
            time: buyer.local_now(&self.core).time(),
            clock: buyer.zone.clock(today),
            last_day: buyer.project.end_date,
            tax: buyer.tax_from(sale, today),
        })
    }
}

/// Projects for which the actor may order and that are open somewhere on Earth, by name: their own day is told by the
/// calendar of their organization, which the database does not know.
fn candidates(
    actor: &Actor,
    audience: &Audience,
    now: DateTime<Utc>,
) -> SelectTwo<project::Entity, organization::Entity> {
    use project::Column as C;
    let columns = Columns {
        organization: Some(C::OrganizationId),
        project: Some(C::Id),
        ..Columns::default()
    };
    let (west, east) = days_on_earth(now);
    project::Entity::find()
        .filter(Visible::of(actor, Permission::PlaceOrder).filter(columns))
        .filter(audience.condition())
        .filter(
            Condition::any()
                .add(C::StartDate.is_null())
                .add(C::StartDate.lte(east)),
        )
        .filter(
            Condition::any()
                .add(C::EndDate.is_null())
                .add(C::EndDate.gte(west)),
        )
        .find_also_related(organization::Entity)
        .order_by_asc(C::Name)
        .order_by_asc(C::Id)
}

/// The projects as buyers, in their order.
async fn buyers(
    db: &impl ConnectionTrait,
    projects: Vec<(project::Model, Option<organization::Model>)>,
) -> Result<Vec<Buyer>, OrderingError> {
    let ids = projects.iter().map(|(project, _)| project.organization_id);
    let versions = Versions::of_all(db, ids.collect::<BTreeSet<_>>()).await?;
    let mut buyers = Vec::with_capacity(projects.len());
    for (project, organization) in projects {
        let known = organization.zip(versions.get(&project.organization_id).cloned());
        let Some((organization, versions)) = known else {
            continue;
        };
        buyers.push(Buyer {
            versions,
            zone: Zone::of(&organization)?,
            project,
            organization,
        });
    }
    Ok(buyers)
}

/// For whom an offering is, as far as the actor is concerned.
enum Audience {
    Everybody,
    These(Vec<OrganizationId>),
}

impl Audience {
    /// Of projects: that their organization is among those.
    fn condition(&self) -> Condition {
        match self {
            Self::Everybody => Condition::all(),
            Self::These(named) => {
                Condition::all().add(project::Column::OrganizationId.is_in(named.iter().copied()))
            }
        }
    }
}

/// Of an offering that the actor sees.
async fn audience(db: &impl ConnectionTrait, actor: &Actor, sale: &Sale) -> Result<Audience, DbErr> {
    let target = Target::offering(sale.provider.id, sale.offering.id);
    let shared = sale.offering.visibility == Visibility::Shared;
    if shared || actor.may(Permission::ViewOffering, &target) {
        return Ok(Audience::Everybody);
    }
    let named = offering_audience::Entity::find()
        .filter(offering_audience::Column::OfferingId.eq(sale.offering.id))
        .all(db)
        .await?;
    Ok(Audience::These(
        named.into_iter().map(|row| row.organization_id).collect(),
    ))
}
