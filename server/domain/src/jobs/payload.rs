//! What a job does and about what.

use model::{InvoiceId, OfferingId, OrderId, ResourceId};
use serde::{Deserialize, Serialize};

/// The work of a job. Serialised with `kind` as tag; the kind is also a column, so that workers can choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobPayload {
    /// Carry out an order on its backend, or go on doing so.
    ProvisionOrder {
        /// The order.
        order_id: OrderId,
    },
    /// Try the plugin settings of an offering.
    TestConnection {
        /// The offering.
        offering_id: OfferingId,
        /// Fingerprint of the settings to try; the answer counts only while they are unchanged.
        fingerprint: String,
    },
    /// Read the usage of one resource from its backend.
    CollectUsage {
        /// The resource.
        resource_id: ResourceId,
    },
    /// Bring the members of a resource's project to its backend.
    SyncMembers {
        /// The resource.
        resource_id: ResourceId,
    },
    /// Draw the PDF of an issued invoice.
    RenderInvoice {
        /// The invoice.
        invoice_id: InvoiceId,
    },
    /// Expire orders that nobody decided.
    ExpireOrders {},
    /// Make `CollectUsage` jobs for what is due.
    ScheduleUsage {},
    /// Bring open invoices up to date.
    AccrueOpen {},
    /// Remove what is over: sessions, idempotency keys, finished jobs.
    Sweep {},
}

impl JobPayload {
    /// Every kind, for workers that take them all.
    pub const KINDS: [&'static str; 9] = [
        "provision_order",
        "test_connection",
        "collect_usage",
        "sync_members",
        "render_invoice",
        "expire_orders",
        "schedule_usage",
        "accrue_open",
        "sweep",
    ];

    /// The kind, as stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ProvisionOrder { .. } => "provision_order",
            Self::TestConnection { .. } => "test_connection",
            Self::CollectUsage { .. } => "collect_usage",
            Self::SyncMembers { .. } => "sync_members",
            Self::RenderInvoice { .. } => "render_invoice",
            Self::ExpireOrders {} => "expire_orders",
            Self::ScheduleUsage {} => "schedule_usage",
            Self::AccrueOpen {} => "accrue_open",
            Self::Sweep {} => "sweep",
        }
    }

    /// What it is about: `order 0190…`; empty for housekeeping.
    pub fn subject(&self) -> String {
        match self {
            Self::ProvisionOrder { order_id } => format!("order {order_id}"),
            Self::TestConnection { offering_id, .. } => format!("offering {offering_id}"),
            Self::CollectUsage { resource_id } | Self::SyncMembers { resource_id } => {
                format!("resource {resource_id}")
            }
            Self::RenderInvoice { invoice_id } => format!("invoice {invoice_id}"),
            Self::ExpireOrders {} | Self::ScheduleUsage {} | Self::AccrueOpen {} | Self::Sweep {} => {
                String::new()
            }
        }
    }
}

/// The key under which all jobs on the backend of one offering share a concurrency limit.
pub(crate) fn backend_key(offering_id: OfferingId) -> String {
    format!("offering {offering_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_listed_and_is_its_own_tag() {
        let id = uuid::Uuid::nil();
        let all = [
            JobPayload::ProvisionOrder {
                order_id: OrderId(id),
            },
            JobPayload::TestConnection {
                offering_id: OfferingId(id),
                fingerprint: "f".into(),
            },
            JobPayload::CollectUsage {
                resource_id: ResourceId(id),
            },
            JobPayload::SyncMembers {
                resource_id: ResourceId(id),
            },
            JobPayload::RenderInvoice {
                invoice_id: InvoiceId(id),
            },
            JobPayload::ExpireOrders {},
            JobPayload::ScheduleUsage {},
            JobPayload::AccrueOpen {},
            JobPayload::Sweep {},
        ];
        assert_eq!(all.each_ref().map(JobPayload::kind), JobPayload::KINDS);
        for payload in all {
            let json = serde_json::to_value(&payload).unwrap();
            assert_eq!(json["kind"], payload.kind());
            assert_eq!(serde_json::from_value::<JobPayload>(json).unwrap(), payload);
        }
    }
}
