//! Checking of rules before they are stored.

use std::collections::BTreeSet;

use entity::{approval_rule, category, offering, project, role_grant, user};
use model::{
    ApprovalRuleDraft, Approvers, Ask, CategoryId, Fixed, LONGEST_STEP_DAYS, MOST_APPROVALS, Money,
    OfferingId, OrderKind, OrganizationId, ProjectId, Role, RuleConditions, RuleEffect, Scope, Side, UserId,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, PaginatorTrait, QueryFilter,
    QuerySelect, QueryTrait, RelationTrait,
};

use super::ApprovalError;
use super::choices::offerings_of;
use super::rule::holds_up_ends;
use crate::check::Check;
use crate::core::Core;

/// The most characters of a name.
const LONGEST_NAME: usize = 100;
/// The most characters of a reason to refuse.
const LONGEST_REASON: usize = 500;
/// The most that one condition or step names.
pub(super) const MOST_NAMED: usize = 20;

/// A rule that can be stored.
pub(super) struct Checked {
    pub(super) side: Side,
    pub(super) name: String,
    pub(super) when: RuleConditions,
    pub(super) then: RuleEffect,
}

/// What a rule names that is stored. It may be gone by now, and stays where it is not taken out.
#[derive(Default)]
pub(super) struct Named {
    when: RuleConditions,
    people: Vec<UserId>,
}

impl Named {
    pub(super) fn by(row: &approval_rule::Model) -> Result<Self, DbErr> {
        let then: RuleEffect = entity::json::read("approval_rules.effect", &row.effect)?;
        Ok(Self {
            when: entity::json::read("approval_rules.conditions", &row.conditions)?,
            people: match then {
                RuleEffect::Ask(Ask {
                    who: Approvers::People(people),
                    ..
                }) => people,
                _ => Vec::new(),
            },
        })
    }
}

/// The rule with everything that can be said about it looked at, or its faults. What `stored` names already is not looked for
/// again.
pub(super) async fn checked(
    core: &Core,
    conn: &impl ConnectionTrait,
    scope: Scope,
    draft: ApprovalRuleDraft,
    stored: &Named,
) -> Result<Checked, ApprovalError> {
    let mut check = Check::default();
    let name = check.required("name", &draft.name, LONGEST_NAME);
    let side = side_of(&mut check, scope, draft.side);
    let when = conditions(&mut check, side, draft.when);
    things_exist(&mut check, conn, scope, (&when, &stored.when)).await?;
    let then = match draft.then {
        RuleEffect::Ask(ask) => {
            let ask = asked(&mut check, scope, side, ask);
            if let Approvers::People(people) = &ask.who
                && people.len() <= MOST_NAMED
            {
                let added = people.iter().copied().filter(|one| !stored.people.contains(one));
                let added: Vec<UserId> = added.collect();
                let strangers = strangers(core, conn, (scope, side), &added).await?;
                check.ensure(
                    strangers.is_empty(),
                    "then.who",
                    "nobody_there",
                    "Name people who see orders here: those with a role in the projects, or on what is sold.",
                );
            }
            RuleEffect::Ask(ask)
        }
        RuleEffect::Skip => {
            check.ensure(
                !matches!(scope, Scope::Project(_)),
                "then.action",
                "project_asks_more",
                "A project's rules can only ask for more than its organization does, or refuse.",
            );
            RuleEffect::Skip
        }
        RuleEffect::Refuse { reason } => RuleEffect::Refuse {
            reason: check.required("then.reason", &reason, LONGEST_REASON),
        },
    };
    check.ensure(
        when.kinds != [OrderKind::Terminate] || !holds_up_ends(&then, side),
        "when.kinds",
        "never_fits",
        "What runs can always be ended: such a rule would fit no order. Choose another kind, or what else it does.",
    );
    check.done().map_err(ApprovalError::Invalid)?;
    Ok(Checked {
        side,
        name,
        when,
        then,
    })
}

/// Whose decision a rule of a scope is about.
fn side_of(check: &mut Check, scope: Scope, wanted: Option<Side>) -> Side {
    let fixed = match scope {
        Scope::System => None,
        Scope::Organization(_) | Scope::Project(_) => Some(Side::Buyer),
        Scope::Provider(_) | Scope::Offering(_) => Some(Side::Provider),
    };
    match (fixed, wanted) {
        (None, None) => {
            check.fault("side", "required", "Say whose decision the rule is about.");
            Side::Buyer
        }
        (Some(fixed), Some(wanted)) if fixed != wanted => {
            let words = "Rules of organizations and projects are about the buyer's decision, those of providers about the provider's.";
            check.fault("side", "wrong_side", words);
            fixed
        }
        (fixed, wanted) => fixed.or(wanted).unwrap_or(Side::Buyer),
    }
}

