//! The addresses of pages, made in one place.

use std::fmt::Display;

use crate::address::encode;

/// The sign-in form, which leads on to `next`.
pub fn sign_in(next: &str) -> String {
    match local(next).as_str() {
        "/" => "/sign-in".to_owned(),
        next => format!("/sign-in?next={}", encode(next)),
    }
}

/// The sign-in form for somebody who sent a form without being signed in: it says that nothing was done.
pub fn sign_in_to_send_again(next: &str) -> String {
    let form = sign_in(next);
    let more = if form.contains('?') { '&' } else { '?' };
    format!("{form}{more}{NOT_SENT}=true")
}

/// The parameter of the sign-in form that tells that a form was sent and not taken.
pub const NOT_SENT: &str = "not_sent";

/// `path` when it leads to a page of this portal, else the start page: nobody is sent elsewhere by a link to our sign-in.
pub fn local(path: &str) -> String {
    let inside = path.starts_with('/') && !path.starts_with("//");
    let plain = !path.contains(['\\', '\n', '\r', '\t']);
    // Leading back to the form that one just filled in would be a circle.
    let elsewhere = !path.starts_with("/sign-in") && !path.starts_with("/fn/");
    if inside && plain && elsewhere {
        path.to_owned()
    } else {
        "/".to_owned()
    }
}

/// One's own password.
pub fn password() -> String {
    "/profile/password".to_owned()
}

/// A category of the marketplace.
pub fn category(slug: &str) -> String {
    format!("/marketplace/{}", encode(slug))
}

/// An offering.
pub fn offering(slug: &str) -> String {
    format!("/offerings/{}", encode(slug))
}

/// The order form of an offering.
pub fn order_form(slug: &str) -> String {
    format!("/offerings/{}/order", encode(slug))
}

/// A version of the terms of service of an offering, which is named by its slug or id.
pub fn terms(offering: impl Display, version: i32) -> String {
    format!("/offerings/{}/terms/{version}", encode(&offering.to_string()))
}

/// An order.
pub fn order(id: impl Display) -> String {
    format!("/orders/{id}")
}

/// Where the reader deals with an order: who is to carry it out by hand, on the provider's page of it.
pub fn order_to_do(order: &model::OrderSummary) -> String {
    if order.can_fulfil {
        provider_order(order.provider_id, order.id)
    } else {
        self::order(order.id)
    }
}

/// A resource.
pub fn resource(id: impl Display) -> String {
    format!("/resources/{id}")
}

/// The form that changes the limits of a resource.
pub fn resource_limits(id: impl Display) -> String {
    format!("/resources/{id}/limits")
}

/// The form that switches the plan of a resource.
pub fn resource_plan(id: impl Display) -> String {
    format!("/resources/{id}/plan")
}

/// The form that gives a resource more time.
pub fn resource_extend(id: impl Display) -> String {
    format!("/resources/{id}/extend")
}

/// The form that ends a resource.
pub fn resource_end(id: impl Display) -> String {
    format!("/resources/{id}/terminate")
}

/// All that was asked for of a resource beside orders.
pub fn resource_actions(id: impl Display) -> String {
    format!("/resources/{id}/actions")
}

/// The form of an action of a resource.
pub fn resource_action(id: impl Display, key: &str) -> String {
    format!("/resources/{id}/actions/{}", encode(key))
}

/// An action that a provider's people do.
pub fn provider_action(provider: impl Display, asked: impl Display) -> String {
    format!("/provider/{provider}/tasks/{asked}")
}

/// What stands on the accounts of buyers.
pub fn accounts() -> String {
    "/accounts".to_owned()
}

/// An invoice.
pub fn invoice(id: impl Display) -> String {
    format!("/invoices/{id}")
}

/// An invoice as PDF.
pub fn invoice_pdf(id: impl Display) -> String {
    format!("/invoices/{id}/pdf")
}

/// A project.
pub fn project(id: impl Display) -> String {
    format!("/projects/{id}")
}

/// The offerings of a provider.
pub fn provider(id: impl Display) -> String {
    format!("/provider/{id}")
}

/// A part of a provider's area: `orders`, `tasks`, `resources`, `usage`, `invoices`, `audit`.
pub fn provider_part(id: impl Display, part: &str) -> String {
    format!("/provider/{id}/{part}")
}

/// An order that a provider handles.
pub fn provider_order(provider: impl Display, order: impl Display) -> String {
    format!("/provider/{provider}/orders/{order}")
}

/// A step of preparing an offering.
pub fn offering_step(id: impl Display, step: &str) -> String {
    format!("/provider/offerings/{id}/{step}")
}

