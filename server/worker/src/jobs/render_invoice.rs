//! Draws the PDF of an issued invoice and stores it. Either all of it is stored or nothing.

use async_trait::async_trait;
use domain::jobs::{LeasedJob, kinds::RenderInvoice};

use super::run::{Context, JobOutcome, Run};

#[async_trait]
impl Run for RenderInvoice {
    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let billing = context.operations.billing();
        let document = billing.document(self.invoice_id).await?;
        let fonts = context.fonts.clone();
        let drawn = tokio::task::spawn_blocking(move || documents::render(&document, &fonts)).await;
        let bytes = match drawn {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(error)) => {
                return Ok(JobOutcome::Dead(format!("the document cannot be drawn: {error}")));
            }
            Err(error) => {
                return Ok(JobOutcome::Retry {
                    after: None,
                    reason: format!("drawing broke off: {error}"),
                });
            }
        };
        billing.store_pdf(self.invoice_id, bytes).await?;
        Ok(JobOutcome::Done)
    }
}
