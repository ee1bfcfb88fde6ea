//! What terms that have not begun are paid at.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::resource;
use model::{Binding, DateRange, Month, PlanId, Price};
use sea_orm::ConnectionTrait;

use super::ResourceMonth;
use crate::billing::BillingError;
use crate::billing::inputs::{BillingInputs, PaidTerm, Tariff};

/// A term that has not begun.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TermAhead {
    pub(crate) days: DateRange,
    /// What each component that is paid up front costs in it, by code; none of those that cost nothing.
    pub(crate) prices: BTreeMap<String, Price>,
}

/// The terms of a resource that begin after the day `after` and in which it lives, the first one first, with the prices
/// at which they will be billed; under `switched`, as if it had this plan, so bound, from now on.
pub(crate) async fn terms_ahead(
    db: &impl ConnectionTrait,
    resource: &resource::Model,
    after: NaiveDate,
    switched: Option<(PlanId, &Binding)>,
) -> Result<Vec<TermAhead>, BillingError> {
    let month = Month::containing(after);
    let mut inputs = BillingInputs::of_resource(db, resource, month).await?;
    let Some(mut billed) = inputs.resources.pop() else {
        return Ok(Vec::new());
    };
    if let Some((plan, binding)) = switched {
        for span in &mut billed.spans {
            span.plan = plan;
            span.binding = binding.clone();
        }
    }
    let nothing = Tariff::default();
    let seen = ResourceMonth {
        resource: &billed,
        tariff: inputs.tariffs.get(&resource.offering_id).unwrap_or(&nothing),
        zone: &inputs.zone,
        taxes: &inputs.taxes,
        month,
        now: inputs.zone.start_of(after),
    };
    let ahead = billed.terms.iter().filter(|term| term.days.start > after);
    Ok(ahead.filter_map(|term| seen.term_ahead(term)).collect())
}

impl ResourceMonth<'_> {
    fn term_ahead(&self, term: &PaidTerm) -> Option<TermAhead> {
        let (start, end) = self.bounds(term);
        let span = self.lived(start, end).next()?;
        let at = span.from.max(start);
        let prepaid = self
            .tariff
            .components
            .iter()
            .filter(|component| component.prepaid);
        let prices = prepaid.filter_map(|component| {
            let (_, price) = self.price_of_term(term, span, component, at)?;
            Some((component.code.clone(), price.clone()))
        });
        Some(TermAhead {
            days: term.days,
            prices: prices.collect(),
        })
    }
}
