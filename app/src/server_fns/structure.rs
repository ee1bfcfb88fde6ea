//! Organizations and projects: overview, people, history.

use leptos::prelude::*;
use model::{
    AuditEntry, Member, Month, OfferingDetail, OrderSummary, OrganizationDetail, OrganizationVersion, Page,
    ProjectSummary, ResourceSummary, Role, Spend,
};
use serde::{Deserialize, Serialize};

use crate::{error::AppError, form::FormFields, reply::FormReply};

/// What the overview of an organization shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrganizationFacts {
    /// The organization.
    pub organization: OrganizationDetail,
    /// What it was on documents, newest first.
    pub versions: Vec<OrganizationVersion>,
    /// What the running month costs so far.
    pub spend: Spend,
    /// Its projects, as far as the person sees them.
    pub projects: Page<ProjectSummary>,
    /// Whether the person may create projects.
    pub can_create: bool,
    /// Whether the person may say up to what managers of a project may commit.
    pub may_set_limit: bool,
    /// What was typed into the form of a new project and refused.
    pub reply: FormReply,
}

/// What the overview of a project shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectFacts {
    /// The project.
    pub project: ProjectSummary,
    /// What the running month costs so far.
    pub spend: Spend,
    /// Its newest resources.
    pub resources: Vec<ResourceSummary>,
    /// Its newest orders.
    pub orders: Vec<OrderSummary>,
    /// Whether the person may change it.
    pub can_edit: bool,
    /// Whether the person may order for it.
    pub can_order: bool,
}

/// What the settings of an organization show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The organization.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether the person may also change what only those who operate the portal may.
    pub runs_portal: bool,
    /// Whether it is a provider.
    pub sells: bool,
    /// From when on its time zone counts, where that lies ahead.
    pub zone_from: Option<Month>,
    /// The state that the form is drawn from.
    pub state: String,
    /// The same as texts, by field name.
    pub stored: FormFields,
    /// What the form shows: what is stored, or what was typed and refused.
    pub reply: FormReply,
}

/// A role whose last day is changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoleEnd {
    /// Who holds which role.
    pub member: Member,
    /// Its state, which the change names.
    pub state: String,
    /// Its last day as the form has it; empty without one.
    pub last_day: String,
    /// What was typed and refused, if anything.
    pub reply: FormReply,
}

/// Who works where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Team {
    /// Name of the organization or project.
    pub name: String,
    /// Who holds a role there.
    pub members: Vec<Member>,
    /// The roles that the person may give there; none without the right to.
    pub roles: Vec<Role>,
    /// What was typed and refused, if anything.
    pub reply: FormReply,
    /// The role whose last day the address asks to change, if any.
    pub ending: Option<RoleEnd>,
}

/// An organization.
#[server(prefix = "/fn", endpoint = "load_organization")]
pub async fn load_organization(id: String) -> Result<OrganizationFacts, AppError> {
    use crate::ssr;
    use domain::access::Target;
    use model::{Permission, Scope};
    let (actor, domain, id) = (ssr::actor()?, ssr::domain()?, ssr::id(&id)?);
    Ok(OrganizationFacts {
        organization: domain.structure().organization(&actor, id).await?,
        versions: domain.structure().organization_versions(&actor, id).await?,
        spend: domain
            .billing()
            .spend(&actor, Some(Scope::Organization(id)))
            .await?,
        projects: domain
            .structure()
            .projects(
                &actor,
                Some(id),
                &model::NamedList::default(),
                &ssr::page_request()?,
            )
            .await?,
        can_create: actor.may(Permission::CreateProject, &Target::organization(id)),
        may_set_limit: actor.may(Permission::ApproveOrder, &Target::organization(id)),
        reply: ssr::take_reply("create_project").await?,
    })
}

/// The settings of an organization, for those who may change them.
#[server(prefix = "/fn", endpoint = "load_settings")]
pub async fn load_settings(id: String) -> Result<Settings, AppError> {
    use crate::{ssr, ssr::structure_forms};
    use domain::access::Target;
    let (actor, domain, id) = (ssr::actor()?, ssr::domain()?, ssr::id(&id)?);
    let stored = domain.structure().organization(&actor, id).await?;
    domain.access().authorize(
        &actor,
        model::Permission::EditOrganization,
        &Target::organization(id),
    )?;
    let typed = ssr::take_reply("save_organization").await?;
    let start = structure_forms::stored_organization(&stored);
    let texts = start.fields.clone();
    let reply = if typed.is_filled() { typed } else { start };
    Ok(Settings {
        state: domain.structure().organization_state(&actor, id).await?,
        stored: texts,
        id: id.to_string(),
        name: stored.name,
        runs_portal: actor.is_staff(),
        sells: stored.is_provider,
        zone_from: stored.time_zone_from,
        reply,
    })
}

