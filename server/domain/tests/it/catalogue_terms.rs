//! What an order accepted can be read as long as the order can.

use domain::catalogue::CatalogueError;
use domain::{Actor, Clock as _};
use entity::offering_terms;
use model::{Kind, OfferingDraft, TermsOfService, TermsOfServiceVersion};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use testkit::{Buyer, Offering, Project, Provider, World, both_engines};

use crate::catalogue::{detail, draft_of};

/// An order accepted version 1 of the terms; version 2 has replaced it.
struct Agreed<'w> {
    world: &'w World,
    provider: Provider,
    offering: Offering,
    buyer: Buyer,
    project: Project,
    member: Actor,
}

const FIRST: &str = "Use it kindly.";
const SECOND: &str = "Be kind, **always**.";

impl<'w> Agreed<'w> {
    async fn on(world: &'w World) -> Self {
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).await;
        let project = world.project(&buyer).await;
        let member = world.member(&project).await;
        world.order(&member, &project, &offering).await;
        let agreed = Self {
            world,
            provider,
            offering,
            buyer,
            project,
            member,
        };
        world.clock().advance(chrono::TimeDelta::days(1));
        agreed
            .revise(|draft| draft.terms_of_service = SECOND.into())
            .await;
        agreed
    }

    async fn revise(&self, change: impl FnOnce(&mut OfferingDraft)) {
        let manager = &self.provider.manager;
        let present = detail(self.world, manager, &self.offering).await;
        let mut draft = draft_of(&present);
        change(&mut draft);
        let catalogue = self.world.domain().catalogue();
        catalogue
            .revise(manager, self.offering.id, draft, present.revision)
            .await
            .unwrap();
    }

    async fn listed(&self, actor: Option<&Actor>) -> Result<Vec<TermsOfServiceVersion>, CatalogueError> {
        let catalogue = self.world.domain().catalogue();
        catalogue.terms_versions(actor, &self.offering.slug).await
    }

    async fn numbers(&self, actor: Option<&Actor>) -> Vec<i32> {
        let listed = self.listed(actor).await.unwrap();
        listed.into_iter().map(|one| one.version).collect()
    }

    async fn read(&self, actor: Option<&Actor>, version: i32) -> Result<TermsOfService, CatalogueError> {
        let (catalogue, id) = (self.world.domain().catalogue(), self.offering.id.to_string());
        catalogue.terms_of_service(actor, &id, version).await
    }

    async fn text(&self, actor: Option<&Actor>, version: i32) -> Option<String> {
        self.read(actor, version).await.unwrap().text
    }

    async fn refused(&self, actor: Option<&Actor>, version: i32) {
        assert_eq!(
            self.read(actor, version).await.unwrap_err().kind(),
            Kind::NotFound
        );
    }
}

