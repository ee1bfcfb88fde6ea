//! The steps of an order: made with it, opened one after another, closed by decisions.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{approval_step, approval_step_approver, order, order_decision};
use model::{
    ApprovalStep, ApprovalStepId, Approvers, Asked, Decision, LONGEST_STEP_DAYS, OrderId, Side, StepState,
    UserId,
};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, QueryTrait,
};

use super::built_in;
use super::names::names_by_id;
use super::plan::{Planned, Then};
use crate::core::Core;

/// The steps of an order with whom they ask and what was decided.
pub(crate) struct Steps {
    pub(crate) rows: Vec<approval_step::Model>,
    approvers: HashMap<ApprovalStepId, Vec<approval_step_approver::Model>>,
    /// The oldest first.
    pub(crate) decisions: Vec<order_decision::Model>,
    requested_by: Option<UserId>,
}

/// A step on which somebody can decide.
#[derive(Debug, Clone)]
pub(crate) struct OpenStep {
    pub(crate) row: approval_step::Model,
    pub(crate) who: Approvers,
    /// What was decided on it.
    pub(crate) decisions: Vec<order_decision::Model>,
    /// Who placed the order.
    pub(crate) requested_by: Option<UserId>,
}

impl OpenStep {
    /// Whether somebody has decided on it, themselves or through a deputy.
    pub(crate) fn has_decided(&self, person: UserId) -> bool {
        let mut decisions = self.decisions.iter();
        decisions.any(|one| one.user_id == Some(person) || one.stood_in_for == Some(person))
    }

    /// How many approvals are missing.
    pub(crate) fn missing(&self) -> usize {
        usize::try_from(self.row.needed)
            .unwrap_or(1)
            .saturating_sub(self.decisions.len())
    }

    /// Whether it asks somebody in particular.
    pub(crate) fn asks_in_particular(&self) -> bool {
        self.row.asked.is_particular()
    }

    /// How many days it may wait.
    pub(crate) fn due_days(&self) -> u16 {
        due_days(&self.row)
    }
}

/// How many days a step may wait.
pub(crate) fn due_days(row: &approval_step::Model) -> u16 {
    u16::try_from(row.due_days).unwrap_or(LONGEST_STEP_DAYS)
}

impl Steps {
    /// Of an order that `requested_by` has placed. Two queries, one more where roles or people are asked.
    pub(crate) async fn of_order(
        conn: &impl ConnectionTrait,
        (order, requested_by): (OrderId, Option<UserId>),
    ) -> Result<Self, DbErr> {
        let rows = approval_step::Entity::find_of_order(order).all(conn).await?;
        let decisions = order_decision::Entity::find_of_order(order).all(conn).await?;
        let named = rows.iter().filter(|row| row.asked.is_particular());
        let named: Vec<ApprovalStepId> = named.map(|row| row.id).collect();
        let mut approvers: HashMap<ApprovalStepId, Vec<approval_step_approver::Model>> = HashMap::new();
        if !named.is_empty() {
            let found = approval_step_approver::Entity::find()
                .filter(approval_step_approver::Column::StepId.is_in(named))
                .all(conn)
                .await?;
            for one in found {
                approvers.entry(one.step_id).or_default().push(one);
            }
        }
        Ok(Self {
            rows,
            approvers,
            decisions,
            requested_by,
        })
    }

    /// The step on which somebody can decide now.
    pub(crate) fn open(&self) -> Option<OpenStep> {
        let row = self.rows.iter().find(|row| row.state == StepState::Open)?;
        Some(self.step(row))
    }

    /// What was decided on a step, the oldest first.
    pub(crate) fn decisions_on(&self, id: ApprovalStepId) -> impl Iterator<Item = &order_decision::Model> {
        self.decisions.iter().filter(move |one| one.step_id == id)
    }

    /// As people see them. `asked` are the names of those who can decide on the open one, which is decided until `due`. Rules of a
    /// side are hidden behind the words that `hidden` has for it: they are its own business.
    pub(crate) async fn shown(
        &self,
        conn: &impl ConnectionTrait,
        (asked, due): (Vec<String>, Option<DateTime<Utc>>),
        hidden: impl Fn(Side) -> Option<String>,
    ) -> Result<Vec<ApprovalStep>, DbErr> {
        let mut people = BTreeSet::new();
        for one in &self.decisions {
            people.extend(one.user_id);
            people.extend(one.stood_in_for);
        }
        let names = names_by_id(conn, people).await?;
        let name = |id: UserId| names.get(&id).cloned();
        let decision = |one: &order_decision::Model, side: Side| Decision {
            verdict: one.verdict,
            by: one.user_id.and_then(name).unwrap_or_else(|| "Stoa".to_owned()),
            stood_in_for: one.stood_in_for.and_then(name),
            at: one.created_at,
            rule: hidden(side).unwrap_or_else(|| one.rule.clone()),
            comment: one.comment.clone(),
        };
        // That what is over ends is nobody's own rule.
        let of_nobody = built_in::before().name;
        let shown = |row: &approval_step::Model| {
            let hidden = |side: Side| hidden(side).filter(|_| row.rule != of_nobody);
            let is_open = row.state == StepState::Open;
            ApprovalStep {
                position: u16::try_from(row.position).unwrap_or(u16::MAX),
                side: row.side,
                state: row.state,
                rule: hidden(row.side).unwrap_or_else(|| row.rule.clone()),
                people: if is_open { asked.clone() } else { Vec::new() },
                needed: u16::try_from(row.needed).unwrap_or(u16::MAX),
                since: row.opened_at,
                due: due.filter(|_| is_open),
                decisions: self
                    .decisions_on(row.id)
                    .map(|one| decision(one, row.side))
                    .collect(),
            }
        };
        Ok(self.rows.iter().map(shown).collect())
    }

