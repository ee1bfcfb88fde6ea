//! A provider defines what can be asked for of what it delivers by hand.

use model::{Action, ActionAudience, OfferingId, Role, Scope};
use testkit::{Provider, both_engines};

use crate::{
    api::{Answer, Browser},
    html::{Form, Page},
    portal::Portal,
    who_may_call::by_hand,
};

async fn page(browser: &Browser, at: &str) -> Page {
    Page::of(&browser.get(at.split('#').next().unwrap()).await.text)
}

async fn send(browser: &Browser, form: &Form) -> Answer {
    browser.post(&form.action, &form.pairs()).await
}

/// Sends the form, which must be taken; answers the address and the page to which it leads.
async fn taken(browser: &Browser, form: &Form) -> (String, Page) {
    let to = send(browser, form).await.header("location").to_owned();
    let shown = page(browser, &to).await;
    assert!(shown.alerts.is_empty(), "{}: {:?}", form.action, shown.alerts);
    (to, shown)
}

/// Sends the form, which must be refused; answers what is said.
async fn refused(browser: &Browser, form: &Form) -> (u16, String) {
    let to = send(browser, form).await.header("location").to_owned();
    let shown = browser.get(to.split('#').next().unwrap()).await;
    (shown.status, Page::of(&shown.text).alerts.join(" "))
}

/// What is stored.
async fn stored(portal: &Portal, provider: &Provider, id: OfferingId) -> Vec<Action> {
    let catalogue = portal.world.domain().catalogue();
    let offering = catalogue.offering(Some(&provider.manager), &id.to_string()).await;
    offering.unwrap().actions
}

fn keys(actions: &[Action]) -> Vec<&str> {
    actions.iter().map(|action| action.key.as_str()).collect()
}

fn questions(action: &Action) -> Vec<&str> {
    action
        .input
        .fields
        .iter()
        .map(|field| field.key.as_str())
        .collect()
}

