//! Actions of resources on pages: what can be done is a button or a form, what came of it is read, and people of the provider do
//! what is done by hand.

use domain::{Actor, actions::Wish, catalogue::SentValues};
use model::{
    Action, ActionAudience, Field, FieldKind, PageRequest, ResourceId, Role, Schema, Scope, TokenScope,
};
use serde_json::json;
use testkit::both_engines;

use crate::{
    api::Browser,
    html::{Form, Page},
    portal::Portal,
};

async fn page(browser: &Browser, path: &str) -> Page {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    Page::of(&answer.text)
}

/// Sends the form and follows to where it leads.
async fn send(browser: &Browser, form: &Form) -> (String, String) {
    let answer = browser.post(&form.action, &form.pairs()).await;
    let to = answer.header("location").to_owned();
    let path = to.split('#').next().unwrap_or_default().to_owned();
    (to, browser.get(&path).await.text)
}

/// A resource that its owner has, with the browser of somebody who may use it.
async fn running(portal: &Portal) -> (ResourceId, Browser) {
    let world = &portal.world;
    let (provider, buyer) = (world.provider().await, world.buyer().await);
    let (project, offering) = (world.project(&buyer).await, world.offering(&provider).await);
    let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
    let member = world.member(&project).await;
    (resource, portal.browser(&member).await)
}

