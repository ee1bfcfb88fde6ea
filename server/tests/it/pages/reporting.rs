//! What a provider reports of use by hand.

use testkit::{Sold, both_engines};

use crate::{html::Page, portal::Portal};

both_engines! {
    /// The backend of these offerings counts `cpu_hours` and nothing else.
    async fn use_of_a_limit_is_reported_where_the_backend_does_not_count_it(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let storage = Sold::reserved("storage", "TB-month").at("1");
        let mixed = world.offering(&provider).selling(storage).selling(Sold::reserved("cpu_hours", "CPU-hour").at("1")).await;
        let counted = world.offering(&provider).selling(Sold::reserved("cpu_hours", "CPU-hour").at("1")).await;
        let project = world.project(&buyer).await;
        let limits = [("storage", "10"), ("cpu_hours", "5")];
        let mine = world.order(&buyer.owner, &project, &mixed).limits(limits).fulfilled().await;
        let other = world.order(&buyer.owner, &project, &counted).limits([("cpu_hours", "5")]).fulfilled().await;
        world.clock().advance(chrono::TimeDelta::days(1));
        let seller = portal.browser(&provider.manager).await;
        let page = app::routes::provider_part(provider.id, "usage");
        let nothing = seller.get(&format!("{page}?resource={other}")).await;
        assert!(nothing.text.contains("its backend counts by itself"), "{}", nothing.text);
        assert!(Page::of(&nothing.text).forms.iter().all(|form| form.action != "/fn/report_usage"));

        let choose = "<option value=\"\" selected";
        assert!(seller.get(&page).await.text.contains(choose), "so a browser can tell what was chosen since");
        assert!(!nothing.text.contains(choose), "{}", nothing.text);
        let at = format!("{page}?resource={mine}");
        let form = Page::of(&seller.get(&at).await.text).form("report_usage", &[]);
        let asked: Vec<_> = form.fields.iter().filter(|(name, _)| name.starts_with("quantity.")).collect();
        assert_eq!(asked, [&("quantity.storage".to_owned(), String::new())]);
        seller.post(&form.action, &form.with("quantity.storage", "4").pairs()).await;
        let answered = seller.get(&at).await;
        assert_eq!(answered.status, 200, "{}", answered.text);
        assert!(answered.text.contains("Recorded"), "{}", answered.text);
        let owner = portal.api(&buyer.owner).await;
        let used = owner.get(&format!("/resources/{mine}/usage")).await.ok();
        let sums: Vec<_> = used.as_array().unwrap().iter().map(|one| one["total"].as_str().unwrap()).collect();
        assert!(sums.contains(&"4"), "{used}");
    }
}