fn conditions(check: &mut Check, side: Side, when: RuleConditions) -> RuleConditions {
    let RuleConditions {
        mut kinds,
        commits_over,
        commits_up_to,
        mut categories,
        mut offerings,
        mut placed_by,
    } = when;
    kinds.sort_unstable();
    kinds.dedup();
    placed_by.sort_unstable();
    placed_by.dedup();
    check.ensure(
        placed_by.iter().all(|role| role.is_on(side)),
        "when.placed_by",
        "role_does_not_fit",
        "Choose roles of the side whose decision the rule is about: others are not looked at.",
    );
    categories.sort_unstable();
    categories.dedup();
    offerings.sort_unstable();
    offerings.dedup();
    for (path, named) in [
        ("when.categories", categories.len()),
        ("when.offerings", offerings.len()),
    ] {
        check.ensure(named <= MOST_NAMED, path, "too_many", "Name at most 20 of them.");
    }
    for (path, limit) in [
        ("when.commits_over", commits_over),
        ("when.commits_up_to", commits_up_to),
    ] {
        let fits = limit.is_none_or(is_amount);
        check.ensure(
            fits,
            path,
            "out_of_range",
            "Enter an amount of zero or more, with no more decimals than the currency has.",
        );
    }
    if let (Some(over), Some(up_to)) = (commits_over, commits_up_to) {
        let grows = over.currency == up_to.currency && over.amount < up_to.amount;
        check.ensure(
            grows,
            "when.commits_up_to",
            "out_of_range",
            "Enter an amount above the lower one, in the same currency.",
        );
    }
    RuleConditions {
        kinds,
        commits_over,
        commits_up_to,
        categories,
        offerings,
        placed_by,
    }
}

fn is_amount(limit: Money) -> bool {
    limit
        .to_fixed()
        .is_ok_and(|amount| amount >= Fixed::ZERO && limit.is_rounded())
}

async fn things_exist(
    check: &mut Check,
    conn: &impl ConnectionTrait,
    scope: Scope,
    (when, stored): (&RuleConditions, &RuleConditions),
) -> Result<(), DbErr> {
    let added = when.offerings.iter().filter(|id| !stored.offerings.contains(id));
    let added: Vec<OfferingId> = added.copied().take(MOST_NAMED).collect();
    let found = if added.is_empty() {
        0
    } else {
        let there = offerings_of(conn, scope).await?;
        let ids = added.iter().copied();
        there.filter(offering::Column::Id.is_in(ids)).count(conn).await?
    };
    check.ensure(
        usize::try_from(found).is_ok_and(|found| found == added.len()),
        "when.offerings",
        "not_found",
        "Choose offerings that can be ordered there; a provider's rules name its own.",
    );
    let added = when
        .categories
        .iter()
        .filter(|id| !stored.categories.contains(id));
    let added: Vec<CategoryId> = added.copied().take(MOST_NAMED).collect();
    let found = if added.is_empty() {
        0
    } else {
        let ids = added.iter().copied();
        let categories = category::Entity::find().filter(category::Column::Id.is_in(ids));
        categories.count(conn).await?
    };
    check.ensure(
        usize::try_from(found).is_ok_and(|found| found == added.len()),
        "when.categories",
        "not_found",
        "Choose categories that there are.",
    );
    Ok(())
}

