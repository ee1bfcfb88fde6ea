//! Plans and their prices.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::plan::{ActiveModel, Column, Entity, Model};
use entity::{component, order, plan_price, resource, resource_interval};
use model::{OfferingId, PlanDraft, PlanId, PriceDraft, PriceId, PriceScheme};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait, PaginatorTrait, QueryFilter,
};
use serde_json::json;

use super::change::{Change, Note};
use super::{Catalogue, CatalogueError};
use crate::access::{AccessError, Actor};
use crate::check::Check;
use crate::core::Core;

/// Most plans of one offering.
const MOST: usize = 30;

impl Catalogue {
    /// Adds a plan with prices, or changes the one with this id. Of a plan in use, a changed price becomes a new version
    /// from `valid_from` on (today or later), and its terms stay.
    pub async fn save_plan(
        &self,
        actor: &Actor,
        offering: OfferingId,
        id: Option<PlanId>,
        draft: PlanDraft,
    ) -> Result<PlanId, CatalogueError> {
        let change = Change::begin(&self.core, actor, offering, self.expected).await?;
        let tx = &change.tx;
        let plans = Entity::find_of_offering(offering).all(&**tx).await?;
        let old = match id {
            Some(id) => Some(
                plans
                    .iter()
                    .find(|row| row.id == id)
                    .ok_or(AccessError::NotFound)?,
            ),
            None => None,
        };
        let components = component::Entity::find_of_offering(offering).all(&**tx).await?;
        let used = match old {
            Some(old) => is_used(&**tx, old.id).await?,
            None => false,
        };
        let today = self.core.now().date_naive();
        let draft = checked(
            draft,
            &Surroundings {
                plans: &plans,
                components: &components,
                id,
                used,
                today,
            },
        )?;
        if let Some(old) = old.filter(|_| used) {
            refuse_other_terms(old, &draft)?;
        }
        let plan_id = id.unwrap_or_else(|| self.core.new_id(PlanId));
        let row = self.row(plan_id, offering, old, &plans, &draft);
        match old {
            Some(_) => drop(row.update(&**tx).await?),
            None => drop(row.insert(&**tx).await?),
        }
        let pricing = Pricing {
            core: &self.core,
            plan: plan_id,
            from: draft.valid_from.unwrap_or(today),
            today,
            used,
        };
        let changed = pricing.store(tx, &components, &draft.prices).await?;
        let before = old
            .map(|old| json!({ "name": old.name, "setup_fee": old.setup_fee }))
            .unwrap_or_default();
        let after = json!({ "name": draft.name, "setup_fee": draft.setup_fee, "currency": draft.currency,
            "billing_period": draft.billing_period, "valid_from": pricing.from, "prices": changed });
        change.end_beside(Note::new("plan.saved", before, after)).await?;
        Ok(plan_id)
    }

    /// Takes a plan out of sale; resources that have it keep it.
    pub async fn archive_plan(
        &self,
        actor: &Actor,
        offering: OfferingId,
        id: PlanId,
    ) -> Result<(), CatalogueError> {
        let change = Change::begin(&self.core, actor, offering, self.expected).await?;
        let found = Entity::find_by_id(id)
            .filter(Column::OfferingId.eq(offering))
            .one(&*change.tx)
            .await?;
        let row = found.ok_or(AccessError::NotFound)?;
        let note = Note::new(
            "plan.archived",
            json!({ "name": row.name }),
            json!({ "archived": true }),
        );
        let mut row: ActiveModel = row.into();
        row.archived = Set(true);
        row.update(&*change.tx).await?;
        change.end_beside(note).await?;
        Ok(())
    }

