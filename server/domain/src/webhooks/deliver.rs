//! Telling webhooks: which are due, the next message of one, and what became of it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{audit_event, webhook, webhook_delivery};
use model::{AuditId, DeliveryOutcome, EventKind, WebhookDeliveryId, WebhookId, WebhookState};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::{WebhookError, WebhookOperations, host_of, in_turn, message, place_of, scope_of, sign, wanted};
use crate::access::Actor;
use crate::audit::{self, Event};
use crate::crypto::SealedIn;
use crate::jobs::kinds::TellWebhook;
use crate::jobs::{NewJob, enqueue_in};

/// How long after the first failure in a row a webhook is stopped.
const STOPPED_AFTER: TimeDelta = TimeDelta::days(5);
/// So many times the server answers and does not take an event, before it is given up.
const MOST_ANSWERS: i32 = 12;
/// An answer that says that trying again changes nothing counts for so many.
const FINAL_ANSWER: i32 = 3;
/// How long deliveries can be looked at.
const KEPT: TimeDelta = TimeDelta::days(30);
/// How many of a webhook.
const MOST_KEPT: u64 = 2_000;
/// The most characters that are kept of an answer.
const LONGEST_ANSWER: usize = 4_000;
/// The most characters that are kept of what was sent.
const LONGEST_REQUEST: usize = 20_000;

/// A message that is to be sent.
#[derive(Debug, Clone)]
pub struct MessageToSend {
    /// To whom.
    pub webhook_id: WebhookId,
    /// Where.
    pub url: String,
    /// Headers by name; the signature is among them.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: String,
    event: audit_event::Model,
    by_hand: bool,
    /// The webhook as it was when this was written.
    position: i64,
    revision: i32,
}

/// What came of sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status that was answered; none where nothing was.
    pub status: Option<u16>,
    /// The beginning of the answer.
    pub answer: String,
    /// Why there was no answer; empty where there was one.
    pub error: String,
    /// How long it took.
    pub milliseconds: i32,
}

impl Reply {
    fn is_success(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// The server says that it is gone for good.
    fn is_gone(&self) -> bool {
        self.status == Some(410)
    }

    /// For how many answers it counts; none where nothing answered, which is no fault of the event.
    fn counts(&self) -> i32 {
        match self.status {
            None => 0,
            Some(408 | 425 | 429 | 500..) => 1,
            Some(_) => FINAL_ANSWER,
        }
    }

    fn words(&self) -> String {
        match self.status {
            Some(status) => format!("The server answered with status {status}."),
            None => self.error.clone(),
        }
    }
}

impl WebhookOperations {
    /// Makes a job for each webhook of which an event waits that may be told now, and moves on those of which none does; how
    /// many jobs. Reads a row for each webhook and, where something happened, one event.
    pub async fn tell_due(&self) -> Result<u32, WebhookError> {
        use webhook::Column as C;
        let now = self.core.now();
        let may_try = Condition::any()
            .add(C::NextTryAt.is_null())
            .add(C::NextTryAt.lte(now));
        let webhooks = webhook::Entity::find()
            .filter(C::State.eq(WebhookState::Enabled))
            .filter(may_try)
            .all(self.core.read())
            .await?;
        if webhooks.is_empty() {
            return Ok(0);
        }
        let settled = self.core.events_settled().await?;
        let mut made = 0;
        for row in webhooks.into_iter().filter(|row| row.position < settled) {
            // What is wrong with one holds up no other.
            match self.look_at(&row, settled).await {
                Ok(waits) => made += u32::from(waits),
                Err(error) => tracing::warn!(
                    webhook.id = %row.id,
                    error = crate::trace::cause(&error),
                    "what a webhook is to be told could not be looked at"
                ),
            }
        }
        Ok(made)
    }

    /// Whether a job was made for it.
    async fn look_at(&self, row: &webhook::Model, settled: i64) -> Result<bool, WebhookError> {
        if self.next_event(row, settled).await?.is_none() {
            self.pass(row, settled).await?;
            return Ok(false);
        }
        let job = in_turn(NewJob::now(&TellWebhook { webhook_id: row.id })?).keeping_schedule();
        let tx = self.core.write_tx().await?;
        let made = enqueue_in(&self.core, &tx, job).await?;
        tx.commit().await?;
        Ok(made.is_some())
    }

