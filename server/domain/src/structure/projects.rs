//! Projects: creating, changing, listing.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::project::{ActiveModel, Column, Entity, Model};
use entity::{organization, resource};
use model::{
    Currency, EventKind, Money, NamedList, NewProject, OrganizationId, Page, PageRequest, Permission,
    ProjectChange, ProjectId, ProjectSummary, ResourceState,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::{Opening, Structure, StructureError};
use crate::access::{AccessError, Actor, Columns, Target, Visible, authorize};
use crate::audit::{self, Event};
use crate::check::Check;
use crate::zone::Zone;
use crate::{page, slug};

/// The most projects that a refusal names.
const NAMED: usize = 10;

impl Structure {
    /// Creates a project in an organization. A last day that is over and an approval limit with more decimals than the
    /// organization's currency are refused at their fields.
    pub async fn create_project(&self, actor: &Actor, new: NewProject) -> Result<ProjectId, StructureError> {
        let target = Target::organization(new.organization_id);
        authorize(actor, Permission::CreateProject, &target)?;
        let change = checked(ProjectChange {
            name: new.name,
            description: new.description,
            start_date: new.start_date,
            end_date: new.end_date,
            approval_limit: new.approval_limit,
        })?;
        if change.approval_limit.is_some() {
            authorize(actor, Permission::ApproveOrder, &target)?;
        }
        let tx = self.core.write_tx().await?;
        // Two of one name wait for each other here and take different slugs.
        let owner = organization::Entity::find_by_id(new.organization_id)
            .lock_exclusive()
            .one(&*tx)
            .await?
            .ok_or(AccessError::NotFound)?;
        check_limit(&change, &owner)?;
        self.refuse_past_end(&owner, change.end_date)?;
        let slug = free_slug(&tx, new.organization_id, new.slug.as_deref(), &change.name).await?;
        let id = self.core.new_id(ProjectId);
        let row = ActiveModel {
            id: Set(id),
            organization_id: Set(new.organization_id),
            slug: Set(slug),
            name: Set(change.name),
            description: Set(change.description),
            start_date: Set(change.start_date),
            end_date: Set(change.end_date),
            approval_limit: Set(change.approval_limit),
            created_at: Set(self.core.now()),
        };
        let row = row.insert(&*tx).await?;
        let event = Event::new(actor, EventKind::ProjectCreated, id.0)
            .on(Target::project(new.organization_id, id))
            .after(shown(&row));
        audit::record_in(&self.core, &tx, event).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes a project. Refused at their fields: a first day that lies ahead while the project has resources, a last day
    /// that is over, days outside of which an order is scheduled, an approval limit with more decimals than the
    /// organization's currency. The slug stays. Everything in it ends with its last day; what had stopped with an earlier
    /// one and is still there goes on once the system sees it.
    pub async fn edit_project(
        &self,
        actor: &Actor,
        id: ProjectId,
        change: ProjectChange,
    ) -> Result<(), StructureError> {
        let tx = self.core.write_tx().await?;
        let row = Entity::find_by_id(id)
            .lock_exclusive()
            .one(&*tx)
            .await?
            .ok_or(AccessError::NotFound)?;
        let target = Target::project(row.organization_id, id);
        authorize(actor, Permission::EditProject, &target)?;
        self.check_state(&shown(&row))?;
        let change = checked(change)?;
        if change.approval_limit != row.approval_limit {
            // Whoever is bound by the limit must not raise it.
            authorize(actor, Permission::ApproveOrder, &target)?;
        }
        let owner = owner_of(&tx, row.organization_id).await?;
        if change.approval_limit != row.approval_limit {
            check_limit(&change, &owner)?;
        }
        if change.end_date != row.end_date {
            self.refuse_past_end(&owner, change.end_date)?;
        }
        if change.start_date != row.start_date {
            self.refuse_late_start(&tx, (id, &owner), change.start_date)
                .await?;
        }
        if (change.start_date, change.end_date) != (row.start_date, row.end_date) {
            let opening = Opening {
                first_day: change.start_date,
                last_day: change.end_date,
            };
            opening.keep_scheduled(&*tx, id).await?;
        }
        let before = shown(&row);
        let mut row: ActiveModel = row.into();
        row.name = Set(change.name);
        row.description = Set(change.description);
        row.start_date = Set(change.start_date);
        row.end_date = Set(change.end_date);
        row.approval_limit = Set(change.approval_limit);
        let row = row.update(&*tx).await?;
        let event = Event::new(actor, EventKind::ProjectChanged, id.0)
            .on(target)
            .before(before)
            .after(shown(&row));
        audit::record_in(&self.core, &tx, event).await?;
        Ok(tx.commit().await?)
    }

    /// The currency in which the approval limits of an organization's projects are, for who may make projects in it.
    pub async fn limit_currency(
        &self,
        actor: &Actor,
        id: OrganizationId,
    ) -> Result<Currency, StructureError> {
        authorize(actor, Permission::CreateProject, &Target::organization(id))?;
        let row = organization::Entity::find_by_id(id).one(self.core.read()).await?;
        Ok(row.ok_or(AccessError::NotFound)?.currency)
    }

    /// What has resources has begun.
    async fn refuse_late_start(
        &self,
        tx: &DatabaseTransaction,
        (id, owner): (ProjectId, &organization::Model),
        start: Option<NaiveDate>,
    ) -> Result<(), StructureError> {
        let Some(start) = start else { return Ok(()) };
        if Zone::of(owner).is_ok_and(|zone| start <= zone.day(self.core.now())) {
            return Ok(());
        }
        if !resource_counts(tx, [id]).await?.contains_key(&id) {
            return Ok(());
        }
        let message = "The project has resources that are not terminated, so it has begun: choose today or an earlier day.";
        Err(StructureError::Invalid(vec![model::FieldFault::at(
            "start_date",
            "in_use",
            message,
        )]))
    }

    /// A last day that is over where the organization is would end everything at once and backwards.
    fn refuse_past_end(
        &self,
        owner: &organization::Model,
        end: Option<NaiveDate>,
    ) -> Result<(), StructureError> {
        let Some(end) = end else { return Ok(()) };
        let zone = Zone::of(owner);
        if zone.is_ok_and(|zone| end >= zone.day(self.core.now())) {
            return Ok(());
        }
        let message = "Choose today or a later day.";
        Err(StructureError::Invalid(vec![model::FieldFault::at(
            "end_date", "past", message,
        )]))
    }

    /// A project, to those who see it. Everybody else is refused as for one that does not exist (`NotFound`).
    pub async fn project(&self, actor: &Actor, id: ProjectId) -> Result<ProjectSummary, StructureError> {
        let found = Entity::find_by_id(id)
            .find_both_related(organization::Entity)
            .one(self.core.read())
            .await?;
        let (row, organization) = found.ok_or(AccessError::NotFound)?;
        authorize(
            actor,
            Permission::ViewProject,
            &Target::project(row.organization_id, id),
        )?;
        let counts = resource_counts(self.core.read(), [id]).await?;
        Ok(summary(row, organization, &counts, self.core.now()))
    }

    /// Projects that the actor sees, by name unless `list` says otherwise; of one organization or of all.
    pub async fn projects(
        &self,
        actor: &Actor,
        organization: Option<OrganizationId>,
        list: &NamedList,
        request: &PageRequest,
    ) -> Result<Page<ProjectSummary>, StructureError> {
        let mut select = Entity::find().filter(seen_by(actor));
        if let Some(organization) = organization {
            select = select.filter(Column::OrganizationId.eq(organization));
        }
        if let Some(instant) = list.updated_since {
            select = select.filter(audit::changed_since("project", Column::Id, instant));
        }
        let rows = page::by_name_or_age(select, Column::Name, Column::Id, request, list.sort)?
            .find_both_related(organization::Entity)
            .all(self.core.read())
            .await?;
        let page = page::cut(rows, request, |(row, _)| page::key(list.sort, &row.name, row.id));
        let counts = resource_counts(self.core.read(), page.items.iter().map(|(row, _)| row.id)).await?;
        let now = self.core.now();
        Ok(page.map(|(row, organization)| summary(row, organization, &counts, now)))
    }
}

/// The organization of a project, whose currency stays until the transaction ends.
async fn owner_of(
    tx: &DatabaseTransaction,
    id: OrganizationId,
) -> Result<organization::Model, StructureError> {
    let owner = organization::Entity::find_by_id(id).lock_shared().one(tx).await?;
    Ok(owner.ok_or(AccessError::NotFound)?)
}

/// Approval limits are amounts in the currency of the locked organization: in another one the same figure would let
/// through what nobody meant. So the currency stays while any of them stands.
pub(super) async fn refuse_other_currency(
    tx: &DatabaseTransaction,
    id: OrganizationId,
    present: Currency,
) -> Result<(), StructureError> {
    let names: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Name)
        .filter(Column::OrganizationId.eq(id))
        .filter(Column::ApprovalLimit.is_not_null())
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(tx)
        .await?;
    if names.is_empty() {
        return Ok(());
    }
    let shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let rest = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "Approval limits stand in {present} in these projects: {}{rest}. Take them away first, then set them anew.",
        shown.join(", ")
    );
    Err(StructureError::Invalid(vec![model::FieldFault::at(
        "currency",
        "limits_stand",
        message,
    )]))
}

