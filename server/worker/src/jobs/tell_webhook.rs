use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::{
    jobs::{
        LeasedJob,
        kinds::{RetellWebhook, TellWebhook},
    },
    webhooks::{MessageToSend, Reply},
};
use model::{DeliveryOutcome, sentence};
use outgoing::{Answer, Client, HeaderName, HeaderValue, OutgoingUrl, Request, UrlFault};

use super::run::{Context, JobOutcome, Run};

/// How long a receiver may take to answer, all in all.
const WITHIN: Duration = Duration::from_secs(15);
/// What is read of an answer.
const MAX_BYTES: usize = 4_000;
/// After so long a job makes room for those of other webhooks: one with much to hear, or a slow one, does not keep them waiting.
const TURN: Duration = Duration::from_secs(10);

#[async_trait]
impl Run for TellWebhook {
    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let webhooks = context.operations.webhooks();
        let began = Instant::now();
        while began.elapsed() < TURN {
            let Some(message) = webhooks.next_message(self.webhook_id).await? else {
                return Ok(JobOutcome::Done);
            };
            let reply = send(&context.outgoing, &message).await;
            if webhooks.keep_reply(&message, &reply).await? == DeliveryOutcome::Failed {
                // It has its own time for the next try.
                return Ok(JobOutcome::Done);
            }
        }
        Ok(JobOutcome::Again(Duration::ZERO))
    }
}

#[async_trait]
impl Run for RetellWebhook {
    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let webhooks = context.operations.webhooks();
        let Some(message) = webhooks.message_again(self.webhook_id, self.event_id).await? else {
            return Ok(JobOutcome::Done);
        };
        let reply = send(&context.outgoing, &message).await;
        webhooks.keep_reply(&message, &reply).await?;
        Ok(JobOutcome::Done)
    }
}

/// Sends a message; whatever comes of it is a reply. A redirect is none that is followed.
async fn send(client: &Client, message: &MessageToSend) -> Reply {
    let began = Instant::now();
    let (status, answer, error) = match ask(client, message).await {
        Ok(answer) => {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            (Some(answer.status), text, String::new())
        }
        Err(error) => (None, String::new(), error),
    };
    Reply {
        status,
        answer,
        error,
        milliseconds: i32::try_from(began.elapsed().as_millis()).unwrap_or(i32::MAX),
    }
}

async fn ask(client: &Client, message: &MessageToSend) -> Result<Answer, String> {
    let url: OutgoingUrl = message.url.parse().map_err(|fault: UrlFault| sentence(&fault))?;
    let mut request = Request::post(url, message.body.clone().into_bytes())
        .within(WITHIN)
        .max_bytes(MAX_BYTES)
        .taking_any_answer();
    for (name, value) in &message.headers {
        let value =
            HeaderValue::from_str(value).map_err(|_invalid| format!("The header {name} cannot be sent."))?;
        request = request.header(HeaderName::from_static(name), value);
    }
    client.send(request).await.map_err(|error| sentence(&error))
}
