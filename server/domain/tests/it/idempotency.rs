//! The same request twice.

use chrono::TimeDelta;
use domain::idempotency::IdempotencyError;
use domain::once::{Begin, Once};
use domain::{Actor, Clock};
use model::PageRequest;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value as Json, json};
use testkit::{World, both_engines};

async fn first(world: &World, actor: &Actor, key: &str) -> Box<Once> {
    match world.domain().begin_once(actor, key, "request").await.unwrap() {
        Begin::Fresh(once) => once,
        Begin::Replay { body, .. } => panic!("it was done before: {body}"),
    }
}

async fn again(world: &World, actor: &Actor, key: &str) -> (i32, Json) {
    match world.domain().begin_once(actor, key, "request").await.unwrap() {
        Begin::Fresh(_) => panic!("it was not done"),
        Begin::Replay { status, body } => (status, body),
    }
}

async fn names(world: &World, actor: &Actor) -> Vec<String> {
    let page = world
        .domain()
        .structure()
        .projects(actor, None, &model::NamedList::default(), &PageRequest::default())
        .await
        .unwrap();
    page.items.into_iter().map(|project| project.name).collect()
}

fn climate(organization_id: model::OrganizationId) -> domain::structure::NewProject {
    domain::structure::NewProject {
        organization_id,
        name: "Climate".into(),
        slug: None,
        description: String::new(),
        start_date: None,
        end_date: None,
        approval_limit: None,
    }
}

