//! Invoices to print, made by the same pricing that makes the real ones.

use chrono::NaiveDate;
use model::pricing::{Charged, Line, PricedQuantity, Recurring, Stretch, TaxRate, document_totals};
use model::{
    BillingPeriod, ChargeType, ComponentTerms, Currency, DocumentKind, Fixed, InvoiceDocument, InvoiceId,
    InvoiceItemId, InvoiceLine, InvoiceState, Money, Month, OrganizationId, Party, Price, PriceScheme,
    Proration, ResourceId, Tier,
};

fn fixed(text: &str) -> Fixed {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn seller() -> Party {
    Party {
        name: "Tõravere Teadusarvutus OÜ".into(),
        registration_number: "10203040".into(),
        vat_number: "EE100931558".into(),
        address: "Observatooriumi 1\n61602 Tõravere, Tartumaa".into(),
        country: "EE".into(),
        email: "arved@teadusarvutus.example".into(),
        bank_account: "EE38 2200 2210 2014 5685 · HABAEE2X".into(),
    }
}

fn buyer() -> Party {
    Party {
        name: "Žiežirba Straße & Söhne GmbH".into(),
        registration_number: "HRB 86891".into(),
        vat_number: "DE811569869".into(),
        address: "Große Bäckerstraße 5\n20095 Hamburg".into(),
        country: "DE".into(),
        email: "buchhaltung@ziezirba.example".into(),
        bank_account: String::new(),
    }
}

fn terms(code: &str, name: &str, unit: &str, charge: ChargeType) -> ComponentTerms {
    ComponentTerms::simple(code, name, unit, charge)
}

fn per_unit(price: &str) -> Price {
    Price {
        version: "1".into(),
        scheme: PriceScheme::PerUnit { price: fixed(price) },
    }
}

fn month() -> Month {
    Month::new(2026, 10).unwrap()
}

fn usage(code: &str, name: &str, unit: &str, price: &Price, quantity: &str) -> Line {
    let terms = terms(code, name, unit, ChargeType::Usage);
    let charged = Charged {
        terms: &terms,
        currency: Currency::Eur,
    };
    charged
        .usage(price, fixed(quantity), Some(month().range().window()))
        .unwrap()
}

/// A limit that was changed in the month.
fn limit(name: &str, unit: &str, price: &str) -> Line {
    let terms = terms("limit", name, unit, ChargeType::Limit);
    let price = per_unit(price);
    let held = |quantity| {
        Some(PricedQuantity {
            price: &price,
            quantity,
        })
    };
    let at = |text: &str| day(text).and_hms_opt(9, 30, 0).unwrap();
    let stretches = [
        Stretch {
            from: at("2026-10-05"),
            until: Some(at("2026-10-20")),
            state: held(fixed("10")),
        },
        Stretch {
            from: at("2026-10-20"),
            until: None,
            state: held(fixed("20")),
        },
    ];
    let input = Recurring {
        time: month().range().window().into(),
        every: BillingPeriod::Month,
        proration: Proration::Day,
        stretches: &stretches,
    };
    let charged = Charged {
        terms: &terms,
        currency: Currency::Eur,
    };
    charged.recurring(&input).unwrap().remove(0)
}

fn printed(line: Line, project: &str, resource: &str, index: u128) -> InvoiceLine {
    let dates = line.window.unwrap().dates();
    InvoiceLine {
        id: InvoiceItemId(uuid(index)),
        resource_id: Some(ResourceId(uuid(1_000 + index))),
        resource_name: resource.into(),
        project_name: project.into(),
        component: line.component,
        article_code: String::new(),
        description: line.name,
        quantity: line.quantity,
        unit: line.unit,
        unit_price: line.unit_price,
        amount: line.amount.to_fixed().unwrap(),
        from: dates.start,
        until: dates.end,
        derivation: line.derivation,
        tax: TaxRate::none(),
    }
}

fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

fn document(lines: Vec<InvoiceLine>, rate: &TaxRate) -> InvoiceDocument {
    let amounts: Vec<_> = lines
        .iter()
        .map(|line| (Money::from_fixed(line.amount, Currency::Eur), rate))
        .collect();
    let totals = document_totals(Currency::Eur, &amounts).unwrap();
    InvoiceDocument {
        id: InvoiceId(uuid(7)),
        number: Some("TW-2026-00017".into()),
        state: InvoiceState::Issued,
        month: month(),
        currency: Currency::Eur,
        organization_id: OrganizationId(uuid(8)),
        provider_id: OrganizationId(uuid(9)),
        seller: seller(),
        buyer: buyer(),
        issued_on: Some(day("2026-11-01")),
        due_on: Some(day("2026-11-15")),
        net: totals.net.to_fixed().unwrap(),
        tax: totals.tax.to_fixed().unwrap(),
        total: totals.total.to_fixed().unwrap(),
        kind: DocumentKind::Invoice,
        covered: Fixed::ZERO,
        amount_due: totals.total.to_fixed().unwrap(),
        taxes: totals.taxes,
        lines,
        reverse_charge: rate.reverse_charge,
        created_at: day("2026-10-01").and_hms_opt(0, 0, 0).unwrap().and_utc(),
        as_of: None,
        has_pdf: false,
    }
}

fn vat() -> TaxRate {
    TaxRate {
        name: "VAT".into(),
        percent: fixed("22"),
        reverse_charge: false,
    }
}

fn lines() -> Vec<InvoiceLine> {
    let tiers = PriceScheme::Tiered {
        tiers: vec![
            Tier {
                up_to: Some(fixed("1000")),
                price: fixed("0.04"),
            },
            Tier {
                up_to: None,
                price: fixed("0.035"),
            },
        ],
    };
    let tiered = Price {
        version: "2".into(),
        scheme: tiers,
    };
    let climate = "Climate models of the Baltic — № 7";
    let genome = "Генетика / Геном Україна";
    let first = "baltic-ensemble";
    vec![
        printed(
            usage("cpu", "CPU-hours", "CPU-hour", &tiered, "12500.25"),
            climate,
            first,
            1,
        ),
        printed(
            usage("gpu", "GPU-hours", "GPU-hour", &per_unit("1.05"), "312.5"),
            climate,
            first,
            1,
        ),
        printed(limit("Storage", "TB", "12.50"), climate, first, 1),
        printed(
            usage(
                "cpu",
                "CPU-hours, Straße Ünïcøde",
                "CPU-hour",
                &per_unit("0.04"),
                "127.5",
            ),
            genome,
            "öö-töö",
            4,
        ),
    ]
}

/// Lines of €1,004.00 net in two projects.
pub(crate) fn invoice() -> InvoiceDocument {
    let mut lines = lines();
    let sum = lines
        .iter()
        .fold(Fixed::ZERO, |sum, line| sum.checked_add(line.amount).unwrap());
    let rest = fixed("1004").checked_sub(sum).unwrap();
    let adjustment = usage("support", "Consulting", "hour", &per_unit(&rest.to_string()), "1");
    lines.push(printed(adjustment, "Генетика / Геном Україна", "Consulting", 5));
    document(lines, &vat())
}

pub(crate) fn reverse_charge() -> InvoiceDocument {
    document(
        invoice().lines,
        &TaxRate {
            reverse_charge: true,
            ..vat()
        },
    )
}

/// `count` lines over several resources.
pub(crate) fn long_invoice(count: usize) -> InvoiceDocument {
    let base = lines();
    let lines = (0..count).map(|index| {
        let mut line = base[index % base.len()].clone();
        let resource = u128::try_from(index / 4).unwrap();
        line.project_name = format!("Project {}", index / 16 + 1);
        line.resource_name = format!("allocation-{resource:02}");
        line.resource_id = Some(ResourceId(uuid(2_000 + resource)));
        line
    });
    document(lines.collect(), &vat())
}
