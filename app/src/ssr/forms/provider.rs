//! A provider's daily work.

use model::{OrderId, OrganizationId, ResourceId};

use super::{One, Text, form};

form! {
    /// An order that was carried out by hand.
    FulfilOrder { provider: OrganizationId, order: OrderId; backend_id: One, access: One, note: One }
}

form! {
    /// An order whose secret answers are to be shown, with what was typed beside them.
    ShowSecretAnswers { provider: OrganizationId, order: OrderId; backend_id: One, access: One, note: One }
}

form! {
    /// An order that cannot be carried out.
    CannotFulfil { provider: OrganizationId, order: OrderId; reason: Text }
}

form! {
    /// What was used on a day; it is read with all faults at once.
    ReportUsage { provider: OrganizationId, resource: ResourceId; day: One, username: One; "quantity" }
}
