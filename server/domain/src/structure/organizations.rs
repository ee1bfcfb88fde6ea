//! Organizations: creating, changing, listing.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::organization::{ActiveModel, Column, Entity, Model, StoredZones};
use entity::{category, offering, organization_version, project, resource};
use model::vat::vat_number;
use model::{
    EventKind, Fixed, NamedList, NewOrganization, OrganizationDetail, OrganizationId, OrganizationSummary,
    Page, PageRequest, Permission, ProjectId, ZoneSince,
};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect,
};
use serde_json::json;

use super::projects::refuse_other_currency;
use super::versions::{self, Versions, beginning};
use super::{Structure, StructureError};
use crate::access::{AccessError, Actor, Columns, Target, Visible, authorize};
use crate::audit::{self, Event};
use crate::check::Check;
use crate::core::advisory_lock;
use crate::zone::{self, Zone};
use crate::{country, page, slug, text};

impl Structure {
    /// Nothing where such an organization could be created; for staff. Refused for others (`Access`) and for details at fault
    /// (`Invalid`). Whether a short name is taken is seen only when it is created.
    pub fn check_organization(&self, actor: &Actor, new: &NewOrganization) -> Result<(), StructureError> {
        authorize(actor, Permission::ManageTeam, &Target::system())?;
        checked_new(self.core.new_id(OrganizationId), new.clone()).map(drop)
    }

