//! Lists of invoices, within what the actor may see.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::{invoice, organization};
use model::{InvoiceState, InvoiceSummary, Month, OrganizationId, Page, PageRequest, Permission, SortOrder};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};

use super::{Billing, BillingError};
use crate::access::{Actor, Columns, Target, Visible};
use crate::page::{self, BadCursor};

/// Which invoices are wanted; an empty filter wants all that the actor may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceFilter {
    /// To this buyer.
    pub organization: Option<OrganizationId>,
    /// From this provider.
    pub provider: Option<OrganizationId>,
    /// Of this month.
    pub month: Option<Month>,
    /// In this state.
    pub state: Option<InvoiceState>,
    /// Changed at this instant or later.
    pub updated_since: Option<DateTime<Utc>>,
    /// In which order: by month.
    pub sort: SortOrder,
}

impl Billing {
    /// Invoices, newest month first unless the filter says otherwise. Two queries, whatever the number of rows.
    pub async fn invoices(
        &self,
        actor: &Actor,
        filter: &InvoiceFilter,
        request: PageRequest,
    ) -> Result<Page<InvoiceSummary>, BillingError> {
        let mut wanted = seen_by(actor).add(narrowed(filter));
        if let Some(key) = page::after(&request, 2)? {
            wanted = wanted.add(after(&key, filter.sort)?);
        }
        let rows = invoice::Entity::find()
            .filter(wanted)
            .order_by(invoice::Column::Month, direction(filter.sort))
            .order_by(invoice::Column::Id, direction(filter.sort))
            .limit(page::fetch(&request))
            .all(self.core.read())
            .await?;
        let page = page::cut(rows, &request, |row| {
            vec![row.month.to_string(), row.id.to_string()]
        });
        let ids: BTreeSet<OrganizationId> = page
            .items
            .iter()
            .flat_map(|row| [row.organization_id, row.provider_id])
            .collect();
        let names = self.names_of(ids).await?;
        Ok(page.map(|row| summary(row, &names)))
    }

    pub(super) async fn names_of(
        &self,
        ids: BTreeSet<OrganizationId>,
    ) -> Result<HashMap<OrganizationId, String>, BillingError> {
        let names = organization::Entity::find()
            .select_only()
            .columns([organization::Column::Id, organization::Column::Name])
            .filter(organization::Column::Id.is_in(ids))
            .into_tuple::<(OrganizationId, String)>()
            .all(self.core.read())
            .await?;
        Ok(names.into_iter().collect())
    }
}

/// The invoices that the actor may see.
pub(super) fn seen_by(actor: &Actor) -> Condition {
    seen_by_parties(
        actor,
        invoice::Column::OrganizationId,
        invoice::Column::ProviderId,
    )
}

/// What lets somebody see invoices. Who runs services does so for a seller: nobody holds that as a buyer.
const SEEING: [Permission; 2] = [Permission::ViewInvoice, Permission::ManageResource];

/// Whether there can be an invoice at all that the actor sees. Who runs one offering only sees none: an invoice tells of
/// everything that its seller sold to the buyer.
pub fn sees_invoices(actor: &Actor) -> bool {
    SEEING
        .iter()
        .any(|permission| match Visible::of(actor, *permission) {
            Visible::All => true,
            Visible::Only {
                organizations,
                providers,
                ..
            } => !organizations.is_empty() || !providers.is_empty(),
        })
}

/// Whether the actor sees the invoices that this organization issues.
pub fn sees_invoices_of(actor: &Actor, seller: OrganizationId) -> bool {
    let seller = Target::provider(seller);
    SEEING.iter().any(|permission| actor.may(*permission, &seller))
}

/// Buyers who may see invoices; of providers also those who run its services, because these are the invoices it issues.
pub(super) fn seen_by_parties<C: ColumnTrait>(actor: &Actor, buyer: C, seller: C) -> Condition {
    let columns = Columns {
        organization: Some(buyer),
        provider: Some(seller),
        ..Columns::default()
    };
    Condition::all().add(Visible::of_any(actor, &SEEING, columns))
}

fn narrowed(filter: &InvoiceFilter) -> Condition {
    Condition::all()
        .add_option(
            filter
                .organization
                .map(|id| invoice::Column::OrganizationId.eq(id)),
        )
        .add_option(filter.provider.map(|id| invoice::Column::ProviderId.eq(id)))
        .add_option(filter.month.map(|month| invoice::Column::Month.eq(month)))
        .add_option(filter.state.map(|state| invoice::Column::State.eq(state)))
        .add_option(
            filter
                .updated_since
                .map(|instant| invoice::Column::UpdatedAt.gte(instant)),
        )
}

fn direction(sort: SortOrder) -> Order {
    match sort {
        SortOrder::Newest => Order::Desc,
        SortOrder::Oldest => Order::Asc,
    }
}

/// Rows beyond the one in a cursor.
fn after(key: &[String], sort: SortOrder) -> Result<Condition, BadCursor> {
    let [month, id] = key else { return Err(BadCursor) };
    let month: Month = month.parse().map_err(|_not_ours| BadCursor)?;
    let id: model::InvoiceId = id.parse().map_err(|_not_ours| BadCursor)?;
    let (other_month, other_id) = match sort {
        SortOrder::Newest => (invoice::Column::Month.lt(month), invoice::Column::Id.lt(id)),
        SortOrder::Oldest => (invoice::Column::Month.gt(month), invoice::Column::Id.gt(id)),
    };
    let same_month = Condition::all()
        .add(invoice::Column::Month.eq(month))
        .add(other_id);
    Ok(Condition::any().add(other_month).add(same_month))
}

fn summary(row: invoice::Model, names: &HashMap<OrganizationId, String>) -> InvoiceSummary {
    let name = |id| names.get(&id).cloned().unwrap_or_default();
    InvoiceSummary {
        id: row.id,
        amount_due: row.amount_due(),
        kind: row.kind,
        number: row.number,
        state: row.state,
        month: row.month,
        currency: row.currency,
        organization_id: row.organization_id,
        organization_name: name(row.organization_id),
        provider_id: row.provider_id,
        provider_name: name(row.provider_id),
        issued_on: row.issued_on,
        due_on: row.due_on,
        net: row.net,
        total: row.total,
    }
}
