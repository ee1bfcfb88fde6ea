//! People by name.

use std::collections::{BTreeSet, HashMap};

use entity::user;
use model::UserId;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The names of people, in their order.
pub(crate) async fn names_of(
    conn: &impl ConnectionTrait,
    people: impl IntoIterator<Item = UserId>,
) -> Result<Vec<String>, DbErr> {
    let people: Vec<UserId> = people.into_iter().collect();
    if people.is_empty() {
        return Ok(Vec::new());
    }
    user::Entity::find()
        .filter(user::Column::Id.is_in(people))
        .select_only()
        .column(user::Column::Name)
        .order_by_asc(user::Column::Name)
        .order_by_asc(user::Column::Id)
        .into_tuple()
        .all(conn)
        .await
}

/// The names of people.
pub(super) async fn names_by_id(
    conn: &impl ConnectionTrait,
    people: BTreeSet<UserId>,
) -> Result<HashMap<UserId, String>, DbErr> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let names: Vec<(UserId, String)> = user::Entity::find()
        .filter(user::Column::Id.is_in(people))
        .select_only()
        .columns([user::Column::Id, user::Column::Name])
        .into_tuple()
        .all(conn)
        .await?;
    Ok(names.into_iter().collect())
}

/// `Ada Lovelace, Grace Hopper or 3 others`: at most three by name.
pub(crate) fn name_list(names: &[String], joined: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] => format!("{first} {joined} {second}"),
        [first, second, third] => format!("{first}, {second} {joined} {third}"),
        [first, second, third, rest @ ..] => match rest.len() {
            1 => format!("{first}, {second}, {third} {joined} 1 other"),
            more => format!("{first}, {second}, {third} {joined} {more} others"),
        },
    }
}