both_engines! {
    async fn a_provider_adds_changes_moves_and_removes_actions(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let offering = world.offering(&provider).provisioned_by_hand().unpublished().await;
        let browser = portal.browser(&provider.manager).await;
        let list = app::routes::offering_step(offering.id, "actions");
        let empty = page(&browser, &list).await;
        assert!(empty.empty.contains(&"No actions yet".to_owned()), "{:?}", empty.empty);
        let add = empty.form("save_action", &[]);
        let restore = add.with("title", "Restore a backup").with("description", "All is as it was.")
            .with("who_may_ask", "managers").with("confirmation", "What changed since is lost.");
        let (to, shown) = taken(&browser, &restore).await;
        assert_eq!(to, list);
        assert!(shown.notes.contains(&"Restore a backup saved.".to_owned()), "{:?}", shown.notes);
        let report = shown.form("save_action", &[]).with("title", "Send a report").with("description", "By mail.").with("beside_others", "true");
        taken(&browser, &report).await;
        let actions = stored(&portal, &provider, offering.id).await;
        assert_eq!(keys(&actions), ["restore_a_backup", "send_a_report"]);
        let first = &actions[0];
        assert_eq!((first.audience, first.confirmation.as_str(), first.beside_others), (ActionAudience::Managers, "What changed since is lost.", false));
        assert!(actions[1].beside_others);

        let down = page(&browser, &list).await.form("move_action", &[("action", "restore_a_backup"), ("direction", "down")]);
        let (_, shown) = taken(&browser, &down).await;
        assert!(shown.notes.contains(&"Action moved down.".to_owned()), "{:?}", shown.notes);
        assert_eq!(keys(&stored(&portal, &provider, offering.id).await), ["send_a_report", "restore_a_backup"]);

        let change = format!("{list}?action=restore_a_backup");
        let form = page(&browser, &change).await.form("save_action", &[("title", "Restore a backup"), ("who_may_ask", "managers")]);
        taken(&browser, &form.with("title", "Restore").with("key", "restore")).await;
        let actions = stored(&portal, &provider, offering.id).await;
        assert_eq!((keys(&actions), actions[1].title.as_str()), (vec!["send_a_report", "restore"], "Restore"));

        let remove = page(&browser, &list).await.form("remove_action", &[("action", "send_a_report")]);
        taken(&browser, &remove).await;
        assert_eq!(keys(&stored(&portal, &provider, offering.id).await), ["restore"]);
        let (status, said) = refused(&browser, &remove).await;
        assert_eq!(status, 422);
        assert!(said.contains("There is no such action any more."), "{said}");
    }

    async fn an_action_asks_by_the_same_builder_as_the_request_form(portal: Portal) {
        let provider = portal.world.provider().await;
        let offering = by_hand(&portal, &provider).await;
        let browser = portal.browser(&provider.manager).await;
        let own = app::routes::offering_action(offering.id, "restart");
        let asked = async || {
            let actions = stored(&portal, &provider, offering.id).await;
            questions(&actions[0]).join(" ")
        };
        let list = page(&browser, &app::routes::offering_step(offering.id, "actions")).await;
        assert!(list.links.contains(&own), "{:?}", list.links);
        let add = page(&browser, &own).await.form("add_field", &[("action", "restart"), ("field", "")]);
        let day = add.with("label", "Day").with("key", "day").with("type", "date").with("required", "true");
        let (to, shown) = taken(&browser, &day).await;
        assert_eq!(to, own);
        assert!(shown.ids.contains("f-preview.day"), "{:?}", shown.ids);
        assert_eq!(asked().await, "size day");
        let up = shown.form("move_field", &[("field", "day"), ("direction", "up")]);
        taken(&browser, &up).await;
        assert_eq!(asked().await, "day size");
        let change = page(&browser, &format!("{own}?field=day")).await.form("add_field", &[("field", "day"), ("type", "date")]);
        taken(&browser, &change.with("label", "Which day")).await;
        let actions = stored(&portal, &provider, offering.id).await;
        assert_eq!((actions[0].input.fields[0].label.as_str(), actions[0].title.as_str()), ("Which day", "Restart"));
        let remove = page(&browser, &own).await.form("remove_field", &[("field", "size")]);
        taken(&browser, &remove).await;
        assert_eq!(asked().await, "day");
        let catalogue = portal.world.domain().catalogue();
        let whole = catalogue.offering(Some(&provider.manager), &offering.id.to_string()).await.unwrap();
        assert!(whole.request_form.is_empty(), "the request form is another one");
    }

    async fn what_is_wrong_with_an_action_stands_at_its_fields(portal: Portal) {
        let provider = portal.world.provider().await;
        let offering = by_hand(&portal, &provider).await;
        let browser = portal.browser(&provider.manager).await;
        let list = app::routes::offering_step(offering.id, "actions");
        let add = page(&browser, &list).await.form("save_action", &[]);
        let wrong = add.with("title", "").with("description", "").with("key", "Restart!").with("confirmation", &"x".repeat(501));
        let (status, said) = refused(&browser, &wrong).await;
        assert_eq!(status, 422);
        for fault in ["Name: Please fill this in.", "Description: Please fill this in.", "Key: Use a lower-case letter", "What follows from it: "] {
            assert!(said.contains(fault), "{fault}: {said}");
        }
        let again = add.with("title", "Again").with("description", "X.").with("key", "restart");
        let (_, said) = refused(&browser, &again).await;
        assert!(said.contains("Key: There is another action with this key."), "{said}");
        let (_, said) = refused(&browser, &add.with("who_may_ask", "everybody")).await;
        assert!(said.contains("Who may ask for it: Choose one of the list."), "{said}");

        let own = app::routes::offering_action(offering.id, "restart");
        let shown = browser.get(&own).await.text;
        assert!(shown.contains("value=\"ssh_key\"") && !shown.contains("value=\"secret\""), "it asks for no secrets");
        let add = Page::of(&shown).form("add_field", &[]).with("label", "More").with("key", "more");
        for (name, text, fault) in [
            ("min", "few", "Least: Enter a whole number"),
            ("key", "size", "Key: Another field has this key already."),
            ("type", "choice", "Choices: "),
            ("type", "secret", "Answer: What is done by hand asks for no secrets"),
        ] {
            let (status, said) = refused(&browser, &add.with(name, text)).await;
            assert_eq!(status, 422, "{name}");
            assert!(said.contains(fault), "{fault}: {said}");
        }
        assert_eq!(questions(&stored(&portal, &provider, offering.id).await[0]), ["size"]);
    }

    async fn what_was_changed_meanwhile_is_not_overwritten_unseen(portal: Portal) {
        let provider = portal.world.provider().await;
        let offering = by_hand(&portal, &provider).await;
        let browser = portal.browser(&provider.manager).await;
        let (list, own) = (app::routes::offering_step(offering.id, "actions"), app::routes::offering_action(offering.id, "restart"));
        let form = page(&browser, &format!("{list}?action=restart")).await.form("save_action", &[("action", "restart")]);
        let (add, field, remove) = (
            page(&browser, &list).await.form("save_action", &[]).with("title", "Mine").with("description", "Mine."),
            page(&browser, &own).await.form("add_field", &[]).with("label", "Mine").with("key", "mine"),
            page(&browser, &list).await.form("remove_action", &[]),
        );
        taken(&browser, &form.with("title", "Theirs")).await;
        for form in [add, field, remove] {
            let (status, said) = refused(&browser, &form).await;
            assert_eq!(status, 409, "{}: {said}", form.action);
        }
        let answer = send(&browser, &form.with("title", "Mine")).await;
        let shown = browser.get(answer.header("location")).await;
        assert_eq!(shown.status, 409);
        let rows = crate::html::conflict(&shown.text);
        assert_eq!(rows, [["Title", "Theirs", "Mine"].map(str::to_owned)]);
        let again = Page::of(&shown.text).form("save_action", &[("title", "Mine")]);
        taken(&browser, &again).await;
        let actions = stored(&portal, &provider, offering.id).await;
        assert_eq!((actions[0].title.as_str(), questions(&actions[0])), ("Mine", vec!["size"]));
    }

    async fn of_what_a_plugin_delivers_its_own_actions_are_told(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let browser = portal.browser(&provider.manager).await;
        let list = app::routes::offering_step(offering.id, "actions");
        let shown = browser.get(&list).await.text;
        for said in ["Restart", "It is switched off and on again.", "Members of the project", "only for what people deliver"] {
            assert!(shown.contains(said), "{said}: {shown}");
        }
        let shown = Page::of(&shown);
        assert!(shown.forms.iter().all(|form| form.action != "/fn/save_action"));
        assert!(shown.links.contains(&app::routes::offering_step(offering.id, "provisioning")), "{:?}", shown.links);
        let own = browser.get(&app::routes::offering_action(offering.id, "restart")).await;
        assert_eq!(own.status, 404, "that is the plugin's");
    }

    async fn actions_of_ones_own_are_kept_while_a_plugin_delivers(portal: Portal) {
        let provider = portal.world.provider().await;
        let offering = by_hand(&portal, &provider).await;
        let browser = portal.browser(&provider.manager).await;
        let step = |name: &str| app::routes::offering_step(offering.id, name);
        let own = app::routes::offering_action(offering.id, "restart");
        assert_eq!(browser.get(&own).await.status, 200);
        for (plugin, status) in [("instant", 404), ("manual", 200)] {
            let form = page(&browser, &step("provisioning")).await.form("save_plugin", &[]);
            let mut form = form.with("plugin", plugin);
            form.fields.retain(|(name, _)| !name.starts_with("settings."));
            taken(&browser, &form).await;
            assert_eq!(browser.get(&own).await.status, status, "{plugin}");
            let kept = browser.get(&step("actions")).await.text.contains("are kept");
            assert_eq!(kept, plugin == "instant");
        }
    }

    async fn who_only_reads_is_drawn_no_form(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let offering = by_hand(&portal, &provider).await;
        let support = portal.browser(&world.person(Role::Support, Scope::System).await).await;
        for at in [app::routes::offering_step(offering.id, "actions"), app::routes::offering_action(offering.id, "restart")] {
            let shown = support.get(&at).await;
            assert_eq!(shown.status, 200, "{at}");
            assert!(shown.text.contains("Your role only reads what is stored here"), "{at}");
            let forms = Page::of(&shown.text).forms.into_iter();
            let own: Vec<_> = forms.filter(|form| form.fields.iter().any(|(name, _)| name == "offering")).collect();
            assert!(own.is_empty(), "{at}: {own:?}");
        }
    }
}
