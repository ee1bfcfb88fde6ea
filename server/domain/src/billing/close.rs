//! Closing a month: every document of it, and of months before it that are open, is computed a last time and issued.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use entity::{closed_month, invoice, organization, resource, usage_event};
use model::{CloseReport, InvoiceState, IssuedDocument, Month, OrganizationId, Permission};
use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait};

use super::accrue::{Accrued, accrue_in, discard};
use super::faults::fault;
use super::issue::issue_in;
use super::pairs::pairs_with;
use super::{Billing, BillingError, Pair, closed, faults};
use crate::access::{AccessError, Actor, Target, authorize};
use crate::zone::Zone;

impl Billing {
    /// Issues the documents of a month that is over, each buyer and provider in a transaction of their own, so that a
    /// crash leaves whole documents and closing again does the rest; within a request that has an idempotency key, which is
    /// one transaction, all of them or none. Months before it that are open are closed first.
    /// Documents that were issued before stay as they are.
    ///
    /// The report names each document that was issued, and each buyer and provider whose charges cannot be computed with
    /// what to correct: they hold up nobody else. [`BillingError::MonthNotOver`] while the month goes on for a buyer.
    pub async fn close(&self, actor: &Actor, month: Month) -> Result<CloseReport, BillingError> {
        authorize(actor, Permission::ManageInvoice, &Target::system())?;
        let pairs = self.pairs_of(month).await?;
        self.refuse_unless_over(month, &pairs).await?;
        let mut issued = Vec::new();
        let mut already = 0;
        let mut failed = Vec::new();
        for pair in pairs {
            let mut next = self.first_to_close(pair, month).await?;
            while next <= month {
                match self.close_pair(actor, pair, next).await {
                    Ok((now, before)) => {
                        issued.extend(now);
                        already += before;
                    }
                    Err(BillingError::Db(error)) => return Err(error.into()),
                    Err(error) => {
                        faults::note_fault(&self.core, pair, next).await?;
                        let mut reasons = self.reasons(pair, next).await?;
                        if reasons.is_empty() {
                            reasons.push(fault(None, &error));
                        }
                        failed.push((pair, next, reasons));
                        break;
                    }
                }
                next = next.next();
            }
        }
        Ok(CloseReport {
            month,
            issued: self.listed(issued).await?,
            already,
            failed: self.named(failed).await?,
        })
    }

    /// The first month up to `month` that the pair has open.
    async fn first_to_close(&self, pair: Pair, month: Month) -> Result<Month, BillingError> {
        let db = self.core.read();
        let buyer = organization::Entity::find_by_id(pair.buyer).one(db).await?;
        // A zone that does not exist is told when the month itself is tried.
        let Ok(zone) = Zone::of(&buyer.ok_or(AccessError::NotFound)?) else {
            return Ok(month);
        };
        let through = closed::through(db, pair).await?;
        let first = match closed::first_open(db, pair, &zone, through).await? {
            Some(first) => Some(first),
            None => self.first_reported(pair).await?.map(|at| zone.month(at)),
        };
        Ok(first.map_or(month, |first| first.min(month)))
    }

    /// When use was first reported since the pair was closed last: nothing lives any more that would have a month, so it
    /// stands on that of the report, which looks back as far as use was taken.
    async fn first_reported(&self, pair: Pair) -> Result<Option<DateTime<Utc>>, BillingError> {
        let db = self.core.read();
        let closed = closed_month::Entity::find_by_id((pair.buyer, pair.provider))
            .one(db)
            .await?;
        let reported = usage_event::Entity::find()
            .select_only()
            .column_as(usage_event::Column::RecordedAt.min(), "first")
            .join(JoinType::InnerJoin, usage_event::Relation::Resource.def())
            .filter(resource::Column::OrganizationId.eq(pair.buyer))
            .filter(resource::Column::ProviderId.eq(pair.provider))
            .filter(
                Condition::all()
                    .add_option(closed.map(|row| usage_event::Column::RecordedAt.gte(row.closed_at))),
            );
        Ok(reported
            .into_tuple::<Option<DateTime<Utc>>>()
            .one(db)
            .await?
            .flatten())
    }

    async fn close_pair(
        &self,
        actor: &Actor,
        pair: Pair,
        month: Month,
    ) -> Result<(Vec<invoice::Model>, u32), BillingError> {
        let tx = self.core.write_tx().await?;
        let Accrued {
            inputs,
            open,
            issued: before,
        } = accrue_in(&self.core, &tx, pair, month).await?;
        let Some(inputs) = inputs else {
            return Ok((Vec::new(), before));
        };
        let mut issued = Vec::new();
        for row in open {
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
            issued.push(issue_in(&self.core, &tx, actor, &inputs.provider, row).await?);
        }
        closed::remember_in(&tx, pair, month, self.core.now()).await?;
        tx.commit().await?;
        Ok((issued, before))
    }

