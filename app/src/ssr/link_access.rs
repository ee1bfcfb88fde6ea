//! Which addresses open for a person, so that no page shows a way to a refusal. It asks the same rules that the pages' own
//! services ask; `server/tests` follows every link as every role.

use std::str::FromStr;

use domain::{
    access::{Actor, Target, Visible},
    billing::{sees_invoices, sees_invoices_of},
};
use model::{Kind, Me, OrganizationId, Permission, Problem, ProjectId};

use super::provider_area;
use crate::{components::ProjectPlaces, error::AppError, form::FormFields, routes};

/// Whether the page at `href` opens for the actor. An address that names no scope opens, as far as this can tell.
pub fn can_open(actor: &Actor, me: &Me, href: &str) -> bool {
    let (path, query) = href.split_once('?').unwrap_or((href, ""));
    let path = path.split('#').next().unwrap_or_default();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["admin", "organizations", "new"] => actor.may(Permission::ManageTeam, &Target::system()),
        ["admin", "webhooks", ..] => actor.may(Permission::ManageWebhook, &Target::system()),
        ["admin", "approval-rules", _, ..] => actor.may(Permission::ManageApproval, &Target::system()),
        ["admin", ..] => actor.is_staff() || actor.is_support(),
        ["organizations", id, rest @ ..] => can_open_organization(actor, id, rest),
        ["projects", id, rest @ ..] => can_open_project(actor, me, id, rest),
        ["provider", "offerings", ..] => may_anywhere(actor, Permission::ViewOffering),
        ["provider", id, rest @ ..] => can_open_provider(actor, id, rest),
        ["invoices" | "accounts"] => require_invoices(actor, &organization_in_query(query)).is_ok(),
        ["resources" | "orders"] => require_resources(actor, &organization_in_query(query)).is_ok(),
        ["invoices", ..] => sees_invoices(actor),
        ["offerings", _, "order"] => may_anywhere(actor, Permission::PlaceOrder),
        ["resources" | "orders", _, ..] => {
            may_anywhere(actor, Permission::ViewProject) || may_anywhere(actor, Permission::ViewOffering)
        }
        _ => true,
    }
}

/// The organizations of the actor in which they may create projects, with the addresses of the forms.
pub fn project_places(actor: &Actor, me: &Me) -> ProjectPlaces {
    let own = me.organizations.iter().filter(|one| {
        let may = |permission| actor.may(permission, &Target::organization(one.id));
        may(Permission::CreateProject) && may(Permission::ViewProject)
    });
    ProjectPlaces {
        organizations: own
            .map(|one| {
                let list = routes::organization_part(one.id, "projects");
                (one.name.clone(), format!("{list}#project"))
            })
            .collect(),
        has_project: !me.projects.is_empty(),
    }
}

fn can_open_organization(actor: &Actor, id: &str, rest: &[&str]) -> bool {
    let may = |permission, id| actor.may(permission, &Target::organization(id));
    check_id::<OrganizationId>(id, |id| {
        may(Permission::ViewOrganization, id)
            && match rest {
                ["projects"] => may(Permission::ViewProject, id),
                ["audit"] => may(Permission::ViewAudit, id),
                ["settings"] => may(Permission::EditOrganization, id),
                ["webhooks", ..] => may(Permission::ManageWebhook, id),
                ["approval-rules", _, ..] => may(Permission::ManageApproval, id),
                _ => true,
            }
    })
}

fn can_open_project(actor: &Actor, me: &Me, id: &str, rest: &[&str]) -> bool {
    check_id::<ProjectId>(id, |id| {
        let owner = me.projects.iter().find(|one| one.id == id);
        let target = Target {
            project: Some(id),
            organization: owner.map(|one| one.organization_id),
            ..Target::default()
        };
        let wanted = match rest {
            ["audit"] => Permission::ViewAudit,
            ["settings"] => Permission::EditProject,
            ["webhooks", ..] => Permission::ManageWebhook,
            ["approval-rules", _, ..] => Permission::ManageApproval,
            _ => Permission::ViewProject,
        };
        actor.may(wanted, &target)
    })
}

