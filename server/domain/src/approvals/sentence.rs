//! Rules in words.

use std::collections::HashMap;

use model::{Approvers, Ask, Role, RuleConditions, RuleEffect, Side, UserId};
use uuid::Uuid;

/// What the ids in a rule are called; what is gone is missing.
pub(super) type Called = HashMap<Uuid, String>;

/// `owner, accountant or manager`.
pub(super) fn roles(roles: &[Role], joined: &str) -> String {
    let names: Vec<String> = roles.iter().map(|role| role.label().to_lowercase()).collect();
    list(&names, joined)
}

/// Who must agree; people by name as far as they are `called` something.
pub(super) fn asked(ask: &Ask, side: Side, called: &Called) -> String {
    let mut words = match (&ask.who, ask.count) {
        (Approvers::Usual | Approvers::Unlimited, count) => {
            let may = match (&ask.who, side) {
                (Approvers::Unlimited, Side::Buyer) => "approve orders without limit",
                (_, Side::Buyer) => "approve orders",
                (_, Side::Provider) => "accept orders",
            };
            match count {
                1 => format!("somebody who may {may} must agree"),
                _ => format!("{count} people who may {may} must agree"),
            }
        }
        (Approvers::Roles(held), 1) => format!("somebody with the role {} must agree", roles(held, "or")),
        (Approvers::Roles(held), count) => {
            format!("{count} people with the role {} must agree", roles(held, "or"))
        }
        (Approvers::People(people), count) if is_all_called(people, called) => {
            let names = |joined: &str| list(&names_of(people, called), joined);
            match usize::from(count) {
                1 => format!("{} must agree", names("or")),
                count if count == people.len() => format!("{} must agree", names("and")),
                count => format!("{count} of {} must agree", names("and")),
            }
        }
        (Approvers::People(people), 1) if people.len() == 1 => "the person named must agree".to_owned(),
        (Approvers::People(_), 1) => "one of the people named must agree".to_owned(),
        (Approvers::People(people), count) if people.len() == usize::from(count) => match count {
            2 => "both people named must agree".to_owned(),
            count => format!("all {count} people named must agree"),
        },
        (Approvers::People(_), count) => format!("{count} of the people named must agree"),
    };
    if !ask.placer_counts {
        words.push_str(", other than whoever orders");
    }
    words
}

fn is_all_called(people: &[UserId], called: &Called) -> bool {
    people.iter().all(|person| called.contains_key(&person.0))
}

fn names_of(people: &[UserId], called: &Called) -> Vec<String> {
    let names = people.iter().filter_map(|person| called.get(&person.0).cloned());
    names.collect()
}

/// A rule in one sentence, or a few.
pub(super) fn of(when: &RuleConditions, then: &RuleEffect, side: Side, called: &Called) -> String {
    let orders = conditions(when, called);
    match then {
        RuleEffect::Skip => format!("{orders}: nobody else is asked."),
        RuleEffect::Refuse { reason } => format!("{orders} are not taken: {reason}"),
        RuleEffect::Ask(ask) => {
            let last = if ask.is_last { "; nobody else is asked" } else { "" };
            let remind = match ask.remind_days {
                Some(1) => ", reminded every day".to_owned(),
                Some(days) => format!(", reminded every {days} days"),
                None => String::new(),
            };
            let within = match ask.due_days {
                1 => "a day".to_owned(),
                days => format!("{days} days"),
            };
            let asked = asked(ask, side, called);
            format!("{orders}: within {within} {asked}{remind}{last}.")
        }
    }
}

fn conditions(when: &RuleConditions, called: &Called) -> String {
    let RuleConditions {
        kinds,
        commits_over,
        commits_up_to,
        categories,
        offerings,
        placed_by,
    } = when;
    let mut parts = Vec::new();
    if !kinds.is_empty() {
        let kinds: Vec<String> = kinds.iter().map(|kind| kind.label().to_lowercase()).collect();
        parts.push(format!("for a {}", list(&kinds, "or")));
    }
    let named = |ids: Vec<Uuid>| -> String {
        let names: Vec<String> = ids
            .iter()
            .map(|id| {
                called
                    .get(id)
                    .cloned()
                    .unwrap_or_else(|| "something that is gone or not shown here".into())
            })
            .collect();
        list(&names, "or")
    };
    if !offerings.is_empty() {
        parts.push(format!("of {}", named(offerings.iter().map(|id| id.0).collect())));
    }
    if !categories.is_empty() {
        parts.push(format!(
            "in {}",
            named(categories.iter().map(|id| id.0).collect())
        ));
    }
    match (commits_over, commits_up_to) {
        (Some(over), Some(up_to)) => {
            parts.push(format!("that commit to more than {over} and up to {up_to}"));
        }
        (Some(over), None) => parts.push(format!("that commit to more than {over}")),
        (None, Some(up_to)) => parts.push(format!("that commit to up to {up_to}")),
        (None, None) => {}
    }
    if !placed_by.is_empty() {
        parts.push(format!("placed by somebody who is {}", roles(placed_by, "or")));
    }
    if parts.is_empty() {
        "All orders".to_owned()
    } else {
        format!("Orders {}", parts.join(", "))
    }
}

fn list(names: &[String], joined: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {joined} {last}", first.join(", ")),
    }
}
