//! What the audit log says, which nobody can change: what rows are compared with.

use std::collections::HashMap;

use entity::audit_event::{self, Column as C};
use model::EventKind;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::core::Core;

/// What the last event of a kind tells of each of these subjects.
pub(super) async fn last(
    core: &Core,
    verb: EventKind,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Json>, DbErr> {
    let told = audit_event::Entity::find()
        .select_only()
        .columns([C::SubjectId, C::After])
        .filter(C::SubjectKind.eq(verb.subject()))
        .filter(C::SubjectId.is_in(ids))
        .filter(C::Verb.eq(verb))
        .order_by_asc(C::Sequence)
        .into_tuple::<(Uuid, Json)>()
        .all(core.read())
        .await?;
    Ok(told.into_iter().collect())
}

/// Everything that events of these kinds tell of these subjects, oldest first.
pub(super) async fn events(
    core: &Core,
    verbs: &[EventKind],
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<audit_event::Model>>, DbErr> {
    let rows = audit_event::Entity::find()
        .filter(C::SubjectKind.is_in(verbs.iter().map(|verb| verb.subject())))
        .filter(C::SubjectId.is_in(ids))
        .filter(C::Verb.is_in(verbs.iter().copied()))
        .order_by_asc(C::Sequence)
        .all(core.read())
        .await?;
    let mut told: HashMap<Uuid, Vec<audit_event::Model>> = HashMap::new();
    for row in rows {
        told.entry(row.subject_id).or_default().push(row);
    }
    Ok(told)
}

/// The fingerprint in what was told; releases before it was kept told none.
pub(super) fn fingerprint(told: Option<&Json>) -> Option<&str> {
    told?.get("fingerprint")?.as_str()
}
