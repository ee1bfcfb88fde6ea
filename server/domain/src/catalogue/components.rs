//! Components of an offering: what is measured, reserved or charged.

use entity::component::{ActiveModel, Entity, Model};
use entity::{order, plan_price, resource};
use model::pricing::TermsFault;
use model::{
    ChargeType, ComponentDraft, ComponentId, ComponentTerms, EventKind, OfferingId, OrderState, ResourceState,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ModelTrait,
    PaginatorTrait, QueryFilter,
};
use serde::Serialize;
use serde_json::json;

use super::change::{Change, Note};
use super::price_reach::refuse_unpriced;
use super::{Catalogue, CatalogueError};
use crate::access::{AccessError, Actor};
use crate::check::Check;

/// Most components of one offering.
const MOST: usize = 50;

impl Catalogue {
    /// Adds a component, or changes the one with this id. Refused for who may not edit the offering (`Access`), terms at
    /// fault or a code that is taken (`Invalid`), an archived offering (`Archived`), and what would leave an offering
    /// that can be ordered incomplete (`WouldBreak`).
    pub async fn save_component(
        &self,
        actor: &Actor,
        offering: OfferingId,
        id: Option<ComponentId>,
        draft: ComponentDraft,
    ) -> Result<ComponentId, CatalogueError> {
        let change = Change::begin(&self.core, actor, offering, self.expected).await?;
        let others = Entity::find_of_offering(offering).all(&*change.tx).await?;
        let old = match id {
            Some(id) => Some(
                others
                    .iter()
                    .find(|row| row.id == id)
                    .ok_or(AccessError::NotFound)?,
            ),
            None => None,
        };
        let draft = checked(draft, &others, id)?;
        if let Some(old) = old {
            refuse_in_use(&*change.tx, old, &draft.terms).await?;
        }
        if draft.terms.prepaid && !others.iter().any(|other| other.prepaid) {
            refuse_first_prepaid(&*change.tx, offering).await?;
        }
        refuse_unpriced(&*change.tx, old, &draft.terms, &others).await?;
        let position = old.map_or_else(|| next_position(&others), |old| old.position);
        let row_id = id.unwrap_or_else(|| self.core.new_id(ComponentId));
        let before = old.map(|old| Logged {
            terms: old.terms(),
            description: &old.description,
            article_code: &old.article_code,
        });
        let after = Logged {
            terms: draft.terms.clone(),
            description: &draft.description,
            article_code: &draft.article_code,
        };
        let note = Note::new(EventKind::ComponentSaved, json!(before), json!(after));
        let row = row(row_id, offering, position, draft);
        match old {
            Some(_) => drop(row.update(&*change.tx).await?),
            None => drop(row.insert(&*change.tx).await?),
        }
        change.end_beside(note).await?;
        Ok(row_id)
    }

    /// Removes a component, with its prices, before anything of the offering is sold; refused with `in_use` afterwards, and
    /// where another component names it for its overage.
    pub async fn remove_component(
        &self,
        actor: &Actor,
        offering: OfferingId,
        id: ComponentId,
    ) -> Result<(), CatalogueError> {
        let change = Change::begin(&self.core, actor, offering, self.expected).await?;
        let all = Entity::find_of_offering(offering).all(&*change.tx).await?;
        let row = all
            .iter()
            .find(|row| row.id == id)
            .ok_or(AccessError::NotFound)?
            .clone();
        let overage = all
            .iter()
            .any(|other| other.overage_component.as_ref() == Some(&row.code));
        let because = if overage {
            "another component names it for its use beyond the limit"
        } else {
            "orders or resources use it"
        };
        if overage || is_sold(&*change.tx, offering).await? {
            return Err(CatalogueError::InUse {
                what: "The component",
                done: "removed",
                because,
            });
        }
        plan_price::Entity::delete_many()
            .filter(plan_price::Column::ComponentId.eq(id))
            .exec(&*change.tx)
            .await?;
        let note = Note::new(EventKind::ComponentRemoved, json!(row.terms()), json!(null));
        row.delete(&*change.tx).await?;
        change.end_beside(note).await?;
        Ok(())
    }
}

/// Whether resources exist or orders are under way, which bill by these components.
pub(super) async fn is_sold<C: ConnectionTrait>(conn: &C, offering: OfferingId) -> Result<bool, DbErr> {
    let resources = resource::Entity::find()
        .filter(resource::Column::OfferingId.eq(offering))
        .count(conn)
        .await?;
    if resources > 0 {
        return Ok(true);
    }
    has_open_orders(conn, offering).await
}

/// Whether resources are there that are not terminated, or orders are under way.
pub(super) async fn is_on_backend<C: ConnectionTrait>(conn: &C, offering: OfferingId) -> Result<bool, DbErr> {
    let resources = resource::Entity::find()
        .filter(resource::Column::OfferingId.eq(offering))
        .filter(resource::Column::State.ne(ResourceState::Terminated))
        .count(conn)
        .await?;
    Ok(resources > 0 || has_open_orders(conn, offering).await?)
}

