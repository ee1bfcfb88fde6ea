//! Draws the PDF of an issued invoice and stores it. Either all of it is stored or nothing.

use model::InvoiceId;

use super::{Context, Fate};

pub(super) async fn run(context: &Context, invoice: InvoiceId) -> Result<Fate, Fate> {
    let billing = context.domain.billing();
    let document = billing.document(invoice).await?;
    let drawn = tokio::task::spawn_blocking(move || documents::render(&document)).await;
    let bytes = match drawn {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => return Ok(Fate::Dead(format!("the document cannot be drawn: {error}"))),
        Err(error) => {
            return Ok(Fate::Retry {
                after: None,
                reason: format!("drawing broke off: {error}"),
            });
        }
    };
    billing.store_pdf(invoice, bytes).await?;
    Ok(Fate::Done)
}
