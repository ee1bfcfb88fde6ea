//! What stands in the left sidebar of each area.

use model::{Me, OrganizationSummary};

use super::Area;
use crate::{components::*, routes, server_fns::session::FrameFacts};

/// Organizations and providers that the switcher offers at most; the rest is found through lists and search.
const MAX_CONTEXTS: usize = 8;

pub(super) fn frame_data(facts: FrameFacts, area: &Area) -> FrameData {
    let me = facts.me.as_ref();
    let refusals = facts.refusals.iter().map(Flash::bad);
    let flashes = refusals.chain(facts.flash.iter().map(Flash::good)).collect();
    let sidebar = me
        .map_or_else(Sidebar::default, |me| sidebar_of(me, area))
        .only_permitted()
        .mark(sidebar_path(&facts.address));
    FrameData {
        person: me.map(person),
        waiting: me.map_or(0, |me| u32::try_from(me.approvals_waiting).unwrap_or(u32::MAX)),
        unread: me.map_or(0, |me| u32::try_from(me.notices_unread).unwrap_or(u32::MAX)),
        query: facts.query,
        sidebar,
        notices: Vec::new(),
        flashes,
    }
}

/// Where a page stands in the sidebar, when its address does not say so.
fn sidebar_path(path: &str) -> &str {
    if path.starts_with("/offerings/") {
        "/marketplace"
    } else {
        path
    }
}

fn person(me: &Me) -> FramePerson {
    FramePerson {
        name: me.name.clone(),
        email: me.email.clone(),
        organization: me
            .organizations
            .first()
            .map(|one| one.name.clone())
            .unwrap_or_default(),
        links: vec![
            NavLink::to("Profile", "/profile").icon(Icon::User),
            NavLink::to("Notices", routes::notices()).icon(Icon::Bell),
            NavLink::to("Away", "/profile/away").icon(Icon::Calendar),
            NavLink::to("API tokens", "/profile/tokens").icon(Icon::Key),
        ],
    }
}

fn sidebar_of(me: &Me, area: &Area) -> Sidebar {
    let sections = match area {
        Area::Market => market(me),
        Area::Organization(id) => organization(id, may_edit(me, id)),
        Area::Project(id) => project(id),
        Area::Provider(id) => provider(id),
        Area::Staff => staff(),
    };
    Sidebar {
        contexts: contexts(me, area),
        sections,
    }
}

fn contexts(me: &Me, area: &Area) -> Vec<SidebarContext> {
    let mut all = vec![context(
        "Marketplace",
        "Marketplace",
        "/",
        Icon::Shop,
        *area == Area::Market,
    )];
    for one in me.organizations.iter().take(MAX_CONTEXTS) {
        let current = *area == Area::Organization(one.id.to_string());
        all.push(context(
            "Organization",
            &one.name,
            &organization_href(one),
            Icon::Building,
            current,
        ));
    }
    for one in me.providers.iter().take(MAX_CONTEXTS) {
        let current = *area == Area::Provider(one.id.to_string());
        all.push(context(
            "Provider",
            &one.name,
            &format!("/provider/{}", one.id),
            Icon::Package,
            current,
        ));
    }
    if let Area::Project(id) = area {
        let name = me
            .projects
            .iter()
            .find(|one| one.id.to_string() == *id)
            .map_or("Project", |one| &one.name);
        all.push(context(
            "Project",
            name,
            &format!("/projects/{id}"),
            Icon::Folder,
            true,
        ));
    }
    if me.is_staff || me.is_support {
        all.push(context(
            "Staff",
            "Operations",
            "/admin/jobs",
            Icon::Shield,
            *area == Area::Staff,
        ));
    }
    all
}

fn organization_href(one: &OrganizationSummary) -> String {
    format!("/organizations/{}", one.id)
}

fn context(kind: &str, label: &str, href: &str, icon: Icon, current: bool) -> SidebarContext {
    SidebarContext {
        kind: kind.into(),
        label: label.into(),
        href: href.into(),
        icon,
        current,
    }
}

fn section(title: Option<&str>, items: Vec<NavLink>) -> SidebarSection {
    SidebarSection {
        title: title.map(str::to_owned),
        items,
    }
}

