use leptos::prelude::*;
use leptos_meta::Title;
use model::{PersonSummary, Role};

use crate::{
    address::{address, with},
    components::*,
    page::{Area, page},
    pages::structure::{GrantForm, GrantScope, MemberTable, RoleEndForm},
    reply::FormReply,
    server_fns::admin::{AdminPeople, AdminRows, load_people},
};

const AT: &str = "/admin/users";

#[component]
pub fn PeoplePage() -> impl IntoView {
    page(Area::Staff, async { Ok(people(load_people().await?)) })
}

fn people(facts: AdminPeople) -> impl IntoView {
    let AdminPeople {
        rows: AdminRows { page, filters, reply },
        operators,
        can_manage,
        granting,
        ending,
    } = facts;
    let next = page
        .next
        .map(|cursor| address(AT, &with(&filters, "cursor", &cursor)));
    let here = GrantScope {
        kind: "system",
        id: String::new(),
    };
    let rows = if page.items.is_empty() {
        view! { <EmptyState illustration=Illustration::People title="Nobody fits">"Try fewer letters."</EmptyState> }
            .into_any()
    } else {
        table(page.items, can_manage).into_any()
    };
    let q = filters.text("q").to_owned();
    let roles = vec![Role::Staff, Role::Support];
    let ending = ending
        .filter(|_| can_manage)
        .map(|ending| view! { <RoleEndForm here=here.clone() ending=ending/> });
    let change = can_manage.then(|| {
        let grant = view! { <GrantForm here=here.clone() roles=roles reply=granting/> };
        view! {
            <Section title="Give a role">{grant}</Section>
            <Section title="New account" id="person" lead="The person gets the first password from you, and can change it under Profile.">
                <NewPerson reply=reply/>
            </Section>
        }
    });
    view! {
        <Title text="People"/>
        <PageHeader title="People" lead="Everybody who has an account. Roles in organizations and projects are given there."/>
        <FilterForm action=AT>
            <TextField name="q" label="Name or address" kind="search" value=q/>
        </FilterForm>
        <Section flush=true>{rows}</Section>
        <CursorPages next=next/>
        <Section title="Who operates the portal" flush=true>
            <MemberTable here=here members=operators can_manage=can_manage/>
        </Section>
        {ending}
        {change}
    }
}

fn table(rows: Vec<PersonSummary>, can_manage: bool) -> impl IntoView {
    let mut columns = vec![
        Column::text("Person"),
        Column::text("User name"),
        Column::text("Roles"),
        Column::text("Last signed in"),
    ];
    if can_manage {
        columns.push(Column::actions());
    }
    view! {
        <DataTable caption="People" columns=columns>
            {rows.into_iter().map(|one| row(one, can_manage)).collect_view()}
        </DataTable>
    }
}

fn row(one: PersonSummary, can_manage: bool) -> impl IntoView {
    let buttons = can_manage.then(|| activation_button(&one));
    let change = buttons.map(|buttons| view! { <ActionsCell>{buttons}</ActionsCell> });
    let roles: Vec<&str> = one.roles.iter().map(|role| role.label()).collect();
    let roles = if roles.is_empty() {
        "None".to_owned()
    } else {
        roles.join(", ")
    };
    let state = (!one.is_active).then(|| view! { <StateBadge tone=Tone::Ended label="Deactivated"/> });
    let last = match one.last_login_at {
        Some(at) => view! { <RelativeTime at=at/> }.into_any(),
        None => "Never".into_any(),
    };
    view! {
        <Row muted=!one.is_active>
            <MainCell sub=one.email>{one.name} " " {state}</MainCell>
            <Cell label="User name"><span class="mono small">{one.username}</span></Cell>
            <Cell label="Roles">{roles}</Cell>
            <Cell label="Last signed in">{last}</Cell>
            {change}
        </Row>
    }
}

/// The button of a row with the question that it asks first.
fn activation_button(one: &PersonSummary) -> impl IntoView + use<> {
    let (button, action, title, effect) = if one.is_active {
        let effect = "Sessions and API tokens end at once, and services give no access any more. Roles stay, and what the person ordered goes on.";
        (
            "Deactivate",
            "/fn/deactivate_person",
            format!("Deactivate {}?", one.name),
            effect,
        )
    } else {
        let effect = "The person can sign in again, with the password and the roles of before.";
        (
            "Reactivate",
            "/fn/reactivate_person",
            format!("Reactivate {}?", one.name),
            effect,
        )
    };
    let dialog = format!("change-{}", one.id);
    let fields = vec![("person".to_owned(), one.id.to_string())];
    view! {
        <DialogButton for_id=dialog.clone() kind=ButtonKind::Quiet size=ButtonSize::Small attr:data-test="change-person">
            {button}
        </DialogButton>
        <ConfirmDialog id=dialog title=title action=action confirm=button danger=one.is_active fields=fields>
            {effect}
        </ConfirmDialog>
    }
}

#[component]
fn NewPerson(reply: FormReply) -> impl IntoView {
    let field = |name: &'static str, label: &'static str, kind: &'static str, help: &'static str| {
        view! {
            <TextField name=name label=label kind=kind value=reply.value_or(name, "") help=help error=reply.error(name) required=true/>
        }
    };
    let (name, email) = (
        field("name", "Name", "text", "As others know the person."),
        field("email", "E-mail", "email", "To sign in with."),
    );
    let username = field(
        "username",
        "User name",
        "text",
        "On backends: small letters, digits, _ or -. It stays.",
    );
    let password = reply.error("password");
    view! {
        <Form action="/fn/register_person" label="New account">
            <ErrorSummary errors=reply.errors() title="The account was not created."/>
            <FormGrid>{name} {email} {username}
                <PasswordField name="password" label="First password" error=password autocomplete="new-password" required=true/>
            </FormGrid>
            <FormActions>
                <SubmitButton busy="Creating…" attr:data-test="register-person">
                    "Create account"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}