/// Changes the settings of an organization.
#[server(prefix = "/fn", endpoint = "save_organization")]
pub async fn save_organization() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, structure_forms};
    ssr::post(
        "save_organization",
        structure_forms::settings_page,
        async |Sent { fields, .. }: Sent<forms::OrganizationPapers>| {
            let (actor, structure) = (ssr::actor()?, ssr::domain()?.structure());
            let stored = structure
                .organization(&actor, ssr::id(fields.text("organization"))?)
                .await?;
            let change = structure_forms::changed_organization(&fields, stored)?;
            let seen = structure.at_state(fields.text("revision"));
            seen.edit_organization(&actor, change).await?;
            ssr::flash("Settings saved.").await?;
            Ok(structure_forms::settings_page(&fields))
        },
    )
    .await
}

/// Creates a project.
#[server(prefix = "/fn", endpoint = "create_project")]
pub async fn create_project() -> Result<(), AppError> {
    use crate::{
        routes,
        ssr::{self, Sent, forms, structure_forms},
    };
    ssr::post(
        "create_project",
        structure_forms::projects_page,
        async |Sent { fields, .. }: Sent<forms::CreateProject>| {
            let new = structure_forms::new_project(&fields)?;
            let id = ssr::domain()?
                .structure()
                .create_project(&ssr::actor()?, new)
                .await?;
            ssr::flash("Project created. Add the people who will work in it.").await?;
            Ok(routes::project_part(id, "team"))
        },
    )
    .await
}

/// A project.
#[server(prefix = "/fn", endpoint = "load_project")]
pub async fn load_project(id: String) -> Result<ProjectFacts, AppError> {
    use crate::ssr;
    use domain::{ordering::OrderFilter, provisioning::ResourceFilter};
    use model::{PageRequest, Scope};
    let (actor, domain, id) = (ssr::actor()?, ssr::domain()?, ssr::id(&id)?);
    let project = domain.structure().project(&actor, id).await?;
    let target = domain::access::Target::project(project.organization_id, id);
    let can_edit = actor.may(model::Permission::EditProject, &target);
    let can_order = project.is_open && actor.may(model::Permission::PlaceOrder, &target);
    // Those that are counted: what has ended stands on the whole list.
    let live = model::ResourceState::ALL.iter().copied();
    let resources = ResourceFilter {
        project: Some(id),
        states: live.filter(|state| state.is_live()).collect(),
        ..ResourceFilter::default()
    };
    let orders = OrderFilter {
        project: Some(id),
        ..OrderFilter::default()
    };
    Ok(ProjectFacts {
        can_edit,
        can_order,
        project,
        spend: domain.billing().spend(&actor, Some(Scope::Project(id))).await?,
        resources: domain
            .provisioning()
            .resources(&actor, &resources, PageRequest::first(5))
            .await?
            .items,
        orders: domain
            .ordering()
            .orders(&actor, &orders, PageRequest::first(5))
            .await?
            .items,
    })
}

/// The people of an organization, of its selling side too, where it sells.
#[server(prefix = "/fn", endpoint = "load_organization_team")]
pub async fn load_organization_team(id: String) -> Result<Team, AppError> {
    use crate::{ssr, ssr::structure_forms};
    use domain::access::Target;
    use model::Scope;
    let (actor, domain, id) = (ssr::actor()?, ssr::domain()?, ssr::id(&id)?);
    let organization = domain.structure().organization(&actor, id).await?;
    let mut members = domain.access().members(&actor, Scope::Organization(id)).await?;
    let target = Target {
        provider: Some(id),
        ..Target::organization(id)
    };
    if organization.is_provider && actor.may(model::Permission::ViewOffering, &target) {
        members.extend(domain.access().members(&actor, Scope::Provider(id)).await?);
    }
    let roles = structure_forms::grantable_roles(
        &actor,
        &target,
        structure_forms::organization_roles(organization.is_provider),
    );
    Ok(Team {
        name: organization.name,
        ending: role_end(&actor, &members).await?,
        members,
        roles,
        reply: ssr::take_reply("grant_role").await?,
    })
}

/// The people of a project.
#[server(prefix = "/fn", endpoint = "load_project_team")]
pub async fn load_project_team(id: String) -> Result<Team, AppError> {
    use crate::{ssr, ssr::structure_forms};
    use domain::access::Target;
    use model::Scope;
    let (actor, domain, id) = (ssr::actor()?, ssr::domain()?, ssr::id(&id)?);
    let project = domain.structure().project(&actor, id).await?;
    let members = domain.access().members(&actor, Scope::Project(id)).await?;
    let roles = structure_forms::grantable_roles(
        &actor,
        &Target::project(project.organization_id, id),
        structure_forms::PROJECT_ROLES,
    );
    Ok(Team {
        name: project.name,
        ending: role_end(&actor, &members).await?,
        members,
        roles,
        reply: ssr::take_reply("grant_role").await?,
    })
}

/// An offering and its own people, for those who work for its provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfferingTeam {
    /// The offering as its provider sees it.
    pub offering: OfferingDetail,
    /// Who runs it.
    pub team: Team,
}

