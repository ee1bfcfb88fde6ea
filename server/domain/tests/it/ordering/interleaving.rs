//! What happens at the same moment. Each pair is raced [`RUNS`] times on each engine, by two processes: whatever their order,
//! both are answered as if one had come first, and nothing of the database shows.

use domain::once::{Begin, Once};
use domain::ordering::OrderingError;
use domain::{Actor, Domain, DomainError, Operations};
use entity::{audit_event, job, offering, order, plan, resource};
use model::{Fixed, JobState, Kind, OrderId, OrderState, Progress, ResourceId, ResourceState, Role, Scope};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, Set, Statement,
};
use serde_json::Value as Json;
use testkit::{World, both_engines};
use tokio::task::JoinSet;

use super::scene::{Scene, faults, more_cpu, ready};

/// How often each pair is raced.
const RUNS: usize = 200;

/// A refusal that a person can read, as another order of events would have given it.
fn is_told<T: std::fmt::Debug>(answer: Result<T, OrderingError>) -> Option<T> {
    match answer {
        Ok(done) => Some(done),
        Err(refusal) => {
            let refusal = DomainError::from(refusal);
            assert!(
                matches!(refusal.kind(), Kind::Conflict | Kind::NotFound),
                "{refusal:?}"
            );
            None
        }
    }
}

/// Every order under way has a job that carries it out, and every job may be run.
async fn nothing_is_forgotten(world: &World) {
    assert_eq!(
        world.operations().ordering().requeue_lost().await.unwrap(),
        0,
        "an order lost its job"
    );
}

/// A resource whose creation failed, and its order.
async fn failed(scene: &Scene<'_>) -> (OrderId, ResourceId) {
    let order = scene.place(&scene.owner).await;
    scene
        .world
        .operations()
        .ordering()
        .fail(order, "No nodes.")
        .await
        .unwrap();
    scene.finish_jobs().await;
    (order, scene.row(order).await.resource_id.unwrap())
}

async fn sequence_of(world: &World, verb: &str, subject: uuid::Uuid) -> i64 {
    let event = audit_event::Entity::find()
        .filter(audit_event::Column::Verb.eq(verb))
        .filter(audit_event::Column::SubjectId.eq(subject))
        .order_by_desc(audit_event::Column::Sequence)
        .one(world.db());
    event.await.unwrap().unwrap().sequence
}

fn processes(world: &World) -> (Operations, Operations) {
    (world.second_process(), world.second_process())
}

/// Another plan that stays on sale, so that the offering does; answers the one that is ordered.
async fn spare_plan(scene: &Scene<'_>) -> plan::Model {
    let db = scene.world.db();
    let sold = plan::Entity::find_by_id(scene.offering.plan)
        .one(db)
        .await
        .unwrap()
        .unwrap();
    let mut copy = sold.clone().into_active_model().reset_all();
    copy.id = Set(model::PlanId(uuid::Uuid::from_u128(7)));
    copy.name = Set("Spare".into());
    copy.insert(db).await.unwrap();
    sold
}

async fn archive(domain: &Domain, scene: &Scene<'_>) -> Result<(), domain::catalogue::CatalogueError> {
    let offering = &scene.offering;
    domain
        .catalogue()
        .archive_plan(&scene.provider.manager, offering.id, offering.plan)
        .await
}

/// A gate: what is done with its services is committed when the answer is kept.
async fn begun(process: &Operations, actor: &Actor) -> Once {
    match process.domain().begin_once(actor, "gate", "gate").await.unwrap() {
        Begin::Fresh(once) => *once,
        Begin::Replay { .. } => panic!("the gate was passed before"),
    }
}

/// Returns once somebody waits for a lock, or has `ended` without. SQLite does not tell who waits: there the other side gets
/// a moment, and is right with or without it.
async fn waits_or_is_done(world: &World, ended: impl Fn() -> bool) {
    let moment = std::time::Duration::from_millis(20);
    if world.db().get_database_backend() == DbBackend::Sqlite {
        return tokio::time::sleep(moment).await;
    }
    let waiting =
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let waiting = || Statement::from_string(DbBackend::Postgres, waiting);
    while !ended() && world.db().query_one_raw(waiting()).await.unwrap().is_none() {
        tokio::time::sleep(moment).await;
    }
}