/// An action that a provider defined for an offering, with what it asks for.
pub fn offering_action(offering: impl Display, key: &str) -> String {
    format!("/provider/offerings/{offering}/actions/{}", encode(key))
}

/// Where a price of a plan is corrected.
pub fn price_correction(offering: impl Display, plan: impl Display, version: impl Display) -> String {
    format!(
        "{}?plan={plan}&correct={version}#correct",
        offering_step(offering, "plans")
    )
}

/// An organization.
pub fn organization(id: impl Display) -> String {
    format!("/organizations/{id}")
}

/// A part of an organization: `projects`, `team`, `audit`.
pub fn organization_part(id: impl Display, part: &str) -> String {
    format!("/organizations/{id}/{part}")
}

/// A part of a project: `team`, `audit`.
pub fn project_part(id: impl Display, part: &str) -> String {
    format!("/projects/{id}/{part}")
}

/// A part of the staff's area: `jobs`, `invoices`, `organizations`, `users`, `categories`, `audit`.
pub fn admin(part: &str) -> String {
    format!("/admin/{part}")
}

/// The rules of approval of a place: `system`, `organization`, `project` or `provider`, and its id.
pub fn approval_rules(kind: &str, id: &str) -> String {
    match kind {
        "organization" => organization_part(id, "approval-rules"),
        "project" => project_part(id, "approval-rules"),
        "provider" => provider_part(id, "approval-rules"),
        _ => admin("approval-rules"),
    }
}

/// Who decides for one while one is away.
pub fn away() -> String {
    "/profile/away".to_owned()
}

/// The webhooks of a place: `system`, `organization`, `project` or `provider`, and its id.
pub fn webhooks(kind: &str, id: &str) -> String {
    match kind {
        "organization" => organization_part(id, "webhooks"),
        "project" => project_part(id, "webhooks"),
        "provider" => provider_part(id, "webhooks"),
        _ => admin("webhooks"),
    }
}

/// The backends that a provider may use, where staff assigns them.
pub fn assigned_backends(id: impl Display) -> String {
    format!("/admin/organizations/{id}/backends")
}

/// What one was told of.
pub fn notices() -> String {
    "/notices".to_owned()
}

/// A part of it: what was not read, and from a cursor on.
pub fn notices_from(unread: bool, cursor: &str) -> String {
    let mut parameters = Vec::new();
    if unread {
        parameters.push("unread=true".to_owned());
    }
    if !cursor.is_empty() {
        parameters.push(format!("cursor={}", encode(cursor)));
    }
    if parameters.is_empty() {
        return notices();
    }
    format!("{}?{}", notices(), parameters.join("&"))
}

/// What one wants to be told of.
pub fn notice_settings() -> String {
    "/notices/settings".to_owned()
}

/// Where a person deals with what a notice tells of; none where there is no such page.
pub fn of_notice(notice: &model::Notice) -> Option<String> {
    use model::{EventKind, NoticeKind};
    let (subject, id) = notice.subject.split_once(' ')?;
    let is = |kind: EventKind| notice.event == kind;
    let by_provider = notice.kind == NoticeKind::Providing || is(EventKind::OrderHandedOver);
    let made = notice.resource_id.filter(|_| is(EventKind::OrderCompleted));
    Some(match subject {
        "order" => match (notice.provider_id.filter(|_| by_provider), made) {
            (Some(provider), _) => provider_order(provider, id),
            (None, Some(made)) => resource(made),
            (None, None) => order(id),
        },
        "resource" => match (notice.action_id, notice.provider_id) {
            (Some(asked), Some(provider)) if notice.kind != NoticeKind::Orders => {
                provider_action(provider, asked)
            }
            (Some(_), _) => resource_actions(id),
            _ => resource(id),
        },
        "invoice" => invoice(id),
        "project" => project(id),
        "offering" => offering_step(id, "provisioning"),
        "organization" => provider(id),
        "webhook" => format!("{}/{id}", webhooks_of(notice)),
        "role_grant" => place_of(notice),
        "account" if is(EventKind::AccountTokenCreated) || is(EventKind::AccountTokenRevoked) => tokens(),
        "account" if is(EventKind::AccountPasswordChanged) => password(),
        "account" if is(EventKind::AccountDeputyNamed) || is(EventKind::AccountDeputyEnded) => {
            "/approvals".to_owned()
        }
        "account" | "user" => "/profile".to_owned(),
        "job" => format!("{}?state=dead", admin("jobs")),
        _ => return None,
    })
}

