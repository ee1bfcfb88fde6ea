//! The PDF as another program reads it (`pdftotext`), its determinism and its size.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod fixture;

use std::io::Write as _;
use std::process::{Command, Stdio};

use documents::{DocumentError, render};
use fixture::{invoice, long_invoice, reverse_charge};

/// The text of a PDF with its layout, by poppler: what a reader would copy out of it.
fn text_of(pdf: &[u8]) -> String {
    let mut reader = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext is installed by the test set-up (package poppler-utils)");
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// For looking at: `STOA_PDF_OUT=/some/folder cargo test -p documents`.
fn keep(name: &str, pdf: &[u8]) {
    if let Some(folder) = std::env::var_os("STOA_PDF_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(name), pdf).unwrap();
    }
}

#[test]
fn an_invoice_reads_as_it_was_issued() {
    let pdf = render(&invoice()).unwrap();
    keep("invoice.pdf", &pdf);
    insta::assert_snapshot!(text_of(&pdf));
}

#[test]
fn reverse_charge_is_said_and_no_tax_is_charged() {
    let pdf = render(&reverse_charge()).unwrap();
    keep("reverse_charge.pdf", &pdf);
    let text = text_of(&pdf);
    assert!(
        text.contains("Reverse charge: VAT is to be accounted for by the"),
        "{text}"
    );
    assert!(text.contains("VAT (reverse charge) on 1,004.00"), "{text}");
    assert!(
        text.contains("DE811569869") && text.contains("EE102030405"),
        "{text}"
    );
}

#[test]
fn every_figure_of_fifty_lines_is_in_the_text_and_pages_are_counted() {
    let document = long_invoice(50);
    let pdf = render(&document).unwrap();
    keep("long.pdf", &pdf);
    assert!(pdf.len() < 60_000, "{} bytes", pdf.len());
    let text = text_of(&pdf);
    let pages: Vec<&str> = text
        .split('\u{c}')
        .filter(|page| !page.trim().is_empty())
        .collect();
    assert!(pages.len() > 2);
    for (index, page) in pages.iter().enumerate() {
        assert!(
            page.contains(&format!("Page {} of {}", index + 1, pages.len())),
            "{page}"
        );
        assert!(page.contains("TW-2026-00017"), "{page}");
    }
    for line in &document.lines {
        let amount = model::Money::from_fixed(line.amount, document.currency).grouped();
        assert!(text.contains(&amount), "{amount} is missing");
    }
    assert!(text.contains(&model::Money::from_fixed(document.total, document.currency).to_string()));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let first = render(&invoice()).unwrap();
    render(&long_invoice(3)).unwrap();
    assert_eq!(first, render(&invoice()).unwrap());
}

#[test]
fn names_of_any_length_and_script_do_not_break_the_layout() {
    let mut document = invoice();
    document.buyer.name = format!("{} 株式会社 {}", "Väga pikk nimi ".repeat(30), "W".repeat(400));
    document.lines[0].resource_name = "x".repeat(2_000);
    document.lines[0].description = "long words ".repeat(300);
    document.seller.name = "Õ".repeat(200);
    let pdf = render(&document).unwrap();
    keep("extreme.pdf", &pdf);
    let text = text_of(&pdf);
    assert!(text.contains("□□□□"), "what the fonts lack is marked");
    assert!(text.contains("1,224.88 EUR"));
}

#[test]
fn an_open_invoice_is_no_document() {
    let mut document = invoice();
    document.number = None;
    assert!(matches!(render(&document), Err(DocumentError::NotIssued)));
}

#[test]
fn a_document_in_the_buyers_favour_asks_for_nothing() {
    let mut document = invoice();
    document.total = document.total.checked_neg().unwrap();
    let text = text_of(&render(&document).unwrap());
    assert!(
        text.contains("in your favour by 1,224.88 EUR. Nothing is to be paid."),
        "{text}"
    );
    assert!(!text.contains("Please pay"), "{text}");
}
