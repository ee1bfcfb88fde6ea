//! The pages of rules of approval: a rule that is made, tried, moved and changed in forms, and the steps that an order shows.

use model::{Ask, OrderState, RuleConditions, RuleEffect, Scope};
use testkit::both_engines;

use crate::{
    html::{Page, conflict},
    portal::Portal,
};

both_engines! {
    async fn a_rule_is_typed_tried_and_decides_orders(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).await;
        let (member, expert) = (world.member(&project).await, world.member(&project).await);
        let browser = portal.browser(&buyer.owner).await;
        let list = app::routes::approval_rules("organization", &buyer.id.to_string());

        let form = Page::of(&browser.get(&list).await.text).form("create_approval_rule", &[]);
        let unknown = form.with("name", "The expert").with("who", "people").with("people", "nobody@example.org");
        browser.post(&unknown.action, &unknown.pairs()).await;
        let told = browser.get(&list).await.text;
        assert!(told.contains("Nobody with the address nobody@example.org has a role here."), "{told}");

        let form = Page::of(&told).form("create_approval_rule", &[]);
        let typed = form.with("people", &expert.email.to_uppercase()).with("is_last", "true").with("due_days", "3").with("remind_days", "1");
        browser.post(&typed.action, &typed.pairs()).await;
        let shown = browser.get(&list).await.text;
        let sentence = format!("All orders: within 3 days {} must agree, reminded every day; nobody else is asked.", expert.name);
        assert!(shown.contains(&sentence), "{shown}");

        let trial = format!(
            "{list}?try=1&offering={}&project={}&kind=create&commitment=5&currency=EUR&placed_by={}",
            offering.id, project.id, member.email
        );
        let tried = browser.get(&trial).await.text;
        assert!(tried.contains(&format!("Could decide: {}.", expert.name)), "{tried}");
        let wrong = browser.get(&trial.replace(&member.email, "nobody@example.org")).await.text;
        assert!(wrong.contains("Enter the address of somebody who may order in"), "{wrong}");

        let order = world.order(&member, &project, &offering).await;
        let page = portal.browser(&member).await.get(&format!("/orders/{order}")).await.text;
        assert!(page.contains("Buyer: asked now") && page.contains(&format!("Can decide: {}.", expert.name)), "{page}");
        let decided = world.domain().ordering().approve(&expert, order, "Go on").await.unwrap();
        assert_eq!(decided, OrderState::Executing);
        let page = portal.browser(&member).await.get(&format!("/orders/{order}")).await.text;
        assert!(page.contains("Buyer: approved") && page.contains(&format!("{}: approved", expert.name)), "{page}");
        portal.work().await;
    }

    async fn a_rule_that_refuses_says_why_at_the_order_form(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).await;
        let refuse = RuleEffect::Refuse { reason: "Ask the institute's office first".into() };
        let draft = model::ApprovalRuleDraft {
            name: "Not now".into(),
            side: None,
            when: RuleConditions::default(),
            then: refuse,
            is_active: true,
        };
        world.domain().approvals().create(&buyer.owner, Scope::Organization(buyer.id), draft).await.unwrap();
        let draft = world.order(&buyer.owner, &project, &offering).into_draft();
        let api = portal.api(&buyer.owner).await;
        let refused = api.post("/orders", serde_json::to_value(draft).unwrap()).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text.contains("refused_by_rule") && refused.text.contains("Ask the institute"), "{}", refused.text);
    }

    async fn whoever_saves_a_rule_second_is_shown_both_and_rules_are_moved(portal: Portal) {
        let world = &portal.world;
        let buyer = world.buyer().await;
        let place = Scope::Organization(buyer.id);
        let approvals = world.domain().approvals();
        let named = |name: &str| model::ApprovalRuleDraft {
            name: name.into(),
            side: None,
            when: RuleConditions::default(),
            then: RuleEffect::Ask(Ask::usual()),
            is_active: true,
        };
        let first = approvals.create(&buyer.owner, place, named("First")).await.unwrap();
        approvals.create(&buyer.owner, place, named("Second")).await.unwrap();
        let browser = portal.browser(&buyer.owner).await;
        let list = app::routes::approval_rules("organization", &buyer.id.to_string());
        let page = format!("{list}/{}", first.id);
        let form = Page::of(&browser.get(&page).await.text).form("change_approval_rule", &[]);
        approvals.change(&buyer.owner, first.id, named("Theirs"), first.revision).await.unwrap();
        let typed = form.with("name", "Mine");
        browser.post(&typed.action, &typed.pairs()).await;
        let texts = conflict(&browser.get(&page).await.text).into_iter().flatten().collect::<Vec<_>>();
        assert!(texts.iter().any(|text| text.contains("Theirs")) && texts.iter().any(|text| text.contains("Mine")), "{texts:?}");

        let down = Page::of(&browser.get(&list).await.text).form("move_approval_rule", &[]);
        browser.post(&down.action, &down.pairs()).await;
        let rules = approvals.rules(&buyer.owner, place).await.unwrap().rules;
        let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(names, ["Second", "Theirs"]);
    }

    async fn a_deputy_is_named_in_a_form_and_told(portal: Portal) {
        let world = &portal.world;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let member = world.member(&project).await;
        let browser = portal.browser(&buyer.owner).await;
        let form = Page::of(&browser.get("/profile/away").await.text).form("name_deputy", &[]);
        let typed = form.with("email", &member.email).with("first_day", "2026-02-10").with("last_day", "2026-02-20");
        browser.post(&typed.action, &typed.pairs()).await;
        let shown = browser.get("/profile/away").await.text;
        assert!(shown.contains(&format!("{} decides for you", member.name)), "{shown}");
        while portal.operations.notices().tell_next().await.unwrap() {}
        let notices = portal.browser(&member).await.get("/notices").await.text;
        let told = format!("You decide on orders for {}, 10 February 2026 to 20 February 2026", buyer.owner.name);
        assert!(notices.contains(&told), "{notices}");
        let theirs = portal.browser(&member).await.get("/profile/away").await.text;
        assert!(theirs.contains(&buyer.owner.name), "{theirs}");
        let back = Page::of(&shown).form("take_back_deputy", &[]);
        browser.post(&back.action, &back.pairs()).await;
        let taken = browser.get("/profile/away").await.text;
        assert!(taken.contains("Nobody decides for you any more.") && !taken.contains("take_back_deputy"), "{taken}");
    }
}
