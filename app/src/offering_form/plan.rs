use model::{
    BillingPeriod, ChargeMode, Component, Currency, Fixed, Plan, PlanDraft, PlanPrice, PlanVersionId,
    PriceChanges, PriceCorrectionDraft, PriceDraft, PriceScheme, Problem, Proration, pricing::Tier,
};

use super::FormReader;
use crate::{error::AppError, form::FormFields};

/// The ways in which a component can be priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemeKind {
    /// Every unit costs the same.
    PerUnit,
    /// Each unit at the price of its tier.
    Tiered,
    /// All units at the price of the tier reached.
    Volume,
    /// One price per step.
    Stairstep,
    /// Whole packages.
    Package,
}

impl SchemeKind {
    /// Every way with its name in forms and its name for people.
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::PerUnit, "per_unit", "The same for every unit"),
        (
            Self::Tiered,
            "tiered",
            "Tiers: each unit at the price of its tier",
        ),
        (
            Self::Volume,
            "volume",
            "Volume: all units at the price of the tier reached",
        ),
        (
            Self::Stairstep,
            "stairstep",
            "Steps: one price for all within a step",
        ),
        (Self::Package, "package", "Packages: a started one counts"),
    ];

    fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(one, ..)| *one == self)
            .map_or("", |(_, name, _)| name)
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, name, _)| *name == text)
            .map(|(one, ..)| *one)
    }
}

/// The plan that the form describes, with a price for each of `components` that has one in it.
pub fn plan_draft(form: &FormFields, components: &[Component]) -> Result<PlanDraft, AppError> {
    let mut read = FormReader::new(form);
    let prices = components.iter().filter_map(|one| {
        let code = &one.terms.code;
        price(&mut read, code).map(|scheme| PriceDraft {
            component: code.clone(),
            scheme,
        })
    });
    let prices = prices.collect();
    let draft = PlanDraft {
        name: read.text("name"),
        description: read.text("description"),
        currency: read.one_of("currency", |text| text.parse().ok(), Currency::Eur),
        billing_period: read.one_of("billing_period", BillingPeriod::parse, BillingPeriod::Month),
        proration: read.one_of("proration", Proration::parse, Proration::Day),
        charge_mode: read.one_of("charge_mode", ChargeMode::parse, ChargeMode::Arrears),
        setup_fee: read.number_or("setup_fee", Fixed::ZERO),
        price_changes: price_changes(&mut read),
        valid_from: read.day("valid_from"),
        prices,
    };
    read.done(draft)
}

/// What the form says that the price of `component` should have been.
pub fn correction_draft(
    form: &FormFields,
    version: PlanVersionId,
    component: &str,
) -> Result<PriceCorrectionDraft, AppError> {
    let mut read = FormReader::new(form);
    let scheme = price(&mut read, component);
    if scheme.is_none() && !read.has_faults() {
        let name = format!("price.{component}");
        read.fault(&name, "required", "Enter what the price should have been.");
    }
    let from = read.day("from");
    if from.is_none() && form.text("from").is_empty() {
        read.fault(
            "from",
            "required",
            "Enter the first day for which the price was wrong.",
        );
    }
    let reason = read.text("reason");
    let draft = scheme.zip(from).map(|(scheme, from)| PriceCorrectionDraft {
        version,
        scheme,
        from,
        reason,
    });
    let missing = || AppError(Problem::invalid(Vec::new()));
    read.done(draft)?.ok_or_else(missing)
}

/// When later prices reach resources that run: after so many days, or, where that is chosen, at a renewal.
fn price_changes(read: &mut FormReader<'_>) -> PriceChanges {
    if read.text("price_changes") == "at_renewal" {
        return PriceChanges::AtRenewal;
    }
    let days = read.text("notice_days");
    if days.is_empty() {
        return PriceChanges::default();
    }
    if let Ok(days) = days.parse() {
        return PriceChanges::WithNotice { days };
    }
    read.fault(
        "notice_days",
        "unreadable",
        "Enter the notice in whole days, such as 30.",
    );
    PriceChanges::default()
}

/// The price of one component; none where nothing was typed, which leaves it as it is.
fn price(read: &mut FormReader<'_>, code: &str) -> Option<PriceScheme> {
    let kind = read.one_of(&format!("scheme.{code}"), SchemeKind::parse, SchemeKind::PerUnit);
    let price = read.number(&format!("price.{code}"));
    let tiers = |read: &mut FormReader<'_>| tiers(read, code);
    match kind {
        SchemeKind::PerUnit => price.map(|price| PriceScheme::PerUnit { price }),
        SchemeKind::Tiered => tiers(read).map(|tiers| PriceScheme::Tiered { tiers }),
        SchemeKind::Volume => tiers(read).map(|tiers| PriceScheme::Volume { tiers }),
        SchemeKind::Stairstep => tiers(read).map(|tiers| PriceScheme::Stairstep { tiers }),
        SchemeKind::Package => {
            let name = format!("size.{code}");
            let size = read.number(&name);
            if size.is_none() && price.is_some() {
                read.fault(&name, "required", "Enter how many units one package holds.");
            }
            Some(PriceScheme::Package {
                size: size?,
                price: price?,
            })
        }
    }
}

