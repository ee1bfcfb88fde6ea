//! Publishing what changed of a plan as versions.

use chrono::{DateTime, Utc};
use entity::{component, plan_price, plan_terms};
use model::{
    BillingPeriod, PlanDraft, PlanId, PlanTerms, PriceId, PriceScheme, PriceVersion, TermsId, TermsVersion,
    published,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QuerySelect, Select,
};
use serde::{Deserialize, Serialize};

use crate::catalogue::prices::{PlanVersions, sort_price};
use crate::core::Core;

/// New versions of one plan.
pub(super) struct Publishing<'a> {
    pub(super) core: &'a Core,
    pub(super) plan: PlanId,
    pub(super) now: DateTime<Utc>,
    /// The first instant of what is new.
    pub(super) starts_at: DateTime<Utc>,
    /// An order or resource names the plan, so a charge may depend on its versions.
    pub(super) used: bool,
}

/// What was published.
#[derive(Debug, Default)]
pub(super) struct Published {
    pub(super) terms: Option<PlanTerms>,
    /// Codes of the components whose price changed.
    pub(super) prices: Vec<String>,
    /// All of it, for the log.
    pub(super) versions: LoggedVersions,
}

impl Published {
    /// Whether nothing is other than it was.
    pub(super) fn is_empty(&self) -> bool {
        self.versions.terms.is_none() && self.versions.prices.is_empty()
    }
}

/// What the log keeps of versions: nobody can change that, so an edited version shows.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct LoggedVersions {
    pub(crate) terms: Option<LoggedTerms>,
    pub(crate) prices: Vec<LoggedPrice>,
}

/// A version of terms.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LoggedTerms {
    pub(crate) id: TermsId,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) terms: PlanTerms,
}

/// A version of a price.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LoggedPrice {
    pub(crate) id: PriceId,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) every: BillingPeriod,
    pub(crate) scheme: PriceScheme,
}

impl LoggedVersions {
    /// Of one price alone.
    pub(super) fn of_price(price: LoggedPrice) -> Self {
        Self {
            terms: None,
            prices: vec![price],
        }
    }
}

impl Publishing<'_> {
    /// Stores as versions what `draft` changes of what would be in force at `starts_at`.
    pub(super) async fn store(
        &self,
        tx: &DatabaseTransaction,
        components: &[component::Model],
        versions: &PlanVersions,
        draft: &PlanDraft,
    ) -> Result<Published, DbErr> {
        let mut done = Published::default();
        let held = published(&versions.terms, self.starts_at).map(|version| version.terms);
        let wanted = draft.terms();
        let is_new = held != Some(wanted);
        if is_new {
            done.versions.terms = Some(self.store_terms(tx, &versions.terms, &wanted).await?);
            done.terms = Some(wanted);
        }
        let every = wanted.billing_period;
        // A price is for a period: with another one, every price is published anew.
        let all_anew = held.is_some_and(|held| held.billing_period != every);
        for component in components {
            let of_component = versions
                .prices
                .get(&component.id)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let present = published(of_component, self.starts_at).map(|version| &version.price.scheme);
            let said = draft
                .prices
                .iter()
                .find(|price| price.component == component.code);
            let said = said.map(|price| &price.scheme);
            let changed = said.filter(|scheme| self.starts_over() || present != Some(*scheme));
            let Some(scheme) = changed.or(said.or(present).filter(|_| all_anew)) else {
                continue;
            };
            let price = self
                .store_price(tx, component, of_component, (scheme, every))
                .await?;
            done.versions.prices.push(price);
            done.prices.push(component.code.clone());
        }
        Ok(done)
    }

    /// What is new counts from now on and nobody ever had the plan: then it has no history.
    fn starts_over(&self) -> bool {
        !self.used && self.starts_at <= self.now
    }

    /// A version that nobody can have been charged by is replaced: one that would begin at the same instant and has not yet,
    /// and those in force of a plan that was never ordered, where what is new begins at once. What is to come at another
    /// instant stays until it is withdrawn.
    fn is_replaced(&self, starts_at: DateTime<Utc>) -> bool {
        if starts_at > self.now {
            starts_at == self.starts_at
        } else {
            self.starts_over()
        }
    }

    async fn store_terms(
        &self,
        tx: &DatabaseTransaction,
        versions: &[TermsVersion],
        terms: &PlanTerms,
    ) -> Result<LoggedTerms, DbErr> {
        let replaced = versions
            .iter()
            .filter(|version| self.is_replaced(version.starts_at));
        plan_terms::Entity::delete_many()
            .filter(plan_terms::Column::Id.is_in(replaced.map(|version| version.id)))
            .exec(tx)
            .await?;
        let last = plan_terms::Entity::find()
            .select_only()
            .column_as(plan_terms::Column::Version.max(), "last")
            .filter(plan_terms::Column::PlanId.eq(self.plan));
        let row = plan_terms::ActiveModel {
            id: Set(self.core.new_id(TermsId)),
            plan_id: Set(self.plan),
            version: Set(number_after(tx, last).await?),
            // A plan has terms from the moment in which it is made, though its prices may begin later.
            starts_at: Set(if versions.is_empty() {
                self.now
            } else {
                self.starts_at
            }),
            billing_period: Set(terms.billing_period),
            proration: Set(terms.proration),
            charge_mode: Set(terms.charge_mode),
            setup_fee: Set(terms.setup_fee),
            notice_days: Set(terms
                .price_changes
                .notice_days()
                .map(|days| i16::try_from(days).unwrap_or(i16::MAX))),
            created_at: Set(self.now),
        };
        let row = row.insert(tx).await?;
        Ok(LoggedTerms {
            id: row.id,
            starts_at: row.starts_at,
            terms: row.terms(),
        })
    }

    async fn store_price(
        &self,
        tx: &DatabaseTransaction,
        component: &component::Model,
        versions: &[PriceVersion],
        (scheme, every): (&PriceScheme, BillingPeriod),
    ) -> Result<LoggedPrice, DbErr> {
        let replaced = versions
            .iter()
            .filter(|version| self.is_replaced(version.starts_at));
        plan_price::Entity::delete_many()
            .filter(plan_price::Column::Id.is_in(replaced.map(|version| version.id)))
            .exec(tx)
            .await?;
        let last = plan_price::Entity::find()
            .select_only()
            .column_as(plan_price::Column::Version.max(), "last")
            .filter(plan_price::Column::PlanId.eq(self.plan))
            .filter(plan_price::Column::ComponentId.eq(component.id));
        let row = plan_price::ActiveModel {
            id: Set(self.core.new_id(PriceId)),
            plan_id: Set(self.plan),
            component_id: Set(component.id),
            version: Set(number_after(tx, last).await?),
            starts_at: Set(self.starts_at),
            billing_period: Set(every),
            scheme: Set(entity::json::write("plan_prices.scheme", scheme)?),
            sort_price: Set(sort_price(scheme)),
            created_at: Set(self.now),
            corrects: Set(None),
            reason: Set(None),
            corrected_by: Set(None),
        };
        let row = row.insert(tx).await?;
        Ok(LoggedPrice {
            id: row.id,
            starts_at: row.starts_at,
            every,
            scheme: scheme.clone(),
        })
    }
}

/// The number after the last one.
pub(super) async fn number_after<E: EntityTrait>(
    tx: &DatabaseTransaction,
    last: Select<E>,
) -> Result<i32, DbErr> {
    let last: Option<Option<i32>> = last.into_tuple().one(tx).await?;
    Ok(last.flatten().unwrap_or_default().saturating_add(1))
}
