//! Where an actor may order an offering for: what the order form offers, and what a quote in the browser depends on.

use std::collections::BTreeSet;

use entity::{offering_audience, organization, project};
use model::{OfferingId, OfferingState, OrderableProject, OrganizationId, Permission, Visibility};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::access::{Actor, Columns, Target, Visible};
use crate::ordering::parties::{Buyer, Sale};
use crate::ordering::{Ordering, OrderingError};
use crate::structure::Versions;
use crate::zone::Zone;

/// More projects than these nobody picks from one list.
const MOST: u64 = 200;

impl Ordering {
    /// The first 200 projects for which the actor may order this offering, by name; none where it is not shown to them. A
    /// project that is over is left out. Five queries, whatever the number of projects.
    pub async fn orderable_projects(
        &self,
        actor: &Actor,
        offering: OfferingId,
    ) -> Result<Vec<OrderableProject>, OrderingError> {
        let db = self.core.read();
        let sale = Sale::load(db, offering).await?;
        let audience = audience(db, actor, &sale).await?;
        let columns = Columns {
            organization: Some(project::Column::OrganizationId),
            project: Some(project::Column::Id),
            ..Columns::default()
        };
        let mine = project::Entity::find()
            .filter(Visible::of(actor, Permission::PlaceOrder).filter(columns))
            .filter(audience.condition())
            .find_also_related(organization::Entity)
            .order_by_asc(project::Column::Name)
            .order_by_asc(project::Column::Id)
            .limit(MOST)
            .all(db)
            .await?;
        let mut places = Vec::with_capacity(mine.len());
        let organizations = mine.iter().map(|(project, _)| project.organization_id);
        let versions = Versions::of_all(db, organizations.collect::<BTreeSet<_>>()).await?;
        for (project, organization) in mine {
            let known = organization.zip(versions.get(&project.organization_id).cloned());
            let Some((organization, versions)) = known else {
                continue;
            };
            let buyer = Buyer {
                versions,
                zone: Zone::of(&organization)?,
                project,
                organization,
            };
            places.extend(self.orderable_project(&buyer, &sale));
        }
        Ok(places)
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

async fn audience(db: &impl ConnectionTrait, actor: &Actor, sale: &Sale) -> Result<Audience, DbErr> {
    let target = Target::offering(sale.provider.id, sale.offering.id);
    let shared = sale.offering.visibility == Visibility::Shared;
    if actor.may(Permission::ViewOffering, &target) || (shared && sale.offering.state.is_public()) {
        return Ok(Audience::Everybody);
    }
    if sale.offering.state == OfferingState::Draft || shared {
        return Ok(Audience::These(Vec::new()));
    }
    let named = offering_audience::Entity::find()
        .filter(offering_audience::Column::OfferingId.eq(sale.offering.id))
        .all(db)
        .await?;
    Ok(Audience::These(
        named.into_iter().map(|row| row.organization_id).collect(),
    ))
}