fn can_open_provider(actor: &Actor, id: &str, rest: &[&str]) -> bool {
    let may = |permission, id| actor.may(permission, &Target::provider(id));
    provider_area::require_provider(actor, id).is_ok()
        && check_id::<OrganizationId>(id, |id| match rest {
            ["new"] => may(Permission::CreateOffering, id),
            ["audit"] => may(Permission::ViewAudit, id),
            ["webhooks", ..] => may(Permission::ManageWebhook, id),
            ["approval-rules"] => may(Permission::ViewOffering, id),
            ["approval-rules", ..] => may(Permission::ManageApproval, id),
            ["usage"] => may_anywhere(actor, Permission::ReportUsage),
            ["invoices"] => require_sold_invoices(actor, id).is_ok(),
            _ => true,
        })
}

/// The organization that the parameters of an address name.
fn organization_in_query(query: &str) -> String {
    let mut pairs = query.split('&');
    let named = pairs.find_map(|pair| pair.strip_prefix("organization="));
    named.unwrap_or_default().to_owned()
}

/// A refusal for who may see no invoices, of the organization that is named or of any: an empty list would say that there
/// are none.
pub fn require_invoices(actor: &Actor, organization: &str) -> Result<(), AppError> {
    let anywhere = sees_invoices(actor);
    let message = "You may not see these invoices. Owners and accountants of the organization can; an owner can give you a role that does.";
    require_list(actor, organization, Permission::ViewInvoice, anywhere, message)
}

/// The same for what a provider charges: who runs one of its offerings sees none of it.
pub fn require_sold_invoices(actor: &Actor, provider: OrganizationId) -> Result<(), AppError> {
    if sees_invoices_of(actor, provider) {
        return Ok(());
    }
    let message = "You may not see what this provider charges. Its owners and managers can; an owner can give you a role that does.";
    Err(AppError::forbidden(message))
}

/// The same for resources and orders.
pub fn require_resources(actor: &Actor, organization: &str) -> Result<(), AppError> {
    let anywhere =
        may_anywhere(actor, Permission::ViewProject) || may_anywhere(actor, Permission::ViewOffering);
    let message = "You may not see what is ordered and used here. Owners of the organization and the people of its projects can.";
    require_list(actor, organization, Permission::ViewProject, anywhere, message)
}

/// A refusal where a list is narrowed to a project and to an organization that it is not of: it would be empty and not say
/// why. Who may not see the project learns nothing of it.
pub async fn require_one_place(actor: &Actor, filters: &FormFields) -> Result<(), AppError> {
    let (project, organization) = (filters.text("project"), filters.text("organization"));
    let Some(id) = project
        .parse::<ProjectId>()
        .ok()
        .filter(|_| !organization.is_empty())
    else {
        return Ok(());
    };
    match super::domain()?.structure().project(actor, id).await {
        Ok(project) if project.organization_id.to_string() != organization => {
            let words = format!(
                "The project {} is not one of the organization that this list is narrowed to. Take one of the two filters away.",
                project.name
            );
            Err(AppError(Problem::plain(
                Kind::Invalid,
                "project_elsewhere",
                words,
            )))
        }
        _ => Ok(()),
    }
}

fn require_list(
    actor: &Actor,
    organization: &str,
    permission: Permission,
    anywhere: bool,
    message: &str,
) -> Result<(), AppError> {
    let may = match organization {
        "" => anywhere,
        id => check_id::<OrganizationId>(id, |id| actor.may(permission, &Target::organization(id))),
    };
    if may {
        Ok(())
    } else {
        Err(AppError::forbidden(message))
    }
}

fn may_anywhere(actor: &Actor, permission: Permission) -> bool {
    !Visible::of(actor, permission).is_nothing()
}

fn check_id<Id: FromStr>(text: &str, ask: impl FnOnce(Id) -> bool) -> bool {
    text.parse().is_ok_and(ask)
}
