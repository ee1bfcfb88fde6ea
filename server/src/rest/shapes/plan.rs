//! Plans with their prices, and the drafts by which they are changed.

use chrono::{DateTime, NaiveDate, Utc};
use model::{
    BillingPeriod, ChargeMode, Currency, FieldFault, Fixed, Money, PlanChange, PlanId, PlanVersionId,
    PriceChanges, PriceId, Proration,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::figure;
use crate::rest::ApiProblem;

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Plan {
    /// The plan.
    pub(crate) id: PlanId,
    /// Name, unique in the offering.
    pub(crate) name: String,
    /// For whom it is.
    pub(crate) description: String,
    /// Currency of its prices.
    pub(crate) currency: Currency,
    /// How often it is billed.
    pub(crate) billing_period: BillingPeriod,
    /// How part periods are billed.
    pub(crate) proration: Proration,
    /// When it is charged.
    pub(crate) charge_mode: ChargeMode,
    /// Once, at the start.
    pub(crate) setup_fee: Money,
    /// When later prices and terms reach resources that run.
    pub(crate) price_changes: PriceChanges,
    /// No longer offered to new orders.
    pub(crate) archived: bool,
    /// Prices in force for new orders, in order of components.
    pub(crate) prices: Vec<PlanPrice>,
    /// Prices and terms that are published and have not begun, the next first.
    pub(crate) changes: Vec<PlanChange>,
}

impl From<model::Plan> for Plan {
    fn from(whole: model::Plan) -> Self {
        Self {
            id: whole.id,
            name: whole.name,
            description: whole.description,
            currency: whole.currency,
            billing_period: whole.billing_period,
            proration: whole.proration,
            charge_mode: whole.charge_mode,
            setup_fee: Money::from_fixed(whole.setup_fee, whole.currency),
            price_changes: whole.price_changes,
            archived: whole.archived,
            prices: whole
                .prices
                .into_iter()
                .map(|price| PlanPrice::of(price, whole.currency))
                .collect(),
            changes: whole.changes,
        }
    }
}

/// A price of a component in a plan, in force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanPrice {
    /// This version of the price.
    pub(crate) id: PriceId,
    /// Component code.
    pub(crate) component: String,
    /// Version and scheme.
    pub(crate) price: Price,
    /// Its first instant.
    pub(crate) starts_at: DateTime<Utc>,
    /// "€0.02 per CPU-hour".
    pub(crate) text: String,
}

/// One version of the price of one component in one plan. Versions are never edited once used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Price {
    /// Id of the price version, as it is printed on lines.
    pub(crate) version: String,
    /// The price.
    pub(crate) scheme: PriceScheme,
}

impl PlanPrice {
    fn of(whole: model::PlanPrice, currency: Currency) -> Self {
        Self {
            id: whole.id,
            component: whole.component,
            price: Price {
                version: whole.price.version,
                scheme: PriceScheme::of(whole.price.scheme, currency),
            },
            starts_at: whole.starts_at,
            text: whole.text,
        }
    }
}

/// A plan as its provider edits it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanDraft {
    /// 1 to 100 characters.
    pub(crate) name: String,
    /// Up to 500 characters.
    #[serde(default)]
    pub(crate) description: String,
    /// Currency of its prices.
    pub(crate) currency: Currency,
    /// How often it is billed.
    pub(crate) billing_period: BillingPeriod,
    /// How part periods are billed.
    #[serde(default)]
    pub(crate) proration: Proration,
    /// When it is charged.
    pub(crate) charge_mode: ChargeMode,
    /// Once, at the start; not negative, in the plan's currency; null for none.
    #[serde(default)]
    pub(crate) setup_fee: Option<Money>,
    /// When later prices and terms reach resources that run; 30 days after they are published unless said.
    #[serde(default)]
    pub(crate) price_changes: PriceChanges,
    /// Price by component code, in the plan's currency.
    pub(crate) prices: Vec<PriceDraft>,
    /// First day of what changes, in the seller's time zone; now where it is today or not said.
    #[serde(default)]
    pub(crate) valid_from: Option<NaiveDate>,
}

/// The price of one component in a plan draft.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct PriceDraft {
    /// Component code.
    pub(crate) component: String,
    /// Scheme and figures.
    pub(crate) scheme: PriceScheme,
}

impl PlanDraft {
    /// The draft of the plan as it is.
    pub(crate) fn of(present: Plan) -> Self {
        let price = |price: PlanPrice| PriceDraft {
            component: price.component,
            scheme: price.price.scheme,
        };
        Self {
            name: present.name,
            description: present.description,
            currency: present.currency,
            billing_period: present.billing_period,
            proration: present.proration,
            charge_mode: present.charge_mode,
            setup_fee: Some(present.setup_fee),
            price_changes: present.price_changes,
            prices: present.prices.into_iter().map(price).collect(),
            valid_from: None,
        }
    }

