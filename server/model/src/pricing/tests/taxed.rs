//! What is given back is given back with the tax at which it was billed.

use proptest::prelude::*;

use super::{cores, date, eur, fixed, per_unit};
use crate::fixed::Fixed;
use crate::period::LimitPeriod;
use crate::pricing::schedule::{differences, differences_by_tax};
use crate::pricing::{Line, PaidUnits, TaxRate};

/// A line of so many cores at 10.
fn line(cores_held: u32) -> Option<Line> {
    let terms = cores(LimitPeriod::Total);
    let limit = fixed(&cores_held.to_string());
    let lines = eur(&terms).total_limit(
        &per_unit("p", "10"),
        &mut PaidUnits::default(),
        (limit, &TaxRate::none()),
        date("2025-07-20"),
    );
    lines.unwrap().pop().map(|(_, line)| line)
}

fn known(history: &[(u8, u32)]) -> Vec<(u8, Vec<Line>)> {
    let of_month = |(tax, held): &(u8, u32)| (*tax, line(*held).into_iter().collect());
    history.iter().map(of_month).collect()
}

fn told(history: &[(u8, u32)]) -> Vec<(u8, String)> {
    let due = differences_by_tax(&known(history)).unwrap();
    due.into_iter()
        .map(|(tax, line)| (tax, line.amount.plain()))
        .collect()
}

#[test]
fn what_was_billed_last_is_given_back_first() {
    let text = |due: &[(u8, &str)]| {
        due.iter()
            .map(|(tax, amount)| (*tax, (*amount).to_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&[(22, 5)]), text(&[(22, "50.00")]));
    assert_eq!(told(&[(22, 5), (24, 7)]), text(&[(24, "20.00")]));
    assert_eq!(told(&[(22, 5), (24, 7), (24, 6)]), text(&[(24, "-10.00")]));
    assert_eq!(
        told(&[(22, 5), (24, 7), (9, 3)]),
        text(&[(24, "-20.00"), (22, "-20.00")])
    );
    assert_eq!(told(&[(22, 5), (24, 7), (9, 5)]), text(&[(24, "-20.00")]));
    assert_eq!(
        told(&[(22, 5), (24, 7), (9, 0)]),
        text(&[(24, "-20.00"), (22, "-50.00")])
    );
    assert_eq!(told(&[(22, 5), (24, 0), (24, 3)]), text(&[(24, "30.00")]));
    assert_eq!(told(&[(22, 5), (24, 3), (22, 4)]), text(&[(22, "10.00")]));
    assert_eq!(told(&[(22, 5), (24, 5)]), text(&[]));
    assert_eq!(told(&[]), text(&[]));
}

proptest! {
    #[test]
    fn at_each_tax_no_more_is_given_back_than_was_billed_and_in_all_it_is_the_difference(
        history in prop::collection::vec((0_u8..3, 0_u32..6), 1..9),
    ) {
        let mut billed = [Fixed::ZERO; 3];
        for end in 1..=history.len() {
            let seen = known(&history[..end]);
            let due = differences_by_tax(&seen).unwrap();
            let before = end.checked_sub(2).map(|index| seen[index].1.clone()).unwrap_or_default();
            let plain = differences(&seen[end - 1].1, &before).unwrap();
            let sum = |lines: &mut dyn Iterator<Item = &Line>| {
                lines.fold(Fixed::ZERO, |sum, line| sum.checked_add(line.exact).unwrap())
            };
            prop_assert_eq!(sum(&mut due.iter().map(|(_, line)| line)), sum(&mut plain.iter()));
            for (tax, line) in &due {
                let so_far = &mut billed[usize::from(*tax)];
                *so_far = so_far.checked_add(line.exact).unwrap();
                prop_assert!(!so_far.is_negative());
            }
            let one_tax: Vec<_> = seen.iter().map(|(_, lines)| ((), lines.clone())).collect();
            let of_one: Vec<_> = differences_by_tax(&one_tax).unwrap().into_iter().map(|((), line)| line).collect();
            prop_assert_eq!(of_one, plain);
        }
    }
}
