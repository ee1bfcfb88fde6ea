//! What can happen: the kinds of events in the log, in one list. The log, the pages of history and the verification of what is
//! stored speak of these and of no others.

use crate::text_enum;

text_enum! {
    /// What happened: a noun and the past tense. One is never taken away once events of it are stored.
    EventKind {
        /// An order was placed.
        OrderPlaced = "order.placed", "Order placed";
        /// The buyer's side approved an order, or nobody had to.
        OrderApproved = "order.approved", "Approved";
        /// The provider accepted an order.
        OrderAccepted = "order.accepted", "Accepted by the provider";
        /// Either side rejected an order.
        OrderRejected = "order.rejected", "Rejected";
        /// Those whom an order waits for were reminded.
        OrderReminded = "order.reminded", "Reminded";
        /// Nobody whom a step of an order asked can decide any more, so others are asked.
        OrderReassigned = "order.reassigned", "Others are asked";
        /// An order was withdrawn before it was carried out.
        OrderCanceled = "order.canceled", "Withdrawn";
        /// Nobody decided on an order in time.
        OrderExpired = "order.expired", "Not decided in time";
        /// An order that waited for its day was started.
        OrderStarted = "order.started", "Started on its day";
        /// An order could not be started on its day.
        OrderStartRefused = "order.start_refused", "Could not be started";
        /// An order that had failed is tried again.
        OrderRetried = "order.retried", "Tried again";
        /// An order waits for the provider's people: nothing but they can carry it out.
        OrderHandedOver = "order.handed_over", "Waits to be carried out by the provider";
        /// An order was carried out.
        OrderCompleted = "order.completed", "Carried out";
        /// An order failed.
        OrderFailed = "order.failed", "Failed";
        /// Somebody of the provider read secret answers of an order.
        OrderSecretsRead = "order.secrets_read", "Secret answers read";
        /// The creation of a resource began.
        ResourceRequested = "resource.requested", "Creation began";
        /// The creation of a resource is tried again.
        ResourceCreationRetried = "resource.creation_retried", "Creation tried again";
        /// A resource is ready for use.
        ResourceActivated = "resource.activated", "Ready for use";
        /// A resource could not be created.
        ResourceCreationFailed = "resource.creation_failed", "Creation failed";
        /// The change of a resource began.
        ResourceChangeBegun = "resource.change_begun", "Change began";
        /// The limits of a resource changed.
        ResourceLimitsChanged = "resource.limits_changed", "Limits changed";
        /// A resource has another plan.
        ResourcePlanSwitched = "resource.plan_switched", "Plan switched";
        /// A change failed and the resource runs as before.
        ResourceChangeFailed = "resource.change_failed", "Change failed; it runs as before";
        /// A resource has a further term.
        ResourceRenewed = "resource.renewed", "Renewed";
        /// The term of a resource was cut at its project's last day.
        ResourceTermCut = "resource.term_cut", "Term cut at the project's last day";
        /// A resource has another last day.
        ResourceEndChanged = "resource.end_changed", "Last day changed";
        /// Another price or other terms of a resource's plan were published and will reach it.
        ResourcePriceAnnounced = "resource.price_announced", "Another price announced";
        /// A price that had been announced was taken back before it counted.
        ResourcePriceWithdrawn = "resource.price_withdrawn", "Announced price withdrawn";
        /// A price that a resource has was corrected.
        ResourcePriceCorrected = "resource.price_corrected", "Price corrected";
        /// The last day of a resource is near.
        ResourceEndingSoon = "resource.ending_soon", "Ends soon";
        /// The last day of a resource is over.
        ResourceEnded = "resource.ended", "Last day over; billed no longer";
        /// A resource that had ended was extended.
        ResourceResumed = "resource.resumed", "Extended; in use and billed again";
        /// The termination of a resource began.
        ResourceTerminationBegun = "resource.termination_begun", "Termination began";
        /// The termination of a resource failed.
        ResourceTerminationFailed = "resource.termination_failed", "Termination failed";
        /// A resource that was believed to have failed runs.
        ResourceRecovered = "resource.recovered", "Found running";
        /// Somebody asked for an action of a resource.
        ResourceActionRequested = "resource.action_requested", "Action asked for";
        /// An action of a resource was done.
        ResourceActionDone = "resource.action_done", "Action done";
        /// An action of a resource could not be done.
        ResourceActionFailed = "resource.action_failed", "Action could not be done";
        /// Who asked for an action of a resource took that back.
        ResourceActionWithdrawn = "resource.action_withdrawn", "Action withdrawn";
        /// A resource is gone.
        ResourceTerminated = "resource.terminated", "Terminated";
        /// The provider reported use of a resource.
        ResourceUsageReported = "resource.usage_reported", "Use reported";
        /// A project was made.
        ProjectCreated = "project.created", "Project created";
        /// The name, description or last day of a project changed.
        ProjectChanged = "project.changed", "Project changed";
        /// The last day of a project is near.
        ProjectEndingSoon = "project.ending_soon", "Ends soon";
        /// The last day of a project is over.
        ProjectEnded = "project.ended", "Last day over";
        /// An organization was made.
        OrganizationCreated = "organization.created", "Organization created";
        /// What an organization is called, pays or is taxed by changed.
        OrganizationChanged = "organization.changed", "Organization changed";
        /// Somebody verified the VAT number of an organization.
        OrganizationVerified = "organization.verified", "VAT number verified";
        /// Staff assigned a backend to a provider.
        OrganizationBackendAssigned = "organization.backend_assigned", "Backend assigned";
        /// Staff took a backend away from a provider.
        OrganizationBackendWithdrawn = "organization.backend_withdrawn", "Backend taken away";
        /// An offering was made.
        OfferingCreated = "offering.created", "Offering created";
        /// The description of an offering changed.
        OfferingRevised = "offering.revised", "Description changed";
        /// The terms for which an offering can be ordered changed.
        OfferingDurationSet = "offering.duration_set", "Term changed";
        /// What an offering asks with an order changed.
        OfferingRequestFormSet = "offering.request_form_set", "Request form changed";
        /// What can be done with resources of an offering changed.
        OfferingActionsSet = "offering.actions_set", "Actions changed";
        /// How an offering is provisioned changed.
        OfferingPluginSet = "offering.plugin_set", "Plugin settings changed";
        /// The connection of an offering to its backend works.
        OfferingTested = "offering.tested", "Connection tested";
        /// The connection of an offering to its backend does not work.
        OfferingTestFailed = "offering.test_failed", "Connection test failed";
        /// An offering can be ordered.
        OfferingPublished = "offering.published", "Published";
        /// An offering takes no orders for now.
        OfferingPaused = "offering.paused", "Paused";
        /// An offering takes orders again.
        OfferingResumed = "offering.resumed", "Taking orders again";
        /// An offering is not sold any more.
        OfferingArchived = "offering.archived", "Archived";
        /// A component of an offering was made or changed.
        ComponentSaved = "component.saved", "Component saved";
        /// A component of an offering was removed.
        ComponentRemoved = "component.removed", "Component removed";
        /// A plan of an offering was made or changed, with its prices.
        PlanSaved = "plan.saved", "Plan saved";
        /// Prices or terms of a plan that had not begun were withdrawn.
        PlanVersionWithdrawn = "plan.version_withdrawn", "Later version withdrawn";
        /// A price of a plan was corrected from a month on that is open.
        PlanPriceCorrected = "plan.price_corrected", "Price corrected";
        /// A plan is not sold any more.
        PlanArchived = "plan.archived", "Plan archived";
        /// A plan is sold again.
        PlanRestored = "plan.restored", "Plan sold again";
        /// The catalogue has another category.
        CategoryCreated = "category.created", "Category created";
        /// An invoice or a credit note was issued.
        InvoiceIssued = "invoice.issued", "Issued";
        /// The PDF of a document was drawn.
        InvoiceDrawn = "invoice.drawn", "PDF drawn";
        /// Somebody was given a role.
        RoleGranted = "role.granted", "Role granted";
        /// Somebody lost a role.
        RoleRevoked = "role.revoked", "Role taken away";
        /// A role lasts shorter or longer.
        RoleEndChanged = "role.end_changed", "Last day of a role changed";
        /// A person was registered.
        UserCreated = "user.created", "Account made";
        /// A person's name or time zone changed.
        UserProfileChanged = "user.profile_changed", "Profile changed";
        /// A person was deactivated.
        UserDeactivated = "user.deactivated", "Deactivated";
        /// A person was reactivated.
        UserReactivated = "user.reactivated", "Reactivated";
        /// A person signed in.
        AccountSignedIn = "account.signed_in", "Signed in";
        /// A wrong password was tried.
        AccountSignInFailed = "account.sign_in_failed", "A wrong password was tried";
        /// So many wrong passwords were tried that further tries wait.
        AccountSignInSlowedDown = "account.sign_in_slowed_down", "Too many wrong passwords; further tries from there have to wait";
        /// A try was refused because it had to wait.
        AccountTryRefused = "account.try_refused", "Further tries were refused, because they had to wait";
        /// A person signed out.
        AccountSignedOut = "account.signed_out", "Signed out";
        /// A person who is signed in typed the password again.
        AccountPasswordConfirmed = "account.password_confirmed", "Password typed again";
        /// Somebody who is signed in typed a wrong password.
        AccountPasswordWrong = "account.password_wrong", "A wrong password was typed by somebody who is signed in";
        /// A person has another password.
        AccountPasswordChanged = "account.password_changed", "Password changed";
        /// A person who will be away named somebody who decides meanwhile.
        AccountDeputyNamed = "account.deputy_named", "Deputy named";
        /// A person decides again, or named nobody any more.
        AccountDeputyEnded = "account.deputy_ended", "Deputy taken back";
        /// A person made an API token.
        AccountTokenCreated = "account.token_created", "API token created";
        /// A person revoked an API token.
        AccountTokenRevoked = "account.token_revoked", "API token revoked";
        /// A job was given up after all its tries: somebody must see to it.
        JobGivenUp = "job.given_up", "Job given up";
        /// Staff had a job tried again.
        JobTriedAgain = "job.tried_again", "Job tried again";
        /// A rule that says who must agree to orders was made, changed or moved.
        ApprovalRuleSaved = "approval_rule.saved", "Approval rule saved";
        /// A rule that says who must agree to orders was removed.
        ApprovalRuleRemoved = "approval_rule.removed", "Approval rule removed";
        /// A webhook was made; it is the first that it is told of.
        WebhookCreated = "webhook.created", "Webhook made";
        /// The address, description or kinds of a webhook changed.
        WebhookChanged = "webhook.changed", "Webhook changed";
        /// Somebody stopped a webhook.
        WebhookPaused = "webhook.paused", "Webhook paused";
        /// A webhook goes on where it stopped.
        WebhookResumed = "webhook.resumed", "Webhook goes on";
        /// A webhook could not be told for so long that it was stopped.
        WebhookStopped = "webhook.stopped", "Webhook stopped after failures";
        /// Somebody read the secret of a webhook.
        WebhookSecretRead = "webhook.secret_read", "Secret of a webhook read";
        /// A webhook has another secret.
        WebhookSecretRotated = "webhook.secret_rotated", "Secret of a webhook changed";
        /// A webhook is told once more, from an event on.
        WebhookRewound = "webhook.rewound", "Webhook told once more";
        /// A webhook was removed.
        WebhookRemoved = "webhook.removed", "Webhook removed";
    }
}

