//! Invariant 6, of whose something is: projects, resources and orders are in the organization in which they were made, with
//! the seller that has their offering.

use std::collections::HashMap;

use entity::{audit_event, offering, order, project};
use model::{EventKind, OfferingId, OrderId, OrganizationId, ProjectId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{BATCH, Finding, next_resources};
use crate::core::Core;

/// Where something is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    project: ProjectId,
    buyer: OrganizationId,
    seller: OrganizationId,
}

/// What places are compared with.
struct Known {
    buyers: HashMap<ProjectId, OrganizationId>,
    sellers: HashMap<OfferingId, OrganizationId>,
}

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let known = Known::load(core).await?;
    let mut findings = projects(core, &known).await?;
    findings.extend(resources(core, &known).await?);
    findings.extend(orders(core, &known).await?);
    Ok(findings)
}

impl Known {
    async fn load(core: &Core) -> Result<Self, DbErr> {
        let projects = project::Entity::find()
            .select_only()
            .columns([project::Column::Id, project::Column::OrganizationId])
            .into_tuple::<(ProjectId, OrganizationId)>()
            .all(core.read())
            .await?;
        let offerings = offering::Entity::find()
            .select_only()
            .columns([offering::Column::Id, offering::Column::ProviderId])
            .into_tuple::<(OfferingId, OrganizationId)>()
            .all(core.read())
            .await?;
        Ok(Self {
            buyers: projects.into_iter().collect(),
            sellers: offerings.into_iter().collect(),
        })
    }

    fn fault(&self, place: Place, offering: OfferingId, made: Option<&Made>) -> Option<&'static str> {
        let Place {
            project,
            buyer,
            seller,
        } = place;
        if self.buyers.get(&project) != Some(&buyer) {
            Some("its organization is not that of its project")
        } else if self.sellers.get(&offering) != Some(&seller) {
            Some("its seller is not that of its offering")
        } else if made.is_some_and(|made| *made != (Some(buyer), Some(project), Some(seller))) {
            Some("by the log it was made in another organization or project, or by another seller")
        } else {
            None
        }
    }
}

/// Buyer, project and seller of the event that tells how something was made.
type Made = (Option<OrganizationId>, Option<ProjectId>, Option<OrganizationId>);

async fn made(
    core: &Core,
    verb: EventKind,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Made>, DbErr> {
    use audit_event::Column as C;
    let rows = audit_event::Entity::find()
        .select_only()
        .columns([C::SubjectId, C::OrganizationId, C::ProjectId, C::ProviderId])
        .filter(C::SubjectKind.eq(verb.subject()))
        .filter(C::SubjectId.is_in(ids))
        .filter(C::Verb.eq(verb))
        .into_tuple::<(
            Uuid,
            Option<OrganizationId>,
            Option<ProjectId>,
            Option<OrganizationId>,
        )>()
        .all(core.read())
        .await?;
    let made = |(id, buyer, project, seller)| (id, (buyer, project, seller));
    Ok(rows.into_iter().map(made).collect())
}

async fn projects(core: &Core, known: &Known) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let ids: Vec<Uuid> = known.buyers.keys().map(|id| id.0).collect();
    for ids in ids.chunks(usize::try_from(BATCH).unwrap_or(1)) {
        for (id, (organization, ..)) in made(core, EventKind::ProjectCreated, ids.iter().copied()).await? {
            if known.buyers.get(&ProjectId(id)).copied() != organization {
                let text = "by the log it was made in another organization";
                findings.push(Finding::new(6, format!("project {id}"), text));
            }
        }
    }
    Ok(findings)
}

async fn resources(core: &Core, known: &Known) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last = None;
    loop {
        let rows = next_resources(core, last).await?;
        let Some(end) = rows.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        let made = made(
            core,
            EventKind::ResourceRequested,
            rows.iter().map(|row| row.id.0),
        )
        .await?;
        for row in rows {
            let place = Place {
                project: row.project_id,
                buyer: row.organization_id,
                seller: row.provider_id,
            };
            let fault = known.fault(place, row.offering_id, made.get(&row.id.0));
            findings.extend(fault.map(|text| Finding::new(6, format!("resource {}", row.id), text)));
        }
    }
}

async fn orders(core: &Core, known: &Known) -> Result<Vec<Finding>, DbErr> {
    use order::Column as C;
    type Row = (OrderId, ProjectId, OrganizationId, OrganizationId, OfferingId);
    let mut findings = Vec::new();
    let mut last: Option<OrderId> = None;
    loop {
        let mut query = order::Entity::find()
            .select_only()
            .columns([
                C::Id,
                C::ProjectId,
                C::OrganizationId,
                C::ProviderId,
                C::OfferingId,
            ])
            .order_by_asc(C::Id)
            .limit(BATCH);
        if let Some(last) = last {
            query = query.filter(C::Id.gt(last));
        }
        let rows = query.into_tuple::<Row>().all(core.read()).await?;
        let Some((end, ..)) = rows.last() else {
            return Ok(findings);
        };
        last = Some(*end);
        let made = made(core, EventKind::OrderPlaced, rows.iter().map(|row| row.0.0)).await?;
        for (id, project, buyer, seller, offering) in rows {
            let place = Place {
                project,
                buyer,
                seller,
            };
            let fault = known.fault(place, offering, made.get(&id.0));
            findings.extend(fault.map(|text| Finding::new(6, format!("order {id}"), text)));
        }
    }
}