both_engines! {
    async fn each_text_of_the_terms_is_a_version_that_stays(world: World) {
        let agreed = Agreed::on(&world).await;
        let manager = &agreed.provider.manager;
        agreed.revise(|draft| draft.summary = "Another summary".into()).await;
        let listed = agreed.listed(Some(manager)).await.unwrap();
        let shown: Vec<_> = listed.iter().map(|one| (one.version, one.is_present, one.created_by.as_deref())).collect();
        let by = Some(&*manager.name);
        assert_eq!(shown, [(2, true, by), (1, false, by)]);
        assert_eq!(listed[0].created_at.unwrap() - listed[1].created_at.unwrap(), chrono::TimeDelta::days(1));
        let texts = [agreed.text(Some(manager), 2).await, agreed.text(Some(manager), 1).await];
        assert_eq!(texts.each_ref().map(Option::as_deref), [Some(SECOND), Some(FIRST)]);
        for version in [0, 3] {
            agreed.refused(Some(manager), version).await;
        }
    }

    async fn what_was_accepted_is_read_by_those_who_see_the_order_and_by_nobody_else(world: World) {
        let agreed = Agreed::on(&world).await;
        let reader = world.person(model::Role::ProjectReader, model::Scope::Project(agreed.project.id)).await;
        let support = world.person(model::Role::Support, model::Scope::System).await;
        for buyer in [&agreed.member, &agreed.buyer.owner, &reader] {
            assert_eq!(agreed.numbers(Some(buyer)).await, [2, 1]);
            assert_eq!(agreed.text(Some(buyer), 1).await.as_deref(), Some(FIRST));
            assert!(agreed.listed(Some(buyer)).await.unwrap().iter().all(|one| one.created_by.is_none()));
            assert_eq!(agreed.read(Some(buyer), 1).await.unwrap().version.created_by, None);
            agreed.refused(Some(buyer), 0).await;
        }
        assert_eq!(agreed.numbers(Some(&support)).await, [2, 1]);
        let (stranger, elsewhere) = (world.stranger().await, world.buyer().await.owner);
        for other in [None, Some(&stranger), Some(&elsewhere)] {
            assert_eq!(agreed.numbers(other).await, [2]);
            assert_eq!(agreed.text(other, 2).await.as_deref(), Some(SECOND));
            agreed.refused(other, 1).await;
        }
        // Without terms new orders would accept nothing.
        let catalogue = world.domain().catalogue();
        catalogue.pause(&agreed.provider.manager, agreed.offering.id, "We think again.").await.unwrap();
        agreed.revise(|draft| draft.terms_of_service.clear()).await;
        assert_eq!(agreed.numbers(None).await, Vec::<i32>::new());
        assert_eq!(agreed.numbers(Some(&agreed.member)).await, [1]);
    }

    async fn what_was_accepted_is_read_when_the_offering_is_gone(world: World) {
        let agreed = Agreed::on(&world).await;
        let catalogue = world.domain().catalogue();
        catalogue.archive(&agreed.provider.manager, agreed.offering.id).await.unwrap();
        assert_eq!(agreed.numbers(Some(&agreed.member)).await, [1]);
        assert_eq!(agreed.text(Some(&agreed.member), 1).await.as_deref(), Some(FIRST));
        agreed.refused(Some(&agreed.member), 2).await;
        let stranger = world.stranger().await;
        for other in [None, Some(&stranger)] {
            assert_eq!(agreed.listed(other).await.unwrap_err().kind(), Kind::NotFound);
            agreed.refused(other, 2).await;
        }
    }

    async fn what_was_replaced_before_texts_were_kept_is_said_to_be_gone(world: World) {
        let agreed = Agreed::on(&world).await;
        offering_terms::Entity::delete_by_id((agreed.offering.id, 1)).exec(world.db()).await.unwrap();
        let listed = agreed.listed(Some(&agreed.member)).await.unwrap();
        assert_eq!((listed[1].version, listed[1].created_at), (1, None));
        for reader in [&agreed.member, &agreed.provider.manager] {
            assert_eq!(agreed.text(Some(reader), 1).await, None);
        }
        assert_eq!(agreed.numbers(Some(&agreed.provider.manager)).await, [2], "what is there");
    }

    async fn a_draft_has_no_version_before_somebody_writes_one(world: World) {
        let provider = world.provider().await;
        let manager = &provider.manager;
        let catalogue = world.domain().catalogue();
        let id = catalogue.create_offering(manager, provider.id, "Quiet draft").await.unwrap();
        let numbers = async || {
            let listed = catalogue.terms_versions(Some(manager), &id.to_string()).await.unwrap();
            listed.into_iter().map(|one| one.version).collect::<Vec<_>>()
        };
        assert_eq!(numbers().await, Vec::<i32>::new());
        let unwritten = offering_terms::Model {
            offering_id: id,
            version: 1,
            text: String::new(),
            created_at: world.clock().now(),
            created_by: None,
        };
        offering_terms::Entity::insert(unwritten.into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
        assert_eq!(numbers().await, Vec::<i32>::new(), "with which offerings once began");
    }
}
