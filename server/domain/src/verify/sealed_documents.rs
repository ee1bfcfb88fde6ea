//! Invariant 6, of documents: each is as it was issued, to the last word and figure, and none was put there that nobody
//! issued.

use sea_orm::DbErr;

use super::documents::name;
use super::{Finding, next_issued, told};
use crate::billing::fingerprints;
use crate::core::Core;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last = None;
    loop {
        let rows = next_issued(core, last).await?;
        let Some(end) = rows.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        let ids = rows.iter().map(|row| row.id.0);
        let issued = told::last(core, ("invoice", "invoice.issued"), ids).await?;
        let stored = fingerprints(core.read(), rows.iter().map(|row| row.id)).await?;
        for row in &rows {
            let event = issued.get(&row.id.0);
            let text = if event.is_none() {
                "by the log, nobody issued it"
            } else if told::fingerprint(event)
                .is_some_and(|issued| stored.get(&row.id).is_some_and(|stored| stored != issued))
            {
                "it is not what was issued: something on it was changed since"
            } else {
                continue;
            };
            findings.push(Finding::new(6, name(row), text));
        }
    }
}
