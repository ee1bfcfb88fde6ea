//! The same powers as in [`super::power`], as a condition on rows of orders; a test holds the two together.

use entity::{approval_step, approval_step_approver, order, order_decision, organization, project};
use model::{Asked, OrderState, Permission, Scope, Side, StepState, TokenScope, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::actor::{Actor, Columns, Grant, Visible};

use approval_step::Column as StepColumn;

/// The orders on which an actor can decide now, as themselves or for somebody who is away. To be used where orders are joined
/// with their projects and organizations.
pub(crate) fn decidable_by(actor: &Actor, columns: Columns<order::Column>) -> Condition {
    if !actor.has_scope(TokenScope::Approve) {
        return Condition::any().add(Expr::value(false));
    }
    let own = of_person(actor, actor, columns);
    let absent = actor.absent_people();
    absent.iter().fold(own, |any, person| {
        let of_side = |side: Side| {
            Condition::all()
                .add(order::Column::State.eq(state_of(side)))
                .add(Visible::of(&without_token(actor), side.sight()).filter(columns))
        };
        let seen = Condition::any()
            .add(of_side(Side::Buyer))
            .add(of_side(Side::Provider));
        let own = Condition::any()
            .add(order::Column::RequestedBy.is_null())
            .add(order::Column::RequestedBy.ne(actor.user_id));
        let theirs = of_person(actor, person, columns);
        any.add(Condition::all().add(seen).add(own).add(theirs))
    })
}

/// The state in which an order waits for a side.
fn state_of(side: Side) -> OrderState {
    match side {
        Side::Buyer => OrderState::PendingBuyer,
        Side::Provider => OrderState::PendingProvider,
    }
}

/// What shows orders follows from roles; what a token is for was asked.
fn without_token(actor: &Actor) -> Actor {
    Actor {
        token_scopes: None,
        ..actor.clone()
    }
}

/// What `actor` can decide by the roles of `person`.
fn of_person(actor: &Actor, person: &Actor, columns: Columns<order::Column>) -> Condition {
    let both = [actor.user_id, person.user_id];
    let holds = |permission| Visible::of(person, permission).filter(columns);
    // Without a limit the comparison would be neither true nor false.
    let within_limit = Condition::all()
        .add(Expr::col((project::Entity, project::Column::ApprovalLimit)).is_not_null())
        .add(
            Expr::col((order::Entity, order::Column::Commitment))
                .lte(Expr::col((project::Entity, project::Column::ApprovalLimit))),
        )
        .add(
            Expr::col((order::Entity, order::Column::Currency))
                .eq(Expr::col((organization::Entity, organization::Column::Currency))),
        )
        .add(holds(Permission::ApproveOrderWithinLimit));
    let asking = |side: Side, asked: &[Asked], may: Condition| {
        Condition::all()
            .add(order::Column::State.eq(state_of(side)))
            .add(may)
            .add(exists(both, asked, Condition::all()))
    };
    let whoever = [Asked::Usual, Asked::Unlimited];
    let mut any = Condition::any()
        .add(asking(Side::Buyer, &whoever, holds(Permission::ApproveOrder)))
        .add(asking(Side::Buyer, &[Asked::Usual], within_limit))
        .add(asking(
            Side::Provider,
            &whoever,
            holds(Permission::ApproveAsProvider),
        ));
    if !person.grants.is_empty() {
        let held = person
            .grants
            .iter()
            .fold(Condition::any(), |any, grant| any.add(asked_by_role(grant)));
        let open = order::Column::State.is_in([OrderState::PendingBuyer, OrderState::PendingProvider]);
        any = any.add(
            Condition::all()
                .add(open)
                .add(exists(both, &[Asked::Roles], held)),
        );
    }
    let named = Expr::exists(approvers(
        Condition::all().add(approval_step_approver::Column::UserId.eq(person.user_id)),
    ));
    for side in [Side::Buyer, Side::Provider] {
        let seen = Visible::of(&without_token(person), side.sight()).filter(columns);
        any = any.add(
            Condition::all()
                .add(order::Column::State.eq(state_of(side)))
                .add(seen)
                .add(exists(
                    both,
                    &[Asked::People],
                    Condition::all().add(named.clone()),
                )),
        );
    }
    any
}

/// A step that is open asks in one of these ways and fits, neither of both has decided on it, nor placed the order where that bars them.
fn exists(both: [UserId; 2], asked: &[Asked], fits: Condition) -> Expr {
    let order_of =
        Expr::col((approval_step::Entity, StepColumn::OrderId)).equals((order::Entity, order::Column::Id));
    let placer = Expr::col((order::Entity, order::Column::RequestedBy));
    let may = Condition::any()
        .add(StepColumn::PlacerMay.eq(true))
        .add(placer.clone().is_null())
        .add(placer.is_not_in(both));
    let theirs = Condition::any()
        .add(order_decision::Column::UserId.is_in(both))
        .add(order_decision::Column::StoodInFor.is_in(both));
    let decided = order_decision::Entity::find()
        .select_only()
        .expr(Expr::value(1))
        .filter(
            Expr::col((order_decision::Entity, order_decision::Column::StepId))
                .equals((approval_step::Entity, StepColumn::Id)),
        )
        .filter(theirs);
    let step = approval_step::Entity::find()
        .select_only()
        .expr(Expr::value(1))
        .filter(order_of)
        .filter(StepColumn::State.eq(StepState::Open))
        .filter(StepColumn::Asked.is_in(asked.iter().copied()))
        .filter(fits)
        .filter(may)
        .filter(Expr::exists(decided.into_query()).not());
    Expr::exists(step.into_query())
}

/// The step asks for the role of this grant, and the order lives where it is held.
fn asked_by_role(grant: &Grant) -> Condition {
    let role = Expr::exists(approvers(
        Condition::all().add(approval_step_approver::Column::Role.eq(grant.role)),
    ));
    let on = |side: Side, column: order::Column, id: uuid::Uuid| {
        Condition::all()
            .add(StepColumn::Side.eq(side))
            .add(Expr::col((order::Entity, column)).eq(id))
    };
    let there = match grant.scope {
        Scope::System => Condition::all(),
        Scope::Organization(id) => Condition::any()
            .add(on(Side::Buyer, order::Column::OrganizationId, id.0))
            .add(on(Side::Provider, order::Column::ProviderId, id.0)),
        Scope::Project(id) => on(Side::Buyer, order::Column::ProjectId, id.0),
        Scope::Provider(id) => on(Side::Provider, order::Column::ProviderId, id.0),
        Scope::Offering(id) => on(Side::Provider, order::Column::OfferingId, id.0),
    };
    Condition::all().add(role).add(there)
}

/// Whom the step asks.
fn approvers(which: Condition) -> SelectStatement {
    approval_step_approver::Entity::find()
        .select_only()
        .expr(Expr::value(1))
        .filter(
            Expr::col((
                approval_step_approver::Entity,
                approval_step_approver::Column::StepId,
            ))
            .equals((approval_step::Entity, StepColumn::Id)),
        )
        .filter(which)
        .into_query()
}
