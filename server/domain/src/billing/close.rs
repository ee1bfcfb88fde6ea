//! Closing a month: every invoice of it is computed a last time and issued.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use entity::{invoice, organization, resource, usage_event};
use model::{CloseReport, InvoiceState, Month, OrganizationId, Permission};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::accrue::{accrue_in, discard, pairs_with};
use super::issue::issue_in;
use super::{Billing, BillingError, Pair};
use crate::access::{Actor, Target, authorize};
use crate::zone::Zone;

impl Billing {
    /// Issues the invoices of a month that is over, each buyer and provider in a transaction of their own, so that a
    /// crash leaves whole documents and closing again does the rest. Invoices that were issued before stay as they are.
    ///
    /// A charge that cannot be computed holds up its own buyer and provider only: the others are issued, and the first
    /// such charge is answered, naming what to correct before closing again.
    pub async fn close(&self, actor: &Actor, month: Month) -> Result<CloseReport, BillingError> {
        authorize(actor, Permission::ManageInvoice, &Target::system())?;
        let pairs = self.pairs_of(month).await?;
        self.refuse_unless_over(month, &pairs).await?;
        let mut report = CloseReport {
            month,
            issued: 0,
            already: 0,
        };
        let mut first_fault = None;
        for pair in pairs {
            match self.close_pair(actor, pair, month).await {
                Ok((issued, already)) => {
                    report.issued += issued;
                    report.already += already;
                }
                Err(BillingError::Db(error)) => return Err(error.into()),
                Err(fault) => first_fault = first_fault.or(Some(fault)),
            }
        }
        first_fault.map_or(Ok(report), Err)
    }

    async fn close_pair(&self, actor: &Actor, pair: Pair, month: Month) -> Result<(u32, u32), BillingError> {
        let tx = self.core.write_tx().await?;
        let accrued = accrue_in(&self.core, &tx, pair, month).await?;
        let mut issued = 0;
        for row in accrued.open {
            // Totals can be zero though lines are not: then the document tells the buyer why.
            let lines = entity::invoice_item::Entity::find_of_invoice(row.id)
                .filter(entity::invoice_item::Column::Amount.ne(model::Fixed::ZERO))
                .limit(1)
                .one(&*tx)
                .await?;
            if lines.is_none() {
                discard(&tx, row).await?;
                continue;
            }
            issue_in(&self.core, &tx, actor, &accrued.book.provider, row).await?;
            issued += 1;
        }
        tx.commit().await?;
        Ok((issued, accrued.issued))
    }

    /// Who may have something to pay for `month`: resources that lived in it, use that was reported since it began (it
    /// may correct an earlier month), and invoices that are there already.
    async fn pairs_of(&self, month: Month) -> Result<BTreeSet<Pair>, BillingError> {
        // A day's slack on both sides covers every time zone.
        let (from, until) = (
            midnight(month) - TimeDelta::days(1),
            midnight(month.next()) + TimeDelta::days(1),
        );
        let reported = Query::select()
            .column(usage_event::Column::ResourceId)
            .from(usage_event::Entity)
            .and_where(usage_event::Column::RecordedAt.gte(from))
            .take();
        let lived = Condition::all().add(resource::Column::ActivatedAt.lt(until)).add(
            Condition::any()
                .add(resource::Column::TerminatedAt.is_null())
                .add(resource::Column::TerminatedAt.gte(from)),
        );
        let condition = Condition::any()
            .add(lived)
            .add(resource::Column::Id.in_subquery(reported));
        let mut pairs = pairs_with(self.core.read(), condition).await?;
        let invoiced = invoice::Entity::find()
            .select_only()
            .distinct()
            .columns([invoice::Column::OrganizationId, invoice::Column::ProviderId])
            .filter(invoice::Column::Month.eq(month))
            .filter(invoice::Column::State.is_in([InvoiceState::Open, InvoiceState::Issued]))
            .into_tuple::<(OrganizationId, OrganizationId)>()
            .all(self.core.read())
            .await?;
        pairs.extend(
            invoiced
                .into_iter()
                .map(|(buyer, provider)| Pair { buyer, provider }),
        );
        Ok(pairs)
    }

    /// The month must be over for every buyer. Without any, the calendar in UTC decides.
    async fn refuse_unless_over(&self, month: Month, pairs: &BTreeSet<Pair>) -> Result<(), BillingError> {
        let now = self.core.now();
        let going_on = |organization: String| BillingError::MonthNotOver { month, organization };
        if now < midnight(month.next()) - TimeDelta::days(1)
            || (pairs.is_empty() && now < midnight(month.next()))
        {
            return Err(going_on("anybody".into()));
        }
        let ids: BTreeSet<OrganizationId> = pairs.iter().map(|pair| pair.buyer).collect();
        let buyers = organization::Entity::find()
            .filter(organization::Column::Id.is_in(ids))
            .all(self.core.read())
            .await?;
        for buyer in buyers {
            if now < Zone::of(&buyer)?.start_of(month.next().first_day()) {
                return Err(going_on(buyer.name));
            }
        }
        Ok(())
    }
}

fn midnight(month: Month) -> DateTime<Utc> {
    month.first_day().and_time(NaiveTime::MIN).and_utc()
}
