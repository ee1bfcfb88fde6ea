//! Sealing everything anew: under another key, and what an earlier version sealed without binding it to its place.

use entity::{installation, offering, order, resource, resource_action, webhook};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{CHECK, NAME, SecretKeyError};
use crate::Operations;
use crate::core::Core;
use crate::crypto::{SealBroken, SealedIn};

/// Rows that are read at once.
const BATCH: u64 = 500;

impl Operations {
    /// Seals every stored secret with the present key; how many were sealed otherwise before. One transaction: either all
    /// are, or none. Refused where one cannot be opened with the present or the previous key.
    pub async fn rotate_secret_key(&self) -> Result<u64, SecretKeyError> {
        let core = &self.core;
        let tx = core.write_tx().await?;
        let mut count = 0;
        count += offerings(core, &tx).await?;
        count += orders(core, &tx).await?;
        count += resources(core, &tx).await?;
        count += actions(core, &tx).await?;
        count += webhooks(core, &tx).await?;
        count += webhooks_before(core, &tx).await?;
        if let Some(row) = installation::Entity::find_by_id(NAME).one(&*tx).await?
            && let Some(sealed) = anew(core, &row.value, CHECK)?
        {
            installation::Entity::update_many()
                .col_expr(installation::Column::Value, Expr::value(sealed))
                .filter(installation::Column::Name.eq(NAME))
                .exec(&*tx)
                .await?;
        }
        tx.commit().await?;
        if count > 0 {
            tracing::info!(key.id = core.cipher().key_id(), count, "secrets were sealed anew");
        }
        Ok(count)
    }

    /// The id of the key that seals.
    pub fn secret_key_id(&self) -> String {
        self.core.cipher().key_id()
    }
}

/// A row's id and what is sealed in it.
#[derive(FromQueryResult)]
struct Sealed {
    id: Uuid,
    sealed: Vec<u8>,
}

fn anew(core: &Core, sealed: &[u8], place: SealedIn) -> Result<Option<Vec<u8>>, SealBroken> {
    let cipher = core.cipher();
    if cipher.is_current(sealed) {
        return Ok(None);
    }
    let plain = cipher.open_any(sealed, place)?;
    cipher.seal(&plain, place).map(Some)
}

/// Goes through the rows of a table that hold something sealed, by id.
macro_rules! reseal {
    ($name:ident, $entity:ident, $column:ident, $place:expr) => {
        async fn $name(core: &Core, tx: &DatabaseTransaction) -> Result<u64, SecretKeyError> {
            let (mut count, mut after) = (0, Uuid::nil());
            loop {
                let rows: Vec<Sealed> = $entity::Entity::find()
                    .select_only()
                    .column($entity::Column::Id)
                    .column_as($entity::Column::$column, "sealed")
                    .filter($entity::Column::$column.is_not_null())
                    .filter($entity::Column::Id.gt(after))
                    .order_by_asc($entity::Column::Id)
                    .limit(BATCH)
                    .into_model()
                    .all(tx)
                    .await?;
                let Some(last) = rows.last() else {
                    return Ok(count);
                };
                after = last.id;
                for row in rows {
                    if let Some(sealed) = anew(core, &row.sealed, $place(row.id))? {
                        let done = $entity::Entity::update_many()
                            .col_expr($entity::Column::$column, Expr::value(Some(sealed)))
                            .filter($entity::Column::Id.eq(row.id))
                            // What somebody saved since it was read stays, sealed with the present key.
                            .filter($entity::Column::$column.eq(row.sealed))
                            .exec(tx)
                            .await?;
                        count += done.rows_affected;
                    }
                }
            }
        }
    };
}

reseal!(offerings, offering, SettingsSecret, SealedIn::of_offering);
reseal!(orders, order, Secrets, SealedIn::of_order);
reseal!(resources, resource, Secrets, SealedIn::of_resource);
reseal!(actions, resource_action, Secrets, SealedIn::of_action);
reseal!(webhooks, webhook, Secret, SealedIn::of_webhook);
reseal!(
    webhooks_before,
    webhook,
    PreviousSecret,
    SealedIn::of_webhook_before
);
