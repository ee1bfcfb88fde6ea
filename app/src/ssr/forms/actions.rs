//! Actions of resources.

use model::{ActionId, OrganizationId, ResourceId};

use super::{One, Text, form};

form! {
    /// An action that is asked for, with what its own form asks.
    AskForAction {
        resource: ResourceId, action: Text;
        idempotency_key: Text, from: One, secret_fields: Vec<String>;
        "input"
    }
}

form! {
    /// What was asked for and is taken back.
    WithdrawAction { resource: ResourceId, asked: ActionId; from: One }
}

form! {
    /// Parts of a resource that are to be listed anew.
    ListParts { resource: ResourceId; from: One }
}

form! {
    /// An action that was done by hand.
    FinishAction { provider: OrganizationId, asked: ActionId; note: One, output: One }
}

form! {
    /// An action that cannot be done by hand.
    RefuseAction { provider: OrganizationId, asked: ActionId; reason: Text }
}
