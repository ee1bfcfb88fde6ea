//! What a person wants to be told of.

use std::collections::BTreeSet;

use entity::notice_choice::{ActiveModel, Column, Entity};
use model::{FieldFault, NoticeKind, NoticeSetting, TokenScope, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{NoticeError, Notices};
use crate::actor::{Actor, check_scope};
use crate::core::advisory_lock;

impl Notices {
    /// Every kind of notices, and whether the actor is told of it. Refused to a token without the scope `read`.
    pub async fn settings(&self, actor: &Actor) -> Result<Vec<NoticeSetting>, NoticeError> {
        check_scope(actor, TokenScope::Read)?;
        Ok(settings_in(self.core.read(), actor.user_id).await?)
    }

    /// From now on the actor is told of these kinds and of no others; of what is always told whatever they choose. What was told
    /// before stays. Refused to a token without the scope `operate`, where a kind that is always told is left out (`Invalid`),
    /// and where the settings are others than `seen`, if that is given (`ChangedMeanwhile`).
    pub async fn set_settings(
        &self,
        actor: &Actor,
        told: &[NoticeKind],
        seen: Option<&[NoticeSetting]>,
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
        // Of two at once the second comes after the first.
        advisory_lock(&tx, &format!("notice settings {}", actor.user_id)).await?;
        let present = settings_in(&*tx, actor.user_id).await?;
        if seen.is_some_and(|seen| seen != present) {
            return Err(NoticeError::ChangedMeanwhile);
        }
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
            Entity::insert_many(rows).exec_without_returning(&*tx).await?;
        }
        let settings = settings_in(&*tx, actor.user_id).await?;
        tx.commit().await?;
        Ok(settings)
    }
}

async fn settings_in(conn: &impl ConnectionTrait, person: UserId) -> Result<Vec<NoticeSetting>, DbErr> {
    let unwanted = unwanted(conn, &[person]).await?;
    let setting = |kind: &NoticeKind| NoticeSetting {
        kind: *kind,
        told: !unwanted.contains(&(person, *kind)),
        always: kind.is_always_told(),
    };
    Ok(NoticeKind::ALL.iter().map(setting).collect())
}

/// What these people do not want to be told.
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
