//! What would become of an order that is not placed.

use entity::user;
use model::{
    ApprovalForecast, ApprovalTrial, Approvers, FieldFault, Fixed, ForecastStep, OrganizationId, Permission,
    ProjectId, Side, UserId,
};
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::access::{Actor, Target};
use crate::actor;
use crate::approvals::{
    Facts, Planned, Then, names_of, own_rules, plan_for, reassigned, rules_for, sees, whom, with_fewer,
};
use crate::ordering::allow::allow;
use crate::ordering::parties::{Buyer, Sale, facts_of};
use crate::ordering::{Ordering, OrderingError};

impl Ordering {
    /// What would become of an order by the rules as they are now: its steps and whom they would ask, or the refusal, and what
    /// every rule that is read would say. For who may change rules of the project or of its organization (both sides are looked
    /// at; of the provider's only whether it would be asked), of the provider (only that side is, and a project is not named), or of the
    /// installation. Everybody else is refused as for what does not exist (`NotFound`). Refused (`Invalid`) without somebody
    /// who may order in the project, and below zero.
    pub async fn forecast(
        &self,
        actor: &Actor,
        trial: ApprovalTrial,
    ) -> Result<ApprovalForecast, OrderingError> {
        let conn = self.core.read();
        let sale = Sale::load(conn, trial.offering_id).await?;
        let buyer = self.trial_buyer(actor, trial.project_id, &sale).await?;
        let mut faults = Vec::new();
        if trial.commitment.amount < Fixed::ZERO.to_decimal() {
            faults.push(FieldFault::at(
                "commitment",
                "out_of_range",
                "Enter an amount from 0.",
            ));
        }
        let placer = match &buyer {
            Some(buyer) => {
                self.placer(buyer, trial.placed_by.as_deref(), &mut faults)
                    .await?
            }
            None => somebody(),
        };
        if !faults.is_empty() {
            return Err(OrderingError::Invalid(faults));
        }
        let facts = facts_of(buyer.as_ref(), &sale, &placer, trial.commitment);
        let ids = buyer
            .as_ref()
            .map(|buyer| (buyer.organization.id, buyer.project.id));
        let rules = rules_for(conn, ids, sale.provider.id).await?;
        let sides: &[Side] = if buyer.is_some() {
            &[Side::Buyer, Side::Provider]
        } else {
            &[Side::Provider]
        };
        let planned = plan_for(&facts, sale.wanted(trial.kind), &rules, sides);
        let known = |side: Side| sees(actor, side, &facts.target);
        let (refused, steps, mut read) = match planned {
            Ok(plan) => (None, plan.steps, plan.read),
            Err(refused) => (Some(refused.reason), Vec::new(), refused.read),
        };
        read.retain(|one| known(one.side));
        let mut forecast = Vec::with_capacity(steps.len());
        for step in steps {
            let known = known(step.side);
            forecast.push(self.forecast_step(&facts, step, known).await?);
        }
        Ok(ApprovalForecast {
            refused,
            steps: forecast,
            read,
        })
    }

    /// Who would buy; refused for whoever may not change the rules that are tried.
    async fn trial_buyer(
        &self,
        actor: &Actor,
        project: Option<ProjectId>,
        sale: &Sale,
    ) -> Result<Option<Buyer>, OrderingError> {
        let conn = self.core.read();
        let Some(project) = project else {
            let sold = Target::offering(sale.provider.id, sale.offering.id);
            allow(actor, Permission::ManageApproval, &sold, "offering")?;
            return Ok(None);
        };
        let buyer = Buyer::load(conn, project).await?;
        allow(actor, Permission::ManageApproval, &buyer.target(), "project")?;
        let organization: OrganizationId = buyer.organization.id;
        sale.check_visible(conn, Some(actor), Some(organization)).await?;
        Ok(Some(buyer))
    }

    /// Who would place it.
    async fn placer(
        &self,
        buyer: &Buyer,
        email: Option<&str>,
        faults: &mut Vec<FieldFault>,
    ) -> Result<Actor, OrderingError> {
        let email = email.unwrap_or_default().trim().to_lowercase();
        // No address has such letters, and not every database takes them.
        let person = if email.chars().any(char::is_control) {
            None
        } else {
            user::Entity::find()
                .filter(user::Column::Email.eq(email))
                .filter(user::Column::IsActive.eq(true))
                .one(self.core.read())
                .await?
        };
        if let Some(person) = person {
            let placer = actor::of(&self.core, person).await?;
            if placer.may(Permission::PlaceOrder, &buyer.target()) {
                return Ok(placer);
            }
        }
        let text = format!(
            "Enter the address of somebody who may order in {}.",
            buyer.project.name
        );
        faults.push(FieldFault::at("placed_by", "may_not_order", text));
        Ok(somebody())
    }

    async fn forecast_step(
        &self,
        facts: &Facts<'_>,
        step: Planned,
        is_known: bool,
    ) -> Result<ForecastStep, DbErr> {
        let Planned { side, rule, then, .. } = step;
        let Then::Asks {
            ask,
            needed,
            placer_may,
        } = then
        else {
            return Ok(ForecastStep {
                side,
                is_asked: false,
                rule,
                needed: 0,
                can_decide: 0,
                people: Vec::new(),
            });
        };
        if !is_known {
            return Ok(ForecastStep {
                side,
                is_asked: true,
                rule: own_rules(facts.provider),
                needed: 0,
                can_decide: 0,
                people: Vec::new(),
            });
        }
        let conn = self.core.read();
        let mut rule = rule;
        let mut enough = usize::from(needed);
        let mut names = self.asked(conn, facts, (&ask.who, side), placer_may).await?;
        // As it is done where orders wait.
        if ask.who.asked().is_particular() && names.len() < enough {
            rule = reassigned(&rule);
            let whoever = (&Approvers::Unlimited, side);
            names = self.asked(conn, facts, whoever, false).await?;
            if names.is_empty() && placer_may {
                names = self.asked(conn, facts, whoever, true).await?;
            }
        }
        let can = names.len();
        if can.max(1) < enough {
            enough = can.max(1);
            rule = with_fewer(&rule, enough);
        }
        Ok(ForecastStep {
            side,
            is_asked: true,
            rule,
            needed: u16::try_from(enough).unwrap_or(u16::MAX),
            can_decide: u16::try_from(can).unwrap_or(u16::MAX),
            people: names,
        })
    }

    /// The names of those who would be asked.
    async fn asked(
        &self,
        conn: &impl ConnectionTrait,
        facts: &Facts<'_>,
        who: (&Approvers, Side),
        placer_may: bool,
    ) -> Result<Vec<String>, DbErr> {
        let mut people = whom(conn, facts.asks(), who, self.core.now()).await?;
        if !placer_may {
            people.remove(&facts.actor.user_id);
        }
        names_of(conn, people).await
    }
}

/// Somebody of whom nothing is known but that it is a person.
fn somebody() -> Actor {
    Actor {
        user_id: UserId(Uuid::max()),
        name: "Somebody".into(),
        ..Actor::unknown()
    }
}
