//! The pages of webhooks: a secret that is seen once, what a hostile receiver answers, two people who change one.

use domain::webhooks::Reply;
use model::{Scope, WebhookDraft};
use testkit::both_engines;

use crate::{
    html::{Page, conflict},
    portal::Portal,
};

both_engines! {
    async fn the_secret_of_a_new_webhook_is_seen_once_and_then_asked_for(portal: Portal) {
        let buyer = portal.world.buyer().await;
        let browser = portal.browser(&buyer.owner).await;
        let list = app::routes::webhooks("organization", &buyer.id.to_string());
        let form = Page::of(&browser.get(&list).await.text).form("create_webhook", &[]);
        let typed = form.with("url", "https://hooks.example.org/stoa");
        let made = browser.post(&typed.action, &typed.pairs()).await;
        let at = made.header("location").to_owned();
        let first = browser.get(&at).await.text;
        assert!(first.contains("whsec_") && first.contains("The webhook is made."), "{first}");
        let second = browser.get(&at).await.text;
        assert!(!second.contains("whsec_"), "it is not shown again unasked");
        let ask = Page::of(&second).form("show_webhook_secret", &[]);
        browser.post(&ask.action, &ask.pairs()).await;
        let asked = browser.get(&at).await.text;
        assert!(asked.contains("whsec_"), "{asked}");
    }

    async fn what_a_receiver_answers_stays_text(portal: Portal) {
        let world = &portal.world;
        let buyer = world.buyer().await;
        let scope = Scope::Organization(buyer.id);
        let draft = WebhookDraft { url: "https://hooks.example.org/".into(), description: "<i>x</i>".into(), kinds: vec![] };
        let webhook = world.domain().webhooks().create(&buyer.owner, scope, draft).await.unwrap();
        let webhooks = portal.operations.webhooks();
        let message = webhooks.next_message(webhook.id).await.unwrap().unwrap();
        let hostile = "</pre></textarea><script data-planted>alert(1)</script>\u{202e}";
        let reply = Reply { status: Some(500), answer: hostile.into(), error: String::new(), milliseconds: 1 };
        webhooks.keep_reply(&message, &reply).await.unwrap();
        let browser = portal.browser(&buyer.owner).await;
        let list = app::routes::webhooks("organization", &buyer.id.to_string());
        let shown = browser.get(&format!("{list}/{}", webhook.id)).await.text;
        assert!(!shown.contains("<script data-planted>") && shown.contains("alert(1)"), "{shown}");
        assert!(!browser.get(&list).await.text.contains("<i>x</i>"));
    }

    async fn whoever_saves_second_is_shown_both_texts(portal: Portal) {
        let world = &portal.world;
        let buyer = world.buyer().await;
        let scope = Scope::Organization(buyer.id);
        let at = |url: &str| WebhookDraft { url: url.into(), description: String::new(), kinds: vec![] };
        let webhooks = world.domain().webhooks();
        let webhook = webhooks.create(&buyer.owner, scope, at("https://one.example.org/")).await.unwrap();
        let browser = portal.browser(&buyer.owner).await;
        let list = app::routes::webhooks("organization", &buyer.id.to_string());
        let page = format!("{list}/{}", webhook.id);
        let form = Page::of(&browser.get(&page).await.text).form("change_webhook", &[]);
        webhooks.change(&buyer.owner, webhook.id, at("https://two.example.org/"), webhook.revision).await.unwrap();
        let typed = form.with("url", "https://three.example.org/");
        browser.post(&typed.action, &typed.pairs()).await;
        let shown = browser.get(&page).await.text;
        let texts = conflict(&shown).into_iter().flatten().collect::<Vec<_>>();
        let told = |address: &str| texts.iter().any(|text| text.contains(address));
        assert!(told("two.example.org") && told("three.example.org"), "{texts:?}");
        let stored = webhooks.webhook(&buyer.owner, webhook.id).await.unwrap();
        assert_eq!(stored.url, "https://two.example.org/");
    }
}
