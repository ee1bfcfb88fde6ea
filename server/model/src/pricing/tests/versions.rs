//! Which version of a price counts for whom, and when.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::fixed;
use crate::ids::{PriceId, TermsId};
use crate::offering::ChargeMode;
use crate::period::{BillingPeriod, Proration};
use crate::pricing::{
    Binding, PlanTerms, Price, PriceChanges, PriceScheme, PriceVersion, TermsVersion, Tier, price_timeline,
    published, terms_timeline,
};
use crate::{Fixed, pricing::Version as _};

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn version(number: u128, saved_at: &str, starts_at: &str, price: &str) -> PriceVersion {
    PriceVersion {
        id: PriceId(Uuid::from_u128(number)),
        saved_at: instant(saved_at),
        starts_at: instant(starts_at),
        every: BillingPeriod::Month,
        corrects: None,
        price: Price {
            version: number.to_string(),
            scheme: PriceScheme::per_unit(fixed(price)),
        },
    }
}

fn terms(number: u128, at: &str, price_changes: PriceChanges) -> TermsVersion {
    TermsVersion {
        id: TermsId(Uuid::from_u128(number)),
        saved_at: instant(at),
        starts_at: instant(at),
        terms: PlanTerms {
            billing_period: BillingPeriod::Month,
            proration: Proration::Day,
            charge_mode: ChargeMode::Arrears,
            setup_fee: Fixed::ZERO,
            price_changes,
        },
    }
}

fn bound(placed_at: &str, price: u128) -> Binding {
    let placed_at = instant(placed_at);
    Binding {
        placed_at: Some(placed_at),
        begun_at: None,
        valid_until: Some(placed_at + TimeDelta::days(30)),
        terms: Some(TermsId(Uuid::from_u128(1))),
        prices: [PriceId(Uuid::from_u128(price))].into(),
    }
}

/// The prices and the instants from which they count after the one that was bound.
fn steps(versions: &[PriceVersion], terms: &[TermsVersion], binding: &Binding) -> Vec<String> {
    let timeline = price_timeline(versions, binding, &terms_timeline(terms, binding));
    timeline
        .after(DateTime::<Utc>::MIN_UTC)
        .map(|(from, version)| format!("{} {}", from.format("%F %R"), version.id.0.as_u128()))
        .collect()
}

const NOTICE: PriceChanges = PriceChanges::WithNotice { days: 30 };
const YEAR: &str = "2025-01-01T00:00:00Z";

#[test]
fn who_orders_gets_the_newest_version_that_has_begun() {
    let versions = [
        version(1, YEAR, YEAR, "10"),
        version(2, "2025-02-01T12:00:00Z", "2025-03-01T00:00:00Z", "20"),
    ];
    let of = |at: &str| published(&versions, instant(at)).map(|version| version.id.0.as_u128());
    assert_eq!(
        of("2024-12-31T23:59:59Z"),
        None,
        "before the first there is no price"
    );
    assert_eq!(of("2025-02-28T23:59:59Z"), Some(1));
    assert_eq!(of("2025-03-01T00:00:00Z"), Some(2));
}

#[test]
fn a_raise_reaches_what_was_ordered_before_after_its_notice() {
    let versions = [
        version(1, YEAR, YEAR, "10"),
        version(2, "2025-06-10T15:00:00Z", "2025-06-10T15:00:00Z", "20"),
    ];
    let terms = [terms(1, YEAR, NOTICE)];
    let ordered = |at: &str| steps(&versions, &terms, &bound(at, 1));
    assert_eq!(ordered("2025-03-01T00:00:00Z"), ["2025-07-10 15:00 2"]);
    // Placed at ten, the price was saved at fifteen: the quote holds for as long as it said.
    assert_eq!(ordered("2025-06-10T10:00:00Z"), ["2025-07-10 15:00 2"]);
}

#[test]
fn a_quote_holds_until_it_expires_though_the_plan_gives_no_notice() {
    let versions = [
        version(1, YEAR, YEAR, "450"),
        version(2, "2025-06-10T15:00:00Z", "2025-06-10T15:00:00Z", "45000"),
    ];
    let terms = [terms(1, YEAR, PriceChanges::WithNotice { days: 0 })];
    assert_eq!(
        steps(&versions, &terms, &bound("2025-06-10T10:00:00Z", 1)),
        ["2025-07-10 10:00 2"]
    );
    assert_eq!(
        steps(&versions, &terms, &bound("2025-01-10T10:00:00Z", 1)),
        ["2025-06-10 15:00 2"]
    );
    // What runs when it is published has the notice of its plan, however young it is.
    let runs = Binding {
        begun_at: Some(instant("2025-06-10T12:00:00Z")),
        ..bound("2025-06-10T10:00:00Z", 1)
    };
    assert_eq!(steps(&versions, &terms, &runs), ["2025-06-10 15:00 2"]);
}

