//! A world does what its builders say, and notices what a test forgot.

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::access::Target;
use model::{OrderState, Permission, ResourceState};
use sea_orm::EntityTrait;
use testkit::{Engine, Sold, World, both_engines};

both_engines! {
    async fn an_order_becomes_a_running_resource(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;

        let resource = world.order(&buyer.owner, &project, &offering).limits([("cpu", "4")]).fulfilled().await;

        let row = entity::resource::Entity::find_by_id(resource).one(world.db()).await.unwrap().unwrap();
        assert_eq!(row.state, ResourceState::Ok);
        assert_eq!(row.limits_held().unwrap(), [("cpu".to_owned(), 4.into())].into());
    }

    async fn a_member_asks_and_a_manager_decides(world: World) {
        let provider = world.provider().await;
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("25")).await;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).approving_up_to("100").await;
        let (member, manager) = (world.member(&project).await, world.project_manager(&project).await);

        let order = world.order(&member, &project, &offering).limits([("cpu", "2")]).await;
        assert_eq!(world.order_state(order).await, OrderState::PendingBuyer);
        world.domain().ordering().approve(&manager, order, "").await.unwrap();
        assert_eq!(world.order_state(order).await, OrderState::Executing);
        world.run_jobs().await;
        assert_eq!(world.order_state(order).await, OrderState::Done);
    }

    async fn people_hold_what_they_were_given(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let target = Target::project(buyer.id, project.id);
        assert!(buyer.owner.may(Permission::ApproveOrder, &target));
        assert!(!world.member(&project).await.may(Permission::ApproveOrder, &target));
        assert!(!world.stranger().await.may(Permission::ViewProject, &target));
        assert!(world.staff().await.may(Permission::ManageJob, &Target::system()));
    }

    async fn a_second_process_sees_the_same_rows(world: World) {
        let buyer = world.buyer().await;
        let seen = world.second_process().domain().structure().organization(&buyer.owner, buyer.id).await.unwrap();
        assert_eq!(seen.name, buyer.name);
    }
}

/// A world whose test ended with an order in progress.
async fn order_in_progress(world: &World) {
    let provider = world.provider().await;
    let offering = world.offering(&provider).await;
    let buyer = world.buyer().await;
    let project = world.project(&buyer).await;
    world.order(&buyer.owner, &project, &offering).await;
}

#[test]
fn jobs_that_remain_fail_the_test_unless_it_says_so() {
    let forgotten = catch_unwind(AssertUnwindSafe(|| {
        testkit::run(Engine::Sqlite, |world: World| async move {
            order_in_progress(&world).await;
        });
    }));
    let message = forgotten.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("provision_order"), "{message}");

    testkit::run(Engine::Sqlite, |world: World| async move {
        order_in_progress(&world).await;
        world.leaves_jobs();
    });
}