/// The people of an offering.
#[server(prefix = "/fn", endpoint = "load_offering_team")]
pub async fn load_offering_team(id: String) -> Result<OfferingTeam, AppError> {
    use crate::{
        ssr,
        ssr::{offering_forms, structure_forms},
    };
    use domain::access::Target;
    use model::Scope;
    let actor = ssr::actor()?;
    let offering = offering_forms::load_offering(&actor, ssr::id(&id)?).await?;
    let (id, provider) = (offering.summary.id, offering.summary.provider_id);
    let members = ssr::domain()?
        .access()
        .members(&actor, Scope::Offering(id))
        .await?;
    let team = Team {
        name: offering.summary.name.clone(),
        ending: role_end(&actor, &members).await?,
        members,
        roles: structure_forms::grantable_roles(
            &actor,
            &Target::offering(provider, id),
            structure_forms::OFFERING_ROLES,
        ),
        reply: ssr::take_reply("grant_role").await?,
    };
    Ok(OfferingTeam { offering, team })
}

/// The role of one of `members` whose last day the address asks to change.
#[cfg(feature = "ssr")]
pub(super) async fn role_end(
    actor: &domain::access::Actor,
    members: &[Member],
) -> Result<Option<RoleEnd>, AppError> {
    use crate::{ssr, ssr::structure_forms};
    let asked = ssr::query()?;
    let reply = ssr::take_reply("change_role_end").await?;
    let one = members
        .iter()
        .find(|one| one.grant_id.to_string() == asked.text("role"));
    let Some(one) = one else { return Ok(None) };
    let access = ssr::domain()?.access();
    // Between the two readings somebody may have taken it away.
    let found = access.member_at_state(actor, one.grant_id).await;
    let (member, state) = match found.map_err(AppError::from) {
        Ok(found) => found,
        Err(gone) if gone.kind() == model::Kind::NotFound => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let last = member
        .expires_at
        .map(|end| structure_forms::last_day(end, actor.time_zone));
    Ok(Some(RoleEnd {
        member,
        state,
        last_day: last.map(|day| day.to_string()).unwrap_or_default(),
        reply,
    }))
}

/// Changes the last day of a role that somebody holds.
#[server(prefix = "/fn", endpoint = "change_role_end")]
pub async fn change_role_end() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, structure_forms};
    ssr::post(
        "change_role_end",
        structure_forms::role_end_page,
        async |Sent { form, fields }: Sent<forms::ChangeRoleEnd>| {
            let actor = ssr::actor()?;
            let end = structure_forms::role_end(&fields, actor.time_zone)?;
            let access = ssr::domain()?.access().at_state(&form.revision);
            let changed = access.change_role_end(&actor, form.grant, end, "").await;
            changed.map_err(|error| AppError::from(error).renamed(&[("expires_at", "last_day")]))?;
            ssr::flash("The last day of the role is changed.").await?;
            Ok(structure_forms::team_page(&fields))
        },
    )
    .await
}

/// Gives somebody a role.
#[server(prefix = "/fn", endpoint = "grant_role")]
pub async fn grant_role() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, structure_forms};
    ssr::post(
        "grant_role",
        structure_forms::team_page,
        async |Sent { form, fields }: Sent<forms::GrantRole>| {
            let (actor, domain) = (ssr::actor()?, ssr::domain()?);
            let (role, scope) = structure_forms::role_and_scope(&fields)?;
            let person = structure_forms::find_user(&actor, scope, &fields, "email").await?;
            let grant = structure_forms::new_grant(person, role, scope);
            domain
                .access()
                .grant(
                    &actor,
                    structure_forms::with_last_day(grant, &fields, actor.time_zone)?,
                )
                .await?;
            ssr::flash(&format!("{} is now {}.", form.email, role.label().to_lowercase())).await?;
            Ok(structure_forms::team_page(&fields))
        },
    )
    .await
}

/// Takes a role away.
#[server(prefix = "/fn", endpoint = "revoke_role")]
pub async fn revoke_role() -> Result<(), AppError> {
    use crate::ssr::{self, Sent, forms, structure_forms};
    ssr::post(
        "revoke_role",
        structure_forms::team_page,
        async |Sent { form, fields }: Sent<forms::RevokeRole>| {
            let access = ssr::domain()?.access();
            access.revoke(&ssr::actor()?, form.grant, &form.reason).await?;
            ssr::flash("The role was taken away. It counts from the next click on.").await?;
            Ok(structure_forms::team_page(&fields))
        },
    )
    .await
}

/// The history of the installation, an organization, a project or a provider.
#[server(prefix = "/fn", endpoint = "load_audit")]
pub async fn load_audit(kind: String, id: String) -> Result<Page<AuditEntry>, AppError> {
    use crate::{ssr, ssr::structure_forms};
    let scope = structure_forms::parse_scope(&kind, &id)?;
    Ok(ssr::domain()?
        .audit()
        .list(&ssr::actor()?, scope, &ssr::page_request()?)
        .await?)
}
