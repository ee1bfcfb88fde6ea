//! Whose turn it is: who decides on a step, what opens once it is decided, and noting what was decided.

use entity::order_decision;
use model::{Approvers, Asked, Side, StepState, UserId, Verdict};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel};

use super::facts::Facts;
use super::plan::not_asked;
use super::power::{power, sees};
use super::steps::{OpenStep, Steps, reminder};
use crate::actor::Actor;
use crate::core::Core;

/// That somebody may decide on a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Turn {
    /// Why, in words.
    pub(crate) rule: String,
    /// For whom, where it is a deputy.
    pub(crate) stood_in_for: Option<UserId>,
}

/// Why somebody may not decide on a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhyNot {
    /// It does not ask them.
    NotAsked,
    /// They have decided on it already.
    Decided,
    /// They have placed the order, and the rule asks somebody else.
    Placed,
}

impl Steps {
    /// Opens the next step that somebody must be asked about; none where nobody must. Those are passed for which the actor could
    /// decide as well: nobody is asked twice. So is the provider's where its offering has come to be delivered without asking.
    pub(crate) async fn open_next(
        &self,
        core: &Core,
        tx: &DatabaseTransaction,
        facts: &Facts<'_>,
    ) -> Result<Option<OpenStep>, DbErr> {
        // Who helps out from the installation decides on the step that waits, and on no other.
        let own = facts.actor.without_installation();
        let facts = &Facts {
            actor: &own,
            ..*facts
        };
        for row in self.rows.iter().filter(|row| row.state == StepState::Later) {
            let mut step = self.step(row);
            if let Some(words) = passes(&step, facts) {
                let mut row = row.clone().into_active_model();
                row.rule = Set(words);
                row.state = Set(StepState::Skipped);
                row.closed_at = Set(Some(core.now()));
                row.update(tx).await?;
                continue;
            }
            let mut opened = row.clone().into_active_model();
            opened.state = Set(StepState::Open);
            opened.opened_at = Set(Some(core.now()));
            opened.remind_at = Set(reminder(core, row.remind_days));
            step.row = opened.update(tx).await?;
            return Ok(Some(step));
        }
        Ok(None)
    }

    /// The sides of an order on which `facts.actor` may decide on some step or on what nobody else is asked about, as themselves
    /// or for somebody who is away.
    pub(crate) fn sides_of(&self, facts: &Facts<'_>) -> Vec<Side> {
        let absent = facts.actor.absent_people();
        let people: Vec<&Actor> = std::iter::once(facts.actor).chain(&absent).collect();
        let may = |who: &Approvers, side: Side| {
            let seeing = |person: &&&Actor| {
                person.user_id == facts.actor.user_id || sees(facts.actor, side, &facts.target)
            };
            people
                .iter()
                .filter(seeing)
                .any(|actor| power(&Facts { actor, ..*facts }, who, side).is_some())
        };
        let asks = |side: Side| self.whom(side).any(|who| may(&who, side));
        let sides = [Side::Buyer, Side::Provider].into_iter();
        sides
            .filter(|side| may(&Approvers::Usual, *side) || asks(*side))
            .collect()
    }
}

impl OpenStep {
    /// That `facts.actor` may decide on it, as themselves or for somebody who is away, or why not.
    pub(crate) fn turn_of(&self, facts: &Facts<'_>) -> Result<Turn, WhyNot> {
        let mut why_not = WhyNot::NotAsked;
        let absent = facts.actor.absent_people();
        let people = std::iter::once(facts.actor).chain(&absent);
        for person in people {
            let stands_in = person.user_id != facts.actor.user_id;
            if stands_in && !sees(facts.actor, self.row.side, &facts.target) {
                continue;
            }
            let theirs = Facts {
                actor: person,
                ..*facts
            };
            let Some(words) = power(&theirs, &self.who, self.row.side) else {
                continue;
            };
            let both = [facts.actor.user_id, person.user_id];
            if both.iter().any(|one| self.has_decided(*one)) {
                why_not = WhyNot::Decided;
                continue;
            }
            // Nobody decides on their own order with the power of somebody else.
            let own = stands_in && self.requested_by == Some(facts.actor.user_id);
            let barred =
                !self.row.placer_may && self.requested_by.is_some_and(|placer| both.contains(&placer));
            if own || barred {
                why_not = WhyNot::Placed;
                continue;
            }
            return Ok(Turn {
                rule: if stands_in {
                    format!(
                        "{} decides for {}, who is away. {words}",
                        facts.actor.name, person.name
                    )
                } else {
                    words
                },
                stood_in_for: stands_in.then_some(person.user_id),
            });
        }
        Err(why_not)
    }
}

/// Why nobody need be asked about a step whose turn has come.
fn passes(step: &OpenStep, facts: &Facts<'_>) -> Option<String> {
    let built_in = step.row.rule_id.is_none() && step.row.asked == Asked::Usual;
    if built_in && step.row.side == Side::Provider && !facts.provider_approval {
        return Some(not_asked(facts));
    }
    let alone = step.row.needed == 1;
    let turn = alone.then(|| step.turn_of(facts).ok()).flatten()?;
    // What is decided for somebody else is decided, not passed.
    if turn.stood_in_for.is_some() {
        return None;
    }
    Some(match step.row.rule_id {
        Some(_) => format!("{} {}", step.row.rule, turn.rule),
        None => turn.rule,
    })
}

/// Notes the decision of a person on a step.
pub(crate) async fn insert_decision(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    step: &OpenStep,
    (turn, verdict, comment): (Turn, Verdict, &str),
) -> Result<(), DbErr> {
    let row = order_decision::ActiveModel {
        id: Set(core.new_id(|id| id)),
        order_id: Set(step.row.order_id),
        step_id: Set(step.row.id),
        verdict: Set(verdict),
        user_id: Set(actor.stored_id()),
        stood_in_for: Set(turn.stood_in_for),
        rule: Set(turn.rule),
        comment: Set(comment.to_owned()),
        created_at: Set(core.now()),
    };
    order_decision::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
