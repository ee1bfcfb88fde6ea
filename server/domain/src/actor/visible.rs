//! The set of scopes in which an actor holds a permission, as a filter for lists.

use model::{OfferingId, OrganizationId, Permission, ProjectId, Scope};
use sea_orm::{ColumnTrait, Condition};

use super::{Actor, Reach};

/// Where an actor holds a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visible {
    /// Everywhere.
    All,
    /// On these only. All four empty: nowhere.
    Only {
        /// Buying organizations.
        organizations: Vec<OrganizationId>,
        /// Projects.
        projects: Vec<ProjectId>,
        /// Selling organizations.
        providers: Vec<OrganizationId>,
        /// Offerings.
        offerings: Vec<OfferingId>,
    },
}

/// The columns of a table that say where a row lives; a table has some of them.
#[derive(Debug, Clone, Copy)]
pub struct Columns<C> {
    /// The buying organization.
    pub organization: Option<C>,
    /// The project.
    pub project: Option<C>,
    /// The selling organization.
    pub provider: Option<C>,
    /// The offering.
    pub offering: Option<C>,
}

impl<C> Default for Columns<C> {
    fn default() -> Self {
        Self {
            organization: None,
            project: None,
            provider: None,
            offering: None,
        }
    }
}

impl Visible {
    /// Where `actor` holds `permission`.
    pub fn of(actor: &Actor, permission: Permission) -> Self {
        let (mut organizations, mut projects, mut providers, mut offerings) =
            (vec![], vec![], vec![], vec![]);
        let reach = Reach::of(permission);
        if actor.token_allows(permission) {
            for grant in actor.grants.iter().filter(|grant| grant.role.allows(permission)) {
                match grant.scope {
                    Scope::System => return Self::All,
                    Scope::Organization(id) => {
                        organizations.extend(reach.buyer().then_some(id));
                        providers.extend(reach.seller().then_some(id));
                    }
                    Scope::Project(id) => projects.extend(reach.buyer().then_some(id)),
                    Scope::Provider(id) => providers.extend(reach.seller().then_some(id)),
                    Scope::Offering(id) => offerings.extend(reach.seller().then_some(id)),
                }
            }
        }
        Self::Only {
            organizations,
            projects,
            providers,
            offerings,
        }
    }

    /// Nowhere at all.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::All => false,
            Self::Only {
                organizations,
                projects,
                providers,
                offerings,
            } => {
                organizations.is_empty()
                    && projects.is_empty()
                    && providers.is_empty()
                    && offerings.is_empty()
            }
        }
    }

    /// The condition "the row lives in one of these scopes". Columns that a table lacks let nothing through.
    pub fn filter<C: ColumnTrait>(&self, columns: Columns<C>) -> Condition {
        let Self::Only {
            organizations,
            projects,
            providers,
            offerings,
        } = self
        else {
            return Condition::all();
        };
        // An `OR` without members would be true; this member keeps it false.
        let mut any = Condition::any().add(sea_orm::sea_query::Expr::value(false));
        if let Some(column) = columns.organization.filter(|_| !organizations.is_empty()) {
            any = any.add(column.is_in(organizations.iter().copied()));
        }
        if let Some(column) = columns.project.filter(|_| !projects.is_empty()) {
            any = any.add(column.is_in(projects.iter().copied()));
        }
        if let Some(column) = columns.provider.filter(|_| !providers.is_empty()) {
            any = any.add(column.is_in(providers.iter().copied()));
        }
        if let Some(column) = columns.offering.filter(|_| !offerings.is_empty()) {
            any = any.add(column.is_in(offerings.iter().copied()));
        }
        any
    }
}
