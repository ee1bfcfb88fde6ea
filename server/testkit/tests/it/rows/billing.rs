//! Usage and invoices.

use chrono::TimeDelta;
use entity::invoice_item::StoredDerivation;
use entity::usage_event::UsageSource;
use entity::{
    account_entry, billing_fault, closed_month, invoice, invoice_item, invoice_pdf, invoice_series,
    usage_day, usage_event,
};
use model::pricing::Formula;
use model::{
    AccountEntryId, Currency, Derivation, DocumentKind, Fixed, InvoiceItemId, InvoiceState, Month, Party,
};
use sea_orm::{ActiveModelTrait, DatabaseConnection, EntityTrait, ModelTrait, Set};
use serde_json::json;

use super::{EVENT, INVOICE, ORGANIZATION, PROJECT, RESOURCE, day, fixed, keeps, moment, write};

pub(super) async fn insert(db: &DatabaseConnection) {
    let event = usage_event::Model {
        id: EVENT,
        resource_id: RESOURCE,
        component: "cpu".into(),
        window_start: moment(),
        window_end: moment() + TimeDelta::hours(1),
        quantity: Fixed::MAX,
        key: "k".into(),
        username: Some("ulle".into()),
        source: UsageSource::Collector,
        replaces: None,
        superseded: false,
        recorded_at: moment(),
        days: serde_json::json!([["2026-02-10", "3"]]),
    };
    keeps(db, event).await;
    let total = usage_day::Model {
        resource_id: RESOURCE,
        component: "cpu".into(),
        day: day(),
        quantity: Fixed::MIN,
    };
    keeps(db, total).await;
    keeps(db, invoice()).await;
    keeps(db, item()).await;
    keeps(
        db,
        invoice_series::Model {
            provider_id: ORGANIZATION,
            year: 2026,
            next: 2,
        },
    )
    .await;
    let pdf = invoice_pdf::Model {
        invoice_id: INVOICE,
        sha256: "00".into(),
        bytes: vec![37, 80],
        created_at: moment(),
    };
    keeps(db, pdf).await;
    let entry = account_entry::Model {
        id: AccountEntryId(INVOICE.0),
        organization_id: ORGANIZATION,
        provider_id: ORGANIZATION,
        currency: Currency::Eur,
        position: 1,
        invoice_id: INVOICE,
        amount: fixed("0.01"),
        balance: fixed("0.01"),
        created_at: moment(),
    };
    keeps(db, entry).await;
    let closed = closed_month::Model {
        organization_id: ORGANIZATION,
        provider_id: ORGANIZATION,
        through: Month::containing(day()),
        closed_at: moment(),
    };
    keeps(db, closed).await;
    let fault = billing_fault::Model {
        organization_id: ORGANIZATION,
        provider_id: ORGANIZATION,
        month: Month::containing(day()),
    };
    keeps(db, fault).await;
}

fn invoice() -> invoice::Model {
    invoice::Model {
        id: INVOICE,
        organization_id: ORGANIZATION,
        provider_id: ORGANIZATION,
        currency: Currency::Eur,
        month: Month::containing(day()),
        state: InvoiceState::Open,
        kind: DocumentKind::CreditNote,
        number: None,
        seller: serde_json::to_value(Party {
            name: "O OÜ".into(),
            ..Party::default()
        })
        .unwrap(),
        buyer: serde_json::to_value(Party::default()).unwrap(),
        tax_percent: fixed("22"),
        reverse_charge: false,
        issued_on: Some(day()),
        due_on: None,
        net: fixed("-0.01"),
        tax: Fixed::ZERO,
        taxes: json!([]),
        total: fixed("-0.01"),
        covered: Fixed::ZERO,
        created_at: moment(),
        updated_at: moment(),
    }
}

fn item() -> invoice_item::Model {
    invoice_item::Model {
        id: InvoiceItemId(INVOICE.0),
        invoice_id: INVOICE,
        position: 1,
        resource_id: Some(RESOURCE),
        resource_name: "r".into(),
        project_id: Some(PROJECT),
        project_name: "P".into(),
        component: "cpu".into(),
        article_code: "A-1".into(),
        description: "CPU".into(),
        quantity: fixed("2"),
        unit: "core".into(),
        unit_price: None,
        amount: fixed("-0.01"),
        from_day: day(),
        until_day: day(),
        price_version: String::new(),
        derivation: derivation(),
        tax: None,
    }
}

fn derivation() -> StoredDerivation {
    StoredDerivation(Derivation {
        formula: Formula::Once,
        unit: "core".into(),
        currency: Currency::Eur,
        price_version: String::new(),
        segments: Vec::new(),
        cut_to: None,
        elsewhere: None,
        raised_to: None,
    })
}

/// After [`super::insert_one_everywhere`].
pub(crate) async fn issued_invoice_never_changes(db: &DatabaseConnection) {
    let open = invoice::Entity::find().one(db).await.unwrap().unwrap();
    let line = invoice_item::Entity::find().one(db).await.unwrap().unwrap();
    let change_line = invoice_item::ActiveModel {
        amount: Set(Fixed::ONE),
        ..line.clone().into()
    };
    change_line.clone().update(db).await.unwrap();

    let issue = invoice::ActiveModel {
        state: Set(InvoiceState::Issued),
        number: Set(Some("O-1".into())),
        ..open.into()
    };
    let issued = issue.update(db).await.unwrap();

    let change = invoice::ActiveModel {
        total: Set(Fixed::ONE),
        ..issued.clone().into()
    };
    assert!(change.update(db).await.is_err());
    let other_kind = invoice::ActiveModel {
        kind: Set(DocumentKind::Invoice),
        ..issued.clone().into()
    };
    assert!(other_kind.update(db).await.is_err());
    let reopen = invoice::ActiveModel {
        state: Set(InvoiceState::Open),
        ..issued.clone().into()
    };
    assert!(reopen.update(db).await.is_err());
    assert!(change_line.update(db).await.is_err());
    let another = invoice_item::Model {
        id: InvoiceItemId(EVENT.0),
        ..line.clone()
    };
    assert!(write::<invoice_item::Entity>(db, another).await.is_err());
    assert!(line.delete(db).await.is_err());
    assert!(issued.delete(db).await.is_err());
}

/// After [`super::insert_one_everywhere`].
pub(crate) async fn accounts_only_grow(db: &DatabaseConnection) {
    let entry = account_entry::Entity::find().one(db).await.unwrap().unwrap();
    let change = account_entry::ActiveModel {
        amount: Set(Fixed::ONE),
        ..entry.clone().into()
    };
    assert!(change.update(db).await.is_err());
    assert!(entry.delete(db).await.is_err());
}
