//! Preparing an offering: one page per step, in any order, with the list of what is missing beside each.

mod action;
mod action_form;
mod actions;
mod component_form;
mod components;
mod describe;
mod duration;
mod people;
mod plan_form;
mod plans;
mod price_correction;
mod provisioning;
mod publish;
mod question_builder;
mod question_form;
mod request_form;
mod step;
mod terms;
mod versions;

pub use self::{
    action::OwnActionPage, actions::ActionsPage, components::ComponentsPage, describe::DescribePage,
    people::OfferingPeoplePage, plans::PlansPage, provisioning::ProvisioningPage, publish::PublishPage,
    request_form::FormPage, terms::TermsPage,
};
