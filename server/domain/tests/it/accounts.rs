//! People: signing in, passwords, tokens, sessions.

use chrono::TimeDelta;
use domain::access::AccountsError;
use domain::access::accounts::{NewUser, Origin, StoredSession};
use domain::{Actor, Clock, Target};
use model::{Kind, PageRequest, Permission, Role, Scope, TokenScope, UserId};
use sea_orm::EntityTrait;
use testkit::{World, both_engines};

const PASSWORD: &str = "correct horse battery";

fn ada() -> NewUser {
    NewUser {
        email: "Ada@Example.org".into(),
        name: "Ada Lovelace".into(),
        username: "ada".into(),
        password: PASSWORD.into(),
    }
}

fn nowhere() -> Origin {
    Origin::default()
}

fn at(address: &str) -> Origin {
    Origin {
        address: address.into(),
        device: String::new(),
    }
}

/// Who has just typed the password.
fn freshly(world: &World, actor: &Actor) -> Actor {
    Actor {
        password_typed_at: Some(world.clock().now()),
        ..actor.clone()
    }
}

async fn create_ada(world: &World) -> UserId {
    world.operations().accounts().create_user(ada()).await.unwrap()
}

fn codes(error: &AccountsError) -> Vec<(String, String)> {
    error
        .problem()
        .fields
        .into_iter()
        .map(|fault| (fault.path, fault.code))
        .collect()
}

