//! Correcting a price of a month that is open.

use domain::{Actor, DomainError, billing::BillingError};
use entity::{audit_event, plan_price};
use model::{PlanVersion, PriceCorrectionDraft, PriceScheme, Problem, ResourceId, Tier, VersionState};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, amounts, fixed, parsed, set_price};

const JUNE_USE: (&str, &str) = ("2025-06-10T00:00:00Z", "2025-06-11T00:00:00Z");

fn tiers(rows: &[(Option<&str>, &str)]) -> PriceScheme {
    let tier = |(up_to, price): &(Option<&str>, &str)| Tier {
        up_to: up_to.map(fixed),
        price: fixed(price),
    };
    PriceScheme::Tiered {
        tiers: rows.iter().map(tier).collect(),
    }
}

/// What is found, but for that price: it was put there by hand, where an older release would have published it.
async fn found_beside_the_price(world: &World) -> Vec<String> {
    let found = world.operations().verify().run().await.unwrap().into_iter();
    let texts = found.map(|finding| finding.text);
    texts
        .filter(|text| !text.starts_with("it is not as it was published"))
        .collect()
}

/// 10 at 5, 20 at 3, and no price for more. Such a price is refused today; one that was saved before may still be there.
async fn selling_tiers_that_end(world: &World) -> Deal<'_> {
    let sold = vec![
        Sold::every_period("base").at("30"),
        Sold::used("cpu", "CPU-hour").at("1"),
    ];
    let deal = Deal::selling(world, "2025-05-01T00:00:00Z", sold).await;
    let ends = serde_json::to_value(tiers(&[(Some("10"), "5"), (Some("20"), "3")])).unwrap();
    plan_price::Entity::update_many()
        .col_expr(plan_price::Column::Scheme, Expr::value(ends))
        .filter(plan_price::Column::Id.eq(price_of(&deal, "cpu").await.id.0))
        .exec(world.db())
        .await
        .unwrap();
    deal
}

async fn versions(deal: &Deal<'_>) -> Vec<PlanVersion> {
    let catalogue = deal.world.domain().catalogue();
    let history = catalogue.plan_history(&deal.provider.manager, deal.offering.id, deal.offering.plan);
    history.await.unwrap().versions
}

/// The price of a component that is sold now.
async fn price_of(deal: &Deal<'_>, component: &str) -> PlanVersion {
    let all = versions(deal).await;
    let in_force =
        |one: &PlanVersion| one.component.as_deref() == Some(component) && one.state == VersionState::InForce;
    all.into_iter().find(in_force).unwrap()
}

async fn corrects(
    deal: &Deal<'_>,
    actor: &Actor,
    version: &PlanVersion,
    scheme: PriceScheme,
    from: &str,
) -> Result<(), Problem> {
    let draft = PriceCorrectionDraft {
        version: version.id,
        scheme,
        from: from.parse().unwrap(),
        reason: "The table ended too early".into(),
    };
    let billing = deal.world.domain().billing();
    let done = billing
        .correct_price(actor, deal.offering.id, deal.offering.plan, draft)
        .await;
    done.map_err(|error: BillingError| DomainError::from(error).problem())
}

/// Somebody else with the same plan, who used 5.
async fn another_buyer(deal: &Deal<'_>, at: &str) -> ResourceId {
    let world = deal.world;
    world.clock().set(at);
    let buyer = world.buyer().await;
    let project = world.project(&buyer).await;
    world
        .order(&buyer.owner, &project, &deal.offering)
        .fulfilled()
        .await
}

