//! Organizations: creating, changing, listing.

use std::collections::HashMap;

use entity::organization::{ActiveModel, Column, Entity, Model};
use entity::project;
use model::{
    Fixed, NewOrganization, OrganizationDetail, OrganizationId, OrganizationSummary, Page, PageRequest,
    Permission, ProjectId,
};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::{Structure, StructureError};
use crate::access::{AccessError, Actor, Columns, Target, Visible, authorize};
use crate::audit::{self, Event};
use crate::check::Check;
use crate::{page, slug};

impl Structure {
    /// Creates an organization; for staff. Its first owner is granted with `Access::grant`.
    pub async fn create_organization(
        &self,
        actor: &Actor,
        new: NewOrganization,
    ) -> Result<OrganizationId, StructureError> {
        authorize(actor, Permission::ManageTeam, &Target::system())?;
        let id = self.core.new_id(OrganizationId);
        let wish = new.slug.clone();
        let detail = checked(detail_of(id, new))?;
        if let Some(wish) = &wish {
            slug::check("slug", wish).map_err(StructureError::Invalid)?;
        }
        let tx = self.core.write_tx().await?;
        let stem = wish
            .clone()
            .unwrap_or_else(|| slug::slug_of(&detail.name, "organization"));
        let taken = slugs_like(&*tx, &stem).await?;
        if wish.is_some() && taken.contains(&stem) {
            return Err(taken_slug());
        }
        let row = row_of(detail, slug::free(&stem, &taken), self.core.now());
        row.clone().into_active_model().reset_all().insert(&*tx).await?;
        let event = Event::new(actor, "organization", id.0, "organization.created")
            .on(Target::organization(id))
            .after(shown(&row));
        audit::record_in(&self.core, &tx, event).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// An organization whole, to those who see it.
    pub async fn organization(
        &self,
        actor: &Actor,
        id: OrganizationId,
    ) -> Result<OrganizationDetail, StructureError> {
        authorize(actor, Permission::ViewOrganization, &Target::organization(id))?;
        let row = Entity::find_by_id(id)
            .one(self.core.read())
            .await?
            .ok_or(AccessError::NotFound)?;
        Ok(detail(row))
    }

    /// Changes an organization's details. The slug stays; whether it sells and its tax are staff's to change.
    pub async fn edit_organization(
        &self,
        actor: &Actor,
        change: OrganizationDetail,
    ) -> Result<(), StructureError> {
        let id = change.id;
        authorize(actor, Permission::EditOrganization, &Target::organization(id))?;
        let change = checked(change)?;
        let tx = self.core.write_tx().await?;
        let row = Entity::find_by_id(id)
            .lock_exclusive()
            .one(&*tx)
            .await?
            .ok_or(AccessError::NotFound)?;
        if row.archived_at.is_some() {
            return Err(StructureError::Archived);
        }
        let before = shown(&row);
        let mut after = row_of(change, row.slug, row.created_at);
        after.archived_at = row.archived_at;
        if !actor.is_staff() {
            after.is_provider = row.is_provider;
            after.tax_percent = row.tax_percent;
            after.currency = row.currency;
        }
        let row: ActiveModel = after.clone().into_active_model().reset_all();
        row.update(&*tx).await?;
        let event = Event::new(actor, "organization", id.0, "organization.changed")
            .on(Target::organization(id))
            .before(before)
            .after(shown(&after));
        audit::record_in(&self.core, &tx, event).await?;
        Ok(tx.commit().await?)
    }

    /// Organizations that the actor sees whose name or slug holds `search`, by name.
    pub async fn organizations(
        &self,
        actor: &Actor,
        search: &str,
        request: &PageRequest,
    ) -> Result<Page<OrganizationSummary>, StructureError> {
        let visible = Visible::of(actor, Permission::ViewOrganization);
        let mut select = Entity::find_current().filter(visible.filter(Columns {
            organization: Some(Column::Id),
            ..Columns::default()
        }));
        if let Some(text) = page::needle(search) {
            let by_name = page::contains(Column::Name, &text);
            select = select.filter(
                Condition::any()
                    .add(by_name)
                    .add(page::contains(Column::Slug, &text)),
            );
        }
        if let Some((name, id)) = page::after_name(request)? {
            select = select.filter(page::beyond(Column::Name, Column::Id, name, id));
        }
        let rows = select
            .order_by_asc(Column::Name)
            .order_by_asc(Column::Id)
            .limit(page::fetch(request))
            .all(self.core.read())
            .await?;
        let page = page::cut(rows, request, |row| vec![row.name.clone(), row.id.to_string()]);
        let counts = project_counts(self.core.read(), page.items.iter().map(|row| row.id)).await?;
        Ok(page.map(|row| summary(actor, row, &counts)))
    }
}

/// How many projects that are not archived each of these organizations has.
pub(super) async fn project_counts<C: ConnectionTrait>(
    conn: &C,
    organizations: impl IntoIterator<Item = OrganizationId>,
) -> Result<HashMap<OrganizationId, i64>, DbErr> {
    let rows: Vec<(OrganizationId, i64)> = project::Entity::find()
        .select_only()
        .column(project::Column::OrganizationId)
        .column_as(project::Column::Id.count(), "count")
        .filter(project::Column::OrganizationId.is_in(organizations))
        .filter(project::Column::ArchivedAt.is_null())
        .group_by(project::Column::OrganizationId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The condition "the organization of one of these projects".
pub(super) fn of_projects(projects: &[ProjectId]) -> Condition {
    let mut of = Query::select();
    of.column(project::Column::OrganizationId)
        .from(project::Entity)
        .cond_where(project::Column::Id.is_in(projects.iter().copied()));
    Condition::all().add(Column::Id.in_subquery(of))
}

pub(super) fn summary(
    actor: &Actor,
    row: Model,
    projects: &HashMap<OrganizationId, i64>,
) -> OrganizationSummary {
    OrganizationSummary {
        can_edit: actor.may(Permission::EditOrganization, &Target::organization(row.id)),
        id: row.id,
        slug: row.slug,
        name: row.name,
        is_provider: row.is_provider,
        country: row.country,
        projects: projects
            .get(&row.id)
            .and_then(|count| u64::try_from(*count).ok())
            .unwrap_or(0),
    }
}

async fn slugs_like<C: ConnectionTrait>(conn: &C, stem: &str) -> Result<Vec<String>, DbErr> {
    let select = Entity::find()
        .select_only()
        .column(Column::Slug)
        .filter(Column::Slug.starts_with(stem));
    select.into_tuple().all(conn).await
}

fn taken_slug() -> StructureError {
    StructureError::Invalid(vec![model::FieldFault::at(
        "slug",
        "taken",
        "Another organization has this short name. Choose another.",
    )])
}

fn checked(detail: OrganizationDetail) -> Result<OrganizationDetail, StructureError> {
    let mut check = Check::default();
    let checked = OrganizationDetail {
        name: check.required("name", &detail.name, 150),
        legal_name: check.line("legal_name", &detail.legal_name, 200),
        registration_number: check.line("registration_number", &detail.registration_number, 50),
        vat_number: check.line("vat_number", &detail.vat_number, 50),
        address: check.lines("address", &detail.address, 500),
        country: check.line("country", &detail.country, 2).to_uppercase(),
        email: check.line("email", &detail.email, 254),
        bank_account: check.line("bank_account", &detail.bank_account, 60),
        provider_description: check.lines("provider_description", &detail.provider_description, 5_000),
        ..detail
    };
    let country = checked.country.len();
    check.ensure(
        country == 0 || country == 2,
        "country",
        "bad_country",
        "Use the two-letter code, such as EE.",
    );
    check.ensure(
        checked.email.is_empty() || checked.email.contains('@'),
        "email",
        "bad_email",
        "Write an e-mail address like bills@example.org.",
    );
    let known = checked.time_zone.parse::<chrono_tz::Tz>().is_ok();
    check.ensure(
        known,
        "time_zone",
        "unknown_time_zone",
        "Choose a time zone such as Europe/Tallinn.",
    );
    let percent = !checked.tax_percent.is_negative() && checked.tax_percent <= Fixed::from(100);
    check.ensure(
        percent,
        "tax_percent",
        "out_of_range",
        "Tax lies between 0 and 100 percent.",
    );
    check.done().map_err(StructureError::Invalid)?;
    Ok(checked)
}

fn detail_of(id: OrganizationId, new: NewOrganization) -> OrganizationDetail {
    OrganizationDetail {
        id,
        slug: String::new(),
        name: new.name,
        legal_name: new.legal_name,
        registration_number: new.registration_number,
        vat_number: new.vat_number,
        address: new.address,
        country: new.country,
        email: new.email,
        bank_account: new.bank_account,
        currency: new.currency,
        tax_percent: new.tax_percent,
        time_zone: new.time_zone,
        is_provider: new.is_provider,
        provider_description: new.provider_description,
        archived_at: None,
    }
}

fn detail(row: Model) -> OrganizationDetail {
    OrganizationDetail {
        id: row.id,
        slug: row.slug,
        name: row.name,
        legal_name: row.legal_name,
        registration_number: row.registration_number,
        vat_number: row.vat_number,
        address: row.address,
        country: row.country,
        email: row.email,
        bank_account: row.bank_account,
        currency: row.currency,
        tax_percent: row.tax_percent,
        time_zone: row.time_zone,
        is_provider: row.is_provider,
        provider_description: row.provider_description,
        archived_at: row.archived_at,
    }
}

fn row_of(detail: OrganizationDetail, slug: String, created_at: chrono::DateTime<chrono::Utc>) -> Model {
    Model {
        id: detail.id,
        slug,
        name: detail.name,
        legal_name: detail.legal_name,
        registration_number: detail.registration_number,
        vat_number: detail.vat_number,
        address: detail.address,
        country: detail.country,
        email: detail.email,
        bank_account: detail.bank_account,
        currency: detail.currency,
        tax_percent: detail.tax_percent,
        time_zone: detail.time_zone,
        is_provider: detail.is_provider,
        provider_description: detail.provider_description,
        archived_at: detail.archived_at,
        created_at,
    }
}

fn shown(row: &Model) -> serde_json::Value {
    json!({
        "name": row.name, "slug": row.slug, "legal_name": row.legal_name, "vat_number": row.vat_number,
        "registration_number": row.registration_number, "address": row.address, "country": row.country,
        "email": row.email, "bank_account": row.bank_account, "currency": row.currency,
        "tax_percent": row.tax_percent, "time_zone": row.time_zone, "is_provider": row.is_provider,
    })
}
