//! Organizations, projects and people as others see them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Currency, Fixed, GrantId, Money, Month, OrganizationId, ProjectId, Role, Scope, TokenId, TokenScope,
    UserId,
};

/// An organization in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationSummary {
    /// The organization.
    pub id: OrganizationId,
    /// Short name for addresses and backends, unique.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Whether it sells.
    pub is_provider: bool,
    /// Number of its projects.
    pub projects: u64,
    /// Whether the reader may change it.
    pub can_edit: bool,
}

/// What makes up an organization; the form to create or change one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationDetail {
    /// The organization.
    pub id: OrganizationId,
    /// Short name, unique.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Legal name on documents.
    pub legal_name: String,
    /// Number in the business register.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub registration_number: String,
    /// VAT number.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub vat_number: String,
    /// Postal address.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub address: String,
    /// ISO 3166-1 alpha-2 country.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub country: String,
    /// E-mail for documents.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub email: String,
    /// Bank account, for providers.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub bank_account: String,
    /// The currency in which approval limits of its projects are. What it buys is invoiced in the currency of the plan.
    pub currency: Currency,
    /// Default tax in percent.
    pub tax_percent: Fixed,
    /// Billing time zone, IANA name, as it was last saved.
    pub time_zone: String,
    /// The month from which that zone counts, while another still does.
    pub time_zone_from: Option<Month>,
    /// When staff confirmed country and VAT number. Before, they change nothing about the tax.
    pub verified_at: Option<DateTime<Utc>>,
    /// Whether it sells.
    pub is_provider: bool,
    /// Words about the provider, as plain text, which its offerings show; null when there are none.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub provider_description: String,
}

/// A time zone in which an organization is billed, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ZoneSince {
    /// The first month that is counted in it; none for the first zone, which holds from the beginning. That month begins
    /// at the instant at which the month before ends in the zone before: no instant is in two months, or in none.
    pub from: Option<Month>,
    /// IANA name.
    pub name: String,
}

/// An organization whose country or VAT number nobody has confirmed yet, where that can change any tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnverifiedOrganization {
    /// The organization.
    pub id: OrganizationId,
    /// Legal name as printed.
    pub legal_name: String,
    /// ISO 3166-1 alpha-2 country.
    pub country: String,
    /// VAT number; null where only the country is to be confirmed.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub vat_number: String,
    /// When it was saved.
    pub changed_at: DateTime<Utc>,
}

/// What an organization was on documents, from a month on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationVersion {
    /// The first month whose documents show it; none: from the beginning.
    pub from: Option<Month>,
    /// Legal name as printed.
    pub legal_name: String,
    /// Number in the business register.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub registration_number: String,
    /// VAT number.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub vat_number: String,
    /// Postal address.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub address: String,
    /// ISO 3166-1 alpha-2 country.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub country: String,
    /// Tax that it charges as a seller, in percent.
    pub tax_percent: Fixed,
    /// When staff confirmed country and VAT number.
    pub verified_at: Option<DateTime<Utc>>,
    /// Name of who confirmed them.
    pub verified_by: Option<String>,
    /// When the version was saved.
    pub changed_at: DateTime<Utc>,
}

/// A project in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectSummary {
    /// The project.
    pub id: ProjectId,
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Name of the organization.
    pub organization_name: String,
    /// Short name, unique within the organization.
    pub slug: String,
    /// Name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// First day, if it begins on one; before it, nothing can be ordered.
    pub start_date: Option<NaiveDate>,
    /// Last day, which is included, if it ends. In the night after it, or after the grace that an offering gives, everything in the project is ended.
    pub end_date: Option<NaiveDate>,
    /// Days from today to the last one; negative when it is over.
    pub days_left: Option<i64>,
    /// It has begun and is not over: things can be ordered for it.
    #[serde(default)]
    pub is_open: bool,
    /// Currency of its organization, in which its limit is.
    pub currency: Currency,
    /// Up to this net commitment its administrators and managers may approve, in the organization's currency.
    pub approval_limit: Option<Money>,
    /// Number of live resources.
    pub resources: u64,
}