fn webhooks_of(notice: &model::Notice) -> String {
    let project = notice.project_id.map(|id| webhooks("project", &id.to_string()));
    let organization = || {
        notice
            .organization_id
            .map(|id| webhooks("organization", &id.to_string()))
    };
    let provider = || notice.provider_id.map(|id| webhooks("provider", &id.to_string()));
    project
        .or_else(organization)
        .or_else(provider)
        .unwrap_or_else(|| webhooks("system", ""))
}

/// Where the thing lives that a role is on.
fn place_of(notice: &model::Notice) -> String {
    let project = notice.project_id.map(project);
    let organization = || notice.organization_id.map(organization);
    let provider = || notice.provider_id.map(provider);
    project
        .or_else(organization)
        .or_else(provider)
        .unwrap_or_else(|| admin("jobs"))
}

/// One's API tokens.
pub fn tokens() -> String {
    "/profile/tokens".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_portal_are_gone_to() {
        assert_eq!(local("/orders/1?x=y"), "/orders/1?x=y");
        for elsewhere in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "",
            "/sign-in?next=/",
            "/fn/sign_out",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere}");
        }
    }

    #[test]
    fn the_sign_in_form_remembers_where_one_was() {
        assert_eq!(
            sign_in("/orders?state=open"),
            "/sign-in?next=%2Forders%3Fstate%3Dopen"
        );
        assert_eq!(sign_in("/"), "/sign-in");
        assert_eq!(
            sign_in_to_send_again("/orders"),
            "/sign-in?next=%2Forders&not_sent=true"
        );
        assert_eq!(sign_in_to_send_again("/"), "/sign-in?not_sent=true");
    }

    #[test]
    fn a_part_of_the_notices_is_found_again() {
        assert_eq!(notices_from(false, ""), "/notices");
        assert_eq!(notices_from(true, ""), "/notices?unread=true");
        assert_eq!(notices_from(true, "a=b"), "/notices?unread=true&cursor=a%3Db");
    }

    #[test]
    fn a_notice_leads_to_where_one_acts() {
        use model::{EventKind as E, NoticeKind as K};
        const ID: &str = "0190aaaa-0000-7000-8000-000000000001";
        let of = |kind: K, event: E| {
            let notice = model::Notice {
                id: ID.parse().unwrap(),
                kind,
                event_id: ID.parse().unwrap(),
                event: event.as_str().to_owned(),
                at: chrono::DateTime::UNIX_EPOCH,
                by: String::new(),
                text: String::new(),
                note: String::new(),
                subject: format!("{} {ID}", event.subject()),
                subject_name: String::new(),
                organization_id: (event != E::JobGivenUp).then(|| ID.parse().unwrap()),
                project_id: (event == E::RoleGranted).then(|| ID.parse().unwrap()),
                provider_id: ID.parse().ok(),
                place: String::new(),
                offering_name: String::new(),
                resource_id: ID.parse().ok(),
                action_id: None,
                waits: false,
                read_at: None,
            };
            of_notice(&notice).unwrap().replace(ID, "…")
        };
        let leads = [
            (K::ToDo, E::OrderPlaced, "/orders/…"),
            (K::ToDo, E::OrderHandedOver, "/provider/…/orders/…"),
            (K::Orders, E::OrderRejected, "/orders/…"),
            (K::Orders, E::OrderCompleted, "/resources/…"),
            (K::Providing, E::OrderFailed, "/provider/…/orders/…"),
            (
                K::Providing,
                E::OfferingTestFailed,
                "/provider/offerings/…/provisioning",
            ),
            (K::Providing, E::OrganizationBackendAssigned, "/provider/…"),
            (K::Ends, E::ResourceEndingSoon, "/resources/…"),
            (K::Ends, E::ProjectEnded, "/projects/…"),
            (K::Invoices, E::InvoiceIssued, "/invoices/…"),
            (K::Webhooks, E::WebhookStopped, "/organizations/…/webhooks/…"),
            (K::Jobs, E::JobGivenUp, "/admin/jobs?state=dead"),
            (K::Roles, E::RoleGranted, "/projects/…"),
            (K::Security, E::AccountTokenCreated, "/profile/tokens"),
            (K::Security, E::AccountPasswordChanged, "/profile/password"),
            (K::Roles, E::AccountDeputyNamed, "/approvals"),
            (K::Roles, E::AccountDeputyEnded, "/approvals"),
            (K::Security, E::UserReactivated, "/profile"),
        ];
        for (kind, event, lead) in leads {
            assert_eq!(of(kind, event), lead, "{event}");
        }
    }
}
