//! Which tax a seller charges a buyer.

use entity::organization;
use model::TaxRate;

/// Member states of the European Union, with Greece under both codes that are in use.
const UNION: [&str; 28] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The seller's rate; or reverse charge between two businesses with VAT numbers in two countries of the Union, where the
/// buyer accounts for the tax and the document says so.
pub(crate) fn tax_between(seller: &organization::Model, buyer: &organization::Model) -> TaxRate {
    let registered = !seller.vat_number.trim().is_empty() && !buyer.vat_number.trim().is_empty();
    let abroad = country(seller) != country(buyer) && in_union(seller) && in_union(buyer);
    if !(registered && abroad) && seller.tax_percent.is_zero() {
        return TaxRate::none();
    }
    TaxRate {
        name: "VAT".into(),
        percent: seller.tax_percent,
        reverse_charge: registered && abroad,
    }
}

/// The country's code; Greece under one of its two.
fn country(organization: &organization::Model) -> String {
    let code = organization.country.trim().to_uppercase();
    if code == "EL" { "GR".to_owned() } else { code }
}

fn in_union(organization: &organization::Model) -> bool {
    UNION.contains(&country(organization).as_str())
}
