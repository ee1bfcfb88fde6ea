use super::*;
use model::{ChargeType, ComponentTerms, Price, PriceScheme};

fn list() -> PriceList {
    let mut terms = ComponentTerms::simple("cores", "Cores", "core", ChargeType::Limit);
    terms.max = Some(Fixed::from(64_u32));
    let price = Price {
        version: "v1".into(),
        scheme: PriceScheme::PerUnit {
            price: Fixed::from(10_u32),
        },
    };
    let plan = PlanTerms {
        id: "basic".into(),
        currency: Currency::Eur,
        every: BillingPeriod::Month,
        proration: Proration::Day,
        mode: ChargeMode::Arrears,
        setup_fee: Fixed::ZERO,
        components: vec![PricedComponent {
            terms,
            price,
            amount: Fixed::ONE,
        }],
        to_come: Vec::new(),
        change: None,
    };
    let today = "2026-11-01".parse().unwrap();
    let tax = TaxRate {
        name: "VAT".into(),
        percent: Fixed::from(22_u32),
        reverse_charge: false,
    };
    PriceList {
        plans: vec![plan],
        buyers: vec![BuyerTerms {
            project: "p".into(),
            today,
            time: NaiveTime::MIN,
            clock: Vec::new(),
            last_day: None,
            tax: Some(tax),
        }],
        rules: DurationRules::default(),
    }
}

fn choices(cores: &str, end: &str) -> Choices {
    Choices {
        project: "p".into(),
        plan: "basic".into(),
        limits: BTreeMap::from([("cores".to_owned(), cores.to_owned())]),
        expected: BTreeMap::new(),
        end_date: end.into(),
        ..Choices::default()
    }
}

#[test]
fn a_whole_month_costs_what_the_plan_says_with_tax() {
    let quote = list().quote(&choices("4", "")).unwrap();
    assert_eq!(quote.full_month.totals.net.plain(), "40.00");
    assert_eq!(quote.full_month.totals.total.plain(), "48.80");
}

#[test]
fn a_published_raise_is_told_while_one_types() {
    let mut prices = list();
    let mut dear = prices.plans[0].components[0].clone();
    dear.price.scheme = PriceScheme::PerUnit {
        price: Fixed::from(77_u32),
    };
    prices.plans[0].to_come = vec![ToCome {
        from: Some("2026-12-27T22:00:00Z".parse().unwrap()),
        // Where the seller is; the clock of this buyer is not known.
        day: Some("2026-12-28".parse().unwrap()),
        coming: model::Coming::Price(Box::new(dear)),
    }];
    let quote = prices.quote(&choices("2", "")).unwrap();
    assert_eq!(
        quote.notes[0],
        "Cores: €77.00 per core from 28 December 2026 (now €10.00 per core)."
    );
    assert_eq!(quote.committed().plain(), "154.00");
    let ended = prices.quote(&choices("2", "2026-12-27")).unwrap();
    assert_eq!(ended.committed().plain(), "20.00");
}

#[test]
fn a_change_costs_what_the_server_says() {
    let start = list();
    let tax = start.buyers[0].tax.clone().unwrap();
    // Paid up front: what it costs depends on what was held before and on the end.
    let mut components = start.plans[0].components.clone();
    components[0].terms.prepaid = true;
    let request = QuoteRequest {
        occasion: Occasion::ChangeLimits,
        currency: Currency::Eur,
        every: BillingPeriod::Month,
        proration: Proration::Day,
        mode: ChargeMode::Arrears,
        setup_fee: Fixed::from(5_u32),
        components,
        limits: BTreeMap::from([("cores".to_owned(), Fixed::from(6_u32))]),
        previous_limits: BTreeMap::from([("cores".to_owned(), Fixed::from(2_u32))]),
        previous: None,
        expected: BTreeMap::new(),
        start: "2026-11-16".parse().unwrap(),
        time: NaiveTime::MIN,
        clock: Vec::new(),
        end: Some("2027-03-01".parse().unwrap()),
        paid_term: None,
        later_terms: Vec::new(),
        to_come: Vec::new(),
        tax,
    };
    let typed = Choices {
        limits: BTreeMap::from([("cores".to_owned(), "6".to_owned())]),
        ..Choices::default()
    };
    let shown = PriceList::for_change(request.clone(), DurationRules::default())
        .quote(&typed)
        .unwrap();
    assert_eq!(shown, model::quote(&request).unwrap());
    let unlike = |request: QuoteRequest| assert_ne!(Ok(&shown), model::quote(&request).as_ref());
    unlike(QuoteRequest {
        previous_limits: BTreeMap::new(),
        ..request.clone()
    });
    unlike(QuoteRequest {
        end: Some("2027-04-01".parse().unwrap()),
        ..request.clone()
    });
    unlike(QuoteRequest {
        occasion: Occasion::Create,
        ..request
    });
}