fn market(me: &Me) -> Vec<SidebarSection> {
    let waiting = u32::try_from(me.approvals_waiting).unwrap_or(u32::MAX);
    let projects = me.projects.iter().take(MAX_CONTEXTS);
    let projects: Vec<NavLink> = projects
        .map(|one| NavLink::to(one.name.clone(), format!("/projects/{}", one.id)).icon(Icon::Folder))
        .collect();
    let mut sections = vec![section(
        None,
        vec![
            NavLink::to("Start", "/").icon(Icon::Home).key("h"),
            NavLink::to("Marketplace", "/marketplace")
                .icon(Icon::Shop)
                .key("m"),
            NavLink::to("Resources", "/resources").icon(Icon::Server).key("r"),
            NavLink::to("Orders", "/orders").icon(Icon::List).key("o"),
            NavLink::to("Approvals", "/approvals")
                .icon(Icon::Inbox)
                .count(waiting)
                .key("a"),
            NavLink::to("Invoices", "/invoices").icon(Icon::Receipt).key("i"),
        ],
    )];
    if !projects.is_empty() {
        sections.push(section(Some("Projects"), projects));
    }
    sections
}

fn may_edit(me: &Me, id: &str) -> bool {
    let mut own = me.organizations.iter();
    me.is_staff || own.any(|one| one.can_edit && one.id.to_string() == id)
}

fn organization(id: &str, may_edit: bool) -> Vec<SidebarSection> {
    let at = |rest: &str| format!("/organizations/{id}{rest}");
    let mut links = vec![
        NavLink::to("Overview", at("")).icon(Icon::Building),
        NavLink::to("Projects", at("/projects")).icon(Icon::Folder),
        NavLink::to("People", at("/team")).icon(Icon::Users),
        NavLink::to("Resources", format!("/resources?organization={id}")).icon(Icon::Server),
        NavLink::to("Orders", format!("/orders?organization={id}")).icon(Icon::List),
        NavLink::to("Invoices", format!("/invoices?organization={id}")).icon(Icon::Receipt),
        NavLink::to("History", at("/audit")).icon(Icon::Clock),
        NavLink::to("Approval rules", at("/approval-rules")).icon(Icon::ShieldCheck),
        NavLink::to("Webhooks", at("/webhooks")).icon(Icon::Code),
    ];
    if may_edit {
        links.push(NavLink::to("Settings", at("/settings")).icon(Icon::Settings));
    }
    vec![section(None, links)]
}

fn project(id: &str) -> Vec<SidebarSection> {
    let at = |rest: &str| format!("/projects/{id}{rest}");
    vec![section(
        None,
        vec![
            NavLink::to("Overview", at("")).icon(Icon::Folder),
            NavLink::to("Resources", format!("/resources?project={id}")).icon(Icon::Server),
            NavLink::to("Orders", format!("/orders?project={id}")).icon(Icon::List),
            NavLink::to("People", at("/team")).icon(Icon::Users),
            NavLink::to("History", at("/audit")).icon(Icon::Clock),
            NavLink::to("Approval rules", at("/approval-rules")).icon(Icon::ShieldCheck),
            NavLink::to("Webhooks", at("/webhooks")).icon(Icon::Code),
            NavLink::to("Settings", at("/settings")).icon(Icon::Settings),
        ],
    )]
}

fn provider(id: &str) -> Vec<SidebarSection> {
    let at = |rest: &str| format!("/provider/{id}{rest}");
    vec![section(
        None,
        vec![
            NavLink::to("Offerings", at("")).icon(Icon::Shop),
            NavLink::to("Orders", at("/orders")).icon(Icon::List),
            NavLink::to("Tasks", at("/tasks")).icon(Icon::Inbox),
            NavLink::to("Resources", at("/resources")).icon(Icon::Server),
            NavLink::to("Report usage", at("/usage")).icon(Icon::Chart),
            NavLink::to("Invoices", at("/invoices")).icon(Icon::Receipt),
            NavLink::to("History", at("/audit")).icon(Icon::Clock),
            NavLink::to("Approval rules", at("/approval-rules")).icon(Icon::ShieldCheck),
            NavLink::to("Webhooks", at("/webhooks")).icon(Icon::Code),
        ],
    )]
}

fn staff() -> Vec<SidebarSection> {
    vec![section(
        None,
        vec![
            NavLink::to("Jobs", "/admin/jobs").icon(Icon::Server),
            NavLink::to("Invoices", "/admin/invoices").icon(Icon::Receipt),
            NavLink::to("Organizations", "/admin/organizations").icon(Icon::Building),
            NavLink::to("People", "/admin/users").icon(Icon::Users),
            NavLink::to("Categories", "/admin/categories").icon(Icon::Folder),
            NavLink::to("History", "/admin/audit").icon(Icon::Clock),
            NavLink::to("Approval rules", "/admin/approval-rules").icon(Icon::ShieldCheck),
            NavLink::to("Webhooks", "/admin/webhooks").icon(Icon::Code),
        ],
    )]
}
