//! Invariant 6, of terms of service: each version, which orders accepted, reads as it was saved, by the log.

use std::collections::HashMap;

use entity::{audit_event, offering_terms};
use model::{EventKind, OfferingId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::Finding;
use crate::catalogue::LoggedText;
use crate::core::Core;
use crate::crypto::sha256_hex;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    // One by one: a text may be long.
    for ((offering, version), sha256) in saved(core).await? {
        let row = offering_terms::Entity::find_by_id((offering, version))
            .one(core.read())
            .await?;
        let text = match row {
            Some(row) if sha256_hex(row.text.as_bytes()) == sha256 => continue,
            Some(_) => "they do not read as they were saved",
            None => "they are gone",
        };
        let subject = format!("version {version} of the terms of service of offering {offering}");
        findings.push(Finding::new(6, subject, text));
    }
    Ok(findings)
}

/// The fingerprints of all versions that the log knows; releases before it kept them told none.
async fn saved(core: &Core) -> Result<HashMap<(OfferingId, i32), String>, DbErr> {
    use audit_event::Column as C;
    let events = audit_event::Entity::find()
        .select_only()
        .columns([C::SubjectId, C::After])
        .filter(C::SubjectKind.eq("offering"))
        .filter(C::Verb.eq(EventKind::OfferingRevised))
        .order_by_asc(C::Sequence)
        .into_tuple::<(Uuid, Json)>()
        .all(core.read())
        .await?;
    let told = events.into_iter().filter_map(|(offering, after)| {
        let told = LoggedText::deserialize(after.get("terms")?).ok()?;
        Some(((OfferingId(offering), told.version), told.sha256))
    });
    Ok(told.collect())
}
