//! Which backends providers may use: who assigns them, and what of settings is refused because they are not assigned.

use domain::Actor;
use domain::catalogue::{CatalogueError, PluginChoice, SentValues};
use model::{AssignedBackendId, Field, FieldKind, Kind, PageRequest, PluginFacts, Role, Schema, Scope};
use serde_json::{Value as Json, json};
use testkit::{Offering, Provider, World, both_engines};

use crate::catalogue::{detail, paths};

/// A plugin as those with clusters are.
fn plugin() -> PluginFacts {
    let line = || FieldKind::string();
    PluginFacts {
        kind: "slurm".into(),
        title: "SLURM".into(),
        description: String::new(),
        settings: Schema::new(vec![
            Field::new("cluster", "Cluster", line()).required(),
            Field::new("parent", "Parent account", line()).default_value("root"),
            Field::new("qos", "QOS", line()),
        ]),
        assigned: Schema::new(vec![
            Field::new("cluster", "Cluster", line()).required(),
            Field::new("parent", "Parent account", line()).required(),
            Field::new("qos", "QOS", FieldKind::list()),
        ]),
        components: Vec::new(),
        actions: Vec::new(),
        conditions: Vec::new(),
        lists_parts: false,
        parts_offered_when: None,
        takes_own_actions: false,
        by_hand: false,
    }
}

async fn assign(
    world: &World,
    actor: &Actor,
    provider: &Provider,
    settings: Json,
) -> Result<AssignedBackendId, CatalogueError> {
    let choice = PluginChoice::from(&plugin());
    let catalogue = world.domain().catalogue();
    catalogue
        .assign_backend(actor, provider.id, &choice, SentValues::Json(settings))
        .await
}

async fn save(
    world: &World,
    provider: &Provider,
    offering: &Offering,
    settings: Json,
) -> Result<i32, CatalogueError> {
    let choice = PluginChoice::from(&plugin());
    let read = detail(world, &provider.manager, offering).await;
    let sent = SentValues::Json(settings);
    let catalogue = world.domain().catalogue();
    catalogue
        .set_plugin(&provider.manager, offering.id, &choice, sent, read.revision)
        .await
}

async fn settings_of(world: &World, provider: &Provider) -> Vec<(Json, Vec<String>)> {
    let catalogue = world.domain().catalogue();
    let all = catalogue
        .assigned_backends(&provider.manager, provider.id, &[plugin()])
        .await
        .unwrap();
    let names = |one: &model::AssignedBackend| {
        one.offerings
            .iter()
            .map(|offering| offering.name.clone())
            .collect()
    };
    all.iter().map(|one| (one.settings.clone(), names(one))).collect()
}