/// An approval limit is an amount that can be paid in the organization's currency.
fn check_limit(change: &ProjectChange, owner: &organization::Model) -> Result<(), StructureError> {
    let Some(limit) = change.approval_limit else {
        return Ok(());
    };
    if Money::from_fixed(limit, owner.currency).is_rounded() {
        return Ok(());
    }
    let message = format!(
        "{} has {} decimals at most.",
        owner.currency,
        owner.currency.minor_unit()
    );
    Err(StructureError::Invalid(vec![model::FieldFault::at(
        "approval_limit",
        "too_precise",
        message,
    )]))
}

/// The projects that the actor sees.
pub(super) fn seen_by(actor: &Actor) -> Condition {
    Visible::of(actor, Permission::ViewProject).filter(Columns {
        organization: Some(Column::OrganizationId),
        project: Some(Column::Id),
        ..Columns::default()
    })
}

/// How many resources that are not gone each of these projects has.
pub(super) async fn resource_counts<C: ConnectionTrait>(
    conn: &C,
    projects: impl IntoIterator<Item = ProjectId>,
) -> Result<HashMap<ProjectId, i64>, DbErr> {
    let rows: Vec<(ProjectId, i64)> = resource::Entity::find()
        .select_only()
        .column(resource::Column::ProjectId)
        .column_as(resource::Column::Id.count(), "count")
        .filter(resource::Column::ProjectId.is_in(projects))
        .filter(resource::Column::State.ne(ResourceState::Terminated))
        .group_by(resource::Column::ProjectId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().collect())
}

