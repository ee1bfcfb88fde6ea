//! Preparing an offering: one page per step, in any order, with the list of what is missing beside each.

mod components;
mod correct;
mod describe;
mod duration;
mod fields;
mod form;
mod plans;
mod prices;
mod provisioning;
mod publish;
mod terms;
mod versions;
mod whole;

pub use self::{
    components::ComponentsPage, describe::DescribePage, form::FormPage, plans::PlansPage,
    provisioning::ProvisioningPage, publish::PublishPage, terms::TermsPage,
};
