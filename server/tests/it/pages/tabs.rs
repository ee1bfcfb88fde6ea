use testkit::{Sold, both_engines};

use crate::{html::Page, portal::Portal};

both_engines! {
    /// Two tabs of one browser, each with a form about another thing, both refused before either page is looked at.
    async fn two_tabs_about_two_things_each_get_their_own_answer(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).unpublished().await;
        let other = world.offering(&provider).named("Other").unpublished().await;
        let browser = portal.browser(&provider.manager).await;
        let tab = async |id: String| {
            let at = app::routes::offering_step(&id, "plans");
            let page = Page::of(&browser.get(&at).await.text);
            page.form("save_plan", &[("offering", &id)])
        };
        let (here, there) = (tab(offering.id.to_string()).await, tab(other.id.to_string()).await);
        let one = here.with("name", "First").with("setup_fee", "dear");
        let two = there.with("name", "Second").with("setup_fee", "cheap");
        let first = browser.post("/fn/save_plan", &one.pairs()).await;
        let second = browser.post("/fn/save_plan", &two.pairs()).await;
        for (answer, mine) in [(second, "Second"), (first, "First")] {
            let page = Page::of(&browser.get(answer.header("location").split('#').next().unwrap()).await.text);
            assert_eq!(page.alerts.len(), 1, "{:?}", page.alerts);
            page.form("save_plan", &[("name", mine)]);
        }
    }

    /// The refusals of buttons have no form to stand at, and are said on top of the page.
    async fn a_refused_button_says_why(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        let project = world.project(&buyer).await;
        world.order(&buyer.owner, &project, &offering).limits([("cpu", "2")]).fulfilled().await;
        let browser = portal.browser(&provider.manager).await;
        for (step, button) in [("components", "remove_component"), ("plans", "archive_plan")] {
            let at = app::routes::offering_step(offering.id, step);
            let form = Page::of(&browser.get(&at).await.text).form(button, &[]);
            let answer = browser.post(&form.action, &form.pairs()).await;
            assert_eq!(answer.header("location"), at, "{button}");
            let page = browser.get(&at).await;
            assert_eq!(page.status, 409, "{button}");
            let page = Page::of(&page.text);
            assert_eq!(page.alerts.len(), 1, "{button}: {:?}", page.alerts);
            let again = Page::of(&browser.get(&at).await.text);
            assert!(again.alerts.is_empty(), "it is said once");
        }
    }
}
