//! The two sides of an order and what is between them: who buys, who sells, what, in which plan.

use chrono::{NaiveDate, NaiveDateTime};
use entity::{offering, offering_audience, order, organization, plan, project, resource};
use model::{
    Currency, Fixed, Money, Month, OfferingId, OfferingState, OrderKind, OrganizationId, Permission, PlanId,
    ProjectId, TaxRate, Visibility,
};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

use super::OrderingError;
use crate::access::{Actor, Target};
use crate::approvals::{Asks, Facts, Rule, Wanted, rules_for};
use crate::billing::tax_between;
use crate::check::Check;
use crate::core::Core;
use crate::provisioning::facts::target_of_order;
use crate::structure::{Closed, End, Opening, Versions};
use crate::zone::Zone;

/// The project that orders and its organization, which pays.
#[derive(Debug, Clone)]
pub(super) struct Buyer {
    pub(super) project: project::Model,
    pub(super) organization: organization::Model,
    pub(super) versions: Versions,
    pub(super) zone: Zone,
}

/// What is sold and who sells it.
#[derive(Debug, Clone)]
pub(super) struct Sale {
    pub(super) offering: offering::Model,
    pub(super) provider: organization::Model,
    pub(super) versions: Versions,
}

/// Buyer and sale in one plan.
#[derive(Debug, Clone)]
pub(super) struct Parties {
    pub(super) buyer: Buyer,
    pub(super) sale: Sale,
    pub(super) plan: plan::Model,
}

impl Buyer {
    /// The last day of the resource, which this project holds, is not over `today`; whether it has terms says how it gets more
    /// time. Refused with `NotOrderable`, which says that.
    pub(super) fn check_lasts(
        &self,
        resource: &resource::Model,
        has_terms: bool,
        today: NaiveDate,
    ) -> Result<(), OrderingError> {
        let end = End::of(resource.end_date, self.project.end_date);
        let Some(end) = end.filter(|end| end.is_over(today)) else {
            return Ok(());
        };
        let next = if end.of_project {
            "Choose a later last day for the project first."
        } else if has_terms {
            "Renew it first."
        } else {
            "Choose a later last day for it first."
        };
        Err(OrderingError::NotOrderable(format!(
            "The last day of {} was {}. {next}",
            resource.name,
            end.last_day.format("%-d %B %Y")
        )))
    }

    pub(super) async fn load(db: &impl ConnectionTrait, id: ProjectId) -> Result<Self, OrderingError> {
        let found = project::Entity::find_by_id(id)
            .find_also_related(organization::Entity)
            .one(db)
            .await?;
        match found {
            Some((project, Some(organization))) => Ok(Self {
                versions: Versions::of(db, organization.id).await?,
                zone: Zone::of(&organization)?,
                project,
                organization,
            }),
            _ => Err(OrderingError::NotFound { what: "project" }),
        }
    }

    /// Up to which commitment the project's own people may approve; none where they may not.
    fn approval_limit(&self) -> Option<Money> {
        let limit = self.project.approval_limit?;
        Some(Money::from_fixed(limit, self.organization.currency))
    }

    /// What says whom the steps of an order of this buyer ask.
    pub(super) fn asks(&self, order: &order::Model) -> Asks {
        let commitment = Money::from_fixed(order.commitment, order.currency);
        Asks::of(target_of_order(order), commitment, self.approval_limit())
    }

    pub(super) fn target(&self) -> Target {
        Target::project(self.organization.id, self.project.id)
    }

    /// The project may order at all.
    pub(super) fn check_open(&self, today: NaiveDate) -> Result<(), OrderingError> {
        let (name, opening) = (&self.project.name, Opening::of(&self.project));
        let Err(closed) = opening.check(today) else {
            return Ok(());
        };
        let refusal = match closed {
            Closed::NotBegun(start) => format!(
                "The project {name} begins on {}. Nothing can be ordered in it before.",
                start.format("%-d %B %Y")
            ),
            Closed::Over => format!("The project {name} has ended. Extend it before you order."),
        };
        Err(OrderingError::NotOrderable(refusal))
    }

    /// `last` lies within the project; the fault is told at `path`.
    pub(super) fn check_within(&self, check: &mut Check, path: &str, last: NaiveDate) {
        check.extend(model::project_fault(path, Some(last), self.project.end_date));
    }

    /// Today where the buyer's invoices are counted.
    pub(super) fn today(&self, core: &Core) -> NaiveDate {
        self.local_now(core).date()
    }

    /// The time on the buyer's clock.
    pub(super) fn local_now(&self, core: &Core) -> NaiveDateTime {
        self.zone.local(core.now())
    }

    /// The tax on what is bought on `day`.
    pub(super) fn tax_from(&self, sale: &Sale, day: NaiveDate) -> TaxRate {
        tax_between(&sale.versions, &self.versions, Month::containing(day))
    }
}

