//! Invariant 1: every number of a series is given once, up to the last.

use std::collections::BTreeMap;

use entity::{invoice, invoice_series};
use model::{DocumentKind, InvoiceState, OrganizationId};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::Finding;
use crate::core::Core;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = unnumbered(core).await?;
    let mut given: BTreeMap<(OrganizationId, i32), Vec<i32>> = BTreeMap::new();
    let numbered = invoice::Entity::find()
        .select_only()
        .columns([invoice::Column::ProviderId, invoice::Column::Number])
        .filter(invoice::Column::Number.is_not_null())
        .into_tuple::<(OrganizationId, String)>()
        .all(core.read())
        .await?;
    for (provider, number) in numbered {
        match parts(&number) {
            Some((year, position)) => given.entry((provider, year)).or_default().push(position),
            None => findings.push(Finding::new(
                1,
                format!("invoice {number}"),
                "its number is not of any series",
            )),
        }
    }
    let mut series: BTreeMap<_, _> = invoice_series::Entity::find()
        .all(core.read())
        .await?
        .into_iter()
        .map(|row| ((row.provider_id, row.year), row.next))
        .collect();
    for ((provider, year), mut positions) in given {
        let subject = format!("series {year} of provider {provider}");
        positions.sort_unstable();
        let next = series.remove(&(provider, year)).unwrap_or(1);
        findings.extend(gaps(&subject, &positions, next));
    }
    for ((provider, year), next) in series.into_iter().filter(|(_, next)| *next > 1) {
        findings.extend(gaps(&format!("series {year} of provider {provider}"), &[], next));
    }
    Ok(findings)
}

async fn unnumbered(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let faulty = invoice::Entity::find()
        .filter(invoice::Column::State.ne(InvoiceState::Open))
        .filter(invoice::Column::Kind.ne(DocumentKind::Internal))
        .filter(
            invoice::Column::Number
                .is_null()
                .or(invoice::Column::IssuedOn.is_null()),
        )
        .all(core.read())
        .await?;
    let finding = |row: &invoice::Model| {
        Finding::new(
            1,
            super::documents::name(row),
            "it is issued without number or date",
        )
    };
    Ok(faulty.iter().map(finding).collect())
}

/// What is missing or doubled among 1 .. `next`.
fn gaps(subject: &str, positions: &[i32], next: i32) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut expected = 1;
    for position in positions {
        if *position < expected {
            findings.push(Finding::new(
                1,
                subject,
                format!("number {position} was given twice"),
            ));
            continue;
        }
        if *position > expected {
            findings.push(Finding::new(
                1,
                subject,
                format!("numbers {expected} to {} are missing", position - 1),
            ));
        }
        expected = position.saturating_add(1);
    }
    if expected != next {
        findings.push(Finding::new(
            1,
            subject,
            format!("the next number is {next}, but should be {expected}"),
        ));
    }
    findings
}

/// Year and position of `TARTU-2025-00017`.
fn parts(number: &str) -> Option<(i32, i32)> {
    let mut parts = number.rsplit('-');
    let position = parts.next()?.parse().ok()?;
    Some((parts.next()?.parse().ok()?, position))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(positions: &[i32], next: i32) -> Vec<String> {
        gaps("series", positions, next)
            .into_iter()
            .map(|finding| finding.text)
            .collect()
    }

    #[test]
    fn gaps_doubles_and_a_wrong_next_number_are_found() {
        assert_eq!(texts(&[1, 2, 3], 4), Vec::<String>::new());
        assert_eq!(texts(&[1, 4], 5), ["numbers 2 to 3 are missing"]);
        assert_eq!(texts(&[1, 1, 2], 3), ["number 1 was given twice"]);
        assert_eq!(texts(&[1], 5), ["the next number is 5, but should be 2"]);
        assert_eq!(parts("DEEP-BLUE-2025-00017"), Some((2025, 17)));
        assert_eq!(parts("17"), None);
    }
}
