//! The invariants of the design, checked on a live database. Reads only, in batches, so that it can run beside the
//! portal; what changes between two of its reads can show as a finding once, but not twice.
//!
//! 1. Documents and quotes add up, line by line, sums of days are those of their events, accounts have what was granted less what was used, and no
//!    number is missing or given twice.
//! 2. No resource is billed for a day twice under one component, nor for a day outside its life.
//! 3. Splitting a period by a change of nothing does not change what is charged.
//! 4. Every executing order has a live job or somebody it waits for; no job waits for something that is finished. Actions of
//!    resources end once, keep nothing secret then, and one at a time is under way that does not go beside others.
//! 5. Every state a row has was reached through allowed moves, by the audit log, and let pass by whoever it says. Roles
//!    are held as they were granted, projects and organizations are bound by what was saved.
//! 6. Nothing that was issued could be computed or would be printed differently from what is in force for its time, no
//!    version was changed after its time, and components are as they were saved. What was issued, ordered, published or
//!    reported is, by the fingerprints in the log, what it was then, and in the organization in which it was made.
//! 7. No last day has passed without its resource ended, extended or marked, each is one that was agreed, and backends give
//!    access to those who have a grant.

mod accepted_texts;
mod accounts;
mod actions;
mod billed_use;
mod components;
mod corrections;
mod days;
mod decisions;
mod documents;
mod drawn;
mod ends;
mod history;
mod issued;
mod last_days;
mod members;
mod moves;
mod numbers;
mod parties;
mod places;
mod present;
mod published;
mod quotes;
mod reported;
mod roles;
mod sealed_documents;
mod sealed_orders;
mod splits;
mod structure;
mod told;
mod traders;
mod usage;
mod work;

use entity::invoice;
use model::{InvoiceId, InvoiceState, ResourceId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::core::Core;

/// Rows per batch.
const BATCH: u64 = 500;

/// A breach of an invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which one of those above.
    pub invariant: u8,
    /// What is concerned: `invoice TARTU-2025-00001`, `resource 0190…`.
    pub subject: String,
    /// What is wrong, in words.
    pub text: String,
}

impl Finding {
    fn new(invariant: u8, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            invariant,
            subject: subject.into(),
            text: text.into(),
        }
    }
}

/// The service that checks.
#[derive(Clone)]
pub struct Verify {
    core: Core,
}

impl Verify {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    /// All breaches; none on a sound database.
    pub async fn run(&self) -> Result<Vec<Finding>, DbErr> {
        let mut findings = documents::check(&self.core).await?;
        findings.extend(usage::check(&self.core).await?);
        findings.extend(accounts::check(&self.core).await?);
        findings.extend(quotes::check(&self.core).await?);
        findings.extend(numbers::check(&self.core).await?);
        findings.extend(days::check(&self.core).await?);
        findings.extend(splits::check(&self.core).await?);
        findings.extend(work::check(&self.core).await?);
        findings.extend(actions::check(&self.core).await?);
        findings.extend(moves::check(&self.core).await?);
        findings.extend(ends::check(&self.core).await?);
        findings.extend(present::check(&self.core).await?);
        findings.extend(members::check(&self.core).await?);
        findings.extend(history::check(&self.core).await?);
        findings.extend(parties::check(&self.core).await?);
        findings.extend(issued::check(&self.core).await?);
        findings.extend(corrections::check(&self.core).await?);
        findings.extend(components::check(&self.core).await?);
        findings.extend(self.by_the_log().await?);
        Ok(findings)
    }

    /// What is compared with the audit log, which nobody can change.
    async fn by_the_log(&self) -> Result<Vec<Finding>, DbErr> {
        let mut findings = sealed_documents::check(&self.core).await?;
        findings.extend(sealed_orders::check(&self.core).await?);
        findings.extend(drawn::check(&self.core).await?);
        findings.extend(published::check(&self.core).await?);
        findings.extend(traders::check(&self.core).await?);
        findings.extend(places::check(&self.core).await?);
        findings.extend(accepted_texts::check(&self.core).await?);
        findings.extend(roles::check(&self.core).await?);
        findings.extend(structure::check(&self.core).await?);
        findings.extend(decisions::check(&self.core).await?);
        findings.extend(last_days::check(&self.core).await?);
        findings.extend(reported::check(&self.core).await?);
        findings.extend(billed_use::check(&self.core).await?);
        Ok(findings)
    }
}

/// The next documents that are issued, after `last`.
async fn next_issued(core: &Core, last: Option<InvoiceId>) -> Result<Vec<invoice::Model>, DbErr> {
    let mut query = invoice::Entity::find()
        .filter(invoice::Column::State.ne(InvoiceState::Open))
        .order_by_asc(invoice::Column::Id)
        .limit(BATCH);
    if let Some(last) = last {
        query = query.filter(invoice::Column::Id.gt(last));
    }
    query.all(core.read()).await
}

async fn next_resources(
    core: &Core,
    last: Option<ResourceId>,
) -> Result<Vec<entity::resource::Model>, DbErr> {
    let mut query = entity::resource::Entity::find()
        .order_by_asc(entity::resource::Column::Id)
        .limit(BATCH);
    if let Some(last) = last {
        query = query.filter(entity::resource::Column::Id.gt(last));
    }
    query.all(core.read()).await
}
