//! What sessions let their people do, of many at once: for who watches something in many of them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::TimeDelta;
use entity::{role_grant, session, user};
use model::{GrantId, UserId};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait};

use super::{AccountOperations, AccountsError};
use crate::crypto::sha256_hex;

impl AccountOperations {
    /// For each of these sessions (their ids as `session_load` takes them) the grants in force of its person, by id. Left
    /// out is one that has ended, expired or was begun `lifetime` ago, that is another person's, and one whose person is
    /// deactivated. Two queries, however many there are.
    pub async fn grants_in_sessions(
        &self,
        sessions: &[(Arc<str>, UserId)],
        lifetime: TimeDelta,
    ) -> Result<HashMap<Arc<str>, Vec<GrantId>>, AccountsError> {
        let now = self.core.now();
        let hashed: HashMap<String, &(Arc<str>, UserId)> = sessions
            .iter()
            .map(|session| (sha256_hex(session.0.as_bytes()), session))
            .collect();
        let live: Vec<(String, Option<UserId>)> = session::Entity::find()
            .select_only()
            .columns([session::Column::Id, session::Column::UserId])
            .join(JoinType::InnerJoin, session::Relation::User.def())
            .filter(session::Column::Id.is_in(hashed.keys().cloned()))
            .filter(session::Column::ExpiresAt.gt(now.timestamp()))
            .filter(session::Column::CreatedAt.gt(now - lifetime))
            .filter(user::Column::IsActive.eq(true))
            .into_tuple()
            .all(self.core.read())
            .await?;
        let people: BTreeSet<UserId> = live.iter().filter_map(|(_, user)| *user).collect();
        let grants: Vec<(UserId, GrantId)> = role_grant::Entity::find_in_force(now)
            .select_only()
            .columns([role_grant::Column::UserId, role_grant::Column::Id])
            .filter(role_grant::Column::UserId.is_in(people))
            .order_by_asc(role_grant::Column::Id)
            .into_tuple()
            .all(self.core.read())
            .await?;
        let mut of_people: HashMap<UserId, Vec<GrantId>> = HashMap::new();
        for (person, grant) in grants {
            of_people.entry(person).or_default().push(grant);
        }
        let own = live.into_iter().filter_map(|(id, person)| {
            let (session, whose) = hashed.get(&id)?;
            (person == Some(*whose)).then(|| {
                let grants = of_people.get(whose).cloned().unwrap_or_default();
                (Arc::clone(session), grants)
            })
        });
        Ok(own.collect())
    }
}
