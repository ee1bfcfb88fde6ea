//! An action that somebody asked for on a resource.

use model::{
    AccessDetail, ActionAudience, ActionId, ActionState, OfferingId, OrganizationId, Progress, ProjectId,
    ResourceId, Schema, UserId,
};
use sea_orm::entity::prelude::*;

use crate::json;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resource_actions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ActionId,
    pub resource_id: ResourceId,
    /// Where the resource is, kept here so that lists need no join.
    pub organization_id: OrganizationId,
    pub project_id: ProjectId,
    pub provider_id: OrganizationId,
    pub offering_id: OfferingId,
    pub key: String,
    /// Its name when it was asked for.
    pub title: String,
    /// Who could ask for it then.
    pub audience: ActionAudience,
    /// The provider's people do it.
    pub by_hand: bool,
    /// Others may be under way at once.
    pub beside_others: bool,
    pub state: ActionState,
    /// The `Schema` that was filled in; read it with [`Model::asked`].
    pub form: Json,
    /// What was filled in, without secrets.
    pub input: Json,
    /// Encrypted JSON object of what was filled in and is secret; gone once it has ended.
    pub secrets: Option<Vec<u8>>,
    /// Absent where the system asked.
    pub asked_by: Option<UserId>,
    pub asked_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    /// A `Progress`; read it with [`Model::progress_made`].
    pub progress: Json,
    /// What became of it.
    pub message: String,
    /// `[AccessDetail]`; read it with [`Model::given_back`].
    pub output: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::resource::Entity",
        from = "Column::ResourceId",
        to = "super::resource::Column::Id"
    )]
    Resource,
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::AskedBy",
        to = "super::user::Column::Id"
    )]
    Asker,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The form that was filled in.
    pub fn asked(&self) -> Result<Schema, DbErr> {
        json::read("resource_actions.form", &self.form)
    }

    /// How far it is.
    pub fn progress_made(&self) -> Result<Progress, DbErr> {
        json::read("resource_actions.progress", &self.progress)
    }

    /// What it gave back.
    pub fn given_back(&self) -> Result<Vec<AccessDetail>, DbErr> {
        json::read("resource_actions.output", &self.output)
    }
}
