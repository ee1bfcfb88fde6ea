//! What the forms about people, organizations and categories share.

mod organization;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::access::{Actor, NewGrant, Target};
use model::{
    Field, FieldChoice, FieldFault, FieldKind, Kind, NewCategory, NewProject, OrganizationId, Permission,
    Problem, ProjectChange, ProjectSummary, Role, Schema, Scope, UserId,
};

pub use self::organization::{changed_organization, new_organization, settings_page, stored_organization};
use super::{domain, id};
use crate::{error::AppError, form::FormFields, offering_form::FormReader, routes};

/// Roles in a project.
pub const PROJECT_ROLES: &[Role] = &[
    Role::ProjectMember,
    Role::ProjectManager,
    Role::ProjectAdmin,
    Role::ProjectReader,
];

/// Roles on an offering.
pub const OFFERING_ROLES: &[Role] = &[Role::OfferingManager];

/// Roles in an organization, and on its selling side where it sells.
pub fn organization_roles(sells: bool) -> &'static [Role] {
    const BUYER: &[Role] = &[
        Role::OrganizationManager,
        Role::BillingReader,
        Role::OrganizationOwner,
    ];
    const BOTH: &[Role] = &[
        Role::OrganizationManager,
        Role::BillingReader,
        Role::ProviderManager,
        Role::OrganizationOwner,
    ];
    if sells { BOTH } else { BUYER }
}

/// Those of `roles` that the actor may give there.
pub fn grantable_roles(actor: &Actor, target: &Target, roles: &[Role]) -> Vec<Role> {
    if actor.may(Permission::ManageTeam, target) {
        roles.to_vec()
    } else {
        Vec::new()
    }
}

/// The scope that a page stands for.
pub fn parse_scope(kind: &str, text: &str) -> Result<Scope, AppError> {
    Ok(match kind {
        "system" => Scope::System,
        "organization" => Scope::Organization(id(text)?),
        "project" => Scope::Project(id(text)?),
        "provider" => Scope::Provider(id(text)?),
        "offering" => Scope::Offering(id(text)?),
        _ => return Err(AppError::not_found()),
    })
}

/// The role that a form gives, and on what: the page's scope, or its selling side for a role of providers.
pub fn role_and_scope(form: &FormFields) -> Result<(Role, Scope), AppError> {
    let role = Role::parse(form.text("role")).ok_or_else(|| invalid("role", "Choose a role."))?;
    let scope = parse_scope(form.text("scope"), form.text("scope_id"))?;
    Ok(match (role, scope) {
        (Role::ProviderManager, Scope::Organization(id)) => (role, Scope::Provider(id)),
        other => other,
    })
}

/// The page of people that a form stands on. Only an id leads there.
pub fn team_page(form: &FormFields) -> String {
    match parse_scope(form.text("scope"), form.text("scope_id")) {
        Ok(Scope::Organization(id)) => routes::organization_part(id, "team"),
        Ok(Scope::Project(id)) => routes::project_part(id, "team"),
        Ok(Scope::Offering(id)) => routes::offering_step(id, "people"),
        Ok(Scope::System) => routes::admin("users"),
        _ => "/".to_owned(),
    }
}

/// The same page with the form of the last day of the role that a form is about.
pub fn role_end_page(form: &FormFields) -> String {
    let (page, grant) = (team_page(form), form.text("grant"));
    if page == "/" || grant.is_empty() {
        return page;
    }
    format!("{page}?role={}#role-end", crate::address::encode(grant))
}

/// The page of an organization's projects that a form stands on.
pub fn projects_page(form: &FormFields) -> String {
    let id = form.text("organization").parse::<OrganizationId>();
    id.map_or_else(
        |_no_id| "/".to_owned(),
        |id| routes::organization_part(id, "projects"),
    )
}

/// The person whose address stands in the field.
pub async fn find_user(
    actor: &Actor,
    scope: Scope,
    form: &FormFields,
    field: &str,
) -> Result<UserId, AppError> {
    let email = form.text(field);
    if email.is_empty() {
        return Err(invalid(
            field,
            "Enter the e-mail address that the person signs in with.",
        ));
    }
    let found = domain()?.access().person_by_email(actor, scope, email).await;
    found.map_err(|error| {
        let error = AppError::from(error);
        let message =
            "Nobody with an account has this address. Ask the people who run the portal to create one.";
        if error.kind() == Kind::NotFound {
            invalid(field, message)
        } else {
            error
        }
    })
}

/// A role from now on, without end.
pub fn new_grant(user: UserId, role: Role, scope: Scope) -> NewGrant {
    NewGrant {
        user,
        role,
        scope,
        expires_at: None,
        reason: String::new(),
    }
}

