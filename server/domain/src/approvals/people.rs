//! Whom a step asks now, as people.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::deputy;
use model::{Approvers, Permission, Scope, Side, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, QueryFilter, QuerySelect};

use super::facts::Asks;
use super::power::is_on;
use super::steps::OpenStep;
use crate::actor::{holders, holders_among, role_holders};

/// Active people who can decide on a step now.
#[derive(Debug, Default)]
pub(crate) struct Deciders {
    /// Those whom it asks, without who has decided, and without who placed the order where they may not. As many can agree.
    pub(crate) themselves: BTreeSet<UserId>,
    /// The deputies of those of them who are away; each agrees instead of one of them.
    pub(crate) deputies: BTreeSet<UserId>,
}

impl Deciders {
    /// All of them.
    pub(crate) fn all(self) -> BTreeSet<UserId> {
        self.themselves.into_iter().chain(self.deputies).collect()
    }
}

/// Who can decide on a step now.
pub(crate) async fn deciders(
    conn: &impl ConnectionTrait,
    asks: Asks,
    step: &OpenStep,
    now: DateTime<Utc>,
) -> Result<Deciders, DbErr> {
    let (side, target) = (step.row.side, &asks.target);
    let may_not = |person: &UserId| {
        step.has_decided(*person) || (!step.row.placer_may && step.requested_by == Some(*person))
    };
    let mut themselves = whom(conn, asks, (&step.who, side), now).await?;
    themselves.retain(|person| !may_not(person));
    let deputies = deputies_of(
        conn,
        &with_deputies(conn, asks, step, &themselves, now).await?,
        now,
    )
    .await?;
    let deputies = deputies
        .into_iter()
        .filter(|deputy| !may_not(deputy) && step.requested_by != Some(*deputy));
    let deputies = holders_among(conn, deputies.collect(), &[side.sight()], target, now).await?;
    Ok(Deciders { themselves, deputies })
}

/// Those of `themselves` for whom a deputy can decide: nobody does by what somebody else may through a role on the installation.
async fn with_deputies(
    conn: &impl ConnectionTrait,
    asks: Asks,
    step: &OpenStep,
    themselves: &BTreeSet<UserId>,
    now: DateTime<Utc>,
) -> Result<BTreeSet<UserId>, DbErr> {
    let (side, target) = (step.row.side, &asks.target);
    let there = match &step.who {
        Approvers::Usual | Approvers::Unlimited => return Ok(themselves.clone()),
        Approvers::Roles(roles) => {
            let there = |scope| scope != Scope::System && is_on(scope, side, target);
            role_holders(conn, roles, (target, there), now).await?
        }
        Approvers::People(_) => holders(conn, &[side.sight()], target, now).await?,
    };
    Ok(themselves.intersection(&there).copied().collect())
}

/// Those whom a step asks, whatever was decided.
pub(crate) async fn whom(
    conn: &impl ConnectionTrait,
    asks: Asks,
    (who, side): (&Approvers, Side),
    now: DateTime<Utc>,
) -> Result<BTreeSet<UserId>, DbErr> {
    let target = &asks.target;
    match (who, side) {
        (Approvers::Usual, Side::Buyer) if asks.within_limit => {
            let may = [Permission::ApproveOrder, Permission::ApproveOrderWithinLimit];
            holders(conn, &may, target, now).await
        }
        (Approvers::Usual | Approvers::Unlimited, Side::Buyer) => {
            holders(conn, &[Permission::ApproveOrder], target, now).await
        }
        (Approvers::Usual | Approvers::Unlimited, Side::Provider) => {
            holders(conn, &[Permission::ApproveAsProvider], target, now).await
        }
        (Approvers::Roles(roles), _) => {
            let there = |scope| is_on(scope, side, target);
            role_holders(conn, roles, (target, there), now).await
        }
        (Approvers::People(people), _) => {
            holders_among(conn, people.clone(), &[side.sight()], target, now).await
        }
    }
}

/// Whom those of these people have named who are away.
async fn deputies_of(
    conn: &impl ConnectionTrait,
    people: &BTreeSet<UserId>,
    now: DateTime<Utc>,
) -> Result<BTreeSet<UserId>, DbErr> {
    if people.is_empty() {
        return Ok(BTreeSet::new());
    }
    let deputies: Vec<UserId> = deputy::Entity::find_in_force(now)
        .filter(deputy::Column::UserId.is_in(people.iter().copied()))
        .select_only()
        .column(deputy::Column::DeputyId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(deputies.into_iter().collect())
}
