//! Growing waits after failed sign-ins, per account and per address.
//!
//! A try is counted before the password is looked at and taken back when it was right: otherwise many tries sent at once
//! would all be looked at before the first of them is counted.

use chrono::{DateTime, TimeDelta, Utc};
use entity::throttle::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use super::AccountsError;
use crate::core::Core;
use crate::crypto::sha256_hex;

/// Failures on one account before waits begin: a person who mistypes.
const FREE_ON_ACCOUNT: i32 = 5;
/// Failures from one address before waits begin: an office behind one address.
const FREE_FROM_ADDRESS: i32 = 30;
/// The longest wait; an attacker cannot lock somebody out for longer.
const LONGEST: TimeDelta = TimeDelta::minutes(15);
/// Without a failure for this long, counting starts again.
const FORGIVEN_AFTER: TimeDelta = TimeDelta::hours(1);

/// One thing whose failures are counted.
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    key: String,
    free: i32,
}

impl Bucket {
    /// An account. Hashed: addresses of people who do not exist here are nobody's business to keep.
    pub(super) fn account(email: &str) -> Self {
        Self {
            key: format!("account:{}", sha256_hex(email.as_bytes())),
            free: FREE_ON_ACCOUNT,
        }
    }

    /// A network address.
    pub(super) fn address(address: &str) -> Self {
        Self {
            key: format!("address:{}", sha256_hex(address.as_bytes())),
            free: FREE_FROM_ADDRESS,
        }
    }
}

/// How long to wait after `failures` of which `free` are free: 2, 4, 8 … seconds.
fn wait(failures: i32, free: i32) -> Option<TimeDelta> {
    let beyond = u32::try_from(failures - free).ok().filter(|beyond| *beyond > 0)?;
    let seconds = 2_i64.checked_pow(std::cmp::min(beyond, 20)).unwrap_or(i64::MAX);
    Some(TimeDelta::seconds(std::cmp::min(seconds, LONGEST.num_seconds())))
}

/// Counts a try in all `buckets`, or refuses it because one of them is waiting.
pub(super) async fn count(core: &Core, buckets: &[Bucket]) -> Result<(), AccountsError> {
    let now = core.now();
    let tx = core.write_tx().await?;
    for bucket in buckets {
        count_in(&tx, bucket, now).await?;
    }
    Ok(tx.commit().await?)
}

async fn count_in(
    tx: &DatabaseTransaction,
    bucket: &Bucket,
    now: DateTime<Utc>,
) -> Result<(), AccountsError> {
    let fresh = ActiveModel {
        bucket: Set(bucket.key.clone()),
        failures: Set(0),
        blocked_until: Set(None),
        updated_at: Set(now),
    };
    let insert = Entity::insert(fresh).on_conflict(OnConflict::new().do_nothing().to_owned());
    insert.exec_without_returning(tx).await?;
    let held = Entity::find_by_id(bucket.key.clone())
        .lock_exclusive()
        .one(tx)
        .await?;
    let held = held.ok_or_else(|| sea_orm::DbErr::RecordNotFound(bucket.key.clone()))?;
    if let Some(until) = held.blocked_until.filter(|until| *until > now) {
        return Err(AccountsError::Throttled {
            retry_after: until - now,
        });
    }
    let forgiven = held.updated_at < now - FORGIVEN_AFTER;
    let failures = if forgiven {
        1
    } else {
        held.failures.saturating_add(1)
    };
    let until = wait(failures, bucket.free).map(|wait| now + wait);
    Entity::update_many()
        .col_expr(Column::Failures, Expr::value(failures))
        .col_expr(Column::BlockedUntil, Expr::value(until))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Bucket.eq(&bucket.key))
        .exec(tx)
        .await?;
    Ok(())
}

/// Takes a counted try back, because it was right: the account starts again, the address loses this one.
pub(super) async fn forgive(
    core: &Core,
    account: &Bucket,
    address: Option<&Bucket>,
) -> Result<(), AccountsError> {
    let tx = core.write_tx().await?;
    Entity::delete_by_id(account.key.clone()).exec(&*tx).await?;
    if let Some(address) = address {
        Entity::update_many()
            .col_expr(Column::Failures, Expr::col(Column::Failures).sub(1))
            .col_expr(Column::BlockedUntil, Expr::value(None::<DateTime<Utc>>))
            .filter(Column::Bucket.eq(&address.key))
            .filter(Column::Failures.gt(0))
            .exec(&*tx)
            .await?;
    }
    Ok(tx.commit().await?)
}

/// Removes buckets that are forgiven; how many.
pub(super) async fn sweep(core: &Core) -> Result<u64, AccountsError> {
    let _permit = core.write_permit().await;
    let over = Entity::delete_many().filter(Column::UpdatedAt.lt(core.now() - FORGIVEN_AFTER));
    Ok(over.exec(core.read()).await?.rows_affected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_begin_after_the_free_failures_and_grow_to_a_bound() {
        let waits: Vec<i64> = (4..=9)
            .map(|failures| wait(failures, 5).map_or(0, |wait| wait.num_seconds()))
            .collect();
        assert_eq!(waits, [0, 0, 2, 4, 8, 16]);
        assert_eq!(wait(i32::MAX, 5), Some(LONGEST));
        assert_eq!(wait(i32::MIN + 5, 5), None);
    }
}
