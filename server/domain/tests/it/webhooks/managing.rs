//! Who may make webhooks, and of what they may be made.

use chrono::TimeDelta;
use domain::webhooks::WebhookError;
use model::{EventKind, Kind, Role, Scope, TokenScope};
use testkit::{World, both_engines};

use super::{ADDRESS, made, told_at};

both_engines! {
    async fn who_looks_after_a_place_manages_its_webhooks_and_nobody_else_sees_them(world: World) {
        let (buyer, provider) = (world.buyer().await, world.provider().await);
        let project = world.project(&buyer).await;
        let webhooks = world.domain().webhooks();
        let scope = Scope::Organization(buyer.id);
        let webhook = made(&world, &buyer.owner, scope, &[]).await;
        assert_eq!(webhooks.webhooks(&buyer.owner, scope).await.unwrap(), std::slice::from_ref(&webhook));
        made(&world, &buyer.owner, Scope::Project(project.id), &[]).await;
        made(&world, &provider.manager, Scope::Provider(provider.id), &[]).await;
        let staff = world.staff().await;
        made(&world, &staff, Scope::System, &[]).await;
        let member = world.member(&project).await;
        let accountant = world.accountant(&buyer).await;
        let support = world.person(Role::Support, Scope::System).await;
        for (who, expected) in [(&member, Kind::NotFound), (&accountant, Kind::Forbidden), (&support, Kind::Forbidden), (&provider.manager, Kind::NotFound)] {
            let refused = webhooks.webhooks(who, scope).await.unwrap_err();
            assert_eq!(refused.kind(), expected, "{} lists", who.name);
            let refused = webhooks.webhook(who, webhook.id).await.unwrap_err();
            assert_eq!(refused.kind(), expected, "{} reads", who.name);
            webhooks.secret(who, webhook.id).await.unwrap_err();
            webhooks.remove(who, webhook.id).await.unwrap_err();
            webhooks.create(who, scope, told_at(ADDRESS, &[])).await.unwrap_err();
        }
        let refused = webhooks.create(&buyer.owner, Scope::System, told_at(ADDRESS, &[])).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::NotFound);
    }

    async fn who_sells_for_an_organization_hears_nothing_of_what_it_buys(world: World) {
        let provider = world.provider().await;
        let webhooks = world.domain().webhooks();
        let (buying, selling) = (Scope::Organization(provider.id), Scope::Provider(provider.id));
        let owner = world.person(Role::OrganizationOwner, buying).await;
        let webhook = made(&world, &owner, buying, &[]).await;
        let manager = &provider.manager;
        webhooks.create(manager, buying, told_at(ADDRESS, &[])).await.unwrap_err();
        webhooks.secret(manager, webhook.id).await.unwrap_err();
        assert_eq!(webhooks.webhook(manager, webhook.id).await.unwrap_err().kind(), Kind::NotFound);
        let own = made(&world, manager, selling, &[]).await;
        webhooks.rotate_secret(&owner, webhook.id, TimeDelta::zero()).await.unwrap();
        let told = super::tell_all(&world, own.id).await;
        assert_eq!(told, ["webhook.created"], "the webhook of the buying side is none of its business");
        let mut reader = owner.clone();
        reader.token_scopes = Some(vec![TokenScope::Operate]);
        let refused = webhooks.webhooks(&reader, buying).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Forbidden, "what happens is read by it: a token needs both");
    }

    async fn an_address_that_may_not_be_asked_is_refused_when_it_is_typed(world: World) {
        let buyer = world.buyer().await;
        let webhooks = world.domain().webhooks();
        let scope = Scope::Organization(buyer.id);
        for address in ["", "http://hooks.example.org", "ftp://x", &format!("https://{}", "a".repeat(2_000))] {
            let refused = webhooks.create(&buyer.owner, scope, told_at(address, &[])).await.unwrap_err();
            let WebhookError::Invalid(faults) = refused else { panic!("{refused:?}") };
            assert_eq!(faults[0].path, "url", "{faults:?}");
        }
        let mut draft = told_at(ADDRESS, &[]);
        draft.description = "x".repeat(201);
        webhooks.create(&buyer.owner, scope, draft).await.unwrap_err();
        let kinds = [EventKind::OrderPlaced, EventKind::OrderPlaced];
        let webhook = webhooks.create(&buyer.owner, scope, told_at(ADDRESS, &kinds)).await.unwrap();
        assert_eq!(webhook.kinds, [EventKind::OrderPlaced]);
        let refused = webhooks.rotate_secret(&buyer.owner, webhook.id, TimeDelta::hours(169)).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Invalid);
    }

    async fn a_place_has_twenty_at_most(world: World) {
        let (buyer, other) = (world.buyer().await, world.buyer().await);
        let webhooks = world.domain().webhooks();
        let scope = Scope::Organization(buyer.id);
        for _ in 0..20 {
            made(&world, &buyer.owner, scope, &[]).await;
        }
        let refused = webhooks.create(&buyer.owner, scope, told_at(ADDRESS, &[])).await.unwrap_err();
        assert_eq!(refused.problem().code, "too_many_webhooks");
        made(&world, &other.owner, Scope::Organization(other.id), &[]).await;
        let first = webhooks.webhooks(&buyer.owner, scope).await.unwrap()[0].id;
        webhooks.remove(&buyer.owner, first).await.unwrap();
        made(&world, &buyer.owner, scope, &[]).await;
    }

    async fn of_two_who_change_one_the_second_is_told(world: World) {
        let buyer = world.buyer().await;
        let webhooks = world.domain().webhooks();
        let webhook = made(&world, &buyer.owner, Scope::Organization(buyer.id), &[]).await;
        let draft = told_at("https://other.example.org/", &[EventKind::OrderPlaced]);
        let changed = webhooks.change(&buyer.owner, webhook.id, draft.clone(), webhook.revision).await.unwrap();
        assert_eq!((changed.url.as_str(), changed.revision), ("https://other.example.org/", webhook.revision + 1));
        let refused = webhooks.change(&buyer.owner, webhook.id, draft, webhook.revision).await.unwrap_err();
        assert_eq!(refused.problem().code, "changed_meanwhile");
    }
}
