//! Telling of ends that are near: 30, 7 and 1 day before, each once, whatever the times at which this runs.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::organization::StoredZones;
use entity::{end_notice, organization, project, resource};
use model::{
    EndingKind, EndingSoon, EventKind, Extension, OfferingId, OfferingState, OrderId, OrderState, Permission,
    ProjectId, ResourceId, ResourceState, last_day_of_term, notice_due,
};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Json;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, TryInsertResult,
};
use serde_json::json;
use uuid::Uuid;

use crate::access::{Actor, Columns, Target, Visible};
use crate::audit::{self, Event};
use crate::core::Core;
use crate::ordering::{OrderOperations, Ordering, OrderingError};
use crate::page::MOST_AT_ONCE;
use crate::provisioning::lifetime::last_day_kept;
use crate::provisioning::powers::{Extending, extension};
use crate::provisioning::{lifetime, open_order_of_row, open_renewal_of_row};
use crate::structure::{End, Opening};
use crate::zone::Zone;

/// From so many days before an end on, people see it coming.
const NEAR: u64 = 30;

/// A resource or project that ends, as it is read.
#[derive(Debug, FromQueryResult)]
struct Ending {
    /// None for a project.
    resource_id: Option<ResourceId>,
    project_id: ProjectId,
    organization_id: model::OrganizationId,
    provider_id: Option<model::OrganizationId>,
    offering_id: Option<OfferingId>,
    name: String,
    project_name: String,
    own_end: Option<NaiveDate>,
    /// This and the next: none for a project.
    kept_until: Option<NaiveDate>,
    grace_used: Option<i32>,
    project_end: Option<NaiveDate>,
    duration: Option<Json>,
    zone: StoredZones,
    project_start: Option<NaiveDate>,
    /// This and what follows: none for a project.
    state: Option<ResourceState>,
    activated_at: Option<DateTime<Utc>>,
    offering_state: Option<OfferingState>,
    open_order: Option<OrderId>,
    open_renewal: Option<OrderState>,
}

impl Ending {
    fn kind(&self) -> EndingKind {
        if self.resource_id.is_some() {
            EndingKind::Resource
        } else {
            EndingKind::Project
        }
    }

    fn subject(&self) -> Uuid {
        self.resource_id.map_or(self.project_id.0, |id| id.0)
    }

    fn target(&self) -> Target {
        let target = Target::project(self.organization_id, self.project_id);
        match self.provider_id {
            Some(provider) => target.sold_by(provider, self.offering_id),
            None => target,
        }
    }

    fn end(&self) -> Option<End> {
        End::of(self.own_end, self.project_end)
    }

    /// The buyer's today.
    fn today(&self, now: DateTime<Utc>) -> Result<NaiveDate, OrderingError> {
        Ok(Zone::stored(&self.zone, &self.project_name)
            .map_err(crate::provisioning::ProvisioningError::from)?
            .day(now))
    }

    /// Days from the buyer's today to the last one.
    fn days_left(&self, now: DateTime<Utc>) -> Result<Option<(End, i64)>, OrderingError> {
        let today = self.today(now)?;
        Ok(self.end().map(|end| (end, (end.last_day - today).num_days())))
    }

    /// Whether the actor can do now what moves the end.
    fn can_extend(&self, actor: &Actor, how: Extension, today: NaiveDate) -> bool {
        let extending = Extending {
            target: self.target(),
            // A project has no state that stands in the way.
            state: self.state.unwrap_or(ResourceState::Ok),
            was_in_use: self.activated_at.is_some(),
            has_open_order: self.open_order.is_some(),
            offering: self.offering_state.unwrap_or(OfferingState::Active),
            opening: Opening {
                first_day: self.project_start,
                last_day: self.project_end,
            },
        };
        extending.is_possible(actor, how, today)
    }
}

impl Ordering {
    /// What ends within 30 days, or is over and still kept, of all that the actor orders for or administers; the nearest
    /// first, 200 at most, each with whether the actor can extend it now.
    pub async fn ending_soon(&self, actor: &Actor) -> Result<Vec<EndingSoon>, OrderingError> {
        let resources = Visible::of(actor, Permission::PlaceOrder).filter(Columns {
            organization: Some(resource::Column::OrganizationId),
            project: Some(resource::Column::ProjectId),
            ..Columns::default()
        });
        let projects = Visible::of(actor, Permission::EditProject).filter(Columns {
            organization: Some(project::Column::OrganizationId),
            project: Some(project::Column::Id),
            ..Columns::default()
        });
        let mut ends = resources_near(&self.core, &resources).await?;
        ends.extend(projects_near(&self.core, &projects).await?);
        let prepaid = self.prepaid_among(&ends).await?;
        let mut soon = Vec::new();
        for ending in ends {
            soon.extend(self.shown(actor, ending, &prepaid)?);
        }
        soon.sort_by_key(|one| one.last_day);
        soon.truncate(MOST_AT_ONCE);
        Ok(soon)
    }

