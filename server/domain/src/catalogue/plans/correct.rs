//! Correcting a price that has begun: a version that stands in its place, for all who have it. Which months that may reach
//! is decided by billing, which knows what is closed.

use chrono::{DateTime, Months, NaiveDate, Utc};
use entity::{component, offering, plan, plan_price};
use model::pricing::Version;
use model::{
    CORRECTION_MONTHS, Currency, EventKind, OfferingId, Permission, PlanId, PriceCorrectionDraft, PriceId,
    PriceVersion, UserId, corrected,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect,
};
use serde_json::json;

use super::publish::{LoggedPrice, LoggedVersions, number_after};
use super::{find, seller_zone, takes_overage};
use crate::access::{AccessError, Actor, Target, authorize};
use crate::audit::{self, Event};
use crate::catalogue::CatalogueError;
use crate::catalogue::prices::{sort_price, versions_of_plan};
use crate::check::Check;
use crate::core::Core;
use crate::jobs::kinds::TellPrices;
use crate::jobs::{NewJob, enqueue_in};
use crate::zone::Zone;

/// A correction that is stored, though not yet allowed to stay.
pub(crate) struct Correction {
    pub(crate) id: PriceId,
    pub(crate) starts_at: DateTime<Utc>,
}

/// Stores a correction by somebody who may change the offering, counts its revision up, writes the log and has everybody told
/// whom it reaches. Of an archived offering, too: what was sold of it is billed. Refused with the fields at fault; a price
/// by which any quantity would cost more than it was sold for is corrected by those who run the portal alone.
pub(crate) async fn correct_price_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    (offering, plan): (OfferingId, PlanId),
    draft: PriceCorrectionDraft,
) -> Result<Correction, CatalogueError> {
    let row = offering::Entity::find_by_id(offering)
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(AccessError::NotFound)?;
    let target = Target::offering(row.provider_id, offering);
    authorize(actor, Permission::EditOffering, &target)?;
    let by = actor.stored_id().ok_or(AccessError::NotFound)?;
    let plan = find(tx, offering, plan).await?;
    let versions = versions_of_plan(tx, &plan).await?;
    let components = component::Entity::find_of_offering(offering).all(tx).await?;
    let zone = seller_zone(tx, &row).await?;
    let wanted = Wanted {
        versions: &versions.prices,
        components: &components,
        currency: plan.currency,
        zone: &zone,
        now: core.now(),
        may_raise: actor.may(Permission::EditOffering, &Target::system()),
    };
    let found = wanted.checked(&draft)?;
    let id = store(core, tx, &plan, &found, &draft, (by, wanted.now)).await?;
    let words = |scheme: &model::PriceScheme| scheme.describe(&found.component.unit, plan.currency);
    let event = Event::new(actor, EventKind::PlanPriceCorrected, offering.0)
        .on(target)
        .before(
            json!({ "plan": plan.name, "component": found.component.code, "version": found.published.id,
            "price": words(&found.before.price.scheme) }),
        )
        .after(
            json!({ "version": id, "price": words(&draft.scheme), "from": found.starts_at,
            "versions": LoggedVersions::of_price(LoggedPrice {
                id,
                starts_at: found.starts_at,
                every: found.published.every,
                scheme: draft.scheme.clone(),
            }) }),
        )
        .reason(found.reason);
    audit::record_in(core, tx, event).await?;
    enqueue_in(
        core,
        tx,
        NewJob::now(&TellPrices {
            plan_id: plan.id,
            saved_at: wanted.now,
        })?,
    )
    .await?;
    let mut revised: offering::ActiveModel = row.clone().into();
    revised.revision = Set(row.revision.saturating_add(1));
    revised.update(tx).await?;
    Ok(Correction {
        id,
        starts_at: found.starts_at,
    })
}

type Prices = std::collections::BTreeMap<model::ComponentId, Vec<PriceVersion>>;

/// What a correction is checked against.
struct Wanted<'a> {
    versions: &'a Prices,
    components: &'a [component::Model],
    currency: Currency,
    zone: &'a Zone,
    now: DateTime<Utc>,
    /// What was sold may become dearer by it.
    may_raise: bool,
}

