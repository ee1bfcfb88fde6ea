//! The one decoder of posted forms: from the fields of a form to typed arguments. A name that repeats is a list; a field that
//! the form does not have, or one that is sent twice where there is room for one, is refused in words. Every server function
//! that takes a form names its type here, and `ALL` lists them, so that a test can post each.

mod actions;
mod admin;
mod approvals;
mod notices;
mod offerings;
mod ordering;
mod profile;
mod provider;
mod structure;
mod webhooks;

use std::{fmt, ops::Deref};

use model::{Kind, Problem};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

pub use self::{
    actions::*, admin::*, approvals::*, notices::*, offerings::*, ordering::*, profile::*, provider::*,
    structure::*, webhooks::*,
};
use crate::{error::AppError, form::FormFields};

/// The arguments of a server function that takes a form.
pub trait PostForm: DeserializeOwned {
    /// Beginnings of names that the thing itself gives: `limits` for `limits.cpu`. What stands below them is judged by who
    /// knows the thing.
    const GROUPS: &'static [&'static str] = &[];
}

/// A form that was posted and read.
#[derive(Debug, Clone)]
pub struct Sent<F> {
    /// Its arguments.
    pub form: F,
    /// The same as it was typed, for readers that tell all faults of a form at once, and for what stands in groups.
    pub fields: FormFields,
}

/// A text without blanks around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(String);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self(text.trim().to_owned()))
    }
}

/// One text that a reader of all fields judges, with every other fault of the form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct One;

impl<'de> Deserialize<'de> for One {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|_text| Self)
    }
}

