//! Who has access on the backend: whatever was dropped on the way, a minute later it is exactly who should.

use chrono::TimeDelta;
use domain::{Actor, Clock, access::NewGrant, jobs::NewJob};
use model::{JobState, Role, Scope};
use plugins::{Outcome, PluginError, Verb};
use testkit::both_engines;

use super::{Placed, jobs, placed, resource_of};
use crate::portal::Portal;

/// What happens within a minute: the timers ring, and workers do what there is.
async fn a_minute_passes(portal: &Portal) {
    for _ in 0..3 {
        portal.world.clock().advance(TimeDelta::seconds(20));
        let queue = portal.operations.jobs();
        queue
            .enqueue(NewJob::now(&worker::ReconcileMembers {}).unwrap())
            .await
            .unwrap();
        queue
            .enqueue(NewJob::now(&worker::ReconcileOrders {}).unwrap())
            .await
            .unwrap();
        portal.work().await;
    }
}

/// Whom the backend lets in, and who should be let in.
async fn let_in(portal: &Portal, placed: &Placed) -> (Vec<String>, Vec<String>) {
    let resource = resource_of(portal, placed).await;
    let objects = portal.fake.objects();
    let object = objects
        .values()
        .find(|object| object.resource == Some(resource))
        .unwrap();
    let wanted = portal
        .operations
        .provisioning()
        .work_of(resource)
        .await
        .unwrap()
        .unwrap();
    (object.members.clone(), wanted.members)
}

async fn grant(portal: &Portal, placed: &Placed, person: &Actor, days: Option<i64>) {
    let grant = NewGrant {
        user: person.user_id,
        role: Role::ProjectMember,
        scope: Scope::Project(placed.project.id),
        expires_at: days.map(|days| portal.world.clock().now() + TimeDelta::days(days)),
        reason: String::new(),
    };
    portal
        .operations
        .domain()
        .access()
        .grant(&placed.buyer.owner, grant)
        .await
        .unwrap();
}

async fn revoke(portal: &Portal, placed: &Placed, person: &Actor) {
    let access = portal.operations.domain().access();
    let members = access
        .members(&placed.buyer.owner, Scope::Project(placed.project.id))
        .await
        .unwrap();
    let held = members
        .iter()
        .find(|member| member.user_id == person.user_id)
        .unwrap();
    access
        .revoke(&placed.buyer.owner, held.grant_id, "left")
        .await
        .unwrap();
}

