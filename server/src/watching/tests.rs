//! Looks are made by hand here, so that nothing depends on when they come.

use std::sync::atomic::{AtomicUsize, Ordering};

use domain::{Actor, Clock, access::accounts::StoredSession};
use futures::FutureExt;
use testkit::{World, both_engines};

use super::*;

const DAY: TimeDelta = TimeDelta::days(1);

/// Who looks, as the task of a process does.
struct Lookout {
    watching: Watching,
    tell: watch::Sender<Arc<Seen>>,
    operations: Operations,
    statements: Arc<AtomicUsize>,
}

impl Lookout {
    fn over(world: &World) -> Self {
        let (watching, tell) = Watching::new(CancellationToken::new());
        let mut db = world.db().clone();
        let statements = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&statements);
        db.set_metric_callback(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        });
        let cipher = domain::Cipher::new("the secret of a test");
        let operations = Operations::new(db, Arc::new(world.clock().clone()), cipher);
        Self {
            watching,
            tell,
            operations,
            statements,
        }
    }

    /// Looks, and answers how many statements that took.
    async fn look(&self) -> usize {
        let before = self.statements.load(Ordering::SeqCst);
        let seen = self.watching.look(&self.operations, DAY).await.unwrap();
        self.tell.send_replace(Arc::new(seen));
        self.statements.load(Ordering::SeqCst) - before
    }

    async fn sight(&self, id: OrderId) -> Sight {
        let (state, progress) = self
            .operations
            .ordering()
            .progress_of_all(&[id])
            .await
            .unwrap()
            .remove(&id)
            .unwrap();
        Sight::of_order(state, progress)
    }
}

async fn session(world: &World, of: &Actor, id: &str) -> OwnSession {
    let session = StoredSession {
        id: id.to_owned(),
        user_id: Some(of.user_id),
        data: Vec::new(),
        expires_at: world.clock().now().timestamp() + 3_600,
    };
    assert!(world.domain().accounts().session_create(session).await.unwrap());
    (id.into(), of.user_id)
}

/// Whether it has been woken.
fn woken(watched: &mut Watched, told: &Sight) -> bool {
    watched.changed(told).now_or_never().is_some()
}

/// An order that waits for the owner's approval, its member, and the owner.
async fn waiting(world: &World) -> (OrderId, Actor, Actor) {
    let (provider, buyer) = (world.provider().await, world.buyer().await);
    let (offering, project) = (world.offering(&provider).await, world.project(&buyer).await);
    let member = world.member(&project).await;
    let order = world.order(&member, &project, &offering).await;
    (order, member, buyer.owner)
}

both_engines! {
    async fn one_look_serves_all_who_watch(world: World) {
        let lookout = Lookout::over(&world);
        let (order, member, owner) = waiting(&world).await;
        let mut open = vec![lookout.watching.watch(Thing::Order(order), session(&world, &member, "one").await)];
        let of_one = lookout.look().await;
        assert_eq!(of_one, 4);
        let (other, ..) = waiting(&world).await;
        for number in 0..20 {
            let own = session(&world, &owner, &number.to_string()).await;
            open.push(lookout.watching.watch(Thing::Order(if number % 2 == 0 { order } else { other }), own));
        }
        assert_eq!(lookout.look().await, of_one);
        let told = lookout.sight(order).await;
        assert!(open.iter_mut().all(|one| woken(one, &told)), "rights are looked at first");
        drop(open);
        assert!(lookout.watching.things.is_empty() && lookout.watching.sessions.is_empty(), "nothing is looked for any more");
    }

    async fn a_watcher_is_woken_by_a_change_of_the_thing_of_the_rights_and_of_the_session_and_by_nothing_else(world: World) {
        let lookout = Lookout::over(&world);
        let (order, member, owner) = waiting(&world).await;
        let own = session(&world, &member, "own").await;
        let mut watched = lookout.watching.watch(Thing::Order(order), own.clone());
        let mut told = lookout.sight(order).await;
        assert!(!woken(&mut watched, &told), "nobody has looked yet");
        lookout.look().await;
        assert!(woken(&mut watched, &told), "the rights are new to it");
        lookout.look().await;
        assert!(!woken(&mut watched, &told), "nothing has changed");

        world.domain().ordering().approve(&owner, order, "").await.unwrap();
        lookout.look().await;
        assert!(woken(&mut watched, &told), "another state");
        told = lookout.sight(order).await;
        let progress = Progress { done: 1, total: 3, message: "Working".into() };
        world.operations().ordering().progress(order, progress).await.unwrap();
        lookout.look().await;
        assert!(woken(&mut watched, &told), "further");
        told = lookout.sight(order).await;
        assert_eq!(told.percent, Some(33));
        lookout.look().await;
        assert!(!woken(&mut watched, &told), "all is told");

        let grants = lookout.operations.accounts().grants_in_sessions(std::slice::from_ref(&own), DAY).await.unwrap();
        for grant in &grants[&own.0] {
            world.domain().access().revoke(&world.staff().await, *grant, "over").await.unwrap();
        }
        lookout.look().await;
        assert!(woken(&mut watched, &told), "the role is gone");
        lookout.look().await;
        assert!(!woken(&mut watched, &told));
        world.domain().accounts().session_delete(&own.0).await.unwrap();
        lookout.look().await;
        assert!(woken(&mut watched, &told), "signed out");
        world.leaves_jobs();
    }

    async fn a_session_that_has_run_out_or_is_anothers_lets_nobody_do_anything(world: World) {
        let accounts = world.operations().accounts();
        let (one, other) = (world.stranger().await, world.stranger().await);
        let (own, id): (_, Arc<str>) = (session(&world, &one, "own").await, "own".into());
        let live = async |of: OwnSession| accounts.grants_in_sessions(&[of], DAY).await.unwrap().contains_key(&id);
        assert!(live(own.clone()).await);
        assert!(!live((Arc::clone(&id), other.user_id)).await);
        assert!(accounts.grants_in_sessions(std::slice::from_ref(&own), TimeDelta::zero()).await.unwrap().is_empty(), "begun too long ago");
        world.clock().advance(TimeDelta::seconds(3_600));
        assert!(!live(own).await, "run out");
    }
}

#[tokio::test]
async fn who_watches_is_let_go_when_the_process_stops() {
    let stop = CancellationToken::new();
    let (watching, _tell) = Watching::new(stop.clone());
    let user = "00000000-0000-7000-8000-000000000001".parse().unwrap();
    let order = "00000000-0000-7000-8000-000000000002".parse().unwrap();
    let mut watched = watching.watch(Thing::Order(order), ("own".into(), user));
    stop.cancel();
    assert_eq!(watched.changed(&Sight::default()).await, None);
}