/// Declares the arguments of a form: first those without which nothing can be done, then those that may be missing, then the
/// groups of names.
macro_rules! form {
    ($(#[$meta:meta])* $name:ident { $($must:ident: $must_type:ty),*; $($may:ident: $may_type:ty),* $(; $($group:literal),*)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, serde::Deserialize)]
        pub struct $name {
            $(#[doc = "Must be sent."] pub $must: $must_type,)*
            $(#[doc = "May be left out."] #[serde(default)] pub $may: $may_type,)*
        }

        impl $crate::ssr::forms::PostForm for $name {
            const GROUPS: &'static [&'static str] = &[$($($group),*)?];
        }
    };
}
use form;

/// Reads the arguments of a form.
pub fn read<F: PostForm>(fields: &FormFields) -> Result<F, AppError> {
    let grouped = |name: &str| {
        let head = name.split_once('.').map(|(head, _)| head);
        head.is_some_and(|head| F::GROUPS.contains(&head))
    };
    let pairs: Vec<(&String, &String)> = fields
        .0
        .iter()
        .filter(|(name, _)| !grouped(name))
        .flat_map(|(name, values)| values.iter().map(move |value| (name, value)))
        .collect();
    let plain = serde_html_form::to_string(&pairs).map_err(|fault| unreadable(&fault))?;
    let mut strangers = Vec::new();
    let decoder = serde_html_form::Deserializer::from_bytes(plain.as_bytes());
    let read = serde_ignored::deserialize(decoder, |path| strangers.push(path.to_string()));
    match (read, strangers.first()) {
        (Err(fault), _) => Err(unreadable(&fault)),
        (Ok(_), Some(name)) => Err(unknown_field(name)),
        (Ok(form), None) => Ok(form),
    }
}

fn unreadable(fault: &dyn std::error::Error) -> AppError {
    tracing::info!(fault = %fault, "a form could not be read");
    let words = "Part of this form is missing, or was sent in a way that this page does not send it, so nothing was done. \
                 Reload the page and send it again.";
    AppError(Problem::plain(Kind::Invalid, "form", words))
}

fn unknown_field(name: &str) -> AppError {
    tracing::info!("a form came with a field that the portal does not know");
    let words = format!(
        "This form came with a field that the portal does not know (“{name}”), so nothing was done. The page may be of an \
         older version: reload it and send it again."
    );
    AppError(Problem::plain(Kind::Invalid, "unknown_field", &words))
}

/// Whether the fields are those of the form; the refusal otherwise.
pub type Check = fn(&FormFields) -> Result<(), AppError>;

fn check<F: PostForm>(fields: &FormFields) -> Result<(), AppError> {
    read::<F>(fields).map(drop)
}

/// Every form of the portal by the address that it is posted to, below `/fn/`.
pub const ALL: &[(&str, Check)] = &[
    ("add_field", check::<SaveQuestion>),
    ("approve_order", check::<DecideOrder>),
    ("archive_offering", check::<OfferingButton>),
    ("archive_plan", check::<PartButton>),
    ("ask_for_action", check::<AskForAction>),
    ("assign_backend", check::<AssignBackend>),
    ("cancel_order", check::<DecideOrder>),
    ("cannot_fulfil", check::<CannotFulfil>),
    ("change_approval_rule", check::<ChangeApprovalRule>),
    ("change_end", check::<ChangeEnd>),
    ("change_limits", check::<ChangeLimits>),
    ("change_password", check::<ChangePassword>),
    ("change_role_end", check::<ChangeRoleEnd>),
    ("change_webhook", check::<ChangeWebhook>),
    ("choose_plugin", check::<SavePlugin>),
    ("close_month", check::<CloseMonth>),
    ("confirm_password", check::<ConfirmPassword>),
    ("correct_plan_price", check::<CorrectPlanPrice>),
    ("create_approval_rule", check::<CreateApprovalRule>),
    ("create_category", check::<CreateCategory>),
    ("create_offering", check::<CreateOffering>),
    ("create_organization", check::<OrganizationPapers>),
    ("create_project", check::<CreateProject>),
    ("create_token", check::<CreateToken>),
    ("create_webhook", check::<CreateWebhook>),
    ("deactivate_person", check::<Deactivation>),
    ("decide_orders", check::<DecideOrders>),
    ("finish_action", check::<FinishAction>),
    ("fulfil_order", check::<FulfilOrder>),
    ("grant_role", check::<GrantRole>),
    ("list_parts", check::<ListParts>),
    ("move_action", check::<ActionButton>),
    ("move_approval_rule", check::<MoveApprovalRule>),
    ("move_field", check::<QuestionButton>),
    ("name_deputy", check::<NameDeputy>),
    ("open_notice", check::<NoticeButton>),
    ("pause_offering", check::<OfferingButton>),
    ("pause_webhook", check::<WebhookButton>),
    ("place_order", check::<PlaceOrder>),
    ("publish_offering", check::<OfferingButton>),
    ("reactivate_person", check::<Deactivation>),
    ("read_notice", check::<NoticeButton>),
    ("read_notices", check::<NoticesRead>),
    ("recalculate_limits", check::<ChangeLimits>),
    ("recalculate_order", check::<PlaceOrder>),
    ("recalculate_plan", check::<SwitchPlan>),
    ("recalculate_renewal", check::<RenewResource>),
    ("redeliver_event", check::<RedeliverEvent>),
    ("refuse_action", check::<RefuseAction>),
    ("register_person", check::<RegisterPerson>),
    ("reject_order", check::<DecideOrder>),
    ("remove_action", check::<ActionButton>),
    ("remove_approval_rule", check::<RemoveApprovalRule>),
    ("remove_component", check::<PartButton>),
    ("remove_field", check::<QuestionButton>),
    ("remove_webhook", check::<WebhookButton>),
    ("renew_resource", check::<RenewResource>),
    ("report_usage", check::<ReportUsage>),
    ("request_connection_test", check::<OfferingButton>),
    ("restore_plan", check::<PartButton>),
    ("resume_offering", check::<OfferingButton>),
    ("resume_webhook", check::<WebhookButton>),
    ("retry_order", check::<DecideOrder>),
    ("revoke_all_tokens", check::<RevokeAllTokens>),
    ("revoke_role", check::<RevokeRole>),
    ("revoke_token", check::<RevokeToken>),
    ("rotate_webhook_secret", check::<RotateWebhookSecret>),
    ("save_action", check::<SaveAction>),
    ("save_component", check::<SaveComponent>),
    ("save_description", check::<SaveDescription>),
    ("save_duration", check::<SaveDuration>),
    ("save_notice_settings", check::<NoticeChoices>),
    ("save_organization", check::<OrganizationPapers>),
    ("save_plan", check::<SavePlan>),
    ("save_plugin", check::<SavePlugin>),
    ("save_profile", check::<SaveProfile>),
    ("save_project", check::<SaveProject>),
    ("save_terms", check::<SaveTerms>),
    ("show_secret_answers", check::<ShowSecretAnswers>),
    ("show_webhook_secret", check::<WebhookButton>),
    ("sign_in", check::<SignIn>),
    ("sign_out", check::<SignOut>),
    ("switch_plan", check::<SwitchPlan>),
    ("take_back_deputy", check::<TakeBackDeputy>),
    ("terminate_resource", check::<TerminateResource>),
    ("try_again", check::<TryAgain>),
    ("verify_organization", check::<VerifyOrganization>),
    ("withdraw_action", check::<WithdrawAction>),
    ("withdraw_backend", check::<WithdrawBackend>),
    ("withdraw_plan_version", check::<PlanVersionButton>),
];

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str = "0190aaaa-0000-7000-8000-000000000001";

    fn fields(pairs: &[(&str, &str)]) -> FormFields {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_name_that_repeats_is_a_list_and_one_alone_is_a_list_too() {
        let orders = |pairs: &[(&str, &str)]| read::<DecideOrders>(&fields(pairs)).unwrap().order.len();
        assert_eq!(
            orders(&[("order", ORDER), ("order", ORDER), ("verdict", "approve")]),
            2
        );
        assert_eq!(
            orders(&[("order", ORDER), ("verdict", "reject"), ("comment", " no ")]),
            1
        );
        assert_eq!(orders(&[("verdict", "reject")]), 0);
    }

    #[test]
    fn what_a_form_does_not_have_is_refused_by_name() {
        let refused = read::<DecideOrder>(&fields(&[("order", ORDER), ("colour", "red")])).unwrap_err();
        assert!(refused.0.detail.contains("“colour”"), "{refused}");
    }

    #[test]
    fn what_is_missing_or_sent_twice_is_refused() {
        for pairs in [
            &[("comment", "x")][..],
            &[("order", "7")],
            &[("order", ORDER), ("comment", "a"), ("comment", "b")],
        ] {
            assert_eq!(
                read::<DecideOrder>(&fields(pairs)).unwrap_err().kind(),
                Kind::Invalid,
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn groups_are_for_who_knows_the_thing_and_other_names_with_dots_are_strangers() {
        let known = fields(&[("resource", ORDER), ("limits.cpu", "4"), ("limits.cpu", "5")]);
        assert!(read::<ChangeLimits>(&known).is_ok());
        let unknown = fields(&[("resource", ORDER), ("prices.cpu", "4")]);
        assert!(
            read::<ChangeLimits>(&unknown)
                .unwrap_err()
                .0
                .detail
                .contains("“prices.cpu”")
        );
    }

    #[test]
    fn texts_are_trimmed_and_passwords_are_not() {
        let form = read::<SignIn>(&fields(&[("email", " a@b.example "), ("password", " x ")])).unwrap();
        assert_eq!((&*form.email, form.password.as_str()), ("a@b.example", " x "));
    }
}