    fn shown(
        &self,
        actor: &Actor,
        ending: Ending,
        prepaid: &BTreeSet<OfferingId>,
    ) -> Result<Option<EndingSoon>, OrderingError> {
        let Some((end, days_left)) = ending.days_left(self.core.now())? else {
            return Ok(None);
        };
        let rules = ending.duration.as_ref().map(lifetime::rules).transpose()?;
        let kind = ending.kind();
        let with_project = kind == EndingKind::Resource && end.of_project;
        // A project's end stands for all that is in it; once it is over, what is kept stands for itself.
        let stands = if with_project || kind == EndingKind::Project {
            (kind == EndingKind::Project) == (days_left >= 0)
        } else {
            true
        };
        let is_near = days_left <= i64::try_from(NEAR).unwrap_or(i64::MAX);
        let (today, rules) = (ending.today(self.core.now())?, rules.unwrap_or_default());
        let next = ending.own_end.and_then(|end| end.succ_opt());
        let is_prepaid = ending
            .offering_id
            .is_some_and(|offering| prepaid.contains(&offering));
        let next = next.map_or(today, |next| Ord::max(next, today));
        // Renewals that are counted from the 31st may be some days longer; whether they fit is looked at when one is ordered.
        let shortest = last_day_of_term(next, rules.least()).filter(|_| is_prepaid);
        let extension = extension(Some(end), ending.project_end, is_prepaid, shortest);
        Ok((stands && is_near).then(|| EndingSoon {
            can_extend: ending.can_extend(actor, extension, today),
            kind,
            resource_id: ending.resource_id,
            project_id: ending.project_id,
            name: ending.name,
            project_name: ending.project_name,
            last_day: end.last_day,
            days_left,
            ended_after: last_day_kept(
                end.last_day,
                rules,
                (ending.grace_used.unwrap_or_default(), ending.kept_until),
            ),
            extension,
            renewal: ending.open_renewal,
        }))
    }

    async fn prepaid_among(&self, ends: &[Ending]) -> Result<BTreeSet<OfferingId>, OrderingError> {
        let offerings: BTreeSet<OfferingId> = ends.iter().filter_map(|one| one.offering_id).collect();
        let rows = entity::component::Entity::find()
            .select_only()
            .distinct()
            .column(entity::component::Column::OfferingId)
            .filter(entity::component::Column::OfferingId.is_in(offerings))
            .filter(entity::component::Column::Prepaid.eq(true))
            .into_tuple()
            .all(self.core.read())
            .await?;
        Ok(rows.into_iter().collect())
    }
}

impl OrderOperations {
    /// Writes down, once each, that the end of a resource or project is 30, 7 or 1 day away, and that a project is over.
    /// Answers how many of these were new.
    pub async fn send_end_notices(&self) -> Result<u64, OrderingError> {
        let now = self.core.now();
        let mut ends = resources_near(&self.core, &Condition::all()).await?;
        ends.extend(projects_near(&self.core, &Condition::all()).await?);
        let told = self.told(&ends).await?;
        let mut new = 0;
        for ending in ends {
            let Some((end, left)) = ending.days_left(now)? else {
                continue;
            };
            // What ends only because its project does is told with the project.
            let of_project = ending.kind() == EndingKind::Resource && end.of_project;
            let over = (ending.kind() == EndingKind::Project && left < 0).then_some(0);
            let Some(days) = notice_due(left).or(over).filter(|_| !of_project) else {
                continue;
            };
            if !told.contains(&(ending.subject(), end.last_day, days)) {
                new += u64::from(self.tell(&ending, end, days).await?);
            }
        }
        Ok(new)
    }

