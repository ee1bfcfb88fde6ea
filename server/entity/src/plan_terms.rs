//! One version of the terms of a plan. A version that has begun is never edited: a new one follows it.

use model::{
    BillingPeriod, ChargeMode, Fixed, PlanId, PlanTerms, PriceChanges, Proration, TermsId, TermsVersion,
};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TermsId,
    pub plan_id: PlanId,
    /// 1, 2, 3 … per plan.
    pub version: i32,
    /// The first instant at which this version counts.
    pub starts_at: DateTimeUtc,
    pub billing_period: BillingPeriod,
    pub proration: Proration,
    pub charge_mode: ChargeMode,
    pub setup_fee: Fixed,
    /// Days between publishing and reaching resources that run; absent where only a renewal brings changes.
    pub notice_days: Option<i16>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::plan::Entity",
        from = "Column::PlanId",
        to = "super::plan::Column::Id"
    )]
    Plan,
    /// The stretches of resources that had the plan.
    #[sea_orm(
        belongs_to = "super::resource_interval::Entity",
        from = "Column::PlanId",
        to = "super::resource_interval::Column::PlanId"
    )]
    Intervals,
}

impl Related<super::plan::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Plan.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The terms themselves.
    pub fn terms(&self) -> PlanTerms {
        // Days below zero are never stored; they would mean no notice.
        let days = self
            .notice_days
            .map(|days| u16::try_from(days).unwrap_or_default());
        PlanTerms {
            billing_period: self.billing_period,
            proration: self.proration,
            charge_mode: self.charge_mode,
            setup_fee: self.setup_fee,
            price_changes: PriceChanges::of_notice_days(days),
        }
    }

    /// The version as the pricing rules see it.
    pub fn as_version(&self) -> TermsVersion {
        TermsVersion {
            id: self.id,
            saved_at: self.created_at,
            starts_at: self.starts_at,
            terms: self.terms(),
        }
    }
}

impl Entity {
    /// Every version of the terms of these plans, in the order of their first instants within a plan.
    pub fn find_of_plans(plans: impl IntoIterator<Item = PlanId>) -> Select<Self> {
        Self::find()
            .filter(Column::PlanId.is_in(plans))
            .order_by_asc(Column::PlanId)
            .order_by_asc(Column::StartsAt)
            .order_by_asc(Column::Version)
    }
}
