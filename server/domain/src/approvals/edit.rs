//! Making, changing, moving and removing rules.

use entity::{approval_rule, role_grant, user};
use model::{
    ApprovalRule, ApprovalRuleDraft, ApprovalRuleId, EventKind, FieldFault, MOST_APPROVAL_RULES, Permission,
    Scope, UserId,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    JoinType, QueryFilter, QuerySelect, RelationTrait,
};
use serde_json::{Value as Json, json};

use super::checked::{MOST_NAMED, Named, checked, within};
use super::place::place_of;
use super::read::one;
use super::{ApprovalError, Approvals};
use crate::access::{AccessError, Actor, Target, authorize};
use crate::audit::{self, Event};
use crate::core::{WriteTx, advisory_lock};

impl Approvals {
    /// Makes a rule, the last of its scope. Refused for who may not change rules there, for what cannot be a rule and for one of an offering (`Invalid`), and
    /// where there are 50 already (`TooMany`).
    pub async fn create(
        &self,
        actor: &Actor,
        scope: Scope,
        draft: ApprovalRuleDraft,
    ) -> Result<ApprovalRule, ApprovalError> {
        if matches!(scope, Scope::Offering(_)) {
            let words = "An offering has no rules of its own: make one of its provider that names it.";
            let fault = FieldFault::at("scope", "no_rules_there", words);
            return Err(ApprovalError::Invalid(vec![fault]));
        }
        let (tx, target, rules) = self.begin(actor, scope).await?;
        if rules.len() >= MOST_APPROVAL_RULES {
            return Err(ApprovalError::TooMany);
        }
        let is_active = draft.is_active;
        let rule = checked(&self.core, &*tx, scope, draft, &Named::default()).await?;
        let (scope_kind, scope_id) = role_grant::scope_columns(scope);
        let now = self.core.now();
        let row = approval_rule::Model {
            id: self.core.new_id(ApprovalRuleId),
            scope_kind,
            scope_id,
            position: i32::try_from(rules.len()).unwrap_or(i32::MAX).saturating_add(1),
            side: rule.side,
            name: rule.name,
            conditions: entity::json::write("approval_rules.conditions", &rule.when)?,
            effect: entity::json::write("approval_rules.effect", &rule.then)?,
            is_active,
            revision: 1,
            created_at: now,
            updated_at: now,
        };
        let insert = approval_rule::Entity::insert(row.clone().into_active_model().reset_all());
        insert.exec_without_returning(&*tx).await?;
        self.tell(&tx, (actor, target), Json::Null, &row).await?;
        let shown = one(&*tx, row).await?;
        tx.commit().await?;
        Ok(shown)
    }

    /// Changes a rule; orders that wait keep the steps that they have. Refused as [`Approvals::create`], and where it has another
    /// revision (`ChangedMeanwhile`).
    pub async fn change(
        &self,
        actor: &Actor,
        id: ApprovalRuleId,
        draft: ApprovalRuleDraft,
        revision: i32,
    ) -> Result<ApprovalRule, ApprovalError> {
        let (tx, target, rules, before) = self.begin_with(actor, id).await?;
        drop(rules);
        if before.revision != revision {
            return Err(ApprovalError::ChangedMeanwhile);
        }
        let is_active = draft.is_active;
        let rule = checked(&self.core, &*tx, before.scope()?, draft, &Named::by(&before)?).await?;
        let told = told(&before);
        let mut row = before.into_active_model();
        row.side = Set(rule.side);
        row.name = Set(rule.name);
        row.conditions = Set(entity::json::write("approval_rules.conditions", &rule.when)?);
        row.effect = Set(entity::json::write("approval_rules.effect", &rule.then)?);
        row.is_active = Set(is_active);
        row.revision = Set(revision.saturating_add(1));
        row.updated_at = Set(self.core.now());
        let row = row.update(&*tx).await?;
        self.tell(&tx, (actor, target), told, &row).await?;
        let shown = one(&*tx, row).await?;
        tx.commit().await?;
        Ok(shown)
    }

    /// Moves a rule to a place among those of its scope, from 1; a place behind the last is the last. All whose place changes have
    /// another revision then. Refused as
    /// [`Approvals::create`].
    pub async fn move_to(
        &self,
        actor: &Actor,
        id: ApprovalRuleId,
        position: u16,
    ) -> Result<ApprovalRule, ApprovalError> {
        let (tx, target, mut rules, before) = self.begin_with(actor, id).await?;
        rules.retain(|row| row.id != id);
        let place = usize::from(position.max(1)).saturating_sub(1).min(rules.len());
        rules.insert(place, before.clone());
        let mut moved = before.clone();
        for (place, row) in (1..).zip(rules) {
            if row.position != place {
                let (is_it, revision) = (row.id == id, row.revision);
                let mut row = row.into_active_model();
                row.revision = Set(revision.saturating_add(1));
                row.position = Set(place);
                let row = row.update(&*tx).await?;
                if is_it {
                    moved = row;
                }
            }
        }
        if moved.position != before.position {
            self.tell(&tx, (actor, target), told(&before), &moved).await?;
        }
        let shown = one(&*tx, moved).await?;
        tx.commit().await?;
        Ok(shown)
    }