#[test]
fn a_switch_costs_what_the_server_says_and_keeps_its_limits() {
    let start = list();
    let tax = start.buyers[0].tax.clone().unwrap();
    let components = start.plans[0].components.clone();
    let mut dear = components.clone();
    dear[0].price.version = "v2".into();
    dear[0].price.scheme = PriceScheme::PerUnit {
        price: Fixed::from(25_u32),
    };
    let held = BTreeMap::from([("cores".to_owned(), Fixed::from(2_u32))]);
    let request = QuoteRequest {
        occasion: Occasion::SwitchPlan,
        currency: Currency::Eur,
        every: BillingPeriod::Month,
        proration: Proration::Day,
        mode: ChargeMode::Arrears,
        setup_fee: Fixed::ZERO,
        components: dear,
        limits: held.clone(),
        previous_limits: held,
        previous: Some(PreviousPlan {
            currency: Currency::Eur,
            every: BillingPeriod::Month,
            proration: Proration::Day,
            mode: ChargeMode::Arrears,
            components,
        }),
        expected: BTreeMap::new(),
        start: "2026-11-16".parse().unwrap(),
        time: NaiveTime::MIN,
        clock: Vec::new(),
        end: Some("2027-03-01".parse().unwrap()),
        paid_term: None,
        later_terms: Vec::new(),
        to_come: Vec::new(),
        tax,
    };
    let id: model::PlanId = "0190aaaa-0000-7000-8000-000000000001".parse().unwrap();
    let prices = PriceList::for_switch(vec![SwitchablePlan {
        id,
        name: "Dear".into(),
        description: String::new(),
        terms: request.clone(),
    }]);
    assert_eq!(prices.limit_codes().count(), 0);
    let typed = Choices {
        plan: id.to_string(),
        ..Choices::default()
    };
    let shown = prices.quote(&typed).unwrap();
    assert_eq!(shown, model::quote(&request).unwrap());
    // Two cores for half of November at 15 more.
    assert_eq!(shown.first_invoice.totals.net.plain(), "15.00");
    let faults = prices.quote(&Choices::default()).unwrap_err();
    assert_eq!(faults[0].path, "plan");
}

/// The quote as a page shows it.
fn drawn(quote: Quote) -> String {
    use leptos::prelude::*;

    let owner = Owner::new();
    owner.set();
    view! { <crate::components::QuoteBox quote=quote/> }.to_html()
}

/// A change of the limits, which begins in the middle of November.
fn change(from: u32, to: u32) -> QuoteRequest {
    let mut start = list();
    let (plan, buyer) = (start.plans.remove(0), start.buyers.remove(0));
    QuoteRequest {
        occasion: Occasion::ChangeLimits,
        currency: plan.currency,
        every: plan.every,
        proration: plan.proration,
        mode: plan.mode,
        setup_fee: plan.setup_fee,
        components: plan.components,
        limits: BTreeMap::from([("cores".to_owned(), Fixed::from(to))]),
        previous_limits: BTreeMap::from([("cores".to_owned(), Fixed::from(from))]),
        previous: None,
        expected: BTreeMap::new(),
        start: "2026-11-16".parse().unwrap(),
        time: NaiveTime::MIN,
        clock: Vec::new(),
        end: None,
        paid_term: None,
        later_terms: Vec::new(),
        to_come: Vec::new(),
        tax: buyer.tax.unwrap(),
    }
}

#[test]
fn a_change_to_nothing_says_what_a_month_comes_to_less() {
    let html = drawn(model::quote(&change(2, 0)).unwrap());
    for said in ["quote-added", "\u{2212}€24.40", "quote-month", "€0.00"] {
        assert!(html.contains(said), "{said}: {html}");
    }
}

#[test]
fn under_reverse_charge_no_sum_is_said_to_be_with_tax() {
    let mut request = change(2, 4);
    assert!(drawn(model::quote(&request).unwrap()).contains(">with tax<"));
    request.tax.reverse_charge = true;
    for occasion in [Occasion::Create, Occasion::ChangeLimits] {
        request.occasion = occasion;
        let html = drawn(model::quote(&request).unwrap());
        assert!(html.contains(">without tax: reverse charge<"), "{html}");
        assert!(!html.contains("with tax"), "{html}");
    }
}

