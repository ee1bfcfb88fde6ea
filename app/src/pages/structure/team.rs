use chrono::TimeDelta;
use leptos::prelude::*;
use leptos_meta::Title;
use model::{Member, Role};

use super::id_in_address;
use crate::{
    components::*,
    page::{Area, page},
    reply::FormReply,
    routes,
    server_fns::structure::{RoleEnd, Team, load_organization_team, load_project_team},
};

/// On what a role is given: the kind of scope as forms name it, and its id.
#[derive(Debug, Clone)]
pub(crate) struct GrantScope {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
}

impl GrantScope {
    /// The page of the people there.
    fn page(&self) -> String {
        match self.kind {
            "organization" => routes::organization_part(&self.id, "team"),
            "project" => routes::project_part(&self.id, "team"),
            "offering" => routes::offering_step(&self.id, "people"),
            _ => routes::admin("users"),
        }
    }

    fn fields(&self) -> Vec<(String, String)> {
        vec![
            ("scope".to_owned(), self.kind.to_owned()),
            ("scope_id".to_owned(), self.id.clone()),
        ]
    }
}

#[component]
pub fn OrganizationTeamPage() -> impl IntoView {
    let id = id_in_address();
    page(Area::Organization(id.clone()), async move {
        let team = load_organization_team(id.clone()).await?;
        let up = Breadcrumb::to(team.name.clone(), routes::organization(&id));
        Ok(team_view(
            team,
            up,
            GrantScope {
                kind: "organization",
                id,
            },
        ))
    })
}

#[component]
pub fn ProjectTeamPage() -> impl IntoView {
    let id = id_in_address();
    page(Area::Project(id.clone()), async move {
        let team = load_project_team(id.clone()).await?;
        let up = Breadcrumb::to(team.name.clone(), routes::project(&id));
        Ok(team_view(team, up, GrantScope { kind: "project", id }))
    })
}

fn team_view(team: Team, up: Breadcrumb, here: GrantScope) -> impl IntoView {
    let lead = if team.roles.is_empty() {
        "Who may do what here."
    } else {
        "Who may do what here. A change counts from the next click on."
    };
    view! {
        <Title text="People"/>
        <PageHeader title="People" breadcrumbs=vec![up, Breadcrumb::here("People")] lead=lead/>
        {team_sections(team, here)}
    }
}

/// Who holds which role, with the forms of those who may change that.
pub(crate) fn team_sections(team: Team, here: GrantScope) -> impl IntoView {
    let Team {
        members,
        roles,
        reply,
        ending,
        ..
    } = team;
    let can_manage = !roles.is_empty();
    let ending = ending
        .filter(|_| can_manage)
        .map(|ending| view! { <RoleEndForm here=here.clone() ending=ending/> });
    let grant = can_manage.then(|| {
        let form = view! { <GrantForm here=here.clone() roles=roles reply=reply/> };
        view! { <Section title="Add somebody" id="grant">{form}</Section> }
    });
    view! {
        <Section flush=true>
            <MemberTable here=here members=members can_manage=can_manage/>
        </Section>
        {ending}
        {grant}
    }
}

