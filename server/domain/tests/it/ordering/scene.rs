//! A buyer with people, a seller with an offering, and a worker that does what the test says.

use domain::ordering::{Completion, OrderingError};
use domain::{Actor, DomainError};
use entity::{audit_event, job, offering, order, resource, resource_interval};
use model::{
    AccessDetail, CreateDraft, Fixed, Kind, LimitsDraft, OrderDetail, OrderId, OrderState, ResourceId,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
};
use testkit::{Buyer, Offering, Project, Provider, World};

pub(crate) struct Scene<'w> {
    pub(crate) world: &'w World,
    pub(crate) provider: Provider,
    pub(crate) offering: Offering,
    pub(crate) buyer: Buyer,
    pub(crate) project: Project,
    pub(crate) owner: Actor,
    pub(crate) member: Actor,
    /// Approves up to 500 a month.
    pub(crate) manager: Actor,
}

impl<'w> Scene<'w> {
    pub(crate) async fn of(world: &'w World) -> Self {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).approving_up_to("500").await;
        let owner = buyer.owner.clone();
        let member = world.member(&project).await;
        let manager = world.project_manager(&project).await;
        Self {
            world,
            provider,
            offering,
            buyer,
            project,
            owner,
            member,
            manager,
        }
    }

    pub(crate) fn draft(&self) -> CreateDraft {
        self.world
            .order(&self.owner, &self.project, &self.offering)
            .into_draft()
    }

    pub(crate) async fn place(&self, by: &Actor) -> OrderId {
        self.world.order(by, &self.project, &self.offering).await
    }

    /// A running resource of this scene.
    pub(crate) async fn resource(&self) -> ResourceId {
        let order = self.place(&self.owner).await;
        self.complete(order, "backend-1").await;
        self.finish_jobs().await;
        self.row(order).await.resource_id.unwrap()
    }

    /// The worker tells that the backend is ready.
    pub(crate) async fn complete(&self, order: OrderId, backend_id: &str) {
        self.world
            .operations()
            .ordering()
            .complete(order, ready(backend_id))
            .await
            .unwrap();
    }

    /// The worker has no jobs left: what they were to do was done by the test.
    pub(crate) async fn finish_jobs(&self) {
        self.world.run_jobs().await;
    }

    pub(crate) async fn row(&self, id: OrderId) -> order::Model {
        order::Entity::find_by_id(id)
            .one(self.world.db())
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn state(&self, id: OrderId) -> OrderState {
        self.row(id).await.state
    }

    pub(crate) async fn resource_row(&self, id: ResourceId) -> resource::Model {
        resource::Entity::find_by_id(id)
            .one(self.world.db())
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn intervals(&self, id: ResourceId) -> Vec<resource_interval::Model> {
        resource_interval::Entity::find()
            .filter(resource_interval::Column::ResourceId.eq(id))
            .order_by_asc(resource_interval::Column::StartsAt)
            .all(self.world.db())
            .await
            .unwrap()
    }

    pub(crate) async fn detail(&self, actor: &Actor, id: OrderId) -> OrderDetail {
        self.world.domain().ordering().order(actor, id).await.unwrap()
    }

    /// Orders, resources, jobs and audit events about orders: what a refusal must leave untouched.
    pub(crate) async fn stored(&self) -> [u64; 4] {
        let db = self.world.db();
        [
            order::Entity::find().count(db).await.unwrap(),
            resource::Entity::find().count(db).await.unwrap(),
            job::Entity::find().count(db).await.unwrap(),
            audit_event::Entity::find()
                .filter(audit_event::Column::SubjectKind.eq("order"))
                .count(db)
                .await
                .unwrap(),
        ]
    }

    /// Changes the offering's row behind the services.
    pub(crate) async fn set_offering(&self, change: impl FnOnce(&mut offering::ActiveModel)) {
        let db = self.world.db();
        let row = offering::Entity::find_by_id(self.offering.id)
            .one(db)
            .await
            .unwrap()
            .unwrap();
        let mut row = row.into_active_model();
        change(&mut row);
        row.update(db).await.unwrap();
    }

    /// The provider decides on each order, too.
    pub(crate) async fn ask_provider(&self) {
        self.set_offering(|row| row.provider_approval = sea_orm::Set(true))
            .await;
    }
}

pub(crate) fn more_cpu(resource_id: ResourceId, amount: u32) -> LimitsDraft {
    LimitsDraft {
        resource_id,
        limits: [("cpu".to_owned(), Fixed::from(amount))].into(),
    }
}

pub(crate) fn ready(backend_id: &str) -> Completion {
    let access = vec![AccessDetail {
        label: "Account".into(),
        value: backend_id.into(),
    }];
    Completion::Ready {
        backend_id: backend_id.into(),
        access,
    }
}

/// The family of a refusal.
pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<T, OrderingError>) -> Kind {
    DomainError::from(answer.unwrap_err()).kind()
}

/// What a refusal says to people.
pub(crate) fn words<T: std::fmt::Debug>(answer: Result<T, OrderingError>) -> String {
    answer.unwrap_err().problem().detail
}

/// `path: code` of every field at fault, sorted.
pub(crate) fn faults<T: std::fmt::Debug>(answer: Result<T, OrderingError>) -> Vec<String> {
    let problem = answer.unwrap_err().problem();
    assert_eq!(problem.kind, Kind::Invalid, "{}", problem.detail);
    let mut faults: Vec<String> = problem
        .fields
        .iter()
        .map(|fault| format!("{}: {}", fault.path, fault.code))
        .collect();
    faults.sort();
    faults
}
