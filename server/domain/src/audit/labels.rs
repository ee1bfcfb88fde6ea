//! Verbs of the log in words for a timeline. A verb that is not listed is shown as its own words.

/// What `verb` says on a timeline.
pub(super) fn label(verb: &str) -> String {
    match verb {
        "order.placed" => "Order placed".into(),
        "order.approved" => "Approved".into(),
        "order.accepted" => "Accepted by the provider".into(),
        "order.rejected" => "Rejected".into(),
        "order.canceled" => "Withdrawn".into(),
        "order.completed" => "Carried out".into(),
        "order.failed" => "Failed".into(),
        "order.expired" => "Not decided in time".into(),
        "order.secrets_read" => "Secret answers read".into(),
        "order.retried" => "Tried again".into(),
        "order.started" => "Started on its day".into(),
        "order.start_refused" => "Could not be started".into(),
        "resource.renewed" => "Renewed".into(),
        "resource.term_cut" => "Term cut at the project's last day".into(),
        "resource.end_changed" => "Last day changed".into(),
        "resource.ending_soon" | "project.ending_soon" => "Ends soon".into(),
        "resource.ended" => "Last day over; billed no longer".into(),
        "resource.resumed" => "Extended; in use and billed again".into(),
        "project.ended" => "Last day over".into(),
        "resource.requested" => "Creation began".into(),
        "resource.creation_retried" => "Creation tried again".into(),
        "resource.activated" => "Ready for use".into(),
        "resource.creation_failed" => "Creation failed".into(),
        "resource.change_begun" => "Change began".into(),
        "resource.limits_changed" => "Limits changed".into(),
        "resource.plan_switched" => "Plan switched".into(),
        "resource.change_failed" => "Change failed; it runs as before".into(),
        "resource.termination_begun" => "Termination began".into(),
        "resource.termination_failed" => "Termination failed".into(),
        "resource.recovered" => "Found running".into(),
        "resource.terminated" => "Terminated".into(),
        "organization.backend_assigned" => "Backend assigned".into(),
        "organization.backend_withdrawn" => "Backend taken away".into(),
        "offering.created" => "Offering created".into(),
        "offering.revised" => "Description changed".into(),
        "offering.request_form_set" => "Request form changed".into(),
        "offering.plugin_set" => "Plugin settings changed".into(),
        "offering.tested" => "Connection tested".into(),
        "offering.published" => "Published".into(),
        "offering.paused" => "Paused".into(),
        "offering.resumed" => "Taking orders again".into(),
        "offering.archived" => "Archived".into(),
        "invoice.issued" => "Issued".into(),
        "account.signed_in" => "Signed in".into(),
        "account.sign_in_failed" => "A wrong password was tried".into(),
        "account.sign_in_slowed_down" => {
            "Too many wrong passwords; further tries from there have to wait".into()
        }
        "account.try_refused" => "Further tries were refused, because they had to wait".into(),
        "account.signed_out" => "Signed out".into(),
        "account.password_confirmed" => "Password typed again".into(),
        "account.password_wrong" => "A wrong password was typed by somebody who is signed in".into(),
        "account.password_changed" => "Password changed".into(),
        "user.deactivated" => "Deactivated".into(),
        "user.reactivated" => "Reactivated".into(),
        "account.token_created" => "API token created".into(),
        "account.token_revoked" => "API token revoked".into(),
        "invoice.drawn" => "PDF drawn".into(),
        "resource.usage_reported" => "Use reported".into(),
        other => plain(other),
    }
}

/// `plan.price_changed` → "Plan price changed".
fn plain(verb: &str) -> String {
    let words = verb.replace(['.', '_'], " ");
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_verb_without_words_of_its_own_reads_as_a_sentence() {
        assert_eq!(label("plan.price_changed"), "Plan price changed");
        assert_eq!(label(""), "");
    }
}
