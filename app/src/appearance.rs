//! How states and categories look: one meaning, one tone, on every page.

use model::{InvoiceState, OfferingState, OrderState, ResourceState, StepState};

use crate::components::{Icon, Tint, Tone};

/// The tone of an order's state.
pub fn order_tone(state: OrderState) -> Tone {
    match state {
        OrderState::PendingBuyer | OrderState::PendingProvider | OrderState::PendingStart => Tone::Waiting,
        OrderState::Executing => Tone::Info,
        OrderState::Done => Tone::Good,
        OrderState::Rejected | OrderState::Erred => Tone::Bad,
        OrderState::Canceled | OrderState::Expired => Tone::Ended,
    }
}

/// The tone of a resource's state.
pub fn resource_tone(state: ResourceState) -> Tone {
    match state {
        ResourceState::Ok => Tone::Good,
        ResourceState::Creating | ResourceState::Updating | ResourceState::Terminating => Tone::Info,
        ResourceState::Erred => Tone::Bad,
        ResourceState::Terminated => Tone::Ended,
    }
}

/// The tone of an offering's state.
pub fn offering_tone(state: OfferingState) -> Tone {
    match state {
        OfferingState::Draft => Tone::Neutral,
        OfferingState::Active => Tone::Good,
        OfferingState::Paused => Tone::Waiting,
        OfferingState::Archived => Tone::Ended,
    }
}

/// The tone of an invoice's state.
pub fn invoice_tone(state: InvoiceState) -> Tone {
    match state {
        InvoiceState::Open => Tone::Info,
        InvoiceState::Issued => Tone::Good,
    }
}

/// The tone of a step of an approval.
pub fn step_tone(state: StepState) -> Tone {
    match state {
        StepState::Later | StepState::Skipped => Tone::Neutral,
        StepState::Open => Tone::Waiting,
        StepState::Approved => Tone::Good,
        StepState::Rejected => Tone::Bad,
        StepState::Dropped => Tone::Ended,
    }
}

/// The tone of something that happened, by its verb.
pub fn event_tone(verb: &str) -> Tone {
    match verb.rsplit('.').next().unwrap_or_default() {
        "approved" | "completed" | "done" | "created" | "activated" => Tone::Good,
        "rejected" | "failed" | "erred" => Tone::Bad,
        "canceled" | "expired" | "terminated" => Tone::Ended,
        "placed" | "waiting" => Tone::Waiting,
        _ => Tone::Info,
    }
}

/// The tint that staff chose for a category.
pub fn tint(name: &str) -> Tint {
    match name {
        "olive" => Tint::Olive,
        "clay" => Tint::Terracotta,
        "plum" => Tint::Plum,
        "sand" => Tint::Ochre,
        "slate" => Tint::Slate,
        _ => Tint::Aegean,
    }
}

/// The icon that staff chose for a category, by name; a name without a drawing is shown as a package.
pub fn category_icon(name: &str) -> Icon {
    let normalized = |text: &str| {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase()
    };
    let wanted = normalized(name);
    let drawn = Icon::ALL.iter().find(|(_, known)| normalized(known) == wanted);
    drawn.map_or(Icon::Package, |(icon, _)| *icon)
}

/// The name of an icon as people write it: `HardDrive` is "Hard drive".
pub fn icon_name(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push(' ');
            text.push(letter.to_ascii_lowercase());
        } else {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_is_named_in_words() {
        assert_eq!(icon_name("HardDrive"), "Hard drive");
        assert_eq!(icon_name("Cpu"), "Cpu");
    }

    #[test]
    fn an_icon_is_found_however_its_name_is_written() {
        assert_eq!(category_icon("hard-drive"), Icon::HardDrive);
        assert_eq!(category_icon("cpu"), Icon::Cpu);
        assert_eq!(category_icon("unheard-of"), Icon::Package);
    }
}
