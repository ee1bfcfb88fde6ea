//! One resource whole, with what its viewer may do with it.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    component, offering, order, organization, plan, project, resource, resource_interval, resource_term,
};
use model::{
    BillingPeriod, ChargeType, Interval, OfferingState, OrderId, OrderKind, OrderState, OrganizationId,
    ResourceChange, ResourceDetail, ResourceId, ResourceState, terms_timeline,
};
use sea_orm::prelude::Json;
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationTrait, Select,
};

use super::answers;
use super::coming_changes::coming_changes;
use super::facts::{may_see, target_of};
use super::lifetime::{self, Around};
use super::powers::{Powers, Situation, can_extend};
use super::renewals::bound_at;
use super::summary::{self, Row};
use super::use_of_limits::{Running, use_of_limits};
use super::{Provisioning, ProvisioningError};
use crate::access::Actor;
use crate::audit;
use crate::crypto::sha256_hex;
use crate::structure::Opening;
use crate::zone::Zone;

impl Provisioning {
    /// One resource, for those who see its project and for its provider. Everybody else is refused as for a resource that
    /// does not exist (`NotFound`).
    pub async fn resource(&self, actor: &Actor, id: ResourceId) -> Result<ResourceDetail, ProvisioningError> {
        Ok(self.resource_at_state(actor, id).await?.0)
    }

    /// As [`Provisioning::resource`], with the state that a change of it can name: the same text for the same plan, limits,
    /// stage and last day.
    pub async fn resource_at_state(
        &self,
        actor: &Actor,
        id: ResourceId,
    ) -> Result<(ResourceDetail, String), ProvisioningError> {
        let db = self.core.read();
        let found = Found::find(db, id).await?;
        let found = found.ok_or(ProvisioningError::NotFound)?;
        let opening = found.opening();
        let Found {
            row,
            open_order,
            open_order_state,
            open_renewal,
            failed_creation,
            project_end_date,
            offering_duration,
            offering_state,
            ..
        } = found;
        may_see(actor, &target_of(&row.resource))?;
        let is_there = row.resource.state != ResourceState::Terminated;
        let open_order = open_order.filter(|_| is_there);
        let open_order_state = open_order_state.filter(|_| is_there);
        let limits = row.resource.limits_held()?;
        let around = Around {
            zone: Zone::stored(&row.organization_zones, &row.organization_name)?,
            project_end: project_end_date,
            rules: lifetime::rules(&offering_duration)?,
        };
        let today = around.zone.day(self.core.now());
        let components = self
            .cache
            .components(&self.core, row.resource.offering_id, row.offering_revision)
            .await?;
        let stretches = stretches(db, id).await?;
        let is_prepaid = components.iter().any(|component| component.prepaid);
        let terms = if is_prepaid {
            resource_term::Entity::find_of_resource(id).all(db).await?
        } else {
            Vec::new()
        };
        let plan_terms = self
            .terms(&row, &components, &stretches, (&terms, &around.zone))
            .await?;
        let mut lifetime = lifetime::lifetime(&row.resource, &around, &terms, is_prepaid, self.core.now());
        let running = Running {
            every: plan_terms.billing_period,
            terms: &terms,
            // Nothing begins anew after the last day.
            today: lifetime.last_day.map_or(today, |last| Ord::min(last, today)),
        };
        let use_of_limits = use_of_limits(db, &row.resource, components, &limits, running).await?;
        let has_limits = use_of_limits
            .iter()
            .any(|line| line.component.terms.charge == ChargeType::Limit);
        let key = (row.resource.offering_id, row.offering_revision);
        let situation = Situation {
            open_order,
            open_order_state,
            offering: offering_state,
            opening,
            today,
            is_over: lifetime.days_left.is_some_and(|days| days < 0),
            has_limits,
            has_other_plan: self
                .cache
                .sells_other_plan(&self.core, key, row.resource.plan_id)
                .await?,
            extension: lifetime.extension,
        };
        lifetime.can_extend = can_extend(actor, &row.resource, &situation);
        lifetime.renewal = open_renewal.filter(|_| is_there);
        let powers = Powers::of(actor, &row.resource, situation);
        let end = lifetime.last_day.map(|day| around.zone.end_of(day));
        let state = mark(&row.resource);
        let detail = ResourceDetail {
            summary: row.summary(),
            plan_id: row.resource.plan_id,
            access: row.resource.access_details()?,
            answers: answers::of_resource(db, &row.resource).await?,
            history: history(stretches)?,
            changes: before(end, plan_terms.changes),
            timeline: audit::timeline_in(db, "resource", id.0).await?,
            limits,
            use_of_limits,
            lifetime,
            activated_at: row.resource.activated_at,
            terminated_at: row.resource.terminated_at,
            usage_until: row.resource.usage_until,
            usage_error: row.resource.usage_error,
            open_order,
            open_order_state,
            failed_creation: failed_creation.filter(|_| is_there),
            currency: row.currency,
            can_change_limits: powers.can_change_limits,
            can_switch_plan: powers.can_switch_plan,
            can_terminate: powers.can_terminate,
            why_not: powers.why_not,
            plugin: row.plugin,
            backend_id: row.resource.backend_id,
            error: row.resource.error,
        };
        Ok((detail, state))
    }
}

