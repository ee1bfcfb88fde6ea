//! What a provider sees of its offering in the marketplace is what buyers see; for whom it can be ordered is said.

use testkit::{Sold, both_engines};

use crate::{api::Browser, portal::Portal};

both_engines! {
    async fn a_plan_that_is_no_longer_sold_is_not_in_the_marketplace_for_its_provider_either(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        world.project(&buyer).await;
        let (catalogue, manager) = (world.domain().catalogue(), &provider.manager);
        let plan = catalogue.offering(Some(manager), &offering.slug).await.unwrap().plans.remove(0);
        let draft = model::PlanDraft {
            name: "Sold out long ago".into(),
            description: String::new(),
            currency: plan.currency,
            billing_period: plan.billing_period,
            proration: plan.proration,
            charge_mode: plan.charge_mode,
            setup_fee: plan.setup_fee,
            price_changes: plan.price_changes,
            prices: vec![model::PriceDraft { component: "cpu".into(), scheme: plan.prices[0].price.scheme.clone() }],
            valid_from: None,
        };
        let old = catalogue.save_plan(manager, offering.id, None, draft).await.unwrap();
        let at = app::routes::offering(&offering.slug);
        let (seller, owner) = (portal.browser(manager).await, portal.browser(&buyer.owner).await);
        for browser in [&seller, &owner] {
            assert!(browser.get(&at).await.text.contains("Sold out long ago"), "while it is sold");
        }
        catalogue.archive_plan(manager, offering.id, old).await.unwrap();
        for browser in [&seller, &owner] {
            let page = browser.get(&at).await;
            assert_eq!(page.status, 200);
            assert!(!page.text.contains("Sold out long ago"), "no longer");
        }
        let own = seller.get(&app::routes::offering_step(offering.id, "plans")).await;
        assert!(own.text.contains("Sold out long ago"), "where it is kept, it is shown");
    }

    async fn what_a_provider_says_of_itself_stands_with_its_offerings(portal: Portal) {
        let world = &portal.world;
        let (said, silent) = (world.provider().await, world.provider().await);
        let structure = world.domain().structure();
        let staff = world.staff().await;
        let mut detail = structure.organization(&staff, said.id).await.unwrap();
        detail.provider_description = "Runs a cluster in Tartu.\n\nAnswers **mails** <i>at night</i>.".into();
        structure.edit_organization(&staff, detail).await.unwrap();
        let nobody = Browser::new(&portal.base);
        let (with, without) = (world.offering(&said).await, world.offering(&silent).await);
        let api = async |id: model::OfferingId| nobody.get(&format!("/api/v1/offerings/{id}")).await.ok();
        let told = api(with.id).await["provider_description"].clone();
        assert_eq!(told, "Runs a cluster in Tartu.\n\nAnswers **mails** <i>at night</i>.");
        let silence = api(without.id).await["provider_description"].clone();
        assert_eq!(silence, serde_json::Value::Null);
        let page = nobody.get(&app::routes::offering(&with.slug)).await.text;
        assert!(page.contains(">Runs a cluster in Tartu.<"), "each line is a paragraph: {page}");
        assert!(page.contains("Answers **mails** &lt;i&gt;at night&lt;/i&gt;."), "it is plain text: {page}");
        let page = nobody.get(&app::routes::offering(&without.slug)).await.text;
        assert!(page.contains("About the provider"), "{page}");
    }

    async fn a_project_that_was_asked_for_is_not_replaced_by_another_without_a_word(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        let project = world.project(&buyer).await;
        let owner = portal.browser(&buyer.owner).await;
        let form = format!("{}/order", app::routes::offering(&offering.slug));
        let (said, choice) = ("The project that you came from cannot order this now", "Choose a project");
        for (asked, elsewhere) in [(project.id.to_string(), false), (offering.id.to_string(), true)] {
            let page = owner.get(&format!("{form}?project={asked}")).await;
            assert_eq!(page.status, 200);
            assert_eq!(page.text.contains(said), elsewhere, "{asked}");
            assert_eq!(page.text.contains(choice), elsewhere, "{asked}");
        }
    }
}
