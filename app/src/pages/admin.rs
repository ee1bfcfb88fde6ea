//! The area of those who operate the installation.

mod categories;
mod invoices;
mod jobs;
mod organizations;
mod people;

pub use self::{
    categories::CategoriesPage,
    invoices::AdminInvoicesPage,
    jobs::JobsPage,
    organizations::{NewOrganizationPage, OrganizationsPage},
    people::PeoplePage,
};