fn asked(check: &mut Check, scope: Scope, side: Side, ask: Ask) -> Ask {
    check.ensure(
        (1..=MOST_APPROVALS).contains(&ask.count),
        "then.count",
        "out_of_range",
        "Ask for 1 to 5 people.",
    );
    check.ensure(
        (1..=LONGEST_STEP_DAYS).contains(&ask.due_days),
        "then.due_days",
        "out_of_range",
        "Enter a whole number of days, from 1 to 30.",
    );
    check.ensure(
        ask.remind_days
            .is_none_or(|days| (1..=LONGEST_STEP_DAYS).contains(&days)),
        "then.remind_days",
        "out_of_range",
        "Enter a whole number of days, from 1 to 30, or nothing.",
    );
    check.ensure(
        ask.remind_days.is_none_or(|days| days < ask.due_days.max(1)),
        "then.remind_days",
        "too_late",
        "Enter fewer days than the step may wait, or nothing: nobody would be reminded.",
    );
    check.ensure(
        !(ask.is_last && matches!(scope, Scope::Project(_))),
        "then.is_last",
        "project_asks_more",
        "A project's rules ask for more than its organization does: none of them is the last.",
    );
    let who = match ask.who {
        who @ (Approvers::Usual | Approvers::Unlimited) => who,
        Approvers::Roles(roles) => {
            let roles: Vec<Role> = BTreeSet::from_iter(roles).into_iter().collect();
            let fit = roles
                .iter()
                .all(|role| role.may_be_asked(scope == Scope::System, side));
            check.ensure(
                !roles.is_empty(),
                "then.who",
                "required",
                "Choose at least one role.",
            );
            check.ensure(
                fit,
                "then.who",
                "role_does_not_fit",
                "Choose roles of the side that decides: nobody else could be asked.",
            );
            Approvers::Roles(roles)
        }
        Approvers::People(people) => {
            let people: Vec<UserId> = BTreeSet::from_iter(people).into_iter().collect();
            check.ensure(
                people.len() <= MOST_NAMED,
                "then.who",
                "too_many",
                "Name at most 20 of them.",
            );
            check.ensure(
                people.len() >= usize::from(ask.count),
                "then.who",
                "too_few",
                "Name at least as many people as must agree.",
            );
            Approvers::People(people)
        }
    };
    Ask { who, ..ask }
}

/// Those of `people` who hold no role where a rule of the scope counts that shows orders to that side, or are not active.
async fn strangers(
    core: &Core,
    conn: &impl ConnectionTrait,
    (scope, side): (Scope, Side),
    people: &[UserId],
) -> Result<Vec<UserId>, DbErr> {
    let held: Vec<(UserId, Role)> = role_grant::Entity::find_in_force(core.now())
        .join(JoinType::InnerJoin, role_grant::Relation::User.def())
        .filter(user::Column::IsActive.eq(true))
        .filter(role_grant::Column::UserId.is_in(people.iter().copied()))
        .filter(within(scope))
        .select_only()
        .columns([role_grant::Column::UserId, role_grant::Column::Role])
        .into_tuple()
        .all(conn)
        .await?;
    let sees = |person: &UserId| {
        held.iter()
            .any(|(holder, role)| holder == person && role.allows(side.sight()))
    };
    Ok(people.iter().filter(|person| !sees(person)).copied().collect())
}

/// Roles that are held somewhere in a scope, or above it.
pub(super) fn within(scope: Scope) -> Condition {
    let on = |scope: Scope| {
        let (kind, id) = role_grant::scope_columns(scope);
        Condition::all()
            .add(role_grant::Column::ScopeKind.eq(kind))
            .add(role_grant::Column::ScopeId.eq(id))
    };
    match scope {
        Scope::System => Condition::all(),
        Scope::Organization(id) => Condition::any().add(on(scope)).add(in_projects(id)),
        Scope::Project(id) => Condition::any().add(on(scope)).add(above(id)),
        Scope::Provider(id) => Condition::any()
            .add(on(scope))
            .add(on(Scope::Organization(id)))
            .add(in_offerings(id)),
        Scope::Offering(_) => on(scope),
    }
}

fn in_projects(organization: OrganizationId) -> Condition {
    let projects = project::Entity::find()
        .filter(project::Column::OrganizationId.eq(organization))
        .select_only()
        .column(project::Column::Id)
        .into_query();
    held_in(role_grant::ScopeKind::Project, projects)
}

fn in_offerings(provider: OrganizationId) -> Condition {
    let offerings = offering::Entity::find()
        .filter(offering::Column::ProviderId.eq(provider))
        .select_only()
        .column(offering::Column::Id)
        .into_query();
    held_in(role_grant::ScopeKind::Offering, offerings)
}

fn above(project: ProjectId) -> Condition {
    let organization = project::Entity::find_by_id(project)
        .select_only()
        .column(project::Column::OrganizationId)
        .into_query();
    held_in(role_grant::ScopeKind::Organization, organization)
}

fn held_in(kind: role_grant::ScopeKind, ids: sea_orm::sea_query::SelectStatement) -> Condition {
    Condition::all()
        .add(role_grant::Column::ScopeKind.eq(kind))
        .add(role_grant::Column::ScopeId.in_subquery(ids))
}
