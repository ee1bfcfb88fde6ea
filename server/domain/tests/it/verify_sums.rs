//! The check of sums and of what they follow from: each figure that was edited is found, and nothing else.

use entity::{component, invoice, invoice_item, order};
use model::{Fixed, InvoiceState};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    Set,
};
use testkit::{Sold, World, both_engines};

use crate::billing::deal::{Deal, fixed};
use crate::verify::{findings, lived, only};

/// A line of the month that runs; those of issued documents the database lets nobody change.
async fn line(world: &World) -> invoice_item::Model {
    let open = invoice::Entity::find().filter(invoice::Column::State.eq(InvoiceState::Open));
    let open = open.one(world.db()).await.unwrap().unwrap();
    let lines = invoice_item::Entity::find_of_invoice(open.id);
    lines.one(world.db()).await.unwrap().unwrap()
}

both_engines! {
    async fn a_quantity_and_a_unit_price_that_were_edited_are_found(world: World) {
        lived(&world).await;
        let sound = line(&world).await;
        let sentence = sound.derivation.0.sentence();
        let tried = async |change: &dyn Fn(&mut invoice_item::ActiveModel)| {
            let mut row = sound.clone().into_active_model();
            change(&mut row);
            row.update(world.db()).await.unwrap();
            let found = only(&world).await;
            sound.clone().into_active_model().reset_all().update(world.db()).await.unwrap();
            found
        };
        let (invariant, text) = tried(&|row| row.quantity = Set(fixed("9"))).await;
        assert_eq!((invariant, text), (1, format!("TB: a quantity of 9 is stored, but {sentence}")));
        let (_, text) = tried(&|row| row.unit_price = Set(Some(fixed("30")))).await;
        assert_eq!(text, format!("TB: 30 unit price is stored, but {sentence}"));
        let (_, text) = tried(&|row| row.unit_price = Set(None)).await;
        assert_eq!(text, format!("TB: no unit price is stored, but {sentence}"));
        let (_, text) = tried(&|row| row.unit = Set("GB".into())).await;
        assert_eq!(text, format!("TB: the unit “GB” is stored, but {sentence}"));
        assert_eq!(findings(&world).await, []);
    }

    async fn a_rate_of_tax_that_is_not_that_of_the_sums_is_found(world: World) {
        lived(&world).await;
        let open = invoice::Entity::find().filter(invoice::Column::State.eq(InvoiceState::Open));
        let row = open.one(world.db()).await.unwrap().unwrap();
        for (percent, reverse) in [(fixed("1"), false), (Fixed::from(22), true)] {
            let edited = invoice::ActiveModel {
                id: Set(row.id),
                tax_percent: Set(percent),
                reverse_charge: Set(reverse),
                ..Default::default()
            };
            edited.update(world.db()).await.unwrap();
            let told = format!("TB: it is taxed with VAT 22 %, but its document is at {percent} % (reverse charge: {reverse})");
            let texts: Vec<String> = findings(&world).await.into_iter().map(|finding| finding.text).collect();
            assert!(texts.contains(&told), "{texts:#?}");
        }
    }

    async fn a_last_day_to_pay_that_does_not_follow_from_the_day_of_issue_is_found(world: World) {
        lived(&world).await;
        let issued = invoice::Entity::find().filter(invoice::Column::State.eq(InvoiceState::Issued));
        let row = issued.order_by_asc(invoice::Column::Month).one(world.db()).await.unwrap().unwrap();
        assert_eq!(row.due_on, "2025-02-15".parse().ok(), "14 days after the first of February");
        // What was issued cannot be changed, so documents stand in that never were.
        for (number, due_on, told) in [
            (1, "2026-02-15".parse().ok(), "2026-02-15 is stored, 2025-02-15 is right"),
            (2, None, "none is stored, 2025-02-15 is right"),
        ] {
            let copy = invoice::Model {
                id: model::InvoiceId(uuid::Uuid::from_u128(number)),
                month: format!("2024-0{number}").parse().unwrap(),
                number: Some(format!("TARTU-2024-0000{number}")),
                due_on,
                ..row.clone()
            };
            let insert = invoice::Entity::insert(copy.into_active_model().reset_all());
            insert.exec_without_returning(world.db()).await.unwrap();
            let texts: Vec<String> = findings(&world).await.into_iter().map(|finding| finding.text).collect();
            let told = format!("the last day to pay: {told}");
            assert!(texts.contains(&told), "{texts:#?}");
        }
    }

    async fn a_quote_that_does_not_add_up_is_found(world: World) {
        lived(&world).await;
        let row = order::Entity::find().order_by_asc(order::Column::Id).one(world.db()).await.unwrap().unwrap();
        let quote = row.quote.clone().unwrap();
        let tried = async |path: &str, value: &str| {
            let mut edited = quote.clone();
            *edited.pointer_mut(path).unwrap() = value.into();
            let changed = order::ActiveModel { id: Set(row.id), quote: Set(Some(edited)), ..Default::default() };
            changed.update(world.db()).await.unwrap();
            findings(&world).await.into_iter().map(|finding| (finding.invariant, finding.text)).collect::<Vec<_>>()
        };
        let line = "/full_month/lines/0/amount/amount";
        let found = tried(line, "1.00").await;
        let expected = [
            (1, "its quote does not add up: TB, in a full month: €1.00 does not follow from 1 TB × €31.00".to_owned()),
            (1, "its quote does not add up: the sums of a full month are not those of its lines".to_owned()),
            (6, "it is not what was ordered: something of it was changed since".to_owned()),
        ];
        assert_eq!(found, expected);
        let found = tried("/full_month/totals/net/amount", "30.00").await;
        assert!(found.contains(&(1, "its cost a month: 31 is stored, 30.00 was quoted".to_owned())), "{found:?}");
        assert!(found.iter().any(|(_, text)| text.ends_with("the sums of a full month are not those of its lines")), "{found:?}");
        let found = tried("/commitment/amount", "1.00").await;
        assert!(found.iter().any(|(_, text)| text.ends_with("the commitment is not the largest of its parts")), "{found:?}");
        assert_eq!(tried("/commitment/amount", quote["commitment"]["amount"].as_str().unwrap()).await, []);
        let listed = order::ActiveModel { id: Set(row.id), commitment: Set(Fixed::ONE), ..Default::default() };
        listed.update(world.db()).await.unwrap();
        let found = findings(&world).await;
        assert!(found.iter().any(|one| one.invariant == 1 && one.text.starts_with("its commitment: 1 is stored")), "{found:?}");
    }

    async fn a_factor_that_was_edited_is_found(world: World) {
        let sold = vec![Sold::used("cpu", "CPU-hour").at("0.05").with(|terms| terms.factor = fixed("60"))];
        Deal::selling(&world, "2025-01-01T08:00:00Z", sold).await;
        assert_eq!(findings(&world).await, []);
        let row = component::Entity::find().one(world.db()).await.unwrap().unwrap();
        let mut row = row.into_active_model();
        row.factor = Set(fixed("3600"));
        row.update(world.db()).await.unwrap();
        let expected = "its conversion factor is “3600”, but was saved as “60”";
        assert_eq!(only(&world).await, (6, expected.to_owned()));
    }

    async fn what_binds_orders_and_is_not_as_it_was_saved_is_found(world: World) {
        let (buyer, provider) = (world.buyer().await, world.provider().await);
        let most = Sold::reserved("cpu", "CPU").at("1").with(|terms| terms.max = Some(fixed("8")));
        world.offering(&provider).selling(most).await;
        world.project(&buyer).ending("2026-03-31").await;
        assert_eq!(findings(&world).await, []);
        for (edit, expected) in [
            ("UPDATE components SET max = 9000000000", "its largest amount is “9”, but was saved as “8”"),
            ("UPDATE projects SET end_date = '2026-04-30'", r#"its last day is "2026-04-30", but was saved as "2026-03-31""#),
            ("UPDATE projects SET approval_limit = 5000000000", r#"its limit of approval is "5", but was saved as null"#),
        ] {
            let before = findings(&world).await;
            world.db().execute_unprepared(edit).await.unwrap();
            let found = findings(&world).await;
            let new: Vec<_> = found.iter().filter(|one| !before.contains(one)).map(|one| one.text.as_str()).collect();
            assert_eq!(new, [expected]);
        }
        let edit = "UPDATE organizations SET currency = 'SEK' WHERE is_provider = false";
        world.db().execute_unprepared(edit).await.unwrap();
        let found = findings(&world).await;
        let expected = r#"its currency is "SEK", but was saved as "EUR""#;
        assert!(found.iter().any(|one| one.text == expected), "{found:?}");
    }
}