/// The end of a role whose last day stands in the form: a day of `zone`, in which whoever chooses it reads it.
pub fn role_end(form: &FormFields, zone: Tz) -> Result<Option<DateTime<Utc>>, AppError> {
    let mut read = FormReader::new(form);
    let day = read.day("last_day");
    Ok(read.done(day)?.map(|day| domain::end_of_day(zone, day)))
}

/// The day of `zone` on which a role is had last.
pub fn last_day(end: DateTime<Utc>, zone: Tz) -> NaiveDate {
    // It ends with the instant after.
    let last = end.checked_sub_signed(TimeDelta::microseconds(1)).unwrap_or(end);
    last.with_timezone(&zone).date_naive()
}

/// The grant with the end and the reason that the form has. The last day is one of `zone`, in which whoever gives the role
/// reads it.
pub fn with_last_day(grant: NewGrant, form: &FormFields, zone: Tz) -> Result<NewGrant, AppError> {
    let mut read = FormReader::new(form);
    let expires_at = read.day("until").map(|day| domain::end_of_day(zone, day));
    let reason = read.text("reason");
    read.done(NewGrant {
        expires_at,
        reason,
        ..grant
    })
}

/// The project that the form describes.
pub fn new_project(form: &FormFields) -> Result<NewProject, AppError> {
    let mut read = FormReader::new(form);
    let slug = read.text("slug");
    let new = NewProject {
        organization_id: id(form.text("organization"))?,
        name: read.text("name"),
        slug: Some(slug).filter(|slug| !slug.is_empty()),
        description: read.text("description"),
        start_date: read.day("start_date"),
        end_date: read.day("end_date"),
        approval_limit: read.number("approval_limit"),
    };
    read.done(new)
}

/// A project as it is stored, by field name.
pub fn project_texts(stored: &ProjectSummary) -> FormFields {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let limit = stored.approval_limit.map(model::Money::plain);
    let texts = [
        ("name", stored.name.clone()),
        ("description", stored.description.clone()),
        ("start_date", day(stored.start_date)),
        ("end_date", day(stored.end_date)),
        ("approval_limit", limit.unwrap_or_default()),
    ];
    let named = texts.into_iter().map(|(name, text)| (name.to_owned(), text));
    named.collect()
}

/// What the form makes of a project.
pub fn changed_project(form: &FormFields) -> Result<ProjectChange, AppError> {
    let mut read = FormReader::new(form);
    let change = ProjectChange {
        name: read.text("name"),
        description: read.text("description"),
        start_date: read.day("start_date"),
        end_date: read.day("end_date"),
        approval_limit: read.number("approval_limit"),
    };
    read.done(change)
}

/// The category that the form describes; its questions stand one on each line, `key: Label` or `key: Label: one, two`.
pub fn new_category(form: &FormFields) -> Result<NewCategory, AppError> {
    let slug = form.text("slug").to_owned();
    Ok(NewCategory {
        name: form.text("name").to_owned(),
        slug: Some(slug).filter(|slug| !slug.is_empty()),
        description: form.text("description").to_owned(),
        icon: form.text("icon").to_owned(),
        tint: form.text("tint").to_owned(),
        attributes: questions(form.text("attributes"))?,
    })
}

fn questions(text: &str) -> Result<Schema, AppError> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let question = |line: &str| {
        let parts: Vec<&str> = line.splitn(3, ':').map(str::trim).collect();
        match parts.as_slice() {
            [key, label] => Ok(Field::new(*key, *label, FieldKind::string())),
            [key, label, choices] => {
                let choices = choices
                    .split(',')
                    .map(str::trim)
                    .filter(|choice| !choice.is_empty());
                let choices =
                    choices.map(|choice| FieldChoice::new(choice.to_lowercase().replace(' ', "_"), choice));
                Ok(Field::new(
                    *key,
                    *label,
                    FieldKind::Choice {
                        choices: choices.collect(),
                    },
                ))
            }
            _ => Err(invalid(
                "attributes",
                "Write each line as “key: Label” or “key: Label: one, two”.",
            )),
        }
    };
    Ok(Schema::new(lines.map(question).collect::<Result<_, _>>()?))
}

/// The end of a token that lives for the days in the form.
pub fn end_after_days(form: &FormFields, now: DateTime<Utc>) -> Result<DateTime<Utc>, AppError> {
    let mut read = FormReader::new(form);
    let days = read.whole::<u32>("days");
    if form.text("days").is_empty() {
        read.fault("days", "required", "Enter for how many days it is needed.");
    }
    let days = read.done(days)?.unwrap_or_default();
    let end = TimeDelta::try_days(i64::from(days)).and_then(|life| now.checked_add_signed(life));
    end.ok_or_else(|| invalid("days", "A token can live for 366 days at most."))
}

pub(super) fn invalid(path: &str, message: &str) -> AppError {
    AppError(Problem::invalid(vec![FieldFault::at(path, "invalid", message)]))
}

#[cfg(test)]
mod tests;
