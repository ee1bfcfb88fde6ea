//! What is sold in a life: components, plans and their prices, at random.

use model::{
    BillingPeriod, ChargeMode, ChargeType, Currency, Fixed, LimitPeriod, Money, PlanDraft, PriceChanges,
    PriceDraft, PriceScheme, Proration, Tier,
};
use testkit::Sold;
use testkit::reckoning::ComponentFacts;

use super::luck::Luck;
use crate::billing::deal::fixed;

pub(crate) const ZONES: [&str; 22] = [
    "UTC",
    "Europe/Tallinn",
    "America/New_York",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Pacific/Apia",
    "America/St_Johns",
    "Asia/Beirut",
    "America/Santiago",
    "Pacific/Marquesas",
    "Etc/GMT+12",
    "Asia/Tehran",
    "Antarctica/Troll",
    "Africa/Casablanca",
    "America/Havana",
    "Australia/Adelaide",
    "Africa/Cairo",
];

/// A component that may be sold.
#[derive(Clone, Copy)]
pub(crate) struct Ware {
    pub(crate) code: &'static str,
    pub(crate) charge: ChargeType,
    pub(crate) period: LimitPeriod,
    /// Paid up front, term by term.
    pub(crate) prepaid: bool,
}

const fn ware(code: &'static str, charge: ChargeType, period: LimitPeriod) -> Ware {
    Ware {
        code,
        charge,
        period,
        prepaid: false,
    }
}

const ALL: [Ware; 9] = [
    ware("base", ChargeType::Fixed, LimitPeriod::Month),
    ware("disk", ChargeType::Limit, LimitPeriod::Plan),
    ware(OVERAGE, ChargeType::Usage, LimitPeriod::Month),
    ware("start", ChargeType::OneTime, LimitPeriod::Month),
    ware("move", ChargeType::OnPlanSwitch, LimitPeriod::Month),
    ware("seats", ChargeType::Limit, LimitPeriod::Total),
    ware("quota", ChargeType::Limit, LimitPeriod::Quarter),
    ware("net", ChargeType::Usage, LimitPeriod::Month),
    ware("yearly", ChargeType::Limit, LimitPeriod::Year),
];

/// What bills the use beyond a limit that is paid up front.
const OVERAGE: &str = "cpu";

/// What this life sells, and what may be added later.
pub(crate) fn wares(luck: &mut Luck) -> (Vec<Ware>, Vec<Ware>) {
    let (mut sold, mut rest): (Vec<Ware>, Vec<Ware>) = ALL.into_iter().partition(|_| luck.chance(60));
    if luck.chance(30) {
        let period = *luck.pick(&[LimitPeriod::Month, LimitPeriod::Quarter, LimitPeriod::Total]);
        let lease = |code| Ware {
            prepaid: true,
            ..ware(code, ChargeType::Limit, period)
        };
        sold.push(lease("lease"));
        if luck.chance(30) {
            sold.push(lease("space"));
        }
        // What names it does so from the beginning.
        rest.retain(|ware| ware.code != OVERAGE);
    }
    if sold.is_empty() {
        sold.push(ALL[0]);
    }
    (sold, rest)
}

impl Ware {
    /// As it is sold beside `all`.
    pub(crate) fn sold(&self, all: &[Ware]) -> Sold {
        let sold = match self.charge {
            ChargeType::Limit => Sold::reserved(self.code, "unit"),
            ChargeType::Usage => Sold::used(self.code, "hour"),
            ChargeType::Fixed => Sold::every_period(self.code),
            _ => Sold::once(self.code),
        };
        let overage = self.overage(all);
        sold.with(|terms| {
            (terms.charge, terms.limit_period) = (self.charge, self.period);
            (terms.prepaid, terms.overage_component) = (self.prepaid, overage);
            if self.code == "net" {
                terms.max = Some(fixed("500"));
            }
        })
    }

    pub(crate) fn facts(&self, all: &[Ware]) -> ComponentFacts {
        ComponentFacts {
            code: self.code.into(),
            charge: self.charge,
            period: Some(self.period).filter(|period| *period != LimitPeriod::Plan),
            prepaid: self.prepaid,
            overage: self.overage(all),
        }
    }

    fn overage(&self, all: &[Ware]) -> Option<String> {
        let is_there = self.prepaid && all.iter().any(|ware| ware.code == OVERAGE);
        is_there.then(|| OVERAGE.to_owned())
    }

    pub(crate) fn is_limit(&self) -> bool {
        self.charge == ChargeType::Limit
    }

