//! From drawn pages to the bytes of the file. Everything that the PDF library would make up (ids, dates) comes from the
//! document, so that rendering twice gives the same file.

use printpdf::{
    FontId, Mm, OffsetDateTime, PdfDocument, PdfFont, PdfPage, PdfParseErrorSeverity, PdfSaveOptions, Pt,
    to_lopdf_doc,
};

use crate::DocumentError;
use crate::canvas::{Canvas, HEIGHT, WIDTH};
use crate::font::Fonts;
use crate::layout::Issued;

pub(crate) fn write(
    issued: &Issued<'_>,
    fonts: &Fonts,
    canvas: Canvas<'_>,
) -> Result<Vec<u8>, DocumentError> {
    let (pages, used) = canvas.into_parts();
    let mut pdf = PdfDocument::new(&format!("{} {}", issued.document.kind.label(), issued.number));
    describe(&mut pdf, issued)?;
    for (face, characters) in &used {
        let font = PdfFont::new(fonts.embeddable(*face, characters)?);
        pdf.resources
            .fonts
            .map
            .insert(FontId(face.name().to_owned()), font);
    }
    pdf.pages = pages
        .into_iter()
        .map(|ops| PdfPage::new(Mm::from(Pt(WIDTH)), Mm::from(Pt(HEIGHT)), ops))
        .collect();
    let mut warnings = Vec::new();
    let mut file = to_lopdf_doc(&pdf, &PdfSaveOptions::default(), &mut warnings);
    if let Some(fault) = warnings
        .into_iter()
        .find(|warning| warning.severity == PdfParseErrorSeverity::Error)
    {
        return Err(DocumentError::Rejected(fault.msg));
    }
    let id = issued.document.id.0.simple().to_string();
    let ids = file.trailer.get_mut(b"ID").and_then(|ids| ids.as_array_mut());
    for entry in ids.map_err(|fault| DocumentError::Rejected(fault.to_string()))? {
        *entry
            .as_str_mut()
            .map_err(|fault| DocumentError::Rejected(fault.to_string()))? = id.clone().into_bytes();
    }
    file.compress();
    let mut bytes = Vec::new();
    file.save_to(&mut bytes)?;
    Ok(bytes)
}

fn describe(pdf: &mut PdfDocument, issued: &Issued<'_>) -> Result<(), DocumentError> {
    let document = issued.document;
    let day = document.issued_on.ok_or(DocumentError::NotIssued)?;
    let moment = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
    let date = OffsetDateTime::from_unix_timestamp(moment)
        .map_err(|fault| DocumentError::Rejected(fault.to_owned()))?;
    let info = &mut pdf.metadata.info;
    info.creation_date = date;
    info.modification_date = date;
    info.metadata_date = date;
    info.author.clone_from(&document.seller.name);
    info.subject = format!(
        "Invoice {} to {} for {}",
        issued.number,
        document.buyer.name,
        document.month.title()
    );
    "Stoa".clone_into(&mut info.creator);
    "Stoa".clone_into(&mut info.producer);
    info.identifier = document.id.to_string();
    Ok(())
}
