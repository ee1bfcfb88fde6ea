//! Typed ids. All are UUID version 7, made on the server only (by `domain::clock`), so that they sort by creation.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a UUID")]
pub struct IdError;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                match Uuid::parse_str(text) {
                    Ok(id) => Ok(Self(id)),
                    Err(_) => Err(IdError),
                }
            }
        }

        #[cfg(feature = "orm")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

ids! {
    /// A person who can sign in.
    UserId;
    /// A personal access token.
    TokenId;
    /// An organization: buys, sells, or both.
    OrganizationId;
    /// A project of an organization; holds resources.
    ProjectId;
    /// One grant of a role to a user on a scope.
    GrantId;
    /// A backend that a provider was assigned.
    AssignedBackendId;
    /// A rule that says who must agree to orders.
    ApprovalRuleId;
    /// A step of the approval of an order.
    ApprovalStepId;
    /// A webhook: an address that is told of what happens.
    WebhookId;
    /// A try to tell a webhook of an event.
    WebhookDeliveryId;
    /// A notice to one person.
    NoticeId;
    /// An action that somebody asked for on a resource.
    ActionId;
    /// A category of the catalogue.
    CategoryId;
    /// A service that a provider offers.
    OfferingId;
    /// A component of an offering: what is measured or billed.
    ComponentId;
    /// A plan of an offering.
    PlanId;
    /// One version of the price of a component in a plan.
    PriceId;
    /// One version of the terms of a plan.
    TermsId;
    /// One version of a price or of the terms of a plan.
    PlanVersionId;
    /// An order.
    OrderId;
    /// A resource: what an order created.
    ResourceId;
    /// A stretch of time in which a resource had one plan and one set of limits.
    IntervalId;
    /// A term of a resource that is paid up front.
    TermId;
    /// A meter event.
    UsageEventId;
    /// An invoice.
    InvoiceId;
    /// A line of an invoice.
    InvoiceItemId;
    /// An entry of a buyer's account.
    AccountEntryId;
    /// A job of the queue.
    JobId;
    /// An entry of the audit log.
    AuditId;
}