/// A correction without faults.
struct Found<'a> {
    component: &'a component::Model,
    /// In whose place it stands.
    published: &'a PriceVersion,
    /// What counted there before.
    before: &'a PriceVersion,
    starts_at: DateTime<Utc>,
    reason: String,
}

impl<'a> Wanted<'a> {
    fn checked(&self, draft: &PriceCorrectionDraft) -> Result<Found<'a>, CatalogueError> {
        let mut check = Check::default();
        let reason = check.reason("reason", &draft.reason, true);
        let today = self.zone.day(self.now);
        check.ensure(
            draft.from <= today,
            "from",
            "in_the_future",
            "A correction counts from a day that has begun. What is to come is published as a new price.",
        );
        check.ensure(
            earliest(today).is_none_or(|day| day <= draft.from),
            "from",
            "too_old",
            "What is older than 13 months is not corrected any more.",
        );
        let found = self.find(draft);
        check.ensure(
            found.is_some(),
            "version",
            "unknown",
            "This plan has no such price. Look at its versions again.",
        );
        let Some((component, versions, published)) = found else {
            check.done()?;
            return Err(AccessError::NotFound.into());
        };
        check.ensure(
            published.starts_at <= self.now,
            "version",
            "to_come",
            "This price has not begun. Withdraw it and publish another one.",
        );
        let overage = takes_overage(component, self.components);
        let terms = component.terms();
        let sound = draft.scheme.validate_for(&terms, overage);
        let payable = || draft.scheme.check_payable(&terms, published.every, self.currency);
        if let Err(fault) = sound.and_then(|()| payable()) {
            check.fault("scheme", "bad_price", format!("Check the price: {fault}."));
        }
        let starts_at = self.zone.start_of(draft.from).max(published.starts_at);
        let before = corrected(versions, published, starts_at);
        check.ensure(
            before.price.scheme != draft.scheme,
            "scheme",
            "unchanged",
            "This is the price that counts already. Enter what it should have been.",
        );
        check.ensure(
            self.may_raise || draft.scheme.costs_no_more_than(&before.price.scheme),
            "scheme",
            "higher",
            "Somebody would pay more than what was agreed. Publish a higher price as a new one, which reaches what runs after its notice; where the price was a mistake, ask those who run this portal.",
        );
        check.done()?;
        Ok(Found {
            component,
            published,
            before,
            starts_at,
            reason,
        })
    }

    /// The component and its versions, with the published one that the draft names or whose correction it names.
    fn find(
        &self,
        draft: &PriceCorrectionDraft,
    ) -> Option<(&'a component::Model, &'a [PriceVersion], &'a PriceVersion)> {
        self.components.iter().find_map(|component| {
            let versions = self.versions.get(&component.id)?.as_slice();
            let named = versions.iter().find(|one| one.id.0 == draft.version.0)?;
            let published = versions.iter().find(|one| named.corrects(one)).unwrap_or(named);
            Some((component, versions, published))
        })
    }
}

fn earliest(today: NaiveDate) -> Option<NaiveDate> {
    today.checked_sub_months(Months::new(CORRECTION_MONTHS))
}

async fn store(
    core: &Core,
    tx: &DatabaseTransaction,
    plan: &plan::Model,
    found: &Found<'_>,
    draft: &PriceCorrectionDraft,
    (by, saved_at): (UserId, DateTime<Utc>),
) -> Result<PriceId, CatalogueError> {
    let last = plan_price::Entity::find()
        .select_only()
        .column_as(plan_price::Column::Version.max(), "last")
        .filter(plan_price::Column::PlanId.eq(plan.id))
        .filter(plan_price::Column::ComponentId.eq(found.component.id));
    let id = core.new_id(PriceId);
    let row = plan_price::ActiveModel {
        id: Set(id),
        plan_id: Set(plan.id),
        component_id: Set(found.component.id),
        version: Set(number_after(tx, last).await?),
        starts_at: Set(found.starts_at),
        billing_period: Set(found.published.every),
        scheme: Set(entity::json::write("plan_prices.scheme", &draft.scheme)?),
        sort_price: Set(sort_price(&draft.scheme)),
        created_at: Set(saved_at),
        corrects: Set(Some(found.published.id)),
        reason: Set(Some(found.reason.clone())),
        corrected_by: Set(Some(by)),
    };
    row.insert(tx).await?;
    Ok(id)
}
