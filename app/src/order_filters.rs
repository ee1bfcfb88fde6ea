//! The groups of states by which lists of orders are narrowed down.

use model::OrderState;

/// The quick filters: value in the address, words, states.
pub const QUICK_FILTERS: [(&str, &str, &[OrderState]); 5] = [
    ("", "All", &[]),
    (
        "waiting",
        "Waiting",
        &[
            OrderState::PendingBuyer,
            OrderState::PendingProvider,
            OrderState::PendingStart,
        ],
    ),
    ("executing", "In progress", &[OrderState::Executing]),
    ("erred", "Failed", &[OrderState::Erred]),
    (
        "over",
        "Over",
        &[
            OrderState::Done,
            OrderState::Rejected,
            OrderState::Canceled,
            OrderState::Expired,
        ],
    ),
];

/// The value in the address for every order that is not over.
pub const OPEN: &str = "open";

/// The states that a quick filter or [`OPEN`] stands for, or the one that is named; none means any.
pub fn states_of(name: &str) -> Vec<OrderState> {
    if name == OPEN {
        let open = OrderState::ALL.iter().filter(|state| !state.is_terminal());
        return open.copied().collect();
    }
    let group = QUICK_FILTERS.iter().find(|(value, ..)| *value == name);
    group.map_or_else(
        || OrderState::parse(name).into_iter().collect(),
        |(_, _, states)| states.to_vec(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_in_one_quick_filter() {
        for state in OrderState::ALL {
            let groups = QUICK_FILTERS
                .iter()
                .filter(|(_, _, states)| states.contains(state))
                .count();
            assert_eq!(groups, 1, "{state}");
        }
        assert_eq!(states_of("erred"), [OrderState::Erred]);
        let (open, over) = (states_of(OPEN), states_of("over"));
        assert!(open.iter().all(|state| !over.contains(state)), "{open:?}");
        assert_eq!(open.len() + over.len(), OrderState::ALL.len());
        assert!(states_of("nonsense").is_empty());
    }
}
