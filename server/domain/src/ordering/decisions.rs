//! Decisions on orders, of people and of rules, as they are kept.

use entity::{order, order_decision};
use model::{Side, UserId, Verdict};
use sea_orm::ActiveValue::Set;
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait};

use crate::core::Core;

/// A decision of a person or a rule.
pub(super) struct Decided {
    pub(super) side: Side,
    pub(super) verdict: Verdict,
    pub(super) user_id: Option<UserId>,
    pub(super) rule: String,
    pub(super) comment: String,
}

impl Decided {
    pub(super) fn by_rule(side: Side, rule: String) -> Self {
        Self {
            side,
            verdict: Verdict::Skipped,
            user_id: None,
            rule,
            comment: String::new(),
        }
    }
}

pub(super) async fn insert_decisions(
    core: &Core,
    tx: &DatabaseTransaction,
    order: &order::Model,
    decided: impl IntoIterator<Item = Decided>,
) -> Result<(), DbErr> {
    let row = |decided: Decided| order_decision::ActiveModel {
        id: Set(core.new_id(|id| id)),
        order_id: Set(order.id),
        side: Set(decided.side),
        verdict: Set(decided.verdict),
        user_id: Set(decided.user_id),
        rule: Set(decided.rule),
        comment: Set(decided.comment),
        created_at: Set(core.now()),
    };
    let rows: Vec<_> = decided.into_iter().map(row).collect();
    order_decision::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
