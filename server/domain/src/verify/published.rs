//! Invariant 6, of plans: each version of prices and terms is as it was published, by the log.

use std::collections::HashMap;

use entity::{audit_event, plan_price, plan_terms};
use model::{PriceId, TermsId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use serde_json::Value as Json;

use super::Finding;
use crate::catalogue::{LoggedPrice, LoggedTerms, LoggedVersions};
use crate::core::Core;

/// What was published, by version.
#[derive(Default)]
struct Published {
    terms: HashMap<TermsId, LoggedTerms>,
    prices: HashMap<PriceId, LoggedPrice>,
}

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let published = published(core).await?;
    let mut findings = Vec::new();
    for row in plan_terms::Entity::find().all(core.read()).await? {
        let stored = LoggedTerms {
            id: row.id,
            starts_at: row.starts_at,
            terms: row.terms(),
        };
        if published.terms.get(&row.id).is_some_and(|told| *told != stored) {
            let text = "it is not as it was published: its terms or its first instant were changed";
            findings.push(Finding::new(
                6,
                format!("version {} of terms of plan {}", row.version, row.plan_id),
                text,
            ));
        }
    }
    for row in plan_price::Entity::find().all(core.read()).await? {
        let stored = LoggedPrice {
            id: row.id,
            starts_at: row.starts_at,
            every: row.billing_period,
            scheme: row.price()?.scheme,
        };
        if published.prices.get(&row.id).is_some_and(|told| *told != stored) {
            let text = "it is not as it was published: its amount, period or first instant was changed";
            findings.push(Finding::new(6, format!("price {}", row.id), text));
        }
    }
    Ok(findings)
}

/// What the log says; releases that logged names only said nothing of it.
async fn published(core: &Core) -> Result<Published, DbErr> {
    use audit_event::Column as C;
    let events = audit_event::Entity::find()
        .select_only()
        .column(C::After)
        .filter(C::SubjectKind.eq("offering"))
        .filter(C::Verb.is_in(["plan.saved", "plan.price_corrected"]))
        .order_by_asc(C::Sequence)
        .into_tuple::<Json>()
        .all(core.read())
        .await?;
    let mut published = Published::default();
    for event in events {
        let Some(told) = event.get("versions") else {
            continue;
        };
        let Ok(told) = LoggedVersions::deserialize(told) else {
            continue;
        };
        published.terms.extend(told.terms.map(|terms| (terms.id, terms)));
        published
            .prices
            .extend(told.prices.into_iter().map(|price| (price.id, price)));
    }
    Ok(published)
}
