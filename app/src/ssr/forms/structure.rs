//! Organizations, projects and the people in them.

use model::{GrantId, OrganizationId, ProjectId};

use super::{One, Text, form};

form! {
    /// An organization, new or changed; it is read with all faults at once.
    OrganizationPapers {
        ;
        organization: One, revision: One, name: One, slug: One, owner: One, legal_name: One, registration_number: One,
        vat_number: One, address: One, country: One, email: One, bank_account: One, currency: One, tax_percent: One,
        time_zone: One, is_provider: One, provider_description: One
    }
}

form! {
    /// Country and VAT number of an organization, as they were looked at.
    VerifyOrganization { organization: OrganizationId; country: Text, vat_number: Text }
}

form! {
    /// A new project; it is read with all faults at once.
    CreateProject {
        organization: OrganizationId;
        name: One, slug: One, description: One, start_date: One, end_date: One, approval_limit: One
    }
}

form! {
    /// A role that somebody is given.
    GrantRole { scope: Text; scope_id: Text, email: Text, role: One, until: One, reason: One }
}

form! {
    /// A role that is taken away.
    RevokeRole { grant: GrantId; scope: Text, scope_id: Text, reason: Text }
}

form! {
    /// The last day of a role; it is read with all faults at once.
    ChangeRoleEnd { grant: GrantId, scope: Text; scope_id: Text, revision: Text, last_day: One }
}

form! {
    /// A project that is changed; it is read with all faults at once.
    SaveProject {
        project: ProjectId;
        revision: One, name: One, description: One, start_date: One, end_date: One, approval_limit: One
    }
}
