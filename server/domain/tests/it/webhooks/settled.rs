//! An event takes its number before it is committed: readers wait for what is older and not there yet.

use model::Scope;
use sea_orm::{ConnectionTrait, TransactionTrait};
use testkit::{Engine, World, run};

use super::{made, rename, tell_all};

#[test]
fn what_is_committed_late_is_told_and_in_its_place() {
    // With SQLite one transaction writes at a time.
    run(Engine::Postgres, async |world: World| {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let webhook = made(&world, &buyer.owner, Scope::Project(project.id), &[]).await;
        assert_eq!(tell_all(&world, webhook.id).await, ["webhook.created"]);
        // Somebody's transaction has written an event and is held open.
        let late = world.db().begin().await.unwrap();
        let copy = "INSERT INTO audit_events (id, at, actor_name, organization_id, project_id, subject_kind, subject_id, verb, \
                    \"before\", after, reason, trace_id) SELECT gen_random_uuid(), at, actor_name, organization_id, project_id, \
                    subject_kind, subject_id, 'late.event', \"before\", after, reason, trace_id FROM audit_events \
                    WHERE verb = 'webhook.created'";
        late.execute_unprepared(copy).await.unwrap();
        rename(&world, &buyer, &project, "Later, and there first").await;
        assert_eq!(
            tell_all(&world, webhook.id).await,
            Vec::<String>::new(),
            "an older event may still come"
        );
        late.commit().await.unwrap();
        assert_eq!(
            tell_all(&world, webhook.id).await,
            ["late.event", "project.changed"]
        );
        // One that is undone holds up nothing and leaves a gap.
        let undone = world.db().begin().await.unwrap();
        undone.execute_unprepared(copy).await.unwrap();
        rename(&world, &buyer, &project, "After a gap").await;
        undone.rollback().await.unwrap();
        assert_eq!(tell_all(&world, webhook.id).await, ["project.changed"]);
    });
}

#[test]
fn a_process_that_knows_less_moves_nothing_back() {
    run(Engine::Postgres, async |world: World| {
        let buyer = world.buyer().await;
        let webhook = made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        assert_eq!(tell_all(&world, webhook.id).await, ["webhook.created"]);
        let open = world.db().begin().await.unwrap();
        open.execute_unprepared("SELECT pg_current_xact_id()")
            .await
            .unwrap();
        // It has just begun, and somebody is writing: it knows of nothing that is settled.
        let other = world.second_process();
        assert!(other.webhooks().next_message(webhook.id).await.unwrap().is_none());
        assert_eq!(other.webhooks().tell_due().await.unwrap(), 0);
        open.rollback().await.unwrap();
        assert_eq!(
            tell_all(&world, webhook.id).await,
            Vec::<String>::new(),
            "nothing is told twice"
        );
    });
}
