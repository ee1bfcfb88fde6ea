//! Notices: what people are told of what happened, by what concerns them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ActionId, AuditId, NoticeId, OrganizationId, Permission, ProjectId, ResourceId, text_enum};

text_enum! {
    /// What a notice is about. People choose by this what they are told of.
    NoticeKind {
        /// Something waits for the person: an order to be decided on, or an order or an action to be carried out by hand.
        ToDo = "to_do", "What waits for you";
        /// What became of an order that the person placed, or of an action that the person asked for and that failed or was done by people.
        Orders = "orders", "What becomes of what you ordered or asked for";
        /// A last day is near or over.
        Ends = "ends", "Last days that are near or over";
        /// A price of something that is in use will change, or was corrected.
        Prices = "prices", "Prices of what is in use";
        /// An invoice or a credit note was issued.
        Invoices = "invoices", "Invoices and credit notes";
        /// What a provider's people must look after: orders that failed, connections that do not work, backends given or taken.
        Providing = "providing", "What goes wrong in what you provide";
        /// A webhook could not be told for so long that it was stopped.
        Webhooks = "webhooks", "Webhooks that were stopped";
        /// Work in the background was given up and needs somebody.
        Jobs = "jobs", "Jobs that were given up";
        /// The person was given a role, had one taken away, or has it for another time. What runs out by itself is not told.
        Roles = "roles", "Your roles";
        /// Something changed in how the person gets in. Always told, and in the portal only.
        Security = "security", "Your password and tokens";
    }
}

impl NoticeKind {
    /// Whether it is told whatever the person chose: who took over an account would turn it off.
    pub fn is_always_told(self) -> bool {
        self == Self::Security
    }

    /// Any of these somebody must be allowed, where the thing lives, to go on seeing it: all by which anybody is told of it are
    /// among them. None where it is about the person.
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            // A rule of approval can ask whoever sees an order, and a deputy decides on what they see.
            Self::ToDo => &[
                Permission::ViewProject,
                Permission::ViewOffering,
                Permission::ManageResource,
            ],
            Self::Orders => &[Permission::ViewProject, Permission::ManageResource],
            Self::Ends | Self::Prices => &[Permission::EditProject, Permission::PlaceOrder],
            Self::Invoices => &[Permission::ViewInvoice],
            Self::Providing => &[Permission::ManageResource, Permission::EditOffering],
            Self::Webhooks => &[Permission::ManageWebhook],
            Self::Jobs => &[Permission::ManageJob],
            Self::Roles | Self::Security => &[],
        }
    }
}

/// A notice to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// The notice.
    pub id: NoticeId,
    /// What it is about.
    pub kind: NoticeKind,
    /// The event that it tells of, as the history has it.
    pub event_id: AuditId,
    /// What happened, as the history names it: `order.placed`.
    pub event: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Who did it; `Stoa` where nobody did.
    pub by: String,
    /// What happened, in words.
    pub text: String,
    /// What is said beside it: a reason, a comment, a price; null without.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub note: String,
    /// To what: the kind of thing and its id, `order 0190…`.
    pub subject: String,
    /// What the thing is called now; null where it has no name.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub subject_name: String,
    /// The buying organization; null where there is none.
    pub organization_id: Option<OrganizationId>,
    /// The project; null where there is none.
    pub project_id: Option<ProjectId>,
    /// The selling organization; null where there is none.
    pub provider_id: Option<OrganizationId>,
    /// What the place is called in which it happened: project and organization, as far as there are; null where there is none.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub place: String,
    /// What was ordered, where it is about an order; null otherwise.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub offering_name: String,
    /// The resource that an order made or changes; null where there is none.
    pub resource_id: Option<ResourceId>,
    /// The action that it is about; null where it is about none.
    #[serde(default)]
    pub action_id: Option<ActionId>,
    /// Whether something still waits for the person, read or not.
    pub waits: bool,
    /// When it was read; null while it is not.
    pub read_at: Option<DateTime<Utc>>,
}

/// Whether a person is told of a kind of notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeSetting {
    /// The kind.
    pub kind: NoticeKind,
    /// Whether the person is told.
    pub told: bool,
    /// Whether it is told whatever the person chooses.
    pub always: bool,
}