    /// Removes a rule; orders that wait keep the steps that they have. Refused as [`Approvals::create`].
    pub async fn remove(&self, actor: &Actor, id: ApprovalRuleId) -> Result<(), ApprovalError> {
        let (tx, target, rules, row) = self.begin_with(actor, id).await?;
        let event = Event::new(actor, EventKind::ApprovalRuleRemoved, id.0)
            .on(target)
            .before(told(&row));
        audit::record_in(&self.core, &tx, event).await?;
        approval_rule::Entity::delete_by_id(id).exec(&*tx).await?;
        let rest = rules.into_iter().filter(|row| row.id != id);
        for (place, row) in (1..).zip(rest) {
            if row.position != place {
                let mut row = row.into_active_model();
                row.position = Set(place);
                row.update(&*tx).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// The people with these addresses who hold a role where a rule of the scope counts, for whoever changes rules there. One
    /// whom nobody there has is a fault of `path` (`Invalid`).
    pub async fn people_by_address(
        &self,
        actor: &Actor,
        (scope, path): (Scope, &str),
        addresses: &[String],
    ) -> Result<Vec<UserId>, ApprovalError> {
        let conn = self.core.read();
        let target = place_of(conn, scope).await?;
        authorize(actor, Permission::ManageApproval, &target)?;
        if addresses.len() > MOST_NAMED {
            let fault = FieldFault::at(path, "too_many", "Name at most 20 of them.");
            return Err(ApprovalError::Invalid(vec![fault]));
        }
        let wanted: Vec<String> = addresses.iter().map(|one| one.trim().to_lowercase()).collect();
        let found: Vec<(UserId, String)> = role_grant::Entity::find_in_force(self.core.now())
            .join(JoinType::InnerJoin, role_grant::Relation::User.def())
            .filter(user::Column::IsActive.eq(true))
            .filter(user::Column::Email.is_in(wanted.clone()))
            .filter(within(scope))
            .select_only()
            .column(user::Column::Id)
            .column(user::Column::Email)
            .distinct()
            .into_tuple()
            .all(conn)
            .await?;
        let (mut people, mut faults) = (Vec::new(), Vec::new());
        for address in wanted {
            match found.iter().find(|(_, email)| *email == address) {
                Some((person, _)) => people.push(*person),
                None => {
                    let words = format!("Nobody with the address {address} has a role here.");
                    faults.push(FieldFault::at(path, "nobody_there", words));
                }
            }
        }
        if faults.is_empty() {
            Ok(people)
        } else {
            Err(ApprovalError::Invalid(faults))
        }
    }

    /// A transaction in which the rules of a scope are read that the actor may change, and nobody else changes them.
    async fn begin(
        &self,
        actor: &Actor,
        scope: Scope,
    ) -> Result<(WriteTx, Target, Vec<approval_rule::Model>), ApprovalError> {
        let tx = self.core.write_tx().await?;
        let target = place_of(&*tx, scope).await?;
        authorize(actor, Permission::ManageApproval, &target)?;
        let (kind, id) = role_grant::scope_columns(scope);
        advisory_lock(&tx, &format!("approval rules of {kind:?} {id:?}")).await?;
        let rules = approval_rule::Entity::find_of(scope).all(&*tx).await?;
        Ok((tx, target, rules))
    }

    /// The same around one rule.
    async fn begin_with(
        &self,
        actor: &Actor,
        id: ApprovalRuleId,
    ) -> Result<(WriteTx, Target, Vec<approval_rule::Model>, approval_rule::Model), ApprovalError> {
        let found = approval_rule::Entity::find_by_id(id)
            .one(self.core.read())
            .await?;
        let scope = found.ok_or(AccessError::NotFound)?.scope()?;
        let (tx, target, rules) = self.begin(actor, scope).await?;
        let row = rules.iter().find(|row| row.id == id).cloned();
        let row = row.ok_or(AccessError::NotFound)?;
        Ok((tx, target, rules, row))
    }

    async fn tell(
        &self,
        tx: &DatabaseTransaction,
        (actor, target): (&Actor, Target),
        before: Json,
        row: &approval_rule::Model,
    ) -> Result<(), ApprovalError> {
        let event = Event::new(actor, EventKind::ApprovalRuleSaved, row.id.0)
            .on(target)
            .before(before)
            .after(told(row));
        audit::record_in(&self.core, tx, event).await?;
        Ok(())
    }
}

/// What the history keeps of a rule.
fn told(row: &approval_rule::Model) -> Json {
    json!({ "name": row.name, "side": row.side, "position": row.position, "when": row.conditions, "then": row.effect,
            "is_active": row.is_active })
}
