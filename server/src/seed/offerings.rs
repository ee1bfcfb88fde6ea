//! Makes an offering from what is said of it, step by step as its provider would, and publishes it.

use domain::{Operations, access::Actor, catalogue::SentValues};
use model::{
    BillingPeriod, ChargeMode, ComponentDraft, ComponentTerms, Currency, Field, FieldChoice, FieldKind,
    Fixed, OfferingDraft, OfferingId, OrganizationId, PlanDraft, PluginFacts, PriceDraft, PriceScheme,
    Proration, Schema, Visibility,
};
use rust_decimal::Decimal;
use serde_json::json;

use super::content::{ComponentContent, OfferingContent};

/// The plans of every offering: name, for whom, share of the list price in hundredths.
const PLANS: [(&str, &str, i64); 2] = [
    ("Academic", "For universities and public research.", 70),
    ("Standard", "For everybody.", 100),
];

pub(super) async fn publish(
    operations: &Operations,
    by: &Actor,
    instant: &PluginFacts,
    (provider, content, description): (OrganizationId, &OfferingContent, String),
) -> anyhow::Result<OfferingId> {
    let catalogue = operations.domain().catalogue();
    let id = catalogue.create_offering(by, provider, &content.name).await?;
    let revision = catalogue.offering(Some(by), &id.to_string()).await?.revision;
    let revision = catalogue
        .revise(by, id, draft(content, description), revision)
        .await?;
    // Machines have power buttons and addresses, so that those can be tried.
    let settings = match content.category.as_str() {
        "vm" => json!({ "acts_as": "machine" }),
        _ => json!({}),
    };
    let revision = catalogue
        .set_plugin(by, id, &instant.into(), SentValues::Json(settings), revision)
        .await?;
    catalogue
        .set_request_form(by, id, &request_form(&content.category), revision)
        .await?;
    for component in &content.components {
        catalogue
            .save_component(by, id, None, component_draft(component))
            .await?;
    }
    for (name, whom, share) in PLANS {
        catalogue
            .save_plan(by, id, None, plan_draft(content, name, whom, share)?)
            .await?;
    }
    catalogue.publish(by, id).await?;
    Ok(id)
}

fn draft(content: &OfferingContent, description: String) -> OfferingDraft {
    let terms = "## Fair use\n\nUse the service for what your project is about, keep your credentials to yourself, and name \
                 us in publications.\n\n## Ending\n\nData is kept for 30 days after the resource ends, then removed.";
    OfferingDraft {
        name: content.name.clone(),
        summary: content.summary.clone(),
        description,
        terms_of_service: terms.to_owned(),
        category: content.category.clone(),
        attributes: content.attributes.clone(),
        visibility: Some(Visibility::Shared),
        audience: Vec::new(),
        provider_approval: content.provider_approval,
    }
}

fn component_draft(content: &ComponentContent) -> ComponentDraft {
    let terms = ComponentTerms {
        limit_period: content.limit_period,
        min: content.min,
        max: content.max,
        default: content.default,
        step: content.step,
        ..ComponentTerms::simple(&content.code, &content.name, &content.unit, content.charge)
    };
    ComponentDraft {
        terms,
        description: content.description.clone(),
        article_code: String::new(),
    }
}

fn plan_draft(content: &OfferingContent, name: &str, whom: &str, share: i64) -> anyhow::Result<PlanDraft> {
    let share = Decimal::new(share, 2);
    let mut prices = Vec::with_capacity(content.components.len());
    for component in &content.components {
        let price = Fixed::from_decimal_rounded((component.price.to_decimal() * share).round_dp(4))?;
        prices.push(PriceDraft {
            component: component.code.clone(),
            scheme: PriceScheme::PerUnit { price },
        });
    }
    Ok(PlanDraft {
        name: name.to_owned(),
        description: whom.to_owned(),
        currency: Currency::Eur,
        billing_period: BillingPeriod::Month,
        proration: Proration::Day,
        charge_mode: ChargeMode::Arrears,
        setup_fee: Fixed::ZERO,
        price_changes: model::PriceChanges::default(),
        prices,
        valid_from: None,
    })
}

/// What buyers are asked, by category.
fn request_form(category: &str) -> Schema {
    let text = |most| FieldKind::Text {
        min_length: None,
        max_length: Some(most),
    };
    let purpose =
        Field::new("purpose", "What is it for?", text(2000)).help("A sentence or two for whoever approves.");
    let more = match category {
        "vm" => vec![
            choice(
                "system",
                "Operating system",
                &[
                    ("debian", "Debian 12"),
                    ("ubuntu", "Ubuntu 24.04"),
                    ("rocky", "Rocky Linux 9"),
                ],
            )
            .required(),
            Field::new("ssh_key", "SSH public key", FieldKind::SshKey)
                .help("Put on the machine for its first user."),
        ],
        "consultancy" => vec![Field::new(
            "preferred_date",
            "Preferred date",
            FieldKind::Date { min: None, max: None },
        )],
        _ => Vec::new(),
    };
    Schema {
        fields: std::iter::once(purpose).chain(more).collect(),
    }
}

fn choice(key: &str, label: &str, choices: &[(&str, &str)]) -> Field {
    let one = |(value, label): &(&str, &str)| FieldChoice {
        value: (*value).to_owned(),
        label: (*label).to_owned(),
    };
    Field::new(
        key,
        label,
        FieldKind::Choice {
            choices: choices.iter().map(one).collect(),
        },
    )
}