both_engines! {
    async fn a_month_that_no_price_covers_is_named_corrected_and_closed_to_the_cent(world: World) {
        let deal = selling_tiers_that_end(&world).await;
        let resource = deal.runs("2025-05-01T00:00:00Z", &[]).await;
        let other = another_buyer(&deal, "2025-05-01T00:00:00Z").await;
        world.clock().set("2025-05-20T00:00:00Z");
        deal.used(resource, "may", ("2025-05-10T00:00:00Z", "2025-05-11T00:00:00Z"), "15").await;
        deal.closes("2025-06-01T00:00:00Z", "2025-05").await;
        world.clock().set("2025-06-20T00:00:00Z");
        deal.used(resource, "june", JUNE_USE, "25").await;
        deal.used(other, "june", JUNE_USE, "5").await;
        world.clock().set("2025-07-01T00:00:00Z");
        let billing = world.domain().billing();
        let report = billing.close(&Actor::system(), parsed("2025-06")).await.unwrap();
        assert_eq!(report.issued.len(), 1, "the other buyer is invoiced");
        let [failed] = &report.failed[..] else { panic!("{:?}", report.failed) };
        let [reason] = &failed.reasons[..] else { panic!("{:?}", failed.reasons) };
        let price = price_of(&deal, "cpu").await;
        let at_fault = reason.price.clone().unwrap();
        assert_eq!((at_fault.offering_id, at_fault.plan_id), (deal.offering.id, deal.offering.plan));
        assert_eq!((at_fault.component.as_str(), at_fault.version), ("cpu", Some(price.id)), "the line at fault is named");
        let manager = &deal.provider.manager;
        assert_eq!(billing.faults(manager, Some(deal.provider.id)).await.unwrap(), report.failed, "the provider is told, too");

        let open = tiers(&[(Some("10"), "5"), (Some("20"), "3"), (None, "2")]);
        corrects(&deal, manager, &price, open, "2025-06-01").await.unwrap();
        assert_eq!(billing.faults(manager, Some(deal.provider.id)).await.unwrap(), []);
        // 10 × 5 + 10 × 3 + 5 × 2.
        assert_eq!(deal.bill("2025-07-02T00:00:00Z", "2025-06").await, ["period: 30.00", "CPU-hour: 90.00"]);
        // Nothing that was issued is corrected by it: not in May, and not of the other buyer.
        let july = billing.close(&Actor::system(), parsed("2025-06")).await.unwrap();
        assert_eq!((july.issued.len(), july.already), (0, 2));
        let report = deal.closes("2025-08-01T00:00:00Z", "2025-07").await;
        assert_eq!(report.issued.iter().map(|one| one.total).collect::<Vec<_>>(), [fixed("36.6"), fixed("36.6")]);
        assert_eq!(found_beside_the_price(&world).await, Vec::<String>::new());
    }

    async fn use_that_is_reported_late_is_priced_by_the_correction_and_compared_with_what_was_billed(world: World) {
        let deal = selling_tiers_that_end(&world).await;
        let resource = deal.runs("2025-05-01T00:00:00Z", &[]).await;
        world.clock().set("2025-05-20T00:00:00Z");
        deal.used(resource, "may", ("2025-05-10T00:00:00Z", "2025-05-11T00:00:00Z"), "15").await;
        deal.closes("2025-06-01T00:00:00Z", "2025-05").await;
        let price = price_of(&deal, "cpu").await;
        let open = tiers(&[(Some("10"), "5"), (Some("20"), "3"), (None, "2")]);
        world.clock().set("2025-06-20T00:00:00Z");
        corrects(&deal, &deal.provider.manager, &price, open, "2025-05-01").await.unwrap();
        deal.used(resource, "more", ("2025-05-12T00:00:00Z", "2025-05-13T00:00:00Z"), "10").await;
        // 90 less the 65 that were billed in May.
        assert_eq!(
            deal.bill("2025-07-01T00:00:00Z", "2025-06").await,
            ["period: 30.00", "CPU-hour, change in use of May 2025: 25.00"]
        );
        assert_eq!(found_beside_the_price(&world).await, Vec::<String>::new());
    }

    async fn a_fixed_price_is_corrected_from_a_day_on_for_all_who_have_it_and_for_who_orders(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T00:00:00Z", vec![Sold::every_period("base").at("300")]).await;
        let resource = deal.runs("2025-06-01T00:00:00Z", &[]).await;
        let price = price_of(&deal, "base").await;
        world.clock().set("2025-06-20T12:00:00Z");
        let staff = world.staff().await;
        corrects(&deal, &staff, &price, PriceScheme::per_unit(fixed("30")), "2025-06-01").await.unwrap();
        let seen = world.domain().catalogue().offering(None, &deal.offering.slug).await.unwrap();
        assert_eq!(seen.plans[0].prices[0].text, "€30.00 per period", "who orders now");
        assert_eq!(seen.summary.price_from, "from €30.00 per month");
        assert_eq!(world.domain().billing().running_cost(&deal.buyer.owner, resource).await.unwrap().lines.len(), 1);
        let later = another_buyer(&deal, "2025-06-21T00:00:00Z").await;
        // Corrected again, from the middle of the month, also for who ordered at the first correction.
        corrects(&deal, &staff, &price_of(&deal, "base").await, PriceScheme::per_unit(fixed("60")), "2025-06-16").await.unwrap();
        assert_eq!(deal.bill("2025-07-01T00:00:00Z", "2025-06").await, ["period: 15.00", "period: 30.00"]);
        world.clock().set("2025-07-01T12:00:00Z");
        let cost = world.domain().billing().running_cost(&staff, later).await.unwrap();
        assert_eq!(cost.lines[0].derivation.sentence(), "1 period × 1/31 days × €60.00");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn what_was_agreed_is_made_dearer_by_no_provider(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T00:00:00Z", vec![Sold::every_period("base").at("300")]).await;
        deal.runs("2025-06-01T00:00:00Z", &[]).await;
        world.clock().set("2025-06-20T12:00:00Z");
        let (manager, price) = (&deal.provider.manager, price_of(&deal, "base").await);
        let higher = PriceScheme::per_unit(fixed("300.01"));
        let refused = corrects(&deal, manager, &price, higher.clone(), "2025-06-01").await.unwrap_err();
        assert_eq!((refused.fields[0].path.as_str(), refused.fields[0].code.as_str()), ("scheme", "higher"));
        let dearer_for_some = tiers(&[(Some("1"), "1"), (None, "400")]);
        let refused = corrects(&deal, manager, &price, dearer_for_some, "2025-06-01").await.unwrap_err();
        assert_eq!(refused.fields[0].code, "higher");
        corrects(&deal, &world.staff().await, &price, higher, "2025-06-01").await.unwrap();
        let lower = PriceScheme::per_unit(fixed("200"));
        corrects(&deal, manager, &price, lower, "2025-06-16").await.unwrap();
        assert_eq!(deal.bill("2025-07-01T00:00:00Z", "2025-06").await, ["period: 150.01", "period: 100.00"]);
    }

    async fn an_order_that_was_quoted_less_is_not_begun_at_a_price_that_was_corrected_up(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T00:00:00Z", vec![Sold::every_period("base").at("300"), Sold::once("start").at("5")]).await;
        world.clock().set("2025-06-10T10:00:00Z");
        let member = world.member(&deal.project).await;
        let order = async || world.order(&member, &deal.project, &deal.offering).await;
        let (quoted, lowered) = (order().await, order().await);
        let (ordering, owner, staff) = (world.domain().ordering(), &deal.buyer.owner, world.staff().await);
        world.clock().set("2025-06-11T10:00:00Z");
        let price = price_of(&deal, "base").await;
        corrects(&deal, &staff, &price, PriceScheme::per_unit(fixed("200")), "2025-06-01").await.unwrap();
        ordering.approve(owner, lowered, "").await.unwrap();
        world.clock().set("2025-06-12T10:00:00Z");
        let later = order().await;
        world.clock().set("2025-06-12T11:00:00Z");
        // Still less than the first order was quoted, but more than the one after the first correction.
        corrects(&deal, &staff, &price_of(&deal, "base").await, PriceScheme::per_unit(fixed("250")), "2025-06-01").await.unwrap();
        let refused = DomainError::from(ordering.approve(owner, later, "").await.unwrap_err()).problem();
        assert!(refused.code == "not_orderable" && refused.detail.contains("was corrected after this was ordered"), "{refused:?}");
        ordering.approve(owner, quoted, "").await.unwrap();
        let again = order().await;
        ordering.approve(owner, again, "").await.unwrap();
        world.run_jobs().await;
    }

    async fn whoever_pays_a_corrected_price_is_told_once(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T00:00:00Z", vec![Sold::every_period("base").at("300")]).await;
        let resource = deal.runs("2025-06-01T00:00:00Z", &[]).await;
        world.clock().set("2025-06-20T12:00:00Z");
        let price = price_of(&deal, "base").await;
        corrects(&deal, &deal.provider.manager, &price, PriceScheme::per_unit(fixed("30")), "2025-06-11").await.unwrap();
        let provisioning = world.operations().provisioning();
        let tell = async || provisioning.tell_prices(deal.offering.plan, "2025-06-20T12:00:00Z".parse().unwrap()).await.unwrap();
        assert_eq!((tell().await, tell().await), (1, 0));
        let told = audit_event::Entity::find().filter(audit_event::Column::Verb.eq("resource.price_corrected")).one(world.db()).await.unwrap().unwrap();
        assert_eq!((told.subject_id, told.organization_id, told.project_id), (resource.0, Some(deal.buyer.id), Some(deal.project.id)));
        assert_eq!(told.reason, "period: €30.00 per period from 11 June 2025 on, instead of €300.00 per period.");
        assert_eq!((told.before["price"].as_str(), told.after["price"].as_str()), (Some("€300.00 per period"), Some("€30.00 per period")));
    }

    async fn a_correction_that_reaches_too_many_closed_months_is_refused(world: World) {
        let deal = Deal::selling(&world, "2024-06-01T00:00:00Z", vec![Sold::every_period("base").at("300")]).await;
        world.clock().set("2024-06-01T00:00:00Z");
        for _ in 0..25 {
            another_buyer(&deal, "2024-06-01T00:00:00Z").await;
        }
        deal.closes("2025-06-01T00:00:00Z", "2025-05").await;
        world.clock().set("2025-06-20T12:00:00Z");
        let (manager, price) = (&deal.provider.manager, price_of(&deal, "base").await);
        let lower = PriceScheme::per_unit(fixed("30"));
        // 25 buyers with 12 months each are as many as are compared; a month more are too many.
        let compared = corrects(&deal, manager, &price, lower.clone(), "2024-06-01").await.unwrap_err();
        assert_eq!(compared.code, "month_closed");
        another_buyer(&deal, "2025-05-01T00:00:00Z").await;
        deal.closes("2025-06-21T00:00:00Z", "2025-05").await;
        let refused = corrects(&deal, manager, &price, lower.clone(), "2024-06-01").await.unwrap_err();
        assert_eq!(refused.code, "too_many_closed");
        corrects(&deal, manager, &price, lower, "2025-06-01").await.unwrap();
    }

    async fn what_is_closed_stays_and_the_buyer_is_named(world: World) {
        let deal = Deal::selling(&world, "2025-05-01T00:00:00Z", vec![Sold::every_period("base").at("300")]).await;
        deal.runs("2025-05-01T00:00:00Z", &[]).await;
        deal.closes("2025-06-01T00:00:00Z", "2025-05").await;
        world.clock().set("2025-06-20T12:00:00Z");
        let (manager, price) = (&deal.provider.manager, price_of(&deal, "base").await);
        let lower = PriceScheme::per_unit(fixed("30"));
        let refused = corrects(&deal, manager, &price, lower.clone(), "2025-05-31").await.unwrap_err();
        assert_eq!(refused.code, "month_closed");
        assert!(refused.detail.contains(&deal.buyer.name) && refused.detail.contains("May 2025") && refused.detail.contains("settle what was charged before"), "{}", refused.detail);
        assert_eq!(versions(&deal).await.len(), 2, "nothing is stored");
        corrects(&deal, manager, &price, lower, "2025-06-01").await.unwrap();
        assert_eq!(deal.bill("2025-07-01T00:00:00Z", "2025-06").await, ["period: 30.00"]);
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn a_correction_says_who_why_and_from_what_in_the_history_and_the_log(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T00:00:00Z", vec![Sold::every_period("base").at("300")]).await;
        deal.runs("2025-06-01T00:00:00Z", &[]).await;
        world.clock().set("2025-06-20T12:00:00Z");
        let price = price_of(&deal, "base").await;
        corrects(&deal, &deal.provider.manager, &price, PriceScheme::per_unit(fixed("30")), "2025-06-01").await.unwrap();
        let listed = versions(&deal).await;
        let shown = listed.iter().find(|one| one.correction.is_some()).unwrap();
        let correction = shown.correction.clone().unwrap();
        assert_eq!((correction.corrects, correction.was.as_str()), (price.id, "€300.00 per period"));
        assert_eq!((shown.text.as_str(), shown.state), ("€30.00 per period", VersionState::InForce));
        assert_eq!(correction.reason, "The table ended too early");
        assert!(!correction.by.is_empty());
        assert_eq!(listed.iter().find(|one| one.id == price.id).unwrap().state, VersionState::Past);
        let logged = audit_event::Entity::find()
            .filter(audit_event::Column::Verb.eq("plan.price_corrected"))
            .one(world.db()).await.unwrap().unwrap();
        assert_eq!((logged.before["price"].as_str(), logged.after["price"].as_str()), (Some("€300.00 per period"), Some("€30.00 per period")));
        assert_eq!(logged.reason, "The table ended too early");
    }

    async fn who_may_not_change_the_offering_corrects_nothing_and_faults_stand_at_their_fields(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T00:00:00Z", vec![Sold::every_period("base").at("300")]).await;
        deal.runs("2025-06-01T00:00:00Z", &[]).await;
        deal.publishes("2025-06-02T00:00:00Z", |plan| {
            set_price(plan, "base", "310");
            plan.valid_from = Some("2025-09-01".parse().unwrap());
        }).await;
        world.clock().set("2025-06-20T12:00:00Z");
        let price = price_of(&deal, "base").await;
        let lower = PriceScheme::per_unit(fixed("30"));
        for actor in [&deal.buyer.owner, &world.stranger().await, &world.provider().await.manager] {
            corrects(&deal, actor, &price, lower.clone(), "2025-06-01").await.unwrap_err();
        }
        let manager = &deal.provider.manager;
        let fault = async |version: &PlanVersion, scheme: PriceScheme, from: &str| {
            let problem = corrects(&deal, manager, version, scheme, from).await.unwrap_err();
            problem.fields.iter().map(|field| format!("{} {}", field.path, field.code)).collect::<Vec<_>>()
        };
        assert_eq!(fault(&price, lower.clone(), "2025-06-21").await, ["from in_the_future"]);
        assert_eq!(fault(&price, lower.clone(), "2024-05-19").await, ["from too_old"]);
        assert_eq!(fault(&price, PriceScheme::per_unit(fixed("300")), "2025-06-01").await, ["scheme unchanged"]);
        let to_come = versions(&deal).await.into_iter().find(|one| one.state == VersionState::ToCome).unwrap();
        assert_eq!(fault(&to_come, lower, "2025-06-01").await, ["version to_come"]);
    }

    async fn ill_formed_corrections_are_found(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T00:00:00Z", vec![Sold::every_period("base").at("300")]).await;
        deal.runs("2025-06-01T00:00:00Z", &[]).await;
        world.clock().set("2025-06-20T12:00:00Z");
        let price = price_of(&deal, "base").await;
        corrects(&deal, &deal.provider.manager, &price, PriceScheme::per_unit(fixed("30")), "2025-06-01").await.unwrap();
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
        let sound = plan_price::Entity::find().filter(plan_price::Column::Corrects.is_not_null()).one(world.db()).await.unwrap().unwrap();
        let spoilt: [fn(&mut plan_price::ActiveModel); 5] = [
            |row| row.reason = Set(None),
            |row| row.corrected_by = Set(None),
            |row| row.corrects = Set(Some(row.id.clone().unwrap())),
            |row| row.starts_at = Set("2025-05-01T00:00:00Z".parse().unwrap()),
            |row| row.billing_period = Set(model::BillingPeriod::Year),
        ];
        for spoil in spoilt {
            let mut row = sound.clone().into_active_model().reset_all();
            spoil(&mut row);
            row.update(world.db()).await.unwrap();
            let found = world.operations().verify().run().await.unwrap();
            assert!(found.iter().any(|one| one.invariant == 6 && one.subject.starts_with("price ")), "{found:?}");
        }
        sound.into_active_model().reset_all().update(world.db()).await.unwrap();
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn an_open_invoice_shows_the_corrected_price_at_once(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T00:00:00Z", vec![Sold::every_period("base").at("300")]).await;
        deal.runs("2025-06-01T00:00:00Z", &[]).await;
        world.clock().set("2025-06-10T12:00:00Z");
        world.operations().billing().accrue_open().await.unwrap();
        assert_eq!(world.operations().billing().accrue_open().await.unwrap(), 0);
        world.clock().set("2025-06-10T13:00:00Z");
        let price = price_of(&deal, "base").await;
        corrects(&deal, &deal.provider.manager, &price, PriceScheme::per_unit(fixed("30")), "2025-06-01").await.unwrap();
        world.clock().set("2025-06-10T13:05:00Z");
        assert_eq!(world.operations().billing().accrue_open().await.unwrap(), 1);
        assert_eq!(amounts(&deal.invoice("2025-06").await.unwrap()), ["period: 10.00"]);
    }
}