both_engines! {
    async fn settings_name_only_what_is_assigned_to_their_own_provider(world: World) {
        let (provider, other) = (world.provider().await, world.provider().await);
        let draft = world.offering(&provider).unpublished().await;
        let staff = world.staff().await;
        let lab = json!({ "cluster": "lab" });
        let refused = save(&world, &provider, &draft, lab.clone()).await.unwrap_err();
        assert_eq!(paths(&refused), ["settings.cluster"]);
        let words = refused.problem().fields.remove(0);
        assert_eq!(words.code, "not_assigned");
        assert!(words.message.contains("Ask those who run this portal"), "{}", words.message);

        assign(&world, &staff, &other, json!({ "cluster": "lab", "parent": "root" })).await.unwrap();
        let refused = save(&world, &provider, &draft, lab.clone()).await.unwrap_err();
        assert!(!refused.problem().fields[0].message.contains("Choose"), "another's is neither usable nor told");

        assign(&world, &staff, &provider, json!({ "cluster": "lab", "parent": "physics", "qos": ["long"] })).await.unwrap();
        let refused = save(&world, &provider, &draft, lab).await.unwrap_err();
        assert_eq!(paths(&refused), ["settings.parent"], "left empty it names the root");
        assert!(refused.problem().fields[0].message.contains("Choose physics"), "{:?}", refused.problem().fields);
        let named = |qos: &str| json!({ "cluster": "lab", "parent": "physics", "qos": qos });
        let refused = save(&world, &provider, &draft, named("urgent")).await.unwrap_err();
        assert_eq!(paths(&refused), ["settings.qos"]);
        save(&world, &provider, &draft, named("long")).await.unwrap();
        assert_eq!(detail(&world, &provider.manager, &draft).await.settings, named("long"));
    }

    async fn an_assignment_that_is_taken_away_leaves_the_settings_and_keeps_them_from_being_saved_again(world: World) {
        let provider = world.provider().await;
        let draft = world.offering(&provider).named("Hours").unpublished().await;
        let staff = world.staff().await;
        let id = assign(&world, &staff, &provider, json!({ "cluster": "lab", "parent": "root" })).await.unwrap();
        assign(&world, &staff, &provider, json!({ "cluster": "kalevi", "parent": "root" })).await.unwrap();
        let lab = json!({ "cluster": "lab" });
        save(&world, &provider, &draft, lab.clone()).await.unwrap();
        let names: Vec<Vec<String>> = settings_of(&world, &provider).await.into_iter().map(|(_, names)| names).collect();
        assert_eq!(names, [vec!["Hours".to_owned()], vec![]], "who takes one away is told whom it concerns");
        let catalogue = world.domain().catalogue();
        catalogue.withdraw_backend(&staff, provider.id, id).await.unwrap();
        assert_eq!(detail(&world, &provider.manager, &draft).await.settings, json!({ "cluster": "lab", "parent": "root" }));
        let refused = save(&world, &provider, &draft, lab).await.unwrap_err();
        assert_eq!(paths(&refused), ["settings.cluster"], "also where nothing would change");
        let left = catalogue.assigned_to_offering(&Actor::system(), draft.id, "slurm").await.unwrap();
        assert_eq!(left, [json!({ "cluster": "kalevi", "parent": "root" })], "this the worker reads");
        let gone = catalogue.withdraw_backend(&staff, provider.id, id).await.unwrap_err();
        assert_eq!(gone.kind(), Kind::NotFound);
    }

    async fn only_staff_assigns_and_only_the_providers_people_see_it(world: World) {
        let (provider, other) = (world.provider().await, world.provider().await);
        let draft = world.offering(&provider).unpublished().await;
        let staff = world.staff().await;
        let settings = json!({ "cluster": "lab", "parent": "root" });
        let id = assign(&world, &staff, &provider, settings.clone()).await.unwrap();
        let catalogue = world.domain().catalogue();
        let owner = world.person(Role::OrganizationOwner, Scope::Organization(provider.id)).await;
        let support = world.person(Role::Support, Scope::System).await;
        for (actor, kind) in [(&provider.manager, Kind::Forbidden), (&owner, Kind::Forbidden), (&support, Kind::Forbidden), (&other.manager, Kind::NotFound)] {
            assert_eq!(assign(&world, actor, &provider, settings.clone()).await.unwrap_err().kind(), kind, "{}", actor.name);
            assert_eq!(catalogue.withdraw_backend(actor, provider.id, id).await.unwrap_err().kind(), kind, "{}", actor.name);
        }
        let seen = async |actor: &Actor| catalogue.assigned_backends(actor, provider.id, &[plugin()]).await.map(|all| all.len());
        for actor in [&provider.manager, &owner, &support, &staff] {
            assert_eq!(seen(actor).await.unwrap(), 1, "{}", actor.name);
        }
        assert_eq!(seen(&other.manager).await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(catalogue.assigned_to_offering(&other.manager, draft.id, "slurm").await.unwrap_err().kind(), Kind::NotFound);
        let foreign = catalogue.withdraw_backend(&staff, other.id, id).await.unwrap_err();
        assert_eq!(foreign.kind(), Kind::NotFound, "it is taken from whom it was assigned to");
        let foreign = catalogue.assigned_backend(&staff, other.id, id, &[plugin()]).await.unwrap_err();
        assert_eq!(foreign.kind(), Kind::NotFound);
    }

    async fn what_cannot_be_assigned_is_refused_at_its_field(world: World) {
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let staff = world.staff().await;
        let refused = assign(&world, &staff, &provider, json!({ "parent": "root", "colour": "red" })).await.unwrap_err();
        assert_eq!(paths(&refused), ["settings.cluster", "settings.colour"]);
        let settings = json!({ "cluster": "lab", "parent": "root" });
        assign(&world, &staff, &provider, settings.clone()).await.unwrap();
        let again = assign(&world, &staff, &provider, settings.clone()).await.unwrap_err();
        assert_eq!(again.problem().fields[0].code, "already_assigned");
        let catalogue = world.domain().catalogue();
        let sent = SentValues::Json(settings);
        let refused = catalogue.assign_backend(&staff, buyer.id, &PluginChoice::from(&plugin()), sent.clone()).await.unwrap_err();
        assert_eq!(paths(&refused), ["provider"], "who does not sell needs none");
        let free = PluginChoice { assigned: Schema::default(), ..PluginChoice::from(&plugin()) };
        let refused = catalogue.assign_backend(&staff, provider.id, &free, sent).await.unwrap_err();
        assert_eq!(paths(&refused), ["plugin"]);
    }

    async fn the_history_of_the_provider_tells_of_both(world: World) {
        let provider = world.provider().await;
        let staff = world.staff().await;
        let settings = json!({ "cluster": "lab", "parent": "root" });
        let id = assign(&world, &staff, &provider, settings.clone()).await.unwrap();
        world.domain().catalogue().withdraw_backend(&staff, provider.id, id).await.unwrap();
        let owner = world.person(Role::OrganizationOwner, Scope::Organization(provider.id)).await;
        let whole = json!({ "plugin": "slurm", "settings": settings });
        for (reader, scope) in [(&provider.manager, Scope::Provider(provider.id)), (&owner, Scope::Organization(provider.id))] {
            let page = world.domain().audit().list(reader, scope, &PageRequest::first(100)).await.unwrap();
            let find = |verb: &str| page.items.iter().find(|one| one.verb == verb).unwrap_or_else(|| panic!("{verb}: {page:?}"));
            let assigned = find("organization.backend_assigned");
            assert_eq!((assigned.by.as_str(), &assigned.after), (staff.name.as_str(), &whole));
            assert_eq!(find("organization.backend_withdrawn").before, whole);
        }
    }
}