#[test]
fn a_quote_that_ended_before_what_was_ordered_is_had_holds_once_more() {
    let versions = [
        version(1, YEAR, YEAR, "450"),
        version(2, "2025-06-10T15:00:00Z", "2025-06-10T15:00:00Z", "45000"),
    ];
    let terms = [terms(1, YEAR, PriceChanges::WithNotice { days: 0 })];
    let begun = |at: &str| bound("2025-06-10T10:00:00Z", 1).begun(instant(at));
    let reached = |at: &str| steps(&versions, &terms, &begun(at));
    assert_eq!(reached("2025-07-10T09:59:59Z"), ["2025-07-10 10:00 2"]);
    assert_eq!(reached("2025-07-10T10:00:00Z"), ["2025-08-09 10:00 2"]);
    assert_eq!(reached("2025-08-01T09:00:00Z"), ["2025-08-31 09:00 2"]);
    let first = begun("2025-08-01T09:00:00Z");
    assert_eq!(
        first.clone().begun(instant("2025-12-01T00:00:00Z")),
        first,
        "a change within it"
    );
}

#[test]
fn what_was_published_before_the_order_comes_on_its_day() {
    let versions = [
        version(1, YEAR, YEAR, "10"),
        version(2, "2025-02-01T00:00:00Z", "2025-07-01T00:00:00Z", "20"),
    ];
    let binding = bound("2025-06-20T00:00:00Z", 1);
    assert_eq!(
        steps(&versions, &[terms(1, YEAR, NOTICE)], &binding),
        ["2025-07-01 00:00 2"]
    );
}

#[test]
fn a_lower_price_applies_at_once_and_a_raise_on_top_of_it_after_its_own_notice() {
    let versions = [
        version(1, YEAR, YEAR, "10"),
        version(2, "2025-03-01T00:00:00Z", "2025-03-05T00:00:00Z", "8"),
        version(3, "2025-03-10T00:00:00Z", "2025-03-10T00:00:00Z", "9"),
    ];
    let binding = bound(YEAR, 1);
    assert_eq!(
        steps(&versions, &[terms(1, YEAR, NOTICE)], &binding),
        ["2025-03-05 00:00 2", "2025-04-09 00:00 3"]
    );
}

#[test]
fn nobody_pays_a_raise_that_was_taken_back_before_it_came() {
    let versions = [
        version(1, YEAR, YEAR, "10"),
        version(2, "2025-03-01T00:00:00Z", "2025-03-01T00:00:00Z", "90"),
        version(3, "2025-03-20T00:00:00Z", "2025-03-20T00:00:00Z", "12"),
    ];
    assert_eq!(
        steps(&versions, &[terms(1, YEAR, NOTICE)], &bound(YEAR, 1)),
        // The notice of the raise is over on the 31st, but what is sold by then is lower.
        ["2025-03-31 00:00 3"]
    );
}

#[test]
fn at_renewal_only_an_order_that_binds_anew_brings_a_raise() {
    let versions = [
        version(1, YEAR, YEAR, "10"),
        version(2, "2025-03-01T00:00:00Z", "2025-03-01T00:00:00Z", "20"),
        version(3, "2025-04-01T00:00:00Z", "2025-04-01T00:00:00Z", "5"),
    ];
    let terms = [terms(1, YEAR, PriceChanges::AtRenewal)];
    assert_eq!(
        steps(&versions, &terms, &bound(YEAR, 1)),
        ["2025-04-01 00:00 3"],
        "lower comes at once"
    );
    assert_eq!(
        steps(versions.get(..2).unwrap(), &terms, &bound(YEAR, 1)),
        Vec::<String>::new()
    );
}

#[test]
fn the_notice_is_the_one_that_the_resource_had_when_the_price_was_published() {
    let versions = [
        version(1, YEAR, YEAR, "10"),
        version(2, "2025-03-02T00:00:00Z", "2025-03-02T00:00:00Z", "20"),
    ];
    // On the first of March the provider gives up its notice, and raises the price on the second.
    let history = [
        terms(1, YEAR, NOTICE),
        terms(2, "2025-03-01T00:00:00Z", PriceChanges::WithNotice { days: 0 }),
    ];
    assert_eq!(
        steps(&versions, &history, &bound(YEAR, 1)),
        ["2025-04-01 00:00 2"]
    );
}

