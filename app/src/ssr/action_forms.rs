//! What the forms of actions share.

use model::{ActionId, OrganizationId, ResourceAction, ResourceId};

use crate::{form::FormFields, routes};

/// The page that a form about an action stands on: that of the action where the form says which, or else the resource's.
pub fn page(form: &FormFields) -> String {
    let Ok(resource) = form.text("resource").parse::<ResourceId>() else {
        return "/".to_owned();
    };
    match form.text("from") {
        "form" => routes::resource_action(resource, form.text("action")),
        "history" => routes::resource_actions(resource),
        _ => on_resource(resource),
    }
}

/// The place on a resource's page where its actions stand.
pub fn on_resource(resource: ResourceId) -> String {
    format!("{}#actions", routes::resource(resource))
}

/// The page of an action that a provider's people do.
pub fn by_hand(form: &FormFields) -> String {
    let ids = (
        form.text("provider").parse::<OrganizationId>(),
        form.text("asked").parse::<ActionId>(),
    );
    match ids {
        (Ok(provider), Ok(asked)) => routes::provider_action(provider, asked),
        _ => "/".to_owned(),
    }
}

/// What becomes of it now that it was asked for.
pub fn asked(action: &ResourceAction) -> String {
    let title = &action.title;
    if action.by_hand {
        format!("\u{201c}{title}\u{201d} is asked for. The provider's people do it, and you are told.")
    } else {
        format!("\u{201c}{title}\u{201d} is asked for. What becomes of it stands under Actions.")
    }
}