/// What comes after the last day never reaches a resource.
fn before(end: Option<DateTime<Utc>>, mut changes: Vec<ResourceChange>) -> Vec<ResourceChange> {
    changes.retain(|change| change.from.is_none_or(|from| end.is_none_or(|end| from < end)));
    changes
}

/// The same text for the same plan, limits, state and last day; another one for others.
pub(crate) fn mark(resource: &resource::Model) -> String {
    let seen = serde_json::json!([
        resource.state,
        resource.plan_id,
        resource.limits,
        resource.end_date
    ]);
    sha256_hex(seen.to_string().as_bytes())
}

/// A resource with the names around it and the order that is open for it.
#[derive(FromQueryResult)]
struct Found {
    #[sea_orm(nested)]
    row: Row,
    open_order: Option<OrderId>,
    open_order_state: Option<OrderState>,
    open_renewal: Option<OrderState>,
    failed_creation: Option<OrderId>,
    project_start_date: Option<NaiveDate>,
    project_end_date: Option<NaiveDate>,
    offering_duration: Json,
    offering_state: OfferingState,
}

impl Found {
    async fn find(db: &impl ConnectionTrait, id: ResourceId) -> Result<Option<Self>, DbErr> {
        summary::select()
            .column_as(Expr::expr(open_order_of_row()), "open_order")
            .column_as(Expr::expr(state_of_open_order()), "open_order_state")
            .column_as(Expr::expr(open_renewal_of_row()), "open_renewal")
            .column_as(Expr::expr(failed_creation_of_row()), "failed_creation")
            .column_as(project::Column::StartDate, "project_start_date")
            .column_as(project::Column::EndDate, "project_end_date")
            .column_as(offering::Column::Duration, "offering_duration")
            .column_as(offering::Column::State, "offering_state")
            .filter(resource::Column::Id.eq(id))
            .into_model::<Self>()
            .one(db)
            .await
    }

    fn opening(&self) -> Opening {
        Opening {
            first_day: self.project_start_date,
            last_day: self.project_end_date,
        }
    }
}

/// The order that keeps others from being placed. None for a resource that has ended.
pub(crate) async fn find_open_order(
    db: &impl ConnectionTrait,
    resource: &resource::Model,
) -> Result<Option<OrderId>, DbErr> {
    if resource.state == ResourceState::Terminated {
        return Ok(None);
    }
    open_orders(order::Column::Id)
        .filter(order::Column::ResourceId.eq(resource.id))
        .into_tuple()
        .one(db)
        .await
}

/// The id of the open order of a row of resources.
pub(crate) fn open_order_of_row() -> SelectStatement {
    open_orders(order::Column::Id)
        .filter(of_row())
        .limit(1)
        .into_query()
}

/// Where the open order of a row of resources stands.
fn state_of_open_order() -> SelectStatement {
    open_orders(order::Column::State)
        .filter(of_row())
        .limit(1)
        .into_query()
}

/// Where the open order for another term of a row of resources stands.
pub(crate) fn open_renewal_of_row() -> SelectStatement {
    open_orders(order::Column::State)
        .filter(order::Column::Kind.eq(OrderKind::Renew))
        .filter(of_row())
        .limit(1)
        .into_query()
}

