//! Reading rules: those of a place for people, and those that an order is read by.

use std::collections::HashSet;

use entity::{approval_rule, category, offering, user};
use model::{
    ApprovalRule, ApprovalRuleId, ApprovalRules, Approvers, NamedPerson, OrganizationId, Permission,
    ProjectId, RuleConditions, RuleEffect, Scope, Side, UserId,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::choices::offerings_of;
use super::place::place_of;
use super::rule::Rule;
use super::sentence::{self, Called};
use super::{ApprovalError, Approvals, built_in};
use crate::access::{AccessError, Actor, Target, authorize};

impl Approvals {
    /// The rules of exactly this scope in the order in which they are read, with what is read before and after them. For who
    /// sees the organization, the project or what the provider offers; those of the installation for who sees its log.
    /// Everybody else is refused as for a place that does not exist.
    pub async fn rules(&self, actor: &Actor, scope: Scope) -> Result<ApprovalRules, ApprovalError> {
        let conn = self.core.read();
        let target = place_of(conn, scope).await?;
        authorize(actor, seen_by(scope), &target)?;
        let rows = approval_rule::Entity::find_of(scope).all(conn).await?;
        let can_change = actor.may(Permission::ManageApproval, &target);
        let mut rules = shown(conn, rows, None).await?;
        if !can_change {
            rules.iter_mut().for_each(hide_addresses);
        }
        let mut before = vec![built_in::before().name];
        for (whose, upper) in above(scope, &target) {
            let rows = approval_rule::Entity::find_of(upper).all(conn).await?;
            let active = rows.into_iter().filter(|row| row.is_active).collect();
            for rule in shown(conn, active, Some(scope)).await? {
                if side_of(&target).is_none_or(|side| side == rule.side) {
                    before.push(format!("{whose}, “{}”: {}", rule.name, rule.sentence));
                }
            }
        }
        let sides = match side_of(&target) {
            Some(side) => vec![side],
            None => vec![Side::Buyer, Side::Provider],
        };
        let after = sides.into_iter().flat_map(built_in::after).map(|rule| rule.name);
        Ok(ApprovalRules {
            rules,
            before,
            after: after.collect(),
            can_change,
        })
    }

    /// One rule. Refused as [`Approvals::rules`].
    pub async fn rule(&self, actor: &Actor, id: ApprovalRuleId) -> Result<ApprovalRule, ApprovalError> {
        let conn = self.core.read();
        let row = approval_rule::Entity::find_by_id(id).one(conn).await?;
        let row = row.ok_or(AccessError::NotFound)?;
        let scope = row.scope()?;
        let target = place_of(conn, scope).await?;
        authorize(actor, seen_by(scope), &target)?;
        let mut rule = one(conn, row).await?;
        if !actor.may(Permission::ManageApproval, &target) {
            hide_addresses(&mut rule);
        }
        Ok(rule)
    }
}

/// One rule as people see it.
pub(super) async fn one(
    conn: &impl ConnectionTrait,
    row: approval_rule::Model,
) -> Result<ApprovalRule, ApprovalError> {
    let shown = shown(conn, vec![row], None).await?;
    Ok(shown.into_iter().next().ok_or(AccessError::NotFound)?)
}

/// What shows the rules of a scope.
fn seen_by(scope: Scope) -> Permission {
    match scope {
        Scope::System => Permission::ViewAudit,
        Scope::Organization(_) => Permission::ViewOrganization,
        Scope::Project(_) => Permission::ViewProject,
        Scope::Provider(_) | Scope::Offering(_) => Permission::ViewOffering,
    }
}

/// Whose decision the rules of a place are about; none where they are about both.
fn side_of(target: &Target) -> Option<Side> {
    if target.organization.is_some() {
        Some(Side::Buyer)
    } else {
        target.provider.map(|_| Side::Provider)
    }
}

/// The scopes whose rules are read before those of a scope.
fn above(scope: Scope, target: &Target) -> Vec<(&'static str, Scope)> {
    let portal = ("A rule of the portal", Scope::System);
    match scope {
        Scope::System => Vec::new(),
        Scope::Project(_) => {
            let organization = target.organization.map(Scope::Organization);
            let organization = organization.map(|scope| ("A rule of the organization", scope));
            std::iter::once(portal).chain(organization).collect()
        }
        Scope::Organization(_) | Scope::Provider(_) | Scope::Offering(_) => vec![portal],
    }
}

/// The rules of both parties to an order in the order in which they are read; those of one side only matter to it.
pub(crate) async fn rules_for(
    conn: &impl ConnectionTrait,
    buyer: Option<(OrganizationId, ProjectId)>,
    provider: OrganizationId,
) -> Result<Vec<Rule>, DbErr> {
    use approval_rule::Column;
    let of_buyer =
        buyer.map(|(organization, project)| [Scope::Organization(organization), Scope::Project(project)]);
    let mut scopes = vec![Scope::System];
    scopes.extend(of_buyer.into_iter().flatten());
    scopes.push(Scope::Provider(provider));
    let of_scope = |scope: Scope| {
        let (kind, id) = entity::role_grant::scope_columns(scope);
        Condition::all()
            .add(Column::ScopeKind.eq(kind))
            .add_option(id.map(|id| Column::ScopeId.eq(id)))
    };
    let any = scopes
        .iter()
        .fold(Condition::any(), |any, scope| any.add(of_scope(*scope)));
    let rows = approval_rule::Entity::find()
        .filter(any)
        .filter(Column::IsActive.eq(true))
        .order_by_asc(Column::Position)
        .all(conn)
        .await?;
    let mut placed = Vec::with_capacity(rows.len());
    for row in rows {
        let scope = row.scope()?;
        let rank = scopes.iter().position(|one| *one == scope);
        placed.push((rank, Rule::of(row)?));
    }
    placed.sort_by_key(|(rank, _)| *rank);
    Ok(placed.into_iter().map(|(_, rule)| rule).collect())
}

/// Who may not change rules reads whom they name, and not how to reach them.
fn hide_addresses(rule: &mut ApprovalRule) {
    rule.people.iter_mut().for_each(|person| person.email.clear());
}

/// Rules as people see them, with the names of what they name; of offerings only those that can be ordered at `place`, and of
/// people none, where these are the rules of somewhere else. Few queries, however many rules there are.
async fn shown(
    conn: &impl ConnectionTrait,
    rows: Vec<approval_rule::Model>,
    place: Option<Scope>,
) -> Result<Vec<ApprovalRule>, ApprovalError> {
    let mut read = Vec::with_capacity(rows.len());
    for row in rows {
        let when: RuleConditions = entity::json::read("approval_rules.conditions", &row.conditions)?;
        let then: RuleEffect = entity::json::read("approval_rules.effect", &row.effect)?;
        read.push((row, when, then));
    }
    let people = people_of(conn, read.iter().flat_map(|(_, _, then)| named(then))).await?;
    let mut called = called(conn, read.iter().map(|(_, when, _)| when), place).await?;
    if place.is_none() {
        called.extend(
            people
                .iter()
                .map(|person| (person.user_id.0, person.name.clone())),
        );
    }
    let shown = read.into_iter().map(|(row, when, then)| {
        let theirs: HashSet<UserId> = named(&then).collect();
        Ok(ApprovalRule {
            id: row.id,
            scope: row.scope()?,
            position: u16::try_from(row.position).unwrap_or(u16::MAX),
            side: row.side,
            sentence: sentence::of(&when, &then, row.side, &called),
            people: people
                .iter()
                .filter(|person| theirs.contains(&person.user_id))
                .cloned()
                .collect(),
            name: row.name,
            when,
            then,
            is_active: row.is_active,
            revision: row.revision,
        })
    });
    shown.collect()
}

/// The people whom an effect names.
fn named(then: &RuleEffect) -> impl Iterator<Item = UserId> + '_ {
    let people = match then {
        RuleEffect::Ask(model::Ask {
            who: Approvers::People(people),
            ..
        }) => people.as_slice(),
        _ => &[],
    };
    people.iter().copied()
}

