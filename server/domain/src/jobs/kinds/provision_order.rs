use model::{OrderId, ResourceId};
use serde::{Deserialize, Serialize};

use super::sync_members::serial_key_of;
use crate::jobs::Job;

/// Carry out an order on its backend, or go on doing so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionOrder {
    /// The order.
    pub order_id: OrderId,
    /// Its resource.
    pub resource_id: ResourceId,
}

impl ProvisionOrder {
    /// The subject of the job of this order.
    pub(crate) fn about(order: OrderId) -> String {
        format!("order {order}")
    }
}

impl Job for ProvisionOrder {
    const NAME: &'static str = "provision_order";

    fn subject(&self) -> String {
        Self::about(self.order_id)
    }

    fn serial_key(&self) -> Option<String> {
        Some(serial_key_of(self.resource_id))
    }
}