both_engines! {
    async fn the_second_request_gets_the_first_answer(world: World) {
        let buyer = world.buyer().await;
        let owner = &buyer.owner;
        let once = first(&world, owner, "key").await;
        let id = once.domain().structure().create_project(owner, climate(buyer.id)).await.unwrap();
        let seen = once.domain().structure().project(owner, id).await.unwrap();
        assert_eq!(seen.name, "Climate", "what was made is seen within");
        assert_eq!(names(&world, owner).await, Vec::<String>::new(), "and by nobody else before the answer is kept");
        once.keep(201, json!({ "id": id })).await.unwrap();
        assert_eq!(again(&world, owner, "key").await, (201, json!({ "id": id })));
        assert_eq!(names(&world, owner).await, ["Climate"]);
    }

    async fn keys_of_tokens_with_other_scopes_are_other_keys(world: World) {
        use model::TokenScope::{Operate, Read};
        let owner = world.buyer().await.owner;
        let with = |scopes: &[model::TokenScope]| Actor { token_scopes: Some(scopes.to_vec()), ..owner.clone() };
        let once = first(&world, &with(&[Read, Operate]), "key").await;
        once.keep(200, json!("for those who operate")).await.unwrap();
        assert_eq!(again(&world, &with(&[Operate, Read]), "key").await.1, json!("for those who operate"));
        drop(first(&world, &with(&[Read]), "key").await);
    }

    async fn an_answer_is_kept_back_from_who_has_lost_a_role_and_its_effect_is_not_repeated(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let before = world.member(&project).await;
        let once = first(&world, &before, "key").await;
        once.keep(201, json!("what members of the project see")).await.unwrap();
        assert_eq!(again(&world, &before, "key").await.1, json!("what members of the project see"));
        let access = world.domain().access();
        let held = access.members(&buyer.owner, model::Scope::Project(project.id)).await.unwrap();
        let grant = held.iter().find(|member| member.user_id == before.user_id).unwrap().grant_id;
        access.revoke(&buyer.owner, grant, "").await.unwrap();
        let after = access.actor_for(before.user_id).await.unwrap();
        let withheld = world.domain().begin_once(&after, "key", "request").await.err();
        assert!(matches!(withheld, Some(IdempotencyError::Withheld)));
        let role = domain::access::NewGrant {
            user: before.user_id,
            role: model::Role::ProjectMember,
            scope: model::Scope::Project(project.id),
            expires_at: None,
            reason: String::new(),
        };
        access.grant(&buyer.owner, role).await.unwrap();
        let back = access.actor_for(before.user_id).await.unwrap();
        assert_eq!(again(&world, &back, "key").await.0, 201, "who has it again reads it again");
    }

    async fn roles_that_came_with_the_request_or_after_it_keep_nothing_back(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let owner = &buyer.owner;
        first(&world, owner, "key").await.keep(200, json!("an answer")).await.unwrap();
        let role = domain::access::NewGrant {
            user: owner.user_id,
            role: model::Role::ProjectAdmin,
            scope: model::Scope::Project(project.id),
            expires_at: None,
            reason: String::new(),
        };
        world.domain().access().grant(owner, role).await.unwrap();
        let more = world.domain().access().actor_for(owner.user_id).await.unwrap();
        assert_eq!(again(&world, &more, "key").await, (200, json!("an answer")));
    }

    async fn an_answer_that_is_too_long_is_not_kept_and_undone_and_keys_are_used_up_at_some_time(world: World) {
        let buyer = world.buyer().await;
        let owner = &buyer.owner;
        let once = first(&world, owner, "key").await;
        once.domain().structure().create_project(owner, climate(buyer.id)).await.unwrap();
        let long = json!("x".repeat(domain::idempotency::LONGEST_ANSWER));
        assert!(matches!(once.keep(201, long).await, Err(IdempotencyError::AnswerTooLong)));
        assert_eq!(names(&world, owner).await, Vec::<String>::new());
        let rows = (0..domain::idempotency::MOST_KEYS).map(|number| entity::idempotency_key::ActiveModel {
            user_id: Set(owner.user_id),
            key: Set(format!("rest:{number}")),
            fingerprint: Set(String::new()),
            status: Set(Some(200)),
            response: Set(Some(Json::Null)),
            created_at: Set(world.clock().now()),
        });
        for some in rows.collect::<Vec<_>>().chunks(1_000) {
            entity::idempotency_key::Entity::insert_many(some.to_vec()).exec_without_returning(world.db()).await.unwrap();
        }
        let refused = world.domain().begin_once(owner, "one more", "request").await;
        assert!(matches!(refused, Err(IdempotencyError::TooMany)));
        world.clock().advance(TimeDelta::hours(25));
        world.operations().idempotency().sweep().await.unwrap();
        drop(first(&world, owner, "one more").await);
    }

    async fn who_dies_between_effect_and_answer_has_done_nothing(world: World) {
        let buyer = world.buyer().await;
        let owner = &buyer.owner;
        for _ in 0..3 {
            let once = first(&world, owner, "key").await;
            once.domain().structure().create_project(owner, climate(buyer.id)).await.unwrap();
            drop(once);
            assert_eq!(names(&world, owner).await, Vec::<String>::new());
        }
        let once = first(&world, owner, "key").await;
        once.domain().structure().create_project(owner, climate(buyer.id)).await.unwrap();
        once.keep(201, json!({})).await.unwrap();
        again(&world, owner, "key").await;
        assert_eq!(names(&world, owner).await, ["Climate"], "once, however often it was tried");
    }

    async fn what_was_refused_within_leaves_the_rest(world: World) {
        let buyer = world.buyer().await;
        let owner = &buyer.owner;
        let once = first(&world, owner, "key").await;
        let structure = once.domain().structure();
        let taken = || domain::structure::NewProject { slug: Some("climate".into()), ..climate(buyer.id) };
        structure.create_project(owner, taken()).await.unwrap();
        structure.create_project(owner, taken()).await.unwrap_err();
        structure.create_project(owner, climate(buyer.id)).await.unwrap();
        drop(structure);
        once.keep(200, json!({})).await.unwrap();
        assert_eq!(names(&world, owner).await, ["Climate", "Climate"]);
    }

    async fn nothing_is_kept_while_services_of_the_request_live_on(world: World) {
        let buyer = world.buyer().await;
        let owner = &buyer.owner;
        let once = first(&world, owner, "key").await;
        let structure = once.domain().structure();
        structure.create_project(owner, climate(buyer.id)).await.unwrap();
        once.keep(201, json!({})).await.unwrap_err();
        drop(structure);
        drop(first(&world, owner, "key").await);
        assert_eq!(names(&world, owner).await, Vec::<String>::new());
    }

    async fn jobs_of_the_request_are_seen_by_workers_once_it_is_kept(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let offering = world.offering(&world.provider().await).await;
        let once = first(&world, &buyer.owner, "key").await;
        let before = world.pending_jobs().await.len();
        let draft = world.order(&buyer.owner, &project, &offering).into_draft();
        once.domain().ordering().place_create(&buyer.owner, draft, None).await.unwrap();
        assert_eq!(world.pending_jobs().await.len(), before);
        once.keep(201, json!({})).await.unwrap();
        assert!(world.pending_jobs().await.len() > before);
        world.leaves_jobs();
    }

    async fn a_key_is_its_owners_and_for_one_request(world: World) {
        let actor = world.stranger().await;
        first(&world, &actor, "key").await.keep(200, json!({})).await.unwrap();
        let other = world.domain().begin_once(&actor, "key", "other request").await.err();
        assert!(matches!(other, Some(IdempotencyError::Clash)));
        let somebody = world.stranger().await;
        drop(first(&world, &somebody, "key").await);
        for bad in ["", " k", "k ", "two\nlines", "schlüssel", &"k".repeat(201)] {
            let bad = world.domain().begin_once(&actor, bad, "request").await.err();
            assert!(matches!(bad, Some(IdempotencyError::BadKey)));
        }
        // As long as may be, with blanks inside, and told apart by the last character.
        let (long, other) = (format!("k {}", "~".repeat(198)), format!("k {}!", "~".repeat(197)));
        first(&world, &actor, &long).await.keep(200, json!({})).await.unwrap();
        again(&world, &actor, &long).await;
        drop(first(&world, &actor, &other).await);
    }

    async fn of_requests_at_once_one_has_the_effect_and_the_others_its_answer(world: World) {
        let buyer = world.buyer().await;
        let mut sent = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (domain, owner, id) = (world.second_process().domain().clone(), buyer.owner.clone(), buyer.id);
            sent.spawn(async move {
                match domain.begin_once(&owner, "key", "request").await.unwrap() {
                    Begin::Replay { status, .. } => (status, false),
                    Begin::Fresh(once) => {
                        once.domain().structure().create_project(&owner, climate(id)).await.unwrap();
                        once.keep(201, json!({})).await.unwrap();
                        (201, true)
                    }
                }
            });
        }
        let answers = sent.join_all().await;
        assert!(answers.iter().all(|(status, _)| *status == 201), "{answers:?}");
        assert_eq!(answers.iter().filter(|(_, fresh)| *fresh).count(), 1, "{answers:?}");
        assert_eq!(names(&world, &buyer.owner).await, ["Climate"]);
    }

    async fn an_old_answer_is_forgotten(world: World) {
        let actor = world.stranger().await;
        first(&world, &actor, "key").await.keep(200, json!({})).await.unwrap();
        again(&world, &actor, "key").await;
        world.clock().advance(TimeDelta::hours(25));
        assert_eq!(world.operations().idempotency().sweep().await.unwrap(), 1);
        drop(first(&world, &actor, "key").await);
    }
}
