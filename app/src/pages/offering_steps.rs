//! Preparing an offering: one page per step, in any order, with the list of what is missing beside each.

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
mod request_form;
mod step;
mod terms;
mod versions;

pub use self::{
    components::ComponentsPage, describe::DescribePage, people::OfferingPeoplePage, plans::PlansPage,
    provisioning::ProvisioningPage, publish::PublishPage, request_form::FormPage, terms::TermsPage,
};
