//! What organizations were on documents, month by month: the one place that says which facts count for a month.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::{offering, organization, organization_version, user};
use model::vat::in_union;
use model::{
    EventKind, Month, OrganizationId, OrganizationVersion, Party, Permission, UnverifiedOrganization, UserId,
};
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect,
};
use serde_json::json;

use super::{Structure, StructureError};
use crate::access::{AccessError, Actor, Target, authorize};
use crate::audit::{self, Event};
use crate::core::Core;
use crate::page::MOST_AT_ONCE;
use crate::zone::first_open_month;

/// The month of the version with which an organization begins.
pub(crate) fn beginning() -> Month {
    Month::containing(chrono::NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default())
}

/// The versions of one organization, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Versions(Vec<organization_version::Model>);

impl Versions {
    /// All versions of one organization; [`AccessError::NotFound`] where there is none.
    pub(crate) async fn of(db: &impl ConnectionTrait, id: OrganizationId) -> Result<Self, AccessError> {
        Self::of_all(db, [id])
            .await?
            .remove(&id)
            .ok_or(AccessError::NotFound)
    }

    /// All versions of several, in one query.
    pub(crate) async fn of_all(
        db: &impl ConnectionTrait,
        ids: impl IntoIterator<Item = OrganizationId>,
    ) -> Result<HashMap<OrganizationId, Self>, DbErr> {
        let rows = organization_version::Entity::find_of(ids).all(db).await?;
        let mut all: HashMap<OrganizationId, Self> = HashMap::new();
        for row in rows {
            let versions = all.entry(row.organization_id).or_insert_with(|| Self(Vec::new()));
            versions.0.push(row);
        }
        Ok(all)
    }

    /// What counts for a month; the first version before any.
    pub(crate) fn on(&self, month: Month) -> Option<&organization_version::Model> {
        let started = self.0.iter().rev().find(|version| version.valid_from <= month);
        started.or_else(|| self.0.first())
    }

    /// The last version up to a month whose country and VAT number staff confirmed. A version that was replaced within its
    /// own month never counted.
    pub(crate) fn verified_on(&self, month: Month) -> Option<&organization_version::Model> {
        let mut started = self.0.iter().rev().filter(|version| version.valid_from <= month);
        started.find(|version| version.verified_at.is_some())
    }

    /// Each of them, oldest first.
    pub(crate) fn all(&self) -> &[organization_version::Model] {
        &self.0
    }

    /// What was saved last.
    pub(crate) fn last(&self) -> Option<&organization_version::Model> {
        self.0.last()
    }
}

/// The organization as a party of a document of the month for which `version` counts. How it is reached is as it is now.
pub(crate) fn party(organization: &organization::Model, version: &organization_version::Model) -> Party {
    Party {
        name: printed_name(version).to_owned(),
        registration_number: version.registration_number.clone(),
        vat_number: version.vat_number.clone(),
        address: version.address.clone(),
        country: version.country.clone(),
        email: organization.email.clone(),
        bank_account: organization.bank_account.clone(),
    }
}

fn printed_name(version: &organization_version::Model) -> &str {
    if version.legal_name.is_empty() {
        &version.name
    } else {
        &version.legal_name
    }
}

/// Keeps `facts` as the version of the months that are open at `now`. What was verified stays so while country and VAT
/// number stay; a version of a month that is over is never touched.
pub(super) async fn keep_in(
    tx: &DatabaseTransaction,
    before: &organization_version::Model,
    facts: organization_version::Model,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let same_trader = before.country == facts.country && before.vat_number == facts.vat_number;
    let row = organization_version::Model {
        valid_from: first_open_month(now).max(before.valid_from),
        verified_at: facts.verified_at.or(before.verified_at.filter(|_| same_trader)),
        verified_by: facts.verified_by.or(before.verified_by.filter(|_| same_trader)),
        changed_at: now,
        ..facts
    };
    let unchanged = organization_version::Model {
        valid_from: before.valid_from,
        changed_at: before.changed_at,
        ..row.clone()
    };
    if unchanged == *before {
        return Ok(());
    }
    put_in(tx, row).await
}

