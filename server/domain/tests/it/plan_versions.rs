//! Versions of a plan: listed with whom they will reach, shown to buyers, and taken back before they begin.

use domain::catalogue::CatalogueError;
use entity::audit_event;
use model::{PlanHistory, PlanVersion, VersionState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use testkit::{Sold, World, both_engines};

use crate::billing::deal::{Deal, draft_of, fixed, set_price};

async fn history(deal: &Deal<'_>) -> PlanHistory {
    let catalogue = deal.world.domain().catalogue();
    let history = catalogue.plan_history(&deal.provider.manager, deal.offering.id, deal.offering.plan);
    history.await.unwrap()
}

async fn withdraws(deal: &Deal<'_>, version: &PlanVersion) -> Result<(), CatalogueError> {
    let catalogue = deal.world.domain().catalogue();
    let (offering, plan) = (deal.offering.id, deal.offering.plan);
    catalogue
        .withdraw_plan_version(&deal.provider.manager, offering, plan, version.id)
        .await
}

/// State, price, and whom it reaches when.
fn told(history: &PlanHistory) -> Vec<String> {
    let prices = history
        .versions
        .iter()
        .filter(|version| version.component.is_some());
    let line = |version: &PlanVersion| {
        let reach: Vec<String> = version
            .reach
            .iter()
            .map(|reach| {
                let from = reach
                    .from
                    .map_or("at renewal".to_owned(), |from| from.format("%F %R").to_string());
                format!("{} from {from}", reach.resources)
            })
            .collect();
        format!("{} {}: {}", version.state, version.text, reach.join(", "))
    };
    prices.map(line).collect()
}

both_engines! {
    async fn a_price_to_come_is_listed_shown_and_can_be_taken_back(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        let resource = deal.runs("2025-03-01T09:00:00Z", &[]).await;
        deal.publishes("2025-03-05T15:00:00Z", |plan| {
            set_price(plan, "base", "310");
            plan.valid_from = Some("2025-05-01".parse().unwrap());
        }).await;
        let listed = history(&deal).await;
        assert_eq!(told(&listed), ["to_come €310.00 per period: 1 from 2025-05-01 00:00", "in_force €31.00 per period: "]);
        let version = listed.versions[0].clone();
        assert_eq!((version.state, version.reach[0].organizations.clone()), (VersionState::ToCome, vec![deal.buyer.name.clone()]));
        let logged = audit_event::Entity::find()
            .filter(audit_event::Column::Verb.eq("plan.saved"))
            .order_by_desc(audit_event::Column::Id)
            .one(world.db()).await.unwrap().unwrap();
        let reaches = &logged.after["reaches"][0];
        assert_eq!((reaches["component"].as_str(), reaches["reach"][0]["resources"].as_u64()), (Some("base"), Some(1)));

        let seen = world.domain().provisioning().resource(&deal.buyer.owner, resource).await.unwrap();
        let change = &seen.changes[0];
        assert_eq!((change.now.as_str(), change.then.as_str()), ("€31.00 per period", "€310.00 per period"));
        assert_eq!(change.from.unwrap().to_rfc3339(), "2025-05-01T00:00:00+00:00");
        assert_eq!((change.first_day, version.first_day), ("2025-05-01".parse().ok(), "2025-05-01".parse().ok()));

        let overtaken = world.domain().catalogue().at_revision(1);
        let refused = overtaken.withdraw_plan_version(&deal.provider.manager, deal.offering.id, deal.offering.plan, version.id).await;
        assert!(matches!(refused, Err(CatalogueError::ChangedMeanwhile)), "{refused:?}");

        withdraws(&deal, &version).await.unwrap();
        assert_eq!(told(&history(&deal).await), ["in_force €31.00 per period: "]);
        let seen = world.domain().provisioning().resource(&deal.buyer.owner, resource).await.unwrap();
        assert_eq!(seen.changes, []);
        assert_eq!(deal.bill("2025-06-01T00:00:00Z", "2025-05").await, ["period: 31.00"]);
    }

    async fn what_a_running_resource_never_pays_does_not_come_to_it(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        let resource = deal.runs("2025-03-01T09:00:00Z", &[]).await;
        deal.publishes("2025-03-05T15:00:00Z", |plan| {
            plan.setup_fee = "50".parse().unwrap();
            plan.valid_from = Some("2025-05-01".parse().unwrap());
        }).await;
        let provisioning = world.domain().provisioning();
        let seen = provisioning.resource(&deal.buyer.owner, resource).await.unwrap();
        assert_eq!(seen.changes, [], "setting up is over");
        deal.publishes("2025-03-06T15:00:00Z", |plan| {
            set_price(plan, "base", "310");
            plan.charge_mode = model::ChargeMode::Advance;
            plan.valid_from = Some("2025-06-01".parse().unwrap());
        }).await;
        let seen = provisioning.resource(&deal.buyer.owner, resource).await.unwrap();
        let told: Vec<_> = seen.changes.iter().map(|one| (one.name.as_str(), one.now.as_str(), one.then.as_str())).collect();
        assert_eq!(told, [("Terms", "In arrears", "In advance"), ("period", "€31.00 per period", "€310.00 per period")]);
        let last = Some("2025-05-31".parse().unwrap());
        world.domain().ordering().change_end(&deal.buyer.owner, resource, last).await.unwrap();
        let seen = provisioning.resource(&deal.buyer.owner, resource).await.unwrap();
        assert_eq!(seen.changes, [], "it ends before");
    }

    async fn what_has_begun_cannot_be_taken_back(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        deal.runs("2025-03-01T09:00:00Z", &[]).await;
        deal.publishes("2025-03-05T15:00:00Z", |plan| set_price(plan, "base", "310")).await;
        let listed = history(&deal).await;
        assert_eq!(told(&listed), ["in_force €310.00 per period: 1 from 2025-04-04 15:00", "past €31.00 per period: "]);
        assert_eq!(listed.versions[0].first_day, None, "it began in the afternoon");
        for version in &listed.versions {
            let refused = withdraws(&deal, version).await.unwrap_err();
            assert_eq!(refused.problem().code, "version_begun");
        }
        let catalogue = world.domain().catalogue();
        let answer = catalogue.plan_history(&deal.buyer.owner, deal.offering.id, deal.offering.plan).await;
        assert!(answer.is_err(), "whom a price reaches is the provider's own business");
    }

    async fn what_is_paid_for_a_term_is_reached_when_it_is_renewed(world: World) {
        let cores = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31"), cores]).await;
        world.clock().set("2025-03-01T09:00:00Z");
        let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
        order.limits([("cores", "4")]).for_months(1).fulfilled().await;
        deal.publishes("2025-03-05T15:00:00Z", |plan| {
            set_price(plan, "base", "310");
            set_price(plan, "cores", "2");
            plan.valid_from = Some("2025-05-01".parse().unwrap());
        }).await;
        let mut listed = told(&history(&deal).await);
        listed.sort();
        // It ends on 31 March: nothing can reach it on 1 May.
        assert_eq!(listed[2..], ["to_come €2.00 per core: 1 from at renewal", "to_come €310.00 per period: 1 from at renewal"]);
    }

    async fn a_plan_is_neither_ordered_nor_switched_to_before_its_prices_begin(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        let resource = deal.runs("2025-03-01T09:00:00Z", &[]).await;
        let later = |plan: &mut model::PlanDraft| plan.valid_from = Some("2025-05-01".parse().unwrap());
        let later = deal.add_plan(later, &[("base", "31")]).await;
        let (ordering, owner) = (world.domain().ordering(), &deal.buyer.owner);
        let switch = async || ordering.place_switch_plan(owner, resource, later, None).await;
        let order = async || {
            let mut draft = world.order(owner, &deal.project, &deal.offering).into_draft();
            draft.plan_id = later;
            ordering.place_create(owner, draft, None).await
        };
        for refused in [switch().await, order().await] {
            assert_eq!(refused.unwrap_err().problem().code, "not_orderable");
        }
        world.clock().set("2025-05-01T09:00:00Z");
        order().await.unwrap();
        switch().await.unwrap();
        world.run_jobs().await;
    }

    async fn a_clock_that_is_behind_gives_nothing_for_nothing(world: World) {
        let deal = Deal::selling(&world, "2025-03-10T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        let resource = deal.runs("2025-03-10T09:00:00Z", &[]).await;
        let plan = deal.add_plan(|_| {}, &[("base", "62")]).await;
        world.clock().set("2025-03-08T09:00:00Z");
        let (ordering, owner) = (world.domain().ordering(), &deal.buyer.owner);
        let switched = ordering.place_switch_plan(owner, resource, plan, None).await;
        assert_eq!(switched.unwrap_err().problem().code, "not_orderable");
        let ordered = ordering.place_create(owner, world.order(owner, &deal.project, &deal.offering).into_draft(), None);
        assert_eq!(ordered.await.unwrap_err().problem().code, "not_orderable");
        deal.ends("2025-03-08T09:00:00Z", resource).await;
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, Vec::<String>::new(), "it ended as it began");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn what_ends_before_a_price_begins_is_not_reached(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        world.clock().set("2025-03-01T09:00:00Z");
        for last_day in ["2025-04-30", "2025-05-01"] {
            let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
            order.ending(last_day).fulfilled().await;
        }
        deal.publishes("2025-03-05T15:00:00Z", |plan| {
            set_price(plan, "base", "310");
            plan.valid_from = Some("2025-05-01".parse().unwrap());
        }).await;
        assert_eq!(told(&history(&deal).await)[0], "to_come €310.00 per period: 1 from 2025-05-01 00:00");
    }

    async fn a_price_to_come_is_no_fault_of_what_has_a_last_day(world: World) {
        let at_once = |plan: &mut model::PlanDraft| plan.price_changes = model::PriceChanges::WithNotice { days: 0 };
        let deal = Deal::in_plan(&world, "2025-03-01T08:00:00Z", vec![Sold::used("cpu", "hour").at("0.5")], at_once).await;
        world.clock().set("2025-03-28T09:00:00Z");
        let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
        let resource = order.ending("2025-03-30").fulfilled().await;
        world.clock().set("2025-03-28T15:00:00Z");
        deal.used(resource, "k", ("2025-03-28T09:00:00Z", "2025-03-28T14:00:00Z"), "5").await;
        deal.publishes("2025-03-28T15:30:00Z", |plan| {
            set_price(plan, "cpu", "0.75");
            plan.valid_from = Some("2025-03-29".parse().unwrap());
        }).await;
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn at_renewal_nothing_reaches_what_runs_by_itself(world: World) {
        let at_renewal = |plan: &mut model::PlanDraft| plan.price_changes = model::PriceChanges::AtRenewal;
        let cores = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let sold = vec![Sold::every_period("base").at("31"), cores];
        let deal = Deal::in_plan(&world, "2025-03-01T08:00:00Z", sold, at_renewal).await;
        world.clock().set("2025-03-01T09:00:00Z");
        let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
        let resource = order.limits([("cores", "1")]).for_months(12).fulfilled().await;
        deal.publishes("2025-03-05T15:00:00Z", |plan| set_price(plan, "base", "310")).await;
        assert_eq!(told(&history(&deal).await)[0], "in_force €310.00 per period: 1 from at renewal");
        let seen = world.domain().provisioning().resource(&deal.buyer.owner, resource).await.unwrap();
        assert_eq!(seen.changes[0].from, None);
    }

    async fn prices_wait_for_a_renewal_only_where_something_is_renewed(world: World) {
        let (catalogue, provider) = (world.domain().catalogue(), world.provider().await);
        let at_renewal = |plan: &mut model::PlanDraft| plan.price_changes = model::PriceChanges::AtRenewal;
        let offering = world.offering(&provider).selling(Sold::every_period("base").at("31")).await;
        let seen = catalogue.offering(Some(&provider.manager), &offering.slug).await.unwrap();
        let mut draft = draft_of(&seen.plans[0]);
        at_renewal(&mut draft);
        let refused = catalogue.save_plan(&provider.manager, offering.id, Some(offering.plan), draft).await.unwrap_err().problem().fields;
        assert_eq!(refused.iter().map(|fault| (&*fault.path, &*fault.code)).collect::<Vec<_>>(), [("price_changes", "nothing_renewed")]);

        let cores = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let renewed = world.offering(&provider).selling(cores).in_plan(at_renewal).await;
        let seen = catalogue.offering(Some(&provider.manager), &renewed.slug).await.unwrap();
        let one = seen.components[0].clone();
        let terms = model::ComponentTerms { prepaid: false, ..one.terms };
        let draft = model::ComponentDraft { terms, description: one.description, article_code: one.article_code };
        let refused = catalogue.save_component(&provider.manager, renewed.id, Some(one.id), draft).await.unwrap_err().problem();
        assert!(refused.fields[0].message.contains("nothing is renewed") && refused.fields[0].message.contains("Standard"), "{refused:?}");
    }

    async fn what_is_to_come_of_an_archived_offering_can_still_be_taken_back(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        deal.runs("2025-03-01T09:00:00Z", &[]).await;
        deal.publishes("2025-03-05T15:00:00Z", |plan| {
            set_price(plan, "base", "310");
            plan.valid_from = Some("2025-05-01".parse().unwrap());
        }).await;
        world.domain().catalogue().archive(&deal.provider.manager, deal.offering.id).await.unwrap();
        let version = history(&deal).await.versions[0].clone();
        assert_eq!(version.state, VersionState::ToCome);
        withdraws(&deal, &version).await.unwrap();
        assert_eq!(told(&history(&deal).await), ["in_force €31.00 per period: "]);
    }

    async fn another_billing_period_is_taken_back_with_the_prices_that_were_published_for_it(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        deal.runs("2025-03-01T09:00:00Z", &[]).await;
        deal.publishes("2025-03-05T15:00:00Z", |plan| {
            plan.billing_period = model::BillingPeriod::Year;
            plan.valid_from = Some("2025-05-01".parse().unwrap());
        }).await;
        let listed = history(&deal).await;
        let to_come: Vec<_> = listed.versions.iter().filter(|version| version.state == VersionState::ToCome).collect();
        assert_eq!(to_come.len(), 2, "the terms, and the price for the new period");
        withdraws(&deal, to_come[0]).await.unwrap();
        assert!(history(&deal).await.versions.iter().all(|version| version.state == VersionState::InForce));
    }

    async fn what_equals_today_but_not_the_day_from_which_it_counts_is_published(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        deal.runs("2025-03-01T09:00:00Z", &[]).await;
        let from = |price: &'static str, day: &'static str| move |plan: &mut model::PlanDraft| {
            set_price(plan, "base", price);
            plan.valid_from = Some(day.parse().unwrap());
        };
        deal.publishes("2025-03-05T15:00:00Z", from("60", "2025-06-01")).await;
        deal.publishes("2025-03-05T15:01:00Z", from("31", "2025-07-01")).await;
        let texts = |history: &PlanHistory| told(history).into_iter().map(|line| line.split(':').next().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(texts(&history(&deal).await), ["to_come €31.00 per period", "to_come €60.00 per period", "in_force €31.00 per period"]);
        deal.publishes("2025-03-05T15:02:00Z", from("31", "2025-06-01")).await;
        let listed = history(&deal).await;
        assert_eq!(texts(&listed), ["to_come €31.00 per period", "to_come €31.00 per period", "in_force €31.00 per period"], "the 60 of June is replaced");
    }

    async fn dates_count_also_where_nobody_has_the_plan_yet(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        deal.publishes("2025-03-05T15:00:00Z", |plan| {
            plan.setup_fee = fixed("77");
            set_price(plan, "base", "60");
            plan.valid_from = Some("2025-06-01".parse().unwrap());
        }).await;
        deal.publishes("2025-03-05T15:01:00Z", |plan| {
            set_price(plan, "base", "70");
            plan.valid_from = Some("2025-07-01".parse().unwrap());
        }).await;
        let listed = history(&deal).await;
        let prices: Vec<String> = told(&listed).into_iter().map(|line| line.split(':').next().unwrap().to_owned()).collect();
        assert_eq!(prices, ["to_come €70.00 per period", "to_come €60.00 per period", "in_force €31.00 per period"]);
        let (ordering, owner) = (world.domain().ordering(), &deal.buyer.owner);
        let draft = world.order(owner, &deal.project, &deal.offering).into_draft();
        let quote = ordering.quote(Some(owner), &draft).await.unwrap();
        assert!(quote.first_invoice.totals.net.to_fixed().unwrap() < fixed("31"), "no fee of June, no price of June");
    }

    async fn a_plan_is_shown_as_it_will_be_on_a_day(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        deal.runs("2025-03-01T09:00:00Z", &[]).await;
        deal.publishes("2025-03-05T15:00:00Z", |plan| {
            set_price(plan, "base", "60");
            plan.setup_fee = fixed("5");
            plan.valid_from = Some("2025-06-01".parse().unwrap());
        }).await;
        let catalogue = world.domain().catalogue();
        let on = async |day: Option<&str>| {
            let day = day.map(|day| day.parse().unwrap());
            let plan = catalogue.plan_on(&deal.provider.manager, deal.offering.id, deal.offering.plan, day).await.unwrap();
            (plan.setup_fee.to_string(), plan.prices[0].scheme.clone())
        };
        let flat = |price: &str| model::PriceScheme::per_unit(fixed(price));
        assert_eq!(on(None).await, ("0".to_owned(), flat("31")));
        assert_eq!(on(Some("2025-05-31")).await, ("0".to_owned(), flat("31")));
        assert_eq!(on(Some("2025-06-01")).await, ("5".to_owned(), flat("60")));
        assert!(catalogue.plan_on(&deal.buyer.owner, deal.offering.id, deal.offering.plan, None).await.is_err());
    }
}
