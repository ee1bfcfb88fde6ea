//! What carries an offering out: the plugin, its settings and secrets, and whether they were tried.

use domain::Actor;
use domain::catalogue::{CatalogueError, PluginChoice, SentValues};
use model::{ConnectionState, Field, FieldKind, Kind, PageRequest, Schema, Scope};
use serde_json::json;
use testkit::{Offering, World, both_engines};

use crate::catalogue::{detail, paths};

fn secret_settings() -> (PluginChoice, serde_json::Value) {
    let schema = Schema::new(vec![
        Field::new("host", "Host", FieldKind::string()).required(),
        Field::new("password", "Password", FieldKind::Secret).required(),
    ]);
    let choice = PluginChoice {
        kind: "slurm".into(),
        settings: schema,
        assigned: Schema::default(),
        by_hand: false,
    };
    (
        choice,
        json!({ "host": "head.example.org", "password": "hunter22" }),
    )
}

both_engines! {
    async fn secrets_are_kept_sealed_and_an_empty_one_keeps_the_old(world: World) {
        let provider = world.provider().await;
        let draft = world.offering(&provider).unpublished().await;
        let catalogue = world.domain().catalogue();
        let (choice, settings) = secret_settings();
        let read = detail(&world, &provider.manager, &draft).await;
        let sent = SentValues::Json(settings);
        let revision = catalogue.set_plugin(&provider.manager, draft.id, &choice, sent, read.revision).await.unwrap();
        let shown = detail(&world, &provider.manager, &draft).await;
        assert_eq!(shown.settings, json!({ "host": "head.example.org" }));
        let row = entity_of(&world, &draft).await;
        let sealed = row.settings_secret.clone().unwrap();
        assert!(!sealed.windows(8).any(|part| part == b"hunter22"));
        let form = [("host", "other.example.org"), ("password", "")];
        let form = form.map(|(key, text)| (key.to_owned(), vec![text.to_owned()])).into_iter().collect();
        catalogue.set_plugin(&provider.manager, draft.id, &choice, SentValues::Form(form), revision).await.unwrap();
        let whole = catalogue.settings_for_test(&Actor::system(), draft.id).await.unwrap();
        assert_eq!(whole.settings, json!({ "host": "other.example.org", "password": "hunter22" }));
        let log = world.domain().audit();
        let page = log.list(&provider.manager, Scope::Provider(provider.id), &PageRequest::first(100)).await;
        assert!(!serde_json::to_string(&page.unwrap()).unwrap().contains("hunter22"));
        let refused = catalogue.settings_for_test(&provider.manager, draft.id).await.err().unwrap();
        assert_eq!(refused.kind(), Kind::NotFound, "secrets leave towards the worker only");
    }

    async fn another_plugin_does_not_inherit_secrets(world: World) {
        let provider = world.provider().await;
        let draft = world.offering(&provider).unpublished().await;
        let catalogue = world.domain().catalogue();
        let (choice, settings) = secret_settings();
        let read = detail(&world, &provider.manager, &draft).await;
        let sent = SentValues::Json(settings);
        let revision = catalogue.set_plugin(&provider.manager, draft.id, &choice, sent, read.revision).await.unwrap();
        let other = PluginChoice { kind: "openstack".into(), ..choice };
        let sent = SentValues::Json(json!({ "host": "evil.example.org" }));
        let refused = catalogue.set_plugin(&provider.manager, draft.id, &other, sent, revision).await.unwrap_err();
        assert_eq!(paths(&refused), ["settings.password"]);
    }

    async fn another_plugin_is_refused_while_something_runs_with_the_present_one(world: World) {
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).await;
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let (catalogue, (choice, settings)) = (world.domain().catalogue(), secret_settings());
        let choice = PluginChoice { kind: "openstack".into(), ..choice };
        let change = async || {
            let read = detail(&world, &provider.manager, &offering).await;
            let sent = SentValues::Json(settings.clone());
            catalogue.set_plugin(&provider.manager, offering.id, &choice, sent, read.revision).await
        };
        let refused = change().await.unwrap_err().problem();
        assert_eq!(refused.code, "in_use");
        assert_eq!(
            refused.detail,
            "The plugin cannot be changed any more, because resources run with it or orders are open."
        );
        world.domain().ordering().place_terminate(&buyer.owner, resource, "", None).await.unwrap();
        world.run_jobs().await;
        change().await.unwrap();
        assert_eq!(detail(&world, &provider.manager, &offering).await.plugin, "openstack", "nothing runs with the other now");
    }

    async fn of_what_is_archived_the_settings_of_its_plugin_can_still_be_changed_and_nothing_else(world: World) {
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let (catalogue, (choice, settings)) = (world.domain().catalogue(), secret_settings());
        let manager = &provider.manager;
        let offering = world.offering(&provider).await;
        let read = detail(&world, manager, &offering).await;
        let sent = SentValues::Json(settings);
        catalogue.set_plugin(manager, offering.id, &choice, sent, read.revision).await.unwrap();
        world.order(&buyer.owner, &project, &offering).fulfilled().await;
        catalogue.archive(manager, offering.id).await.unwrap();
        let set = async |choice: &PluginChoice, password: &str| {
            let read = detail(&world, manager, &offering).await;
            let sent = SentValues::Json(json!({ "host": "head.example.org", "password": password }));
            catalogue.set_plugin(manager, offering.id, choice, sent, read.revision).await
        };
        set(&choice, "rotated1").await.unwrap();
        let whole = catalogue.settings_for_test(&Actor::system(), offering.id).await.unwrap();
        assert_eq!(whole.settings["password"], "rotated1", "what was sold is reached with the new one");
        assert!(catalogue.request_connection_test(manager, offering.id).await.unwrap().is_some());
        let other = PluginChoice { kind: "openstack".into(), ..choice };
        let refused = set(&other, "rotated2").await.unwrap_err();
        assert!(matches!(refused, CatalogueError::Archived), "{refused:?}");
        let read = detail(&world, manager, &offering).await;
        let refused = catalogue.set_request_form(manager, offering.id, &Schema::default(), read.revision).await;
        assert!(matches!(refused, Err(CatalogueError::Archived)), "{refused:?}");
        world.leaves_jobs();
    }

    async fn an_answer_counts_only_for_the_settings_that_were_tested(world: World) {
        let provider = world.provider().await;
        let draft = world.offering(&provider).unpublished().await;
        let catalogue = world.domain().catalogue();
        let (choice, settings) = secret_settings();
        let manager = &provider.manager;
        let read = detail(&world, manager, &draft).await;
        let sent = SentValues::Json(settings.clone());
        let revision = catalogue.set_plugin(manager, draft.id, &choice, sent, read.revision).await.unwrap();
        let state = async || catalogue.connection_test(manager, draft.id).await.unwrap().state;
        assert_eq!(state().await, ConnectionState::None);
        assert!(catalogue.request_connection_test(manager, draft.id).await.unwrap().is_some());
        assert_eq!(catalogue.request_connection_test(manager, draft.id).await.unwrap(), None, "one is waiting");
        assert_eq!(state().await, ConnectionState::Running);
        let tested = catalogue.settings_for_test(&Actor::system(), draft.id).await.unwrap().fingerprint;
        let sent = SentValues::Json(json!({ "host": "other.example.org", "password": "" }));
        let revision = catalogue.set_plugin(manager, draft.id, &choice, sent, revision).await.unwrap();
        catalogue.record_connection_test(&Actor::system(), draft.id, &tested, Ok("fine".into())).await.unwrap();
        assert_eq!(state().await, ConnectionState::None, "the settings were changed meanwhile");
        assert!(detail(&world, manager, &draft).await.settings_tested_at.is_none());
        let tested = catalogue.settings_for_test(&Actor::system(), draft.id).await.unwrap().fingerprint;
        let failed = Err("no route to host".to_owned());
        catalogue.record_connection_test(&Actor::system(), draft.id, &tested, failed).await.unwrap();
        let told = catalogue.connection_test(manager, draft.id).await.unwrap();
        assert_eq!((told.state, told.message.as_str()), (ConnectionState::Failed, "no route to host"));
        catalogue.record_connection_test(&Actor::system(), draft.id, &tested, Ok("fine".into())).await.unwrap();
        assert_eq!(state().await, ConnectionState::Ok);
        let sent = SentValues::Json(json!({ "host": "other.example.org" }));
        let same = catalogue.set_plugin(manager, draft.id, &choice, sent, revision).await.unwrap();
        assert_eq!(same, revision, "nothing changed, so the test still counts");
        assert!(detail(&world, manager, &draft).await.settings_tested_at.is_some());
        world.leaves_jobs();
    }
}

async fn entity_of(world: &World, offering: &Offering) -> entity::offering::Model {
    use sea_orm::EntityTrait as _;
    entity::offering::Entity::find_by_id(offering.id)
        .one(world.db())
        .await
        .unwrap()
        .unwrap()
}