/// Writes a version over the one of the same month, if there is one.
pub(super) async fn put_in(tx: &DatabaseTransaction, row: organization_version::Model) -> Result<(), DbErr> {
    use organization_version::Column as C;
    let replace = OnConflict::columns([C::OrganizationId, C::ValidFrom])
        .update_columns([
            C::Name,
            C::LegalName,
            C::RegistrationNumber,
            C::VatNumber,
            C::Address,
            C::Country,
            C::TaxPercent,
            C::VerifiedAt,
            C::VerifiedBy,
            C::ChangedAt,
        ])
        .to_owned();
    organization_version::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(replace)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

impl Structure {
    /// What the organization was on documents, newest first. For those who see the organization. Everybody else is
    /// refused (`Access`).
    pub async fn organization_versions(
        &self,
        actor: &Actor,
        id: OrganizationId,
    ) -> Result<Vec<OrganizationVersion>, StructureError> {
        authorize(actor, Permission::ViewOrganization, &Target::organization(id))?;
        let versions = Versions::of(self.core.read(), id).await?;
        let people = versions.0.iter().filter_map(|version| version.verified_by);
        let names = names(&self.core, people).await?;
        let shown = |version: &organization_version::Model| OrganizationVersion {
            from: Some(version.valid_from).filter(|month| *month > beginning()),
            legal_name: printed_name(version).to_owned(),
            registration_number: version.registration_number.clone(),
            vat_number: version.vat_number.clone(),
            address: version.address.clone(),
            country: version.country.clone(),
            tax_percent: version.tax_percent,
            verified_at: version.verified_at,
            verified_by: version.verified_by.and_then(|id| names.get(&id).cloned()),
            changed_at: version.changed_at,
        };
        Ok(versions.0.iter().rev().map(shown).collect())
    }

    /// Organizations whose country or VAT number waits for somebody to confirm it, where that can change any tax, the
    /// longest first, 200 at most; for staff and support. Everybody else is refused (`Access`).
    pub async fn unverified_organizations(
        &self,
        actor: &Actor,
    ) -> Result<Vec<UnverifiedOrganization>, StructureError> {
        use organization_version::Column as C;
        authorize(actor, Permission::ViewOrganization, &Target::system())?;
        let db = self.core.read();
        let waiting = organization_version::Entity::find()
            .select_only()
            .distinct()
            .column(C::OrganizationId)
            .filter(C::VerifiedAt.is_null())
            .filter(C::Country.ne(""))
            .into_tuple::<OrganizationId>()
            .all(db)
            .await?;
        let versions = Versions::of_all(db, waiting).await?;
        let sellers = Sellers::load(db).await?;
        let last = versions.values().filter_map(Versions::last);
        let mut rows: Vec<UnverifiedOrganization> = last
            .filter(|version| version.verified_at.is_none() && sellers.matters(version))
            .map(|version| UnverifiedOrganization {
                id: version.organization_id,
                legal_name: printed_name(version).to_owned(),
                country: version.country.clone(),
                vat_number: version.vat_number.clone(),
                changed_at: version.changed_at,
            })
            .collect();
        rows.sort_by_key(|row| (row.changed_at, row.id));
        rows.truncate(MOST_AT_ONCE);
        Ok(rows)
    }

    /// Confirms that country and VAT number of the organization are what they say, from the first month on that is over
    /// nowhere on Earth; for staff. Answers that month; before, they change nothing about the tax. `country` and `vat_number` are what was looked at:
    /// [`StructureError::Changed`] where they are others by now, [`StructureError::NothingToVerify`] without a country.
    pub async fn verify_organization(
        &self,
        actor: &Actor,
        id: OrganizationId,
        country: &str,
        vat_number: &str,
    ) -> Result<Month, StructureError> {
        authorize(actor, Permission::ManageTeam, &Target::system())?;
        let tx = self.core.write_tx().await?;
        organization::Entity::find_by_id(id)
            .lock_exclusive()
            .one(&*tx)
            .await?
            .ok_or(AccessError::NotFound)?;
        let versions = Versions::of(&*tx, id).await?;
        let before = versions.last().ok_or(AccessError::NotFound)?;
        if before.country != country.trim() || before.vat_number != vat_number.trim() {
            return Err(StructureError::Changed);
        }
        if before.country.is_empty() {
            return Err(StructureError::NothingToVerify);
        }
        let mut counts_from = before.valid_from;
        if before.verified_at.is_none() {
            let now = self.core.now();
            counts_from = first_open_month(now).max(before.valid_from);
            let facts = organization_version::Model {
                verified_at: Some(now),
                verified_by: Some(actor.user_id).filter(|_| !actor.is_system()),
                ..before.clone()
            };
            keep_in(&tx, before, facts, now).await?;
            let event = Event::new(actor, EventKind::OrganizationVerified, id.0)
                .on(Target::organization(id))
                .after(json!({ "country": before.country, "vat_number": before.vat_number }));
            audit::record_in(&self.core, &tx, event).await?;
        }
        tx.commit().await?;
        Ok(counts_from)
    }
}

/// Who sells: what verifying an organization can change depends on it.
struct Sellers {
    all: HashSet<OrganizationId>,
    /// One of them was outside the Union at any time, by its word or verified.
    outside_union: bool,
}

impl Sellers {
    async fn load(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        use organization_version::Column as C;
        let mut with_offerings = Query::select();
        with_offerings
            .column(offering::Column::ProviderId)
            .from(offering::Entity);
        let sells = Condition::any()
            .add(organization::Column::IsProvider.eq(true))
            .add(organization::Column::Id.in_subquery(with_offerings));
        let mut ids = Query::select();
        ids.column(organization::Column::Id)
            .from(organization::Entity)
            .cond_where(sells.clone());
        let all: HashSet<OrganizationId> = organization::Entity::find()
            .select_only()
            .column(organization::Column::Id)
            .filter(sells)
            .into_tuple()
            .all(db)
            .await?
            .into_iter()
            .collect();
        let countries: Vec<String> = organization_version::Entity::find()
            .select_only()
            .distinct()
            .column(C::Country)
            .filter(C::OrganizationId.in_subquery(ids))
            .filter(C::Country.ne(""))
            .into_tuple()
            .all(db)
            .await?;
        let outside_union = countries.iter().any(|country| !in_union(country));
        Ok(Self { all, outside_union })
    }

    /// Whether verifying what `version` says can change the tax of anything sold or bought, as `billing::tax` has it:
    /// - a seller's country decides which buyers are abroad;
    /// - a buyer's number decides the reverse charge, and a country outside the Union that no tax is charged;
    /// - a country of the Union does so for sellers outside it.
    fn matters(&self, version: &organization_version::Model) -> bool {
        let sells = self.all.contains(&version.organization_id);
        let buys_untaxed =
            !version.vat_number.is_empty() || !in_union(&version.country) || self.outside_union;
        !version.country.is_empty() && (sells || buys_untaxed)
    }
}

async fn names(core: &Core, ids: impl Iterator<Item = UserId>) -> Result<HashMap<UserId, String>, DbErr> {
    let rows = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Name])
        .filter(user::Column::Id.is_in(ids.collect::<Vec<_>>()))
        .into_tuple::<(UserId, String)>()
        .all(core.read())
        .await?;
    Ok(rows.into_iter().collect())
}