pub(super) fn summary(
    row: Model,
    organization: organization::Model,
    resources: &HashMap<ProjectId, i64>,
    now: DateTime<Utc>,
) -> ProjectSummary {
    let currency = organization.currency;
    let today = Zone::of(&organization).ok().map(|zone| zone.day(now));
    let days_left = row
        .end_date
        .zip(today)
        .map(|(end, today)| (end - today).num_days());
    let is_open = today.is_some_and(|today| Opening::of(&row).check(today).is_ok());
    ProjectSummary {
        resources: resources
            .get(&row.id)
            .and_then(|count| u64::try_from(*count).ok())
            .unwrap_or(0),
        id: row.id,
        organization_id: row.organization_id,
        organization_name: organization.name,
        slug: row.slug,
        name: row.name,
        description: row.description,
        start_date: row.start_date,
        end_date: row.end_date,
        days_left,
        is_open,
        currency,
        approval_limit: row.approval_limit.map(|limit| Money::from_fixed(limit, currency)),
    }
}

/// The organization must be locked: two projects that are created at once take different slugs.
async fn free_slug(
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    wish: Option<&str>,
    name: &str,
) -> Result<String, StructureError> {
    if let Some(wish) = wish {
        slug::check("slug", wish).map_err(StructureError::Invalid)?;
    }
    let stem = wish.map_or_else(|| slug::slug_of(name, "project"), str::to_owned);
    let taken: Vec<String> = Entity::find_in_organization(organization)
        .select_only()
        .column(Column::Slug)
        .filter(Column::Slug.starts_with(&stem))
        .into_tuple()
        .all(tx)
        .await?;
    if wish.is_some() && taken.contains(&stem) {
        let message = "Another project of this organization has this short name. Choose another.";
        return Err(StructureError::Invalid(vec![model::FieldFault::at(
            "slug", "taken", message,
        )]));
    }
    Ok(slug::free(&stem, &taken))
}

fn checked(change: ProjectChange) -> Result<ProjectChange, StructureError> {
    let mut check = Check::default();
    let checked = ProjectChange {
        name: check.required("name", &change.name, 150),
        description: check.lines("description", &change.description, 2_000),
        ..change
    };
    check.day("start_date", checked.start_date);
    check.day("end_date", checked.end_date);
    if let (Some(start), Some(end)) = (checked.start_date, checked.end_date) {
        check.ensure(
            end >= start,
            "end_date",
            "before_start",
            "The last day lies before the first.",
        );
    }
    let limit = checked.approval_limit.is_none_or(|limit| !limit.is_negative());
    check.ensure(
        limit,
        "approval_limit",
        "out_of_range",
        "The limit cannot be below zero.",
    );
    check.done().map_err(StructureError::Invalid)?;
    Ok(checked)
}

pub(crate) fn shown(row: &Model) -> serde_json::Value {
    json!({
        "name": row.name, "slug": row.slug, "description": row.description, "start_date": row.start_date,
        "end_date": row.end_date, "approval_limit": row.approval_limit,
    })
}