    /// The next message of a webhook; none where nothing waits for it, or it is stopped.
    pub async fn next_message(&self, id: WebhookId) -> Result<Option<MessageToSend>, WebhookError> {
        let row = webhook::Entity::find_by_id(id).one(self.core.read()).await?;
        let is_due = |row: &webhook::Model| {
            let may_try = row.next_try_at.is_none_or(|at| at <= self.core.now());
            row.state == WebhookState::Enabled && may_try
        };
        let Some(row) = row.filter(is_due) else {
            return Ok(None);
        };
        let settled = self.core.events_settled().await?;
        let Some(event) = self.next_event(&row, settled).await? else {
            self.pass(&row, settled).await?;
            return Ok(None);
        };
        self.written(&row, event, false).map(Some)
    }

    /// The message of one event once more; none where the webhook or the event is gone.
    pub async fn message_again(
        &self,
        id: WebhookId,
        event: AuditId,
    ) -> Result<Option<MessageToSend>, WebhookError> {
        let row = webhook::Entity::find_by_id(id).one(self.core.read()).await?;
        let Some(row) = row else { return Ok(None) };
        let event = audit_event::Entity::find_by_id(event)
            .filter(wanted(&row)?)
            .one(self.core.read())
            .await?;
        event.map(|event| self.written(&row, event, true)).transpose()
    }

    /// Keeps what came of a message. Delivered or given up, the webhook moves on; otherwise it waits for the next try, which is
    /// later each time, up to six hours. An event that the server answers without taking it is given up after 12 answers, of
    /// which one that says that it never will counts as three; one that nobody answered never. After five days in which there was
    /// something to tell and nothing was taken, or where the server says that it is gone, the webhook is stopped, which is an
    /// event. Somebody who changed the webhook meanwhile is not overruled: it is told again then. What was told by hand is told
    /// once. Answers what became of it.
    pub async fn keep_reply(
        &self,
        sent: &MessageToSend,
        reply: &Reply,
    ) -> Result<DeliveryOutcome, WebhookError> {
        let tx = self.core.write_tx().await?;
        let row = webhook::Entity::find_by_id(sent.webhook_id)
            .lock_exclusive()
            .one(&*tx)
            .await?;
        let Some(row) = row else {
            // Removed meanwhile.
            return Ok(DeliveryOutcome::GivenUp);
        };
        let attempt = if sent.by_hand {
            1
        } else {
            row.attempts.saturating_add(1)
        };
        let answered = row.answered.saturating_add(reply.counts());
        let outcome = if reply.is_success() {
            DeliveryOutcome::Delivered
        } else if sent.by_hand || (reply.status.is_some() && answered >= MOST_ANSWERS) {
            DeliveryOutcome::GivenUp
        } else {
            DeliveryOutcome::Failed
        };
        let since = self.failing_since(&tx, &row, sent).await?;
        self.insert_delivery(&tx, sent, reply, (attempt, outcome)).await?;
        if !sent.by_hand && row.revision == sent.revision {
            self.move_on(&tx, (row, since), sent, reply, (attempt, answered, outcome))
                .await?;
        }
        tx.commit().await?;
        Ok(outcome)
    }

    /// Removes deliveries that are older than 30 days, and of each webhook those beyond the newest 2,000; how many.
    pub async fn sweep(&self) -> Result<u64, WebhookError> {
        use webhook_delivery::Column as C;
        let webhooks: Vec<WebhookId> = webhook::Entity::find()
            .select_only()
            .column(webhook::Column::Id)
            .into_tuple()
            .all(self.core.read())
            .await?;
        let mut over = vec![Condition::all().add(C::At.lt(self.core.now() - KEPT))];
        for id in webhooks {
            let last: Option<WebhookDeliveryId> = webhook_delivery::Entity::find()
                .select_only()
                .column(C::Id)
                .filter(C::WebhookId.eq(id))
                .order_by_desc(C::Id)
                .offset(MOST_KEPT)
                .limit(1)
                .into_tuple()
                .one(self.core.read())
                .await?;
            let beyond = last.map(|last| Condition::all().add(C::WebhookId.eq(id)).add(C::Id.lte(last)));
            over.extend(beyond);
        }
        let mut removed = 0;
        for some in over {
            let _permit = self.core.write_permit().await;
            let done = webhook_delivery::Entity::delete_many()
                .filter(some)
                .exec(self.core.read());
            removed += done.await?.rows_affected;
        }
        Ok(removed)
    }

