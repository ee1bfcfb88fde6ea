//! What somebody's resources cost this month, from the open invoices.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::{invoice, invoice_item, organization};
use model::{
    Currency, Fixed, Money, Month, OrganizationId, Permission, ProjectId, ProjectSpend, Scope, Spend,
};
use sea_orm::sea_query::{Alias, Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};

use super::{Billing, BillingError};
use crate::access::{AccessError, Actor, Columns, Visible};
use crate::zone::{Zone, days_on_earth};

#[derive(Debug, FromQueryResult)]
struct Sum {
    organization_id: OrganizationId,
    month: Month,
    currency: Currency,
    project_id: ProjectId,
    project_name: String,
    amount: i64,
    computed_at: DateTime<Utc>,
}

impl Billing {
    /// The net cost of the running month, as the open invoices had it when they were last brought up to date: of an
    /// organization or a project that the actor sees, or (`None`) of all of them. Which month runs is told by each
    /// organization's own calendar; where two run at once, the answer is titled with the later.
    pub async fn spend(&self, actor: &Actor, scope: Option<Scope>) -> Result<Spend, BillingError> {
        let now = self.core.now();
        // Between the first place on Earth where a month begins and the last.
        let (west, east) = days_on_earth(now);
        let (earliest, latest) = (Month::containing(west), Month::containing(east));
        let mut sums = self.sums(actor, scope, earliest, latest).await?;
        let mut month = latest;
        if earliest < latest {
            let running = self.running_months(&sums, scope).await?;
            sums.retain(|sum| running.get(&sum.organization_id) == Some(&sum.month));
            let last = running.values().max().copied();
            month = last.unwrap_or_else(|| Month::containing(now.date_naive()));
        }
        Ok(Spend {
            month,
            totals: totals(&sums)?,
            as_of: sums.iter().map(|sum| sum.computed_at).min(),
            projects: sums.into_iter().map(project).collect(),
        })
    }

    async fn sums(
        &self,
        actor: &Actor,
        scope: Option<Scope>,
        earliest: Month,
        latest: Month,
    ) -> Result<Vec<Sum>, BillingError> {
        let sums = invoice_item::Entity::find()
            .select_only()
            .columns([
                invoice::Column::OrganizationId,
                invoice::Column::Month,
                invoice::Column::Currency,
            ])
            .columns([invoice_item::Column::ProjectId, invoice_item::Column::ProjectName])
            .column_as(
                invoice_item::Column::Amount.sum().cast_as(Alias::new("bigint")),
                "amount",
            )
            .column_as(invoice::Column::UpdatedAt.min(), "computed_at")
            .join(JoinType::InnerJoin, invoice_item::Relation::Invoice.def())
            .filter(invoice::Column::Month.is_in([earliest, latest]))
            .filter(invoice_item::Column::ProjectId.is_not_null())
            .filter(within(actor, scope)?)
            .group_by(invoice::Column::OrganizationId)
            .group_by(invoice::Column::Month)
            .group_by(invoice::Column::Currency)
            .group_by(invoice_item::Column::ProjectId)
            .group_by(invoice_item::Column::ProjectName)
            .order_by_desc(Expr::col(Alias::new("amount")))
            .into_model::<Sum>()
            .all(self.core.read())
            .await?;
        Ok(sums)
    }

    /// The month that runs now for each organization that is summed or asked about.
    async fn running_months(
        &self,
        sums: &[Sum],
        scope: Option<Scope>,
    ) -> Result<BTreeMap<OrganizationId, Month>, BillingError> {
        let mut ids: BTreeSet<OrganizationId> = sums.iter().map(|sum| sum.organization_id).collect();
        if let Some(Scope::Organization(id)) = scope {
            ids.insert(id);
        }
        let rows = organization::Entity::find()
            .filter(organization::Column::Id.is_in(ids))
            .all(self.core.read())
            .await?;
        let running = rows
            .iter()
            .map(|row| Ok((row.id, Zone::of(row)?.month(self.core.now()))));
        running.collect()
    }
}

/// Lines that the actor may see as a buyer: of organizations whose invoices, and projects that they may see. Who sees all
/// projects of an organization sees what they cost without seeing its invoices.
fn within(actor: &Actor, scope: Option<Scope>) -> Result<Condition, BillingError> {
    let organization = Columns {
        organization: Some(invoice::Column::OrganizationId),
        ..Columns::default()
    };
    let project = Columns {
        project: Some(invoice_item::Column::ProjectId),
        ..Columns::default()
    };
    let projects = Visible::of(actor, Permission::ViewProject);
    let seen = Condition::any()
        .add(Visible::of(actor, Permission::ViewInvoice).filter(organization))
        .add(projects.filter(organization))
        .add(projects.filter(project));
    Ok(match scope {
        None => seen,
        Some(Scope::Organization(id)) => Condition::all()
            .add(seen)
            .add(invoice::Column::OrganizationId.eq(id)),
        Some(Scope::Project(id)) => Condition::all()
            .add(seen)
            .add(invoice_item::Column::ProjectId.eq(id)),
        Some(_) => return Err(AccessError::NotFound.into()),
    })
}

fn totals(sums: &[Sum]) -> Result<Vec<Money>, BillingError> {
    let mut totals: Vec<Money> = Vec::new();
    for sum in sums {
        let money = money(sum);
        match totals.iter_mut().find(|total| total.currency == money.currency) {
            Some(total) => {
                *total = total
                    .checked_add(money)
                    .map_err(|fault| BillingError::TooLarge(fault.into()))?;
            }
            None => totals.push(money),
        }
    }
    totals.sort_by_key(|total| total.currency.code());
    Ok(totals)
}

fn project(sum: Sum) -> ProjectSpend {
    ProjectSpend {
        project_id: sum.project_id,
        net: money(&sum),
        project_name: sum.project_name,
    }
}

fn money(sum: &Sum) -> Money {
    Money::from_fixed(Fixed::from_nanos(sum.amount), sum.currency).rounded()
}