impl EventKind {
    /// What kind of thing it happened to, as it stands beside the id in the log: plans and components are told of their offering.
    pub fn subject(self) -> &'static str {
        match self.as_str().split_once('.') {
            Some(("plan" | "component", _)) => "offering",
            Some(("role", _)) => "role_grant",
            Some((noun, _)) => noun,
            None => "",
        }
    }

    /// What a stored kind says to people; one that this program does not know (a newer one wrote it) in its own words.
    pub fn label_of(stored: &str) -> String {
        Self::parse(stored).map_or_else(|| plain(stored), |kind| kind.label().to_owned())
    }
}

/// A stored kind may be one that this program does not know, so it is compared as text.
impl PartialEq<EventKind> for String {
    fn eq(&self, kind: &EventKind) -> bool {
        self == kind.as_str()
    }
}

/// `plan.price_changed` → "Plan price changed".
fn plain(kind: &str) -> String {
    let words = kind.replace(['.', '_'], " ");
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_a_newer_program_wrote_reads_as_a_sentence() {
        assert_eq!(EventKind::label_of("plan.price_changed"), "Plan price changed");
        assert_eq!(EventKind::label_of("order.placed"), "Order placed");
        assert_eq!(EventKind::label_of(""), "");
    }

    #[test]
    fn each_kind_names_what_it_happened_to() {
        let subjects: std::collections::BTreeSet<_> =
            EventKind::ALL.iter().map(|kind| kind.subject()).collect();
        let known = [
            "account",
            "approval_rule",
            "category",
            "invoice",
            "job",
            "offering",
            "order",
            "organization",
            "project",
            "resource",
            "role_grant",
            "user",
            "webhook",
        ];
        assert_eq!(subjects.into_iter().collect::<Vec<_>>(), known);
    }
}
