//! What a component of an offering is and how much of it may be had.

use serde::{Deserialize, Serialize};

use super::PricingError;
use crate::fixed::Fixed;
use crate::period::{BillingPeriod, LimitPeriod};
use crate::text_enum;

text_enum! {
    /// What a component is charged for.
    ChargeType {
        /// An amount the plan fixes, each period.
        Fixed = "fixed", "Fixed fee";
        /// What was used, in arrears.
        Usage = "usage", "By use";
        /// What the buyer reserves, each period.
        Limit = "limit", "By reserved amount";
        /// Once, when the resource is created.
        OneTime = "one_time", "One-time fee";
        /// Each time the plan is switched to.
        OnPlanSwitch = "on_plan_switch", "Fee for switching";
    }
}

impl ChargeType {
    /// Whether use of it is counted: of what is charged by use, and of limits, where what is used of them is shown and
    /// prepaid ones have overage.
    pub fn is_measured(self) -> bool {
        matches!(self, Self::Usage | Self::Limit)
    }
}

text_enum! {
    /// Whether the order form asks how much of a component the buyer expects to use a month.
    #[derive(Default)]
    ExpectedUse {
        /// It does not ask.
        #[default]
        Off = "off", "Not asked";
        /// The buyer may say it.
        Optional = "optional", "Asked, may stay empty";
        /// The buyer must say it.
        Required = "required", "Asked, must be filled in";
        /// The buyer may say it; otherwise the component's default counts.
        Default = "default", "Asked, starts with the default amount";
    }
}

/// The terms of one component, as far as prices and limits need them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComponentTerms {
    /// Stable code, unique within the offering.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// One unit, in the singular: `CPU-hour`, `GiB`.
    pub unit: String,
    /// What is charged.
    pub charge: ChargeType,
    /// Over which time a `Limit` counts; for `Usage` the calendar period in which `max` caps the use that is reported.
    #[serde(default)]
    pub limit_period: LimitPeriod,
    /// A limit paid up front for the whole term.
    #[serde(default)]
    pub prepaid: bool,
    /// The least a buyer may choose.
    #[serde(default)]
    pub min: Option<Fixed>,
    /// The most a buyer may choose; of `Usage` the most that may be reported in a `limit_period`.
    #[serde(default)]
    pub max: Option<Fixed>,
    /// What the form starts with: of a limit, or of the use that is expected a month.
    #[serde(default)]
    pub default: Option<Fixed>,
    /// Whether buyers are asked what they expect to use; `Usage` only.
    #[serde(default)]
    pub expected_use: ExpectedUse,
    /// Amounts are the minimum (or zero) plus whole steps.
    #[serde(default)]
    pub step: Option<Fixed>,
    /// How many of the backend's units make one unit here (1024 for MiB sold as GiB).
    #[serde(default = "one")]
    pub factor: Fixed,
    /// Code of the usage component that bills what goes beyond a prepaid limit.
    #[serde(default)]
    pub overage_component: Option<String>,
}

fn one() -> Fixed {
    Fixed::ONE
}

/// What is wrong with the terms of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermsFault {
    /// The code is empty, too long or has other characters than letters, digits and `_ - / :`.
    #[error("use 1 to 50 letters, digits or _ - / : for the code")]
    Code,
    /// No unit.
    #[error("name the unit, for example CPU-hour")]
    Unit,
    /// A bound is below zero.
    #[error("bounds cannot be below zero")]
    NegativeBound,
    /// Minimum above maximum.
    #[error("the minimum is above the maximum")]
    Bounds,
    /// A step of zero or less.
    #[error("the step must be above zero")]
    Step,
    /// The default amount is one a buyer may not choose.
    #[error("the default amount is not one that can be chosen")]
    Default,
    /// A factor of zero or less.
    #[error("the conversion factor must be above zero")]
    Factor,
    /// Prepaid, but not a limit.
    #[error("only a component charged by reserved amount can be prepaid")]
    PrepaidWithoutLimit,
    /// Expected use of something that is not billed by use.
    #[error("only of a component charged by use can buyers be asked what they expect")]
    ExpectedWithoutUse,
    /// The form is to start with the default amount, but there is none.
    #[error("enter the default amount that the form starts with")]
    ExpectedWithoutDefault,
}

