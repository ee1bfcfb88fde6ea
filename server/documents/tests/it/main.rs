//! The PDF as another program reads it (`pdftotext`), its determinism and its size.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod fixture;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use documents::{DocumentError, ScriptFonts};
use fixture::{invoice, long_invoice, reverse_charge};

/// With no fonts but our own.
fn render(document: &model::InvoiceDocument) -> Result<Vec<u8>, DocumentError> {
    documents::render(document, &ScriptFonts::default())
}

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
        std::fs::write(Path::new(&folder).join(name), pdf).unwrap();
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
        text.split_whitespace().all(|word| word != "0.00"),
        "no tax of nothing: {text}"
    );
    assert!(
        text.contains("DE811569869") && text.contains("EE100931558"),
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
    assert!(text.contains("€1,224.88"));
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
    document.kind = model::DocumentKind::CreditNote;
    document.total = document.total.checked_neg().unwrap();
    document.amount_due = model::Fixed::ZERO;
    document.due_on = None;
    let text = text_of(&render(&document).unwrap());
    assert!(
        text.contains("€1,224.88 stand on your account with Tõravere Teadusarvutus OÜ now;"),
        "{text}"
    );
    assert!(
        text.contains("Credit note number") && text.contains("Total"),
        "{text}"
    );
    for word in ["Please pay", "Due", "Invoice"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[test]
fn what_the_account_pays_is_taken_off_what_is_due() {
    let mut document = invoice();
    document.covered = "224.88".parse().unwrap();
    document.amount_due = "1000".parse().unwrap();
    let text = text_of(&render(&document).unwrap());
    assert!(
        text.contains("From your account") && text.contains("-224.88"),
        "{text}"
    );
    assert!(text.contains("Please pay €1,000.00 by bank transfer"), "{text}");
}

#[test]
fn legal_names_of_every_script_print_as_they_are_written() {
    let names = [
        ("JP", "株式会社テスト研究所"),
        ("CN", "北京测试科技有限公司"),
        ("KR", "주식회사 테스트"),
        ("AE", "شركة الاختبار للحوسبة (ذ.م.م) 2026"),
        ("IL", "חברת בדיקה בע״מ"),
        ("IN", "परीक्षण प्रौद्योगिकी"),
        ("TH", "บริษัท ทดสอบ จำกัด"),
        ("AM", "Փորձարկում ՍՊԸ"),
        ("GE", "შპს ტესტი"),
    ];
    let fonts = ScriptFonts::of_system("/nowhere".into());
    for (country, name) in names {
        let mut document = invoice();
        document.buyer.name = name.into();
        document.buyer.country = country.into();
        let pdf = documents::render(&document, &fonts).unwrap();
        keep(&format!("script_{country}.pdf"), &pdf);
        let text = text_of(&pdf);
        assert!(
            !text.contains('□'),
            "{name}: the test set-up installs fonts-noto-core and fonts-noto-cjk: {text}"
        );
        for word in name
            .split(' ')
            .filter(|word| !word.contains(['(', ')']) && !word.starts_with("20"))
        {
            // This reader takes words that are read to the left for drawn letters, and turns them round. That they are
            // drawn to the left, and joined, is tested where lines are set.
            let turned: String = word.chars().rev().collect();
            let found = text.contains(word) || ["AE", "IL"].contains(&country) && text.contains(&turned);
            assert!(found, "{word} can be searched and copied: {text}");
        }
        assert!(
            pdf.len() < 60_000,
            "{name}: {} bytes, of the font only what is used",
            pdf.len()
        );
    }
}

#[test]
fn fonts_in_a_folder_of_ones_own_are_used() {
    let folder = std::env::temp_dir().join(format!("stoa-fonts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = "NotoSansArmenian-Regular.ttf";
    std::fs::copy(
        Path::new("/usr/share/fonts/truetype/noto").join(file),
        folder.join(file),
    )
    .expect("the test set-up installs fonts-noto-core");
    let mut document = invoice();
    document.buyer.name = "Փորձարկում ՍՊԸ".into();
    let with = |folder: &Path| {
        let fonts = ScriptFonts::in_folders([folder.to_owned()]);
        text_of(&documents::render(&document, &fonts).unwrap())
    };
    let (own, none) = (with(&folder), with(Path::new("/nowhere")));
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(
        own.contains("Փորձարկում") && own.contains("ՍՊԸ") && !own.contains('□'),
        "{own}"
    );
    assert!(none.contains('□') && !none.contains("Փորձարկում"), "{none}");
}
