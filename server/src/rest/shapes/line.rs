//! Lines of charges and how their amounts came about.

use model::{ChargeType, Currency, Fixed, Money, Share, Window, pricing::Formula};
use serde::Serialize;
use utoipa::ToSchema;

/// One charge. The amount was rounded once; the derivation says from what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Line {
    /// Code of the component.
    pub(crate) component: String,
    /// Its name for people.
    pub(crate) name: String,
    /// What is charged.
    pub(crate) charge: ChargeType,
    /// One unit, in the singular.
    pub(crate) unit: String,
    /// Quantity × share, to nine decimals, negative where something is taken off.
    pub(crate) quantity: Fixed,
    /// Price of one unit, where every unit has the same.
    pub(crate) unit_price: Option<Money>,
    /// The time it is for.
    pub(crate) window: Option<Window>,
    /// Id of the price version.
    pub(crate) price_version: String,
    /// The amount before rounding, to nine decimals; for the record only.
    pub(crate) exact: Money,
    /// The amount, rounded once half away from zero to the minor unit.
    pub(crate) amount: Money,
    /// How the amount came about.
    pub(crate) derivation: Derivation,
}

impl From<model::Line> for Line {
    fn from(whole: model::Line) -> Self {
        let currency = whole.amount.currency;
        Self {
            component: whole.component,
            name: whole.name,
            charge: whole.charge,
            unit: whole.unit,
            quantity: whole.quantity,
            unit_price: whole.unit_price.map(|price| Money::from_fixed(price, currency)),
            window: whole.window,
            price_version: whole.price_version,
            exact: Money::from_fixed(whole.exact, currency),
            amount: whole.amount,
            derivation: whole.derivation.into(),
        }
    }
}
/// The structured calculation of a line. Enough to compute the line again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Derivation {
    /// The rule.
    pub(crate) formula: Formula,
    /// One unit, in the singular.
    pub(crate) unit: String,
    /// Id of the price version.
    pub(crate) price_version: String,
    /// The addends.
    pub(crate) segments: Vec<Segment>,
    /// A credit is at most what was billed before; given where that bound cut the amount.
    pub(crate) cut_to: Option<Money>,
    /// What other lines give back of the same difference, at other taxes: it is no part of this line.
    pub(crate) elsewhere: Option<Money>,
    /// What a limit that is paid up front comes to in all; given where the line is for a raise of it.
    pub(crate) raised_to: Option<Fixed>,
}

impl From<model::Derivation> for Derivation {
    fn from(whole: model::Derivation) -> Self {
        Self {
            formula: whole.formula,
            unit: whole.unit,
            price_version: whole.price_version,
            segments: whole
                .segments
                .into_iter()
                .map(|segment| Segment::of(segment, whole.currency))
                .collect(),
            cut_to: whole.cut_to,
            elsewhere: whole.elsewhere,
            raised_to: whole.raised_to,
        }
    }
}
/// One addend of a line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Segment {
    /// The quantity, never below zero.
    pub(crate) quantity: Fixed,
    /// What that quantity costs for one whole period.
    pub(crate) steps: Vec<ChargeStep>,
    /// How much of the period is charged.
    pub(crate) share: Share,
    /// The addend is taken off.
    pub(crate) negative: bool,
    /// The time it is for.
    pub(crate) window: Option<Window>,
}

impl Segment {
    fn of(whole: model::Segment, currency: Currency) -> Self {
        Self {
            quantity: whole.quantity,
            steps: whole
                .steps
                .into_iter()
                .map(|step| ChargeStep::of(step, currency))
                .collect(),
            share: whole.share,
            negative: whole.negative,
            window: whole.window,
        }
    }
}

/// One addend of a charge: `quantity × price`, or `price` for all of the quantity.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(crate) enum ChargeStep {
    /// Units at a price each.
    Units {
        /// How many units.
        quantity: Fixed,
        /// Price of one.
        price: Money,
    },
    /// One price for the whole quantity.
    Flat {
        /// How many units it covers.
        quantity: Fixed,
        /// The price.
        price: Money,
    },
    /// Whole packages.
    Packages {
        /// How many packages.
        count: Fixed,
        /// Units in one.
        size: Fixed,
        /// Price of one.
        price: Money,
    },
}

impl ChargeStep {
    fn of(step: model::pricing::ChargeStep, currency: Currency) -> Self {
        use model::pricing::ChargeStep as Step;
        let money = |price| Money::from_fixed(price, currency);
        match step {
            Step::Units { quantity, price } => Self::Units {
                quantity,
                price: money(price),
            },
            Step::Flat { quantity, price } => Self::Flat {
                quantity,
                price: money(price),
            },
            Step::Packages { count, size, price } => Self::Packages {
                count,
                size,
                price: money(price),
            },
        }
    }
}
