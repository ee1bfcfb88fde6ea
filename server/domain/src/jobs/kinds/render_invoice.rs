use model::InvoiceId;
use serde::{Deserialize, Serialize};

use crate::jobs::Job;

/// Draw the PDF of an issued invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderInvoice {
    /// The invoice.
    pub invoice_id: InvoiceId,
}

impl Job for RenderInvoice {
    const NAME: &'static str = "render_invoice";

    fn subject(&self) -> String {
        format!("invoice {}", self.invoice_id)
    }

    fn serial_key(&self) -> Option<String> {
        Some(self.subject())
    }
}