#[test]
fn before_its_first_version_there_is_no_price_and_what_nothing_bound_follows_the_dates() {
    let versions = [version(7, "2025-12-15T09:00:00Z", "2025-12-15T09:00:00Z", "310")];
    let binding = Binding::default();
    let terms = [terms(1, YEAR, PriceChanges::WithNotice { days: 0 })];
    let line = terms_timeline(&terms, &binding);
    let prices = price_timeline(&versions, &binding, &line);
    assert_eq!(prices.at(instant("2025-12-15T08:59:59Z")), None);
    let pieces = prices.pieces(instant("2025-12-01T00:00:00Z"), instant("2026-01-01T00:00:00Z"));
    assert_eq!(pieces.len(), 1);
    assert_eq!(pieces[0].from, instant("2025-12-15T09:00:00Z"));
}

#[test]
fn lower_means_lower_for_every_quantity() {
    let tiers = |rows: &[(Option<&str>, &str)]| -> Vec<Tier> {
        let tier = |(up_to, price): &(Option<&str>, &str)| Tier {
            up_to: up_to.map(fixed),
            price: fixed(price),
        };
        rows.iter().map(tier).collect()
    };
    let tiered = |rows: &[(Option<&str>, &str)]| PriceScheme::Tiered { tiers: tiers(rows) };
    let five = PriceScheme::per_unit(fixed("5"));
    assert!(tiered(&[(Some("9"), "5"), (None, "3")]).is_lower_than(&five));
    assert!(
        !tiered(&[(Some("9"), "6"), (None, "3")]).is_lower_than(&five),
        "dearer for few"
    );
    assert!(!tiered(&[(Some("9"), "3")]).is_lower_than(&five), "it ends");
    assert!(!five.is_lower_than(&five), "the same");
    let stair = |price| PriceScheme::Stairstep {
        tiers: tiers(&[(Some("9"), "1"), (None, price)]),
    };
    assert!(stair("3").is_lower_than(&stair("4")));
    assert!(!stair("3").is_lower_than(&five));
}

/// Stands in the place of version `of`.
fn correction(number: u128, of: u128, saved_at: &str, starts_at: &str, price: &str) -> PriceVersion {
    PriceVersion {
        corrects: Some(PriceId(Uuid::from_u128(of))),
        ..version(number, saved_at, starts_at, price)
    }
}

#[test]
fn a_correction_counts_in_the_place_of_what_it_corrects_for_all_who_have_that() {
    let versions = [
        version(1, YEAR, YEAR, "10"),
        correction(3, 1, "2025-07-03T00:00:00Z", "2025-06-01T00:00:00Z", "12"),
        version(2, "2025-06-15T00:00:00Z", "2025-06-15T00:00:00Z", "20"),
    ];
    let terms = [terms(1, YEAR, NOTICE)];
    assert_eq!(
        steps(&versions, &terms, &bound(YEAR, 1)),
        ["2025-06-01 00:00 3", "2025-07-15 00:00 2"],
        "dearer, and yet without notice: it is what should have been published"
    );
    assert_eq!(
        steps(&versions, &terms, &bound("2025-06-20T00:00:00Z", 2)),
        [""; 0],
        "who has another version is not concerned"
    );
    let of = |at: &str| published(&versions, instant(at)).map(|version| version.id.0.as_u128());
    assert_eq!(
        (
            of("2025-05-31T23:59:59Z"),
            of("2025-06-01T00:00:00Z"),
            of("2025-06-15T00:00:00Z")
        ),
        (Some(1), Some(3), Some(2))
    );
    // Who ordered at the corrected price has it, and what corrects it again.
    let again = correction(4, 1, "2025-07-04T00:00:00Z", "2025-06-10T00:00:00Z", "11");
    let [one, other, later] = versions;
    let all = [one, other, again, later];
    assert_eq!(
        steps(&all, &terms, &bound("2025-06-02T00:00:00Z", 3)),
        ["2025-06-01 00:00 3", "2025-06-10 00:00 4", "2025-07-15 00:00 2"]
    );
}

#[test]
fn a_price_that_is_corrected_to_a_lower_one_reaches_those_who_had_an_earlier_one_at_once() {
    let versions = [
        version(1, YEAR, YEAR, "10"),
        version(2, "2025-06-15T00:00:00Z", "2025-06-15T00:00:00Z", "20"),
        correction(3, 2, "2025-06-20T00:00:00Z", "2025-06-16T00:00:00Z", "8"),
    ];
    assert_eq!(
        steps(&versions, &[terms(1, YEAR, NOTICE)], &bound(YEAR, 1)),
        ["2025-06-16 00:00 3"]
    );
}