/// Why an amount cannot be chosen as a limit; the text names the bound.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitFault {
    /// Below the minimum.
    #[error("Enter at least {min}{unit}.")]
    TooSmall {
        /// The minimum.
        min: Fixed,
        /// The unit with a leading space.
        unit: String,
    },
    /// Above the maximum.
    #[error("Enter at most {max}{unit}.")]
    TooLarge {
        /// The maximum.
        max: Fixed,
        /// The unit with a leading space.
        unit: String,
    },
    /// Between two steps.
    #[error("Enter {start} or more in steps of {step}: the nearest are {below} and {above}.")]
    OffStep {
        /// Where the steps start.
        start: Fixed,
        /// The step.
        step: Fixed,
        /// The amount on a step below.
        below: Fixed,
        /// The amount on a step above.
        above: Fixed,
    },
}

impl LimitFault {
    /// Stable code of the rule that was broken.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooSmall { .. } => "too_small",
            Self::TooLarge { .. } => "too_large",
            Self::OffStep { .. } => "off_step",
        }
    }
}

impl ComponentTerms {
    /// A component without bounds.
    pub fn simple(code: &str, name: &str, unit: &str, charge: ChargeType) -> Self {
        Self {
            code: code.into(),
            name: name.into(),
            unit: unit.into(),
            charge,
            limit_period: LimitPeriod::Plan,
            prepaid: false,
            min: None,
            max: None,
            default: None,
            expected_use: ExpectedUse::Off,
            step: None,
            factor: Fixed::ONE,
            overage_component: None,
        }
    }

    /// How often it is charged in a plan that charges `every` so often. A limit that is charged `Once` is one over the
    /// whole life: all of it at first, then what changes.
    pub fn every_in(&self, every: BillingPeriod) -> BillingPeriod {
        match self.charge {
            ChargeType::Limit => self.limit_period.billing_in(every),
            _ => every,
        }
    }

    /// The time that one price pays for in a plan that charges `every` so often: of what is prepaid a month, since each
    /// month of the term is charged whatever the plan's period is; else the period in which it is charged. None for
    /// what is paid once and for use.
    pub fn priced_per(&self, every: BillingPeriod) -> Option<BillingPeriod> {
        let period = match self.charge {
            ChargeType::Limit if self.prepaid => BillingPeriod::Month,
            ChargeType::Limit | ChargeType::Fixed => self.every_in(every),
            ChargeType::Usage | ChargeType::OneTime | ChargeType::OnPlanSwitch => BillingPeriod::Once,
        };
        (period != BillingPeriod::Once).then_some(period)
    }

    /// A price that is told as `text`, with what it is for and the time that it pays for: `Cores: €21.00 per core a month`.
    pub fn price_in_words(&self, text: &str, every: BillingPeriod) -> String {
        format!("{}: {text}{}", self.name, self.paid_time(every))
    }

    /// The time that one price pays for, to be said behind it: ` a month`; empty where there is none ([`Self::priced_per`]).
    pub fn paid_time(&self, every: BillingPeriod) -> String {
        let period = self.priced_per(every);
        period.map_or_else(String::new, |period| format!(" a {}", period.noun()))
    }

    /// Charged again and again in such a plan, by the share of the period in which it was had.
    pub fn recurs_in(&self, every: BillingPeriod) -> bool {
        let recurs = matches!(self.charge, ChargeType::Fixed | ChargeType::Limit);
        recurs && !self.prepaid && self.every_in(every) != BillingPeriod::Once
    }

    /// A limit over the whole life in such a plan.
    pub fn is_total_in(&self, every: BillingPeriod) -> bool {
        let once = self.every_in(every) == BillingPeriod::Once;
        self.charge == ChargeType::Limit && !self.prepaid && once
    }

