//! Invariant 3, tried on the running month: every stretch is cut in the middle, and nothing may cost more or less.

use chrono::{DateTime, Utc};
use entity::{organization, resource};
use model::{Line, OrganizationId};
use sea_orm::{DbErr, EntityTrait, QuerySelect};

use super::Finding;
use crate::billing::{BilledResource, BillingError, BillingInputs, Pair, Span, dues_of};
use crate::core::Core;
use crate::zone::Zone;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let pairs = resource::Entity::find()
        .select_only()
        .distinct()
        .columns([resource::Column::OrganizationId, resource::Column::ProviderId])
        .into_tuple::<(OrganizationId, OrganizationId)>()
        .all(core.read())
        .await?;
    let mut findings = Vec::new();
    for (buyer, provider) in pairs {
        match of_pair(core, Pair { buyer, provider }).await {
            Ok(found) => findings.extend(found),
            Err(BillingError::Db(error)) => return Err(error),
            Err(error) => findings.push(Finding::new(
                3,
                format!("buyer {buyer}, provider {provider}"),
                error.problem().detail,
            )),
        }
    }
    Ok(findings)
}

async fn of_pair(core: &Core, pair: Pair) -> Result<Vec<Finding>, BillingError> {
    let now = core.now();
    let Some(buyer) = organization::Entity::find_by_id(pair.buyer)
        .one(core.read())
        .await?
    else {
        return Ok(Vec::new());
    };
    let month = Zone::of(&buyer)?.month(now);
    let inputs = BillingInputs::load(core.read(), pair, month).await?;
    let mut findings = Vec::new();
    for resource in &inputs.resources {
        let lines = |resource: &BilledResource| -> Result<Vec<Line>, BillingError> {
            Ok(dues_of(&inputs, resource, now)?
                .into_iter()
                .map(|due| due.line)
                .collect())
        };
        let split = BilledResource {
            spans: resource.spans.iter().flat_map(|span| halves(span, now)).collect(),
            ..resource.clone()
        };
        if lines(resource)? != lines(&split)? {
            let text = format!(
                "{}: a change of nothing would change what is charged",
                resource.row.name
            );
            findings.push(Finding::new(3, format!("resource {}", resource.row.id), text));
        }
    }
    Ok(findings)
}

/// A stretch as two, with the same plan and limits.
fn halves(span: &Span, now: DateTime<Utc>) -> Vec<Span> {
    // What lies ahead is not split: which prices it will have is decided when it begins.
    let end = span.until.map_or(now, |until| until.min(now));
    let middle = span.from + (end - span.from) / 2;
    if middle <= span.from || middle >= end {
        return vec![span.clone()];
    }
    vec![
        Span {
            until: Some(middle),
            ..span.clone()
        },
        Span {
            from: middle,
            ..span.clone()
        },
    ]
}
