//! Switching the plan of a resource, without scripts.

use domain::Actor;
use model::{OfferingId, OrderKind, PlanDraft, PlanId, PriceDraft, PriceScheme};
use testkit::{Sold, World, both_engines};

use crate::{
    api::Browser,
    html::{Form, Page},
    portal::Portal,
};

/// Another plan like the offering's first, in which a CPU costs `price`.
async fn add_plan(
    world: &World,
    manager: &Actor,
    offering: OfferingId,
    (name, price): (&str, &str),
) -> PlanId {
    let catalogue = world.domain().catalogue();
    let plan = catalogue
        .offering(Some(manager), &offering.to_string())
        .await
        .unwrap()
        .plans
        .remove(0);
    let draft = PlanDraft {
        name: name.into(),
        description: String::new(),
        currency: plan.currency,
        billing_period: plan.billing_period,
        proration: plan.proration,
        charge_mode: plan.charge_mode,
        setup_fee: plan.setup_fee,
        price_changes: plan.price_changes,
        prices: vec![PriceDraft {
            component: "cpu".into(),
            scheme: PriceScheme::per_unit(price.parse().unwrap()),
        }],
        valid_from: None,
    };
    catalogue.save_plan(manager, offering, None, draft).await.unwrap()
}

async fn page(browser: &Browser, at: &str) -> (u16, Page, String) {
    let answer = browser.get(at.split('#').next().unwrap()).await;
    (answer.status, Page::of(&answer.text), answer.text)
}

async fn send(browser: &Browser, form: &Form, action: &str) -> String {
    browser
        .post(action, &form.pairs())
        .await
        .header("location")
        .to_owned()
}

/// The sum that the page says will be had a month.
fn month(html: &str) -> String {
    let from = html
        .split("data-test=\"quote-month\"")
        .nth(1)
        .unwrap_or_else(|| panic!("no quote in {html}"));
    from.split('>')
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .to_owned()
}

both_engines! {
    async fn somebody_who_may_order_switches_the_plan_without_scripts(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        let project = world.project(&buyer).await;
        let resource = world.order(&buyer.owner, &project, &offering).limits([("cpu", "2")]).fulfilled().await;
        let owner = portal.browser(&buyer.owner).await;
        let (at, form_at) = (app::routes::resource(resource), app::routes::resource_plan(resource));
        let (_, alone, _) = page(&owner, &at).await;
        assert!(!alone.links.contains(&form_at), "there is no other plan: {:?}", alone.links);
        let (status, closed, _) = page(&owner, &form_at).await;
        assert!(status == 200 && closed.forms.iter().all(|form| form.action != "/fn/switch_plan"));

        let gone = add_plan(world, &provider.manager, offering.id, ("Gone", "3")).await;
        world.domain().catalogue().archive_plan(&provider.manager, offering.id, gone).await.unwrap();
        let dear = add_plan(world, &provider.manager, offering.id, ("Dear", "5")).await;
        let dearest = add_plan(world, &provider.manager, offering.id, ("Dearest", "7")).await;
        let member = portal.browser(&world.member(&project).await).await;
        let reader = world.person(model::Role::ProjectReader, model::Scope::Project(project.id)).await;
        let reader = portal.browser(&reader).await;
        assert!(page(&owner, &at).await.1.links.contains(&form_at));
        assert!(page(&member, &at).await.1.links.contains(&form_at), "who may order may switch");
        assert!(!page(&reader, &at).await.1.links.contains(&form_at), "who may not order is not led there");

        let (_, shown, html) = page(&owner, &form_at).await;
        let form = shown.form("switch_plan", &[("resource", &resource.to_string()), ("plan", &dear.to_string())]);
        let further: Vec<&str> = form.further.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(further, [dearest.to_string()], "neither the present plan nor one that is not sold");
        let dear_month = month(&html);
        let again = send(&owner, &form.with("plan", &dearest.to_string()), "/fn/recalculate_plan").await;
        assert_eq!(again, format!("{form_at}#quote"));
        let (_, shown, html) = page(&owner, &again).await;
        assert_ne!(month(&html), dear_month, "the price is that of the plan that was chosen");
        let form = shown.form("switch_plan", &[("plan", &dearest.to_string())]);

        let order = send(&owner, &form, &form.action).await;
        assert_eq!(send(&owner, &form, &form.action).await, order, "sent twice it is ordered once");
        let (_, ordered, html) = page(&owner, &order).await;
        assert!(ordered.notes.iter().any(|note| note.contains("Nothing was ordered twice")), "{:?}", ordered.notes);
        assert!(html.contains("Dearest"));
        world.run_jobs().await;
        let detail = world.domain().provisioning().resource(&buyer.owner, resource).await.unwrap();
        assert_eq!(detail.plan_id, dearest);
        let filter = domain::ordering::OrderFilter::default();
        let orders = world.domain().ordering().orders(&buyer.owner, &filter, model::PageRequest::first(10)).await.unwrap();
        let switches = orders.items.iter().filter(|one| one.kind == OrderKind::SwitchPlan);
        assert_eq!(switches.count(), 1);
    }

    async fn what_refuses_a_switch_is_said_by_its_form(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        let project = world.project(&buyer).await;
        let resource = world.order(&buyer.owner, &project, &offering).limits([("cpu", "2")]).fulfilled().await;
        let dear = add_plan(world, &provider.manager, offering.id, ("Dear", "5")).await;
        let dearest = add_plan(world, &provider.manager, offering.id, ("Dearest", "7")).await;
        let owner = portal.browser(&buyer.owner).await;
        let form_at = app::routes::resource_plan(resource);
        let form = page(&owner, &form_at).await.1.form("switch_plan", &[("plan", &dear.to_string())]);
        let catalogue = world.domain().catalogue();

        let none = send(&owner, &form.with("plan", ""), &form.action).await;
        let alerts = page(&owner, &none).await.1.alerts;
        assert!(alerts.iter().any(|alert| alert.contains("Choose a plan.")), "{alerts:?}");
        catalogue.archive_plan(&provider.manager, offering.id, dear).await.unwrap();
        let late = send(&owner, &form, &form.action).await;
        assert_eq!(late, form_at);
        let (_, shown, _) = page(&owner, &late).await;
        assert!(shown.alerts.iter().any(|alert| alert.contains("The plan Dear is no longer sold")), "{:?}", shown.alerts);
        let other = shown.forms.iter().find(|form| form.action == "/fn/switch_plan").unwrap();
        let other = other.with("plan", &dearest.to_string());
        catalogue.pause(&provider.manager, offering.id, "No room").await.unwrap();
        let paused = send(&owner, &other, &other.action).await;
        let (_, shown, _) = page(&owner, &paused).await;
        assert!(shown.alerts.iter().any(|alert| alert.contains("takes no orders at the moment: No room")), "{:?}", shown.alerts);
        assert!(shown.forms.iter().all(|form| form.action != "/fn/switch_plan"), "what would be refused is not offered");
        assert!(!page(&owner, &app::routes::resource(resource)).await.1.links.contains(&form_at));
    }
}