    fn row(
        &self,
        id: PlanId,
        offering: OfferingId,
        old: Option<&Model>,
        plans: &[Model],
        draft: &PlanDraft,
    ) -> ActiveModel {
        let last = plans.iter().map(|plan| plan.position).max();
        let next = last.map_or(0, |last| last.saturating_add(1));
        ActiveModel {
            id: Set(id),
            offering_id: Set(offering),
            name: Set(draft.name.clone()),
            description: Set(draft.description.clone()),
            currency: Set(draft.currency),
            billing_period: Set(draft.billing_period),
            proration: Set(draft.proration),
            charge_mode: Set(draft.charge_mode),
            setup_fee: Set(draft.setup_fee),
            archived: Set(false),
            position: Set(old.map_or(next, |old| old.position)),
            created_at: Set(old.map_or_else(|| self.core.now(), |old| old.created_at)),
        }
    }
}

/// Whether an order or resource names the plan, now or in its past.
async fn is_used<C: ConnectionTrait>(conn: &C, plan: PlanId) -> Result<bool, DbErr> {
    Ok(order::Entity::find()
        .filter(order::Column::PlanId.eq(plan))
        .count(conn)
        .await?
        > 0
        || resource::Entity::find()
            .filter(resource::Column::PlanId.eq(plan))
            .count(conn)
            .await?
            > 0
        || resource_interval::Entity::find()
            .filter(resource_interval::Column::PlanId.eq(plan))
            .count(conn)
            .await?
            > 0)
}

fn refuse_other_terms(old: &Model, draft: &PlanDraft) -> Result<(), CatalogueError> {
    let what = if old.currency != draft.currency {
        "The currency of a plan"
    } else if old.billing_period != draft.billing_period {
        "The billing period of a plan"
    } else if old.proration != draft.proration || old.charge_mode != draft.charge_mode {
        "How a plan is charged"
    } else {
        return Ok(());
    };
    Err(CatalogueError::InUse { what })
}

/// What a plan draft is checked against.
struct Surroundings<'a> {
    plans: &'a [Model],
    components: &'a [component::Model],
    id: Option<PlanId>,
    used: bool,
    today: NaiveDate,
}

fn checked(draft: PlanDraft, around: &Surroundings<'_>) -> Result<PlanDraft, CatalogueError> {
    let mut check = Check::default();
    let draft = PlanDraft {
        name: check.required("name", &draft.name, 100),
        description: check.lines("description", &draft.description, 500),
        ..draft
    };
    let taken = around
        .plans
        .iter()
        .any(|other| other.name == draft.name && Some(other.id) != around.id);
    check.ensure(
        !taken,
        "name",
        "taken",
        "Another plan of this offering has this name.",
    );
    let room = around.id.is_some() || around.plans.len() < MOST;
    check.ensure(room, "name", "too_many", "An offering has at most 30 plans.");
    check.ensure(
        !draft.setup_fee.is_negative(),
        "setup_fee",
        "out_of_range",
        "The setup fee cannot be below zero.",
    );
    let early = around.used && draft.valid_from.is_some_and(|day| day < around.today);
    check.ensure(
        !early,
        "valid_from",
        "in_the_past",
        "This plan is in use: new prices start today at the earliest.",
    );
    let mut seen = Vec::new();
    for price in &draft.prices {
        check_price(&mut check, price, around.components);
        let path = format!("prices.{}", short(&price.component));
        check.ensure(
            !seen.contains(&&price.component),
            &path,
            "twice",
            "This component has two prices.",
        );
        seen.push(&price.component);
    }
    check.done()?;
    Ok(draft)
}

fn check_price(check: &mut Check, price: &PriceDraft, components: &[component::Model]) {
    let path = format!("prices.{}", short(&price.component));
    let component = components
        .iter()
        .find(|component| component.code == price.component);
    check.ensure(
        component.is_some(),
        &path,
        "unknown",
        "This offering has no such component.",
    );
    let fault = match component {
        Some(component) => price
            .scheme
            .validate_for(&component.terms(), takes_overage(component, components)),
        None => price.scheme.validate(),
    };
    if let Err(fault) = fault {
        check.fault(path, "bad_price", format!("Check the price: {fault}."));
    }
}

