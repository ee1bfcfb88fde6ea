//! The worker: what becomes of jobs that fail, are lost, or are worked by two at once.

mod by_hand;
mod crashes;
mod days;
mod documents;
mod failures;
mod limits;
mod members;
mod metering;
mod webhooks;

use model::{JobState, OrderId, ResourceId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use testkit::{Buyer, Offering, Project};

use crate::portal::Portal;

/// An order under way and who placed it.
struct Placed {
    buyer: Buyer,
    project: Project,
    offering: Offering,
    order: OrderId,
}

async fn placed(portal: &Portal) -> Placed {
    let world = &portal.world;
    let (provider, buyer) = (world.provider().await, world.buyer().await);
    let offering = world.offering(&provider).await;
    let project = world.project(&buyer).await;
    let order = world.order(&buyer.owner, &project, &offering).await;
    Placed {
        buyer,
        project,
        offering,
        order,
    }
}

async fn resource_of(portal: &Portal, placed: &Placed) -> ResourceId {
    let order = portal
        .operations
        .domain()
        .ordering()
        .order(&placed.buyer.owner, placed.order)
        .await
        .unwrap();
    order.summary.resource_id.unwrap()
}

async fn jobs(portal: &Portal, kind: &str) -> Vec<entity::job::Model> {
    let jobs = entity::job::Entity::find()
        .filter(entity::job::Column::Kind.eq(kind))
        .all(portal.world.db());
    jobs.await.unwrap()
}

/// The one job of this kind: state, tries, and what went wrong last.
pub(crate) async fn job(portal: &Portal, kind: &str) -> (JobState, i32, String) {
    let mut all = jobs(portal, kind).await;
    assert_eq!(all.len(), 1, "{kind}");
    let job = all.remove(0);
    (job.state, job.attempts, job.last_error)
}