pub(super) async fn people_of(
    conn: &impl ConnectionTrait,
    people: impl Iterator<Item = UserId>,
) -> Result<Vec<NamedPerson>, DbErr> {
    let people: HashSet<UserId> = people.collect();
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(UserId, String, String)> = user::Entity::find()
        .filter(user::Column::Id.is_in(people))
        .filter(user::Column::IsActive.eq(true))
        .select_only()
        .columns([user::Column::Id, user::Column::Name, user::Column::Email])
        .order_by_asc(user::Column::Name)
        .into_tuple()
        .all(conn)
        .await?;
    let named = rows
        .into_iter()
        .map(|(user_id, name, email)| NamedPerson { user_id, name, email });
    Ok(named.collect())
}

async fn called<'a>(
    conn: &impl ConnectionTrait,
    conditions: impl Iterator<Item = &'a RuleConditions>,
    place: Option<Scope>,
) -> Result<Called, DbErr> {
    let (mut offerings, mut categories) = (HashSet::new(), HashSet::new());
    for when in conditions {
        offerings.extend(when.offerings.iter().copied());
        categories.extend(when.categories.iter().copied());
    }
    let mut called = Called::new();
    if !offerings.is_empty() {
        let shown = match place {
            Some(place) => offerings_of(conn, place).await?,
            None => offering::Entity::find(),
        };
        let rows: Vec<(Uuid, String)> = shown
            .filter(offering::Column::Id.is_in(offerings))
            .select_only()
            .columns([offering::Column::Id, offering::Column::Name])
            .into_tuple()
            .all(conn)
            .await?;
        called.extend(rows);
    }
    if !categories.is_empty() {
        let rows: Vec<(Uuid, String)> = category::Entity::find()
            .filter(category::Column::Id.is_in(categories))
            .select_only()
            .columns([category::Column::Id, category::Column::Name])
            .into_tuple()
            .all(conn)
            .await?;
        called.extend(rows);
    }
    Ok(called)
}
