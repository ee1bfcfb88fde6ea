//! Drafts that are refused: each with its fields, and nothing stored.

use entity::{plan, project};
use model::{Field, FieldKind, Fixed, Kind, OfferingState, PlanId, ProjectId, Schema, Visibility};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::json;
use testkit::{World, both_engines};
use uuid::Uuid;

use super::scene::{Scene, faults, refused, words};

both_engines! {
    async fn a_token_decides_for_the_provider_within_its_scopes_and_is_told_which_it_lacks(world: World) {
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).approved_by_provider().await;
        let order = world.order(&buyer.owner, &project, &offering).await;
        let with = |scope| domain::Actor { token_scopes: Some(vec![scope]), ..provider.manager.clone() };
        let ordering = world.domain().ordering();
        let refused = ordering.approve(&with(model::TokenScope::Provide), order, "").await.unwrap_err();
        assert_eq!(domain::DomainError::from(refused).problem().code, "token_scope_missing");
        ordering.approve(&with(model::TokenScope::Approve), order, "").await.unwrap();
        world.leaves_jobs();
    }

    async fn everything_that_is_wrong_with_a_draft_is_told_at_once(world: World) {
        let scene = Scene::of(&world).await;
        let form = Schema::new(vec![
            Field::new("nodes", "Nodes", FieldKind::Integer { min: Some(1), max: Some(8), step: None, unit: None }).required(),
        ]);
        let form = serde_json::to_value(form).unwrap();
        scene.set_offering(|row| {
            row.request_form = Set(form);
            row.terms_of_service = Set("Be kind.".into());
        })
        .await;
        let mut draft = scene.draft();
        draft.name = "  ".into();
        draft.plan_id = PlanId(Uuid::from_u128(77));
        draft.limits = [("cpu".to_owned(), Fixed::from(-1)), ("warp".to_owned(), Fixed::ONE)].into();
        draft.attributes = json!({ "nodes": 99, "colour": "red" });
        draft.accepted_terms = None;
        draft.end_date = Some("2026-02-01".parse().unwrap());
        let before = scene.stored().await;
        let found = faults(world.domain().ordering().place_create(&scene.member, draft, None).await);
        let paths: Vec<_> = found.iter().map(|fault| fault.split(':').next().unwrap()).collect();
        let expected =
            ["accepted_terms", "attributes.colour", "attributes.nodes", "end_date", "limits.cpu", "limits.warp", "name", "plan_id"];
        assert_eq!(paths, expected, "{found:?}");
        assert_eq!(scene.stored().await, before, "nothing is stored");
    }

    async fn a_field_of_a_megabyte_is_refused_without_being_repeated(world: World) {
        let scene = Scene::of(&world).await;
        let long = "x".repeat(1_000_000);
        let mut draft = scene.draft();
        draft.name = long.clone();
        draft.limits = [(long.clone(), Fixed::ONE)].into();
        draft.attributes = json!({ long.clone(): long });
        let problem = world.domain().ordering().place_create(&scene.owner, draft, None).await.unwrap_err().problem();
        assert_eq!(problem.kind, Kind::Invalid);
        assert!(serde_json::to_string(&problem).unwrap().len() < 2_000);
    }

    async fn accepted_terms_must_be_the_present_ones(world: World) {
        let scene = Scene::of(&world).await;
        scene.set_offering(|row| {
            row.terms_of_service = Set("Be kinder.".into());
            row.terms_version = Set(5);
        })
        .await;
        let mut draft = scene.draft();
        draft.accepted_terms = Some(4);
        let ordering = world.domain().ordering();
        assert_eq!(faults(ordering.place_create(&scene.owner, draft.clone(), None).await), ["accepted_terms: outdated"]);
        draft.accepted_terms = Some(5);
        let id = ordering.place_create(&scene.owner, draft, None).await.unwrap();
        assert_eq!(scene.row(id).await.accepted_terms, Some(5));
        world.leaves_jobs();
    }

    async fn the_project_of_somebody_else_is_not_found(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let theirs = world.project(&world.buyer().await).await;
        let mut draft = scene.draft();
        draft.project_id = theirs.id;
        let not_yours = ordering.place_create(&scene.owner, draft.clone(), None).await.unwrap_err().problem();
        draft.project_id = ProjectId(Uuid::from_u128(1));
        let not_there = ordering.place_create(&scene.owner, draft.clone(), None).await.unwrap_err().problem();
        assert_eq!(not_yours, not_there);
        assert_eq!(not_yours.kind, Kind::NotFound);
        // Not even to those who sell what is ordered.
        draft.project_id = scene.project.id;
        assert_eq!(refused(ordering.place_create(&scene.provider.manager, draft, None).await), Kind::NotFound);
    }

    async fn a_reader_of_the_project_may_not_order(world: World) {
        let scene = Scene::of(&world).await;
        let reader = world.person(model::Role::ProjectReader, model::Scope::Project(scene.project.id)).await;
        assert_eq!(refused(world.domain().ordering().place_create(&reader, scene.draft(), None).await), Kind::Forbidden);
    }

    async fn an_offering_that_takes_no_orders_says_why(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        scene.set_offering(|row| {
            row.state = Set(OfferingState::Paused);
            row.state_reason = Set("The cluster moves until Monday.".into());
        })
        .await;
        let text = words(ordering.place_create(&scene.owner, scene.draft(), None).await);
        assert!(text.ends_with("The cluster moves until Monday."), "{text}");
        for hidden in [OfferingState::Draft, OfferingState::Archived] {
            scene.set_offering(|row| row.state = Set(hidden)).await;
            assert_eq!(refused(ordering.place_create(&scene.owner, scene.draft(), None).await), Kind::NotFound);
        }
    }

    async fn a_private_offering_is_there_only_for_the_organizations_it_names(world: World) {
        let scene = Scene::of(&world).await;
        scene.set_offering(|row| row.visibility = Set(Visibility::Private)).await;
        let ordering = world.domain().ordering();
        assert_eq!(refused(ordering.place_create(&scene.owner, scene.draft(), None).await), Kind::NotFound);
        assert_eq!(refused(ordering.quote(Some(&scene.owner), &scene.draft()).await), Kind::NotFound);
        assert_eq!(refused(ordering.quote(None, &scene.draft()).await), Kind::NotFound);
        let named = entity::offering_audience::ActiveModel {
            offering_id: Set(scene.offering.id),
            organization_id: Set(scene.buyer.id),
        };
        entity::offering_audience::Entity::insert(named).exec_without_returning(world.db()).await.unwrap();
        ordering.quote(Some(&scene.owner), &scene.draft()).await.unwrap();
        ordering.place_create(&scene.owner, scene.draft(), None).await.unwrap();
        world.leaves_jobs();
    }

    async fn an_archived_plan_or_one_of_another_offering_cannot_be_chosen(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let other = world.offering(&scene.provider).await;
        let mut draft = scene.draft();
        draft.plan_id = other.plan;
        assert_eq!(faults(ordering.place_create(&scene.owner, draft, None).await), ["plan_id: unknown"]);
        let row = plan::Entity::find_by_id(scene.offering.plan).one(world.db()).await.unwrap().unwrap();
        let mut row = row.into_active_model();
        row.archived = Set(true);
        row.update(world.db()).await.unwrap();
        assert_eq!(faults(ordering.place_create(&scene.owner, scene.draft(), None).await), ["plan_id: archived"]);
    }

    async fn the_last_day_lies_ahead_and_within_the_project(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let project = world.project(&scene.buyer).ending("2026-06-30").await;
        let mut draft = scene.draft();
        draft.project_id = project.id;
        for (day, code) in [("2026-02-09", "past"), ("2026-07-01", "after_project"), ("9999-12-31", "too_far")] {
            draft.end_date = Some(day.parse().unwrap());
            let found = faults(ordering.place_create(&scene.owner, draft.clone(), None).await);
            assert_eq!(found, [format!("end_date: {code}")]);
        }
        draft.end_date = Some("2026-02-10".parse().unwrap());
        ordering.place_create(&scene.owner, draft.clone(), None).await.expect("today counts whole");
        draft.end_date = Some("2026-06-30".parse().unwrap());
        ordering.place_create(&scene.owner, draft, None).await.unwrap();
        world.leaves_jobs();
    }

    async fn what_is_paid_up_front_needs_a_term(world: World) {
        let scene = Scene::of(&world).await;
        let prepaid = testkit::Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let offering = world.offering(&scene.provider).selling(prepaid).await;
        let ordering = world.domain().ordering();
        let mut draft = world.order(&scene.owner, &scene.project, &offering).limits([("cores", "4")]).into_draft();
        assert_eq!(faults(ordering.quote(Some(&scene.owner), &draft).await), ["term_months: required"]);
        assert_eq!(faults(ordering.place_create(&scene.owner, draft.clone(), None).await), ["term_months: required"]);
        draft.term_months = Some(0);
        assert_eq!(faults(ordering.place_create(&scene.owner, draft.clone(), None).await), ["term_months: too_small"]);
        draft.term_months = Some(3);
        draft.end_date = Some("2026-05-09".parse().unwrap());
        let both = ordering.place_create(&scene.owner, draft.clone(), None).await;
        assert_eq!(faults(both), ["end_date: not_possible"], "the term says it");
        draft.end_date = None;
        let quote = ordering.quote(Some(&scene.owner), &draft).await.unwrap();
        assert_eq!(quote.one_time.totals.net.to_string(), "€12.00", "4 cores x 1.00 x 3 months");
        assert_eq!(quote.one_time.totals.total.to_string(), "€14.64", "with the seller's 22 %");
    }

    async fn a_registered_business_abroad_accounts_for_the_tax_itself(world: World) {
        let scene = Scene::of(&world).await;
        for (id, country, number) in [(scene.provider.id, "EE", "EE100931558"), (scene.buyer.id, "FI", "FI20774740")] {
            world.was_always(id, |facts| {
                facts.country = Set(country.into());
                facts.vat_number = Set(number.into());
                facts.verified_at = Set(Some(chrono::DateTime::UNIX_EPOCH));
            }).await;
        }
        let ordering = world.domain().ordering();
        let abroad = ordering.quote(Some(&scene.owner), &scene.draft()).await.unwrap();
        assert!(abroad.full_month.totals.tax.is_zero());
        let visitor = ordering.quote(None, &scene.draft()).await.unwrap();
        assert_eq!(visitor.full_month.totals.tax.to_string(), "€2.20", "the seller's own tax");
    }

    async fn a_quote_is_for_a_project_that_is_there_and_seen(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let elsewhere = world.project(&world.buyer().await).await;
        for project in [elsewhere.id, ProjectId(Uuid::nil())] {
            let draft = model::CreateDraft { project_id: project, ..scene.draft() };
            let asked = [ordering.quote(Some(&scene.owner), &draft).await.map(drop), ordering.place_create(&scene.owner, draft.clone(), None).await.map(drop)];
            for refused in asked {
                assert_eq!(domain::DomainError::from(refused.unwrap_err()).problem().code, "project_not_found");
            }
            ordering.quote(None, &draft).await.expect("a visitor has no project");
        }
        let with = |scope| domain::Actor { token_scopes: Some(vec![scope]), ..scene.owner.clone() };
        let refused = ordering.quote(Some(&with(model::TokenScope::Operate)), &scene.draft()).await.unwrap_err();
        assert_eq!(domain::DomainError::from(refused).problem().code, "token_scope_missing");
        ordering.quote(Some(&with(model::TokenScope::Read)), &scene.draft()).await.unwrap();
    }

    async fn nothing_is_ordered_in_a_project_that_has_ended_or_not_begun(world: World) {
        let scene = Scene::of(&world).await;
        let ordering = world.domain().ordering();
        let row = project::Entity::find_by_id(scene.project.id).one(world.db()).await.unwrap().unwrap();
        let mut row = row.into_active_model();
        row.end_date = Set(Some("2026-02-09".parse().unwrap()));
        let mut row = row.update(world.db()).await.unwrap().into_active_model();
        assert!(words(ordering.place_create(&scene.owner, scene.draft(), None).await).contains("has ended"));
        row.end_date = Set(None);
        row.start_date = Set(Some("2026-05-01".parse().unwrap()));
        row.update(world.db()).await.unwrap();
        let early = words(ordering.place_create(&scene.owner, scene.draft(), None).await);
        assert!(early.contains("begins on 1 May 2026"), "{early}");
    }
}