both_engines! {
    async fn who_expires_loses_access_within_a_minute(portal: Portal) {
        let placed = placed(&portal).await;
        portal.work().await;
        let guest = portal.world.stranger().await;
        grant(&portal, &placed, &guest, Some(7)).await;
        portal.work().await;
        assert!(let_in(&portal, &placed).await.0.contains(&guest.username));
        portal.world.clock().advance(TimeDelta::days(7));
        a_minute_passes(&portal).await;
        let (has, wanted) = let_in(&portal, &placed).await;
        assert!(!has.contains(&guest.username));
        assert_eq!(has, wanted);
        assert!(jobs(&portal, "sync_members").await.is_empty(), "what went well leaves no rows");
        let calls = portal.fake.calls().len();
        a_minute_passes(&portal).await;
        assert_eq!(portal.fake.calls().len(), calls, "whom the backend knows is not told again");
    }

    async fn who_comes_or_leaves_while_a_resource_is_being_made_is_brought_over(portal: Portal) {
        let world = &portal.world;
        let early = placed(&portal).await;
        let leaver = world.member(&early.project).await;
        let soon = Outcome::Pending { poll_after: Some(std::time::Duration::from_secs(10)), waiting_for: "the machine boots".into() };
        portal.fake.answer_next(Verb::Provision, Ok(soon));
        portal.work().await;
        let newcomer = world.stranger().await;
        grant(&portal, &early, &newcomer, None).await;
        revoke(&portal, &early, &leaver).await;
        a_minute_passes(&portal).await;
        let (has, wanted) = let_in(&portal, &early).await;
        assert_eq!(has, wanted);
        assert!(has.contains(&newcomer.username) && !has.contains(&leaver.username), "{has:?}");
    }

    async fn who_is_deactivated_loses_access_within_a_minute(portal: Portal) {
        let placed = placed(&portal).await;
        let member = portal.world.member(&placed.project).await;
        portal.work().await;
        a_minute_passes(&portal).await;
        assert!(let_in(&portal, &placed).await.0.contains(&member.username));
        let staff = portal.world.staff().await;
        portal.world.domain().accounts().deactivate(&staff, member.user_id, "").await.unwrap();
        a_minute_passes(&portal).await;
        let (has, wanted) = let_in(&portal, &placed).await;
        assert!(!has.contains(&member.username));
        assert_eq!(has, wanted);
    }

    async fn who_was_let_in_beside_the_portal_is_put_out_again(portal: Portal) {
        let placed = placed(&portal).await;
        portal.work().await;
        a_minute_passes(&portal).await;
        portal.fake.let_in("intruder");
        a_minute_passes(&portal).await;
        assert!(let_in(&portal, &placed).await.0.contains(&"intruder".to_owned()), "nobody has looked yet");
        portal.operations.jobs().enqueue(NewJob::now(&worker::ScheduleInspections {}).unwrap()).await.unwrap();
        portal.work().await;
        a_minute_passes(&portal).await;
        let (has, wanted) = let_in(&portal, &placed).await;
        assert_eq!(has, wanted);
        let calls = portal.fake.calls().len();
        portal.operations.jobs().enqueue(NewJob::now(&worker::ScheduleInspections {}).unwrap()).await.unwrap();
        portal.work().await;
        a_minute_passes(&portal).await;
        assert_eq!(portal.fake.calls().len(), calls, "who lets in the right people is not told again");
        assert!(jobs(&portal, "inspect_backend").await.is_empty(), "what went well leaves no rows");
    }

    async fn a_sync_that_was_lost_is_made_up_for(portal: Portal) {
        use sea_orm::EntityTrait;
        let placed = placed(&portal).await;
        portal.work().await;
        let member = portal.world.member(&placed.project).await;
        entity::job::Entity::delete_many().exec(portal.world.db()).await.unwrap();
        a_minute_passes(&portal).await;
        assert!(let_in(&portal, &placed).await.0.contains(&member.username));
    }

    async fn a_backend_that_refuses_is_asked_again_after_an_hour(portal: Portal) {
        let placed = placed(&portal).await;
        portal.work().await;
        let need = PluginError::NeedsOperator { reason: "the name is taken".into() };
        portal.fake.answer_next(Verb::SyncMembers, Err(need));
        let member = portal.world.member(&placed.project).await;
        portal.work().await;
        a_minute_passes(&portal).await;
        let dead = jobs(&portal, "sync_members").await;
        assert_eq!(dead.iter().map(|job| job.state).collect::<Vec<_>>(), [JobState::Dead], "somebody is asked");
        assert!(!let_in(&portal, &placed).await.0.contains(&member.username));
        portal.world.clock().advance(TimeDelta::hours(1));
        a_minute_passes(&portal).await;
        assert!(let_in(&portal, &placed).await.0.contains(&member.username));
        assert!(jobs(&portal, "sync_members").await.is_empty(), "the letter goes with its cause");
    }

    async fn an_order_that_lost_its_job_is_carried_out(portal: Portal) {
        use sea_orm::EntityTrait;
        let placed = placed(&portal).await;
        entity::job::Entity::delete_many().exec(portal.world.db()).await.unwrap();
        a_minute_passes(&portal).await;
        assert_eq!(portal.world.order_state(placed.order).await, model::OrderState::Done);
        assert_eq!(portal.operations.verify().run().await.unwrap(), []);
    }
}