    /// What the service takes; refuses amounts in another currency than the plan's.
    pub(crate) fn checked(self) -> Result<model::PlanDraft, ApiProblem> {
        let (currency, mut faults) = (self.currency, Vec::new());
        let setup_fee = self
            .setup_fee
            .map_or(Fixed::ZERO, |fee| figure("setup_fee", fee, currency, &mut faults));
        let mut prices = Vec::with_capacity(self.prices.len());
        for (index, price) in self.prices.into_iter().enumerate() {
            let path = format!("prices[{index}].scheme");
            prices.push(model::PriceDraft {
                component: price.component,
                scheme: price.scheme.figures(&path, currency, &mut faults),
            });
        }
        if !faults.is_empty() {
            return Err(ApiProblem::invalid(faults));
        }
        Ok(model::PlanDraft {
            name: self.name,
            description: self.description,
            currency,
            billing_period: self.billing_period,
            proration: self.proration,
            charge_mode: self.charge_mode,
            setup_fee,
            price_changes: self.price_changes,
            prices,
            valid_from: self.valid_from,
        })
    }
}

impl From<model::PlanDraft> for PlanDraft {
    fn from(whole: model::PlanDraft) -> Self {
        let currency = whole.currency;
        let price = |price: model::PriceDraft| PriceDraft {
            component: price.component,
            scheme: PriceScheme::of(price.scheme, currency),
        };
        Self {
            name: whole.name,
            description: whole.description,
            currency,
            billing_period: whole.billing_period,
            proration: whole.proration,
            charge_mode: whole.charge_mode,
            setup_fee: Some(Money::from_fixed(whole.setup_fee, currency)),
            price_changes: whole.price_changes,
            prices: whole.prices.into_iter().map(price).collect(),
            valid_from: whole.valid_from,
        }
    }
}

/// A price that was wrong, and what it should have been.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PriceCorrectionDraft {
    /// The version of the price that was wrong, or one that corrects it.
    version: PlanVersionId,
    /// What it should have been, for the same period, in the plan's currency.
    scheme: PriceScheme,
    /// The first day for which that counts, in the seller's time zone; from the version's own first instant where that
    /// is later. Not in the future, and at most 13 months ago.
    from: NaiveDate,
    /// Why, 1 to 2,000 characters; the provider's people and the log see it.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

impl PriceCorrectionDraft {
    /// What the service takes; refuses amounts in another currency than the plan's.
    pub(crate) fn checked(self, currency: Currency) -> Result<model::PriceCorrectionDraft, ApiProblem> {
        let mut faults = Vec::new();
        let scheme = self.scheme.figures("scheme", currency, &mut faults);
        if !faults.is_empty() {
            return Err(ApiProblem::invalid(faults));
        }
        Ok(model::PriceCorrectionDraft {
            version: self.version,
            scheme,
            from: self.from,
            reason: self.reason,
        })
    }
}

/// One row of a price table.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub(crate) struct Tier {
    /// The last quantity it covers; only the last row may be open.
    up_to: Option<Fixed>,
    /// Price per unit, or for the whole row under `stairstep`.
    price: Money,
}

/// How a quantity is turned into an amount.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "scheme", rename_all = "snake_case")]
pub(crate) enum PriceScheme {
    /// Every unit costs the same.
    PerUnit {
        /// Price of one unit.
        price: Money,
    },
    /// Each unit costs what the row it falls in says.
    Tiered {
        /// The rows, in order.
        tiers: Vec<Tier>,
    },
    /// All units cost what the row of the whole quantity says.
    Volume {
        /// The rows, in order.
        tiers: Vec<Tier>,
    },
    /// The row of the whole quantity has one price for all of it.
    Stairstep {
        /// The rows, in order.
        tiers: Vec<Tier>,
    },
    /// Sold in packages; a started one counts.
    Package {
        /// Units in one package.
        size: Fixed,
        /// Price of one package.
        price: Money,
    },
}

impl PriceScheme {
    pub(super) fn of(scheme: model::PriceScheme, currency: Currency) -> Self {
        use model::PriceScheme as Scheme;
        let money = |price| Money::from_fixed(price, currency);
        let rows = |tiers: Vec<model::Tier>| {
            let row = |tier: model::Tier| Tier {
                up_to: tier.up_to,
                price: money(tier.price),
            };
            tiers.into_iter().map(row).collect()
        };
        match scheme {
            Scheme::PerUnit { price } => Self::PerUnit { price: money(price) },
            Scheme::Tiered { tiers } => Self::Tiered { tiers: rows(tiers) },
            Scheme::Volume { tiers } => Self::Volume { tiers: rows(tiers) },
            Scheme::Stairstep { tiers } => Self::Stairstep { tiers: rows(tiers) },
            Scheme::Package { size, price } => Self::Package {
                size,
                price: money(price),
            },
        }
    }

    fn figures(self, path: &str, currency: Currency, faults: &mut Vec<FieldFault>) -> model::PriceScheme {
        use model::PriceScheme as Scheme;
        let mut rows = |tiers: Vec<Tier>| {
            let row = |(index, tier): (usize, Tier)| model::Tier {
                up_to: tier.up_to,
                price: figure(
                    &format!("{path}.tiers[{index}].price"),
                    tier.price,
                    currency,
                    faults,
                ),
            };
            tiers.into_iter().enumerate().map(row).collect()
        };
        match self {
            Self::Tiered { tiers } => Scheme::Tiered { tiers: rows(tiers) },
            Self::Volume { tiers } => Scheme::Volume { tiers: rows(tiers) },
            Self::Stairstep { tiers } => Scheme::Stairstep { tiers: rows(tiers) },
            Self::PerUnit { price } => Scheme::PerUnit {
                price: figure(&format!("{path}.price"), price, currency, faults),
            },
            Self::Package { size, price } => Scheme::Package {
                size,
                price: figure(&format!("{path}.price"), price, currency, faults),
            },
        }
    }
}