    /// Whether nobody else was first.
    async fn tell(&self, ending: &Ending, end: End, days: u32) -> Result<bool, OrderingError> {
        let tx = self.core.write_tx().await?;
        let row = end_notice::ActiveModel {
            subject_id: Set(ending.subject()),
            last_day: Set(end.last_day),
            days: Set(i32::try_from(days).unwrap_or_default()),
            kind: Set(ending.kind()),
        };
        let stored = end_notice::Entity::insert(row)
            .on_conflict_do_nothing()
            .exec_without_returning(&*tx)
            .await?;
        if !matches!(stored, TryInsertResult::Inserted(rows) if rows > 0) {
            return Ok(false);
        }
        let verb = match (ending.kind(), days) {
            (EndingKind::Resource, _) => EventKind::ResourceEndingSoon,
            (EndingKind::Project, 0) => EventKind::ProjectEnded,
            (EndingKind::Project, _) => EventKind::ProjectEndingSoon,
        };
        let actor = Actor::system();
        let event = Event::new(&actor, verb, ending.subject())
            .on(ending.target())
            .after(json!({ "last_day": end.last_day, "days": days }));
        audit::record_in(&self.core, &tx, event).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn told(&self, ends: &[Ending]) -> Result<BTreeSet<(Uuid, NaiveDate, u32)>, OrderingError> {
        let mut told = BTreeSet::new();
        for some in ends.chunks(500) {
            let rows = end_notice::Entity::find()
                .filter(end_notice::Column::SubjectId.is_in(some.iter().map(Ending::subject)))
                .all(self.core.read())
                .await?;
            let key = |row: end_notice::Model| {
                (
                    row.subject_id,
                    row.last_day,
                    u32::try_from(row.days).unwrap_or_default(),
                )
            };
            told.extend(rows.into_iter().map(key));
        }
        Ok(told)
    }
}

/// The day by which an end is near, with a day's slack for every zone.
fn horizon(core: &Core) -> NaiveDate {
    let today = core.now().date_naive();
    today.checked_add_days(Days::new(NEAR + 1)).unwrap_or(today)
}

async fn resources_near(core: &Core, whose: &Condition) -> Result<Vec<Ending>, OrderingError> {
    use resource::Column as C;
    let project_end = Expr::col((project::Entity, project::Column::EndDate));
    let near = Condition::any()
        .add(C::EndDate.lte(horizon(core)))
        .add(project_end.clone().lte(horizon(core)));
    let gone = [ResourceState::Terminated, ResourceState::Terminating];
    let rows = resource::Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, resource::Relation::Project.def())
        .join(JoinType::InnerJoin, resource::Relation::Organization.def())
        .join(JoinType::InnerJoin, resource::Relation::Offering.def())
        .column_as(C::Id, "resource_id")
        .columns([
            C::ProjectId,
            C::OrganizationId,
            C::ProviderId,
            C::OfferingId,
            C::Name,
        ])
        .column_as(project::Column::Name, "project_name")
        .column_as(C::EndDate, "own_end")
        .columns([C::KeptUntil, C::GraceUsed])
        .column_as(project_end, "project_end")
        .column_as(entity::offering::Column::Duration, "duration")
        .column_as(organization::Column::Zones, "zone")
        .column_as(
            Expr::col((project::Entity, project::Column::StartDate)),
            "project_start",
        )
        .columns([C::State, C::ActivatedAt])
        .column_as(entity::offering::Column::State, "offering_state")
        .column_as(Expr::expr(open_order_of_row()), "open_order")
        .column_as(Expr::expr(open_renewal_of_row()), "open_renewal")
        .filter(C::State.is_not_in(gone))
        // What never ran is neither billed nor kept: nothing of it ends.
        .filter(C::ActivatedAt.is_not_null())
        .filter(near)
        .filter(whose.clone())
        .order_by_asc(C::Id);
    Ok(rows.into_model().all(core.read()).await?)
}

async fn projects_near(core: &Core, whose: &Condition) -> Result<Vec<Ending>, OrderingError> {
    use project::Column as C;
    let recently = core
        .now()
        .date_naive()
        .checked_sub_days(Days::new(NEAR))
        .unwrap_or_default();
    let rows = project::Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, project::Relation::Organization.def())
        .column_as(C::Id, "project_id")
        .columns([C::OrganizationId, C::Name])
        .column_as(C::Name, "project_name")
        .column_as(C::EndDate, "own_end")
        .column_as(C::EndDate, "project_end")
        .column_as(organization::Column::Zones, "zone")
        .column_as(C::StartDate, "project_start")
        .filter(C::EndDate.lte(horizon(core)))
        .filter(C::EndDate.gte(recently))
        .filter(whose.clone())
        .order_by_asc(C::Id);
    Ok(rows.into_model().all(core.read()).await?)
}
