//! What a person wants to be told of.

use std::collections::BTreeSet;

use entity::notice_choice::{ActiveModel, Column, Entity};
use model::{FieldFault, NoticeKind, NoticeSetting, TokenScope, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{NoticeError, Notices};
use crate::actor::{Actor, check_scope};

impl Notices {
    /// Every kind of notices, and whether the actor is told of it. Refused to a token without the scope `read`.
    pub async fn settings(&self, actor: &Actor) -> Result<Vec<NoticeSetting>, NoticeError> {
        check_scope(actor, TokenScope::Read)?;
        let unwanted = unwanted(self.core.read(), &[actor.user_id]).await?;
        let setting = |kind: &NoticeKind| NoticeSetting {
            kind: *kind,
            told: !unwanted.contains(&(actor.user_id, *kind)),
            always: kind.is_always_told(),
        };
        Ok(NoticeKind::ALL.iter().map(setting).collect())
    }

    /// From now on the actor is told of these kinds and of no others; of what is always told whatever they choose. What was told
    /// before stays. Refused to a token without the scope `operate`, and where a kind that is always told is left out
    /// (`Invalid`).
    pub async fn set_settings(
        &self,
        actor: &Actor,
        told: &[NoticeKind],
    ) -> Result<Vec<NoticeSetting>, NoticeError> {
        check_scope(actor, TokenScope::Operate)?;
        let left_out = |kind: &&NoticeKind| !told.contains(kind);
        if let Some(kind) = NoticeKind::ALL
            .iter()
            .filter(left_out)
            .find(|kind| kind.is_always_told())
        {
            let message = format!("“{}” is always told.", kind.label());
            return Err(NoticeError::Invalid(vec![FieldFault::at(
                "told",
                "always_told",
                message,
            )]));
        }
        let tx = self.core.write_tx().await?;
        Entity::delete_many()
            .filter(Column::UserId.eq(actor.user_id))
            .exec(&*tx)
            .await?;
        let rows: Vec<ActiveModel> = NoticeKind::ALL
            .iter()
            .filter(left_out)
            .map(|kind| ActiveModel {
                user_id: Set(actor.user_id),
                kind: Set(*kind),
            })
            .collect();
        if !rows.is_empty() {
            // Of two browsers at once, the other may have written the same.
            Entity::insert_many(rows)
                .on_conflict_do_nothing()
                .exec_without_returning(&*tx)
                .await?;
        }
        tx.commit().await?;
        self.settings(actor).await
    }
}

/// What of these people do not want to be told.
pub(super) async fn unwanted(
    conn: &impl ConnectionTrait,
    people: &[UserId],
) -> Result<BTreeSet<(UserId, NoticeKind)>, DbErr> {
    let mut all = BTreeSet::new();
    for some in people.chunks(500) {
        let rows: Vec<(UserId, NoticeKind)> = Entity::find()
            .select_only()
            .columns([Column::UserId, Column::Kind])
            .filter(Column::UserId.is_in(some.iter().copied()))
            .into_tuple()
            .all(conn)
            .await?;
        all.extend(rows);
    }
    Ok(all)
}