/// One row on each line, `up to: price`; in the last one a price alone counts for all beyond.
fn tiers(read: &mut FormReader<'_>, code: &str) -> Option<Vec<Tier>> {
    let name = format!("tiers.{code}");
    let text = read.text(&name);
    let mut tiers = Vec::new();
    for (number, line) in (1..).zip(text.lines().map(str::trim).filter(|line| !line.is_empty())) {
        let (up_to, price) = match line.split_once(':') {
            Some((up_to, price)) => (Some(up_to.trim()), price.trim()),
            None => (None, line),
        };
        let end = up_to
            .filter(|end| !end.is_empty() && *end != "*")
            .map(str::parse::<Fixed>)
            .transpose();
        match (end, price.parse::<Fixed>()) {
            (Ok(up_to), Ok(price)) => tiers.push(Tier { up_to, price }),
            _ => {
                let advice = format!(
                    "Line {number} cannot be read. Write it as “100: 0.05”, and the last one as “0.04”."
                );
                read.fault(&name, "unreadable", &advice);
                return None;
            }
        }
    }
    if tiers.is_empty() {
        read.fault(&name, "required", "Write at least one line, such as “100: 0.05”.");
        return None;
    }
    Some(tiers)
}

/// All of a plan that its form can change as texts, by field name, to be held against what was typed. What is published to
/// come stands with what it follows: it is changed with it.
pub fn plan_texts(plan: &Plan) -> FormFields {
    let (price_changes, notice_days) = price_change_texts(plan.price_changes);
    let terms = [
        ("name", plan.name.clone()),
        ("description", plan.description.clone()),
        ("currency", plan.currency.code().to_owned()),
        ("billing_period", plan.billing_period.as_str().to_owned()),
        ("proration", plan.proration.as_str().to_owned()),
        ("charge_mode", plan.charge_mode.as_str().to_owned()),
        ("setup_fee", plan.setup_fee.to_string()),
        ("price_changes", price_changes.to_owned()),
        ("notice_days", notice_days),
    ];
    let prices = plan.prices.iter().flat_map(price_fields);
    let terms = terms.into_iter().map(|(name, text)| (name.to_owned(), text));
    let FormFields(mut texts) = prices.chain(terms).collect();
    for change in &plan.changes {
        // Terms to come have no field: the form says beside the first day what they are.
        let Some(code) = &change.component else { continue };
        let day = change.first_day.unwrap_or_else(|| change.starts_at.date_naive());
        let said = texts.entry(format!("price.{code}")).or_default();
        said.retain(|text| !text.is_empty());
        said.push(format!("then {} from {day}", change.text));
    }
    FormFields(texts)
}

/// When later prices reach what runs, as the form asks for it: the rule, and the days of the notice, which start with the
/// usual ones where the rule has none.
pub fn price_change_texts(changes: PriceChanges) -> (&'static str, String) {
    let usual = PriceChanges::default().notice_days();
    let days = changes.notice_days().or(usual);
    let rule = if changes.notice_days().is_some() {
        "with_notice"
    } else {
        "at_renewal"
    };
    (rule, days.map(|days| days.to_string()).unwrap_or_default())
}

/// The prices of a plan as texts, by field name: what the form starts with when a plan is changed.
pub fn price_texts(plan: &Plan) -> FormFields {
    let comes = |one: &&PlanPrice| {
        let changes = plan.changes.iter();
        changes
            .into_iter()
            .any(|change| change.component.as_deref() == Some(&one.component))
    };
    let prices = plan.prices.iter().filter(|one| !comes(one));
    prices.flat_map(price_fields).collect()
}

fn price_fields(one: &PlanPrice) -> [(String, String); 4] {
    scheme_fields(&one.component, &one.price.scheme)
}

/// The price of a component as texts, by field name.
pub fn scheme_fields(component: &str, scheme: &PriceScheme) -> [(String, String); 4] {
    let (kind, price, size, tiers) = scheme_texts(scheme);
    let field = |part: &str, text: String| (format!("{part}.{component}"), text);
    [
        field("scheme", kind.as_str().to_owned()),
        field("price", price),
        field("size", size),
        field("tiers", tiers),
    ]
}

