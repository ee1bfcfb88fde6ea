//! What is missing before an offering can be published. One pure function decides; the rest loads what it looks at.

use std::collections::BTreeMap;

use entity::{category, component, offering, offering_audience, plan};
use model::{OfferingId, OrganizationId, Permission, PlanId, Readiness, Requirement, Schema, Visibility};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::never_ordered::never_ordered;
use super::prices::{PlanVersions, versions_of};
use super::{Catalogue, CatalogueError};
use crate::access::{AccessError, Actor, Target, authorize};

/// All that belongs to an offering.
pub(super) struct Parts {
    pub(super) components: Vec<component::Model>,
    pub(super) plans: Vec<plan::Model>,
    /// Every version of their terms and prices.
    pub(super) versions: BTreeMap<PlanId, PlanVersions>,
    pub(super) audience: Vec<OrganizationId>,
}

impl Parts {
    /// Five queries.
    pub(super) async fn load<C: ConnectionTrait>(conn: &C, id: OfferingId) -> Result<Self, DbErr> {
        let components = component::Entity::find_of_offering(id).all(conn).await?;
        let plans = plan::Entity::find_of_offering(id).all(conn).await?;
        let versions = versions_of(conn, &plans).await?;
        let audience = audience_of(conn, id).await?;
        Ok(Self {
            components,
            plans,
            versions,
            audience,
        })
    }
}

async fn category_of<C: ConnectionTrait>(
    conn: &C,
    row: &offering::Model,
) -> Result<Option<category::Model>, DbErr> {
    match row.category_id {
        Some(id) => category::Entity::find_by_id(id).one(conn).await,
        None => Ok(None),
    }
}

/// Every requirement, met or not, as of now: nothing from memory, since it decides on changes.
pub(super) async fn assess_now<C: ConnectionTrait>(
    conn: &C,
    row: &offering::Model,
) -> Result<Vec<Readiness>, DbErr> {
    let category = category_of(conn, row).await?;
    assess(row, category.as_ref(), &Parts::load(conn, row.id).await?)
}

async fn audience_of<C: ConnectionTrait>(conn: &C, id: OfferingId) -> Result<Vec<OrganizationId>, DbErr> {
    let rows = offering_audience::Entity::find()
        .filter(offering_audience::Column::OfferingId.eq(id))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.organization_id).collect())
}

impl Catalogue {
    /// Every requirement of publishing, met or not, to the offering's provider.
    pub async fn readiness(&self, actor: &Actor, id: OfferingId) -> Result<Vec<Readiness>, CatalogueError> {
        let row = offering::Entity::find_by_id(id)
            .one(self.core.read())
            .await?
            .ok_or(AccessError::NotFound)?;
        authorize(
            actor,
            Permission::ViewOffering,
            &Target::offering(row.provider_id, id),
        )?;
        Ok(assess_now(self.core.read(), &row).await?)
    }
}

/// Every requirement in the order in which a provider works through them.
pub(super) fn assess(
    row: &offering::Model,
    category: Option<&category::Model>,
    parts: &Parts,
) -> Result<Vec<Readiness>, DbErr> {
    let mut list = Vec::new();
    for requirement in Requirement::ALL {
        let missing = missing(*requirement, row, category, parts)?;
        list.push(Readiness {
            requirement: *requirement,
            met: missing.is_none(),
            detail: missing.unwrap_or_default(),
        });
    }
    Ok(list)
}

