//! One row for every table, written and read back.

mod actions;
mod billing;
mod catalogue;
mod orders;
mod people;
mod records;

use std::fmt::Debug;

use chrono::{DateTime, NaiveDate, Utc};
use model::{
    CategoryId, ComponentId, Fixed, InvoiceId, OfferingId, OrderId, OrganizationId, PlanId, ProjectId,
    ResourceId, UsageEventId, UserId,
};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, IntoActiveModel, ModelTrait,
};
use uuid::Uuid;

pub(crate) use actions::second_action_is_refused;
pub(crate) use billing::{accounts_only_grow, issued_invoice_never_changes};
pub(crate) use orders::second_open_order_is_refused;
pub(crate) use records::{audit_log_only_grows, insert_job, job_key_is_unique_while_waiting, log_revisions};

const USER: UserId = UserId(Uuid::from_u128(1));
const ORGANIZATION: OrganizationId = OrganizationId(Uuid::from_u128(2));
const PROJECT: ProjectId = ProjectId(Uuid::from_u128(3));
const CATEGORY: CategoryId = CategoryId(Uuid::from_u128(4));
const OFFERING: OfferingId = OfferingId(Uuid::from_u128(5));
const COMPONENT: ComponentId = ComponentId(Uuid::from_u128(6));
const PLAN: PlanId = PlanId(Uuid::from_u128(7));
const ORDER: OrderId = OrderId(Uuid::from_u128(8));
const RESOURCE: ResourceId = ResourceId(Uuid::from_u128(9));
const INVOICE: InvoiceId = InvoiceId(Uuid::from_u128(10));
const EVENT: UsageEventId = UsageEventId(Uuid::from_u128(11));

pub(crate) async fn insert_one_everywhere(db: &DatabaseConnection) {
    people::insert(db).await;
    catalogue::insert(db).await;
    orders::insert(db).await;
    actions::insert(db).await;
    billing::insert(db).await;
    records::insert(db).await;
}

/// Microseconds: the finest that both engines keep.
fn moment() -> DateTime<Utc> {
    "2026-03-31T23:59:59.123456Z".parse().unwrap()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 31).unwrap()
}

fn fixed(text: &str) -> Fixed {
    text.parse().unwrap()
}

async fn write<E>(db: &impl ConnectionTrait, row: E::Model) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    E::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .map(drop)
}

/// Inserts a row into its table, which is empty, and reads the same back.
async fn keeps<M>(db: &DatabaseConnection, row: M)
where
    M: ModelTrait + Debug + PartialEq + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    M::Entity: EntityTrait<Model = M>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    write::<M::Entity>(db, row.clone())
        .await
        .unwrap_or_else(|fault| panic!("{row:?}: {fault}"));
    assert_eq!(M::Entity::find().one(db).await.unwrap(), Some(row));
}
