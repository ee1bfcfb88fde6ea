//! What those who operate the installation see and do.

pub mod backends;

use leptos::prelude::*;
use model::{
    Category, CloseFailure, InvoiceSummary, JobSummary, Member, OrganizationSummary, Page, PersonSummary,
    UnverifiedOrganization,
};
use serde::{Deserialize, Serialize};

use super::structure::RoleEnd;
use crate::{error::AppError, form::FormFields, reply::FormReply};

/// Rows of one of the staff's lists, and the form beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminRows<T> {
    /// The rows.
    pub page: Page<T>,
    /// The filters of the address.
    pub filters: FormFields,
    /// What was typed and refused, if anything.
    pub reply: FormReply,
}

/// The staff's list of invoices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminInvoices {
    /// The rows.
    pub rows: AdminRows<InvoiceSummary>,
    /// The month that would be closed next.
    pub last_month: String,
    /// Whether the person may close months.
    pub can_close: bool,
    /// Whose month cannot be invoiced as things are, and why.
    pub faults: Vec<CloseFailure>,
}

/// The staff's list of organizations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminOrganizations {
    /// The rows, and why the last one was not confirmed, if it was refused.
    pub rows: AdminRows<OrganizationSummary>,
    /// Whose country or VAT number waits to be confirmed.
    pub unverified: Vec<UnverifiedOrganization>,
    /// Whether the person may create organizations and confirm what they say of themselves.
    pub can_manage: bool,
}

/// Who has an account, and who operates the installation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminPeople {
    /// Everybody.
    pub rows: AdminRows<PersonSummary>,
    /// Staff and support.
    pub operators: Vec<Member>,
    /// Whether the person may give and take roles and create accounts.
    pub can_manage: bool,
    /// What was typed into the form that gives a role, and refused.
    pub granting: FormReply,
    /// The role whose last day the address asks to change, if any.
    pub ending: Option<RoleEnd>,
}

/// The queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminJobs {
    /// Jobs, first what needs somebody.
    pub rows: AdminRows<JobSummary>,
    /// The kinds of the jobs that there are, as stored.
    pub kinds: Vec<String>,
    /// Whether the person may try dead letters again.
    pub can_manage: bool,
}

/// The shelves of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminCategories {
    /// All of them.
    pub categories: Vec<Category>,
    /// What was typed of a new one, and refused.
    pub reply: FormReply,
    /// Whether the person may create one.
    pub can_create: bool,
}

/// The queue.
#[server(prefix = "/fn", endpoint = "load_jobs")]
pub async fn load_jobs() -> Result<AdminJobs, AppError> {
    use crate::ssr;
    use domain::jobs::JobFilter;
    let (actor, filters) = (ssr::staff()?, ssr::query()?);
    let named = |name: &str| Some(filters.text(name).to_owned()).filter(|text| !text.is_empty());
    let states = model::JobState::parse(filters.text("state"))
        .into_iter()
        .collect();
    let filter = JobFilter {
        states,
        kind: named("kind"),
        subject: named("subject"),
    };
    let jobs = ssr::domain()?.jobs();
    let page = jobs.list(&actor, &filter, &ssr::page_request()?).await?;
    let kinds = jobs.kinds(&actor).await?;
    let reply = ssr::take_reply("try_again").await?;
    Ok(AdminJobs {
        rows: AdminRows { page, filters, reply },
        kinds,
        can_manage: actor.may(model::Permission::ManageJob, &domain::access::Target::system()),
    })
}

/// Puts a dead letter back into the queue.
#[server(prefix = "/fn", endpoint = "try_again")]
pub async fn try_again() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    ssr::post(
        "try_again",
        |_| format!("{}?state=dead", routes::admin("jobs")),
        async |Sent { form, .. }: Sent<forms::TryAgain>| {
            ssr::domain()?.jobs().try_again(&ssr::actor()?, form.job).await?;
            ssr::flash("Back in the queue with all its tries.").await?;
            Ok(routes::admin("jobs"))
        },
    )
    .await
}

