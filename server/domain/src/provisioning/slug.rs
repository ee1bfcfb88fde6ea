//! Names of resources on backends: unique in the project, kept for the resource's life.

use entity::resource;
use model::{ProjectId, ResourceId};
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait, QueryFilter};

use crate::core::advisory_lock;
use crate::slug::slug_of;

/// How much of the name stays before the digits that tell namesakes apart; both together fit every backend.
const STEM: usize = 27;
/// Where the random part of a version 7 id begins, in its hexadecimal digits.
const RANDOM: usize = 20;

/// The slug for a new resource called `name`: the name itself where it is free in the project, otherwise with digits of
/// the resource's id. One look, however many namesakes there are; of two that are made at once, the second waits.
pub(super) async fn free_slug(
    tx: &DatabaseTransaction,
    project: ProjectId,
    name: &str,
    resource: ResourceId,
) -> Result<String, DbErr> {
    let slug = slug_of(name, "resource");
    advisory_lock(tx, &format!("resource slug {project} {slug}")).await?;
    let taken = resource::Entity::find()
        .filter(resource::Column::ProjectId.eq(project))
        .filter(resource::Column::Slug.eq(slug.as_str()))
        .count(tx)
        .await?;
    if taken == 0 {
        Ok(slug)
    } else {
        Ok(with_digits(&slug, resource))
    }
}

fn with_digits(slug: &str, resource: ResourceId) -> String {
    let stem: String = slug.chars().take(STEM).collect();
    let digits: String = resource.0.simple().to_string().chars().skip(RANDOM).collect();
    format!("{}-{digits}", stem.trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn namesakes_differ_by_the_random_digits_of_their_id() {
        let id = ResourceId(Uuid::from_u128(0x0193_0000_0000_7000_8000_1234_5678_9abc));
        assert_eq!(with_digits("hpc", id), "hpc-123456789abc");
        assert_eq!(with_digits(&"a".repeat(40), id).len(), 40);
    }
}