    /// Whom the steps of a side ask.
    pub(super) fn whom(&self, side: Side) -> impl Iterator<Item = Approvers> {
        self.rows
            .iter()
            .filter(move |row| row.side == side)
            .map(|row| self.who(row))
    }

    pub(super) fn step(&self, row: &approval_step::Model) -> OpenStep {
        OpenStep {
            who: self.who(row),
            row: row.clone(),
            decisions: self.decisions_on(row.id).cloned().collect(),
            requested_by: self.requested_by,
        }
    }

    fn who(&self, row: &approval_step::Model) -> Approvers {
        let named = self.approvers.get(&row.id).map_or(&[][..], Vec::as_slice);
        match row.asked {
            Asked::Usual => Approvers::Usual,
            Asked::Unlimited => Approvers::Unlimited,
            Asked::Roles => Approvers::Roles(named.iter().filter_map(|one| one.role).collect()),
            Asked::People => Approvers::People(named.iter().filter_map(|one| one.user_id).collect()),
        }
    }
}

/// When those who are asked are reminded first, or once more.
pub(super) fn reminder(core: &Core, days: Option<i32>) -> Option<DateTime<Utc>> {
    let span = TimeDelta::try_days(i64::from(days?))?;
    core.now().checked_add_signed(span)
}

/// Stores the steps of a new order. The first that asks somebody is open; that one is answered.
pub(crate) async fn insert_planned(
    core: &Core,
    tx: &DatabaseTransaction,
    (order, requested_by): (OrderId, Option<UserId>),
    planned: Vec<Planned>,
) -> Result<Option<OpenStep>, DbErr> {
    let mut open: Option<OpenStep> = None;
    let (mut rows, mut approvers) = (Vec::new(), Vec::new());
    for (place, step) in (1..).zip(planned) {
        let (row, who) = row_of(core, order, place, step, open.is_some());
        approvers.extend(approvers_of(core, row.id, &who));
        if row.state == StepState::Open {
            open = Some(OpenStep {
                row: row.clone(),
                who,
                decisions: Vec::new(),
                requested_by,
            });
        }
        rows.push(row.into_active_model().reset_all());
    }
    approval_step::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    if !approvers.is_empty() {
        approval_step_approver::Entity::insert_many(approvers)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(open)
}

fn row_of(
    core: &Core,
    order_id: OrderId,
    position: i32,
    step: Planned,
    another_is_open: bool,
) -> (approval_step::Model, Approvers) {
    let now = core.now();
    let (state, ask, needed, placer_may) = match step.then {
        Then::Passes => (StepState::Skipped, model::Ask::usual(), 1, true),
        Then::Asks {
            ask,
            needed,
            placer_may,
        } if another_is_open => (StepState::Later, ask, needed, placer_may),
        Then::Asks {
            ask,
            needed,
            placer_may,
        } => (StepState::Open, ask, needed, placer_may),
    };
    let remind_days = ask.remind_days.map(i32::from);
    let is_open = state == StepState::Open;
    let row = approval_step::Model {
        id: core.new_id(ApprovalStepId),
        order_id,
        position,
        side: step.side,
        rule_id: step.rule_id,
        rule: step.rule,
        state,
        asked: ask.who.asked(),
        needed: i32::from(needed),
        placer_may,
        due_days: i32::from(ask.due_days),
        remind_days,
        opened_at: is_open.then_some(now),
        remind_at: is_open.then(|| reminder(core, remind_days)).flatten(),
        closed_at: (state == StepState::Skipped).then_some(now),
    };
    (row, ask.who)
}

fn approvers_of(
    core: &Core,
    step: ApprovalStepId,
    who: &Approvers,
) -> Vec<approval_step_approver::ActiveModel> {
    let row = |role, user| approval_step_approver::ActiveModel {
        id: Set(core.new_id(|id| id)),
        step_id: Set(step),
        role: Set(role),
        user_id: Set(user),
    };
    match who {
        Approvers::Usual | Approvers::Unlimited => Vec::new(),
        Approvers::Roles(roles) => roles.iter().map(|role| row(Some(*role), None)).collect(),
        Approvers::People(people) => people.iter().map(|person| row(None, Some(*person))).collect(),
    }
}

/// Closes a step as it was decided.
pub(crate) async fn close(
    core: &Core,
    tx: &DatabaseTransaction,
    row: approval_step::Model,
    state: StepState,
) -> Result<(), DbErr> {
    let mut row = row.into_active_model();
    row.state = Set(state);
    row.remind_at = Set(None);
    row.closed_at = Set(Some(core.now()));
    row.update(tx).await?;
    Ok(())
}

/// Closes what was not decided when an order waits for nobody any more.
pub(crate) async fn drop_rest(core: &Core, tx: &DatabaseTransaction, order: OrderId) -> Result<(), DbErr> {
    let dropped = approval_step::ActiveModel {
        state: Set(StepState::Dropped),
        remind_at: Set(None),
        closed_at: Set(Some(core.now())),
        ..Default::default()
    };
    approval_step::Entity::update_many()
        .set(dropped)
        .filter(approval_step::Column::OrderId.eq(order))
        .filter(approval_step::Column::State.is_in([StepState::Open, StepState::Later]))
        .exec(tx)
        .await?;
    Ok(())
}

/// Orders with an open step whose reminder is due, or that asks somebody in particular or more than one, who may be there no more.
pub(crate) fn due_for_look(now: DateTime<Utc>) -> SimpleExpr {
    let due = Condition::any()
        .add(approval_step::Column::RemindAt.lte(now))
        .add(approval_step::Column::Asked.is_in([Asked::Roles, Asked::People]))
        .add(approval_step::Column::Needed.gt(1));
    let open = approval_step::Entity::find()
        .select_only()
        .column(approval_step::Column::OrderId)
        .filter(approval_step::Column::State.eq(StepState::Open))
        .filter(due);
    order::Column::Id.in_subquery(open.into_query())
}

/// Those whom an open step asks have been reminded: they are once more after as many days, if nobody decides.
pub(crate) async fn put_off_reminder(
    core: &Core,
    tx: &DatabaseTransaction,
    step: &OpenStep,
) -> Result<(), DbErr> {
    let mut row = step.row.clone().into_active_model();
    row.remind_at = Set(reminder(core, step.row.remind_days));
    row.update(tx).await?;
    Ok(())
}

/// A rule in words, for a step on which it is enough that so many agree, in all.
pub(crate) fn with_fewer(rule: &str, enough: usize) -> String {
    const FEWER: &str = " Fewer people can decide than it asks for, so it is enough when";
    let rule = rule.split_once(FEWER).map_or(rule, |(before, _)| before);
    match enough {
        1 => format!("{rule}{FEWER} one agrees."),
        enough => format!("{rule}{FEWER} {enough} agree."),
    }
}

/// It is enough on a step when so many people agree, in all: there are not more.
pub(crate) async fn ask_fewer(
    tx: &DatabaseTransaction,
    step: OpenStep,
    enough: usize,
) -> Result<OpenStep, DbErr> {
    let words = with_fewer(&step.row.rule, enough);
    let mut row = step.row.into_active_model();
    row.needed = Set(i32::try_from(enough).unwrap_or(i32::MAX));
    row.rule = Set(words);
    let row = row.update(tx).await?;
    Ok(OpenStep { row, ..step })
}

/// A rule in words, for a step that asks others instead.
pub(crate) fn reassigned(rule: &str) -> String {
    const INSTEAD: &str =
        " Not enough of those whom it asks can decide, so whoever may approve without limit decides instead.";
    let rule = rule.split_once(INSTEAD).map_or(rule, |(before, _)| before);
    format!("{rule}{INSTEAD}")
}

/// Whoever may approve orders without limit decides on a step from now on: too few of those whom it asked can. Those who may by
/// the project's limit alone do not come to decide so: some of them say who is in the project.
/// Whoever placed the order is none of them unless `placer_may`.
pub(crate) async fn reassign(
    tx: &DatabaseTransaction,
    step: OpenStep,
    placer_may: bool,
) -> Result<OpenStep, DbErr> {
    approval_step_approver::Entity::delete_many()
        .filter(approval_step_approver::Column::StepId.eq(step.row.id))
        .exec(tx)
        .await?;
    let words = reassigned(&step.row.rule);
    let mut row = step.row.into_active_model();
    row.asked = Set(Asked::Unlimited);
    row.placer_may = Set(placer_may);
    row.rule = Set(words);
    let row = row.update(tx).await?;
    let who = Approvers::Unlimited;
    Ok(OpenStep { row, who, ..step })
}
