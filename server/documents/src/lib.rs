//! Invoices as PDF: an [`model::InvoiceDocument`] goes in, the bytes of an A4 document come out.
//!
//! Owns fonts, layout and the PDF itself. It must not know the database, the clock or any rule of billing: every figure it
//! prints is one of the document's, and the same document always gives the same bytes. Start reading at [`render`], then
//! `layout` (what stands where), `canvas` (drawing), `font` (measuring and embedding text).

#![warn(missing_docs)]

mod canvas;
mod font;
mod layout;
mod mark;
mod pdf;
mod text;

use model::InvoiceDocument;

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

/// The PDF of an issued invoice. Pure: no clock, no randomness, no files; it takes some milliseconds of CPU, so call it
/// from a blocking thread.
pub fn render(document: &InvoiceDocument) -> Result<Vec<u8>, DocumentError> {
    let number = document.number.as_deref().ok_or(DocumentError::NotIssued)?;
    let issued = layout::Issued { document, number };
    let canvas = layout::draw(&issued, font::fonts()?);
    pdf::write(&issued, canvas)
}
