//! Growing waits after failed sign-ins: per account and address, per address, per account for all strangers together, and
//! per browser that the person has used before. So whoever guesses from one place waits soon, whoever guesses from many
//! places waits later, and neither keeps the person out of a known browser.
//!
//! A try is counted before the password is looked at and taken back when it was right: otherwise many tries sent at once
//! would all be looked at before the first of them is counted.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};
use entity::throttle::{ActiveModel, Column, Entity};
use model::UserId;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::AccountsError;
use crate::core::Core;
use crate::crypto::sha256_hex;

/// Failures of one person from one place, or in one browser, before waits begin: a person who mistypes.
const FREE_OF_PERSON: i32 = 5;
/// Failures on one account from all unknown places before waits begin there.
const FREE_ON_ACCOUNT: i32 = 100;
/// Failures from one address before waits begin: an office behind one address.
const FREE_FROM_ADDRESS: i32 = 30;
/// The longest wait; an attacker cannot lock somebody out for longer.
pub(super) const LONGEST: TimeDelta = TimeDelta::minutes(15);
/// Without a failure for this long, counting starts again.
const FORGIVEN_AFTER: TimeDelta = TimeDelta::hours(1);

/// One thing whose failures are counted.
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    key: String,
    free: i32,
}

impl Bucket {
    /// Where a try from an unknown browser is counted. Hashed: addresses of people who do not exist here are nobody's
    /// business to keep.
    pub(super) fn of_stranger(email: &str, address: &str) -> Vec<Self> {
        let address = network(address);
        let hashed = |kind: &str, text: &str, free: i32| Self {
            key: format!("{kind}:{}", sha256_hex(text.as_bytes())),
            free,
        };
        let mut all = vec![
            hashed("place", &format!("{email}\0{address}"), FREE_OF_PERSON),
            hashed("account", email, FREE_ON_ACCOUNT),
        ];
        if !address.is_empty() {
            all.push(hashed("address", &address, FREE_FROM_ADDRESS));
        }
        all
    }

    /// A browser in which the person has signed in before.
    pub(super) fn device(name: Uuid) -> Self {
        Self {
            key: format!("device:{name}"),
            free: FREE_OF_PERSON,
        }
    }

    /// Somebody who is signed in and types the password again.
    pub(super) fn person(id: UserId) -> Self {
        Self {
            key: format!("person:{id}"),
            free: FREE_OF_PERSON,
        }
    }

    /// Whether one person's failures are counted here and nobody else's.
    fn is_of_one(&self) -> bool {
        self.free == FREE_OF_PERSON
    }
}

/// What counts as one address: itself, or of one of IPv6 its network, because a customer of a provider has all the addresses of
/// it. One of IPv4 that is written as IPv6 (RFC 4291, 2.5.5.2) is itself.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        four @ IpAddr::V4(_) => four,
    }
}

fn network(address: &str) -> String {
    address
        .parse()
        .map_or_else(|_| address.to_owned(), |address| network_of(address).to_string())
}

/// How long to wait after `failures` of which `free` are free: 2, 4, 8 … seconds.
fn wait(failures: i32, free: i32) -> Option<TimeDelta> {
    let beyond = u32::try_from(failures - free).ok().filter(|beyond| *beyond > 0)?;
    let seconds = 2_i64.checked_pow(std::cmp::min(beyond, 20)).unwrap_or(i64::MAX);
    Some(TimeDelta::seconds(std::cmp::min(seconds, LONGEST.num_seconds())))
}

/// Counts a try in all `buckets`, or refuses it because one of them is waiting. Until when further ones wait, if this one is
/// wrong.
pub(super) async fn count(core: &Core, buckets: &[Bucket]) -> Result<Option<DateTime<Utc>>, AccountsError> {
    let now = core.now();
    let tx = core.write_tx().await?;
    let mut until = None;
    for bucket in buckets {
        until = Ord::max(until, count_in(&tx, bucket, now).await?);
    }
    tx.commit().await?;
    Ok(until)
}

async fn count_in(
    tx: &DatabaseTransaction,
    bucket: &Bucket,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, AccountsError> {
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
    Ok(until)
}

/// Takes a counted try back, because it was right: where only this person's are counted, counting starts again.
pub(super) async fn forgive(core: &Core, buckets: &[Bucket]) -> Result<(), AccountsError> {
    let tx = core.write_tx().await?;
    for bucket in buckets {
        if bucket.is_of_one() {
            Entity::delete_by_id(bucket.key.clone()).exec(&*tx).await?;
        } else {
            one_less(&tx, bucket).await?;
        }
    }
    Ok(tx.commit().await?)
}

async fn one_less(tx: &DatabaseTransaction, bucket: &Bucket) -> Result<(), AccountsError> {
    Entity::update_many()
        .col_expr(Column::Failures, Expr::col(Column::Failures).sub(1))
        .col_expr(Column::BlockedUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::Bucket.eq(&bucket.key))
        .filter(Column::Failures.gt(0))
        .exec(tx)
        .await?;
    Ok(())
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
    fn all_addresses_of_an_ipv6_network_are_one() {
        assert_eq!(network("2001:db8:1:2::9"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::9"), network("2001:db8:1:3::9"));
        assert_eq!(
            (network("::ffff:192.0.2.1"), network("")),
            ("192.0.2.1".into(), String::new())
        );
    }

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
