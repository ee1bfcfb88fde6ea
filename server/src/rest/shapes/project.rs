//! Drafts of projects.

use chrono::NaiveDate;
use model::{Currency, Money, OrganizationId, ProjectSummary};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::figure;
use crate::rest::ApiProblem;

/// A project to be created.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewProject {
    /// The organization it belongs to.
    pub(crate) organization_id: OrganizationId,
    /// Name, 1 to 150 characters.
    name: String,
    /// Short name, unique within the organization; made of the name without.
    slug: Option<String>,
    /// What it is about, up to 2,000 characters.
    #[serde(default)]
    description: String,
    /// First day.
    start_date: Option<NaiveDate>,
    /// Last day.
    end_date: Option<NaiveDate>,
    /// Up to this net commitment its administrators and managers may approve orders; in the currency of the
    /// organization.
    approval_limit: Option<Money>,
}

impl NewProject {
    /// What the service takes; refuses a limit in another currency than the organization's.
    pub(crate) fn checked(self, currency: Currency) -> Result<model::NewProject, ApiProblem> {
        let approval_limit = limit(self.approval_limit, currency)?;
        Ok(model::NewProject {
            organization_id: self.organization_id,
            name: self.name,
            slug: self.slug,
            description: self.description,
            start_date: self.start_date,
            end_date: self.end_date,
            approval_limit,
        })
    }
}

/// What can be changed of a project.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectChange {
    /// Name.
    name: String,
    /// What it is about.
    description: String,
    /// First day; `null`: no first day.
    start_date: Option<NaiveDate>,
    /// Last day, which is included; `null`: it goes on.
    end_date: Option<NaiveDate>,
    /// Up to this net commitment its administrators and managers may approve orders, in the currency of the
    /// organization; only somebody who may approve without limit can change it.
    approval_limit: Option<Money>,
}

impl ProjectChange {
    /// The project as it is.
    pub(crate) fn of(present: ProjectSummary) -> Self {
        Self {
            name: present.name,
            description: present.description,
            start_date: present.start_date,
            end_date: present.end_date,
            approval_limit: present.approval_limit,
        }
    }

    /// What the service takes; refuses a limit in another currency than the organization's.
    pub(crate) fn checked(self, currency: Currency) -> Result<model::ProjectChange, ApiProblem> {
        let approval_limit = limit(self.approval_limit, currency)?;
        Ok(model::ProjectChange {
            name: self.name,
            description: self.description,
            start_date: self.start_date,
            end_date: self.end_date,
            approval_limit,
        })
    }
}

fn limit(sent: Option<Money>, currency: Currency) -> Result<Option<model::Fixed>, ApiProblem> {
    let mut faults = Vec::new();
    let limit = sent.map(|sent| figure("approval_limit", sent, currency, &mut faults));
    if faults.is_empty() {
        Ok(limit)
    } else {
        Err(ApiProblem::invalid(faults))
    }
}
