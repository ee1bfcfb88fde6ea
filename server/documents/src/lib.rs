//! Invoices as PDF: an [`model::InvoiceDocument`] goes in, the bytes of an A4 document come out.
//!
//! Owns fonts, layout and the PDF itself. It must not know the database, the clock or any rule of billing: every figure it
//! prints is one of the document's, and the same document always gives the same bytes. Start reading at [`render`], then
//! `layout` (what stands where), `canvas` (drawing), `typeset` (which face has which letters), `font` (measuring and
//! embedding our own).

#![warn(missing_docs)]

mod canvas;
mod font;
mod layout;
mod mark;
mod pdf;
mod script;
mod text;
mod typeset;

use model::InvoiceDocument;

pub use script::ScriptFonts;
use typeset::Typesetter;

/// Why a document cannot be made into a PDF.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Open invoices change with every measurement; only an issued one is a document.
    #[error("the invoice has not been issued yet, so there is no document of it")]
    NotIssued,
    /// An embedded font is not as it was committed.
    #[error("the font {0} cannot be read")]
    Font(&'static str),
    /// The PDF library refused part of the document.
    #[error("the PDF cannot be written: {0}")]
    Rejected(String),
    /// Writing the bytes failed.
    #[error("the PDF cannot be written")]
    Write(#[from] std::io::Error),
}

/// The PDF of an issued document; [`DocumentError::NotIssued`] of one that is open or internal. No clock, no randomness;
/// of files only fonts, where a letter needs one of `script_fonts`. It takes some milliseconds of CPU, so call it from a
/// blocking thread.
pub fn render(document: &InvoiceDocument, script_fonts: &ScriptFonts) -> Result<Vec<u8>, DocumentError> {
    let number = document.number.as_deref().ok_or(DocumentError::NotIssued)?;
    let issued = layout::Issued { document, number };
    let fonts = font::fonts()?;
    let typesetter = Typesetter::of(fonts, script_fonts, document);
    let canvas = layout::draw(&issued, &typesetter);
    pdf::write(&issued, fonts, canvas)
}

#[cfg(test)]
mod tests {
    use model::{
        Currency, DocumentKind, Fixed, InvoiceDocument, InvoiceId, InvoiceState, Month, OrganizationId, Party,
    };
    use uuid::Uuid;

    /// A document without lines.
    pub(crate) fn document() -> InvoiceDocument {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 10, 1).unwrap();
        InvoiceDocument {
            id: InvoiceId(Uuid::nil()),
            number: Some("1".into()),
            kind: DocumentKind::Invoice,
            state: InvoiceState::Issued,
            month: Month::containing(day),
            currency: Currency::Eur,
            organization_id: OrganizationId(Uuid::nil()),
            provider_id: OrganizationId(Uuid::nil()),
            seller: Party::default(),
            buyer: Party::default(),
            issued_on: Some(day),
            due_on: None,
            lines: Vec::new(),
            net: Fixed::ZERO,
            taxes: Vec::new(),
            tax: Fixed::ZERO,
            total: Fixed::ZERO,
            covered: Fixed::ZERO,
            amount_due: Fixed::ZERO,
            reverse_charge: false,
            created_at: day.and_time(chrono::NaiveTime::MIN).and_utc(),
            as_of: None,
            has_pdf: false,
        }
    }
}
