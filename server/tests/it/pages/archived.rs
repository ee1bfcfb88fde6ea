//! What is drawn of an offering that is archived: what those who have something of it need, and no form that would only be
//! refused.

use std::collections::BTreeSet;

use testkit::{Sold, both_engines};

use crate::{html::Page, portal::Portal};

const STEPS: [&str; 8] = [
    "describe",
    "provisioning",
    "components",
    "plans",
    "form",
    "actions",
    "terms",
    "publish",
];

both_engines! {
    async fn only_what_its_holders_need_is_drawn_of_an_archived_offering(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let question = model::Schema::new(vec![model::Field::new("shell", "Shell", model::FieldKind::Boolean)]);
        let offering = world.offering(&provider).selling(Sold::every_period("base").at("31")).asking(question).await;
        let project = world.project(&buyer).await;
        world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let seller = portal.browser(&provider.manager).await;
        let plans = app::routes::offering_step(offering.id, &format!("plans?plan={}", offering.plan));
        let form = Page::of(&seller.get(&plans).await.text).form("save_plan", &[("id", &offering.plan.to_string())]);
        seller.post(&form.action, &form.with("price.base", "310").with("valid_from", "2026-05-01").pairs()).await;
        let drawn = async || {
            let mut drawn = BTreeSet::new();
            let addresses = STEPS.map(|step| app::routes::offering_step(offering.id, step));
            for at in addresses.iter().chain([&plans]) {
                let page = seller.get(at).await;
                assert_eq!(page.status, 200, "{at}");
                let forms = Page::of(&page.text).forms.into_iter().filter(|form| form.method == "post");
                let own = forms.filter(|form| form.fields.iter().any(|(name, _)| name == "offering"));
                drawn.extend(own.map(|form| form.action));
            }
            drawn
        };
        assert!(drawn().await.len() > 10, "while it can be changed");
        world.domain().catalogue().archive(&provider.manager, offering.id).await.unwrap();
        let kept = ["/fn/request_connection_test", "/fn/save_plugin", "/fn/withdraw_plan_version"];
        assert_eq!(drawn().await.iter().map(String::as_str).collect::<Vec<_>>(), kept);
        let withdraw = Page::of(&seller.get(&plans).await.text).form("withdraw_plan_version", &[]);
        seller.post(&withdraw.action, &withdraw.pairs()).await;
        assert!(!seller.get(&plans).await.text.contains("€310.00"), "it was withdrawn");
    }
}
