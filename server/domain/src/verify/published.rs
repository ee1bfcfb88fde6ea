//! Invariant 6, of plans: each version of prices and terms is as it was published, by the log, and none was put there that
//! nobody published.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{audit_event, plan, plan_price, plan_terms};
use model::{EventKind, OfferingId, PlanId, PlanTerms, PriceChanges, PriceId, TermsId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::Finding;
use crate::catalogue::{LoggedPrice, LoggedTerms, LoggedVersions};
use crate::core::Core;

/// What was published, by version.
#[derive(Default)]
struct Published {
    terms: HashMap<TermsId, LoggedTerms>,
    prices: HashMap<PriceId, LoggedPrice>,
    /// Of offerings whose plans were published by releases that logged names only: when they last were.
    by_name: HashMap<OfferingId, DateTime<Utc>>,
    offerings: HashMap<PlanId, OfferingId>,
}

impl Published {
    /// Whether the plan's offering was there when the log told names only.
    fn knows_names(&self, plan: PlanId) -> bool {
        let offering = self.offerings.get(&plan);
        offering.is_some_and(|offering| self.by_name.contains_key(offering))
    }

    /// A version that the log does not know may have been published before the log told of versions.
    fn is_from_before(&self, plan: PlanId, saved: DateTime<Utc>) -> bool {
        let offering = self.offerings.get(&plan);
        let last = offering.and_then(|offering| self.by_name.get(offering));
        last.is_some_and(|last| saved <= *last)
    }
}

/// The notice that plans were given, in days, when prices and terms got versions.
const GIVEN_NOTICE: u16 = 30;

/// Whether the step of the schema that gave plans versions made this one: what it had is its first, and what it had with
/// notice its second, from then on.
fn was_given_notice(row: &plan_terms::Model, first: Option<&PlanTerms>) -> bool {
    let given = first.map(|first| PlanTerms {
        price_changes: PriceChanges::WithNotice { days: GIVEN_NOTICE },
        ..*first
    });
    row.version == 2 && row.starts_at == row.created_at && given == Some(row.terms())
}

const UNKNOWN: &str = "by the log, nobody published it";

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let published = published(core).await?;
    let mut findings = Vec::new();
    let rows = plan_terms::Entity::find().all(core.read()).await?;
    let first = rows.iter().filter(|row| row.version == 1);
    let first: HashMap<PlanId, PlanTerms> = first.map(|row| (row.plan_id, row.terms())).collect();
    for row in rows {
        let stored = LoggedTerms {
            id: row.id,
            starts_at: row.starts_at,
            terms: row.terms(),
        };
        let text = match published.terms.get(&row.id) {
            Some(told) if *told == stored => None,
            Some(_) => Some("it is not as it was published: its terms or its first instant were changed"),
            None if published.is_from_before(row.plan_id, row.created_at) => None,
            None if published.knows_names(row.plan_id) && was_given_notice(&row, first.get(&row.plan_id)) => {
                None
            }
            None => Some(UNKNOWN),
        };
        if let Some(text) = text {
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
        let text = match published.prices.get(&row.id) {
            Some(told) if *told == stored => None,
            Some(_) => Some("it is not as it was published: its amount, period or first instant was changed"),
            None if published.is_from_before(row.plan_id, row.created_at) => None,
            None => Some(UNKNOWN),
        };
        if let Some(text) = text {
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
        .columns([C::SubjectId, C::At, C::After])
        .filter(C::SubjectKind.eq("offering"))
        .filter(C::Verb.is_in([EventKind::PlanSaved, EventKind::PlanPriceCorrected]))
        .order_by_asc(C::Sequence)
        .into_tuple::<(Uuid, DateTime<Utc>, Json)>()
        .all(core.read())
        .await?;
    let offerings = plan::Entity::find()
        .select_only()
        .columns([plan::Column::Id, plan::Column::OfferingId])
        .into_tuple::<(PlanId, OfferingId)>()
        .all(core.read())
        .await?;
    let mut published = Published {
        offerings: offerings.into_iter().collect(),
        ..Published::default()
    };
    for (offering, at, event) in events {
        let Some(told) = event.get("versions") else {
            published.by_name.insert(OfferingId(offering), at);
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
