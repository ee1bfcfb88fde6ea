//! A term of a resource that is paid up front. Renewing adds one; the ones before stay as they are.

use std::collections::BTreeMap;

use model::{DateRange, OrderId, ResourceId, Term, TermId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

use crate::json;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resource_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TermId,
    pub resource_id: ResourceId,
    /// The order that added it.
    pub order_id: OrderId,
    /// First day, in the buyer's zone when it was added.
    pub term_from: Date,
    /// The day after the last.
    pub term_until: Date,
    /// Component code to the price version that was quoted; read it with [`Model::price_versions`].
    pub prices: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::resource::Entity",
        from = "Column::ResourceId",
        to = "super::resource::Column::Id"
    )]
    Resource,
}

impl Related<super::resource::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resource.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The price versions that its order quoted, by component code.
    pub fn price_versions(&self) -> Result<BTreeMap<String, String>, DbErr> {
        json::read("resource_terms.prices", &self.prices)
    }

    /// Its days as a half-open range.
    pub fn range(&self) -> DateRange {
        DateRange {
            start: self.term_from,
            end: self.term_until,
        }
    }

    /// First and last day.
    pub fn days(&self) -> Term {
        Term {
            first_day: self.term_from,
            last_day: self.term_until.pred_opt().unwrap_or(self.term_until),
        }
    }
}

impl Entity {
    /// Terms of one resource, the first one first.
    pub fn find_of_resource(id: ResourceId) -> Select<Self> {
        Self::find()
            .filter(Column::ResourceId.eq(id))
            .order_by_asc(Column::TermFrom)
    }
}