#[test]
fn what_does_not_recur_is_shown_no_month_for_nothing() {
    let mut prices = list();
    assert!(drawn(prices.quote(&choices("4", "")).unwrap()).contains("quote-month"));
    prices.plans[0].components[0].terms.prepaid = true;
    let typed = Choices {
        term_months: "3".into(),
        ..choices("4", "")
    };
    let html = drawn(prices.quote(&typed).unwrap());
    assert!(
        !html.contains("quote-month") && html.contains("quote-first"),
        "{html}"
    );
}

#[test]
fn a_term_in_months_is_paid_up_front_and_a_renewal_keeps_its_limits() {
    let mut prices = list();
    prices.plans[0].components[0].terms.prepaid = true;
    let mut typed = choices("4", "");
    assert_eq!(prices.quote(&typed).unwrap_err()[0].path, "term_months");
    typed.term_months = "3".into();
    let quote = prices.quote(&typed).unwrap();
    assert_eq!(quote.one_time.totals.net.plain(), "120.00");
    // No price is shown of a term that placing refuses.
    prices.rules = DurationRules {
        min_months: Some(6),
        max_months: Some(12),
        step_months: Some(6),
        grace_days: 0,
    };
    for (months, code) in [("3", "too_small"), ("7", "off_step"), ("18", "too_large")] {
        typed.term_months = months.into();
        let faults = prices.quote(&typed).unwrap_err();
        assert_eq!(
            (faults[0].path.as_str(), faults[0].code.as_str()),
            ("term_months", code)
        );
    }
    typed.term_months = "3".into();
    prices.rules = DurationRules::default();
    prices.plans[0].change = Some(ChangeTerms {
        occasion: Occasion::Renew,
        limits: BTreeMap::from([("cores".to_owned(), Fixed::from(2_u32))]),
        billed: BTreeMap::from([("cores".to_owned(), Fixed::from(2_u32))]),
        previous: None,
        expected: BTreeMap::new(),
        end: Some("2026-12-01".parse().unwrap()),
        paid_term: None,
        later_terms: Vec::new(),
    });
    assert_eq!(prices.limit_codes().count(), 0);
    typed.limits.clear();
    let renewal = prices.quote(&typed).unwrap();
    assert_eq!(renewal.one_time.totals.net.plain(), "60.00");
}

#[test]
fn every_fault_is_told_at_its_field() {
    let faults = list().quote(&choices("many", "tomorrow")).unwrap_err();
    let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(paths, ["limits.cores", "end_date"]);
    let faults = list().quote(&choices("65", "")).unwrap_err();
    assert_eq!(faults[0].message, "Enter at most 64 cores.");
}

#[test]
fn an_end_in_the_past_is_told_at_the_end_date() {
    let faults = list().quote(&choices("4", "2026-10-01")).unwrap_err();
    assert_eq!(faults[0].path, "end_date");
}

#[test]
fn no_price_is_told_for_days_that_would_be_refused() {
    let mut list = list();
    list.buyers[0].last_day = Some("2026-12-31".parse().unwrap());
    let told = |list: &PriceList, choices: Choices| {
        let faults = list.quote(&choices).unwrap_err().into_iter();
        faults
            .map(|fault| format!("{}: {}", fault.path, fault.code))
            .collect::<Vec<_>>()
    };
    let from = |start: &str| Choices {
        start_date: start.into(),
        ..choices("4", "")
    };
    assert_eq!(told(&list, from("2026-10-31")), ["start_date: past"]);
    assert_eq!(told(&list, from("2027-01-01")), ["start_date: after_project"]);
    assert_eq!(
        told(&list, choices("4", "2027-01-01")),
        ["end_date: after_project"]
    );
    assert!(list.quote(&choices("4", "2026-12-31")).is_ok());

    list.plans[0].components[0].terms.prepaid = true;
    let term = |months: &str| Choices {
        term_months: months.into(),
        ..choices("4", "")
    };
    assert!(list.quote(&term("2")).is_ok());
    assert_eq!(told(&list, term("3")), ["term_months: after_project"]);
    assert_eq!(told(&list, term("")), ["term_months: required"]);
    assert_eq!(told(&list, term("many")), ["term_months: not_a_number"]);
}
