//! Searching the catalogue.

use domain::Actor;
use domain::catalogue::NewCategory;
use entity::offering;
use model::{
    CatalogueSearch, Field, FieldChoice, FieldKind, OfferingDraft, OfferingId, PageRequest, Schema,
    Visibility,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Statement};
use serde_json::json;
use testkit::{Provider, World, both_engines};

fn q(text: &str) -> CatalogueSearch {
    CatalogueSearch {
        q: text.into(),
        count: true,
        ..CatalogueSearch::default()
    }
}

async fn names(world: &World, actor: Option<&Actor>, search: &CatalogueSearch) -> Vec<String> {
    let found = world
        .domain()
        .catalogue()
        .search(actor, search, &PageRequest::first(100))
        .await
        .unwrap();
    assert_eq!(found.total, Some(found.items.len() as u64));
    found.items.into_iter().map(|row| row.name).collect()
}

/// A published offering in category `hpc`, whose attributes are a choice of GPU and a flag.
async fn in_hpc(world: &World, provider: &Provider, name: &str, gpu: &str, scratch: bool) -> OfferingId {
    let catalogue = world.domain().catalogue();
    if !catalogue
        .categories(None)
        .await
        .unwrap()
        .iter()
        .any(|category| category.slug == "hpc")
    {
        let choice = |value: &str, label: &str| FieldChoice::new(value, label);
        let choices = vec![
            choice("a100", "NVIDIA A100"),
            choice("h100", "NVIDIA H100"),
            choice("none", "None"),
        ];
        let attributes = Schema::new(vec![
            Field::new("gpu", "GPU", FieldKind::Choice { choices }).required(),
            Field::new("nvme", "NVMe scratch", FieldKind::Boolean),
            Field::new("notes", "Notes", FieldKind::string()),
        ]);
        let new = NewCategory {
            name: "HPC".into(),
            slug: None,
            description: String::new(),
            icon: "cpu".into(),
            tint: "olive".into(),
            attributes,
        };
        catalogue.create_category(&Actor::system(), new).await.unwrap();
    }
    let made = world.offering(provider).named(name).await;
    let detail = catalogue
        .offering(Some(&provider.manager), &made.slug)
        .await
        .unwrap();
    let draft = OfferingDraft {
        name: name.into(),
        summary: "Batch computing".into(),
        description: "Nodes with fast interconnect, 100 % yours".into(),
        terms_of_service: "Terms".into(),
        category: "hpc".into(),
        attributes: json!({ "gpu": gpu, "nvme": scratch, "notes": "free text" }),
        visibility: Some(Visibility::Shared),
        audience: Vec::new(),
        provider_approval: false,
    };
    catalogue
        .revise(&provider.manager, made.id, draft, detail.revision)
        .await
        .unwrap();
    made.id
}

fn hpc(facets: &[(&str, &[&str])]) -> CatalogueSearch {
    let facet = |(key, values): &(&str, &[&str])| {
        (
            (*key).to_owned(),
            values.iter().map(|value| (*value).to_owned()).collect(),
        )
    };
    CatalogueSearch {
        category: Some("hpc".into()),
        facets: facets.iter().map(facet).collect(),
        ..q("")
    }
}