both_engines! {
    async fn of_two_who_take_the_same_role_away_one_does(world: World) {
        let buyer = world.buyer().await;
        let (one, two) = processes(&world);
        let (one, two) = (one.domain().access(), two.domain().access());
        for _ in 0..RUNS / 4 {
            let scope = Scope::Organization(buyer.id);
            let user = world.stranger().await.user_id;
            world.grant(user, Role::OrganizationManager, scope).await;
            let members = one.members(&buyer.owner, scope).await.unwrap();
            let grant = members.iter().find(|member| member.user_id == user).unwrap().grant_id;
            let (first, second) = tokio::join!(
                one.revoke(&buyer.owner, grant, "one"),
                two.revoke(&buyer.owner, grant, "two"),
            );
            assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "{first:?} {second:?}");
        }
        let told = audit_event::Entity::find().filter(audit_event::Column::Verb.eq("role.revoked"));
        assert_eq!(told.all(world.db()).await.unwrap().len(), RUNS / 4);
    }

    async fn two_orders_of_one_name_both_become_resources(world: World) {
        let scene = Scene::of(&world).await;
        let (one, two) = processes(&world);
        let (one, two) = (one.domain().ordering(), two.domain().ordering());
        for run in 0..RUNS {
            let mut draft = scene.draft();
            draft.name = format!("Namesake {run}");
            let (first, second) = tokio::join!(
                one.place_create(&scene.owner, draft.clone(), None),
                two.place_create(&scene.owner, draft.clone(), None),
            );
            first.unwrap();
            second.unwrap();
        }
        let slugs: Vec<String> = resource::Entity::find().all(world.db()).await.unwrap().into_iter().map(|row| row.slug).collect();
        let different: std::collections::BTreeSet<&String> = slugs.iter().collect();
        assert_eq!((slugs.len(), different.len()), (2 * RUNS, 2 * RUNS));
        assert!(different.contains(&"namesake-0".to_owned()), "one of two has the plain name");
        world.leaves_jobs();
    }

    async fn trying_a_creation_again_meets_its_termination(world: World) {
        let scene = Scene::of(&world).await;
        let (one, two) = processes(&world);
        let (one, two) = (one.domain().ordering(), two.domain().ordering());
        for _ in 0..RUNS {
            let (order, resource) = failed(&scene).await;
            let (again, ended) = tokio::join!(
                one.retry(&scene.owner, order),
                two.place_terminate(&scene.owner, resource, "", None),
            );
            let (again, ended) = (is_told(again), is_told(ended));
            assert!(again.is_some() != ended.is_some(), "one of the two: {again:?} {ended:?}");
            nothing_is_forgotten(&world).await;
            scene.finish_jobs().await;
        }
    }

    async fn trying_again_meets_the_backends_answer(world: World) {
        let scene = Scene::of(&world).await;
        let (one, two) = processes(&world);
        let (one, two) = (one.domain().ordering(), two.ordering());
        for _ in 0..RUNS {
            let order = scene.place(&scene.owner).await;
            let (again, failed) = tokio::join!(one.retry(&scene.owner, order), two.fail(order, "No nodes."));
            failed.unwrap();
            let again = is_told(again);
            assert_eq!(scene.state(order).await == OrderState::Executing, again.is_some());
            nothing_is_forgotten(&world).await;
            scene.finish_jobs().await;
        }
    }

    async fn progress_meets_completion_and_a_further_order(world: World) {
        let scene = Scene::of(&world).await;
        let (one, two) = processes(&world);
        let third = world.second_process();
        for run in 0..RUNS {
            let resource = if run == 0 { scene.resource().await } else { scene.world.order(&scene.owner, &scene.project, &scene.offering).fulfilled().await };
            let change = world.domain().ordering().place_change_limits(&scene.owner, more_cpu(resource, 3), None).await.unwrap();
            let seen = Progress { done: 1, total: 2, message: "half".into() };
            let (told, done, ended) = tokio::join!(
                async { one.ordering().progress(change, seen).await },
                async { two.ordering().complete(change, ready("")).await },
                async { third.domain().ordering().place_terminate(&scene.owner, resource, "", None).await },
            );
            told.unwrap();
            done.unwrap();
            is_told(ended);
            nothing_is_forgotten(&world).await;
            scene.finish_jobs().await;
        }
    }

    async fn two_changes_of_one_resource_are_one(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let (one, two) = processes(&world);
        let (one, two) = (one.domain().ordering(), two.domain().ordering());
        for run in 0..RUNS {
            let more = more_cpu(resource, u32::try_from(run % 2 + 4).unwrap());
            let (first, second) = tokio::join!(
                one.place_change_limits(&scene.owner, more.clone(), None),
                two.place_change_limits(&scene.owner, more.clone(), None),
            );
            let (first, second) = (is_told(first), is_told(second));
            assert!(first.is_some() != second.is_some(), "{first:?} {second:?}");
            scene.finish_jobs().await;
        }
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Ok);
    }

    async fn nothing_is_ordered_in_a_plan_that_was_archived_before(world: World) {
        let scene = Scene::of(&world).await;
        let (one, two) = processes(&world);
        spare_plan(&scene).await;
        // The plan is archived, and somebody orders before that is committed.
        let archiving = begun(&one, &scene.provider.manager).await;
        archive(archiving.domain(), &scene).await.unwrap();
        let (owner, draft) = (scene.owner.clone(), scene.draft());
        let mut tasks = JoinSet::new();
        let ordering = tasks.spawn(async move { two.domain().ordering().place_create(&owner, draft, None).await });
        waits_or_is_done(&world, || ordering.is_finished()).await;
        archiving.keep(200, Json::Null).await.unwrap();
        assert_eq!(faults(tasks.join_next().await.unwrap().unwrap()), ["plan_id: archived"]);
        assert_eq!(order::Entity::find().count(world.db()).await.unwrap(), 0);
    }

    async fn what_was_ordered_before_its_plan_was_archived_is_carried_out(world: World) {
        let scene = Scene::of(&world).await;
        let (one, two) = processes(&world);
        spare_plan(&scene).await;
        // It is ordered, and the plan is archived before that is committed.
        let ordering = begun(&one, &scene.owner).await;
        let id = ordering.domain().ordering().place_create(&scene.owner, scene.draft(), None).await.unwrap();
        let (manager, offering) = (scene.provider.manager.clone(), scene.offering.clone());
        let mut tasks = JoinSet::new();
        let archiving = tasks
            .spawn(async move { two.domain().catalogue().archive_plan(&manager, offering.id, offering.plan).await });
        waits_or_is_done(&world, || archiving.is_finished()).await;
        ordering.keep(200, Json::Null).await.unwrap();
        tasks.join_next().await.unwrap().unwrap().unwrap();
        let archived = sequence_of(&world, "plan.archived", scene.offering.id.0).await;
        assert!(sequence_of(&world, "order.placed", id.0).await < archived);
        scene.complete(id, "backend-1").await;
        scene.finish_jobs().await;
        assert_eq!(scene.state(id).await, OrderState::Done);
    }

    async fn an_order_meets_the_archiving_of_its_plan(world: World) {
        let scene = Scene::of(&world).await;
        let (one, two) = processes(&world);
        let buying = two.domain().ordering();
        let sold = spare_plan(&scene).await;
        for _ in 0..RUNS {
            let draft = scene.draft();
            let (archived, order) = tokio::join!(
                archive(one.domain(), &scene),
                buying.place_create(&scene.owner, draft, None),
            );
            archived.unwrap();
            match order {
                Ok(order) => {
                    let archived = sequence_of(&world, "plan.archived", scene.offering.id.0).await;
                    assert!(sequence_of(&world, "order.placed", order.0).await < archived, "ordered after the plan was archived");
                }
                refused => assert_eq!(faults(refused), ["plan_id: archived"]),
            }
            let mut row = sold.clone().into_active_model();
            row.archived = Set(false);
            row.update(world.db()).await.unwrap();
            scene.finish_jobs().await;
        }
    }

    async fn offerings_of_one_name_made_at_once_get_different_addresses(world: World) {
        let provider = world.provider().await;
        let (one, two) = processes(&world);
        let (one, two) = (one.domain().catalogue(), two.domain().catalogue());
        for run in 0..RUNS {
            let name = format!("Twin {run}");
            let (first, second) = tokio::join!(
                one.create_offering(&provider.manager, provider.id, &name),
                two.create_offering(&provider.manager, provider.id, &name),
            );
            first.unwrap();
            second.unwrap();
        }
        assert_eq!(offering::Entity::find().all(world.db()).await.unwrap().len(), 2 * RUNS);
    }

    async fn organizations_and_projects_of_one_name_made_at_once_get_different_addresses(world: World) {
        let staff = world.staff().await;
        let buyer = world.buyer().await;
        let (one, two) = processes(&world);
        let (one, two) = (one.domain().structure(), two.domain().structure());
        for run in 0..RUNS {
            let new = domain::structure::NewOrganization { name: format!("Twin {run}"), ..Default::default() };
            let (first, second) = tokio::join!(
                one.create_organization(&staff, new.clone()),
                two.create_organization(&staff, new.clone()),
            );
            first.unwrap();
            second.unwrap();
            let new = domain::structure::NewProject {
                organization_id: buyer.id, name: format!("Twin {run}"), slug: None, description: String::new(),
                start_date: None, end_date: None, approval_limit: None,
            };
            let (first, second) = tokio::join!(
                one.create_project(&buyer.owner, new.clone()),
                two.create_project(&buyer.owner, new.clone()),
            );
            first.unwrap();
            second.unwrap();
        }
    }

    async fn a_role_given_twice_at_once_is_given_once(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let (one, two) = processes(&world);
        let (one, two) = (one.domain().access(), two.domain().access());
        for _ in 0..RUNS {
            let somebody = world.stranger().await;
            let grant = domain::access::NewGrant {
                user: somebody.user_id,
                role: Role::ProjectMember,
                scope: Scope::Project(project.id),
                expires_at: None,
                reason: String::new(),
            };
            let (first, second) = tokio::join!(one.grant(&buyer.owner, grant.clone()), two.grant(&buyer.owner, grant));
            let refused = match (first, second) {
                (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused,
                other => panic!("{other:?}"),
            };
            assert!(matches!(refused, domain::access::AccessError::AlreadyGranted), "{refused:?}");
        }
    }

    async fn accounts_of_one_address_made_at_once_are_one_and_a_fault(world: World) {
        let (one, two) = processes(&world);
        let (one, two) = (one.accounts(), two.accounts());
        // Hashing takes its time, so fewer runs.
        for run in 0..8 {
            let new = |name: &str| domain::access::accounts::NewUser {
                email: format!("twin{run}@example.org"),
                name: "Twin".into(),
                username: format!("{name}{run}"),
                password: "correct horse battery staple".into(),
            };
            let (first, second) = tokio::join!(one.create_user(new("ann")), two.create_user(new("ben")));
            let refused = match (first, second) {
                (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused.problem(),
                other => panic!("{other:?}"),
            };
            assert_eq!((refused.kind, refused.fields[0].path.as_str()), (Kind::Invalid, "email"));
        }
    }

    async fn whoever_leaves_is_gone_whatever_the_sync_does_at_that_moment(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let (one, two) = processes(&world);
        let (access, backend) = (one.domain().access(), two);
        let mut told: Vec<String> = Vec::new();
        for _ in 0..RUNS {
            let somebody = world.member(&scene.project).await;
            let held = access.members(&scene.owner, Scope::Project(scene.project.id)).await.unwrap();
            let grant = held.iter().find(|member| member.user_id == somebody.user_id).unwrap().grant_id;
            // A sync waits already; the worker takes it while the member is taken away.
            let (gone, _) = tokio::join!(access.revoke(&scene.owner, grant, "left"), sync_one(&backend, &mut told));
            gone.unwrap();
            while sync_one(&backend, &mut told).await {}
            let wanted = world.operations().provisioning().work_of(resource).await.unwrap().unwrap();
            assert_eq!(told, wanted.members, "the backend was told last what holds");
            world.clock().advance(chrono::TimeDelta::seconds(1));
        }
    }

    async fn an_order_that_failed_and_was_tried_again_before_its_job_ended_has_another(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.place(&scene.owner).await;
        let (jobs, ordering) = (world.operations().jobs(), world.operations().ordering());
        let running = jobs.lease("w", &["provision_order"], std::time::Duration::from_mins(1), domain::jobs::Limits::default()).await.unwrap().unwrap();
        ordering.fail(id, "No nodes.").await.unwrap();
        world.domain().ordering().retry(&scene.owner, id).await.unwrap();
        jobs.done(running.id, "w").await.unwrap();
        let waiting = world.pending_jobs().await;
        assert_eq!(waiting.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), ["provision_order"]);
        scene.finish_jobs().await;
        assert_eq!(scene.state(id).await, OrderState::Done);
    }

    async fn an_order_without_a_job_is_found_and_one_that_waits_for_a_person_is_left(world: World) {
        let scene = Scene::of(&world).await;
        let (lost, by_hand) = (scene.place(&scene.owner).await, scene.place(&scene.owner).await);
        let ordering = world.operations().ordering();
        ordering.wait_for_provider(by_hand, "Somebody racks it").await.unwrap();
        job::Entity::delete_many().exec(world.db()).await.unwrap();
        assert_eq!(ordering.requeue_lost().await.unwrap(), 1);
        assert_eq!(ordering.requeue_lost().await.unwrap(), 0, "once");
        let made = world.pending_jobs().await.remove(0);
        assert_eq!((made.state, made.subject), (JobState::Queued, format!("order {lost}")));
        scene.finish_jobs().await;
        assert_eq!(scene.state(lost).await, OrderState::Done);
    }

    async fn a_termination_that_fails_leaves_the_resource_as_it_was(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let ordering = world.domain().ordering();
        let end = ordering.place_terminate(&scene.owner, resource, "", None).await.unwrap();
        world.operations().ordering().fail(end, "There are snapshots.").await.unwrap();
        scene.finish_jobs().await;
        let row = scene.resource_row(resource).await;
        assert_eq!((row.state, row.error.as_str()), (ResourceState::Ok, "There are snapshots."));
        assert_eq!(scene.state(end).await, OrderState::Erred);
        assert_eq!(scene.intervals(resource).await[0].ends_at, None, "it is used, and billed, as before");
        ordering.cancel(&scene.owner, end, "").await.unwrap();
        let row = scene.resource_row(resource).await;
        assert_eq!((row.state, row.error.as_str()), (ResourceState::Ok, ""), "given up, nothing is left of it");
        ordering.place_change_limits(&scene.owner, more_cpu(resource, 5), None).await.unwrap();
        scene.finish_jobs().await;
        assert_eq!(scene.resource_row(resource).await.limits_held().unwrap()["cpu"], Fixed::from(5));
    }

    async fn what_an_earlier_version_left_failed_because_it_could_not_be_ended_is_found_running(world: World) {
        let scene = Scene::of(&world).await;
        let resource = scene.resource().await;
        let ordering = world.domain().ordering();
        let end = ordering.place_terminate(&scene.owner, resource, "", None).await.unwrap();
        world.operations().ordering().fail(end, "There are snapshots.").await.unwrap();
        scene.finish_jobs().await;
        // As that version wrote it down.
        let mut row = scene.resource_row(resource).await.into_active_model();
        row.state = Set(ResourceState::Erred);
        row.update(world.db()).await.unwrap();
        let provisioning = world.operations().provisioning();
        assert_eq!(provisioning.recover_refused_terminations().await.unwrap(), 1);
        assert_eq!(provisioning.recover_refused_terminations().await.unwrap(), 0, "once");
        let row = scene.resource_row(resource).await;
        assert_eq!((row.state, row.error.as_str()), (ResourceState::Ok, "There are snapshots."));
        ordering.retry(&scene.owner, end).await.unwrap();
        scene.finish_jobs().await;
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Terminated);
        // What was never made is not found running.
        let (_, other) = failed(&scene).await;
        assert_eq!(provisioning.recover_refused_terminations().await.unwrap(), 0);
        assert_eq!(scene.resource_row(other).await.state, ResourceState::Erred);
    }

    async fn a_failed_creation_that_cannot_be_ended_stays_failed(world: World) {
        let scene = Scene::of(&world).await;
        let (_, resource) = failed(&scene).await;
        let ordering = world.domain().ordering();
        let end = ordering.place_terminate(&scene.owner, resource, "", None).await.unwrap();
        world.operations().ordering().fail(end, "No answer.").await.unwrap();
        scene.finish_jobs().await;
        assert_eq!(scene.resource_row(resource).await.state, ResourceState::Erred);
    }
}

/// Does one sync of members as a worker does: takes the job, reads who works there, tells the backend. False where none waits.
async fn sync_one(process: &Operations, told: &mut Vec<String>) -> bool {
    use domain::jobs::kinds::SyncMembers;
    let minute = std::time::Duration::from_mins(1);
    let jobs = process.jobs();
    let leased = jobs
        .lease("w", &["sync_members"], minute, domain::jobs::Limits::default())
        .await
        .unwrap();
    let Some(leased) = leased else { return false };
    let resource = leased.read::<SyncMembers>().unwrap().resource_id;
    if let Some(work) = process.provisioning().work_of(resource).await.unwrap() {
        *told = work.members;
    }
    jobs.done_without_trace(&leased, "w").await.unwrap();
    true
}