fn scheme_texts(scheme: &PriceScheme) -> (SchemeKind, String, String, String) {
    let none = String::new;
    match scheme {
        PriceScheme::PerUnit { price } => (SchemeKind::PerUnit, price.to_string(), none(), none()),
        PriceScheme::Package { size, price } => {
            (SchemeKind::Package, price.to_string(), size.to_string(), none())
        }
        PriceScheme::Tiered { tiers } => (SchemeKind::Tiered, none(), none(), lines(tiers)),
        PriceScheme::Volume { tiers } => (SchemeKind::Volume, none(), none(), lines(tiers)),
        PriceScheme::Stairstep { tiers } => (SchemeKind::Stairstep, none(), none(), lines(tiers)),
    }
}

fn lines(tiers: &[Tier]) -> String {
    let line = |tier: &Tier| match tier.up_to {
        Some(up_to) => format!("{up_to}: {}", tier.price),
        None => tier.price.to_string(),
    };
    tiers.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use model::{ChargeType, ComponentTerms};

    use super::*;

    fn cpu() -> Component {
        let terms = ComponentTerms::simple("cpu", "CPU", "core", ChargeType::Limit);
        let id = "00000000-0000-0000-0000-000000000000".parse().unwrap();
        Component {
            id,
            terms,
            description: String::new(),
            article_code: String::new(),
        }
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Vec<PriceDraft>, AppError> {
        let form = pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        plan_draft(&form, &[cpu()]).map(|draft| draft.prices)
    }

    fn fixed(text: &str) -> Fixed {
        text.parse().unwrap()
    }

    #[test]
    fn a_price_that_was_left_empty_stays_as_it_is() {
        assert!(read(&[("price.cpu", "")]).unwrap().is_empty());
        let price = PriceScheme::PerUnit { price: fixed("0.02") };
        assert_eq!(
            read(&[("price.cpu", "0.02")]).unwrap(),
            [PriceDraft {
                component: "cpu".into(),
                scheme: price
            }]
        );
    }

    #[test]
    fn the_form_says_nothing_of_a_price_that_another_one_follows() {
        let id = "00000000-0000-0000-0000-000000000000";
        let whole = serde_json::json!({
            "id": id, "name": "Standard", "description": "", "currency": "EUR", "billing_period": "month",
            "proration": "day", "charge_mode": "arrears", "setup_fee": "0", "price_changes": { "rule": "at_renewal" },
            "archived": false, "changes": [],
            "prices": [{ "id": id, "component": "cpu", "text": "", "starts_at": "2026-01-01T00:00:00Z",
                "price": { "version": "1", "scheme": { "scheme": "per_unit", "price": "0.02" } } }],
        });
        let mut plan: Plan = serde_json::from_value(whole).unwrap();
        assert_eq!(price_texts(&plan).text("price.cpu"), "0.02");
        let compared = plan_texts(&plan);
        assert_eq!(
            (compared.text("price_changes"), compared.text("notice_days")),
            ("at_renewal", "30")
        );
        plan.changes.push(model::PlanChange {
            component: Some("cpu".into()),
            name: "CPU".into(),
            text: "0.03 EUR per core".into(),
            starts_at: "2026-06-01T00:00:00Z".parse().unwrap(),
            first_day: None,
        });
        assert_eq!(price_texts(&plan), FormFields::default());
        let compared = plan_texts(&plan).all("price.cpu").join(", ");
        assert_eq!(
            compared, "0.02, then 0.03 EUR per core from 2026-06-01",
            "where it is compared, both are told"
        );
    }

    #[test]
    fn tiers_are_lines_and_come_back_as_they_were_written() {
        let text = "9: 5\n100: 3.5\n2";
        let prices = read(&[("scheme.cpu", "volume"), ("tiers.cpu", text)]).unwrap();
        let Some(PriceScheme::Volume { tiers }) = prices.first().map(|one| &one.scheme) else {
            panic!("{prices:?}")
        };
        assert_eq!(
            tiers.last(),
            Some(&Tier {
                up_to: None,
                price: fixed("2")
            })
        );
        assert_eq!(lines(tiers), text);
    }

    #[test]
    fn what_is_unreadable_or_missing_is_told_at_its_field() {
        let fault = |pairs: &[(&str, &str)]| read(pairs).unwrap_err().0.fields.first().unwrap().path.clone();
        assert_eq!(
            fault(&[("scheme.cpu", "tiered"), ("tiers.cpu", "a few: 3")]),
            "tiers.cpu"
        );
        assert_eq!(
            fault(&[("scheme.cpu", "package"), ("price.cpu", "3")]),
            "size.cpu"
        );
        assert_eq!(fault(&[("price.cpu", "cheap")]), "price.cpu");
    }
}
