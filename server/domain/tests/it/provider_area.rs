//! What somebody sees of a provider as one of its people, apart from what they see as a buyer.

use domain::Actor;
use domain::ordering::OrderFilter;
use domain::provisioning::ResourceFilter;
use model::{Kind, PageRequest, Role, Scope};
use testkit::{Buyer, Offering, Project, Provider, World, both_engines};

/// Somebody who orders in a project and manages one of the two offerings that the project has resources of.
struct Both<'w> {
    world: &'w World,
    provider: Provider,
    offering: Offering,
    buyer: Buyer,
    project: Project,
    actor: Actor,
}

impl<'w> Both<'w> {
    async fn on(world: &'w World) -> Self {
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let (offering, other) = (world.offering(&provider).await, world.offering(&provider).await);
        let project = world.project(&buyer).await;
        for (name, of) in [("Run by me", &offering), ("Run by others", &other)] {
            world
                .order(&buyer.owner, &project, of)
                .named(name)
                .fulfilled()
                .await;
        }
        let member = world.member(&project).await;
        let scope = Scope::Offering(offering.id);
        let actor = world.grant(member.user_id, Role::OfferingManager, scope).await;
        Self {
            world,
            provider,
            offering,
            buyer,
            project,
            actor,
        }
    }

    async fn orders(&self, actor: &Actor, filter: OrderFilter) -> Vec<model::OrderSummary> {
        let ordering = self.world.domain().ordering();
        let page = ordering.orders(actor, &filter, PageRequest::default()).await;
        page.unwrap().items
    }

    async fn resources(&self, actor: &Actor, filter: ResourceFilter) -> Vec<String> {
        let provisioning = self.world.domain().provisioning();
        let page = provisioning
            .resources(actor, &filter, PageRequest::default())
            .await
            .unwrap();
        page.items.into_iter().map(|one| one.name).collect()
    }
}

both_engines! {
    async fn what_one_buys_of_a_provider_is_not_what_one_sells_for_it(world: World) {
        let both = Both::on(&world).await;
        world.leaves_jobs();
        let id = both.provider.id;
        let (all, sold) = (OrderFilter::default(), OrderFilter { sold_by: Some(id), ..OrderFilter::default() });
        assert_eq!(both.orders(&both.actor, all).await.len(), 2, "as a buyer");
        let own = both.orders(&both.actor, sold.clone()).await;
        assert_eq!(own.iter().map(|one| one.offering_id).collect::<Vec<_>>(), [both.offering.id]);
        assert_eq!(both.orders(&both.provider.manager, sold.clone()).await.len(), 2);
        assert!(both.orders(&both.buyer.owner, sold.clone()).await.is_empty());
        let elsewhere = OrderFilter { sold_by: Some(both.buyer.id), ..OrderFilter::default() };
        assert!(both.orders(&both.actor, elsewhere).await.is_empty());

        let sold = ResourceFilter { sold_by: Some(id), ..ResourceFilter::default() };
        let reportable = ResourceFilter { reportable: true, ..ResourceFilter::default() };
        assert_eq!(both.resources(&both.actor, ResourceFilter::default()).await.len(), 2, "as a buyer");
        for filter in [sold, reportable] {
            assert_eq!(both.resources(&both.actor, filter.clone()).await, ["Run by me"]);
            assert_eq!(both.resources(&both.provider.manager, filter.clone()).await.len(), 2);
            assert!(both.resources(&both.buyer.owner, filter).await.is_empty());
        }
    }

    async fn only_the_sellers_people_handle_an_order(world: World) {
        let both = Both::on(&world).await;
        world.leaves_jobs();
        let ordering = world.domain().ordering();
        let all = both.orders(&both.actor, OrderFilter::default()).await;
        let other = all.iter().find(|one| one.offering_id != both.offering.id).unwrap().id;
        let own = all.iter().find(|one| one.offering_id == both.offering.id).unwrap().id;
        let provider = both.provider.id;
        let handled = ordering.order_sold_by(&both.actor, provider, own).await.unwrap();
        assert_eq!(handled.summary.project_id, both.project.id);
        for (actor, provider, id) in [
            (&both.actor, provider, other),
            (&both.buyer.owner, provider, own),
            (&both.provider.manager, both.buyer.id, own),
        ] {
            let refused = ordering.order_sold_by(actor, provider, id).await.unwrap_err();
            assert_eq!(refused.kind(), Kind::NotFound);
        }
    }

    async fn a_provider_is_told_to_whoever_works_for_it_or_for_one_of_its_offerings(world: World) {
        let provider = world.provider().await;
        let draft = world.offering(&provider).unpublished().await;
        world.provider().await;
        let told = async |actor: &Actor| {
            let me = world.domain().accounts().me(actor).await.unwrap();
            me.providers.into_iter().map(|one| one.id).collect::<Vec<_>>()
        };
        let of_draft = world.person(Role::OfferingManager, Scope::Offering(draft.id)).await;
        let owner = world.person(Role::OrganizationOwner, Scope::Organization(provider.id)).await;
        let accountant = world.person(Role::BillingReader, Scope::Organization(provider.id)).await;
        for actor in [&of_draft, &owner, &provider.manager] {
            assert_eq!(told(actor).await, [provider.id], "{}", actor.name);
        }
        let buyer = world.buyer().await.owner;
        for actor in [&accountant, &buyer, &world.staff().await, &world.stranger().await] {
            assert!(told(actor).await.is_empty(), "{}", actor.name);
        }
        let me = world.domain().accounts().me(&of_draft).await.unwrap();
        assert!(me.organizations.is_empty(), "no role of the organization comes with that of its offering");
    }

    async fn work_by_hand_is_told_to_those_who_may_do_it(world: World) {
        let both = Both::on(&world).await;
        world.leaves_jobs();
        let order = world.order(&both.buyer.owner, &both.project, &both.offering).named("By hand").await;
        world.operations().ordering().wait_for_provider(order, "").await.unwrap();
        world.leaves_jobs();
        for (actor, may) in [(&both.actor, true), (&both.provider.manager, true), (&both.buyer.owner, false)] {
            let listed = both.orders(actor, OrderFilter::default()).await;
            let one = listed.iter().find(|one| one.id == order).unwrap();
            assert_eq!(one.can_fulfil, may, "{}", actor.name);
            assert!(listed.iter().all(|one| one.id == order || !one.can_fulfil), "what is done waits for nobody");
        }
    }
}
