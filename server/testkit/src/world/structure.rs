//! Organizations and projects.

use std::future::IntoFuture;

use domain::Actor;
use domain::structure::{NewOrganization, NewProject as ProjectDraft};
use entity::organization::StoredZones;
use entity::{organization, organization_version};
use model::{Currency, Fixed, OrganizationId, ProjectId, Role, Scope, ZoneSince};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

use super::{Making, World};

/// An organization that buys.
#[derive(Debug, Clone)]
pub struct Buyer {
    pub id: OrganizationId,
    pub name: String,
    /// Owns it: may do everything in it.
    pub owner: Actor,
}

/// An organization that sells.
#[derive(Debug, Clone)]
pub struct Provider {
    pub id: OrganizationId,
    pub name: String,
    /// Runs all its offerings.
    pub manager: Actor,
}

/// A project of a buyer.
#[derive(Debug, Clone)]
pub struct Project {
    pub id: ProjectId,
    pub organization_id: OrganizationId,
    pub name: String,
}

/// A provider in the making; await it.
#[must_use = "nothing is made until it is awaited"]
pub struct NewSeller<'a> {
    world: &'a World,
    draft: NewOrganization,
}

/// A project in the making; await it.
#[must_use = "nothing is made until it is awaited"]
pub struct NewProject<'a> {
    world: &'a World,
    draft: ProjectDraft,
}

impl World {
    /// An organization that buys, with its owner.
    pub async fn buyer(&self) -> Buyer {
        let name = self.name("Buyer");
        let id = self
            .organization(NewOrganization {
                name: name.clone(),
                ..NewOrganization::default()
            })
            .await;
        let owner = self
            .person(Role::OrganizationOwner, Scope::Organization(id))
            .await;
        Buyer { id, name, owner }
    }

    /// An organization that sells in euros and charges 22 % tax.
    pub fn provider(&self) -> NewSeller<'_> {
        let draft = NewOrganization {
            name: self.name("Provider"),
            is_provider: true,
            tax_percent: Fixed::from(22),
            ..NewOrganization::default()
        };
        NewSeller { world: self, draft }
    }

    /// A project of a buyer, whose managers may approve nothing.
    pub fn project(&self, buyer: &Buyer) -> NewProject<'_> {
        let draft = ProjectDraft {
            organization_id: buyer.id,
            name: self.name("Project"),
            slug: None,
            description: String::new(),
            start_date: None,
            end_date: None,
            approval_limit: None,
        };
        NewProject { world: self, draft }
    }

    /// Rewrites what an organization was on documents from the beginning on, as if it had always been so.
    pub async fn was_always(
        &self,
        id: OrganizationId,
        change: impl FnOnce(&mut organization_version::ActiveModel),
    ) {
        let first = organization_version::Entity::find_of([id]).one(self.db()).await;
        let mut row = first
            .expect("the database answers")
            .expect("the organization has a version")
            .into_active_model();
        change(&mut row);
        row.update(self.db()).await.expect("the version is kept");
    }

    /// As if the organization had always been billed in this time zone (IANA name).
    pub async fn was_always_in_zone(&self, id: OrganizationId, name: &str) {
        let zones = StoredZones(vec![ZoneSince {
            from: None,
            name: name.into(),
        }]);
        let row = organization::ActiveModel {
            id: Set(id),
            zones: Set(zones),
            ..Default::default()
        };
        row.update(self.db()).await.expect("the zone is kept");
    }

    async fn organization(&self, draft: NewOrganization) -> OrganizationId {
        let structure = self.domain().structure();
        structure
            .create_organization(&Actor::system(), draft)
            .await
            .expect("the organization is created")
    }
}

impl NewSeller<'_> {
    pub fn named(mut self, name: &str) -> Self {
        self.draft.name = name.into();
        self
    }

    /// Days and months of its invoices are counted in this time zone (IANA name).
    pub fn in_time_zone(mut self, name: &str) -> Self {
        self.draft.time_zone = name.into();
        self
    }

    pub fn selling_in(mut self, currency: Currency) -> Self {
        self.draft.currency = currency;
        self
    }

    /// Percent of the net amount.
    pub fn taxing(mut self, percent: &str) -> Self {
        self.draft.tax_percent = percent.parse().expect("a percentage");
        self
    }
}

impl<'a> IntoFuture for NewSeller<'a> {
    type Output = Provider;
    type IntoFuture = Making<'a, Provider>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let name = self.draft.name.clone();
            let id = self.world.organization(self.draft).await;
            let manager = self
                .world
                .person(Role::ProviderManager, Scope::Provider(id))
                .await;
            Provider { id, name, manager }
        })
    }
}

impl NewProject<'_> {
    /// Its managers may approve up to this monthly cost.
    pub fn approving_up_to(mut self, amount: &str) -> Self {
        self.draft.approval_limit = Some(amount.parse().expect("an amount"));
        self
    }

    /// Its last day, as in `2026-12-31`.
    pub fn ending(mut self, day: &str) -> Self {
        self.draft.end_date = Some(day.parse().expect("a day such as 2026-12-31"));
        self
    }
}

impl<'a> IntoFuture for NewProject<'a> {
    type Output = Project;
    type IntoFuture = Making<'a, Project>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (organization_id, name) = (self.draft.organization_id, self.draft.name.clone());
            let structure = self.world.domain().structure();
            let id = structure
                .create_project(&Actor::system(), self.draft)
                .await
                .expect("the project is created");
            Project {
                id,
                organization_id,
                name,
            }
        })
    }
}
