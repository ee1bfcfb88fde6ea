//! Roles, permissions and scopes: the table of who may what. The default table follows `domain.md` 1 and is printed
//! to a golden file by a test; `domain::access` is the only reader at run time.

use serde::{Deserialize, Serialize};

use crate::{OfferingId, OrganizationId, ProjectId, text_enum};

text_enum! {
    /// A named set of permissions, granted to a user on a scope.
    Role {
        /// Owns an organization: everything in it and its projects.
        OrganizationOwner = "organization_owner", "Owner";
        /// Runs an organization day to day, without money and ownership.
        OrganizationManager = "organization_manager", "Manager";
        /// Reads invoices and costs of an organization.
        BillingReader = "billing_reader", "Accountant";
        /// Runs a project: team, orders, approvals up to its limit.
        ProjectAdmin = "project_admin", "Project administrator";
        /// Runs a project: orders, approvals up to its limit.
        ProjectManager = "project_manager", "Project manager";
        /// Works in a project: orders and uses resources.
        ProjectMember = "project_member", "Member";
        /// Sees a project.
        ProjectReader = "project_reader", "Reader";
        /// Runs all offerings of a provider.
        ProviderManager = "provider_manager", "Provider manager";
        /// Runs one offering.
        OfferingManager = "offering_manager", "Offering manager";
        /// Operates the installation: everything, audited.
        Staff = "staff", "Staff";
        /// Reads everything.
        Support = "support", "Support";
    }
}

text_enum! {
    /// One thing a role may allow.
    Permission {
        /// See the organization's name, projects and people.
        ViewOrganization = "organization.view", "See the organization";
        /// Change the organization's details.
        EditOrganization = "organization.edit", "Change the organization";
        /// Give and take roles in the organization.
        ManageTeam = "team.manage", "Manage people";
        /// Create projects.
        CreateProject = "project.create", "Create projects";
        /// See a project, its resources and orders.
        ViewProject = "project.view", "See the project";
        /// Change a project's details.
        EditProject = "project.edit", "Change the project";
        /// Place orders, change limits, terminate.
        PlaceOrder = "order.place", "Order";
        /// Withdraw an order that waits.
        CancelOrder = "order.cancel", "Withdraw orders";
        /// Ask for actions of resources: pause, restart, whatever their service knows.
        OperateResource = "resource.operate", "Use actions of resources";
        /// Decide on the buyer's side, without limit.
        ApproveOrder = "order.approve", "Approve orders";
        /// Decide on the buyer's side, up to the project's approval limit.
        ApproveOrderWithinLimit = "order.approve_within_limit", "Approve orders up to the project's limit";
        /// Decide on the provider's side.
        ApproveAsProvider = "order.approve_as_provider", "Approve orders as the provider";
        /// See invoices and costs.
        ViewInvoice = "invoice.view", "See invoices";
        /// Close months, which issues documents and credit notes.
        ManageInvoice = "invoice.manage", "Close months and issue invoices";
        /// See a provider's drafts, settings, orders and resources.
        ViewOffering = "offering.view", "See offerings being prepared";
        /// Create offerings.
        CreateOffering = "offering.create", "Create offerings";
        /// Change, publish, pause and archive offerings, plans and prices, and correct prices of open months.
        EditOffering = "offering.edit", "Change offerings";
        /// Report usage for a provider's resources.
        ReportUsage = "usage.report", "Report usage";
        /// Fulfil orders by hand and see a provider's resources.
        ManageResource = "resource.manage", "Fulfil orders";
        /// See jobs and dead letters, try again.
        ManageJob = "job.manage", "Manage background jobs";
        /// Assign backends to providers, and take them away.
        ManageBackend = "backend.manage", "Assign backends to providers";
        /// Make, change and remove rules that say who must agree to orders.
        ManageApproval = "approval.manage", "Change approval rules";
        /// Make, change and remove webhooks, and see what they were told.
        ManageWebhook = "webhook.manage", "Manage webhooks";
        /// See the audit log of a scope.
        ViewAudit = "audit.view", "See the audit log";
    }
}

/// What a role is granted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Scope {
    /// The whole installation.
    System,
    /// An organization and, for most permissions, its projects.
    Organization(OrganizationId),
    /// A project.
    Project(ProjectId),
    /// An organization in its role as a provider.
    Provider(OrganizationId),
    /// One offering.
    Offering(OfferingId),
}

