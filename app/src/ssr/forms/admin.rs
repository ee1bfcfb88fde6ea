//! What those who operate the installation do.

use model::{AssignedBackendId, JobId, OrganizationId, UserId};

use super::{One, Text, form};

form! {
    /// A dead letter that is tried again.
    TryAgain { job: JobId; }
}

form! {
    /// A month whose invoices are issued.
    CloseMonth { ; month: One }
}

form! {
    /// An account with a first password.
    RegisterPerson { ; email: Text, name: Text, username: Text, password: String }
}

form! {
    /// A person who is deactivated or reactivated.
    Deactivation { person: UserId; reason: Text }
}

form! {
    /// A category; its questions are read with all other faults.
    CreateCategory { ; name: One, slug: One, description: One, icon: One, tint: One, attributes: One }
}

form! {
    /// A backend that is assigned to a provider; its settings are read with all other faults.
    AssignBackend { provider: OrganizationId; plugin: Text; "settings" }
}

form! {
    /// A backend that is taken away from a provider, and the plugin whose form the page shows.
    WithdrawBackend { provider: OrganizationId, backend: AssignedBackendId; plugin: One }
}