/// The id of the order whose creation of a row of resources failed.
fn failed_creation_of_row() -> SelectStatement {
    order::Entity::find()
        .select_only()
        .column(order::Column::Id)
        .filter(order::Column::Kind.eq(OrderKind::Create))
        .filter(order::Column::State.eq(OrderState::Erred))
        .filter(of_row())
        .limit(1)
        .into_query()
}

fn of_row() -> SimpleExpr {
    Expr::col((order::Entity, order::Column::ResourceId)).equals((resource::Entity, resource::Column::Id))
}

/// `shown` of orders that wait, are at work, or failed and can be tried again, the oldest first. A creation that failed
/// does not stand in the way of the order that ends its resource.
fn open_orders(shown: order::Column) -> Select<order::Entity> {
    use order::Column as C;
    let open = OrderState::ALL
        .iter()
        .copied()
        .filter(|state| !state.is_terminal());
    order::Entity::find()
        .select_only()
        .column(shown)
        .filter(C::State.is_in(open))
        .filter(
            Condition::any()
                .add(C::Kind.ne(OrderKind::Create))
                .add(C::State.ne(OrderState::Erred)),
        )
        .order_by_asc(C::Id)
}

#[derive(FromQueryResult)]
struct Stretch {
    #[sea_orm(nested)]
    interval: resource_interval::Model,
    plan_name: String,
}

/// What a resource has of its plan, and what will come.
struct Terms {
    billing_period: BillingPeriod,
    changes: Vec<ResourceChange>,
}

impl Provisioning {
    async fn terms(
        &self,
        row: &Row,
        components: &[component::Model],
        stretches: &[Stretch],
        (terms, zone): (&[resource_term::Model], &Zone),
    ) -> Result<Terms, DbErr> {
        let offering = (row.resource.offering_id, row.offering_revision);
        let versions = self
            .cache
            .plan_versions(&self.core, offering, row.resource.plan_id)
            .await?
            .ok_or_else(|| DbErr::RecordNotFound("a plan has no versions".into()))?;
        let now = self.core.now();
        let present = stretches
            .iter()
            .find(|stretch| stretch.interval.ends_at.is_none());
        let Some(present) = present else {
            return Ok(Terms {
                billing_period: versions.terms_at(now)?.terms.billing_period,
                changes: Vec::new(),
            });
        };
        let bound = bound_at(self.core.read(), &present.interval, terms, (zone, now)).await?;
        let held = terms_timeline(&versions.terms, &bound).at(now);
        let held = held.map_or_else(|| versions.terms_at(now), Ok)?;
        Ok(Terms {
            billing_period: held.terms.billing_period,
            changes: self
                .coming(
                    row.resource.provider_id,
                    coming_changes(&versions, components, &bound, now),
                )
                .await?,
        })
    }
}

impl Provisioning {
    /// The changes with their first days, as the seller counts them.
    async fn coming(
        &self,
        seller: OrganizationId,
        mut changes: Vec<ResourceChange>,
    ) -> Result<Vec<ResourceChange>, DbErr> {
        if changes.is_empty() {
            return Ok(changes);
        }
        let seller = organization::Entity::find_by_id(seller)
            .one(self.core.read())
            .await?;
        let zone = seller.as_ref().and_then(|seller| Zone::of(seller).ok());
        for change in &mut changes {
            let begins = change.from.zip(zone.as_ref());
            change.first_day = begins.and_then(|(from, zone)| zone.day_begun(from));
        }
        Ok(changes)
    }
}

/// The newest first.
async fn stretches(db: &impl ConnectionTrait, id: ResourceId) -> Result<Vec<Stretch>, DbErr> {
    resource_interval::Entity::find()
        .join(JoinType::InnerJoin, resource_interval::Relation::Plan.def())
        .column_as(plan::Column::Name, "plan_name")
        .filter(resource_interval::Column::ResourceId.eq(id))
        .order_by_desc(resource_interval::Column::StartsAt)
        .into_model::<Stretch>()
        .all(db)
        .await
}

fn history(stretches: Vec<Stretch>) -> Result<Vec<Interval>, DbErr> {
    let shown = |stretch: Stretch| {
        Ok(Interval {
            plan_id: stretch.interval.plan_id,
            plan_name: stretch.plan_name,
            limits: stretch.interval.limits_held()?,
            starts_at: stretch.interval.starts_at,
            ends_at: stretch.interval.ends_at,
        })
    };
    stretches.into_iter().map(shown).collect()
}