/// What exactly is missing for one requirement, in words.
fn missing(
    requirement: Requirement,
    row: &offering::Model,
    category: Option<&category::Model>,
    parts: &Parts,
) -> Result<Option<String>, DbErr> {
    let unless = |met: bool, text: &str| if met { None } else { Some(text.to_owned()) };
    Ok(match requirement {
        Requirement::Name => unless(!row.name.trim().is_empty(), "Give the offering a name."),
        Requirement::Description => unless(
            !row.description.trim().is_empty(),
            "Describe what a buyer gets, in a few sentences.",
        ),
        Requirement::Category => unless(category.is_some(), "Choose the category it belongs to."),
        Requirement::Attributes => missing_attributes(row, category)?,
        Requirement::Plugin => unless(
            !row.plugin.is_empty(),
            "Choose how it is provisioned and fill in the settings.",
        ),
        Requirement::TestedSettings => unless(
            row.settings_tested_at.is_some(),
            "Test the connection: the present settings have not reached the backend yet.",
        ),
        Requirement::Component => unless(
            !parts.components.is_empty(),
            "Add a component: what is measured, reserved or charged.",
        ),
        Requirement::Plan => unless(
            parts.plans.iter().any(|plan| !plan.archived),
            "Add a plan that buyers can choose.",
        )
        .or_else(|| never_renewed(parts)),
        Requirement::Prices => match missing_prices(parts) {
            None => {
                let sold = parts.plans.iter().filter(|plan| !plan.archived);
                let sold = sold.filter_map(|plan| Some((plan, parts.versions.get(&plan.id)?)));
                never_ordered(row, &parts.components, &sold.collect::<Vec<_>>())?
            }
            missing => missing,
        },
        Requirement::RequestForm => form_faults(&row.form()?),
        Requirement::Terms => unless(
            !row.terms_of_service.trim().is_empty(),
            "Write the terms of service that buyers accept.",
        ),
        Requirement::Audience => unless(
            row.visibility == Visibility::Shared || !parts.audience.is_empty(),
            "Name at least one organization that may see it, or show it to everybody.",
        ),
    })
}

fn missing_attributes(
    row: &offering::Model,
    category: Option<&category::Model>,
) -> Result<Option<String>, DbErr> {
    let Some(category) = category else {
        return Ok(Some(
            "Choose a category first; it decides which attributes are needed.".into(),
        ));
    };
    let schema = category.schema()?;
    Ok(match schema.parse_json(&row.attributes) {
        Ok(_) => None,
        Err(faults) => {
            let label = |path: &str| {
                schema
                    .field(path)
                    .map_or_else(|| path.to_owned(), |field| field.label.clone())
            };
            let labels: Vec<String> = faults.iter().map(|fault| label(&fault.path)).collect();
            Some(format!("Fill in: {}.", labels.join(", ")))
        }
    })
}

/// A price that begins later counts: until then the component costs nothing.
fn missing_prices(parts: &Parts) -> Option<String> {
    let mut gaps = Vec::new();
    for plan in parts.plans.iter().filter(|plan| !plan.archived) {
        let prices = parts.versions.get(&plan.id).map(|versions| &versions.prices);
        for component in &parts.components {
            if !prices.is_some_and(|prices| prices.contains_key(&component.id)) {
                gaps.push(format!("{} in {}", component.name, plan.name));
            }
        }
    }
    if !gaps.is_empty() {
        return Some(format!("Set a price for: {}.", gaps.join(", ")));
    }
    let none = parts.versions.values().all(|versions| versions.prices.is_empty());
    none.then(|| "Add components and plans, then set their prices.".into())
}

/// Plans whose raised prices wait for a renewal that never comes.
fn never_renewed(parts: &Parts) -> Option<String> {
    let components: Vec<_> = parts.components.iter().map(component::Model::terms).collect();
    let waits = |plan: &&plan::Model| {
        let last = parts.versions.get(&plan.id).and_then(|own| own.terms.last());
        let changes = last.map(|last| last.terms.price_changes);
        !plan.archived && changes.is_some_and(|changes| !changes.comes_with(&components))
    };
    let names: Vec<&str> = parts
        .plans
        .iter()
        .filter(waits)
        .map(|plan| plan.name.as_str())
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "Nothing is paid up front, so nothing is renewed. Let raised prices come with a notice in: {}.",
            names.join(", ")
        )
    })
}

fn form_faults(form: &Schema) -> Option<String> {
    let faults = form.validate().err()?;
    let texts: Vec<String> = faults
        .iter()
        .map(|fault| format!("{}: {}", fault.path, fault.message))
        .collect();
    Some(texts.join(" "))
}