/// A facet and the values that are wanted of it.
type Facet = (&'static str, &'static [&'static str]);

both_engines! {
    async fn every_word_must_begin_a_word_of_the_offering(world: World) {
        let provider = world.provider().named("Tähe Cloud").await;
        world.offering(&provider).named("HPC allocation").await;
        world.offering(&provider).named("Object storage").await;
        assert_eq!(names(&world, None, &q("hpc")).await, ["HPC allocation"]);
        assert_eq!(names(&world, None, &q("ALLOC hp")).await, ["HPC allocation"]);
        assert_eq!(names(&world, None, &q("TÄHE stor")).await, ["Object storage"], "the provider's name counts");
        assert_eq!(names(&world, None, &q("tahe stor")).await, ["Object storage"], "accents make no difference");
        assert_eq!(names(&world, None, &q("location")).await, Vec::<String>::new(), "not inside a word");
        assert_eq!(names(&world, None, &q("hpc storage")).await, Vec::<String>::new());
        assert_eq!(names(&world, None, &q("")).await.len(), 2);
    }

    async fn what_a_seller_offers_is_found_by_its_new_name_once_it_is_renamed(world: World) {
        let provider = world.provider().named("Tähe Cloud").await;
        world.offering(&provider).named("Tähe storage").await;
        let (structure, staff) = (world.domain().structure(), world.staff().await);
        let mut detail = structure.organization(&staff, provider.id).await.unwrap();
        detail.name = "Polarstern".into();
        structure.edit_organization(&staff, detail).await.unwrap();
        assert_eq!(names(&world, None, &q("polarstern stor")).await, ["Tähe storage"]);
        assert_eq!(names(&world, None, &q("cloud")).await, Vec::<String>::new());
        assert_eq!(names(&world, None, &q("tahe")).await, ["Tähe storage"], "its own name");
    }

    async fn wildcards_and_odd_characters_are_not_special(world: World) {
        let provider = world.provider().await;
        world.offering(&provider).named("Under_score").await;
        for text in ["%", "_", "\\", "'", "\"", "\0", "% %", "u%", "%\0%"] {
            let found = names(&world, None, &q(text)).await;
            let expected = if text == "u%" { vec!["Under_score".to_owned()] } else { vec![] };
            assert_eq!(found, expected, "{text:?}");
        }
        assert_eq!(names(&world, None, &q("under_score")).await.len(), 1);
        assert!(names(&world, None, &q(&"x".repeat(10_000))).await.is_empty());
    }

    async fn drafts_and_archived_offerings_are_not_found(world: World) {
        let provider = world.provider().await;
        let (shown, gone) = (world.offering(&provider).await, world.offering(&provider).await);
        world.offering(&provider).unpublished().await;
        world.domain().catalogue().archive(&provider.manager, gone.id).await.unwrap();
        assert_eq!(names(&world, Some(&provider.manager), &q("")).await, [shown.name]);
        let all = PageRequest::default();
        let own = world.domain().catalogue().provider_offerings(&provider.manager, provider.id, &model::NamedList::default(), &all).await.unwrap();
        assert_eq!(own.items.len(), 3, "its provider lists them all");
    }

    async fn private_offerings_are_found_by_those_they_are_for(world: World) {
        let provider = world.provider().await;
        let (named, other) = (world.buyer().await, world.buyer().await);
        let project = world.project(&named).await;
        let member = world.member(&project).await;
        world.offering(&provider).only_for(&named).named("Private").await;
        world.offering(&provider).named("Shared").await;
        for actor in [&named.owner, &member, &provider.manager, &world.staff().await] {
            assert_eq!(names(&world, Some(actor), &q("")).await, ["Private", "Shared"], "{}", actor.name);
        }
        for actor in [Some(&other.owner), None] {
            assert_eq!(names(&world, actor, &q("")).await, ["Shared"]);
        }
        let count = world.domain().catalogue().categories(None).await.unwrap()[0].offerings;
        assert_eq!(count, 1, "the count of a category hides it too");
    }

    async fn facets_narrow_and_count_within_a_category(world: World) {
        let provider = world.provider().await;
        in_hpc(&world, &provider, "Alpha", "a100", true).await;
        in_hpc(&world, &provider, "Beta", "h100", true).await;
        in_hpc(&world, &provider, "Gamma", "a100", false).await;
        assert_eq!(names(&world, None, &hpc(&[("gpu", &["a100"])])).await, ["Alpha", "Gamma"]);
        assert_eq!(names(&world, None, &hpc(&[("gpu", &["a100", "h100"]), ("nvme", &["true"])])).await, ["Alpha", "Beta"]);
        assert!(names(&world, None, &hpc(&[("nothing", &["x"])])).await.is_empty());
        let catalogue = world.domain().catalogue();
        let search = hpc(&[("gpu", &["h100"])]);
        let facets = catalogue.search(None, &search, &PageRequest::default()).await.unwrap().facets;
        let shown: Vec<String> = facets
            .iter()
            .flat_map(|facet| facet.values.iter().map(move |value| (facet, value)))
            .map(|(facet, value)| format!("{}={} {}{}", facet.label, value.label, value.count, if value.selected { " *" } else { "" }))
            .collect();
        assert_eq!(shown, ["GPU=NVIDIA A100 2", "GPU=NVIDIA H100 1 *", "NVMe scratch=Yes 1"]);
        assert!(catalogue.search(None, &q(""), &PageRequest::default()).await.unwrap().facets.is_empty());
    }

    async fn eight_words_of_forty_letters_are_looked_at(world: World) {
        let provider = world.provider().await;
        let eight = "one two three four five six seven eight";
        world.offering(&provider).named(eight).await;
        assert_eq!(names(&world, None, &q(eight)).await, [eight]);
        assert!(names(&world, None, &q("one two three four five six seven other")).await.is_empty(), "the eighth");
        assert_eq!(names(&world, None, &q(&format!("{eight} other"))).await, [eight], "the ninth");
        let letters = "a".repeat(39);
        let long = format!("{letters}bc");
        world.offering(&provider).named(&long).await;
        assert_eq!(names(&world, None, &q(&format!("{letters}b"))).await, [long.as_str()]);
        assert!(names(&world, None, &q(&format!("{letters}z"))).await.is_empty(), "the fortieth");
        assert_eq!(names(&world, None, &q(&format!("{letters}bz"))).await, [long.as_str()], "the one after it");
    }

    async fn ten_facets_of_ten_values_are_looked_at(world: World) {
        let provider = world.provider().await;
        in_hpc(&world, &provider, "Alpha", "a100", true).await;
        let (has, has_not): (Facet, Facet) = (("gpu", &["a100"]), ("gpu", &["h100"]));
        let first = |count: usize| vec![has; count];
        assert_eq!(names(&world, None, &hpc(&first(10))).await, ["Alpha"]);
        assert!(names(&world, None, &hpc(&[first(9), vec![has_not]].concat())).await.is_empty(), "the tenth");
        assert_eq!(names(&world, None, &hpc(&[first(10), vec![has_not]].concat())).await, ["Alpha"], "the one after it");
        let values = |others: usize| [vec!["h100"; others], vec!["a100"]].concat();
        assert_eq!(names(&world, None, &hpc(&[("gpu", values(9).as_slice())])).await, ["Alpha"], "the tenth value");
        assert!(names(&world, None, &hpc(&[("gpu", values(10).as_slice())])).await.is_empty(), "the one after it");
    }

    async fn unknown_categories_and_providers_find_nothing(world: World) {
        let provider = world.provider().named("Cloud").await;
        world.offering(&provider).await;
        let by = |slug: &str| CatalogueSearch { provider: Some(slug.into()), ..q("") };
        assert_eq!(names(&world, None, &by("cloud")).await.len(), 1);
        assert!(names(&world, None, &by("nobody")).await.is_empty());
        let nowhere = CatalogueSearch { category: Some("nowhere".into()), ..q("") };
        assert!(names(&world, None, &nowhere).await.is_empty());
    }

    async fn pages_follow_each_other_without_gaps_even_under_equal_names(world: World) {
        let provider = world.provider().await;
        copies(&world, &provider, 60).await;
        let catalogue = world.domain().catalogue();
        let mut request = PageRequest::first(7);
        let mut seen = Vec::new();
        loop {
            let page = catalogue.search(None, &q(""), &request).await.unwrap();
            assert_eq!(page.total, Some(60));
            seen.extend(page.items.into_iter().map(|row| row.id));
            let Some(next) = page.next else { break };
            request.cursor = Some(next);
        }
        assert_eq!(seen.len(), 60);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 60);
        let foreign = PageRequest { cursor: Some("bm9uc2Vuc2U".into()), limit: 5 };
        assert!(catalogue.search(None, &q(""), &foreign).await.is_err());
    }

    async fn a_page_of_many_is_found_by_an_index(world: World) {
        let provider = world.provider().await;
        copies(&world, &provider, 3_000).await;
        if world.db().get_database_backend() != sea_orm::DbBackend::Sqlite {
            return;
        }
        for within in ["", "o.category_id = x'00' AND"] {
            let plan = format!(
                "EXPLAIN QUERY PLAN SELECT o.id, p.name, c.name FROM offerings o \
                 JOIN organizations p ON p.id = o.provider_id LEFT JOIN categories c ON c.id = o.category_id \
                 WHERE {within} o.state NOT IN ('draft', 'archived') AND (o.visibility <> 'private' OR o.id IN \
                 (SELECT offering_id FROM offering_audiences WHERE organization_id IN (x'00'))) \
                 ORDER BY o.name, o.id LIMIT 25"
            );
            let plan = Statement::from_string(sea_orm::DbBackend::Sqlite, plan);
            let rows = world.db().query_all_raw(plan).await.unwrap();
            let text: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
            assert!(!text.join("; ").contains("TEMP B-TREE FOR ORDER BY"), "{text:?}");
        }
    }
}

/// `count` copies of one published offering, all with the same few names.
async fn copies(world: &World, provider: &Provider, count: u128) {
    let made = world.offering(provider).await;
    let row = offering::Entity::find_by_id(made.id)
        .one(world.db())
        .await
        .unwrap()
        .unwrap();
    let copy = |number: u128| {
        let id = OfferingId(uuid::Uuid::from_u128(number));
        let slug = format!("copy-{number}");
        let name = format!("Offering {}", number % 3);
        offering::Model {
            id,
            slug,
            name,
            ..row.clone()
        }
        .into_active_model()
        .reset_all()
    };
    let rows: Vec<_> = (1..count).map(copy).collect();
    for part in rows.chunks(500) {
        offering::Entity::insert_many(part.to_vec())
            .exec_without_returning(world.db())
            .await
            .unwrap();
    }
}