/// Who holds which role.
#[component]
pub(crate) fn MemberTable(here: GrantScope, members: Vec<Member>, can_manage: bool) -> impl IntoView {
    if members.is_empty() {
        return view! {
            <EmptyState illustration=Illustration::People title="Nobody yet" compact=true>
                "Nobody holds a role of their own here. People above, such as owners of the organization, can still act."
            </EmptyState>
        }
        .into_any();
    }
    let mut columns = vec![
        Column::text("Person"),
        Column::text("Role"),
        Column::text("Since").hide_phone(),
        Column::text("Last day"),
    ];
    columns.extend(can_manage.then(Column::actions));
    let rows: Vec<_> = members
        .into_iter()
        .map(|one| member(&here, one, can_manage))
        .collect();
    view! {
        <DataTable caption="People" columns=columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

fn member(here: &GrantScope, one: Member, can_manage: bool) -> impl IntoView + use<> {
    let until = match one.expires_at {
        // It ends with its last instant: the role is had on that day.
        Some(at) => view! { <DateText at=at - TimeDelta::microseconds(1)/> }.into_any(),
        None => "Open".into_any(),
    };
    let dialog = format!("revoke-{}", one.grant_id);
    let mut fields = here.fields();
    fields.push(("grant".to_owned(), one.grant_id.to_string()));
    let (opener, name, role) = (dialog.clone(), one.name.clone(), one.role.label());
    let change = format!("{}?role={}#role-end", here.page(), one.grant_id);
    let remove = can_manage.then(|| {
        view! {
            <ActionsCell>
                <LinkButton href=change kind=ButtonKind::Quiet size=ButtonSize::Small>
                    "Change the last day"
                </LinkButton>
                <DialogButton for_id=opener kind=ButtonKind::Quiet size=ButtonSize::Small attr:data-test="revoke">
                    "Take away"
                </DialogButton>
                <ConfirmDialog id=dialog title=format!("Take the role away from {name}?") action="/fn/revoke_role" confirm="Take away" danger=true fields=fields>
                    {format!("{name} is then no longer {} here.", role.to_lowercase())}
                </ConfirmDialog>
            </ActionsCell>
        }
    });
    let sub = format!("{} · {}", one.email, one.username);
    let deactivated =
        (!one.is_active).then(|| view! { " " <StateBadge tone=Tone::Ended label="Deactivated"/> });
    let giver = one
        .granted_by
        .map(|name| view! { <span class="row-sub">{format!("given by {name}")}</span> });
    view! {
        <Row muted=!one.is_active>
            <MainCell sub=sub>{one.name} {deactivated}</MainCell>
            <Cell label="Role">{role}</Cell>
            <Cell label="Since" hide_phone=true>
                <DateText at=one.since/>
                {giver}
            </Cell>
            <Cell label="Last day">{until}</Cell>
            {remove}
        </Row>
    }
}

/// What a role lets one do, in a sentence.
fn role_hint(role: Role) -> &'static str {
    match role {
        Role::OrganizationOwner => "Everything here and in all projects, money and people included.",
        Role::OrganizationManager => {
            "Creates projects and orders in them; prepares what the organization sells, with its prices; sees no invoices."
        }
        Role::BillingReader => "Reads invoices and costs.",
        Role::ProjectAdmin => "Adds people, orders, approves up to the project's limit.",
        Role::ProjectManager => "Orders, and approves up to the project's limit.",
        Role::ProjectMember => "Uses what there is, and asks for more.",
        Role::ProjectReader => "Looks on.",
        Role::ProviderManager => "Runs all offerings: prices, orders, usage.",
        Role::OfferingManager => "Runs one offering.",
        Role::Staff => "Operates the portal: everything, written down.",
        Role::Support => "Reads everything, changes nothing.",
    }
}

/// Gives somebody a role.
#[component]
pub(crate) fn GrantForm(here: GrantScope, roles: Vec<Role>, reply: FormReply) -> impl IntoView {
    let start = roles.first().map(|role| role.as_str()).unwrap_or_default();
    let choices: Vec<Choice> = roles
        .iter()
        .map(|role| Choice::new(role.as_str(), role.label()).hint(role_hint(*role)))
        .collect();
    view! {
        <Form action="/fn/grant_role" label="Give a role">
            <ErrorSummary errors=reply.errors() title="Nothing was changed."/>
            <HiddenFields fields=here.fields()/>
            <TextField
                name="email"
                label="E-mail"
                kind="email"
                value=reply.value_or("email", "")
                help="With which the person signs in."
                error=reply.error("email")
                width=FieldWidth::Half
                required=true
            />
            <RadioGroup
                name="role"
                legend="Role"
                choices=choices
                value=reply.value_or("role", start)
                error=reply.error("role")
                required=true
            />
            <DateField name="until" label="Last day" value=reply.value_or("until", "") help="Open when empty." error=reply.error("until")/>
            <FormActions>
                <SubmitButton attr:data-test="grant-role">"Give role"</SubmitButton>
            </FormActions>
        </Form>
    }
}

/// Changes until when somebody holds a role. It is held throughout: taking it away and giving it again would take the person
/// off the services between the two.
#[component]
pub(crate) fn RoleEndForm(here: GrantScope, ending: RoleEnd) -> impl IntoView {
    let RoleEnd {
        member,
        state,
        last_day,
        reply,
    } = ending;
    let title = format!("Last day of {}", member.name);
    let lead = format!("{} is {} here.", member.name, member.role.label().to_lowercase());
    let stored = [("last_day".to_owned(), last_day.clone())].into_iter().collect();
    view! {
        <Section title=title lead=lead id="role-end">
            <Form action="/fn/change_role_end" label="Change the last day">
                <ErrorSummary errors=reply.errors() title="Nothing was changed."/>
                <Conflict stored=stored reply=reply.clone()/>
                <HiddenFields fields=here.fields()/>
                <HiddenField name="grant" value=member.grant_id.to_string()/>
                <HiddenField name="revision" value=state/>
                <DateField
                    name="last_day"
                    label="Last day"
                    value=reply.value_or("last_day", last_day)
                    help="It is included. Open when empty."
                    error=reply.error("last_day")
                />
                <FormActions>
                    <SubmitButton attr:data-test="change-role-end">"Save"</SubmitButton>
                    <LinkButton href=here.page() kind=ButtonKind::Quiet>
                        "Leave it"
                    </LinkButton>
                </FormActions>
            </Form>
        </Section>
    }
}
