//! What an installation knows of itself: whether the secret key of this process is the one that its secrets are sealed with.

mod reseal;

use entity::installation;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DbErr, EntityTrait};
use uuid::Uuid;

use crate::Operations;
use crate::core::Core;
use crate::crypto::{Cipher, SealBroken, SealedIn};

/// The row whose value is [`PLAIN`], sealed.
const NAME: &str = "secret_key_check";
const PLAIN: &[u8] = b"Stoa";
const CHECK: SealedIn = SealedIn::at("installation", "value", Uuid::nil());

/// The row that is there where the content is invented and the passwords are known.
const DEMO: &str = "demo";

/// Why the secret key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    /// What is stored was sealed with another key.
    #[error("the secrets in this database were sealed with another secret key")]
    Other(#[from] SealBroken),
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Operations {
    /// Refuses a secret key that is not the one this database was first used with. The first time, the key is taken for the
    /// right one where it opens what is sealed already.
    pub async fn check_secret_key(&self) -> Result<(), SecretKeyError> {
        let core = &self.core;
        if let Some(check) = stored(core).await? {
            if !Cipher::is_bound(&check) {
                // An earlier version sealed without binding anything to its place.
                opens(&core.cipher().open_any(&check, CHECK)?)?;
                self.rotate_secret_key().await?;
                return Ok(());
            }
            return opens(&core.cipher().open(&check, CHECK)?);
        }
        // A database that was used before keys were checked: what is sealed opens, or this is another key.
        self.rotate_secret_key().await?;
        let row = installation::ActiveModel {
            name: Set(NAME.to_owned()),
            value: Set(core.cipher().seal(PLAIN, CHECK)?),
        };
        let tx = core.write_tx().await?;
        installation::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(&*tx)
            .await?;
        tx.commit().await?;
        // Of two processes with different keys that were first at once, one is wrong.
        match stored(core).await? {
            Some(check) => opens(&core.cipher().open(&check, CHECK)?),
            None => Err(SealBroken.into()),
        }
    }
}

impl Operations {
    /// Whether the content of this database was made up for a demonstration: everybody knows the passwords of its people.
    pub async fn is_demo(&self) -> Result<bool, DbErr> {
        let row = installation::Entity::find_by_id(DEMO)
            .one(self.core.read())
            .await?;
        Ok(row.is_some())
    }

    /// Notes for good that this is a demonstration. Doing it twice changes nothing.
    pub async fn mark_demo(&self) -> Result<(), DbErr> {
        let row = installation::ActiveModel {
            name: Set(DEMO.to_owned()),
            value: Set(Vec::new()),
        };
        let tx = self.core.write_tx().await?;
        installation::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(&*tx)
            .await?;
        tx.commit().await
    }
}

fn opens(plain: &[u8]) -> Result<(), SecretKeyError> {
    if plain == PLAIN {
        Ok(())
    } else {
        Err(SealBroken.into())
    }
}

async fn stored(core: &Core) -> Result<Option<Vec<u8>>, DbErr> {
    let row = installation::Entity::find_by_id(NAME).one(core.read()).await?;
    Ok(row.map(|row| row.value))
}
