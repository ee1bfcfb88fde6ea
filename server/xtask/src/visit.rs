//! A person before the portal: cookies, pages and their forms, as a browser without scripts has them.

mod address;
mod crawl;
mod fill;
mod form;
mod page;
mod person;

pub(crate) use address::kind_of;
pub(crate) use crawl::crawl;
pub(crate) use fill::{plausible, takes_words};
pub(crate) use form::{Field, Form, Kind, encoded};
pub(crate) use page::{PLANTED, Page};
pub(crate) use person::Person;

/// Where forms lead after which somebody or something is no longer there, so that little is left to try.
pub(crate) const ENDS_THINGS: [&str; 10] = [
    "/fn/archive_offering",
    "/fn/change_password",
    "/fn/close_month",
    "/fn/deactivate_person",
    "/fn/pause_offering",
    "/fn/revoke_all_tokens",
    "/fn/revoke_role",
    "/fn/sign_in",
    "/fn/sign_out",
    "/fn/terminate_resource",
];
