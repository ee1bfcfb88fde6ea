//! Invariant 6: nothing that was issued could be computed differently today. Each issued month is computed once more, from
//! the versions that were in force; whoever changed one of them after a document depended on it is found here. Use is left
//! out: it may be reported late, and stands on the next document then.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entity::{invoice, invoice_item};
use model::pricing::Formula;
use model::{Currency, Fixed, InvoiceState, Month, OrganizationId, ResourceId, TaxRate};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait};

use super::Finding;
use crate::billing::{BillingError, BillingInputs, Pair, as_billed_then, dues_of};
use crate::core::Core;

/// What a line says: resource, component, currency, first day, its tax where that is not its document's, and the published price version in whose place it was: a
/// correction changes no amount that was issued.
type Place = (ResourceId, String, Currency, NaiveDate, String, Option<TaxRate>);
type Lines = BTreeMap<Place, (Fixed, String)>;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let months = invoice::Entity::find()
        .select_only()
        .distinct()
        .columns([
            invoice::Column::OrganizationId,
            invoice::Column::ProviderId,
            invoice::Column::Month,
        ])
        .filter(invoice::Column::State.ne(InvoiceState::Open))
        .into_tuple::<(OrganizationId, OrganizationId, Month)>()
        .all(core.read())
        .await?;
    let mut findings = Vec::new();
    for (buyer, provider, month) in months {
        let pair = Pair { buyer, provider };
        match of_month(core, pair, month).await {
            Ok(found) => findings.extend(found),
            Err(BillingError::Db(error)) => return Err(error),
            Err(error) => findings.push(Finding::new(
                6,
                format!("{month} of buyer {buyer}, provider {provider}"),
                error.problem().detail,
            )),
        }
    }
    Ok(findings)
}

async fn of_month(core: &Core, pair: Pair, month: Month) -> Result<Vec<Finding>, BillingError> {
    let inputs = BillingInputs::load(core.read(), pair, month).await?;
    let stands = stands(core, pair, month, &inputs).await?;
    let currencies: BTreeSet<Currency> = stands.keys().map(|place| place.2).collect();
    let mut owed = Lines::new();
    for resource in &inputs.resources {
        for due in dues_of(&inputs, resource, core.now())? {
            let line = due.line;
            // A month can be issued in one currency and not in another, of which nothing was to be paid.
            let counts = line.derivation.formula != Formula::Usage && currencies.contains(&due.currency);
            if counts && !line.amount.amount.is_zero() {
                let place = (
                    resource.row.id,
                    line.component,
                    due.currency,
                    due.days.start,
                    inputs.published_as(&line.price_version),
                    Some(due.tax).filter(|tax| *tax != inputs.tax()),
                );
                add(&mut owed, place, line.amount.to_fixed(), line.name)?;
            }
        }
    }
    Ok(differences(month, &stands, &owed))
}

fn add(
    lines: &mut Lines,
    place: Place,
    amount: Result<Fixed, model::FixedError>,
    name: String,
) -> Result<(), BillingError> {
    let too_large = |fault: model::FixedError| BillingError::TooLarge(fault.into());
    let (sum, _) = lines.entry(place).or_insert((Fixed::ZERO, name));
    *sum = sum.checked_add(amount.map_err(too_large)?).map_err(too_large)?;
    Ok(())
}

/// The lines of the issued documents of a month.
async fn stands(
    core: &Core,
    pair: Pair,
    month: Month,
    inputs: &BillingInputs,
) -> Result<Lines, BillingError> {
    let items = invoice_item::Entity::find()
        .join(JoinType::InnerJoin, invoice_item::Relation::Invoice.def())
        .filter(invoice::Column::OrganizationId.eq(pair.buyer))
        .filter(invoice::Column::ProviderId.eq(pair.provider))
        .filter(invoice::Column::Month.eq(month))
        .filter(invoice::Column::State.ne(InvoiceState::Open))
        .all(core.read())
        .await?;
    let mut lines = Lines::new();
    for item in items {
        let derivation = &item.derivation.0;
        let Some(resource) = item.resource_id.filter(|_| derivation.formula != Formula::Usage) else {
            continue;
        };
        if item.amount.is_zero() {
            continue;
        }
        let place = (
            resource,
            item.component,
            derivation.currency,
            item.from_day,
            inputs.published_as(&item.price_version),
            item.tax
                .map(|tax| tax.0)
                .filter(|tax| item.description.ends_with(&as_billed_then(tax))),
        );
        add(&mut lines, place, Ok(item.amount), item.description)?;
    }
    Ok(lines)
}

fn differences(month: Month, stands: &Lines, owed: &Lines) -> Vec<Finding> {
    let mut findings = Vec::new();
    let places: BTreeSet<&Place> = stands.keys().chain(owed.keys()).collect();
    for place in places {
        let of = |lines: &Lines| lines.get(place).map(|(amount, _)| *amount).unwrap_or_default();
        let (issued, computed) = (of(stands), of(owed));
        if issued != computed {
            let name = stands.get(place).or(owed.get(place)).map_or("", |(_, name)| name);
            let (resource, _, currency, from, _, tax) = place;
            let text = format!(
                "{name} from {from} was issued for {month} with {issued} {}{}, but computes as {computed} today",
                currency.code(),
                tax.as_ref()
                    .map_or_else(String::new, |tax| format!(" at {}", tax.label()))
            );
            findings.push(Finding::new(6, format!("resource {resource}"), text));
        }
    }
    findings
}
