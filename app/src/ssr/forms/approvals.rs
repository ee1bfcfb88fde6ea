//! Rules of approval and deputies.

use model::ApprovalRuleId;

use super::{One, Text, form};

form! {
    /// A rule of a place. What it says is read with all other faults.
    CreateApprovalRule {
        scope: Text; scope_id: Text,
        name: One, side: One, is_active: One,
        kinds: Vec<String>, commits_over: One, commits_up_to: One, currency: One,
        categories: Vec<String>, offerings: Vec<String>, placed_by: Vec<String>,
        action: One, who: One, roles: Vec<String>, people: One, count: One, placer_counts: One, is_last: One,
        due_days: One, remind_days: One, reason: One
    }
}

form! {
    /// A rule that is changed. What it says is read with all other faults.
    ChangeApprovalRule {
        rule: ApprovalRuleId, revision: i32;
        scope: Text, scope_id: Text,
        name: One, side: One, is_active: One,
        kinds: Vec<String>, commits_over: One, commits_up_to: One, currency: One,
        categories: Vec<String>, offerings: Vec<String>, placed_by: Vec<String>,
        action: One, who: One, roles: Vec<String>, people: One, count: One, placer_counts: One, is_last: One,
        due_days: One, remind_days: One, reason: One
    }
}

form! {
    /// A place for a rule among those there.
    MoveApprovalRule { rule: ApprovalRuleId, position: u16; scope: Text, scope_id: Text }
}

form! {
    /// The end of a rule.
    RemoveApprovalRule { rule: ApprovalRuleId; scope: Text, scope_id: Text }
}

form! {
    /// Who decides for somebody who is away. The days are read with all other faults.
    NameDeputy { ; email: Text, first_day: One, last_day: One }
}

form! {
    /// The end of that.
    TakeBackDeputy { ; }
}
