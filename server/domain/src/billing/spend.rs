//! What somebody's resources cost this month, from the open invoices.

use entity::{invoice, invoice_item, organization};
use model::{Currency, Fixed, Money, Month, Permission, ProjectId, ProjectSpend, Scope, Spend};
use sea_orm::sea_query::{Alias, Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};

use super::{Billing, BillingError};
use crate::access::{AccessError, Actor, Columns, Visible};
use crate::zone::Zone;

#[derive(Debug, FromQueryResult)]
struct Sum {
    currency: Currency,
    project_id: ProjectId,
    project_name: String,
    amount: i64,
}

impl Billing {
    /// The net cost of the running month, as the open invoices had it when they were last brought up to date: of an
    /// organization or a project that the actor sees, or (`None`) of all of them. One query for the sums.
    pub async fn spend(&self, actor: &Actor, scope: Option<Scope>) -> Result<Spend, BillingError> {
        let month = self.running_month(scope).await?;
        let sums = invoice_item::Entity::find()
            .select_only()
            .column(invoice::Column::Currency)
            .columns([invoice_item::Column::ProjectId, invoice_item::Column::ProjectName])
            .column_as(
                invoice_item::Column::Amount.sum().cast_as(Alias::new("bigint")),
                "amount",
            )
            .join(JoinType::InnerJoin, invoice_item::Relation::Invoice.def())
            .filter(invoice::Column::Month.eq(month))
            .filter(invoice_item::Column::ProjectId.is_not_null())
            .filter(within(actor, scope)?)
            .group_by(invoice::Column::Currency)
            .group_by(invoice_item::Column::ProjectId)
            .group_by(invoice_item::Column::ProjectName)
            .order_by_desc(Expr::col(Alias::new("amount")))
            .into_model::<Sum>()
            .all(self.core.read())
            .await?;
        Ok(Spend {
            month,
            totals: totals(&sums)?,
            projects: sums.into_iter().map(project).collect(),
        })
    }

    /// The month that runs now, in the zone of the organization that is asked about.
    async fn running_month(&self, scope: Option<Scope>) -> Result<Month, BillingError> {
        let now = self.core.now();
        let Some(Scope::Organization(id)) = scope else {
            return Ok(Month::containing(now.date_naive()));
        };
        let found = organization::Entity::find_by_id(id).one(self.core.read()).await?;
        Ok(Month::containing(
            Zone::of(&found.ok_or(AccessError::NotFound)?)?.day(now),
        ))
    }
}

/// Lines that the actor may see as a buyer: of organizations whose invoices, and projects that they may see.
fn within(actor: &Actor, scope: Option<Scope>) -> Result<Condition, BillingError> {
    let organization = Columns {
        organization: Some(invoice::Column::OrganizationId),
        ..Columns::default()
    };
    let own = Columns {
        project: Some(invoice_item::Column::ProjectId),
        ..Columns::default()
    };
    let seen = Condition::any()
        .add(Visible::of(actor, Permission::ViewInvoice).filter(organization))
        .add(Visible::of(actor, Permission::ViewProject).filter(own));
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