/// What goes beyond a prepaid limit is charged as use of this component.
pub(super) fn takes_overage(component: &component::Model, components: &[component::Model]) -> bool {
    components
        .iter()
        .any(|other| other.overage_component.as_ref() == Some(&component.code))
}

fn short(code: &str) -> String {
    code.chars()
        .filter(|letter| !letter.is_control())
        .take(50)
        .collect()
}

/// Storing the prices of one plan.
struct Pricing<'a> {
    core: &'a Core,
    plan: PlanId,
    from: NaiveDate,
    today: NaiveDate,
    used: bool,
}

impl Pricing<'_> {
    /// Stores what changed; answers the codes of the components whose price did. A price that the draft leaves out stays.
    async fn store(
        &self,
        tx: &DatabaseTransaction,
        components: &[component::Model],
        drafts: &[PriceDraft],
    ) -> Result<Vec<String>, CatalogueError> {
        let mut versions: HashMap<_, Vec<plan_price::Model>> = HashMap::new();
        for row in plan_price::Entity::find_of_plans([self.plan]).all(tx).await? {
            versions.entry(row.component_id).or_default().push(row);
        }
        let mut changed = Vec::new();
        for draft in drafts {
            let Some(component) = components
                .iter()
                .find(|component| component.code == draft.component)
            else {
                continue;
            };
            let held = versions.remove(&component.id).unwrap_or_default();
            if self.store_one(tx, component, held, &draft.scheme).await? {
                changed.push(draft.component.clone());
            }
        }
        Ok(changed)
    }

    async fn store_one(
        &self,
        tx: &DatabaseTransaction,
        component: &component::Model,
        held: Vec<plan_price::Model>,
        scheme: &PriceScheme,
    ) -> Result<bool, CatalogueError> {
        // Versions that nobody can have been charged by are replaced: all of an unused plan's, else those to come.
        let (kept, dropped): (Vec<_>, Vec<_>) = held
            .into_iter()
            .partition(|row| self.used && row.valid_from <= self.today);
        let last = kept.last().or(dropped.last());
        if let Some(last) = last
            && last.price_scheme()? == *scheme
            && (self.used && dropped.is_empty() || last.valid_from == self.from)
        {
            return Ok(false);
        }
        for row in &dropped {
            plan_price::Entity::delete_by_id(row.id).exec(tx).await?;
        }
        let unchanged = match kept.last() {
            Some(last) => last.price_scheme()? == *scheme,
            None => false,
        };
        if !unchanged {
            let version = kept.last().map_or(1, |last| last.version.saturating_add(1));
            self.insert(tx, component, version, scheme).await?;
        }
        Ok(true)
    }

    async fn insert(
        &self,
        tx: &DatabaseTransaction,
        component: &component::Model,
        version: i32,
        scheme: &PriceScheme,
    ) -> Result<(), DbErr> {
        let row = plan_price::ActiveModel {
            id: Set(self.core.new_id(PriceId)),
            plan_id: Set(self.plan),
            component_id: Set(component.id),
            version: Set(version),
            valid_from: Set(self.from),
            scheme: Set(entity::json::write("plan_prices.scheme", scheme)?),
            sort_price: Set(sort_price(scheme)),
            created_at: Set(self.core.now()),
        };
        row.insert(tx).await?;
        Ok(())
    }
}

/// The price that lists compare by: of one unit, or of the first row.
fn sort_price(scheme: &PriceScheme) -> model::Fixed {
    match scheme {
        PriceScheme::PerUnit { price } | PriceScheme::Package { price, .. } => *price,
        PriceScheme::Tiered { tiers } | PriceScheme::Volume { tiers } | PriceScheme::Stairstep { tiers } => {
            tiers.first().map(|tier| tier.price).unwrap_or_default()
        }
    }
}