    /// Creates an organization; for staff. Its first owner is granted with `Access::grant`. Refused for others
    /// (`Access`), details at fault, and a short name that is taken (`Invalid`).
    pub async fn create_organization(
        &self,
        actor: &Actor,
        new: NewOrganization,
    ) -> Result<OrganizationId, StructureError> {
        authorize(actor, Permission::ManageTeam, &Target::system())?;
        let id = self.core.new_id(OrganizationId);
        let wish = new.slug.clone();
        let detail = checked_new(id, new)?;
        let tx = self.core.write_tx().await?;
        let stem = wish
            .clone()
            .unwrap_or_else(|| slug::slug_of(&detail.name, "organization"));
        advisory_lock(&tx, "organization slugs").await?;
        let taken = slugs_like(&*tx, &stem).await?;
        if wish.is_some() && taken.contains(&stem) {
            return Err(taken_slug());
        }
        let now = self.core.now();
        let facts = facts_of(&detail, now);
        let zones = StoredZones(vec![since_ever(detail.time_zone.clone())]);
        let row = row_of(detail, slug::free(&stem, &taken), zones, now);
        row.clone().into_active_model().reset_all().insert(&*tx).await?;
        versions::put_in(&tx, facts.clone()).await?;
        let event = Event::new(actor, EventKind::OrganizationCreated, id.0)
            .on(Target::organization(id))
            .after(shown(&row, &facts));
        audit::record_in(&self.core, &tx, event).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// An organization whole, to those who see it. Everybody else is refused as for one that does not exist (`NotFound`).
    pub async fn organization(
        &self,
        actor: &Actor,
        id: OrganizationId,
    ) -> Result<OrganizationDetail, StructureError> {
        authorize(actor, Permission::ViewOrganization, &Target::organization(id))?;
        let db = self.core.read();
        let row = Entity::find_by_id(id)
            .one(db)
            .await?
            .ok_or(AccessError::NotFound)?;
        let versions = Versions::of(db, id).await?;
        let facts = versions.last().ok_or(AccessError::NotFound)?;
        Ok(detail(row, facts.clone(), self.core.now()))
    }

    /// Changes an organization's details. The slug stays; whether it sells, its currency and its tax are staff's to change,
    /// and of anybody else refused at their fields. So is another currency while approval limits of projects stand in it.
    ///
    /// What documents show and what tax depends on counts from the first month on that is over nowhere on Earth: documents of
    /// months before keep name, numbers and address, however late they are issued. E-mail and bank account are those of
    /// the day on which a document is issued. Another time zone counts from the next month on,
    /// unless nothing was ever bought. Another country or VAT number is unverified.
    pub async fn edit_organization(
        &self,
        actor: &Actor,
        change: OrganizationDetail,
    ) -> Result<(), StructureError> {
        let id = change.id;
        authorize(actor, Permission::EditOrganization, &Target::organization(id))?;
        let tx = self.core.write_tx().await?;
        let row = Entity::find_by_id(id)
            .lock_exclusive()
            .one(&*tx)
            .await?
            .ok_or(AccessError::NotFound)?;
        let versions = Versions::of(&*tx, id).await?;
        let known = versions.last().ok_or(AccessError::NotFound)?;
        self.check_state(&shown(&row, known))?;
        let change = checked(change, Some(known))?;
        if !actor.is_staff() {
            refuse_of_staff(&change, &row, known)?;
        }
        if change.currency != row.currency {
            refuse_other_currency(&tx, id, row.currency).await?;
        }
        let now = self.core.now();
        let facts = facts_of(&change, now);
        let zones = zones_after(&tx, &row, &change.time_zone, now).await?;
        let before = shown(&row, known);
        let shown_name = row.name.clone();
        let after = row_of(change, row.slug, zones, row.created_at);
        versions::keep_in(&tx, known, facts.clone(), now).await?;
        let row: ActiveModel = after.clone().into_active_model().reset_all();
        row.update(&*tx).await?;
        if after.name != shown_name {
            offerings_name_their_seller(&tx, id, &after.name).await?;
        }
        let event = Event::new(actor, EventKind::OrganizationChanged, id.0)
            .on(Target::organization(id))
            .before(before)
            .after(shown(&after, &facts));
        audit::record_in(&self.core, &tx, event).await?;
        Ok(tx.commit().await?)
    }

    /// Organizations that the actor sees whose name or slug holds `search`, by name unless `list` says otherwise.
    pub async fn organizations(
        &self,
        actor: &Actor,
        search: &str,
        list: &NamedList,
        request: &PageRequest,
    ) -> Result<Page<OrganizationSummary>, StructureError> {
        let visible = Visible::of(actor, Permission::ViewOrganization);
        let mut select = Entity::find().filter(visible.filter(Columns {
            organization: Some(Column::Id),
            ..Columns::default()
        }));
        if let Some(text) = page::needle(search) {
            select = select.filter(page::contains(Column::SearchText, &text));
        }
        if let Some(instant) = list.updated_since {
            select = select.filter(audit::changed_since("organization", Column::Id, instant));
        }
        let rows = page::by_name_or_age(select, Column::Name, Column::Id, request, list.sort)?
            .all(self.core.read())
            .await?;
        let page = page::cut(rows, request, |row| page::key(list.sort, &row.name, row.id));
        let counts = project_counts(self.core.read(), page.items.iter().map(|row| row.id)).await?;
        Ok(page.map(|row| summary(actor, row, &counts)))
    }
}

/// The catalogue finds what a seller offers by its name, too.
async fn offerings_name_their_seller(
    tx: &DatabaseTransaction,
    seller: OrganizationId,
    name: &str,
) -> Result<(), DbErr> {
    let offered = offering::Entity::find()
        .filter(offering::Column::ProviderId.eq(seller))
        .find_also_related(category::Entity)
        .all(tx)
        .await?;
    for (row, category) in offered {
        let text = text::OfferingText {
            name: &row.name,
            summary: &row.summary,
            seller: name,
            category: category.as_ref().map_or("", |category| &category.name),
            description: &row.description,
        };
        offering::Entity::update_many()
            .col_expr(offering::Column::SearchText, Expr::value(text.searched()))
            .filter(offering::Column::Id.eq(row.id))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// How many projects each of these organizations has.
pub(super) async fn project_counts<C: ConnectionTrait>(
    conn: &C,
    organizations: impl IntoIterator<Item = OrganizationId>,
) -> Result<HashMap<OrganizationId, i64>, DbErr> {
    let rows: Vec<(OrganizationId, i64)> = project::Entity::find()
        .select_only()
        .column(project::Column::OrganizationId)
        .column_as(project::Column::Id.count(), "count")
        .filter(project::Column::OrganizationId.is_in(organizations))
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

/// The time zones after `wish` was saved. A zone counts from the next month on, because the days of this one have been
/// counted already; one that is planned and not wished any more goes away. Where nothing was bought yet, no days were
/// counted, and it counts for all time.
async fn zones_after(
    tx: &DatabaseTransaction,
    row: &Model,
    wish: &str,
    now: DateTime<Utc>,
) -> Result<StoredZones, DbErr> {
    let bought = resource::Entity::find()
        .filter(resource::Column::OrganizationId.eq(row.id))
        .filter(resource::Column::ActivatedAt.is_not_null())
        .limit(1)
        .one(tx)
        .await?;
    // A stored zone that does not exist counts no days that could be kept.
    let (Some(_), Ok(zone)) = (bought, Zone::of(row)) else {
        return Ok(StoredZones(vec![since_ever(wish.to_owned())]));
    };
    let next = zone.month(now).next();
    let begun = |since: &&ZoneSince| since.from.is_none_or(|month| month < next);
    let mut zones: Vec<ZoneSince> = row.zones.0.iter().filter(begun).cloned().collect();
    if zones.last().is_none_or(|last| last.name != wish) {
        zones.push(ZoneSince {
            from: Some(next),
            name: wish.to_owned(),
        });
    }
    Ok(StoredZones(zones))
}

fn since_ever(name: String) -> ZoneSince {
    ZoneSince { from: None, name }
}

/// The details of an organization to be.
fn checked_new(id: OrganizationId, new: NewOrganization) -> Result<OrganizationDetail, StructureError> {
    let wish = new.slug.clone();
    let detail = checked(detail_of(id, new), None)?;
    if let Some(wish) = &wish {
        slug::check("slug", wish).map_err(StructureError::Invalid)?;
    }
    Ok(detail)
}

/// The details as they are stored, or all their faults. A country and VAT number that stay as they are `known` are not
/// looked at again.
fn checked(
    detail: OrganizationDetail,
    known: Option<&organization_version::Model>,
) -> Result<OrganizationDetail, StructureError> {
    let mut check = Check::default();
    let mut checked = OrganizationDetail {
        name: check.required("name", &detail.name, 150),
        legal_name: check.line("legal_name", &detail.legal_name, 200),
        registration_number: check.line("registration_number", &detail.registration_number, 50),
        vat_number: check.line("vat_number", &detail.vat_number, 50),
        address: check.printed_lines("address", &detail.address, 500),
        country: detail.country.trim().to_owned(),
        email: check.email("email", &detail.email),
        bank_account: check.line("bank_account", &detail.bank_account, 60),
        provider_description: check.lines("provider_description", &detail.provider_description, 5_000),
        ..detail
    };
    let stays =
        known.is_some_and(|known| known.country == checked.country && known.vat_number == checked.vat_number);
    if !stays {
        check_trader(&mut check, &mut checked);
    }
    check.ensure(
        zone::is_known(&checked.time_zone),
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

/// Refuses what only staff changes.
fn refuse_of_staff(
    change: &OrganizationDetail,
    row: &Model,
    known: &organization_version::Model,
) -> Result<(), StructureError> {
    let mut check = Check::default();
    let own = [
        ("tax_percent", change.tax_percent == known.tax_percent),
        ("currency", change.currency == row.currency),
        ("is_provider", change.is_provider == row.is_provider),
    ];
    for (path, stays) in own {
        let message = "Only those who run this portal change this. Ask them, or leave it as it is.";
        check.ensure(stays, path, "staff_only", message);
    }
    check.done().map_err(StructureError::Invalid)
}

/// Country and VAT number, written as they are stored.
fn check_trader(check: &mut Check, detail: &mut OrganizationDetail) {
    if !detail.country.is_empty() {
        match country::alpha2(&detail.country) {
            Some(code) => detail.country = code.to_owned(),
            None => {
                let advice = "Use the two-letter code of a country, such as EE.";
                return check.fault("country", "bad_country", advice);
            }
        }
    }
    match vat_number(&detail.country, &detail.vat_number) {
        Ok(number) => detail.vat_number = number,
        Err(fault) => check.fault("vat_number", "bad_vat_number", fault.to_string()),
    }
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
        time_zone_from: None,
        verified_at: None,
        is_provider: new.is_provider,
        provider_description: new.provider_description,
    }
}

fn detail(row: Model, facts: organization_version::Model, now: DateTime<Utc>) -> OrganizationDetail {
    let zone = Zone::of(&row).ok();
    let last = row.zones.0.last();
    let planned = last.and_then(|since| since.from).filter(|month| {
        zone.as_ref()
            .is_some_and(|zone| now < zone.start_of(month.first_day()))
    });
    OrganizationDetail {
        time_zone: last.map(|since| since.name.clone()).unwrap_or_default(),
        time_zone_from: planned,
        id: row.id,
        slug: row.slug,
        name: row.name,
        legal_name: facts.legal_name,
        registration_number: facts.registration_number,
        vat_number: facts.vat_number,
        address: facts.address,
        country: facts.country,
        email: row.email,
        bank_account: row.bank_account,
        currency: row.currency,
        tax_percent: facts.tax_percent,
        verified_at: facts.verified_at,
        is_provider: row.is_provider,
        provider_description: row.provider_description,
    }
}

fn facts_of(detail: &OrganizationDetail, now: DateTime<Utc>) -> organization_version::Model {
    organization_version::Model {
        organization_id: detail.id,
        valid_from: beginning(),
        name: detail.name.clone(),
        legal_name: detail.legal_name.clone(),
        registration_number: detail.registration_number.clone(),
        vat_number: detail.vat_number.clone(),
        address: detail.address.clone(),
        country: detail.country.clone(),
        tax_percent: detail.tax_percent,
        verified_at: None,
        verified_by: None,
        changed_at: now,
    }
}

fn row_of(detail: OrganizationDetail, slug: String, zones: StoredZones, created_at: DateTime<Utc>) -> Model {
    Model {
        id: detail.id,
        search_text: text::search_text([detail.name.as_str(), &slug]),
        slug,
        name: detail.name,
        email: detail.email,
        bank_account: detail.bank_account,
        currency: detail.currency,
        zones,
        is_provider: detail.is_provider,
        provider_description: detail.provider_description,
        created_at,
    }
}

pub(super) fn shown(row: &Model, facts: &organization_version::Model) -> serde_json::Value {
    json!({
        "name": row.name, "slug": row.slug, "legal_name": facts.legal_name, "vat_number": facts.vat_number,
        "registration_number": facts.registration_number, "address": facts.address, "country": facts.country,
        "email": row.email, "bank_account": row.bank_account, "currency": row.currency,
        "tax_percent": facts.tax_percent, "time_zones": row.zones, "is_provider": row.is_provider,
        "provider_description": row.provider_description,
    })
}
