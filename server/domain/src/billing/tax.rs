//! Which tax a seller charges a buyer: that of the month whose document charges something first. What a later document
//! corrects or gives back of it carries the same tax, whatever the two have become since (`domain.md` 6: the day of supply).

use entity::organization_version as version;
use model::vat::in_union;
use model::{Month, TaxRate};

use crate::structure::Versions;

/// The tax on what `seller` sells to `buyer` in a month, by what both were in that month:
/// - none on what an organization sells to itself, which is no sale;
/// - reverse charge between two businesses of two countries of the Union whose VAT numbers are verified: the buyer
///   accounts for the tax and the document says so;
/// - none where the buyer, by its verified country, lies outside the seller's tax area;
/// - else the seller's rate.
///
/// Nobody's own word takes the tax off. A seller lies where it was last verified, whatever it has said since: its owner
/// changes the country alone, and every one of its buyers would be abroad. One that was never verified lies nowhere, and
/// charges its rate as it does at home.
pub(crate) fn tax_between(seller: &Versions, buyer: &Versions, month: Month) -> TaxRate {
    match (seller.on(month), buyer.on(month)) {
        (Some(own), Some(buyer)) => between(own, seller.verified_on(month), buyer),
        _ => TaxRate::none(),
    }
}

/// What a seller and a buyer have been to the tax office, month by month.
#[derive(Debug, Clone, Default)]
pub(crate) struct Taxes {
    pub(crate) seller: Option<Versions>,
    pub(crate) buyer: Option<Versions>,
}

impl Taxes {
    /// The tax of what the document of a month charges for the first time.
    pub(crate) fn of(&self, month: Month) -> TaxRate {
        match (&self.seller, &self.buyer) {
            (Some(seller), Some(buyer)) => tax_between(seller, buyer, month),
            _ => TaxRate::none(),
        }
    }
}

/// The tax of a sale at home: for those who have not said who buys.
pub(crate) fn domestic_tax(seller: &Versions, month: Month) -> TaxRate {
    seller.on(month).map_or_else(TaxRate::none, domestic)
}

/// `verified` is the seller where it was last verified. Whose verification can change what this answers is said in
/// `structure::versions` (`Sellers::matters`), which lies below this context.
fn between(seller: &version::Model, verified: Option<&version::Model>, buyer: &version::Model) -> TaxRate {
    if seller.organization_id == buyer.organization_id {
        return TaxRate::none();
    }
    let home = verified.map_or("", |version| version.country.as_str());
    let abroad = home != buyer.country && !home.is_empty();
    if !abroad || buyer.verified_at.is_none() {
        return domestic(seller);
    }
    match (in_union(home), in_union(&buyer.country)) {
        (true, true) if is_registered(seller) && is_registered(buyer) => TaxRate {
            name: "VAT".into(),
            percent: seller.tax_percent,
            reverse_charge: true,
        },
        (true, true) => domestic(seller),
        _ => TaxRate {
            name: "Outside the seller's tax area".into(),
            percent: model::Fixed::ZERO,
            reverse_charge: false,
        },
    }
}

fn is_registered(trader: &version::Model) -> bool {
    !trader.vat_number.is_empty() && trader.verified_at.is_some()
}

fn domestic(seller: &version::Model) -> TaxRate {
    if seller.tax_percent.is_zero() {
        return TaxRate::none();
    }
    TaxRate {
        name: "VAT".into(),
        percent: seller.tax_percent,
        reverse_charge: false,
    }
}