/// A role somebody holds on a scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// The grant.
    pub grant_id: GrantId,
    /// Who.
    pub user_id: UserId,
    /// Full name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// User name on backends.
    pub username: String,
    /// Role.
    pub role: Role,
    /// On what.
    pub scope: Scope,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when.
    pub expires_at: Option<DateTime<Utc>>,
    /// Full name of who gave it; null where the system or the command line did.
    pub granted_by: Option<String>,
    /// Whether the person may sign in; a role of who is deactivated lets nobody in until they are reactivated.
    pub is_active: bool,
}

/// Who is signed in, with what the frame of a page needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The person.
    pub id: UserId,
    /// Full name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// User name on backends.
    pub username: String,
    /// Time zone, IANA name.
    pub time_zone: String,
    /// Operates the installation.
    pub is_staff: bool,
    /// Reads everything.
    pub is_support: bool,
    /// Organizations in which the person has a role.
    pub organizations: Vec<OrganizationSummary>,
    /// Providers for which the person works, be it on one of their offerings only (at most 100, by name).
    pub providers: Vec<OrganizationSummary>,
    /// Projects that the person may see (at most 100, by name).
    pub projects: Vec<ProjectSummary>,
    /// Orders that wait for the person's decision.
    pub approvals_waiting: u64,
    /// Notices that the person has not read; 100 stands for 100 or more. With a token that lacks the scope `read` always 0.
    pub notices_unread: u64,
}

/// A personal access token in its owner's list; the secret is shown once, on creation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenSummary {
    /// The token.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: String,
    /// First characters, to recognise it.
    pub prefix: String,
    /// What it may be used for.
    pub scopes: Vec<TokenScope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// An organization to be created. `OrganizationDetail` with the same fields changes it later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct NewOrganization {
    /// Name, 1 to 150 characters.
    pub name: String,
    /// Short name; made of the name without.
    pub slug: Option<String>,
    /// Legal name on documents; the name without.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub legal_name: String,
    /// Number in the business register.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub registration_number: String,
    /// VAT number.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub vat_number: String,
    /// Postal address, several lines.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub address: String,
    /// ISO 3166-1 alpha-2; null without.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub country: String,
    /// E-mail for documents; null without.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub email: String,
    /// Bank account, for providers.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub bank_account: String,
    /// The currency in which approval limits of its projects are. What it buys is invoiced in the currency of the plan.
    pub currency: Currency,
    /// Tax that it charges as a seller, in percent, 0 to 100.
    pub tax_percent: Fixed,
    /// IANA name.
    pub time_zone: String,
    /// Whether it sells.
    pub is_provider: bool,
    /// Words about the provider, as plain text, which its offerings show.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub provider_description: String,
}

impl Default for NewOrganization {
    fn default() -> Self {
        Self {
            name: String::new(),
            slug: None,
            legal_name: String::new(),
            registration_number: String::new(),
            vat_number: String::new(),
            address: String::new(),
            country: String::new(),
            email: String::new(),
            bank_account: String::new(),
            currency: Currency::Eur,
            tax_percent: Fixed::ZERO,
            time_zone: "UTC".into(),
            is_provider: false,
            provider_description: String::new(),
        }
    }
}

/// A project to be created.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// Name, 1 to 150 characters.
    pub name: String,
    /// Short name, unique within the organization; made of the name without.
    pub slug: Option<String>,
    /// What it is about, up to 2,000 characters.
    pub description: String,
    /// First day.
    pub start_date: Option<NaiveDate>,
    /// Last day.
    pub end_date: Option<NaiveDate>,
    /// Up to this net commitment its administrators and managers may approve orders, in the organization's currency.
    pub approval_limit: Option<Fixed>,
}

/// What can be changed of a project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectChange {
    /// Name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// First day; `null`: no first day.
    pub start_date: Option<NaiveDate>,
    /// Last day, which is included; `null`: it goes on.
    pub end_date: Option<NaiveDate>,
    /// Up to this net commitment its administrators and managers may approve orders; only somebody who may approve
    /// without limit can change it.
    pub approval_limit: Option<Fixed>,
}

/// Somebody who has an account, in staff's list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonSummary {
    /// The person.
    pub id: UserId,
    /// Full name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// User name on backends.
    pub username: String,
    /// Whether the person may sign in and use tokens; staff deactivates and reactivates.
    pub is_active: bool,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// When the person last signed in.
    pub last_login_at: Option<DateTime<Utc>>,
    /// Roles in force, each once, wherever they are held.
    pub roles: Vec<Role>,
}
