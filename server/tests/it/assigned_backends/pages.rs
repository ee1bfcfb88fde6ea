use serde_json::json;
use testkit::both_engines;

use super::OnCluster;
use crate::html::Page;

/// The choices of a field that is drawn as radio buttons or as a select.
fn choices(html: &str, name: &str) -> Vec<String> {
    let document = scraper::Html::parse_document(html);
    let selector =
        format!("input[type=radio][name='{name}'], select[name='{name}'] option[value]:not([value=''])");
    let selector = scraper::Selector::parse(&selector).unwrap();
    let values = document.select(&selector);
    values
        .map(|one| one.value().attr("value").unwrap().to_owned())
        .collect()
}

both_engines! {
    async fn staff_assigns_a_backend_and_takes_it_away_on_a_page_without_scripts(on: OnCluster) {
        let staff = on.portal.browser(&on.portal.world.staff().await).await;
        let list = staff.get("/admin/organizations").await.text;
        let at = app::routes::assigned_backends(on.provider.id);
        assert!(Page::of(&list).links.contains(&at), "the list of organizations leads there");
        let at = format!("{at}?plugin=slurm");
        let page = staff.get(&at).await;
        assert_eq!(page.status, 200);
        let form = Page::of(&page.text).form("assign_backend", &[("plugin", "slurm")]);

        let wrong = form.with("settings.cluster", "-lab").with("settings.parent_account", "root");
        let refused = staff.post(&wrong.action, &wrong.pairs()).await;
        let page = staff.get(refused.header("location")).await.text;
        assert!(page.contains("Begin with a letter or digit"), "{page}");
        let form = Page::of(&page).form("assign_backend", &[("settings.cluster", "-lab")]);
        let right = form.with("settings.cluster", "lab").with("settings.default_qos", "normal\nlong");
        let done = staff.post(&right.action, &right.pairs()).await;
        let page = staff.get(done.header("location")).await.text;
        assert!(page.contains("Cluster: lab · Parent account: root · QOS: normal, long"), "{page}");
        assert!(page.contains("No offering uses it."), "{page}");

        on.save(json!({ "cluster": "lab", "default_qos": "long" })).await.ok();
        let page = staff.get(&at).await.text;
        assert!(page.contains(&format!("It is used by: {}.", on.draft.name)), "{page}");
        assert!(Page::of(&page).links.contains(&app::routes::offering_step(on.draft.id, "provisioning")));
        let form = Page::of(&page).form("withdraw_backend", &[("plugin", "slurm")]);
        let done = staff.post(&form.action, &form.pairs()).await;
        let page = staff.get(done.header("location")).await.text;
        assert!(page.contains("Nothing is assigned"), "{page}");
        assert_eq!(on.seller.get(&on.backends()).await.ok(), json!([]));
    }

    async fn a_provider_chooses_from_what_is_assigned_to_it(on: OnCluster) {
        let seller = on.portal.browser(&on.provider.manager).await;
        let step = app::routes::offering_step(on.draft.id, "provisioning");
        let show = async || {
            let form = Page::of(&seller.get(&step).await.text).form("save_plugin", &[]);
            let chosen = form.with("plugin", "slurm");
            let shown = seller.post("/fn/choose_plugin", &chosen.pairs()).await;
            seller.get(shown.header("location")).await.text
        };
        let page = show().await;
        assert!(page.contains("No backend of this kind is assigned to you"), "{page}");
        assert_eq!(choices(&page, "settings.cluster"), [""; 0]);

        let lab = on.assign("lab").await;
        on.assign("kalevi").await;
        let page = show().await;
        assert_eq!(choices(&page, "settings.cluster"), ["kalevi", "lab"]);
        assert_eq!(choices(&page, "settings.parent_account"), ["root"]);
        assert!(page.contains("Cluster: lab · Parent account: root"), "{page}");
        let form = Page::of(&page).form("save_plugin", &[("plugin", "slurm"), ("settings.parent_account", "root")]);
        let other = form.with("settings.cluster", "rooste");
        let refused = seller.post(&other.action, &other.pairs()).await;
        let page = seller.get(refused.header("location")).await.text;
        assert!(page.contains("“rooste” is not assigned to this provider. Choose kalevi or lab"), "{page}");
        let form = Page::of(&page).form("save_plugin", &[("plugin", "slurm")]).with("settings.cluster", "lab");
        seller.post(&form.action, &form.pairs()).await;
        let saved = on.seller.get(&on.offering("")).await.ok();
        assert_eq!(saved["settings"]["cluster"], "lab");

        on.staff.send(reqwest::Method::DELETE, &lab, None).await.ok();
        let page = seller.get(&step).await.text;
        assert!(page.contains("The saved settings may not be used any more"), "{page}");
        assert_eq!(choices(&page, "settings.cluster"), ["kalevi"]);
    }

    async fn only_staff_and_support_see_the_page_and_only_staff_is_drawn_its_forms(on: OnCluster) {
        let world = &on.portal.world;
        on.assign("lab").await;
        let at = app::routes::assigned_backends(on.provider.id);
        let support = world.person(model::Role::Support, model::Scope::System).await;
        let page = on.portal.browser(&support).await.get(&at).await;
        assert!(page.status == 200 && page.text.contains("Cluster: lab"), "{}", page.status);
        assert!(!page.text.contains("assign_backend") && !page.text.contains("withdraw_backend"), "{}", page.text);
        let manager = on.portal.browser(&on.provider.manager).await.get(&at).await;
        assert_eq!(manager.status, 404);
        let buyer = world.buyer().await;
        let page = on.portal.browser(&world.staff().await).await.get(&app::routes::assigned_backends(buyer.id)).await;
        assert!(page.status == 200 && page.text.contains("does not sell"), "{}", page.status);
        assert!(!page.text.contains("assign_backend"), "{}", page.text);
    }
}