impl Sale {
    pub(super) async fn load(db: &impl ConnectionTrait, id: OfferingId) -> Result<Self, OrderingError> {
        let found = offering::Entity::find_by_id(id)
            .find_also_related(organization::Entity)
            .one(db)
            .await?;
        match found {
            Some((offering, Some(provider))) => Ok(Self {
                versions: Versions::of(db, provider.id).await?,
                offering,
                provider,
            }),
            _ => Err(no_offering()),
        }
    }

    /// The offering may be seen by `buyer`, or by the actor as somebody of its provider. Not there and not shown answer alike.
    pub(super) async fn check_visible(
        &self,
        db: &impl ConnectionTrait,
        actor: Option<&Actor>,
        buyer: Option<OrganizationId>,
    ) -> Result<(), OrderingError> {
        let target = Target::offering(self.provider.id, self.offering.id);
        if actor.is_some_and(|actor| actor.may(Permission::ViewOffering, &target)) {
            return Ok(());
        }
        let shown = self.offering.state.is_public()
            && match (self.offering.visibility, buyer) {
                (Visibility::Shared, _) => true,
                (Visibility::Private, Some(buyer)) => in_audience(db, self.offering.id, buyer).await?,
                (Visibility::Private, None) => false,
            };
        if shown { Ok(()) } else { Err(no_offering()) }
    }

    /// What is had already can be had longer: also where new orders are not taken at the moment, but not once the offering
    /// has ended.
    pub(super) fn check_renewable(&self) -> Result<(), OrderingError> {
        match self.offering.state {
            OfferingState::Paused => Ok(()),
            _ => self.check_active(),
        }
    }

    /// What is ordered, as conditions of rules name it.
    pub(super) fn wanted(&self, kind: OrderKind) -> Wanted {
        Wanted {
            kind,
            offering: self.offering.id,
            category: self.offering.category_id,
        }
    }

    /// The offering takes orders now.
    pub(super) fn check_active(&self) -> Result<(), OrderingError> {
        let name = &self.offering.name;
        let refusal = match self.offering.state {
            OfferingState::Active => return Ok(()),
            OfferingState::Draft => format!("{name} is not published yet, so it cannot be ordered."),
            OfferingState::Paused if self.offering.state_reason.is_empty() => {
                format!("{name} takes no orders at the moment.")
            }
            OfferingState::Paused => {
                format!(
                    "{name} takes no orders at the moment: {}",
                    self.offering.state_reason
                )
            }
            OfferingState::Archived => format!("{name} is no longer offered."),
        };
        Err(OrderingError::NotOrderable(refusal))
    }
}

pub(super) fn no_offering() -> OrderingError {
    OrderingError::NotFound { what: "offering" }
}

async fn in_audience(
    db: &impl ConnectionTrait,
    id: OfferingId,
    buyer: OrganizationId,
) -> Result<bool, DbErr> {
    Ok(offering_audience::Entity::find_by_id((id, buyer))
        .one(db)
        .await?
        .is_some())
}

/// The plan, whatever its state; the caller checks what it needs.
pub(super) async fn load_plan(db: &impl ConnectionTrait, id: PlanId) -> Result<Option<plan::Model>, DbErr> {
    plan::Entity::find_by_id(id).one(db).await
}

/// What the rules look at when `actor` places or decides; without a buyer, only what the provider's side is read by.
pub(super) fn facts_of<'a>(
    buyer: Option<&'a Buyer>,
    sale: &'a Sale,
    actor: &'a Actor,
    commitment: Money,
) -> Facts<'a> {
    let target = buyer.map(Buyer::target).unwrap_or_default();
    Facts {
        actor,
        target: target.sold_by(sale.provider.id, Some(sale.offering.id)),
        organization: buyer.map_or("", |buyer| &buyer.organization.name),
        project: buyer.map_or("", |buyer| &buyer.project.name),
        offering: &sale.offering.name,
        provider: &sale.provider.name,
        approval_limit: buyer.and_then(Buyer::approval_limit),
        commitment,
        provider_approval: sale.offering.provider_approval,
    }
}

impl Parties {
    /// What the rules look at when `actor` places or decides.
    pub(super) fn facts<'a>(&'a self, actor: &'a Actor, commitment: Fixed, currency: Currency) -> Facts<'a> {
        facts_of(
            Some(&self.buyer),
            &self.sale,
            actor,
            Money::from_fixed(commitment, currency),
        )
    }

    /// What is ordered, as conditions of rules name it.
    pub(super) fn wanted(&self, kind: OrderKind) -> Wanted {
        self.sale.wanted(kind)
    }

    /// The rules by which an order between these parties is read.
    pub(super) async fn rules(&self, conn: &impl ConnectionTrait) -> Result<Vec<Rule>, DbErr> {
        let buyer = (self.buyer.organization.id, self.buyer.project.id);
        rules_for(conn, Some(buyer), self.sale.provider.id).await
    }

    /// Where an order between these parties lives.
    pub(super) fn target(&self) -> Target {
        self.buyer
            .target()
            .sold_by(self.sale.provider.id, Some(self.sale.offering.id))
    }
}
