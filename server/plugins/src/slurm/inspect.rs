//! Every account the portal made on a cluster, as the reconciler wants it.

use std::collections::BTreeMap;

use super::{accounts::Accounts, association::Association, change, limits, names, provision};
use crate::{BackendObject, Detail, Inventory, PluginError};

pub(super) async fn inspect(accounts: &Accounts<'_>) -> Result<Inventory, PluginError> {
    provision::require_cluster(accounts).await?;
    let marks = accounts.all_marks().await?;
    let mut by_account: BTreeMap<String, Vec<Association>> = BTreeMap::new();
    for association in accounts.all().await? {
        by_account
            .entry(association.account.clone())
            .or_default()
            .push(association);
    }
    let mut objects = BTreeMap::new();
    for (name, mark) in marks {
        let Some(resource) = names::marked_resource(&mark) else {
            continue;
        };
        // Another cluster of the same accounting has its own inventory.
        let Some(associations) = by_account.get(&name) else {
            continue;
        };
        let mut object = object(accounts, associations)?;
        object.resource = Some(resource);
        objects.insert(name, object);
    }
    Ok(Inventory { objects })
}

fn object(accounts: &Accounts<'_>, associations: &[Association]) -> Result<BackendObject, PluginError> {
    let own = associations.iter().find(|association| association.user.is_none());
    let minutes = own
        .map(|own| limits::in_force(accounts.settings(), own))
        .transpose()?
        .unwrap_or_default();
    Ok(BackendObject {
        resource: None,
        limits: limits::to_limits(accounts.settings(), &minutes),
        members: super::members::of(associations)
            .into_iter()
            .map(ToOwned::to_owned)
            .collect(),
        paused: own.is_some_and(change::is_closed),
        details: own
            .map(|own| Detail::new("Parent account", &own.parent))
            .into_iter()
            .collect(),
    })
}