both_engines! {
    async fn of_two_tokens_that_are_made_at_once_only_the_fiftieth_is(world: World) {
        let buyer = world.buyer().await;
        let owner = freshly(&world, &buyer.owner);
        let accounts = world.domain().accounts();
        let end = Clock::now(world.clock()) + TimeDelta::days(1);
        for number in 0..49 {
            accounts.create_token(&owner, &format!("ci {number}"), &[TokenScope::Read], end).await.unwrap();
        }
        let make = || accounts.create_token(&owner, "last", &[TokenScope::Read], end);
        let (one, other) = tokio::join!(make(), make());
        assert!(one.is_ok() != other.is_ok(), "{:?} {:?}", one.is_ok(), other.is_ok());
        accounts.revoke_all_tokens(&owner).await.unwrap();
        for _ in 0..3 {
            for number in 0..25 {
                accounts.create_token(&owner, &format!("more {number}"), &[TokenScope::Read], end).await.unwrap();
            }
            accounts.revoke_all_tokens(&owner).await.unwrap();
        }
        let working = accounts.create_token(&owner, "works", &[TokenScope::Read], end).await.unwrap().0;
        let listed = accounts.tokens(&owner).await.unwrap();
        assert_eq!((listed.len(), listed[0].id), (101, working.id), "125 have ended");
    }

    async fn so_much_waits_in_the_sessions_of_one_person_and_of_all_and_not_a_byte_more(world: World) {
        const MEGABYTE: usize = 1024 * 1024;
        let accounts = world.domain().accounts();
        let fill = async |person: &Actor, name: &str, bytes: usize| {
            let session = StoredSession {
                id: format!("{name} of {}", person.user_id),
                user_id: Some(person.user_id),
                data: vec![b'x'; bytes],
                expires_at: world.clock().now().timestamp() + 60,
            };
            assert!(accounts.session_create(session).await.unwrap());
        };
        let (one, other) = (world.stranger().await, world.stranger().await);
        fill(&one, "first", MEGABYTE / 4).await;
        let room = async |of: &Actor, bytes: usize| accounts.have_sessions_room(of, bytes, false).await.unwrap();
        let small = async |of: &Actor, bytes: usize| accounts.have_sessions_room(of, bytes, true).await.unwrap();
        let rest = MEGABYTE / 4 * 3;
        assert_eq!((room(&one, rest).await, room(&one, rest + 1).await), (true, false));
        assert_eq!((small(&one, rest + MEGABYTE).await, small(&one, rest + MEGABYTE + 1).await), (true, false));
        assert!(room(&other, rest + 1).await, "others have their own");
        for _ in 0..63 {
            fill(&world.stranger().await, "all", MEGABYTE).await;
        }
        assert_eq!((room(&other, rest).await, room(&other, rest + 1).await), (true, false));
        world.clock().advance(TimeDelta::seconds(60));
        assert!(room(&other, MEGABYTE).await, "what has expired takes no room");
    }

    async fn the_right_password_signs_in_whatever_the_case_of_the_address(world: World) {
        let id = create_ada(&world).await;
        let accounts = world.domain().accounts();
        assert_eq!(accounts.authenticate(" ADA@example.org", PASSWORD, &at("192.0.2.1")).await.unwrap().user, id);
    }

    async fn an_unknown_person_and_a_wrong_password_get_the_same_answer(world: World) {
        create_ada(&world).await;
        let accounts = world.domain().accounts();
        let wrong = accounts.authenticate("ada@example.org", "not this one", &nowhere()).await.unwrap_err();
        let unknown = accounts.authenticate("nobody@example.org", "not this one", &nowhere()).await.unwrap_err();
        let nul = accounts.authenticate("a\0da@example.org", "not this one", &nowhere()).await.unwrap_err();
        assert_eq!(wrong.problem(), unknown.problem());
        assert_eq!(wrong.problem(), nul.problem());
        assert_eq!(wrong.kind(), Kind::Unauthenticated);
    }

    async fn waits_grow_after_failures_and_end(world: World) {
        create_ada(&world).await;
        let accounts = world.domain().accounts();
        for _ in 0..6 {
            let refused = accounts.authenticate("ada@example.org", "wrong password", &nowhere()).await.unwrap_err();
            assert!(matches!(refused, AccountsError::Rejected), "{refused:?}");
        }
        let blocked = accounts.authenticate("ada@example.org", PASSWORD, &nowhere()).await.unwrap_err();
        assert!(matches!(blocked, AccountsError::Throttled { .. }), "even the right password waits: {blocked:?}");
        world.clock().advance(TimeDelta::seconds(2));
        accounts.authenticate("ada@example.org", PASSWORD, &nowhere()).await.unwrap();
        let refused = accounts.authenticate("ada@example.org", "wrong password", &nowhere()).await.unwrap_err();
        assert!(matches!(refused, AccountsError::Rejected), "counting starts again: {refused:?}");
    }

    async fn people_who_do_not_exist_are_throttled_alike(world: World) {
        let accounts = world.domain().accounts();
        for _ in 0..6 {
            accounts.authenticate("nobody@example.org", "wrong password", &nowhere()).await.unwrap_err();
        }
        let blocked = accounts.authenticate("nobody@example.org", "wrong password", &nowhere()).await.unwrap_err();
        assert_eq!(blocked.kind(), Kind::Throttled);
    }

    async fn many_accounts_tried_from_one_address_are_throttled_by_the_address(world: World) {
        let accounts = world.domain().accounts();
        for number in 0..31 {
            let email = format!("guess{number}@example.org");
            let refused = accounts.authenticate(&email, "password123", &at("198.51.100.7")).await.unwrap_err();
            assert!(matches!(refused, AccountsError::Rejected), "{number}: {refused:?}");
        }
        let blocked = accounts.authenticate("other@example.org", "password123", &at("198.51.100.7")).await.unwrap_err();
        assert_eq!(blocked.kind(), Kind::Throttled);
        let elsewhere = accounts.authenticate("other@example.org", "password123", &at("203.0.113.9")).await.unwrap_err();
        assert_eq!(elsewhere.kind(), Kind::Unauthenticated);
    }

    async fn tries_that_are_sent_at_once_do_not_slip_past_the_count(world: World) {
        create_ada(&world).await;
        let accounts = world.domain().accounts();
        let tries = (0..12).map(|_| {
            let accounts = accounts.clone();
            async move { accounts.authenticate("ada@example.org", "wrong password", &nowhere()).await }
        });
        let mut rejected = 0;
        let mut set = tokio::task::JoinSet::new();
        tries.for_each(|one| drop(set.spawn(one)));
        while let Some(answer) = set.join_next().await {
            rejected += u32::from(matches!(answer.unwrap(), Err(AccountsError::Rejected)));
        }
        assert_eq!(rejected, 6, "five free ones and the one that starts the wait");
    }

    async fn a_new_password_ends_what_the_old_one_opened(world: World) {
        let id = create_ada(&world).await;
        let accounts = world.domain().accounts();
        let actor = world.actor(id).await;
        let before = accounts.password_hash_of(id).await.unwrap();
        accounts.change_password(&actor, PASSWORD, "vihmane teisipäev tuletornis").await.unwrap();
        assert_ne!(before, accounts.password_hash_of(id).await.unwrap(), "sessions carry the old hash");
        assert!(accounts.authenticate("ada@example.org", PASSWORD, &nowhere()).await.is_err());
        accounts.authenticate("ada@example.org", "vihmane teisipäev tuletornis", &nowhere()).await.unwrap();
    }

    async fn faults_of_a_password_change_are_told_all_at_once(world: World) {
        let id = create_ada(&world).await;
        let actor = world.actor(id).await;
        let accounts = world.domain().accounts();
        let refused = accounts.change_password(&actor, "wrong password", "short").await.unwrap_err();
        let expected = [("new_password", "too_short"), ("old_password", "wrong")];
        assert_eq!(codes(&refused), expected.map(|(path, code)| (path.to_owned(), code.to_owned())));
    }

    async fn people_are_found_whatever_the_case_and_accents(world: World) {
        let accounts = world.domain().accounts();
        let staff = world.staff().await;
        let new = NewUser { name: "Ганна Київська".into(), ..ada() };
        let id = world.operations().accounts().create_user(new).await.unwrap();
        let found = async |text: &str| accounts.people(&staff, text, &model::NamedList::default(), &PageRequest::default()).await.unwrap().items.len();
        assert_eq!((found("ГАННА").await, found("київська").await, found("ADA@EXAMPLE").await), (1, 1, 1));
        accounts.set_profile(&world.actor(id).await, "Ülle", "UTC").await.unwrap();
        assert_eq!((found("ГАННА").await, found("ulle").await), (0, 1));
    }

    async fn addresses_and_user_names_are_unique(world: World) {
        create_ada(&world).await;
        let refused = world.operations().accounts().create_user(ada()).await.unwrap_err();
        let expected = [("email", "taken"), ("username", "taken")];
        assert_eq!(codes(&refused), expected.map(|(path, code)| (path.to_owned(), code.to_owned())));
    }

    async fn a_token_acts_within_its_scopes_until_it_ends(world: World) {
        let buyer = world.buyer().await;
        let accounts = world.domain().accounts();
        let end = world.clock().now() + TimeDelta::days(30);
        let (token, secret) =
            accounts.create_token(&freshly(&world, &buyer.owner), "ci", &[TokenScope::Read, TokenScope::Read], end).await.unwrap();
        assert!(secret.starts_with("stoa_") && secret.len() == 69, "{}", secret.len());
        assert!(secret.starts_with(&token.prefix));
        assert_eq!(token.scopes, [TokenScope::Read]);
        let actor = accounts.actor_by_token(&secret).await.unwrap();
        let home = Target::organization(buyer.id);
        assert!(actor.may(Permission::ViewOrganization, &home));
        assert!(!actor.may(Permission::CreateProject, &home));
        let forged = format!("{secret}0");
        assert!(matches!(accounts.actor_by_token(&forged).await, Err(AccountsError::Rejected)));
        world.clock().set("2026-03-13T09:00:00Z");
        assert!(matches!(accounts.actor_by_token(&secret).await, Err(AccountsError::Rejected)), "it has expired");
    }

    async fn a_revoked_token_works_no_more_and_only_its_owner_revokes_it(world: World) {
        let owner = freshly(&world, &world.buyer().await.owner);
        let stranger = world.stranger().await;
        let accounts = world.domain().accounts();
        let end = world.clock().now() + TimeDelta::days(30);
        let (token, secret) = accounts.create_token(&owner, "ci", &[TokenScope::Read], end).await.unwrap();
        assert_eq!(accounts.revoke_token(&stranger, token.id).await.unwrap_err().kind(), Kind::NotFound);
        accounts.revoke_token(&owner, token.id).await.unwrap();
        accounts.revoke_token(&owner, token.id).await.unwrap();
        assert!(matches!(accounts.actor_by_token(&secret).await, Err(AccountsError::Rejected)));
        assert!(accounts.tokens(&owner).await.unwrap()[0].revoked_at.is_some());
    }

    async fn a_token_lives_for_a_year_at_most_and_makes_no_other(world: World) {
        let owner = freshly(&world, &world.buyer().await.owner);
        let accounts = world.domain().accounts();
        let late = world.clock().now() + TimeDelta::days(400);
        let refused = accounts.create_token(&owner, " ", &[], late).await.unwrap_err();
        let expected = [("name", "required"), ("scopes", "required"), ("expires_at", "too_late")];
        assert_eq!(codes(&refused), expected.map(|(path, code)| (path.to_owned(), code.to_owned())));
        let end = world.clock().now() + TimeDelta::days(1);
        let (_, secret) = accounts.create_token(&owner, "ci", TokenScope::ALL, end).await.unwrap();
        let by_token = accounts.actor_by_token(&secret).await.unwrap();
        let refused = accounts.create_token(&by_token, "more", &[TokenScope::Read], end).await.unwrap_err();
        assert!(matches!(refused, AccountsError::BrowserOnly));
    }

    async fn the_last_use_of_a_token_is_written_once_a_minute(world: World) {
        let owner = freshly(&world, &world.buyer().await.owner);
        let accounts = world.domain().accounts();
        let end = world.clock().now() + TimeDelta::days(1);
        let (_, secret) = accounts.create_token(&owner, "ci", &[TokenScope::Read], end).await.unwrap();
        let mut seen = Vec::new();
        for _ in 0..3 {
            accounts.actor_by_token(&secret).await.unwrap();
            seen.push(accounts.tokens(&owner).await.unwrap()[0].last_used_at.unwrap());
            world.clock().advance(TimeDelta::seconds(40));
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[2] - seen[0], TimeDelta::seconds(80));
    }

    async fn sessions_are_kept_until_they_expire(world: World) {
        let owner = freshly(&world, &world.buyer().await.owner);
        let accounts = world.domain().accounts();
        let session = StoredSession {
            id: "abc".into(),
            user_id: Some(owner.user_id),
            data: vec![1, 2, 3],
            expires_at: world.clock().now().timestamp() + 60,
        };
        assert!(accounts.session_create(session.clone()).await.unwrap());
        assert!(!accounts.session_create(session.clone()).await.unwrap(), "ids are not reused");
        accounts.session_save(StoredSession { data: vec![9], ..session.clone() }).await.unwrap();
        let week = TimeDelta::days(7);
        assert_eq!(accounts.session_load("abc", week).await.unwrap().unwrap().data, [9]);
        world.clock().advance(TimeDelta::seconds(60));
        assert!(accounts.session_load("abc", week).await.unwrap().is_none());
        assert_eq!(world.operations().accounts().sessions_expire().await.unwrap(), 1);
    }

    async fn wrong_tries_of_strangers_do_not_keep_a_person_out_of_a_known_browser(world: World) {
        create_ada(&world).await;
        let accounts = world.domain().accounts();
        let known = accounts.authenticate("ada@example.org", PASSWORD, &at("192.0.2.1")).await.unwrap();
        let own = Origin { device: known.device, ..at("198.51.100.7") };
        for _ in 0..7 {
            accounts.authenticate("ada@example.org", "wrong password", &at("198.51.100.7")).await.unwrap_err();
        }
        let stranger = accounts.authenticate("ada@example.org", PASSWORD, &at("198.51.100.7")).await.unwrap_err();
        assert_eq!(stranger.kind(), Kind::Throttled, "who guesses waits");
        accounts.authenticate("ada@example.org", PASSWORD, &own).await.unwrap();
        accounts.authenticate("ada@example.org", PASSWORD, &at("192.0.2.1")).await.unwrap();
        for address in 0..200_u8 {
            let from = at(&format!("203.0.113.{address}"));
            if accounts.authenticate("ada@example.org", "wrong password", &from).await.unwrap_err().kind() == Kind::Throttled {
                break;
            }
        }
        let elsewhere = accounts.authenticate("ada@example.org", PASSWORD, &at("192.0.2.77")).await.unwrap_err();
        assert_eq!(elsewhere.kind(), Kind::Throttled, "guesses from many places are bounded together");
        accounts.authenticate("ada@example.org", PASSWORD, &own).await.unwrap();
    }

    async fn a_known_browser_is_known_for_its_person_only_and_waits_for_its_own_wrong_tries(world: World) {
        create_ada(&world).await;
        let other = NewUser { email: "bob@example.org".into(), username: "bob".into(), ..ada() };
        world.operations().accounts().create_user(other).await.unwrap();
        let accounts = world.domain().accounts();
        let device = accounts.authenticate("ada@example.org", PASSWORD, &nowhere()).await.unwrap().device;
        let own = Origin { device, ..at("192.0.2.1") };
        for _ in 0..6 {
            accounts.authenticate("bob@example.org", "wrong password", &own).await.unwrap_err();
        }
        let bob = accounts.authenticate("bob@example.org", PASSWORD, &at("192.0.2.1")).await.unwrap_err();
        assert_eq!(bob.kind(), Kind::Throttled, "counted where every stranger's tries are");
        for _ in 0..6 {
            accounts.authenticate("ada@example.org", "wrong password", &own).await.unwrap_err();
        }
        let ada = accounts.authenticate("ada@example.org", PASSWORD, &own).await.unwrap_err();
        assert_eq!(ada.kind(), Kind::Throttled, "a stolen browser guesses no faster");
        assert!(ada.problem().retry_after.is_some_and(|seconds| (1..=2).contains(&seconds)));
    }

    async fn a_session_is_stored_under_the_hash_of_its_id_ends_for_good_and_has_a_lifetime(world: World) {
        let owner = world.buyer().await.owner;
        let accounts = world.domain().accounts();
        let session = |data: u8| StoredSession {
            id: "the secret id".into(),
            user_id: Some(owner.user_id),
            data: vec![data],
            expires_at: world.clock().now().timestamp() + 3_600,
        };
        accounts.session_create(session(1)).await.unwrap();
        let rows = entity::session::Entity::find().all(world.db()).await.unwrap();
        assert_eq!(rows[0].id, domain::crypto::sha256_hex(b"the secret id"));
        let (day, mut lives) = (TimeDelta::hours(24), 0);
        while accounts.session_load("the secret id", day).await.unwrap().is_some() {
            world.clock().advance(TimeDelta::minutes(30));
            accounts.session_save(session(2)).await.unwrap();
            lives += 1;
        }
        assert_eq!(lives, 48, "half hours, though it was used in each");
        accounts.session_delete("the secret id").await.unwrap();
        accounts.session_save(session(3)).await.unwrap();
        assert!(accounts.session_load("the secret id", TimeDelta::days(9)).await.unwrap().is_none(), "a late answer does not bring it back");
    }

    async fn a_new_password_ends_the_sessions_and_tokens_can_be_ended_together(world: World) {
        let id = create_ada(&world).await;
        let (accounts, actor) = (world.domain().accounts(), freshly(&world, &world.actor(id).await));
        let session = StoredSession { id: "a".into(), user_id: Some(id), data: vec![], expires_at: i64::MAX };
        accounts.session_create(session).await.unwrap();
        let end = world.clock().now() + TimeDelta::days(1);
        let (_, secret) = accounts.create_token(&actor, "ci", &[TokenScope::Read], end).await.unwrap();
        accounts.change_password(&actor, PASSWORD, "vihmane teisipäev tuletornis").await.unwrap();
        assert!(accounts.session_load("a", TimeDelta::days(9)).await.unwrap().is_none());
        assert!(accounts.has_working_tokens(&actor).await.unwrap(), "the person is shown them");
        accounts.actor_by_token(&secret).await.unwrap();
        assert_eq!(accounts.revoke_all_tokens(&actor).await.unwrap(), 1);
        assert!(accounts.actor_by_token(&secret).await.is_err());
        assert!(!accounts.has_working_tokens(&actor).await.unwrap());
    }

    async fn who_is_deactivated_is_out_at_once_and_comes_back_without_what_was_open(world: World) {
        let (staff, accounts) = (world.staff().await, world.domain().accounts());
        let id = create_ada(&world).await;
        let project = world.project(&world.buyer().await).await;
        let scope = Scope::Project(project.id);
        world.grant(id, Role::ProjectMember, scope).await;
        let session = StoredSession { id: "a".into(), user_id: Some(id), data: vec![], expires_at: i64::MAX };
        accounts.session_create(session).await.unwrap();
        let ada = freshly(&world, &world.actor(id).await);
        let end = world.clock().now() + TimeDelta::days(1);
        let (_, secret) = accounts.create_token(&ada, "ci", &[TokenScope::Read], end).await.unwrap();
        accounts.deactivate(&staff, id, "Left the institute").await.unwrap();
        accounts.deactivate(&staff, id, "Twice is fine").await.unwrap();
        assert!(!accounts.person_of(&staff, id).await.unwrap().is_active);
        assert!(world.domain().access().actor_for(id).await.is_err(), "no request is hers any more");
        let shut = accounts.authenticate("ada@example.org", PASSWORD, &nowhere()).await.unwrap_err();
        assert!(matches!(shut, AccountsError::Rejected), "{shut:?}");
        accounts.reactivate(&staff, id, "").await.unwrap();
        assert!(accounts.session_load("a", TimeDelta::days(9)).await.unwrap().is_none());
        assert!(accounts.actor_by_token(&secret).await.is_err(), "the token has ended for good");
        accounts.authenticate("ada@example.org", PASSWORD, &nowhere()).await.unwrap();
        assert!(world.actor(id).await.may(Permission::ViewProject, &Target::project(project.organization_id, project.id)));
        let verbs: Vec<String> = entity::audit_event::Entity::find().all(world.db()).await.unwrap().into_iter()
            .filter(|event| event.subject_kind == "user" && event.subject_id == id.0).map(|event| event.verb).collect();
        assert_eq!(verbs.iter().filter(|verb| *verb == "user.deactivated").count(), 1, "{verbs:?}");
    }

    async fn only_staff_deactivates_and_never_themselves_or_the_last_who_holds_a_role_for_good(world: World) {
        let (staff, accounts) = (world.staff().await, world.domain().accounts());
        let buyer = world.buyer().await;
        let own = accounts.deactivate(&staff, staff.user_id, "").await.unwrap_err();
        assert!(matches!(own, AccountsError::OwnAccount));
        let alone = accounts.deactivate(&Actor::system(), staff.user_id, "").await.unwrap_err();
        assert_eq!(alone.problem().code, "last_staff");
        let owner = accounts.deactivate(&staff, buyer.owner.user_id, "").await.unwrap_err();
        assert_eq!(owner.problem().code, "last_owner");
        let other = world.person(Role::OrganizationOwner, Scope::Organization(buyer.id)).await;
        let refused = accounts.deactivate(&buyer.owner, other.user_id, "").await.unwrap_err();
        assert!(matches!(refused.kind(), Kind::NotFound | Kind::Forbidden), "{refused:?}");
        accounts.deactivate(&staff, buyer.owner.user_id, "").await.unwrap();
        let left = accounts.deactivate(&staff, other.user_id, "").await.unwrap_err();
        assert_eq!(left.problem().code, "last_owner", "who is deactivated is nobody who stays");
        let nobody = UserId(uuid::Uuid::from_u128(7));
        assert_eq!(accounts.deactivate(&staff, nobody, "").await.unwrap_err().kind(), Kind::NotFound);
    }

    async fn a_token_is_made_only_soon_after_the_password_was_typed(world: World) {
        let id = create_ada(&world).await;
        let accounts = world.domain().accounts();
        let actor = world.actor(id).await;
        let end = world.clock().now() + TimeDelta::days(1);
        let make = async |actor: &Actor| accounts.create_token(actor, "ci", &[TokenScope::Read], end).await;
        assert!(matches!(make(&actor).await, Err(AccountsError::SignInAgain)));
        let fresh = freshly(&world, &actor);
        world.clock().advance(TimeDelta::minutes(14));
        make(&fresh).await.unwrap();
        world.clock().advance(TimeDelta::minutes(1));
        assert!(matches!(make(&fresh).await, Err(AccountsError::SignInAgain)));
        let wrong = accounts.confirm_password(&actor, "not this one").await.unwrap_err();
        assert_eq!(codes(&wrong), [("password".to_owned(), "wrong".to_owned())]);
        accounts.confirm_password(&actor, PASSWORD).await.unwrap();
    }

    async fn what_happens_to_ways_in_is_told_to_the_person_and_to_staff(world: World) {
        let (staff, accounts) = (world.staff().await, world.domain().accounts());
        let id = accounts.register(&staff, ada()).await.unwrap();
        for _ in 0..6 {
            accounts.authenticate("ada@example.org", "wrong password", &at("192.0.2.1")).await.unwrap_err();
        }
        for _ in 0..2 {
            accounts.authenticate("ada@example.org", PASSWORD, &at("192.0.2.1")).await.unwrap_err();
        }
        accounts.authenticate("ada@example.org", PASSWORD, &at("192.0.2.2")).await.unwrap();
        let ada = freshly(&world, &world.actor(id).await);
        let end = world.clock().now() + TimeDelta::days(1);
        let (token, secret) = accounts.create_token(&ada, "ci", &[TokenScope::Read], end).await.unwrap();
        accounts.revoke_token(&ada, token.id).await.unwrap();
        accounts.change_password(&ada, PASSWORD, "vihmane teisipäev tuletornis").await.unwrap();
        accounts.note_sign_out(&ada, &at("192.0.2.2")).await.unwrap();
        let by_token = accounts.note_sign_out(&Actor { token_scopes: Some(Vec::new()), ..ada.clone() }, &nowhere()).await;
        assert!(matches!(by_token, Err(AccountsError::BrowserOnly)), "{by_token:?}");
        let seen = accounts.security_events(&ada).await.unwrap();
        let verbs: Vec<&str> = seen.iter().map(|event| event.verb.trim_start_matches("account.")).collect();
        assert_eq!(verbs, [
            "signed_out", "password_changed", "password_confirmed", "token_revoked", "token_created", "signed_in", "try_refused",
            "sign_in_slowed_down", "sign_in_failed", "sign_in_failed", "sign_in_failed", "sign_in_failed", "sign_in_failed",
        ], "of tries during a wait one is written down");
        for own in [0, 5] {
            assert_eq!((seen[own].by.as_str(), seen[own].note.as_str()), ("Ada Lovelace", "From 192.0.2.2."));
        }
        for foreign in [6, 7] {
            assert_eq!((seen[foreign].by.as_str(), seen[foreign].note.as_str()), ("Somebody who is not signed in", "From 192.0.2.1."));
        }
        let request = PageRequest::first(PageRequest::MOST);
        let log = world.domain().audit().list(&staff, Scope::System, &request).await.unwrap().items;
        assert_eq!(log.iter().filter(|entry| entry.verb.starts_with("account.")).count(), seen.len());
        let made = log.iter().find(|entry| entry.verb == "user.created" && entry.subject.ends_with(&id.to_string())).unwrap();
        assert_eq!(made.by, staff.name, "told as made by who made it");
        let written = serde_json::to_string(&log).unwrap();
        assert!(!written.contains(&secret) && !written.contains(PASSWORD));
        let stranger = world.stranger().await;
        assert!(accounts.security_events(&stranger).await.unwrap().is_empty());
    }

    async fn the_rule_of_passwords_is_one_for_all_who_set_one(world: World) {
        let id = create_ada(&world).await;
        let (accounts, staff) = (world.domain().accounts(), world.staff().await);
        for weak in ["1234567890", "password1234", "adaadaadaada", "Ada Lovelace 2026"] {
            let fault = |error: &AccountsError| codes(error)[0].1.clone();
            let new = NewUser { email: "eve@example.org".into(), username: "eve".into(), password: weak.into(), ..ada() };
            let registered = accounts.register(&staff, new).await.unwrap_err();
            let set = world.operations().accounts().set_password(id, weak).await.unwrap_err();
            let changed = accounts.change_password(&world.actor(id).await, PASSWORD, weak).await.unwrap_err();
            let expected = if weak.len() < 12 { "too_short" } else { "too_simple" };
            assert_eq!([fault(&registered), fault(&set), fault(&changed)], [expected; 3], "{weak}");
        }
        accounts.authenticate("ada@example.org", PASSWORD, &nowhere()).await.unwrap();
    }

    async fn the_frame_of_a_page_knows_the_persons_organizations_and_projects(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let other = world.project(&buyer).await;
        let member = world.member(&project).await;
        let me = world.domain().accounts().me(&member).await.unwrap();
        assert_eq!(me.projects.iter().map(|mine| mine.id).collect::<Vec<_>>(), [project.id]);
        assert_eq!(me.organizations.iter().map(|mine| mine.id).collect::<Vec<_>>(), [buyer.id]);
        assert_eq!(me.projects[0].organization_name, buyer.name);
        let me = world.domain().accounts().me(&buyer.owner).await.unwrap();
        assert_eq!(me.projects.len(), 2, "{}", other.name);
        assert_eq!(me.organizations[0].projects, 2);
        let staff = world.person(Role::Staff, Scope::System).await;
        assert!(world.domain().accounts().me(&staff).await.unwrap().is_staff);
    }
}