/// All invoices.
#[server(prefix = "/fn", endpoint = "load_admin_invoices")]
pub async fn load_admin_invoices() -> Result<AdminInvoices, AppError> {
    use crate::ssr;
    use model::{InvoiceState, Month};
    let (actor, domain, filters) = (ssr::staff()?, ssr::domain()?, ssr::query()?);
    let filter = domain::billing::InvoiceFilter {
        month: filters.text("month").parse().ok(),
        state: InvoiceState::parse(filters.text("state")),
        ..Default::default()
    };
    let page = domain
        .billing()
        .invoices(&actor, &filter, ssr::page_request()?)
        .await?;
    let last_month = Month::containing(domain.clock().now().date_naive())
        .prev()
        .to_string();
    let reply = ssr::take_reply("close_month").await?;
    Ok(AdminInvoices {
        faults: domain.billing().faults(&actor, None).await?,
        rows: AdminRows { page, filters, reply },
        can_close: actor.may(
            model::Permission::ManageInvoice,
            &domain::access::Target::system(),
        ),
        last_month,
    })
}

/// Closes a month: issues its invoices.
#[server(prefix = "/fn", endpoint = "close_month")]
pub async fn close_month() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    ssr::post(
        "close_month",
        |_| routes::admin("invoices"),
        async |Sent { fields, .. }: Sent<forms::CloseMonth>| {
            let month = ssr::month(&fields)?;
            let report = ssr::domain()?.billing().close(&ssr::actor()?, month).await?;
            let mut line = format!(
                "{}: {} issued now, {} before.",
                month.title(),
                report.issued.len(),
                report.already
            );
            if !report.failed.is_empty() {
                let failed = format!(
                    " {} could not be invoiced: see below what to correct, then close the month again.",
                    report.failed.len()
                );
                line.push_str(&failed);
            }
            ssr::flash(&line).await?;
            Ok(format!("{}?month={month}", routes::admin("invoices")))
        },
    )
    .await
}

/// All organizations.
#[server(prefix = "/fn", endpoint = "load_organizations")]
pub async fn load_organizations() -> Result<AdminOrganizations, AppError> {
    use crate::ssr;
    use domain::access::Target;
    let (actor, filters) = (ssr::staff()?, ssr::query()?);
    let structure = ssr::domain()?.structure();
    let page = structure
        .organizations(
            &actor,
            filters.text("q"),
            &model::NamedList::default(),
            &ssr::page_request()?,
        )
        .await?;
    Ok(AdminOrganizations {
        rows: AdminRows {
            page,
            filters,
            reply: ssr::take_reply("verify_organization").await?,
        },
        unverified: structure.unverified_organizations(&actor).await?,
        can_manage: actor.may(model::Permission::ManageTeam, &Target::system()),
    })
}

/// What was typed into the form of a new organization, and refused; a refusal for who may not create one.
#[server(prefix = "/fn", endpoint = "load_new_organization")]
pub async fn load_new_organization() -> Result<FormReply, AppError> {
    use crate::ssr;
    use domain::access::{Target, authorize};
    authorize(&ssr::staff()?, model::Permission::ManageTeam, &Target::system())?;
    ssr::take_reply("create_organization").await
}

/// Confirms country and VAT number of an organization.
#[server(prefix = "/fn", endpoint = "verify_organization")]
pub async fn verify_organization() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    ssr::post(
        "verify_organization",
        |_| routes::admin("organizations"),
        async |Sent { form, .. }: Sent<forms::VerifyOrganization>| {
            let id = form.organization;
            let from = ssr::domain()?
                .structure()
                .verify_organization(&ssr::actor()?, id, &form.country, &form.vat_number)
                .await?;
            let line = format!(
                "Verified. Where the seller is verified too, it counts for the tax of {} and later months.",
                from.title()
            );
            ssr::flash(&line).await?;
            Ok(routes::admin("organizations"))
        },
    )
    .await
}

/// Creates an organization, and makes somebody its owner.
#[server(prefix = "/fn", endpoint = "create_organization")]
pub async fn create_organization() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms, structure_forms},
    };
    use model::{Role, Scope};
    ssr::post(
        "create_organization",
        |_| routes::admin("organizations/new"),
        async |Sent { fields, .. }: Sent<forms::OrganizationPapers>| {
            let (actor, domain) = (ssr::actor()?, ssr::domain()?);
            let papers = structure_forms::new_organization(&fields).and_then(|new| {
                domain.structure().check_organization(&actor, &new)?;
                Ok(new)
            });
            let owner = structure_forms::find_user(&actor, Scope::System, &fields, "owner").await;
            let (papers, owner) = AppError::both(papers, owner)?;
            let id = domain.structure().create_organization(&actor, papers).await?;
            let grant = structure_forms::new_grant(owner, Role::OrganizationOwner, Scope::Organization(id));
            domain.access().grant(&actor, grant).await?;
            ssr::flash("Organization created. Its owner can now add people and projects.").await?;
            Ok(routes::organization(id))
        },
    )
    .await
}