    pub(crate) fn is_metered(&self) -> bool {
        matches!(self.charge, ChargeType::Usage | ChargeType::Limit)
    }
}

/// A price scheme, open at its end.
pub(crate) fn scheme(luck: &mut Luck) -> PriceScheme {
    let price = |luck: &mut Luck| -> Fixed {
        let figures = [
            "10", "31", "0.05", "0.0333", "99.99", "720", "1", "7.5", "0.001", "365", "12.345",
        ];
        let figure: &str = luck.pick::<&str>(&figures);
        fixed(figure)
    };
    let tiers = |luck: &mut Luck| {
        let first = Tier {
            up_to: Some(fixed("3")),
            price: price(luck),
        };
        let second = Tier {
            up_to: Some(fixed("10.5")),
            price: price(luck),
        };
        vec![
            first,
            second,
            Tier {
                up_to: None,
                price: price(luck),
            },
        ]
    };
    match luck.below(10) {
        0 => PriceScheme::Tiered { tiers: tiers(luck) },
        1 => PriceScheme::Volume { tiers: tiers(luck) },
        2 => PriceScheme::Stairstep { tiers: tiers(luck) },
        3 => PriceScheme::Package {
            size: fixed("2.5"),
            price: price(luck),
        },
        _ => PriceScheme::PerUnit { price: price(luck) },
    }
}

/// A plan that prices all of the wares, as it must.
pub(crate) fn plan(luck: &mut Luck, name: &str, wares: &[Ware]) -> PlanDraft {
    let mut prices = Vec::new();
    for ware in wares {
        prices.push(PriceDraft {
            component: ware.code.into(),
            scheme: scheme(luck),
        });
    }
    payable(PlanDraft {
        name: name.into(),
        description: String::new(),
        currency: *luck.pick(&[Currency::Eur, Currency::Eur, Currency::Usd, Currency::Jpy]),
        billing_period: period(luck),
        proration: proration(luck),
        charge_mode: charge_mode(luck),
        setup_fee: if luck.chance(50) {
            fixed("12.5")
        } else {
            Fixed::ZERO
        },
        price_changes: price_changes(luck, wares.iter().any(|ware| ware.prepaid)),
        prices,
        valid_from: None,
    })
}

/// The draft with amounts that can be paid where they are billed as they stand: nothing else is taken.
pub(crate) fn payable(mut draft: PlanDraft) -> PlanDraft {
    let currency = draft.currency;
    let rounded = |price: &mut Fixed| {
        let money = Money::from_fixed(*price, currency);
        if !money.is_rounded() {
            *price = money.rounded().to_fixed().unwrap().max(Fixed::ONE);
        }
    };
    rounded(&mut draft.setup_fee);
    for price in &mut draft.prices {
        let sold = ALL.iter().find(|ware| ware.code == price.component);
        let charge = sold.map_or(ChargeType::Limit, |ware| ware.charge);
        let is_fee = !matches!(charge, ChargeType::Usage | ChargeType::Limit);
        match &mut price.scheme {
            PriceScheme::PerUnit { price } | PriceScheme::Package { price, .. } if is_fee => rounded(price),
            PriceScheme::Tiered { tiers } | PriceScheme::Volume { tiers } if is_fee => {
                for tier in tiers {
                    rounded(&mut tier.price);
                }
            }
            PriceScheme::Stairstep { tiers } => {
                for tier in tiers {
                    rounded(&mut tier.price);
                }
            }
            _ => {}
        }
    }
    draft
}

pub(crate) fn period(luck: &mut Luck) -> BillingPeriod {
    use BillingPeriod::{Day, HalfYear, Hour, Month, Once, Quarter, Year};
    *luck.pick(&[
        Month, Month, Month, Month, Quarter, HalfYear, Year, Day, Hour, Once,
    ])
}

pub(crate) fn proration(luck: &mut Luck) -> Proration {
    *luck.pick(&[
        Proration::Day,
        Proration::Day,
        Proration::Day,
        Proration::Hour,
        Proration::None,
    ])
}

pub(crate) fn charge_mode(luck: &mut Luck) -> ChargeMode {
    *luck.pick(&[ChargeMode::Arrears, ChargeMode::Arrears, ChargeMode::Advance])
}

/// Only what is prepaid is renewed.
pub(crate) fn price_changes(luck: &mut Luck, prepaid: bool) -> PriceChanges {
    match luck.below(4) {
        0 if prepaid => PriceChanges::AtRenewal,
        1 => PriceChanges::WithNotice { days: 0 },
        2 => PriceChanges::WithNotice { days: 5 },
        _ => PriceChanges::default(),
    }
}
