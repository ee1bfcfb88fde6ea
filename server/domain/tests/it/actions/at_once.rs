//! What two ask for, or do with an action, at the same moment: by two processes, many times on each engine. Whatever their
//! order, both are answered as if one had come first.

use domain::actions::{ActionEnd, ActionError};
use domain::{DomainError, Operations};
use model::{ActionId, ActionState, Fixed, Kind, LimitsDraft, ResourceState};
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::{Scene, code};

/// How often each pair is raced.
const RUNS: usize = 60;

fn processes(world: &World) -> (Operations, Operations) {
    (world.second_process(), world.second_process())
}

/// The one that was done; the other was told that it is not possible now.
fn winner<T: std::fmt::Debug + Copy>(answers: [Result<T, ActionError>; 2]) -> T {
    let told = format!("{answers:?}");
    let mut done = Vec::new();
    for answer in answers {
        match answer {
            Ok(one) => done.push(one),
            refused => assert_eq!(code(refused), "action_not_possible", "{told}"),
        }
    }
    assert_eq!(done.len(), 1, "{told}");
    done[0]
}

both_engines! {
    async fn of_two_who_ask_at_once_one_is_told_to_wait(world: World) {
        let scene = Scene::of(&world).await;
        let (one, two) = processes(&world);
        for _ in 0..RUNS {
            let (first, second) = tokio::join!(
                scene.ask_in(&one, &scene.owner, ("restart", json!({}), None)),
                scene.ask_in(&two, &scene.member, ("stop", json!({}), None)),
            );
            let id = winner([first, second]);
            scene.complete(id).await;
        }
        assert_eq!(scene.jobs().await.len(), RUNS, "one for each that was taken");
    }

    async fn of_two_who_ask_for_the_last_place_one_gets_it(world: World) {
        let scene = Scene::of(&world).await;
        let (one, two) = processes(&world);
        for _ in 0..19 {
            scene.note("x").await;
        }
        let note = || ("note", json!({ "text": "x" }), None);
        for _ in 0..RUNS {
            let (first, second) = tokio::join!(
                scene.ask_in(&one, &scene.owner, note()),
                scene.ask_in(&two, &scene.member, note()),
            );
            scene.fail(winner([first, second]), "over").await;
        }
    }

    async fn one_wish_that_comes_twice_at_once_is_one(world: World) {
        let scene = Scene::of(&world).await;
        let (one, two) = processes(&world);
        for run in 0..RUNS {
            let key = format!("run {run}");
            let wish = || ("restart", json!({}), Some(key.as_str()));
            let (first, second) = tokio::join!(
                scene.ask_in(&one, &scene.owner, wish()),
                scene.ask_in(&two, &scene.owner, wish()),
            );
            let (first, second) = (first.unwrap(), second.unwrap());
            assert_eq!(first, second);
            scene.complete(first).await;
        }
        assert_eq!(scene.jobs().await.len(), RUNS);
    }

    async fn an_action_meets_an_order_of_its_resource(world: World) {
        let scene = Scene::of(&world).await;
        let (one, two) = processes(&world);
        for run in 0..RUNS {
            let limits = [("cpu".to_owned(), Fixed::from(u32::try_from(run % 2 + 4).unwrap()))].into();
            let change = LimitsDraft { resource_id: scene.resource, limits };
            let ordering = two.domain().ordering();
            let (asked, ordered) = tokio::join!(
                scene.ask_in(&one, &scene.member, ("restart", json!({}), None)),
                ordering.place_change_limits(&scene.owner, change, None),
            );
            ordered.map_err(|refused| DomainError::from(refused).problem()).unwrap();
            match asked {
                Ok(id) => {
                    assert!(scene.begin(id).await.is_none(), "it is being changed");
                    let (state, words) = scene.end_of(id).await;
                    assert_eq!(state, ActionState::Failed);
                    assert!(words.contains("updating") && words.contains("nothing was done"), "{words}");
                }
                refused => assert_eq!(code(refused), "action_not_possible"),
            }
            world.run_jobs().await;
            assert_eq!(scene.resource_row().await.state, ResourceState::Ok);
        }
    }

    async fn what_is_taken_back_while_it_is_begun_is_one_of_both(world: World) {
        let scene = Scene::of(&world).await;
        let (one, two) = processes(&world);
        for _ in 0..RUNS {
            let id = scene.ask(&scene.member, "restart", json!({})).await.unwrap();
            let (actions, worker) = (one.domain().actions(), two.actions());
            let (taken_back, begun) = tokio::join!(actions.withdraw(&scene.member, id), worker.begin(id));
            match (taken_back, begun.unwrap()) {
                (Ok(()), None) => assert_eq!(scene.row(id).await.state, ActionState::Withdrawn),
                (Err(ActionError::Over), Some(_)) => {
                    assert_eq!(scene.row(id).await.state, ActionState::Running);
                    scene.complete(id).await;
                }
                (taken_back, begun) => panic!("{taken_back:?} {}", begun.is_some()),
            }
        }
    }

    async fn an_end_that_is_told_by_two_is_told_once(world: World) {
        let scene = Scene::by_hand(&world).await;
        let (one, two) = processes(&world);
        let manager = &scene.provider.manager;
        for _ in 0..RUNS {
            let id = scene.ask(&scene.member, "resize", json!({ "size": 7 })).await.unwrap();
            let (first, second) = (one.domain().actions(), two.domain().actions());
            let (done, refused) = tokio::join!(first.finish(manager, id, ("", &[])), second.refuse(manager, id, "no"));
            assert!(done.is_ok() != refused.is_ok(), "{done:?} {refused:?}");
            let lost = done.and(refused).unwrap_err();
            assert!(matches!(lost, ActionError::Over), "{lost:?}");
            let expected = scene.told().await.len();
            told_once(&scene, (&one, &two), id).await;
            assert_eq!(scene.told().await.len(), expected, "nothing is told of an end twice");
        }
        assert_eq!(scene.told().await.len(), 2 * RUNS);
    }
}

/// Workers that come late change nothing, whatever they say.
async fn told_once(scene: &Scene<'_>, (one, two): (&Operations, &Operations), id: ActionId) {
    let before = scene.row(id).await;
    let (first, second) = (one.actions(), two.actions());
    let (done, failed) = tokio::join!(first.complete(id, ActionEnd::default()), second.fail(id, "late"));
    done.and(failed).unwrap();
    assert_eq!(scene.row(id).await, before);
    assert_eq!(
        first.end_lost().await.map_err(|refused| refused.kind()),
        Ok::<_, Kind>(0)
    );
}
