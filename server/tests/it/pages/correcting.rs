//! From a month that cannot be invoiced to the form that mends it.

use domain::Actor;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use testkit::{Sold, both_engines};

use crate::{html::Page, portal::Portal};

both_engines! {
    async fn a_month_at_fault_leads_its_provider_and_staff_to_the_price_and_is_mended_there(portal: Portal) {
        let world = &portal.world;
        world.clock().set("2025-06-01T00:00:00Z");
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::used("cpu", "CPU-hour").at("1")).await;
        // Such a price is refused today; one that was saved before may still be there.
        let tiers = serde_json::json!([{ "up_to": "10", "price": "5" }, { "up_to": "20", "price": "3" }]);
        entity::plan_price::Entity::update_many()
            .col_expr(entity::plan_price::Column::Scheme, Expr::value(serde_json::json!({ "scheme": "tiered", "tiers": tiers })))
            .filter(entity::plan_price::Column::PlanId.eq(offering.plan))
            .exec(world.db()).await.unwrap();
        let project = world.project(&buyer).await;
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        world.clock().set("2025-06-20T00:00:00Z");
        let used = model::UsageReport {
            resource_id: resource, component: "cpu".into(), quantity: model::Fixed::from(25), key: "a".into(), username: None,
            window_start: "2025-06-10T00:00:00Z".parse().unwrap(), window_end: "2025-06-11T00:00:00Z".parse().unwrap(),
        };
        world.domain().usage().record(&provider.manager, vec![used]).await.unwrap();
        world.clock().set("2025-07-01T00:00:00Z");
        let billing = world.domain().billing();
        let june = "2025-06".parse().unwrap();
        assert_eq!(billing.close(&Actor::system(), june).await.unwrap().failed.len(), 1);

        let staff = portal.browser(&world.staff().await).await;
        let manager = portal.browser(&provider.manager).await;
        let mut leads = Vec::new();
        for (browser, at) in [(&staff, app::routes::admin("invoices")), (&manager, app::routes::provider_part(provider.id, "invoices"))] {
            let page = Page::of(&browser.get(&at).await.text);
            let link = page.links.iter().find(|link| link.contains("&correct=")).unwrap_or_else(|| panic!("{at}: {:?}", page.links));
            leads.push(link.split('#').next().unwrap().to_owned());
        }
        let form = Page::of(&staff.get(&leads[0]).await.text).form("correct_plan_price", &[("from", "2025-06-01"), ("scheme.cpu", "tiered")]);
        let refused = manager.post(&form.action, &form.with("reason", "").with("tiers.cpu", "10: 5").pairs()).await;
        let shown = Page::of(&manager.get(refused.header("location").split('#').next().unwrap()).await.text);
        assert_eq!(shown.alerts.len(), 1, "{:?}", shown.alerts);
        let form = shown.form("correct_plan_price", &[("tiers.cpu", "10: 5")]);
        let form = form.with("reason", "The table ended too early").with("tiers.cpu", "10: 5\n20: 3\n2");
        let done = manager.post(&form.action, &form.pairs()).await;
        let page = manager.get(done.header("location").split('#').next().unwrap()).await;
        assert!(page.text.contains("The table ended too early"), "the history says why");
        let report = billing.close(&Actor::system(), june).await.unwrap();
        assert_eq!((report.issued.len(), report.failed), (1, Vec::new()));
    }
}
