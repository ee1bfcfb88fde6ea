//! Every account the portal made on a cluster, as the reconciler wants it.

use std::collections::BTreeMap;

use super::{
    accounts::{Accounts, Found},
    association::Association,
    cluster, limits, members, names,
};
use crate::{BackendObject, Inventory, PluginError};

pub(super) async fn inspect(accounts: &Accounts<'_>) -> Result<Inventory, PluginError> {
    cluster::require_cluster(accounts).await?;
    let found = accounts.look_at_all().await?;
    let mut objects = BTreeMap::new();
    for (name, mark) in found.marks() {
        let Some(resource) = names::marked_resource(mark) else {
            continue;
        };
        // Another cluster of the same accounting has its own inventory.
        let Some(own) = found.account(name) else { continue };
        let object = BackendObject {
            resource: Some(resource),
            ..object(accounts, &found, own)?
        };
        objects.insert(name.to_owned(), object);
    }
    Ok(Inventory { objects })
}

fn object(accounts: &Accounts<'_>, found: &Found, own: &Association) -> Result<BackendObject, PluginError> {
    let minutes = limits::in_force(accounts.settings(), own)?;
    let users = found.users(&own.account);
    Ok(BackendObject {
        resource: None,
        limits: limits::to_limits(accounts.settings(), &minutes),
        members: members::names(&users)
            .into_iter()
            .map(ToOwned::to_owned)
            .collect(),
    })
}