both_engines! {
    async fn what_can_be_done_is_a_button_and_what_came_of_it_is_read(portal: Portal) {
        let (resource, browser) = running(&portal).await;
        let here = app::routes::resource(resource);
        let form = page(&browser, &here).await.form("ask_for_action", &[("action", "restart")]);
        let (to, shown) = send(&browser, &form).await;
        assert_eq!(to, format!("{here}#actions"));
        assert!(shown.contains("Restart: waiting") && shown.contains("data-polling"), "{shown}");
        let (_, again) = send(&browser, &form).await;
        assert_eq!(again.matches("Restart: waiting").count(), 1, "the same form is one wish");
        portal.work().await;
        let done = browser.get(&here).await.text;
        assert!(done.contains("Restart: done") && done.contains("It was restarted."), "{done}");
        assert!(!done.contains("data-polling"), "nothing is waited for any more");
        let all = browser.get(&app::routes::resource_actions(resource)).await.text;
        assert!(all.contains("Restart") && all.contains("It was restarted."), "{all}");
    }

    async fn what_follows_is_said_first_and_what_is_not_possible_is_not_offered(portal: Portal) {
        let (resource, browser) = running(&portal).await;
        let here = app::routes::resource(resource);
        let stop = app::routes::resource_action(resource, "stop");
        let before = page(&browser, &here).await;
        assert!(before.links.contains(&stop), "{:?}", before.links);
        let text = browser.get(&stop).await.text;
        assert!(text.contains("What runs on it ends."), "{text}");
        let asking = Page::of(&text).form("ask_for_action", &[("action", "stop")]);
        send(&browser, &asking).await;
        portal.work().await;
        let after = browser.get(&here).await.text;
        assert!(after.contains("Off") && !Page::of(&after).links.contains(&stop), "{after}");
        assert!(after.contains("It is off: this is not possible now."), "and why: {after}");
        // The form was open in another tab.
        let fresh = asking.with("idempotency_key", "");
        let (_, refused) = send(&browser, &fresh).await;
        assert!(refused.contains("It is off: this is not possible now."), "{refused}");
        Page::of(&after).form("ask_for_action", &[("action", "start")]);
    }

    async fn parts_are_listed_and_each_leads_to_what_can_be_done_with_it(portal: Portal) {
        let (resource, browser) = running(&portal).await;
        let here = app::routes::resource(resource);
        let list = page(&browser, &here).await.form("list_parts", &[]);
        send(&browser, &list).await;
        portal.work().await;
        let listed = browser.get(&here).await.text;
        assert!(listed.contains("100 GB"), "{listed}");
        let of_data = format!("{}?disk=data", app::routes::resource_action(resource, "resize_disk"));
        assert!(Page::of(&listed).links.contains(&of_data), "{:?}", Page::of(&listed).links);
        let form = page(&browser, &of_data).await.form("ask_for_action", &[("input.disk", "data")]);
        let (_, refused) = send(&browser, &form.with("input.size", "0")).await;
        assert!(refused.contains("That was not asked for.") && refused.contains("f-input.size-error"), "{refused}");
        send(&browser, &form.with("input.size", "200")).await;
        portal.work().await;
        let done = browser.get(&here).await.text;
        assert!(done.contains("The disk data has 200 GB.") && done.contains("200 GB"), "{done}");
        // Listed again by itself, since something about it changed.
        assert!(!done.contains(">100 GB<"), "{done}");
        let (_, gone) = send(&browser, &form.with("input.disk", "other").with("input.size", "5").with("idempotency_key", "")).await;
        assert!(gone.contains("f-input.disk-error"), "{gone}");
    }

    async fn who_only_reads_sees_what_was_done_and_has_no_button(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let (project, offering) = (world.project(&buyer).await, world.offering(&provider).await);
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let wish = Wish { key: "restart".into(), input: SentValues::Json(json!({})) };
        let plugins = portal.registry.facts();
        world.domain().actions().ask(&buyer.owner, resource, wish, (&plugins, None)).await.unwrap();
        portal.work().await;
        let reader = world.person(Role::ProjectReader, Scope::Project(project.id)).await;
        let browser = portal.browser(&reader).await;
        let text = browser.get(&app::routes::resource(resource)).await.text;
        assert!(text.contains("Restart: done") && !text.contains("/fn/ask_for_action"), "{text}");
        let form = browser.get(&app::routes::resource_action(resource, "restart")).await;
        assert_eq!(form.status, 404, "{}", form.text);
        let stranger = portal.browser(&world.stranger().await).await;
        assert_eq!(stranger.get(&app::routes::resource_actions(resource)).await.status, 404);
    }

    async fn a_token_that_only_orders_is_answered_what_it_asked_for(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let (project, offering) = (world.project(&buyer).await, world.offering(&provider).await);
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let api = portal.api_within(&buyer.owner, &[TokenScope::Order]).await;
        let asked = api.post(&format!("/resources/{resource}/actions/restart"), json!({})).await;
        assert_eq!((asked.status, asked.json()["state"].as_str()), (201, Some("waiting")), "{}", asked.text);
        let path = format!("/actions/{}", asked.json()["id"].as_str().unwrap());
        api.get(&path).await.refused(403, "token_scope_missing");
        let back = api.post(&format!("{path}/withdraw"), json!({})).await;
        assert_eq!(back.ok()["state"], "canceled");
        assert_eq!(portal.work().await, 1, "it is not brought to the backend");
        let shown = world.domain().actions().last_of(&buyer.owner, resource, 5).await.unwrap();
        assert_eq!(shown.len(), 1);
        world.leaves_jobs();
    }

    async fn what_is_done_by_hand_is_a_task_and_who_asked_is_told(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).provisioned_by_hand().await;
        define(&portal, &provider.manager, offering.id).await;
        let resource = world.order(&buyer.owner, &project, &offering).named("Rack").fulfilled().await;
        world.leaves_jobs();
        let member = world.member(&project).await;
        let browser = portal.browser(&member).await;
        let at = app::routes::resource_action(resource, "swap_disk");
        let form = page(&browser, &at).await.form("ask_for_action", &[]);
        let (_, asked) = send(&browser, &form.with("input.slot", "3")).await;
        assert!(asked.contains("Swap a disk: waits for the provider") && asked.contains("Slot"), "{asked}");

        let manager = portal.browser(&provider.manager).await;
        let tasks = app::routes::provider_part(provider.id, "tasks");
        let task = page(&manager, &tasks).await;
        let task = task.links.iter().find(|link| link.starts_with(&format!("{tasks}/"))).unwrap().clone();
        while portal.operations.notices().tell_next().await.unwrap() {}
        let told = async |actor: &Actor| world.domain().notices().list(actor, true, &PageRequest::default()).await.unwrap().items;
        let of_task = told(&provider.manager).await;
        let waits = of_task.iter().find(|one| one.text == "Waits for you to do it: Swap a disk").unwrap();
        assert!(waits.waits);
        assert_eq!(app::routes::of_notice(waits).as_deref(), Some(task.as_str()));

        let refusing = page(&manager, &task).await.form("refuse_action", &[]);
        let (_, refused) = send(&manager, &refusing.with("reason", "")).await;
        assert!(refused.contains("Please say why."), "{refused}");
        let done = page(&manager, &task).await.form("finish_action", &[]);
        let (_, after) = send(&manager, &done.with("output", "Serial: X-7\nfine").with("note", "As you wished")).await;
        assert!(after.contains("Done") && !after.contains("/fn/finish_action"), "{after}");
        let shown = browser.get(&app::routes::resource(resource)).await.text;
        for said in ["Swap a disk: done", "X-7", "fine", "As you wished"] {
            assert!(shown.contains(said), "{said}: {shown}");
        }
        while portal.operations.notices().tell_next().await.unwrap() {}
        let of_member = told(&member).await;
        assert!(of_member.iter().any(|one| one.text == "Action done: Swap a disk" && one.note == "As you wished"), "{of_member:?}");
        let of_task = told(&provider.manager).await;
        assert!(!of_task.iter().any(|one| one.event == "resource.action_requested"), "it waits no more: {of_task:?}");
    }
}

/// One action that the provider's people do, with a field.
async fn define(portal: &Portal, manager: &Actor, offering: model::OfferingId) {
    let slot = Field::new("slot", "Slot", FieldKind::integer(1, 8)).required();
    let swap = Action::new("swap_disk", "Swap a disk", "Somebody exchanges a disk.")
        .asking(Schema::new(vec![slot]))
        .of(ActionAudience::Users);
    let catalogue = portal.world.domain().catalogue();
    let revision = catalogue
        .offering(Some(manager), &offering.to_string())
        .await
        .unwrap()
        .revision;
    let plugins = portal.registry.facts();
    catalogue
        .set_actions(manager, offering, vec![swap], (&plugins, revision))
        .await
        .unwrap();
}
