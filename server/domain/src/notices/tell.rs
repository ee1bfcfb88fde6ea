//! Reading the log for people: which events are new, and who is told of each.

use std::collections::HashMap;

use chrono::TimeDelta;
use entity::notice::{ActiveModel, Column, Entity};
use entity::{audit_event, event_reader};
use model::{ActionId, AuditId, EventKind, NoticeId, NoticeKind, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::audience::{self, Recipient};
use super::read::note_read;
use super::{NoticeError, NoticeOperations, choose};
use crate::jobs::kinds::TellPeople;
use crate::jobs::{NewJob, enqueue_in};

/// Under this name its position is kept.
const READER: &str = "notices";
/// So many events are told in one transaction.
const AT_ONCE: u64 = 50;
/// How long a notice is kept.
const KEPT: TimeDelta = TimeDelta::days(90);
/// How many of a person.
const MOST_KEPT: u64 = 1_000;
/// So many are removed in one statement.
const REMOVED_AT_ONCE: u64 = 1_000;

impl NoticeOperations {
    /// Makes the job that tells people, where something happened that concerns anybody; whether it was made. What concerns nobody
    /// is passed. Reads two rows where nothing happened.
    pub async fn tell_due(&self) -> Result<bool, NoticeError> {
        let (position, settled) = self.stand().await?;
        if settled <= position {
            return Ok(false);
        }
        if self.next_events(position, settled, 1).await?.is_empty() {
            self.pass(position, settled).await?;
            return Ok(false);
        }
        let job = NewJob::now(&TellPeople {})?.keeping_schedule();
        let tx = self.core.write_tx().await?;
        let made = enqueue_in(&self.core, &tx, job).await?;
        tx.commit().await?;
        Ok(made.is_some())
    }

    /// Tells people of the next events, at most 50; whether more may wait.
    pub async fn tell_next(&self) -> Result<bool, NoticeError> {
        let (position, settled) = self.stand().await?;
        let events = self.next_events(position, settled, AT_ONCE).await?;
        let Some(last) = events.last() else {
            self.pass(position, settled).await?;
            return Ok(false);
        };
        let through = last.sequence;
        let mut told = Vec::new();
        for event in events {
            let recipients = match audience::of(&self.core, &event).await {
                Ok(recipients) => recipients,
                // It would fail every time; what comes after it is told.
                Err(fault @ (DbErr::Type(_) | DbErr::Json(_))) => {
                    tracing::error!(event.id = %event.id, error = %fault, "whom an event concerns cannot be read");
                    Vec::new()
                }
                Err(fault) => return Err(fault.into()),
            };
            told.push((event, recipients));
        }
        self.leave_out_unwanted(&mut told).await?;
        let tx = self.core.write_tx().await?;
        let row = event_reader::Entity::find_by_id(READER)
            .lock_exclusive()
            .one(&*tx)
            .await?;
        // Another process has told them meanwhile.
        if row.is_none_or(|row| row.position != position) {
            return Ok(true);
        }
        let went_on = told.iter().filter(|(event, _)| audience::is_step_of_order(event));
        let went_on = went_on.map(|(event, _)| event.subject_id).collect();
        self.settle(&tx, went_on, &[NoticeKind::ToDo, NoticeKind::Orders])
            .await?;
        let again = told.iter().filter(|(event, _)| audience::is_told_again(event));
        let again = again.map(|(event, _)| event.subject_id).collect();
        self.settle(&tx, again, &[NoticeKind::ToDo]).await?;
        let ended = told.iter().filter_map(|(event, _)| audience::action_ended(event));
        self.settle_actions(&tx, ended.collect()).await?;
        let (last, last_task) = (
            last_of(&told, audience::is_step_of_order),
            last_of(&told, is_about_order),
        );
        for (event, recipients) in told {
            let is_last =
                |of: &HashMap<Uuid, AuditId>| of.get(&event.subject_id).is_none_or(|last| *last == event.id);
            let news = |kind: NoticeKind| match kind {
                NoticeKind::ToDo => is_last(&last_task),
                _ => is_last(&last) || audience::is_told_again(&event),
            };
            self.insert(&tx, &event, recipients, news).await?;
        }
        event_reader::Entity::update_many()
            .col_expr(event_reader::Column::Position, Expr::value(through))
            .filter(event_reader::Column::Name.eq(READER))
            .exec(&*tx)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Removes notices that are older than 90 days, and of each person those beyond the newest 1,000 but what they still have to do
    /// and changes of their ways in that they have not read; how many.
    pub async fn sweep(&self) -> Result<u64, NoticeError> {
        let mut removed = self
            .remove(Condition::all().add(Column::At.lt(self.core.now() - KEPT)))
            .await?;
        let many: Vec<UserId> = Entity::find()
            .select_only()
            .column(Column::UserId)
            .group_by(Column::UserId)
            .having(Column::Id.count().gt(MOST_KEPT))
            .into_tuple()
            .all(self.core.read())
            .await?;
        for person in many {
            let last: Option<NoticeId> = Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(Column::UserId.eq(person))
                .order_by_desc(Column::Id)
                .offset(MOST_KEPT)
                .limit(1)
                .into_tuple()
                .one(self.core.read())
                .await?;
            let Some(last) = last else { continue };
            let may_go = Column::ReadAt
                .is_not_null()
                .or(Column::Kind.is_not_in([NoticeKind::ToDo, NoticeKind::Security]));
            let beyond = Condition::all()
                .add(Column::UserId.eq(person))
                .add(Column::Id.lte(last))
                .add(may_go);
            removed += self.remove(beyond).await?;
        }
        Ok(removed)
    }

    /// So many at once that nobody waits long for the turn to write.
    async fn remove(&self, which: Condition) -> Result<u64, DbErr> {
        let mut removed = 0;
        loop {
            let some: Vec<NoticeId> = Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(which.clone())
                .limit(REMOVED_AT_ONCE)
                .into_tuple()
                .all(self.core.read())
                .await?;
            if some.is_empty() {
                return Ok(removed);
            }
            let _permit = self.core.write_permit().await;
            let done = Entity::delete_many()
                .filter(Column::Id.is_in(some))
                .exec(self.core.read());
            removed += done.await?.rows_affected;
        }
    }

    /// How far it has read, and how far it may.
    async fn stand(&self) -> Result<(i64, i64), NoticeError> {
        let row = event_reader::Entity::find_by_id(READER)
            .one(self.core.read())
            .await?
            .ok_or_else(|| DbErr::RecordNotFound("how far the log was read for notices".to_owned()))?;
        Ok((row.position, self.core.events_settled().await?))
    }

    async fn next_events(
        &self,
        position: i64,
        settled: i64,
        most: u64,
    ) -> Result<Vec<audit_event::Model>, DbErr> {
        use audit_event::Column as C;
        audit_event::Entity::find()
            .filter(C::Sequence.gt(position))
            .filter(C::Sequence.lte(settled))
            // What would be swept at once is not told: the log of a portal that was away for long.
            .filter(C::At.gte(self.core.now() - KEPT))
            .filter(C::Verb.is_in(audience::told_kinds().map(EventKind::as_str)))
            .order_by_asc(C::Sequence)
            .limit(most)
            .all(self.core.read())
            .await
    }

    /// Nothing up to this number concerns anybody.
    async fn pass(&self, position: i64, settled: i64) -> Result<(), DbErr> {
        use event_reader::Column as C;
        let _permit = self.core.write_permit().await;
        event_reader::Entity::update_many()
            .col_expr(C::Position, Expr::value(settled))
            .filter(C::Name.eq(READER))
            .filter(C::Position.eq(position))
            // Another process may know less than the one that moved it here.
            .filter(C::Position.lt(settled))
            .exec(self.core.read())
            .await?;
        Ok(())
    }

    async fn leave_out_unwanted(
        &self,
        told: &mut [(audit_event::Model, Vec<Recipient>)],
    ) -> Result<(), DbErr> {
        let people = told.iter().flat_map(|(_, all)| all.iter().map(|one| one.user));
        let mut people: Vec<UserId> = people.collect();
        people.sort_unstable();
        people.dedup();
        let unwanted = choose::unwanted(self.core.read(), &people).await?;
        for (_, recipients) in told {
            recipients.retain(|one| one.kind.is_always_told() || !unwanted.contains(&(one.user, one.kind)));
        }
        Ok(())
    }

    /// These orders went on, or whom they wait for is told anew: what was told of them in these ways is settled. What they wait
    /// for now is told after.
    async fn settle(
        &self,
        tx: &DatabaseTransaction,
        orders: Vec<Uuid>,
        kinds: &[NoticeKind],
    ) -> Result<(), DbErr> {
        use audit_event::Column as E;
        if orders.is_empty() {
            return Ok(());
        }
        let mut earlier = Query::select();
        earlier
            .column(E::Id)
            .from(audit_event::Entity)
            .cond_where(E::SubjectKind.eq(EventKind::OrderPlaced.subject()))
            .cond_where(E::SubjectId.is_in(orders));
        let tasks = Condition::all()
            .add(Column::Kind.is_in(kinds.iter().copied()))
            .add(Column::EventId.in_subquery(earlier));
        note_read(&self.core, tx, tasks).await?;
        Ok(())
    }

    /// These actions of resources ended: whoever they waited for has nothing left to do about that.
    async fn settle_actions(
        &self,
        tx: &DatabaseTransaction,
        ended: HashMap<ActionId, Uuid>,
    ) -> Result<(), DbErr> {
        use audit_event::Column as E;
        if ended.is_empty() {
            return Ok(());
        }
        let mut asked = Query::select();
        asked
            .column(E::Id)
            .from(audit_event::Entity)
            .cond_where(E::Verb.eq(EventKind::ResourceActionRequested.as_str()))
            .cond_where(E::SubjectId.is_in(ended.values().copied()));
        let open: Vec<AuditId> = Entity::find()
            .select_only()
            .column(Column::EventId)
            .filter(Column::Kind.eq(NoticeKind::ToDo))
            .filter(Column::ReadAt.is_null())
            .filter(Column::EventId.in_subquery(asked))
            .distinct()
            .into_tuple()
            .all(tx)
            .await?;
        let events = audit_event::Entity::find()
            .filter(E::Id.is_in(open))
            .all(tx)
            .await?;
        let settled = events
            .iter()
            .filter(|event| audience::action_told(event).is_some_and(|action| ended.contains_key(&action)));
        let settled: Vec<AuditId> = settled.map(|event| event.id).collect();
        note_read(
            &self.core,
            tx,
            Condition::all().add(Column::EventId.is_in(settled)),
        )
        .await?;
        Ok(())
    }

    async fn insert(
        &self,
        tx: &DatabaseTransaction,
        event: &audit_event::Model,
        recipients: Vec<Recipient>,
        is_news: impl Fn(NoticeKind) -> bool,
    ) -> Result<(), DbErr> {
        let read_at = |kind: NoticeKind| (!is_news(kind)).then(|| self.core.now());
        let rows: Vec<ActiveModel> = recipients
            .into_iter()
            .map(|one| ActiveModel {
                id: Set(self.core.new_id(NoticeId)),
                user_id: Set(one.user),
                event_id: Set(event.id),
                kind: Set(one.kind),
                organization_id: Set(one.target.organization),
                project_id: Set(one.target.project),
                provider_id: Set(one.target.provider),
                offering_id: Set(one.target.offering),
                at: Set(event.at),
                read_at: Set(read_at(one.kind)),
            })
            .collect();
        for some in rows.chunks(200) {
            Entity::insert_many(some.to_vec())
                .on_conflict_do_nothing()
                .exec_without_returning(tx)
                .await?;
        }
        Ok(())
    }
}

fn is_about_order(event: &audit_event::Model) -> bool {
    audience::is_step_of_order(event) || audience::is_told_again(event)
}

/// Of each order the last of these events: how far it had come before is no news any more.
fn last_of(
    told: &[(audit_event::Model, Vec<Recipient>)],
    which: impl Fn(&audit_event::Model) -> bool,
) -> HashMap<Uuid, AuditId> {
    let steps = told.iter().filter(|(event, _)| which(event));
    steps.map(|(event, _)| (event.subject_id, event.id)).collect()
}
