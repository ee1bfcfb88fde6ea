//! What happens at the same moment. Each pair is raced [`RUNS`] times on each engine, by two processes: whatever their order,
//! both are answered as if one had come first, and nothing of the database shows.

use domain::ordering::OrderingError;
use domain::{DomainError, Operations};
use entity::{audit_event, job, offering, plan, resource};
use model::{Fixed, JobState, Kind, OrderId, OrderState, Progress, ResourceId, ResourceState};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use testkit::{World, both_engines};

use super::scene::{Scene, more_cpu, ready};

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

both_engines! {
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
        let (shop, buying) = (one.domain().catalogue(), two.domain().ordering());
        // Another plan stays on sale, so that the offering does.
        let spare = plan::Entity::find_by_id(scene.offering.plan).one(world.db()).await.unwrap().unwrap();
        let mut copy = spare.clone().into_active_model().reset_all();
        copy.id = Set(model::PlanId(uuid::Uuid::from_u128(7)));
        copy.name = Set("Spare".into());
        copy.insert(world.db()).await.unwrap();
        let mut placed = 0;
        for run in 0..RUNS {
            let draft = scene.draft();
            let (archived, order) = tokio::join!(
                async {
                    // So that both come first now and then.
                    for _ in 0..run % 8 { tokio::task::yield_now().await; }
                    shop.archive_plan(&scene.provider.manager, scene.offering.id, scene.offering.plan).await
                },
                buying.place_create(&scene.owner, draft, None),
            );
            archived.unwrap();
            if let Ok(order) = order {
                placed += 1;
                let archived = sequence_of(&world, "plan.archived", scene.offering.id.0).await;
                assert!(sequence_of(&world, "order.placed", order.0).await < archived, "ordered after the plan was archived");
            }
            let mut row = spare.clone().into_active_model();
            row.archived = Set(false);
            row.update(world.db()).await.unwrap();
            scene.finish_jobs().await;
        }
        assert!(placed <= RUNS, "{placed} of {RUNS} orders came first");
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
                role: model::Role::ProjectMember,
                scope: model::Scope::Project(project.id),
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
            let held = access.members(&scene.owner, model::Scope::Project(scene.project.id)).await.unwrap();
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