impl Role {
    /// What this role allows by default (`domain.md` 1).
    pub fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::OrganizationOwner => &[
                P::ViewOrganization,
                P::EditOrganization,
                P::ManageTeam,
                P::CreateProject,
                P::ViewProject,
                P::EditProject,
                P::PlaceOrder,
                P::CancelOrder,
                P::OperateResource,
                P::ApproveOrder,
                P::ViewInvoice,
                P::ViewAudit,
                P::ViewOffering,
                P::CreateOffering,
                P::EditOffering,
                P::ApproveAsProvider,
                P::ReportUsage,
                P::ManageResource,
                P::ManageApproval,
                P::ManageWebhook,
            ],
            Self::OrganizationManager => &[
                P::ViewOrganization,
                P::CreateProject,
                P::ViewProject,
                P::EditProject,
                P::PlaceOrder,
                P::CancelOrder,
                P::OperateResource,
                P::ViewOffering,
                P::EditOffering,
            ],
            Self::BillingReader => &[P::ViewOrganization, P::ViewInvoice],
            Self::ProjectAdmin => &[
                P::ViewProject,
                P::EditProject,
                P::ManageTeam,
                P::PlaceOrder,
                P::CancelOrder,
                P::OperateResource,
                P::ApproveOrderWithinLimit,
                P::ViewAudit,
                P::ManageApproval,
                P::ManageWebhook,
            ],
            Self::ProjectManager => &[
                P::ViewProject,
                P::EditProject,
                P::PlaceOrder,
                P::CancelOrder,
                P::OperateResource,
                P::ApproveOrderWithinLimit,
            ],
            Self::ProjectMember => &[P::ViewProject, P::PlaceOrder, P::CancelOrder, P::OperateResource],
            Self::ProjectReader => &[P::ViewProject],
            Self::ProviderManager => &[
                P::ViewOffering,
                P::CreateOffering,
                P::EditOffering,
                P::ApproveAsProvider,
                P::ReportUsage,
                P::ManageResource,
                P::ViewAudit,
                P::ManageApproval,
                P::ManageWebhook,
            ],
            Self::OfferingManager => &[
                P::ViewOffering,
                P::EditOffering,
                P::ApproveAsProvider,
                P::ReportUsage,
                P::ManageResource,
            ],
            Self::Staff => Permission::ALL,
            Self::Support => &[
                P::ViewOrganization,
                P::ViewProject,
                P::ViewInvoice,
                P::ViewOffering,
                P::ViewAudit,
            ],
        }
    }

    /// Whether this role allows `permission`.
    pub fn allows(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}

/// The most days that an API token can live.
pub const LONGEST_TOKEN_DAYS: i64 = 366;

text_enum! {
    /// What an API token may be used for; never more than its owner may do.
    TokenScope {
        /// Read whatever the owner may read.
        Read = "read", "Read";
        /// Place, change and withdraw orders; use actions of resources; make and change projects, their last day too.
        Order = "order", "Order";
        /// Approve and reject orders.
        Approve = "approve", "Approve";
        /// Configure offerings, plans and prices; fulfil; report usage.
        Provide = "provide", "Provide";
        /// Change people and organizations, close months, manage jobs.
        Operate = "operate", "Operate";
    }
}

impl Permission {
    /// Whether only roles on the whole installation include it: nobody of an organization can give such a role.
    pub fn is_of_system(self) -> bool {
        Role::ALL
            .iter()
            .filter(|role| role.allows(self))
            .all(|role| matches!(role, Role::Staff | Role::Support))
    }

    /// The token scope that a request by token needs for this permission.
    pub fn token_scope(self) -> TokenScope {
        match self {
            Self::ViewOrganization
            | Self::ViewProject
            | Self::ViewInvoice
            | Self::ViewOffering
            | Self::ViewAudit => TokenScope::Read,
            Self::PlaceOrder
            | Self::CancelOrder
            | Self::OperateResource
            | Self::CreateProject
            | Self::EditProject => TokenScope::Order,
            Self::ApproveOrder | Self::ApproveOrderWithinLimit | Self::ApproveAsProvider => {
                TokenScope::Approve
            }
            Self::CreateOffering | Self::EditOffering | Self::ReportUsage | Self::ManageResource => {
                TokenScope::Provide
            }
            Self::EditOrganization
            | Self::ManageTeam
            | Self::ManageInvoice
            | Self::ManageJob
            | Self::ManageBackend
            | Self::ManageApproval
            | Self::ManageWebhook => TokenScope::Operate,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn who_may_what_by_default() {
        let mut table = String::new();
        for permission in Permission::ALL {
            write!(table, "{:<28}", permission.as_str()).unwrap();
            for role in Role::ALL {
                write!(
                    table,
                    " {:<20}",
                    if role.allows(*permission) {
                        role.as_str()
                    } else {
                        "-"
                    }
                )
                .unwrap();
            }
            writeln!(table, " token: {}", permission.token_scope()).unwrap();
        }
        insta::assert_snapshot!(table);
    }
}
