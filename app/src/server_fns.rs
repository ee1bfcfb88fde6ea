//! What pages ask the server for and what their forms post. Each function takes who asks from the request, calls one
//! service of the domain and maps the answer; rules live below.

pub mod actions;
pub mod admin;
pub mod api_reference;
pub mod approval_rules;
pub mod approvals;
pub mod billing;
pub mod catalogue;
pub mod dashboard;
pub mod durations;
pub mod notices;
pub mod offerings;
pub mod ordering;
pub mod profile;
pub mod provider;
pub mod resources;
pub mod session;
pub mod structure;
pub mod webhooks;
