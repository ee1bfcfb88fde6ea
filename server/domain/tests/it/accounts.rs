//! People: signing in, passwords, tokens, sessions.

use chrono::TimeDelta;
use domain::access::AccountsError;
use domain::access::accounts::{NewUser, StoredSession};
use domain::{Clock, Target};
use model::{Kind, PageRequest, Permission, Role, Scope, TokenScope, UserId};
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
    async fn the_right_password_signs_in_whatever_the_case_of_the_address(world: World) {
        let id = create_ada(&world).await;
        let accounts = world.domain().accounts();
        assert_eq!(accounts.authenticate(" ADA@example.org", PASSWORD, "192.0.2.1").await.unwrap(), id);
    }

    async fn an_unknown_person_and_a_wrong_password_get_the_same_answer(world: World) {
        create_ada(&world).await;
        let accounts = world.domain().accounts();
        let wrong = accounts.authenticate("ada@example.org", "not this one", "").await.unwrap_err();
        let unknown = accounts.authenticate("nobody@example.org", "not this one", "").await.unwrap_err();
        let nul = accounts.authenticate("a\0da@example.org", "not this one", "").await.unwrap_err();
        assert_eq!(wrong.problem(), unknown.problem());
        assert_eq!(wrong.problem(), nul.problem());
        assert_eq!(wrong.kind(), Kind::Unauthenticated);
    }

    async fn waits_grow_after_failures_and_end(world: World) {
        create_ada(&world).await;
        let accounts = world.domain().accounts();
        for _ in 0..6 {
            let refused = accounts.authenticate("ada@example.org", "wrong password", "").await.unwrap_err();
            assert!(matches!(refused, AccountsError::Rejected), "{refused:?}");
        }
        let blocked = accounts.authenticate("ada@example.org", PASSWORD, "").await.unwrap_err();
        assert!(matches!(blocked, AccountsError::Throttled { .. }), "even the right password waits: {blocked:?}");
        world.clock().advance(TimeDelta::seconds(2));
        accounts.authenticate("ada@example.org", PASSWORD, "").await.unwrap();
        let refused = accounts.authenticate("ada@example.org", "wrong password", "").await.unwrap_err();
        assert!(matches!(refused, AccountsError::Rejected), "counting starts again: {refused:?}");
    }

    async fn people_who_do_not_exist_are_throttled_alike(world: World) {
        let accounts = world.domain().accounts();
        for _ in 0..6 {
            accounts.authenticate("nobody@example.org", "wrong password", "").await.unwrap_err();
        }
        let blocked = accounts.authenticate("nobody@example.org", "wrong password", "").await.unwrap_err();
        assert_eq!(blocked.kind(), Kind::Throttled);
    }

    async fn many_accounts_tried_from_one_address_are_throttled_by_the_address(world: World) {
        let accounts = world.domain().accounts();
        for number in 0..31 {
            let email = format!("guess{number}@example.org");
            let refused = accounts.authenticate(&email, "password123", "198.51.100.7").await.unwrap_err();
            assert!(matches!(refused, AccountsError::Rejected), "{number}: {refused:?}");
        }
        let blocked = accounts.authenticate("other@example.org", "password123", "198.51.100.7").await.unwrap_err();
        assert_eq!(blocked.kind(), Kind::Throttled);
        let elsewhere = accounts.authenticate("other@example.org", "password123", "203.0.113.9").await.unwrap_err();
        assert_eq!(elsewhere.kind(), Kind::Unauthenticated);
    }

    async fn tries_that_are_sent_at_once_do_not_slip_past_the_count(world: World) {
        create_ada(&world).await;
        let accounts = world.domain().accounts();
        let tries = (0..12).map(|_| {
            let accounts = accounts.clone();
            async move { accounts.authenticate("ada@example.org", "wrong password", "").await }
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
        accounts.change_password(&actor, PASSWORD, "another long one").await.unwrap();
        assert_ne!(before, accounts.password_hash_of(id).await.unwrap(), "sessions carry the old hash");
        assert!(accounts.authenticate("ada@example.org", PASSWORD, "").await.is_err());
        accounts.authenticate("ada@example.org", "another long one", "").await.unwrap();
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
            accounts.create_token(&buyer.owner, "ci", &[TokenScope::Read, TokenScope::Read], end).await.unwrap();
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
        let owner = world.buyer().await.owner;
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
        let owner = world.buyer().await.owner;
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
        let owner = world.buyer().await.owner;
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
        let owner = world.buyer().await.owner;
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
        assert_eq!(accounts.session_load("abc").await.unwrap().unwrap().data, [9]);
        world.clock().advance(TimeDelta::seconds(60));
        assert!(accounts.session_load("abc").await.unwrap().is_none());
        assert_eq!(world.operations().accounts().sessions_expire().await.unwrap(), 1);
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