    /// Everything that is wrong with these terms; empty if they are sound.
    pub fn validate(&self) -> Vec<TermsFault> {
        let code_fits = (1..=50).contains(&self.code.len())
            && self
                .code
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-/:".contains(c));
        let negative = |bound: Option<Fixed>| bound.is_some_and(Fixed::is_negative);
        let not_positive = |value: Fixed| !value.is_positive();
        let checks = [
            (!code_fits, TermsFault::Code),
            (self.unit.trim().is_empty(), TermsFault::Unit),
            (
                negative(self.min) || negative(self.max),
                TermsFault::NegativeBound,
            ),
            (
                self.min.zip(self.max).is_some_and(|(min, max)| min > max),
                TermsFault::Bounds,
            ),
            (self.step.is_some_and(not_positive), TermsFault::Step),
            (
                self.default.is_some_and(|value| self.check_limit(value).is_err()),
                TermsFault::Default,
            ),
            (not_positive(self.factor), TermsFault::Factor),
            (
                self.prepaid && self.charge != ChargeType::Limit,
                TermsFault::PrepaidWithoutLimit,
            ),
            (
                self.expected_use != ExpectedUse::Off && self.charge != ChargeType::Usage,
                TermsFault::ExpectedWithoutUse,
            ),
            (
                self.expected_use == ExpectedUse::Default && self.default.is_none(),
                TermsFault::ExpectedWithoutDefault,
            ),
        ];
        checks
            .into_iter()
            .filter_map(|(broken, fault)| broken.then_some(fault))
            .collect()
    }

    /// Whether a buyer may choose this amount. Without a minimum, zero is allowed and is the least.
    pub fn check_limit(&self, amount: Fixed) -> Result<(), LimitFault> {
        let min = self.min.unwrap_or(Fixed::ZERO);
        if amount < min {
            return Err(LimitFault::TooSmall {
                min,
                unit: self.spaced_unit(min),
            });
        }
        if let Some(max) = self.max.filter(|max| amount > *max) {
            return Err(LimitFault::TooLarge {
                max,
                unit: self.spaced_unit(max),
            });
        }
        let Some(step) = self.step.filter(|step| step.is_positive()) else {
            return Ok(());
        };
        let above_min = i128::from(amount.nanos()) - i128::from(min.nanos());
        let rest = above_min % i128::from(step.nanos());
        if rest == 0 {
            return Ok(());
        }
        let below = Fixed::from_wide(i128::from(amount.nanos()) - rest).unwrap_or(min);
        let above = below.checked_add(step).unwrap_or(Fixed::MAX);
        Err(LimitFault::OffStep {
            start: min,
            step,
            below,
            above,
        })
    }

    /// As [`Self::check_limit`], for what holds `held` now. Bounds bind only what is chosen anew: keeping a limit, or
    /// coming nearer to the bounds, is always allowed.
    pub fn check_change(&self, held: Option<Fixed>, amount: Fixed) -> Result<(), LimitFault> {
        let min = self.min.unwrap_or(Fixed::ZERO);
        let is_kept_or_nearer = held.is_some_and(|held| {
            let from_above = self.max.is_some_and(|max| (max..=held).contains(&amount));
            let from_below = (held..=min).contains(&amount);
            amount == held || from_above || from_below
        });
        if is_kept_or_nearer {
            return Ok(());
        }
        self.check_limit(amount)
    }

    /// A quantity in the backend's unit as a quantity in the unit that is priced, rounded to nine decimals.
    pub fn to_priced(&self, backend_quantity: Fixed) -> Result<Fixed, PricingError> {
        if !self.factor.is_positive() {
            return Err(PricingError::InvalidFactor);
        }
        Ok(backend_quantity.checked_div_rounded(self.factor)?)
    }

    fn spaced_unit(&self, amount: Fixed) -> String {
        format!(" {}", super::derivation::unit_word(&self.unit, amount))
    }
}