    /// Since when it fails, should it fail now: what was told in vain before it had nothing to tell for a while is long over.
    async fn failing_since(
        &self,
        tx: &DatabaseTransaction,
        row: &webhook::Model,
        sent: &MessageToSend,
    ) -> Result<DateTime<Utc>, DbErr> {
        let now = self.core.now();
        let Some(since) = row.failing_since.filter(|_| row.attempts == 0) else {
            return Ok(row.failing_since.unwrap_or(now));
        };
        let last = webhook_delivery::Entity::find()
            .filter(webhook_delivery::Column::WebhookId.eq(row.id))
            .order_by_desc(webhook_delivery::Column::Id)
            .one(tx)
            .await?;
        let was_idle = last.is_none_or(|last| last.at < sent.event.at);
        Ok(if was_idle { now } else { since })
    }

    async fn next_event(
        &self,
        row: &webhook::Model,
        settled: i64,
    ) -> Result<Option<audit_event::Model>, WebhookError> {
        let next = audit_event::Entity::find()
            .filter(wanted(row)?)
            .filter(audit_event::Column::Sequence.gt(row.position))
            .filter(audit_event::Column::Sequence.lte(settled))
            .order_by_asc(audit_event::Column::Sequence);
        Ok(next.one(self.core.read()).await?)
    }

    /// Nothing up to this number is for it. Somebody who moved it back meanwhile is not overruled.
    async fn pass(&self, row: &webhook::Model, settled: i64) -> Result<(), WebhookError> {
        let _permit = self.core.write_permit().await;
        webhook::Entity::update_many()
            .col_expr(webhook::Column::Position, Expr::value(settled))
            .filter(webhook::Column::Id.eq(row.id))
            .filter(webhook::Column::Position.eq(row.position))
            // Another process may know less than the one that moved it here.
            .filter(webhook::Column::Position.lt(settled))
            .filter(webhook::Column::Revision.eq(row.revision))
            .exec(self.core.read())
            .await?;
        Ok(())
    }

    fn written(
        &self,
        row: &webhook::Model,
        event: audit_event::Model,
        by_hand: bool,
    ) -> Result<MessageToSend, WebhookError> {
        let now = self.core.now();
        let (id, timestamp) = (message::id_of(&event), now.timestamp());
        let body = message::body_of(event.clone())?;
        let signature = sign::signatures(&self.secrets(row, now)?, &id, timestamp, &body);
        Ok(MessageToSend {
            webhook_id: row.id,
            url: row.url.clone(),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("webhook-id", id),
                ("webhook-timestamp", timestamp.to_string()),
                ("webhook-signature", signature),
            ],
            body,
            event,
            by_hand,
            position: row.position,
            revision: row.revision,
        })
    }

    fn secrets(&self, row: &webhook::Model, now: DateTime<Utc>) -> Result<Vec<Vec<u8>>, WebhookError> {
        let cipher = self.core.cipher();
        let mut secrets = vec![cipher.open(&row.secret, SealedIn::of_webhook(row.id.0))?];
        let before = row
            .previous_secret
            .as_ref()
            .filter(|_| row.previous_until.is_some_and(|until| now < until));
        if let Some(before) = before {
            secrets.push(cipher.open(before, SealedIn::of_webhook_before(row.id.0))?);
        }
        Ok(secrets)
    }

