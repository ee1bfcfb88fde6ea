//! Rules of approval of a place: which there are, one, and what would become of an order by them.

mod detail;
mod fields;
mod list;
mod trial;

pub use self::{
    detail::{AdminRulePage, OrganizationRulePage, ProjectRulePage, ProviderRulePage},
    list::{AdminRulesPage, OrganizationRulesPage, ProjectRulesPage, ProviderRulesPage},
};

use model::Side;

use super::place::Place;
use crate::routes;

/// The rules of a place.
fn list_of(place: &Place) -> String {
    routes::approval_rules(place.kind, &place.id)
}

/// Whose decision rules of a place are about; none where a rule says it.
fn side_of(place: &Place) -> Option<Side> {
    match place.kind {
        "organization" | "project" => Some(Side::Buyer),
        "provider" => Some(Side::Provider),
        _ => None,
    }
}

/// Whether those with a role can be asked by a rule of the place, about either side's decision.
fn may_be_asked(place: &Place, role: model::Role) -> bool {
    let of_installation = place.kind == "system";
    let sides = side_of(place).map_or(vec![Side::Buyer, Side::Provider], |side| vec![side]);
    sides
        .into_iter()
        .any(|side| role.may_be_asked(of_installation, side))
}

/// What the rules of a place are read for.
fn lead_of(place: &Place) -> &'static str {
    match place.kind {
        "organization" => {
            "Who must agree to orders of this organization. They are read from the top when an order is placed."
        }
        "project" => {
            "Who must agree to orders of this project, beside whom its organization asks. They are read from the top when an order is placed."
        }
        "provider" => {
            "Who must agree to orders of what this provider sells. They are read from the top when an order is placed."
        }
        _ => {
            "Who must agree to orders in this portal. They are read from the top when an order is placed, before everybody else's."
        }
    }
}