/// Everybody who has an account.
#[server(prefix = "/fn", endpoint = "load_people")]
pub async fn load_people() -> Result<AdminPeople, AppError> {
    use crate::ssr;
    let (actor, domain, filters) = (ssr::actor()?, ssr::domain()?, ssr::query()?);
    let page = domain
        .accounts()
        .people(
            &actor,
            filters.text("q"),
            &model::NamedList::default(),
            &ssr::page_request()?,
        )
        .await?;
    let operators = domain.access().members(&actor, model::Scope::System).await?;
    let reply = ssr::take_reply("register_person").await?;
    Ok(AdminPeople {
        rows: AdminRows { page, filters, reply },
        ending: super::structure::role_end(&actor, &operators).await?,
        operators,
        can_manage: actor.may(model::Permission::ManageTeam, &domain::access::Target::system()),
        granting: ssr::take_reply("grant_role").await?,
    })
}

/// Creates an account with a first password.
#[server(prefix = "/fn", endpoint = "register_person")]
pub async fn register_person() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    use domain::access::accounts::NewUser;
    ssr::post(
        "register_person",
        |_| format!("{}#person", routes::admin("users")),
        async |Sent { form, .. }: Sent<forms::RegisterPerson>| {
            let new = NewUser {
                email: form.email.into(),
                name: form.name.into(),
                username: form.username.into(),
                password: form.password,
            };
            ssr::domain()?.accounts().register(&ssr::actor()?, new).await?;
            ssr::flash("Account created. Hand over the password; it should be changed at the first sign-in.")
                .await?;
            Ok(routes::admin("users"))
        },
    )
    .await
}

/// Deactivates a person.
#[server(prefix = "/fn", endpoint = "deactivate_person")]
pub async fn deactivate_person() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    ssr::post(
        "deactivate_person",
        |_| routes::admin("users"),
        async |Sent { form, .. }: Sent<forms::Deactivation>| {
            let accounts = ssr::domain()?.accounts();
            accounts
                .deactivate(&ssr::actor()?, form.person, &form.reason)
                .await?;
            ssr::flash("The person is deactivated. Sessions and tokens have ended.").await?;
            Ok(routes::admin("users"))
        },
    )
    .await
}

/// Reactivates a person.
#[server(prefix = "/fn", endpoint = "reactivate_person")]
pub async fn reactivate_person() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms},
    };
    ssr::post(
        "reactivate_person",
        |_| routes::admin("users"),
        async |Sent { form, .. }: Sent<forms::Deactivation>| {
            let accounts = ssr::domain()?.accounts();
            accounts
                .reactivate(&ssr::actor()?, form.person, &form.reason)
                .await?;
            ssr::flash(
                "The person is reactivated, and may sign in with the password and the roles of before.",
            )
            .await?;
            Ok(routes::admin("users"))
        },
    )
    .await
}

/// All categories.
#[server(prefix = "/fn", endpoint = "load_categories")]
pub async fn load_categories() -> Result<AdminCategories, AppError> {
    use crate::ssr;
    let actor = ssr::staff()?;
    Ok(AdminCategories {
        categories: ssr::domain()?.catalogue().categories(Some(&actor)).await?,
        reply: ssr::take_reply("create_category").await?,
        can_create: actor.may(model::Permission::ManageTeam, &domain::access::Target::system()),
    })
}

/// Creates a category.
#[server(prefix = "/fn", endpoint = "create_category")]
pub async fn create_category() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms, structure_forms},
    };
    ssr::post(
        "create_category",
        |_| format!("{}#category", routes::admin("categories")),
        async |Sent { fields, .. }: Sent<forms::CreateCategory>| {
            let category = structure_forms::new_category(&fields)?;
            ssr::domain()?
                .catalogue()
                .create_category(&ssr::actor()?, category)
                .await?;
            ssr::flash("Category created.").await?;
            Ok(routes::admin("categories"))
        },
    )
    .await
}
