use std::fmt::Write as _;

use model::{OfferingId, OrganizationId, ProjectId, Role, Scope, TokenScope, UserId};
use uuid::Uuid;

use super::*;
use crate::actor::Grant;

const ORGANIZATION: OrganizationId = OrganizationId(Uuid::from_u128(1));
const PROJECT: ProjectId = ProjectId(Uuid::from_u128(2));
const PROVIDER: OrganizationId = OrganizationId(Uuid::from_u128(3));
const OFFERING: OfferingId = OfferingId(Uuid::from_u128(4));

fn actor(role: Role, scope: Scope) -> Actor {
    Actor {
        user_id: UserId(Uuid::from_u128(9)),
        grants: vec![Grant { role, scope }],
        ..Actor::system()
    }
}

/// Something bought by the project from the provider: every grant could reach it.
fn sale() -> Target {
    Target::project(ORGANIZATION, PROJECT).sold_by(PROVIDER, Some(OFFERING))
}

fn home(role: Role) -> Scope {
    match role {
        Role::OrganizationOwner | Role::OrganizationManager | Role::BillingReader => {
            Scope::Organization(ORGANIZATION)
        }
        Role::ProjectAdmin | Role::ProjectManager | Role::ProjectMember | Role::ProjectReader => {
            Scope::Project(PROJECT)
        }
        Role::ProviderManager => Scope::Provider(PROVIDER),
        Role::OfferingManager => Scope::Offering(OFFERING),
        Role::Staff | Role::Support => Scope::System,
    }
}

fn answer(actor: &Actor, permission: Permission, target: &Target) -> char {
    match authorize(actor, permission, target) {
        Ok(()) => 'x',
        Err(AccessError::Forbidden { .. } | AccessError::OfThePortal { .. }) => '.',
        _ => ' ',
    }
}

#[test]
fn role_by_permission_on_a_sale_between_a_buyer_and_a_provider() {
    let mut columns: Vec<(String, Actor)> = Role::ALL
        .iter()
        .map(|role| (role.to_string(), actor(*role, home(*role))))
        .collect();
    columns.push((
        "owner of the provider".into(),
        actor(Role::OrganizationOwner, Scope::Organization(PROVIDER)),
    ));
    columns.push((
        "owner elsewhere".into(),
        actor(
            Role::OrganizationOwner,
            Scope::Organization(OrganizationId(Uuid::max())),
        ),
    ));
    let mut table = String::from("x may, . sees but may not, blank sees nothing\n");
    for (number, (name, _)) in columns.iter().enumerate() {
        writeln!(table, "{number:>2} {name}").unwrap();
    }
    write!(table, "{:<32}", "").unwrap();
    for number in 0..columns.len() {
        write!(table, "{number:>3}").unwrap();
    }
    for permission in Permission::ALL {
        write!(table, "\n{:<32}", permission.as_str()).unwrap();
        for (_, actor) in &columns {
            write!(table, "  {}", answer(actor, *permission, &sale())).unwrap();
        }
    }
    let table: Vec<&str> = table.lines().map(str::trim_end).collect();
    let table = table.join("\n");
    insta::assert_snapshot!(table);
}

#[test]
fn a_buyers_owner_never_decides_for_the_provider() {
    let owner = actor(Role::OrganizationOwner, Scope::Organization(ORGANIZATION));
    assert!(owner.may(Permission::ApproveOrder, &sale()));
    assert!(!owner.may(Permission::ApproveAsProvider, &sale()));
    let seller = actor(Role::OrganizationOwner, Scope::Organization(PROVIDER));
    assert!(seller.may(Permission::ApproveAsProvider, &sale()));
    assert!(!seller.may(Permission::ApproveOrder, &sale()));
}

#[test]
fn a_project_role_reaches_no_other_project_of_the_organization() {
    let member = actor(Role::ProjectMember, Scope::Project(PROJECT));
    let sibling = Target::project(ORGANIZATION, ProjectId(Uuid::max()));
    assert!(matches!(
        authorize(&member, Permission::ViewProject, &sibling),
        Err(AccessError::NotFound)
    ));
}

#[test]
fn a_token_narrows_what_its_owner_may_do() {
    let mut owner = actor(Role::OrganizationOwner, Scope::Organization(ORGANIZATION));
    owner.token_scopes = Some(vec![TokenScope::Read]);
    assert!(owner.may(Permission::ViewProject, &sale()));
    let refused = authorize(&owner, Permission::PlaceOrder, &sale());
    assert!(matches!(
        refused,
        Err(AccessError::TokenTooNarrow {
            needed: TokenScope::Order
        })
    ));
}

#[test]
fn a_token_never_widens_what_its_owner_may_do() {
    let mut reader = actor(Role::ProjectReader, Scope::Project(PROJECT));
    reader.token_scopes = Some(TokenScope::ALL.to_vec());
    assert!(!reader.may(Permission::PlaceOrder, &sale()));
}

#[test]
fn who_lacks_a_role_is_sent_to_who_can_give_it() {
    let said = |role, scope, permission, target| {
        let refused = authorize(&actor(role, scope), permission, &target);
        refused.unwrap_err().problem().detail
    };
    let support = |permission, target| said(Role::Support, Scope::System, permission, target);
    let of_portal = "Only those who run this portal have a role that does.";
    assert!(support(Permission::ManageJob, Target::system()).ends_with(of_portal));
    assert!(
        support(Permission::ManageTeam, Target::system()).ends_with(of_portal),
        "no organization is asked for"
    );
    let reader = said(
        Role::ProjectReader,
        Scope::Project(PROJECT),
        Permission::PlaceOrder,
        sale(),
    );
    assert!(reader.ends_with("Ask an owner of the organization for a role that does."));
}
