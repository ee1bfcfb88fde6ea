//! The settings of organizations, and lists that are narrowed to one.

use testkit::both_engines;

use crate::{html::Page, portal::Portal};

both_engines! {
    async fn an_owner_of_a_provider_changes_where_it_is_paid_and_not_what_staff_decides(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let scope = model::Scope::Organization(provider.id);
        let owner = world.person(model::Role::OrganizationOwner, scope).await;
        let browser = portal.browser(&owner).await;
        let at = app::routes::organization_part(provider.id, "settings");
        let form = Page::of(&browser.get(&at).await.text).form("save_organization", &[]);
        assert!(form.fields.iter().all(|(name, _)| name != "tax_percent"), "{:?}", form.fields);
        let typed = form.with("bank_account", "EE382200221020145685").with("provider_description", "Runs a cluster.");
        browser.post(&typed.action, &typed.pairs()).await;
        let stored = world.domain().structure().organization(&owner, provider.id).await.unwrap();
        assert_eq!(
            (stored.bank_account.as_str(), stored.provider_description.as_str(), stored.is_provider),
            ("EE382200221020145685", "Runs a cluster.", true)
        );
    }

    async fn the_month_from_which_a_new_time_zone_counts_is_said_where_it_is_chosen(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).await;
        world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let browser = portal.browser(&buyer.owner).await;
        let at = app::routes::organization_part(buyer.id, "settings");
        let form = Page::of(&browser.get(&at).await.text).form("save_organization", &[]);
        let moved = form.with("time_zone", "Asia/Tokyo");
        browser.post(&moved.action, &moved.pairs()).await;
        let shown = browser.get(&at).await.text;
        assert!(shown.contains("the new one counts from March 2026 on"), "{shown}");
    }

    async fn a_list_that_is_narrowed_to_what_does_not_go_together_says_so(portal: Portal) {
        let world = &portal.world;
        let (one, other) = (world.buyer().await, world.buyer().await);
        let project = world.project(&one).await;
        let staff = portal.browser(&world.staff().await).await;
        for list in ["orders", "resources"] {
            let wrong = staff.get(&format!("/{list}?project={}&organization={}", project.id, other.id)).await;
            assert!(wrong.status == 422 && wrong.text.contains("is not one of the organization"), "{list}: {}", wrong.status);
            let right = staff.get(&format!("/{list}?project={}&organization={}", project.id, one.id)).await;
            assert_eq!(right.status, 200, "{list}");
        }
    }
}
