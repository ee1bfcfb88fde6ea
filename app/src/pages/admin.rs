//! The area of those who operate the installation.

mod backends;
mod categories;
mod invoices;
mod jobs;
mod organizations;
mod people;

pub use self::{
    backends::AssignedBackendsPage,
    categories::CategoriesPage,
    invoices::AdminInvoicesPage,
    jobs::JobsPage,
    organizations::{NewOrganizationPage, OrganizationsPage},
    people::PeoplePage,
};
