//! What an offering sells, and at which price.

use model::{ChargeType, ComponentDraft, ComponentTerms, Fixed, LimitPeriod, PriceDraft, PriceScheme};

/// A component and its price in the plan.
#[derive(Debug, Clone)]
#[must_use = "an offering sells it: .selling(…)"]
pub struct Sold {
    terms: ComponentTerms,
    scheme: PriceScheme,
}

impl Sold {
    /// Charged by the reserved amount, anew every month; 1 unless the order says otherwise. Free until [`Sold::at`].
    pub fn reserved(code: &str, unit: &str) -> Self {
        let mut sold = Self::charged(ChargeType::Limit, code, unit);
        sold.terms.min = Some(Fixed::ZERO);
        sold.terms.default = Some(Fixed::ONE);
        sold
    }

    /// Charged by what was used.
    pub fn used(code: &str, unit: &str) -> Self {
        Self::charged(ChargeType::Usage, code, unit)
    }

    /// A fee each period.
    pub fn every_period(code: &str) -> Self {
        Self::charged(ChargeType::Fixed, code, "period")
    }

    /// A fee at the start.
    pub fn once(code: &str) -> Self {
        Self::charged(ChargeType::OneTime, code, "activation")
    }

    fn charged(charge: ChargeType, code: &str, unit: &str) -> Self {
        let terms = ComponentTerms {
            limit_period: LimitPeriod::Month,
            ..ComponentTerms::simple(code, unit, unit, charge)
        };
        Self {
            terms,
            scheme: PriceScheme::PerUnit { price: Fixed::ZERO },
        }
    }

    /// Price of one unit.
    pub fn at(self, price: &str) -> Self {
        self.priced(PriceScheme::PerUnit {
            price: price.parse().expect("a price"),
        })
    }

    pub fn priced(mut self, scheme: PriceScheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// Changes the terms: bounds, period, prepayment.
    pub fn with(mut self, change: impl FnOnce(&mut ComponentTerms)) -> Self {
        change(&mut self.terms);
        self
    }

    /// As its provider adds it.
    pub fn component(&self) -> ComponentDraft {
        ComponentDraft {
            terms: self.terms.clone(),
            description: String::new(),
            article_code: String::new(),
        }
    }

    /// As a plan names it.
    pub fn price(&self) -> PriceDraft {
        PriceDraft {
            component: self.terms.code.clone(),
            scheme: self.scheme.clone(),
        }
    }
}
