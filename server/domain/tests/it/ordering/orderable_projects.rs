//! The projects that an order form offers.

use chrono::NaiveDate;
use entity::project;
use model::{ProjectId, Role, Scope};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use testkit::{World, both_engines};

use super::scene::Scene;

async fn projects(scene: &Scene<'_>, actor: &domain::Actor) -> Vec<ProjectId> {
    let places = scene
        .world
        .domain()
        .ordering()
        .orderable_projects(actor, scene.offering.id)
        .await
        .unwrap();
    places.into_iter().map(|place| place.project_id).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

both_engines! {
    async fn everybody_is_offered_the_projects_that_they_may_order_for(world: World) {
        let scene = Scene::of(&world).await;
        let other = world.project(&scene.buyer).await;
        let mut all = vec![scene.project.id, other.id];
        all.sort();
        let mut of_owner = projects(&scene, &scene.owner).await;
        of_owner.sort();
        assert_eq!(of_owner, all);
        assert_eq!(projects(&scene, &scene.member).await, [scene.project.id]);
        let accountant = world.accountant(&scene.buyer).await;
        assert!(projects(&scene, &accountant).await.is_empty());
        assert!(projects(&scene, &world.stranger().await).await.is_empty());
    }

    async fn a_place_says_what_a_quote_depends_on(world: World) {
        let scene = Scene::of(&world).await;
        let places = world.domain().ordering().orderable_projects(&scene.member, scene.offering.id).await.unwrap();
        let quote = world.domain().ordering().quote(Some(&scene.member), &scene.draft()).await.unwrap();
        assert_eq!(places[0].tax, quote.first_invoice.totals.taxes[0].rate);
        assert_eq!(places[0].today, quote.billed_from);
        assert_eq!(places[0].organization_name, scene.buyer.name);
    }

    async fn an_offering_that_is_not_shown_is_not_there(world: World) {
        let scene = Scene::of(&world).await;
        let draft = world.offering(&scene.provider).unpublished().await;
        let ordering = world.domain().ordering();
        for id in [draft.id, model::OfferingId(uuid::Uuid::nil())] {
            let refused = ordering.orderable_projects(&scene.owner, id).await.unwrap_err();
            assert_eq!(domain::DomainError::from(refused).problem().code, "offering_not_found");
        }
        ordering.orderable_projects(&scene.provider.manager, draft.id).await.expect("its own draft");
    }

    async fn projects_that_it_is_not_for_do_not_crowd_out_those_that_it_is_for(world: World) {
        let (provider, many, one) = (world.provider().await, world.buyer().await, world.buyer().await);
        let offering = world.offering(&provider).only_for(&one).await;
        let wanted = world.project(&one).await;
        let last = project::Entity::update_many().col_expr(project::Column::Name, Expr::value("zz"));
        last.filter(project::Column::Id.eq(wanted.id)).exec(world.db()).await.unwrap();
        for _ in 0..200 {
            world.project(&many).await;
        }
        let both = world.grant(many.owner.user_id, Role::OrganizationOwner, Scope::Organization(one.id)).await;
        let places = world.domain().ordering().orderable_projects(&both, offering.id).await.unwrap();
        assert_eq!(places.into_iter().map(|place| place.project_id).collect::<Vec<_>>(), [wanted.id]);
    }

    async fn projects_that_are_over_do_not_crowd_out_open_ones(world: World) {
        let scene = Scene::of(&world).await;
        for _ in 0..210 {
            world.project(&scene.buyer).await;
        }
        // It is the 10th where they are billed, and still the 9th in New York.
        world.clock().set("2026-03-10T03:00:00Z");
        let others = project::Entity::update_many().filter(project::Column::Id.ne(scene.project.id));
        let over = others.col_expr(project::Column::EndDate, Expr::value(day("2026-03-09")));
        over.exec(world.db()).await.unwrap();
        let last = project::Entity::update_many().filter(project::Column::Id.eq(scene.project.id));
        let last = last
            .col_expr(project::Column::Name, Expr::value("zz"))
            .col_expr(project::Column::EndDate, Expr::value(day("2026-03-10")));
        last.exec(world.db()).await.unwrap();
        assert_eq!(projects(&scene, &scene.owner).await, [scene.project.id]);
        world.was_always_in_zone(scene.buyer.id, "America/New_York").await;
        assert_eq!(projects(&scene, &scene.owner).await.len(), 200, "no more than fit one list");
    }
}
