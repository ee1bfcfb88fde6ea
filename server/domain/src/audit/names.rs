//! How the subjects of entries are called now.

use std::collections::HashMap;

use entity::audit_event::Model;
use entity::{invoice, offering, order, organization, project, resource};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

/// The names of what these entries are about, by id: ids of two kinds are never the same. As many queries, however many
/// entries there are. What has no name, or is gone, is not among them.
pub(super) async fn of_subjects(
    conn: &impl ConnectionTrait,
    rows: &[Model],
) -> Result<HashMap<Uuid, String>, DbErr> {
    let ids = |kind: &str| -> Vec<Uuid> {
        let about = rows.iter().filter(|row| row.subject_kind == kind);
        about.map(|row| row.subject_id).collect()
    };
    let found = [
        named::<order::Entity>(
            conn,
            (order::Column::Id, order::Column::ResourceName),
            ids("order"),
        )
        .await?,
        named::<resource::Entity>(
            conn,
            (resource::Column::Id, resource::Column::Name),
            ids("resource"),
        )
        .await?,
        named::<offering::Entity>(
            conn,
            (offering::Column::Id, offering::Column::Name),
            ids("offering"),
        )
        .await?,
        named::<organization::Entity>(
            conn,
            (organization::Column::Id, organization::Column::Name),
            ids("organization"),
        )
        .await?,
        named::<project::Entity>(conn, (project::Column::Id, project::Column::Name), ids("project")).await?,
        named::<invoice::Entity>(
            conn,
            (invoice::Column::Id, invoice::Column::Number),
            ids("invoice"),
        )
        .await?,
    ];
    let found = found.into_iter().flatten();
    Ok(found.filter_map(|(id, name)| Some((id, name?))).collect())
}

async fn named<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    (id, name): (E::Column, E::Column),
    ids: Vec<Uuid>,
) -> Result<Vec<(Uuid, Option<String>)>, DbErr> {
    E::find()
        .select_only()
        .column(id)
        .column(name)
        .filter(id.is_in(ids))
        .into_tuple()
        .all(conn)
        .await
}