prop_compose! {
    /// Versions in the order of their first instants, by hours since the beginning.
    fn versions()(rows in prop::collection::vec((0_i64..2_000, 0_i64..800, 1_u32..6), 1..8)) -> Vec<PriceVersion> {
        let start = instant(YEAR);
        let mut versions: Vec<PriceVersion> = rows
            .into_iter()
            .enumerate()
            .map(|(index, (saved, ahead, price))| PriceVersion {
                id: PriceId(Uuid::from_u128(u128::try_from(index).unwrap())),
                saved_at: start + TimeDelta::hours(saved),
                starts_at: start + TimeDelta::hours(saved + ahead),
                every: BillingPeriod::Month,
                corrects: None,
                price: Price { version: index.to_string(), scheme: PriceScheme::per_unit(Fixed::from(price)) },
            })
            .collect();
        versions.sort_by_key(|version| (version.starts_at, version.saved_at));
        versions
    }
}

prop_compose! {
    fn plan_terms()(rows in prop::collection::vec((0_i64..2_000, prop::option::of(0_u16..40)), 0..4)) -> Vec<TermsVersion> {
        let mut all = vec![terms(0, YEAR, NOTICE)];
        all.extend(rows.into_iter().zip(1_u128..).map(|((saved, days), number)| {
            let at = instant(YEAR) + TimeDelta::hours(saved);
            TermsVersion { saved_at: at, starts_at: at, ..terms(number, YEAR, PriceChanges::of_notice_days(days)) }
        }));
        all.sort_by_key(|version| version.starts_at);
        all
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    /// The rule in one: nothing that is published later changes what counted before.
    #[test]
    fn publishing_changes_nothing_before_it(
        all in versions(), plan in plan_terms(), order in 0_i64..2_500, now in 0_i64..3_000,
    ) {
        let placed = instant(YEAR) + TimeDelta::hours(order);
        let now = instant(YEAR) + TimeDelta::hours(now);
        let binding = Binding {
            placed_at: Some(placed),
            begun_at: None,
            valid_until: Some(placed + TimeDelta::days(30)),
            terms: published(&plan, placed).map(|version| version.id),
            // What the quote could know of.
            prices: published(&all, placed).map(|version| version.id).into_iter().collect(),
        };
        let known: Vec<_> = all.iter().filter(|version| version.saved_at <= now).cloned().collect();
        let known_terms: Vec<_> = plan.iter().filter(|version| version.saved_at <= now).copied().collect();
        let is_known = binding.prices.iter().all(|id| known.iter().any(|version| version.id == *id))
            && known_terms.iter().any(|version| Some(version.id) == binding.terms);
        prop_assume!(is_known);
        let whole_terms = terms_timeline(&plan, &binding);
        let part_terms = terms_timeline(&known_terms, &binding);
        let whole = price_timeline(&all, &binding, &whole_terms);
        let part = price_timeline(&known, &binding, &part_terms);
        let mut at = instant(YEAR);
        while at < now {
            prop_assert_eq!(whole.at(at), part.at(at), "{}", at);
            prop_assert_eq!(whole_terms.at(at), part_terms.at(at), "{}", at);
            at += TimeDelta::hours(11);
        }
    }

    #[test]
    fn a_resource_only_moves_on_to_newer_versions_that_have_begun_and_pays_more_only_after_notice(
        all in versions(), order in 0_i64..2_500,
    ) {
        let placed = instant(YEAR) + TimeDelta::hours(order);
        let held = published(&all, placed);
        prop_assume!(held.is_some());
        let binding = bound("2025-01-01T00:00:00Z", held.unwrap().id.0.as_u128());
        let binding = Binding { placed_at: Some(placed), valid_until: Some(placed + TimeDelta::days(30)), ..binding };
        let plan = [terms(1, YEAR, NOTICE)];
        let line = price_timeline(&all, &binding, &terms_timeline(&plan, &binding));
        let place = |version: &PriceVersion| all.iter().position(|one| one.id == version.id).unwrap();
        let mut before = held.unwrap();
        for (from, version) in line.after(DateTime::<Utc>::MIN_UTC) {
            prop_assert!(place(version) > place(before));
            prop_assert!(from >= version.starts_at && from > placed);
            if !version.is_lower_than(before) && version.price.scheme != before.price.scheme {
                // It, or the dearer one that it replaces, was announced thirty days before.
                let announced = all.iter().any(|one| {
                    place(one) > place(before) && place(one) <= place(version)
                        && from >= one.saved_at + TimeDelta::days(30)
                });
                prop_assert!(announced, "{from} {version:?}");
            }
            before = version;
        }
        // Whatever lower price is sold, the resource has one that is no higher.
        let end = instant(YEAR) + TimeDelta::hours(4_000);
        let (have, sold) = (line.at(end).unwrap(), published(&all, end).unwrap());
        prop_assert!(!sold.is_lower_than(have) || place(sold) <= place(have));
    }
}
