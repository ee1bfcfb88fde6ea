//! Invariant 6, of components: what use is converted and charged by is what somebody saved; the log, which nobody can change,
//! knows it.

use std::collections::HashMap;

use entity::{audit_event, component};
use model::{ComponentTerms, EventKind, Fixed};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::Finding;
use crate::core::Core;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let saved = saved(core).await?;
    let rows = component::Entity::find()
        .order_by_asc(component::Column::Id)
        .all(core.read())
        .await?;
    let mut findings = Vec::new();
    for row in rows {
        // What was not saved through the services has no such event.
        let Some(known) = saved.get(&(row.offering_id.0, row.code.clone())) else {
            continue;
        };
        let texts = differences(&row.terms(), known).into_iter();
        findings
            .extend(texts.map(|text| Finding::new(6, format!("component {} ({})", row.name, row.id), text)));
    }
    Ok(findings)
}

/// The terms that were saved last, by offering and code.
async fn saved(core: &Core) -> Result<HashMap<(Uuid, String), ComponentTerms>, DbErr> {
    use audit_event::Column as C;
    let events = audit_event::Entity::find()
        .select_only()
        .columns([C::SubjectId, C::After])
        .filter(C::SubjectKind.eq("offering"))
        .filter(C::Verb.eq(EventKind::ComponentSaved))
        .order_by_asc(C::Sequence)
        .into_tuple::<(Uuid, Json)>()
        .all(core.read())
        .await?;
    let terms = |(offering, after): (Uuid, Json)| {
        let terms = ComponentTerms::deserialize(after).ok()?;
        Some(((offering, terms.code.clone()), terms))
    };
    Ok(events.into_iter().filter_map(terms).collect())
}

/// What charges depend on and is no longer as it was saved.
fn differences(now: &ComponentTerms, saved: &ComponentTerms) -> Vec<String> {
    let amount =
        |amount: Option<Fixed>| amount.map_or_else(|| "none".to_owned(), |amount| amount.to_string());
    let facts = |terms: &ComponentTerms| {
        [
            ("unit", terms.unit.clone()),
            ("charge", terms.charge.as_str().to_owned()),
            ("conversion factor", terms.factor.to_string()),
            ("least amount", amount(terms.min)),
            ("largest amount", amount(terms.max)),
            ("usual amount", amount(terms.default)),
            ("step", amount(terms.step)),
            ("period", terms.limit_period.as_str().to_owned()),
            ("payment up front", terms.prepaid.to_string()),
            (
                "overage component",
                terms.overage_component.clone().unwrap_or_default(),
            ),
        ]
    };
    let pairs = facts(now).into_iter().zip(facts(saved));
    pairs
        .filter(|((_, now), (_, saved))| now != saved)
        .map(|((what, now), (_, saved))| format!("its {what} is “{now}”, but was saved as “{saved}”"))
        .collect()
}
