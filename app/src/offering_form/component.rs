use model::{ChargeType, Component, ComponentDraft, ComponentTerms, ExpectedUse, Fixed, LimitPeriod};

use super::FormReader;
use crate::{error::AppError, form::FormFields};

/// The component that the form describes.
pub fn component_draft(form: &FormFields) -> Result<ComponentDraft, AppError> {
    let mut read = FormReader::new(form);
    let overage = read.text("overage_component");
    let terms = ComponentTerms {
        code: read.text("code"),
        name: read.text("name"),
        unit: read.text("unit"),
        charge: read.one_of("charge", ChargeType::parse, ChargeType::Usage),
        limit_period: read.one_of("limit_period", LimitPeriod::parse, LimitPeriod::Plan),
        prepaid: form.is_on("prepaid"),
        min: read.number("min"),
        max: read.number("max"),
        default: read.number("default"),
        expected_use: read.one_of("expected_use", ExpectedUse::parse, ExpectedUse::Off),
        step: read.number("step"),
        factor: read.number_or("factor", Fixed::ONE),
        overage_component: Some(overage).filter(|code| !code.is_empty()),
    };
    let draft = ComponentDraft {
        terms,
        description: read.text("description"),
        article_code: read.text("article_code"),
    };
    read.done(draft)
}

/// The same as texts, by field name: what the form starts with when a component is changed.
pub fn component_texts(component: &Component) -> FormFields {
    let terms = &component.terms;
    let number = |value: Option<Fixed>| value.map(|value| value.to_string()).unwrap_or_default();
    let texts = [
        ("code", terms.code.clone()),
        ("name", terms.name.clone()),
        ("unit", terms.unit.clone()),
        ("charge", terms.charge.as_str().to_owned()),
        ("limit_period", terms.limit_period.as_str().to_owned()),
        ("prepaid", terms.prepaid.to_string()),
        ("min", number(terms.min)),
        ("max", number(terms.max)),
        ("default", number(terms.default)),
        ("expected_use", terms.expected_use.as_str().to_owned()),
        ("step", number(terms.step)),
        ("factor", terms.factor.to_string()),
        (
            "overage_component",
            terms.overage_component.clone().unwrap_or_default(),
        ),
        ("description", component.description.clone()),
        ("article_code", component.article_code.clone()),
    ];
    texts
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_survives_its_form() {
        let terms = ComponentTerms {
            prepaid: true,
            min: Some(Fixed::from(1)),
            default: Some("2.5".parse().unwrap()),
            factor: Fixed::from(1024),
            overage_component: Some("more".into()),
            ..ComponentTerms::simple("ram", "Memory", "GiB", ChargeType::Limit)
        };
        let id = "00000000-0000-0000-0000-000000000000".parse().unwrap();
        let component = Component {
            id,
            terms,
            description: "RAM".into(),
            article_code: "A-1".into(),
        };
        let read = component_draft(&component_texts(&component)).unwrap();
        assert_eq!(
            (read.terms, read.description),
            (component.terms, component.description)
        );
    }
}