async fn has_open_orders<C: ConnectionTrait>(conn: &C, offering: OfferingId) -> Result<bool, DbErr> {
    let over: Vec<OrderState> = OrderState::ALL
        .iter()
        .copied()
        .filter(|state| state.is_terminal())
        .collect();
    let open = order::Entity::find()
        .filter(order::Column::OfferingId.eq(offering))
        .filter(order::Column::State.is_not_in(over))
        .count(conn)
        .await?;
    Ok(open > 0)
}

/// What the log keeps of a component.
#[derive(Serialize)]
struct Logged<'a> {
    #[serde(flatten)]
    terms: ComponentTerms,
    description: &'a str,
    article_code: &'a str,
}

/// Nothing becomes paid up front in an offering that was sold without terms: what runs has none that could be paid, renewed
/// or ended with.
async fn refuse_first_prepaid<C: ConnectionTrait>(
    conn: &C,
    offering: OfferingId,
) -> Result<(), CatalogueError> {
    if is_on_backend(conn, offering).await? {
        return Err(CatalogueError::InUse {
            what: "What is paid up front",
            done: "added",
            because: "what was sold of this offering has no term; sell it in an offering of its own",
        });
    }
    Ok(())
}

async fn refuse_in_use<C: ConnectionTrait>(
    conn: &C,
    old: &Model,
    new: &ComponentTerms,
) -> Result<(), CatalogueError> {
    let what = if old.code != new.code {
        "The code of a component"
    } else if old.charge != new.charge {
        "What a component is charged for"
    } else if old.unit != new.unit || old.factor != new.factor {
        "The unit of a component"
    } else if old.limit_period != new.limit_period || old.prepaid != new.prepaid {
        "The period of a component"
    } else if old.overage_component != new.overage_component {
        "What bills the use beyond a component"
    } else {
        return Ok(());
    };
    if is_sold(conn, old.offering_id).await? {
        Err(CatalogueError::InUse {
            what,
            done: "changed",
            because: "orders or resources use it",
        })
    } else {
        Ok(())
    }
}

fn checked(
    draft: ComponentDraft,
    others: &[Model],
    id: Option<ComponentId>,
) -> Result<ComponentDraft, CatalogueError> {
    let mut check = Check::default();
    let terms = ComponentTerms {
        name: check.required("terms.name", &draft.terms.name, 100),
        unit: check.line("terms.unit", &draft.terms.unit, 50),
        ..draft.terms
    };
    let description = check.lines("description", &draft.description, 500);
    let article_code = check.line("article_code", &draft.article_code, 50);
    for fault in terms.validate() {
        let (field, code) = place(fault);
        let mut message = fault.to_string();
        if let Some(first) = message.get(..1).map(str::to_uppercase) {
            message.replace_range(..1, &first);
        }
        check.fault(format!("terms.{field}"), code, format!("{message}."));
    }
    let taken = others
        .iter()
        .any(|other| other.code == terms.code && Some(other.id) != id);
    check.ensure(
        !taken,
        "terms.code",
        "taken",
        "Another component of this offering has this code.",
    );
    check.ensure(
        id.is_some() || others.len() < MOST,
        "terms.code",
        "too_many",
        "An offering has at most 50 components.",
    );
    if let Some(code) = &terms.overage_component {
        let usage =
            |other: &&Model| other.code == *code && other.charge == ChargeType::Usage && Some(other.id) != id;
        let fits = terms.charge == ChargeType::Limit && others.iter().find(usage).is_some();
        let message =
            "Name another component of this offering that is charged by use; only reserved amounts have one.";
        check.ensure(fits, "terms.overage_component", "unknown", message);
    }
    check.done()?;
    Ok(ComponentDraft {
        terms,
        description,
        article_code,
    })
}

fn place(fault: TermsFault) -> (&'static str, &'static str) {
    match fault {
        TermsFault::Code => ("code", "bad_code"),
        TermsFault::Unit => ("unit", "required"),
        TermsFault::NegativeBound => ("min", "out_of_range"),
        TermsFault::Bounds => ("max", "below_minimum"),
        TermsFault::Step => ("step", "out_of_range"),
        TermsFault::Default => ("default", "out_of_range"),
        TermsFault::Factor => ("factor", "out_of_range"),
        TermsFault::PrepaidWithoutLimit => ("prepaid", "not_a_limit"),
        TermsFault::ExpectedWithoutUse => ("expected_use", "not_by_use"),
        TermsFault::ExpectedWithoutDefault => ("default", "required"),
    }
}

fn next_position(others: &[Model]) -> i32 {
    others
        .iter()
        .map(|row| row.position)
        .max()
        .map_or(0, |last| last.saturating_add(1))
}

fn row(id: ComponentId, offering: OfferingId, position: i32, draft: ComponentDraft) -> ActiveModel {
    let terms = draft.terms;
    ActiveModel {
        id: Set(id),
        offering_id: Set(offering),
        code: Set(terms.code),
        name: Set(terms.name),
        description: Set(draft.description),
        article_code: Set(draft.article_code),
        unit: Set(terms.unit),
        charge: Set(terms.charge),
        limit_period: Set(terms.limit_period),
        prepaid: Set(terms.prepaid),
        min: Set(terms.min),
        max: Set(terms.max),
        default_value: Set(terms.default),
        expected_use: Set(terms.expected_use),
        step: Set(terms.step),
        factor: Set(terms.factor),
        overage_component: Set(terms.overage_component),
        position: Set(position),
    }
}
