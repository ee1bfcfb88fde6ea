//! What those who operate the installation do.

use model::{JobId, UserId};

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
