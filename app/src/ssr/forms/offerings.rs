//! Preparing an offering. What stands in these forms is read by `offering_form`, which tells all faults at once.

use model::{OfferingId, OrganizationId, PlanId, PlanVersionId};

use super::{One, Text, form};

form! {
    /// A new offering.
    CreateOffering { provider: OrganizationId; name: Text }
}

form! {
    /// A button about a whole offering.
    OfferingButton { offering: OfferingId; revision: One, reason: Text }
}

form! {
    /// A button about a component or a plan.
    PartButton { offering: OfferingId, id: Text; revision: One }
}

form! {
    /// A button about a version of a plan.
    PlanVersionButton { offering: OfferingId, plan: PlanId, version: PlanVersionId; revision: One }
}

form! {
    /// What a price should have been. It is read with all faults at once.
    CorrectPlanPrice {
        offering: OfferingId, plan: PlanId, version: PlanVersionId, component: Text;
        revision: One, from: One, reason: Text;
        "price", "scheme", "size", "tiers"
    }
}

form! {
    /// A button about a question of the request form, or of the action that it names.
    QuestionButton { offering: OfferingId, field: Text; revision: One, action: One, direction: Text }
}

form! {
    /// The description.
    SaveDescription {
        offering: OfferingId;
        revision: One, name: One, summary: One, description: One, category: One, visibility: One, audience: Text,
        provider_approval: One, secret_fields: Vec<String>;
        "attributes"
    }
}

form! {
    /// The terms of service.
    SaveTerms { offering: OfferingId; revision: One, terms_of_service: Text }
}

form! {
    /// A component.
    SaveComponent {
        offering: OfferingId;
        revision: One, id: One, code: One, name: Text, unit: One, charge: One, limit_period: One, expected_use: One, prepaid: One, min: One,
        max: One, default: One, step: One, factor: One, overage_component: One, description: One, article_code: One
    }
}

form! {
    /// A plan with its prices.
    SavePlan {
        offering: OfferingId;
        revision: One, id: One, name: Text, description: One, currency: One, billing_period: One, proration: One,
        charge_mode: One, setup_fee: One, price_changes: One, notice_days: One, valid_from: One;
        "price", "scheme", "size", "tiers"
    }
}

form! {
    /// How it is provisioned.
    SavePlugin { offering: OfferingId; revision: One, plugin: Text, secret_fields: Vec<String>; "settings" }
}

form! {
    /// A question of the request form, or of the action that it names.
    SaveQuestion {
        offering: OfferingId;
        revision: One, action: One, field: Text, label: One, key: One, help: One, r#type: One, choices: One, min: One, max: One, step: One,
        unit: One, default: One, required: One, section: One, when_field: One, when_values: One
    }
}

form! {
    /// An action that the provider's people do by hand.
    SaveAction {
        offering: OfferingId;
        revision: One, action: One, title: One, key: One, description: One, who_may_ask: One, confirmation: One, beside_others: One
    }
}

form! {
    /// A button about such an action.
    ActionButton { offering: OfferingId, action: Text; revision: One, direction: Text }
}

form! {
    /// The terms that can be had, and the days of grace; they are read with all faults at once.
    SaveDuration {
        offering: OfferingId;
        revision: One, min_months: One, max_months: One, step_months: One, grace_days: One
    }
}
