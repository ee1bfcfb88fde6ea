//! What a person reads of their notices.

use entity::notice::{Column, Entity};
use model::{Notice, NoticeId, NoticeKind, Page, PageRequest, TokenScope};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::words::told;
use super::{NoticeError, Notices};
use crate::actor::{AccessError, Actor, Columns, Visible, check_scope};
use crate::core::Core;
use crate::page;

/// Of unread notices no more are counted.
const MOST_COUNTED: u64 = 100;

impl Notices {
    /// The actor's notices of the last 90 days, the newest first; those that were not read where `unread` says so. A token is told
    /// nothing of its owner's ways in. Refused to a token without the scope `read`, and with what is no cursor.
    pub async fn list(
        &self,
        actor: &Actor,
        unread: bool,
        request: &PageRequest,
    ) -> Result<Page<Notice>, NoticeError> {
        check_scope(actor, TokenScope::Read)?;
        let mut rows = Entity::find().filter(seen_by(actor));
        if unread {
            rows = rows.filter(Column::ReadAt.is_null());
        }
        let rows = page::newest_first(rows, Column::Id, request)?;
        let rows = rows.all(self.core.read()).await?;
        let page = page::cut(rows, request, |row| vec![row.id.to_string()]);
        Ok(Page {
            items: told(self.core.read(), actor, page.items).await?,
            next: page.next,
        })
    }

    /// How many of them the actor has not read; 100 stands for 100 or more. Shown on every page: one query over an index. With a
    /// token that may not read them, none.
    pub async fn unread(&self, actor: &Actor) -> Result<u64, NoticeError> {
        if check_scope(actor, TokenScope::Read).is_err() {
            return Ok(0);
        }
        let ids: Vec<NoticeId> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(seen_by(actor))
            .filter(Column::ReadAt.is_null())
            .limit(MOST_COUNTED)
            .into_tuple()
            .all(self.core.read())
            .await?;
        Ok(u64::try_from(ids.len()).unwrap_or(MOST_COUNTED))
    }

    /// Notes that the actor has read a notice, if it was not noted before. Refused to a token without the scope `operate`, and,
    /// as what does not exist, where it is none of the actor's (`NotFound`).
    pub async fn mark_read(&self, actor: &Actor, id: NoticeId) -> Result<Notice, NoticeError> {
        check_scope(actor, TokenScope::Operate)?;
        let of_actor = Condition::all().add(seen_by(actor)).add(Column::Id.eq(id));
        self.note_read(of_actor.clone()).await?;
        let rows = Entity::find().filter(of_actor).all(self.core.read()).await?;
        let notice = told(self.core.read(), actor, rows).await?.pop();
        Ok(notice.ok_or(AccessError::NotFound)?)
    }

    /// Notes that the actor has read this notice and all before it: what came later than what a page showed stays unread. How
    /// many were unread. Refused to a token without the scope `operate`.
    pub async fn mark_all_read(&self, actor: &Actor, until: NoticeId) -> Result<u64, NoticeError> {
        check_scope(actor, TokenScope::Operate)?;
        let all = Condition::all().add(seen_by(actor)).add(Column::Id.lte(until));
        self.note_read(all).await
    }

    async fn note_read(&self, which: Condition) -> Result<u64, NoticeError> {
        let tx = self.core.write_tx().await?;
        let read = note_read(&self.core, &tx, which).await?;
        tx.commit().await?;
        Ok(read)
    }
}

/// Notes these as read; how many were not. They are locked in the order of their ids: a reader of the log and a person who note
/// the same at once wait for each other in turn.
pub(super) async fn note_read(core: &Core, tx: &DatabaseTransaction, which: Condition) -> Result<u64, DbErr> {
    let unread: Vec<NoticeId> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(which)
        .filter(Column::ReadAt.is_null())
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(tx)
        .await?;
    for some in unread.chunks(1_000) {
        Entity::update_many()
            .col_expr(Column::ReadAt, Expr::value(core.now()))
            .filter(Column::Id.is_in(some.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(u64::try_from(unread.len()).unwrap_or(u64::MAX))
}

/// The notices of a person that they may still see: of what lives where they hold a role that shows such things, and what is
/// about themselves. A token tells nothing of ways in and changes nothing about it, whoever has it.
fn seen_by(actor: &Actor) -> Condition {
    let by_token = actor.token_scopes.is_some();
    // What a token is for was asked; what its owner sees follows from their roles.
    let person = Actor {
        token_scopes: None,
        ..actor.clone()
    };
    let there = Columns {
        organization: Some(Column::OrganizationId),
        project: Some(Column::ProjectId),
        provider: Some(Column::ProviderId),
        offering: Some(Column::OfferingId),
    };
    let seen = NoticeKind::ALL
        .iter()
        .filter(|kind| !(by_token && kind.is_always_told()));
    let seen = seen.fold(Condition::any(), |seen, kind| {
        let of_kind = Condition::all().add(Column::Kind.eq(*kind));
        seen.add(match kind.permissions() {
            [] => of_kind,
            permissions => of_kind.add(Visible::of_any(&person, permissions, there)),
        })
    });
    Condition::all().add(Column::UserId.eq(actor.user_id)).add(seen)
}