    async fn insert_delivery(
        &self,
        tx: &DatabaseTransaction,
        sent: &MessageToSend,
        reply: &Reply,
        (attempt, outcome): (i32, DeliveryOutcome),
    ) -> Result<(), WebhookError> {
        let row = webhook_delivery::Model {
            id: self.core.new_id(WebhookDeliveryId),
            webhook_id: sent.webhook_id,
            event_id: sent.event.id,
            kind: sent.event.verb.clone(),
            attempt,
            by_hand: sent.by_hand,
            outcome,
            status: reply.status.and_then(|status| i16::try_from(status).ok()),
            error: if reply.is_success() {
                String::new()
            } else {
                reply.words()
            },
            request: cut(&sent.as_text(), LONGEST_REQUEST),
            answer: cut(&reply.answer, LONGEST_ANSWER),
            milliseconds: reply.milliseconds,
            at: self.core.now(),
        };
        let insert = webhook_delivery::Entity::insert(row.into_active_model().reset_all());
        insert.exec_without_returning(tx).await?;
        Ok(())
    }

    async fn move_on(
        &self,
        tx: &DatabaseTransaction,
        (row, since): (webhook::Model, DateTime<Utc>),
        sent: &MessageToSend,
        reply: &Reply,
        (attempt, answered, outcome): (i32, i32, DeliveryOutcome),
    ) -> Result<(), WebhookError> {
        let now = self.core.now();
        let scope = scope_of(&row)?;
        // Another process may have told it, too: what lost its lease goes on for a moment.
        let moves = row.position == sent.position;
        let mut change = row.into_active_model();
        if outcome == DeliveryOutcome::Delivered {
            change.failing_since = Set(None);
            change.last_error = Set(String::new());
        } else {
            change.failing_since = Set(Some(since));
            change.last_error = Set(reply.words());
        }
        if moves && outcome == DeliveryOutcome::Failed {
            change.attempts = Set(attempt);
            change.answered = Set(answered);
            change.next_try_at = Set(Some(now + wait_after(attempt)));
        } else if moves {
            change.attempts = Set(0);
            change.answered = Set(0);
            change.next_try_at = Set(None);
            change.position = Set(sent.event.sequence);
        }
        let stops =
            reply.is_gone() || (outcome != DeliveryOutcome::Delivered && now - since >= STOPPED_AFTER);
        if stops {
            change.state = Set(WebhookState::Stopped);
            change.next_try_at = Set(None);
            let target = place_of(tx, scope).await?;
            let system = Actor::system();
            let event = Event::new(&system, EventKind::WebhookStopped, sent.webhook_id.0)
                .on(target)
                .after(json!({ "host": host_of(&sent.url), "failing_since": since }))
                .reason(reply.words());
            audit::record_in(&self.core, tx, event).await?;
        }
        change.update(tx).await?;
        Ok(())
    }
}

impl MessageToSend {
    /// As the log of deliveries shows it: who has the log must not be able to sign.
    fn as_text(&self) -> String {
        let headers = self
            .headers
            .iter()
            .filter(|(name, _)| *name != "webhook-signature");
        let headers: Vec<String> = headers.map(|(name, value)| format!("{name}: {value}")).collect();
        format!("{}\n\n{}", headers.join("\n"), self.body)
    }
}

/// Five seconds, and four times as long after each further try, up to six hours.
fn wait_after(attempt: i32) -> TimeDelta {
    let times = u32::try_from(attempt.saturating_sub(1)).unwrap_or(0).min(8);
    TimeDelta::seconds(5 * 4_i64.pow(times)).min(TimeDelta::hours(6))
}

fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|letter| *letter != '\0').take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_come_ever_later_up_to_six_hours() {
        let waits: Vec<i64> = (1..=9).map(|attempt| wait_after(attempt).num_seconds()).collect();
        assert_eq!(waits, [5, 20, 80, 320, 1_280, 5_120, 20_480, 21_600, 21_600]);
    }

    #[test]
    fn what_nobody_answered_is_never_given_up() {
        let reply = |status| Reply {
            status,
            answer: String::new(),
            error: "away".into(),
            milliseconds: 1,
        };
        let counts = [None, Some(503), Some(429), Some(404)].map(|status| reply(status).counts());
        assert_eq!(counts, [0, 1, 1, 3]);
        assert_eq!(reply(Some(302)).counts(), 3, "a redirect is not followed");
        assert!(reply(Some(204)).is_success() && !reply(Some(301)).is_success());
    }
}