    async fn listed(&self, rows: Vec<invoice::Model>) -> Result<Vec<IssuedDocument>, BillingError> {
        let ids: BTreeSet<OrganizationId> = rows
            .iter()
            .flat_map(|row| [row.organization_id, row.provider_id])
            .collect();
        let names = self.names_of(ids).await?;
        let name = |id: OrganizationId| names.get(&id).cloned().unwrap_or_default();
        let shown = |row: invoice::Model| IssuedDocument {
            id: row.id,
            number: row.number,
            kind: row.kind,
            month: row.month,
            organization_name: name(row.organization_id),
            provider_name: name(row.provider_id),
            currency: row.currency,
            total: row.total,
        };
        Ok(rows.into_iter().map(shown).collect())
    }

    /// Who may have something to pay for `month` or one before it that is open: resources that lived in it, what was gone
    /// before and is not closed or was used more than was known, and invoices that are there already.
    async fn pairs_of(&self, month: Month) -> Result<BTreeSet<Pair>, BillingError> {
        // A day's slack on both sides covers every time zone.
        let (from, until) = (
            midnight(month) - TimeDelta::days(1),
            midnight(month.next()) + TimeDelta::days(1),
        );
        let lived = Condition::all().add(resource::Column::ActivatedAt.lt(until)).add(
            Condition::any()
                .add(resource::Column::TerminatedAt.is_null())
                .add(resource::Column::TerminatedAt.gte(from)),
        );
        let mut pairs = pairs_with(self.core.read(), lived).await?;
        pairs.extend(self.left_open(from).await?);
        let invoiced = invoice::Entity::find()
            .select_only()
            .distinct()
            .columns([invoice::Column::OrganizationId, invoice::Column::ProviderId])
            .filter(
                Condition::any().add(invoice::Column::Month.eq(month)).add(
                    Condition::all()
                        .add(invoice::Column::Month.lt(month))
                        .add(invoice::Column::State.eq(InvoiceState::Open)),
                ),
            )
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

    /// Who has resources that were gone before this instant and either lived in a month that nobody has closed yet, or
    /// had use reported since it was.
    async fn left_open(&self, before: DateTime<Utc>) -> Result<BTreeSet<Pair>, BillingError> {
        let db = self.core.read();
        let gone: Vec<Gone> = resource::Entity::find()
            .select_only()
            .columns([resource::Column::OrganizationId, resource::Column::ProviderId])
            .column_as(resource::Column::TerminatedAt.max(), "ended")
            .column_as(usage_event::Column::RecordedAt.max(), "reported")
            .join_rev(JoinType::LeftJoin, usage_event::Relation::Resource.def())
            .filter(resource::Column::ActivatedAt.is_not_null())
            .filter(resource::Column::TerminatedAt.lt(before))
            .group_by(resource::Column::OrganizationId)
            .group_by(resource::Column::ProviderId)
            .into_tuple()
            .all(db)
            .await?;
        let closed = closed_month::Entity::find().all(db).await?;
        let closed: HashMap<Pair, closed_month::Model> = closed
            .into_iter()
            .map(|row| {
                let (buyer, provider) = (row.organization_id, row.provider_id);
                (Pair { buyer, provider }, row)
            })
            .collect();
        let is_open = |(buyer, provider, ended, reported): Gone| {
            let pair = Pair { buyer, provider };
            let open = closed.get(&pair).is_none_or(|row| {
                // A day's slack covers every time zone.
                ended >= midnight(row.through.next()) - TimeDelta::days(1)
                    || reported.is_some_and(|at| at >= row.closed_at)
            });
            open.then_some(pair)
        };
        Ok(gone.into_iter().filter_map(is_open).collect())
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
            // A zone that cannot be read is told with the buyer's own months; it holds up nobody else.
            let Ok(zone) = Zone::of(&buyer) else { continue };
            if now < zone.start_of(month.next().first_day()) {
                return Err(going_on(buyer.name));
            }
        }
        Ok(())
    }
}

/// Buyer and seller, when the last resource between them was gone, and when use of one was last reported.
type Gone = (
    OrganizationId,
    OrganizationId,
    DateTime<Utc>,
    Option<DateTime<Utc>>,
);

fn midnight(month: Month) -> DateTime<Utc> {
    month.first_day().and_time(NaiveTime::MIN).and_utc()
}
